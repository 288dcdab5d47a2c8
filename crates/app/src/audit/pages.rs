//! The log for the auditor: who did what to what, when, by which clause.

use super::act_words;
use crate::web::{Acting, clock_words, page};
use askama::Template;
use axum::response::Response;
use kit::args;
use kit::page::Frame;

#[derive(Template)]
#[template(path = "audit/log.html")]
struct LogPage {
    page: Frame,
    entries: Vec<Entry>,
}

struct Entry {
    seq: i64,
    time: String,
    act: String,
    person: String,
}

pub async fn log(acting: Acting) -> kit::Result<Response> {
    let rows: Vec<(i64, i64, String, String)> = acting
        .store()
        .read()
        .all("SELECT seq, at_ms, act, person FROM log_entry ORDER BY seq DESC LIMIT 50", args![])
        .await?;
    let entries = rows
        .into_iter()
        .map(|(seq, at_ms, act, person)| Entry {
            seq,
            time: clock_words(at_ms),
            act: act_words(&act).unwrap_or(&act).to_owned(),
            person,
        })
        .collect();
    page(&LogPage { page: acting.frame("操作日志"), entries })
}
