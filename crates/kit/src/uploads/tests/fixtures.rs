//! Files made in code: good ones of each kind, and the pieces to make bad ones.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

pub const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An entry of an archive, with the fields a liar would set.
#[derive(Clone)]
pub struct Part {
    pub name: String,
    pub data: Vec<u8>,
    pub flags: u16,
    pub attributes: u32,
    pub declared_size: Option<u32>,
    pub is_stored: bool,
}

pub fn part(name: &str, data: impl AsRef<[u8]>) -> Part {
    let data = data.as_ref().to_vec();
    Part { name: name.into(), data, flags: 0, attributes: 0, declared_size: None, is_stored: false }
}

pub fn zip(parts: &[Part]) -> Vec<u8> {
    let (mut file, mut directory) = (vec![], vec![]);
    for part in parts {
        let offset = file.len() as u32;
        let (crc, data) =
            (crc(&part.data), if part.is_stored { part.data.clone() } else { deflate(&part.data) });
        let size = part.declared_size.unwrap_or(part.data.len() as u32);
        let mut common = vec![20, 0];
        common.extend(part.flags.to_le_bytes());
        common.extend([if part.is_stored { 0 } else { 8 }, 0, 0, 0, 0, 0]);
        [crc, data.len() as u32, size].iter().for_each(|number| common.extend(number.to_le_bytes()));
        common.extend((part.name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        file.extend([b"PK\x03\x04".as_slice(), &common, part.name.as_bytes(), &data].concat());
        directory.extend([b"PK\x01\x02".as_slice(), &[20, 3], &common, &[0; 6]].concat());
        directory.extend(part.attributes.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(part.name.as_bytes());
    }
    let (start, count) = (file.len() as u32, parts.len() as u16);
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    [count, count].iter().for_each(|number| file.extend(number.to_le_bytes()));
    [directory.len() as u32, start].iter().for_each(|number| file.extend(number.to_le_bytes()));
    file.extend([0, 0]);
    file
}

pub fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(vec![], Compression::default());
    encoder.write_all(data).and_then(|()| encoder.finish()).expect("memory takes the bytes")
}

fn crc(data: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(data);
    crc.sum()
}

pub fn content_types(main: &str) -> Part {
    let xml =
        format!(r#"<?xml version="1.0" encoding="UTF-8"?><Types><Override ContentType="{main}"/></Types>"#);
    part("[Content_Types].xml", xml)
}

/// The parts of a small Word document.
pub fn word_parts() -> Vec<Part> {
    let body = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document>专项规划</w:document>"#;
    vec![
        content_types(WORD),
        part("_rels/.rels", relationship("officeDocument", "word/document.xml", "")),
        part("word/document.xml", body),
    ]
}

pub fn word_with(more: Part) -> Vec<u8> {
    let mut parts = word_parts();
    parts.push(more);
    zip(&parts)
}

pub fn relationship(kind: &str, target: &str, mode: &str) -> String {
    let one = format!(r#"<Relationship Id="r1" Type="{RELATIONSHIPS}/{kind}" Target="{target}" {mode}/>"#);
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><Relationships>{one}</Relationships>"#)
}

pub fn excel() -> Vec<u8> {
    zip(&[content_types(EXCEL), part("xl/workbook.xml", "<workbook/>"), part("xl/", "")])
}

pub fn ofd() -> Vec<u8> {
    zip(&[part("OFD.xml", "\u{feff}<ofd:OFD/>"), part("Doc_0/Document.xml", "<ofd:Document/>")])
}

pub fn pdf() -> Vec<u8> {
    b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n".to_vec()
}

pub fn utf16(text: &str, is_big: bool, has_mark: bool) -> Vec<u8> {
    let mark = if has_mark { "\u{feff}" } else { "" };
    let bytes = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    format!("{mark}{text}").encode_utf16().flat_map(bytes).collect()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xff, marker], ((content.len() + 2) as u16).to_be_bytes().as_slice(), content].concat()
}

/// EXIF with an orientation and a place on earth.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend([0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    exif.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    exif.extend(b"\0\0\0\0GPS 28.68N 115.85E");
    exif
}

/// A JPG with these segments between JFIF and the frame.
pub fn jpg(width: u16, height: u16, more: &[(u8, &[u8])]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"));
    more.iter().for_each(|(marker, content)| file.extend(segment(*marker, content)));
    let [w, h] = [width.to_be_bytes(), height.to_be_bytes()];
    file.extend(segment(0xc0, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0]));
    file.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    file.extend([0x12, 0xff, 0, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xd9]);
    file
}

pub fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [kind, content].concat();
    [(content.len() as u32).to_be_bytes().as_slice(), &body, &crc(&body).to_be_bytes()].concat()
}

pub fn png(width: u32, height: u32, more: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes(), height.to_be_bytes().as_slice(), &[8, 0, 0, 0, 0]].concat();
    let (header, data, end) = (chunk(b"IHDR", &header), chunk(b"IDAT", &[8, 29, 1]), chunk(b"IEND", &[]));
    [b"\x89PNG\r\n\x1a\n", header.as_slice(), more, &data, &end].concat()
}

pub fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, content) in chunks {
        body.extend([kind.as_slice(), &(content.len() as u32).to_le_bytes(), content].concat());
        body.extend(vec![0; content.len() % 2]);
    }
    [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
}

/// The lossless picture chunk of this size.
pub fn vp8l(width: u32, height: u32) -> Vec<u8> {
    let bits = (width - 1) | (height - 1) << 14;
    [[0x2f].as_slice(), &bits.to_le_bytes(), &[0; 3]].concat()
}
