//! From a list entry back to what it rests on: publication, decision, proposal, receipt, report,
//! signatures, approval, the edition with its sections and files; each with its log entry.

use super::store::{Entry, Version};
use crate::audit::{act_words, note};
use crate::web::{Visit, clock_words};
use domain::clause::Clause;
use kit::{Result, args};

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

#[derive(sqlx::FromRow)]
struct LogRow {
    seq: i64,
    at_ms: i64,
    act: String,
    subject_kind: String,
    role: Option<String>,
    person_name: Option<String>,
    organisation_name: Option<String>,
    body: String,
    leaf: Vec<u8>,
}

/// What the record has of the declaration behind an entry, of its batch's decision, and of the list.
pub async fn steps(visit: &Visit, version: &Version, entry: &Entry) -> Result<Vec<Step>> {
    let rows: Vec<LogRow> = visit
        .store()
        .read()
        .all(
            "SELECT l.seq, l.at_ms, l.act, l.subject_kind, l.role, p.name AS person_name, o.name AS organisation_name, l.body, l.leaf \
             FROM log_entry l LEFT JOIN person p ON p.id = l.person \
             LEFT JOIN organisation o ON o.id = l.organisation_id \
             WHERE (l.subject_kind = 'list' AND l.subject_id = $1) \
                OR (l.subject_kind = 'batch' AND l.subject_id = $2) \
                OR (l.subject_kind = 'declaration' AND l.subject_id = $3) \
                OR (l.subject_kind = 'submission' AND l.subject_id = \
                     (SELECT d.id FROM declaration d WHERE d.id = $3)) \
                OR (l.subject_kind = 'city_report' AND l.subject_id = \
                     (SELECT d.city_report_id FROM declaration d WHERE d.id = $3)) \
             ORDER BY l.seq DESC LIMIT 500",
            args![&version.id, &version.batch_id, &entry.declaration_id],
        )
        .await?;
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
