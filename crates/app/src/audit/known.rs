//! The names behind the ids and codes that entries keep, as they were on the entry's day: a fixed
//! number of statements for however many entries.

use super::store::{self, DivisionName};
use crate::declarations::authority_words;
use crate::web::{Visit, day_words};
use domain::day::Day;
use domain::pack::Pack;
use kit::Result;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// Notes that hold the id of a person or a declaration, or the code of a division.
const NAMING: [&str; 3] = ["for", "person", "to"];

/// What is called how.
pub struct Known {
    people: HashMap<String, String>,
    declarations: HashMap<String, String>,
    divisions: Vec<DivisionName>,
}

/// When and under which rules an entry was written.
pub struct Then<'a> {
    known: &'a Known,
    pack: &'a Pack,
    day: Day,
}

impl Known {
    /// Everything that these entries name.
    pub async fn of(visit: &Visit, bodies: impl Iterator<Item = &Value>) -> Result<Known> {
        let mut named = BTreeSet::new();
        for body in bodies {
            named.extend(body["for"].as_str());
            named.extend(NAMING.iter().filter_map(|name| body["notes"][*name].as_str()));
        }
        let is_code = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (codes, ids): (Vec<&str>, Vec<&str>) = named.into_iter().partition(is_code);
        let store = visit.store();
        Ok(Known {
            people: store::names_of_people(store, &ids).await?,
            declarations: store::names_of_declarations(store, &ids).await?,
            divisions: store::names_of_divisions(store, &codes).await?,
        })
    }

    pub fn person(&self, id: &str) -> Option<&str> {
        self.people.get(id).map(String::as_str)
    }

    /// The name of whatever has this id or code, on a day.
    fn name(&self, id: &str, on: Day) -> Option<&str> {
        let on = on.to_string();
        let division = self.divisions.iter().rev().find(|one| one.code == id && one.valid_from <= on);
        let division = division.or_else(|| self.divisions.iter().find(|one| one.code == id));
        let name = division.map(|one| &one.name).or_else(|| self.declarations.get(id));
        name.map(String::as_str).or_else(|| self.person(id))
    }
}

impl<'a> Then<'a> {
    /// The pack the entry was decided by, where it says so; else the one in force.
    pub fn of(visit: &'a Visit, known: &'a Known, body: &Value, at_ms: i64) -> Then<'a> {
        let pack = body["policy"].as_str().and_then(|digest| visit.app.pack_under(digest));
        Then { known, pack: pack.unwrap_or_else(|| visit.pack()), day: Day::at(at_ms) }
    }

    /// A note's value on a kind of subject in words; whatever has none stands as it is.
    pub fn words(&self, kind: &str, name: &str, value: &str) -> String {
        match name {
            "stage" => crate::desk::stage_words(kind, value).to_owned(),
            "role" => super::line::role_words(Some(value)),
            "present" => self.members(value),
            "authority" => authority_words(self.pack, value, self.day),
            "resets_factor" => if value == "1" { "是" } else { "否" }.to_owned(),
            "for" if value == "batch" => "整个批次".to_owned(),
            name if NAMING.contains(&name) => {
                self.known.name(value, self.day).map_or_else(|| day_words(value), str::to_owned)
            }
            _ => day_words(value),
        }
    }

    /// `housing,finance` as the names that these members had.
    fn members(&self, codes: &str) -> String {
        let known = self.pack.list("conference.members", self.day).unwrap_or_default();
        let name = |code: &str| known.iter().find(|entry| entry.code == code).map(|entry| entry.name.clone());
        let names = codes.split(',').map(|code| name(code).unwrap_or_else(|| code.to_owned()));
        names.collect::<Vec<_>>().join("、")
    }
}
