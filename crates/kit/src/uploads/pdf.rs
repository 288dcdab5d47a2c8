//! A PDF from its head to its end mark. What is inside is for the reader's own program to open safely.

use super::kind::check_no_hidden_archive;
use super::{Kind, Rejection};

pub fn check(bytes: &[u8]) -> Result<(), Rejection> {
    let has_version = bytes.get(5).is_some_and(u8::is_ascii_digit) && bytes.get(6) == Some(&b'.');
    let end = rfind(bytes, b"%%EOF").ok_or_else(cut_off)?;
    let rest = &bytes[end + 5..];
    // Mail programs and scanners pad with white space or zeros; anything else is another file.
    if !rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Err(Rejection::new(
            "polyglot",
            "PDF 结尾之后还有别的内容。请用 PDF 软件打开并另存后重新上传。",
        ));
    }
    let tail = &bytes[end.saturating_sub(2048)..end];
    if rfind(tail, b"startxref").is_none() {
        return Err(cut_off());
    }
    if !has_version || !contains(bytes, b" obj") {
        return Err(Rejection::damaged(Kind::Pdf));
    }
    check_no_hidden_archive(bytes)
}

fn cut_off() -> Rejection {
    Rejection::new("damaged", "PDF 文件不完整，可能没有传完。请打开检查后重新上传。")
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
