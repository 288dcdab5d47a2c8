//! From a list entry back to what it rests on: publication, decision, proposal, receipt, report,
//! signatures, approval, the edition with its sections and files; each with its log entry.

use super::store::{self, Entry, LogRow, Version};
use crate::audit::{act_words, note};
use crate::web::{Visit, clock_words};
use domain::clause::Clause;
use kit::Result;

/// One step of the way, newest first.
pub struct Step {
    pub words: String,
    pub time: String,
    /// `organisation·signature`, as kept when it happened.
    pub who: String,
    pub role: String,
    pub clause: Option<Clause>,
    pub reason: String,
    pub notes: Vec<(String, String)>,
    /// The entry's number and leaf hash.
    pub seq: i64,
    pub leaf: String,
    /// Rows it wrote.
    pub rows: i64,
}

/// What the record has of the declaration behind an entry, of its batch's decision, and of the list.
pub async fn steps(visit: &Visit, version: &Version, entry: &Entry) -> Result<Vec<Step>> {
    let rows = store::log_behind(visit.store().read(), version, entry).await?;
    Ok(rows.into_iter().map(|row| Step::of(visit, row)).collect())
}

impl Step {
    fn of(visit: &Visit, row: LogRow) -> Step {
        let body: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
        let notes = body["notes"].as_object().into_iter().flatten();
        Step {
            words: act_words(&row.act).unwrap_or(&row.act).to_owned(),
            time: clock_words(row.at_ms),
            who: format!(
                "{}·{}",
                row.organisation_name.unwrap_or_else(|| "系统".to_owned()),
                row.person_name.unwrap_or_default()
            ),
            role: row
                .role
                .and_then(|code| code.parse::<domain::role::Role>().ok())
                .map_or(String::new(), |role| role.words().to_owned()),
            clause: body["clause"].as_str().and_then(|text| text.parse().ok()),
            reason: body["reason"].as_str().unwrap_or_default().to_owned(),
            notes: notes
                .map(|(name, value)| note(visit, &row.subject_kind, name, value.as_str().unwrap_or_default()))
                .collect(),
            seq: row.seq,
            leaf: data_encoding::HEXLOWER.encode(&row.leaf),
            rows: body["row_count"].as_i64().unwrap_or_default(),
        }
    }
}
