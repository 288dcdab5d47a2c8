//! CSV: text in UTF-8 or GB18030, nothing else.

use super::Rejection;

pub fn check(bytes: &[u8]) -> Result<(), Rejection> {
    let is_text_byte = |byte: &u8| !matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 127);
    let is_text = std::str::from_utf8(bytes).is_ok() || is_gb18030(bytes);
    if is_text && bytes.iter().all(is_text_byte) {
        return Ok(());
    }
    let sentence = "CSV 的文字编码不是 UTF-8 或 GB18030。请在表格软件里另存为“CSV UTF-8”后重新上传。";
    Err(Rejection::new("text_encoding", sentence))
}

/// One byte below 0x80, two bytes, or four bytes with digits in second and fourth place.
fn is_gb18030(mut bytes: &[u8]) -> bool {
    while let Some(first) = bytes.first() {
        let length = match (first, bytes.get(1), bytes.get(2), bytes.get(3)) {
            (0..=0x7f, ..) => 1,
            (0x81..=0xfe, Some(0x40..=0x7e | 0x80..=0xfe), ..) => 2,
            (0x81..=0xfe, Some(b'0'..=b'9'), Some(0x81..=0xfe), Some(b'0'..=b'9')) => 4,
            _ => return false,
        };
        bytes = &bytes[length..];
    }
    true
}
