//! Weighs the parts of a workbook before any of them is read into memory: its reader keeps the shared texts
//! whole, and each stretch between two tags.

use std::fs::File;
use std::io::{BufReader, Read};
use zip::ZipArchive;

/// Most parts of a workbook.
const PARTS: usize = 2_000;
/// Most bytes of all parts that are read whole, unpacked: 40,000 towns need a tenth.
const WHOLE_BYTES: u64 = 64 << 20;
/// Most bytes of all sheets, which are streamed, unpacked.
const SHEET_BYTES: u64 = 4 << 30;
/// Longest stretch without a new tag; a cell of Excel holds 32,767 characters.
const STRETCH_BYTES: usize = 256 << 10;

/// The least a shared text takes: `<si/>`.
const TEXT_BYTES: u64 = 5;

/// Nothing, or why the workbook is refused and what to do.
pub fn weigh(file: &File) -> Result<(), String> {
    let damaged = |_| "文件不是完整的 .xlsx 工作簿，请用 Excel 或 WPS 打开后另存".to_owned();
    let unreadable = |_| "部件读不出来或加了密码，请去掉密码后另存".to_owned();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    if archive.len() > PARTS {
        return Err(format!("部件超过 {PARTS} 个，不像正常的工作簿，请另存为新文件"));
    }
    let (mut whole, mut sheets) = (WHOLE_BYTES, SHEET_BYTES);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(unreadable)?;
        let name = part.name().map_err(unreadable)?.to_ascii_lowercase();
        let left = if name.starts_with("xl/worksheets/") { &mut sheets } else { &mut whole };
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        let weighed = weigh_part(part, left, is_xml);
        let (bytes, head) = weighed.map_err(|why| format!("部件 {name} {why}"))?;
        if claimed_texts(&head).is_some_and(|texts| texts > bytes / TEXT_BYTES) {
            return Err(format!("部件 {name} 所报的文字数与内容不符，请用 Excel 或 WPS 打开后另存"));
        }
    }
    Ok(())
}

/// How many texts a part says it holds. Its reader makes room for so many before it has seen one.
fn claimed_texts(head: &[u8]) -> Option<u64> {
    let head = String::from_utf8_lossy(head);
    let (_, rest) = head.split_once("uniqueCount")?;
    let rest = rest.trim_start_matches([' ', '\t', '\r', '\n', '=', '"', '\'']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// Counts what comes out and not what the archive says would; `left` is what may still come. Gives the
/// count and how the part begins.
fn weigh_part(mut part: impl Read, left: &mut u64, is_xml: bool) -> Result<(u64, Vec<u8>), &'static str> {
    let (mut buffer, mut stretch, mut bytes, mut head) = (vec![0; 1 << 16], 0, 0, Vec::new());
    loop {
        let length = part.read(&mut buffer).map_err(|_| "已损坏，请用 Excel 或 WPS 打开后另存")?;
        if length == 0 {
            return Ok((bytes, head));
        }
        bytes += length as u64;
        head.extend_from_slice(&buffer[..length.min(STRETCH_BYTES - head.len())]);
        *left = left.checked_sub(length as u64).ok_or("解开后大得不正常，请另存为新文件或拆分")?;
        if is_xml {
            stretch = longest(&buffer[..length], stretch)?;
        }
    }
}

/// The stretch at the end of a piece, carried on from the one before.
fn longest(piece: &[u8], mut stretch: usize) -> Result<usize, &'static str> {
    for run in piece.split_inclusive(|byte| *byte == b'<') {
        stretch += run.len();
        if stretch > STRETCH_BYTES {
            return Err("有过长的文字，请缩短单元格内容后另存");
        }
        if run.ends_with(b"<") {
            stretch = 0;
        }
    }
    Ok(stretch)
}

#[cfg(test)]
mod tests {
    use super::{STRETCH_BYTES, longest, weigh_part};

    #[test]
    fn what_comes_out_is_counted() {
        let mut left = 10;
        assert_eq!(weigh_part(&b"0123456789"[..], &mut left, false), Ok((10, b"0123456789".to_vec())));
        assert_eq!(left, 0);
        assert!(weigh_part(&b"x"[..], &mut left, false).is_err_and(|why| why.contains("大得不正常")));
    }

    #[test]
    fn a_stretch_ends_at_a_tag_and_runs_on_over_pieces() {
        let half = vec![b'a'; STRETCH_BYTES / 2];
        let carried = longest(&half, 0).expect("half is taken");
        assert!(longest(&half, carried).is_ok());
        assert!(longest(b"a", STRETCH_BYTES).is_err());
        assert_eq!(longest(b"a<bc", STRETCH_BYTES - 2), Ok(2));
    }
}
