//! The list as a table for other programs: UTF-8 with BOM, RFC 4180, no cell that a spreadsheet
//! would run as a formula.

use super::store::{Entry, Version};
use domain::selection::ListKind;

/// The words of a track's code.
pub fn track_words(code: &str) -> &'static str {
    match code {
        "StatutoryTown" => "建制镇",
        "Platform" => "创新创业平台",
        _ => "其他",
    }
}

/// The words of a list's code.
pub fn kind_words(code: &str) -> &'static str {
    code.parse::<ListKind>().map_or("其他", ListKind::words)
}

/// The whole version.
pub fn table(version: &Version, entries: &[Entry]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record([
        "名单版本",
        "生效日期",
        "序号",
        "名称",
        "类型",
        "名单",
        "设区市",
        "县（市、区）",
        "批次",
        "列入日期",
    ])?;
    for entry in entries {
        writer.write_record([
            version.version.to_string(),
            version.effective_day.clone(),
            entry.position.to_string(),
            harmless(&entry.name),
            track_words(&entry.track).to_owned(),
            kind_words(&entry.kind).to_owned(),
            harmless(&entry.city_name),
            harmless(&entry.county_name),
            entry.batch_ordinal.to_string(),
            entry.since_day.clone(),
        ])?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// A text that begins as a formula gets an apostrophe; one that begins with an apostrophe another.
pub fn harmless(text: &str) -> String {
    const BEGINNINGS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\0', '\'', '＝', '＋', '－', '＠'];
    if text.starts_with(BEGINNINGS) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_formula_becomes_a_text() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("'=1"), "''=1");
        assert_eq!(harmless("示例瓷源镇"), "示例瓷源镇");
    }
}
