//! What the demo's towns answer: the same invented figures, with each place's own words.

use super::documents;
use crate::submissions;
use domain::day::Day;
use domain::form::Form;
use domain::id::{PersonId, SubmissionId};
use domain::pack::Pack;
use kit::{Error, Result, Store};
use toml::{Table, Value};

/// A place in the words of its answers.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    pub name: &'static str,
    pub city: &'static str,
    pub county: &'static str,
    pub code: &'static str,
    pub industry: &'static str,
    pub function: &'static str,
    pub kind: &'static str,
}

/// Fills sections of an open draft; `until` leaves the sections behind it blank, as a clerk does
/// who has not got so far.
pub async fn fill(
    store: &Store,
    pack: &Pack,
    form: &Form,
    id: SubmissionId,
    by: PersonId,
    profile: &Profile,
    until: Option<&str>,
) -> Result<()> {
    let all = answers_of(&form.code)?;
    for section in &form.sections {
        if until == Some(section.code.as_str()) {
            return Ok(());
        }
        if let Some(answers) = all.get(&section.code) {
            let raw = raw_of(answers, profile, store.today());
            submissions::fill(store, form, id, by, &section.code, &raw).await?;
        }
        for item in section.items.iter().filter(|item| item.required) {
            let Some(accept) = &item.accept else { continue };
            for number in 0..accept.min.max(1) {
                let file = attachment(&item.code, &accept.types, number);
                submissions::fill_file(store, pack, id, by, &item.code, (&file.0, file.1)).await?;
            }
        }
    }
    Ok(())
}

fn answers_of(form_code: &str) -> Result<Table> {
    let text = match form_code {
        "declaration-statutory-town" => include_str!("answers/statutory-town.toml"),
        "declaration-platform" => include_str!("answers/platform.toml"),
        other => return Err(Error::internal(format!("the demo has no answers for {other}"))),
    };
    text.parse().map_err(Error::internal)
}

/// The inputs as a browser would send them.
fn raw_of(answers: &Value, profile: &Profile, today: Day) -> Vec<(String, String)> {
    let one = |prefix: &str, table: &Table| -> Vec<(String, String)> {
        table
            .iter()
            .map(|(code, value)| {
                (format!("{prefix}{code}"), told(value.as_str().unwrap_or_default(), profile, today))
            })
            .collect()
    };
    match answers {
        Value::Table(table) => one("", table),
        Value::Array(rows) => rows
            .iter()
            .zip(1..)
            .filter_map(|(row, number)| Some(one(&format!("row.{number}."), row.as_table()?)))
            .flatten()
            .collect(),
        _ => Vec::new(),
    }
}

fn told(text: &str, profile: &Profile, today: Day) -> String {
    text.replace("{name}", profile.name)
        .replace("{city}", profile.city)
        .replace("{county}", profile.county)
        .replace("{code}", profile.code)
        .replace("{industry}", profile.industry)
        .replace("{function}", profile.function)
        .replace("{kind}", profile.kind)
        .replace("{year}", &(today.year() - 1).to_string())
        .replace("{promised}", &today.to_string())
}

fn attachment(item: &str, types: &[String], number: usize) -> (String, Vec<u8>) {
    if types.iter().any(|one| one == "pdf") {
        (format!("演示材料{item}-{}.pdf", number + 1), documents::pdf(item))
    } else {
        let seed = u8::try_from(number * 17 % 200).unwrap_or(0);
        (format!("演示照片{item}-{}.png", number + 1), documents::png(seed))
    }
}
