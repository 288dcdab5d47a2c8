//! Attachments of the demo: small, valid, and plainly not real.

/// A one-page PDF that says so.
pub fn pdf(title: &str) -> Vec<u8> {
    let text = format!("BT /F1 20 Tf 72 720 Td (DEMO {title} - NOT A REAL DOCUMENT) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let table_at = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in &offsets {
        file += &format!("{offset:010} 00000 n \n");
    }
    file +=
        &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table_at}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

const WIDTH: u32 = 96;
const HEIGHT: u32 = 64;

/// A picture of sky, hills and water in the colours of a seed.
pub fn png(seed: u8) -> Vec<u8> {
    let mut raw = Vec::new();
    for y in 0..HEIGHT {
        raw.push(0);
        for x in 0..WIDTH {
            raw.extend_from_slice(&colour(x, y, seed));
        }
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    head.extend_from_slice(&[8, 2, 0, 0, 0]);
    chunk(&mut file, b"IHDR", &head);
    chunk(&mut file, b"IDAT", &stored(&raw));
    chunk(&mut file, b"IEND", &[]);
    file
}

fn colour(x: u32, y: u32, seed: u8) -> [u8; 3] {
    let hill = 24 + (x * 7 + u32::from(seed) * 13) % 40 / 4;
    match y {
        y if y < hill => [170 + seed % 40, 205, 235],
        y if y < 46 => [90, 140 + seed % 60, 96],
        _ => [96, 150, 180 + seed % 50],
    }
}

/// A zlib stream of stored blocks.
fn stored(raw: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = raw.chunks(65_535).collect();
    for (at, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).expect("a block fits");
        stream.push(u8::from(at + 1 == blocks.len()));
        stream.extend_from_slice(&length.to_le_bytes());
        stream.extend_from_slice(&(!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    let (mut a, mut b) = (1u32, 0u32);
    for byte in raw {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    stream.extend_from_slice(&((b << 16) | a).to_be_bytes());
    stream
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).expect("a small picture");
    let named = [kind.as_slice(), content].concat();
    file.extend_from_slice(&length.to_be_bytes());
    file.extend_from_slice(&named);
    file.extend_from_slice(&checksum(&named).to_be_bytes());
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg());
        }
    }
    !sum
}
