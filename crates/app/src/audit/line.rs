//! One entry in words: who did what to what, by which clause, why.

use super::known::{Known, Then};
use super::store::{self, EntryRow};
use super::{act_words, names, words};
use crate::web::{Visit, clock_words};
use data_encoding::HEXLOWER;
use domain::clause::Clause;
use domain::role::Role;
use kit::Result;
use serde_json::Value;

/// Words that may lead somewhere.
#[derive(Clone, Debug, Default)]
pub struct Link {
    pub words: String,
    pub href: Option<String>,
}

/// An entry as a table shows it.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub seq: i64,
    pub time: String,
    pub who: String,
    pub organisation: String,
    pub role: String,
    pub act: String,
    pub subject: Link,
    pub clause: Option<Link>,
    pub reason: String,
    /// Facts kept with the act: name and value in words.
    pub notes: Vec<(String, String)>,
    /// The entry's hash in the log's tree.
    pub leaf: String,
    /// How many rows it wrote.
    pub rows: i64,
}

/// Entries in words, with the names of whatever they name.
pub async fn lines(visit: &Visit, rows: Vec<EntryRow>) -> Result<Vec<Line>> {
    let parsed: Vec<(EntryRow, Value)> = rows
        .into_iter()
        .map(|row| {
            let body = serde_json::from_str(&row.body).unwrap_or_default();
            (row, body)
        })
        .collect();
    let known = Known::of(visit, parsed.iter().map(|(_, body)| body)).await?;
    Ok(parsed.iter().map(|(row, body)| line(visit, row, body, &known)).collect())
}

/// The entries of these numbers, newest first, for a slice that knows which acts it is about.
pub async fn lines_of(visit: &Visit, seqs: &[i64]) -> Result<Vec<Line>> {
    lines(visit, store::entries(visit.store(), seqs).await?).await
}

fn line(visit: &Visit, row: &EntryRow, body: &Value, known: &Known) -> Line {
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    let then = Then::of(visit, known, body, row.at_ms);
    let notes = body["notes"].as_object().into_iter().flatten();
    let in_words = |(name, value): (&String, &Value)| {
        let value = then.words(&row.subject_kind, name, value.as_str().unwrap_or_default());
        (words::note_words(name).to_owned(), value)
    };
    Line {
        seq: row.seq,
        time: clock_words(row.at_ms),
        who: who(row, body, known),
        organisation: row.organisation_name.clone().unwrap_or_default(),
        role: role_words(row.role.as_deref()),
        act: act_words(&row.act).unwrap_or(&row.act).to_owned(),
        subject: subject(visit, row, body),
        clause: text("clause")
            .parse::<Clause>()
            .ok()
            .map(|clause| Link { words: clause.words(), href: Some(format!("/rules/{clause}")) }),
        reason: text("reason"),
        notes: notes.map(in_words).collect(),
        leaf: HEXLOWER.encode(&row.leaf),
        rows: body["row_count"].as_i64().unwrap_or_default(),
    }
}

/// `李某`, `李某 代 王某`, or which hand it was that is nobody's.
fn who(row: &EntryRow, body: &Value, known: &Known) -> String {
    let name = match row.person.as_str() {
        "console" => "控制台".to_owned(),
        "system" => "系统".to_owned(),
        "public" => "公众".to_owned(),
        id => row.person_name.clone().unwrap_or_else(|| id.to_owned()),
    };
    match body["for"].as_str() {
        Some(id) => format!("{name} 代 {}", known.person(id).unwrap_or(id)),
        None => name,
    }
}

pub fn role_words(role: Option<&str>) -> String {
    let known = role.and_then(|code| code.parse::<Role>().ok());
    known.map_or_else(|| role.unwrap_or_default().to_owned(), |role| role.words().to_owned())
}

/// What an entry is about. A version of the list is known by its number, which the entry holds.
fn subject(visit: &Visit, row: &EntryRow, body: &Value) -> Link {
    let kind = names::subject_words(&row.subject_kind).unwrap_or(&row.subject_kind);
    if let ("list", Some(version)) = (row.subject_kind.as_str(), body["notes"]["version"].as_str()) {
        let href = visit.may("list.read").then(|| format!("/lists/{version}"));
        return Link { words: format!("{kind} 第{version}版"), href };
    }
    let name = row.subject_name.as_deref().or(row.place_name.as_deref());
    Link {
        words: format!("{kind} {}", name.unwrap_or(&row.subject_id)),
        href: names::subject_link(visit, &row.subject_kind, &row.subject_id),
    }
}
