//! WebP: a RIFF container. The extended header loses the flags of what is left out.

use super::Walk;

const KEPT: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// Bits of the extended header: EXIF and XMP.
const METADATA_FLAGS: u8 = 0x0c;

pub fn walk(bytes: &[u8]) -> Option<Walk> {
    let mut walk = Walk::default();
    let declared = usize::try_from(little_endian(bytes.get(4..8)?)).ok()?;
    // The length counts from behind itself; what stands after the container is dropped.
    let mut rest = bytes.get(12..declared.checked_add(8)?)?;
    walk.kept.reserve_exact(bytes.len());
    walk.kept.extend_from_slice(&bytes[..12]);
    let mut has_picture = false;
    while !rest.is_empty() {
        let length = usize::try_from(little_endian(rest.get(4..8)?)).ok()?;
        // Chunks of odd length are padded by one byte, which the last one may lack.
        let padded = length.checked_add(8 + length % 2)?.min(rest.len());
        let (chunk, after) = rest.split_at(padded);
        let content = chunk.get(8..length.checked_add(8)?)?;
        let kind = &chunk[..4];
        if let Some((width, height)) = size(kind, content)? {
            walk.see_size(width, height);
        }
        has_picture |= matches!(kind, b"VP8 " | b"VP8L" | b"ANMF");
        if KEPT.iter().any(|kept| *kept == kind) {
            walk.kept.extend_from_slice(chunk);
            if kind == b"VP8X" {
                let flags = walk.kept.len() - chunk.len() + 8;
                walk.kept[flags] &= !METADATA_FLAGS;
            }
        }
        rest = after;
    }
    let length = u32::try_from(walk.kept.len() - 8).ok()?;
    walk.kept[4..8].copy_from_slice(&length.to_le_bytes());
    has_picture.then_some(walk)
}

/// The size that a header chunk names; the outer none when the header is broken.
fn size(kind: &[u8], content: &[u8]) -> Option<Option<(u32, u32)>> {
    let part = |place: usize, width: usize| Some(little_endian(content.get(place..place + width)?));
    let size = match kind {
        b"VP8X" => (part(4, 3)? + 1, part(7, 3)? + 1),
        b"VP8L" if content.first() == Some(&0x2f) => {
            let bits = part(1, 4)?;
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
        b"VP8 " if content.get(3..6) == Some(&[0x9d, 0x01, 0x2a]) => {
            (part(6, 2)? & 0x3fff, part(8, 2)? & 0x3fff)
        }
        b"VP8L" | b"VP8 " => return None,
        b"ANMF" => (part(6, 3)? + 1, part(9, 3)? + 1),
        _ => return Some(None),
    };
    Some(Some(size))
}

fn little_endian(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
