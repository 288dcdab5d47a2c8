//! PNG: chunks with their checksums, from the header to the end chunk.

use flate2::Crc;

use super::{Walk, big_endian};

/// What the picture needs to look as it did; text, time, EXIF and animation are left out.
const KEPT: [&[u8; 4]; 13] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD",
    b"pHYs", b"cICP",
];

pub fn walk(bytes: &[u8]) -> Option<Walk> {
    let mut walk = Walk::default();
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    walk.kept.reserve_exact(bytes.len());
    walk.kept.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    let mut has_data = false;
    for number in 0.. {
        let length = usize::try_from(big_endian(rest)?).ok()?;
        let (chunk, after) = rest.split_at_checked(length.checked_add(12)?)?;
        let (kind, content) = chunk[4..chunk.len() - 4].split_at(4);
        let mut crc = Crc::new();
        crc.update(&chunk[4..chunk.len() - 4]);
        if big_endian(&chunk[chunk.len() - 4..]) != Some(crc.sum()) || (kind == b"IHDR") != (number == 0) {
            return None;
        }
        if number == 0 {
            walk.see_size(big_endian(content)?, big_endian(content.get(4..)?)?);
        }
        has_data |= kind == b"IDAT";
        if KEPT.iter().any(|kept| *kept == kind) {
            walk.kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            break;
        }
        rest = after;
    }
    has_data.then_some(walk)
}
