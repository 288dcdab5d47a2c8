//! One entry in words: who did what to what, by which clause, why.

use super::store::{self, EntryRow};
use super::{act_words, names, words};
use crate::web::{Visit, clock_words, day_words};
use domain::clause::Clause;
use domain::role::Role;
use kit::Result;
use serde_json::Value;
use std::collections::HashMap;

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
    /// Facts kept with the act: name in words, value.
    pub notes: Vec<(String, String)>,
}

/// Entries in words, with the names of those acted for.
pub async fn lines(visit: &Visit, rows: Vec<EntryRow>) -> Result<Vec<Line>> {
    let parsed: Vec<(EntryRow, Value)> = rows
        .into_iter()
        .map(|row| {
            let body = serde_json::from_str(&row.body).unwrap_or_default();
            (row, body)
        })
        .collect();
    let mut acted_for: Vec<String> =
        parsed.iter().filter_map(|(_, body)| body["for"].as_str().map(str::to_owned)).collect();
    acted_for.sort();
    acted_for.dedup();
    let people = store::names_of_people(visit.store(), &acted_for).await?;
    Ok(parsed.iter().map(|(row, body)| line(visit, row, body, &people)).collect())
}

fn line(visit: &Visit, row: &EntryRow, body: &Value, people: &HashMap<String, String>) -> Line {
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    let notes = body["notes"].as_object().into_iter().flatten();
    Line {
        seq: row.seq,
        time: clock_words(row.at_ms),
        who: who(row, body, people),
        organisation: row.organisation_name.clone().unwrap_or_default(),
        role: role_words(row.role.as_deref()),
        act: act_words(&row.act).unwrap_or(&row.act).to_owned(),
        subject: subject(visit, row),
        clause: text("clause")
            .parse::<Clause>()
            .ok()
            .map(|clause| Link { words: clause.words(), href: Some(format!("/rules/{clause}")) }),
        reason: text("reason"),
        notes: notes
            .map(|(name, value)| note(visit, &row.subject_kind, name, value.as_str().unwrap_or_default()))
            .collect(),
    }
}

/// A fact kept with an act on a kind of subject, in words: its name and its value.
pub fn note(visit: &Visit, kind: &str, name: &str, value: &str) -> (String, String) {
    (words::note_words(name).to_owned(), note_value(visit, kind, name, value))
}

/// Codes that have words are shown in words.
fn note_value(visit: &Visit, kind: &str, name: &str, value: &str) -> String {
    match name {
        "stage" => crate::desk::stage_words(kind, value).to_owned(),
        "role" => role_words(Some(value)),
        "present" => members(visit, value),
        "resets_factor" => if value == "1" { "是" } else { "否" }.to_owned(),
        // A day is said in words; whatever is no day stands as it is.
        _ => day_words(value),
    }
}

/// `housing,finance` as the names that the pack gave these members on the visit's day.
fn members(visit: &Visit, codes: &str) -> String {
    let known = visit.pack().list("conference.members", visit.today()).unwrap_or_default();
    let name = |code: &str| known.iter().find(|entry| entry.code == code).map(|entry| entry.name.clone());
    codes.split(',').map(|code| name(code).unwrap_or_else(|| code.to_owned())).collect::<Vec<_>>().join("、")
}

/// `李某`, `李某 代 王某`, or which hand it was that is nobody's.
fn who(row: &EntryRow, body: &Value, people: &HashMap<String, String>) -> String {
    let name = match row.person.as_str() {
        "console" => "控制台".to_owned(),
        "system" => "系统".to_owned(),
        "public" => "公众".to_owned(),
        id => row.person_name.clone().unwrap_or_else(|| id.to_owned()),
    };
    match body["for"].as_str() {
        Some(id) => format!("{name} 代 {}", people.get(id).map_or(id, String::as_str)),
        None => name,
    }
}

pub fn role_words(role: Option<&str>) -> String {
    let known = role.and_then(|code| code.parse::<Role>().ok());
    known.map_or_else(|| role.unwrap_or_default().to_owned(), |role| role.words().to_owned())
}

fn subject(visit: &Visit, row: &EntryRow) -> Link {
    let kind = names::subject_words(&row.subject_kind).unwrap_or(&row.subject_kind);
    let name = row.subject_name.as_deref().or(row.place_name.as_deref());
    Link {
        words: format!("{kind} {}", name.unwrap_or(&row.subject_id)),
        href: names::subject_link(visit, &row.subject_kind, &row.subject_id),
    }
}
