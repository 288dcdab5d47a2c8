//! A table for other programs: UTF-8 with BOM, RFC 4180, no cell that a spreadsheet would run.

use super::sending::download;
use axum::response::Response;
use kit::{Error, Result};

/// The table as a file to keep.
pub fn csv_answer(file_name: &str, head: &[&str], rows: Vec<Vec<String>>) -> Result<Response> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(head).map_err(Error::internal)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(|error| Error::internal(error.into_error()))?;
    Ok(download(file_name, "text/csv; charset=utf-8", bytes))
}

/// A text that begins as a formula gets an apostrophe; one that begins with an apostrophe another.
fn harmless(text: &str) -> String {
    const BEGINNINGS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\0', '\'', '＝', '＋', '－', '＠'];
    if text.starts_with(BEGINNINGS) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_formula_becomes_a_text() {
        for (text, kept) in
            [("=1+1", "'=1+1"), ("＝1", "'＝1"), ("'=1", "''=1"), ("示例瓷源镇", "示例瓷源镇")]
        {
            assert_eq!(harmless(text), kept);
        }
    }
}
