//! The list as a table for other programs, with the words of its codes.

use super::store::{Entry, Version};
use crate::web;
use axum::response::Response;
use domain::selection::ListKind;
use kit::Result;

/// The words of a list's code.
pub fn kind_words(code: &str) -> &'static str {
    code.parse::<ListKind>().map_or("其他", ListKind::words)
}

const HEADINGS: [&str; 10] =
    ["名单版本", "生效日期", "序号", "名称", "类型", "名单", "设区市", "县（市、区）", "批次", "列入日期"];

/// The whole version.
pub fn answer(version: &Version, entries: &[Entry]) -> Result<Response> {
    let row = |entry: &Entry| {
        vec![
            version.version.to_string(),
            version.effective_day.clone(),
            entry.position.to_string(),
            entry.name.clone(),
            entry.track_words().to_owned(),
            kind_words(&entry.kind).to_owned(),
            entry.city_name.clone(),
            entry.county_name.clone(),
            entry.batch_ordinal.to_string(),
            entry.since_day.clone(),
        ]
    };
    let name = format!("list-{}.csv", version.version);
    web::csv_answer(&name, &HEADINGS, entries.iter().map(row).collect())
}
