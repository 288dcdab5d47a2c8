//! The policy pack: every number, date, list and form of the plan, dated and cited.
//!
//! A pack is read from texts; whoever has the files, the binary or the database, hands
//! them in. A pack with any fault is refused whole, each fault with file, line and reason.

mod calendar_file;
pub mod case;
mod chapter;
mod codes;
mod cross;
mod finding;
pub(crate) mod reader;
mod trial;
mod value;

pub use chapter::ClauseOf;
pub use finding::Finding;
pub(crate) use finding::Findings;
pub use trial::NEEDS;
pub use value::{Dated, Entry, Kind, Status, Value, ValueOf};

use crate::calendar::{Calendar, Term, Year};
use crate::clause::Clause;
use crate::day::Day;
use crate::digest::Parts;
use crate::form::Form;
use case::Case;
use std::collections::BTreeMap;

/// What the pack says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The plan's title.
    pub title: String,
    /// What every page calls the system; the title where the pack has no name for it.
    pub system_name: String,
    /// Who issued it.
    pub issued_by: String,
    /// The number of the document, where known.
    pub document_number: String,
    /// The day from which the pack's values hold.
    pub in_force_from: Day,
    /// The edition of the pack.
    pub edition: String,
    /// What a reader should know.
    pub note: String,
}

/// A pack that has been read and found in order.
#[derive(Clone, Debug)]
pub struct Pack {
    about: About,
    clauses: Vec<ClauseOf>,
    values: BTreeMap<String, ValueOf>,
    forms: BTreeMap<String, Form>,
    calendar: Calendar,
    cases: Vec<Case>,
    digest: String,
}

/// Why a value cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// No such id.
    #[error("规则包中没有“{0}”这一项")]
    Missing(String),
    /// The day lies before the first value, or after the last has ended.
    #[error("规则包中“{id}”在{}没有有效的值", day.words())]
    NotInForce {
        /// The value asked for.
        id: String,
        /// The day asked for.
        day: Day,
    },
    /// The value is of another kind.
    #[error("规则包中“{id}”是{}，不是{}", is.words(), asked.words())]
    OtherKind {
        /// The value asked for.
        id: String,
        /// What it is.
        is: Kind,
        /// What it was asked for as.
        asked: Kind,
    },
}

macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident: $kind:ident -> $type:ty = $take:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self, id: &str, day: Day) -> Result<$type, ValueError> {
            let dated = self.dated(id, day)?;
            let is = self.values[id].kind;
            match &dated.value {
                Value::$kind(value) => Ok($take(value)),
                _ => Err(ValueError::OtherKind { id: id.to_owned(), is, asked: Kind::$kind }),
            }
        }
    )*};
}

impl Pack {
    /// Read a pack from its files, each a path relative to the pack's folder and its text.
    pub fn read(files: &[(String, String)]) -> Result<Pack, Vec<Finding>> {
        let findings = Findings::default();
        let mut draft = Draft::default();
        for (path, text) in sorted(files) {
            draft.read_file(path, text, &findings);
        }
        let about = draft.about.take();
        if !files.iter().any(|(path, _)| path == "about.toml") {
            findings.add("about.toml", 0, "缺少 about.toml");
        }
        cross::check(about.as_ref(), &draft.clauses, &draft.values, &draft.forms, &findings);
        let found = findings.into_sorted();
        match about {
            Some(about) if found.is_empty() => Ok(draft.into_pack(about, digest(files))),
            _ => Err(found),
        }
    }

    /// What the pack says of itself.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Every clause, in the order of the text.
    pub fn clauses(&self) -> &[ClauseOf] {
        &self.clauses
    }

    /// One clause.
    pub fn clause(&self, clause: Clause) -> Option<&ClauseOf> {
        self.clauses.iter().find(|one| one.clause == clause)
    }

    /// The values of a clause, in the order of the file.
    pub fn values_of(&self, clause: Clause) -> Vec<&ValueOf> {
        let mut values: Vec<_> = self.values.values().filter(|value| value.clause == Some(clause)).collect();
        values.sort_by_key(|value| value.line);
        values
    }

    /// Every value, by id.
    pub fn values(&self) -> impl Iterator<Item = &ValueOf> {
        self.values.values()
    }

    /// One value with its history.
    pub fn value(&self, id: &str) -> Option<&ValueOf> {
        self.values.get(id)
    }

    /// The clause a value stands under; none for the security profile.
    pub fn clause_of(&self, id: &str) -> Option<Clause> {
        self.value(id)?.clause
    }

    /// Whether anything acts by a value today: the program, or a form that draws its options from it.
    pub fn is_read(&self, id: &str) -> bool {
        let drawn = |form: &Form| form.lists().any(|list| list == id);
        NEEDS.iter().any(|(needed, _)| *needed == id) || self.forms.values().any(drawn)
    }

    /// A form by its code.
    pub fn form(&self, code: &str) -> Option<&Form> {
        self.forms.get(code)
    }

    /// Every form, by code.
    pub fn forms(&self) -> impl Iterator<Item = &Form> {
        self.forms.values()
    }

    /// The working-day calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The pack's worked cases.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// SHA-256, in hex, over the sorted paths and texts: the name of this very pack.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The value in force on a day, with its source.
    pub fn dated(&self, id: &str, day: Day) -> Result<&Dated, ValueError> {
        let value = self.values.get(id).ok_or_else(|| ValueError::Missing(id.to_owned()))?;
        value.on(day).ok_or_else(|| ValueError::NotInForce { id: id.to_owned(), day })
    }

    getters! {
        /// A whole number.
        count: Count -> i64 = |value: &i64| *value;
        /// A number of working days.
        days: Days -> i32 = |value: &i32| *value;
        /// A text.
        text: Text -> String = |value: &String| value.clone();
        /// A list.
        list: List -> Vec<Entry> = |value: &Vec<Entry>| value.clone();
        /// A length of time.
        term: Term -> Term = |value: &Term| *value;
    }
}

/// A pack while it is being read.
#[derive(Default)]
struct Draft {
    about: Option<About>,
    clauses: Vec<ClauseOf>,
    values: BTreeMap<String, ValueOf>,
    forms: BTreeMap<String, Form>,
    years: BTreeMap<i16, Year>,
    cases: Vec<Case>,
}

impl Draft {
    fn read_file(&mut self, path: &str, text: &str, findings: &Findings) {
        let known = path == "about.toml"
            || path == "security.toml"
            || chapter::chapter_of(path).is_some()
            || ["forms/", "calendar/", "cases/"].iter().any(|folder| in_folder(path, folder));
        if path.ends_with(".md") {
            return;
        }
        if !known {
            findings.add(path, 0, "规则包中不应有这个文件，请检查文件名");
            return;
        }
        let Some(fields) = reader::parse(path, text, findings) else { return };
        if path == "about.toml" {
            self.about = read_about(fields);
        } else if let Some(chapter) = chapter::chapter_of(path) {
            let (clauses, values) = chapter::read(fields, chapter);
            self.clauses.extend(clauses);
            self.add_values(values, findings);
        } else if path == "security.toml" {
            let values = chapter::read_unclaused(fields);
            self.add_values(values, findings);
        } else if path.starts_with("forms/") {
            self.add_form(path, fields, findings);
        } else if path.starts_with("calendar/") {
            calendar_file::read(fields, &mut self.years);
        } else {
            self.cases.extend(case::read(fields));
        }
    }

    fn add_values(&mut self, values: Vec<ValueOf>, findings: &Findings) {
        for value in values {
            if let Some(first) = self.values.get(&value.id) {
                let reason = format!("编号“{}”重复，已在 {} 第 {} 行使用", value.id, first.file, first.line);
                findings.add(&value.file, value.line, reason);
                continue;
            }
            self.values.insert(value.id.clone(), value);
        }
    }

    fn add_form(&mut self, path: &str, fields: reader::Fields<'_>, findings: &Findings) {
        let Some(form) = crate::form::read(fields, &self.values) else { return };
        if format!("forms/{}.toml", form.code) != path {
            findings.add(path, 1, format!("文件名应与表单编号“{}”一致", form.code));
        }
        self.forms.insert(form.code.clone(), form);
    }

    fn into_pack(mut self, about: About, digest: String) -> Pack {
        self.clauses.sort_by_key(|one| one.clause);
        Pack {
            about,
            clauses: self.clauses,
            values: self.values,
            forms: self.forms,
            calendar: Calendar::new(self.years),
            cases: self.cases,
            digest,
        }
    }
}

fn read_about(fields: reader::Fields<'_>) -> Option<About> {
    let title = fields.text("title");
    let system_name = Some(fields.text_or_empty("system_name")).filter(|name| !name.is_empty());
    let about = About {
        system_name: system_name.unwrap_or_else(|| title.clone()),
        title,
        issued_by: fields.text("issued_by"),
        document_number: fields.text_or_empty("document_number"),
        in_force_from: fields.parsed("in_force_from")?,
        edition: fields.text("edition"),
        note: fields.text_or_empty("note"),
    };
    fields.finish();
    Some(about)
}

fn in_folder(path: &str, folder: &str) -> bool {
    let name = path.strip_prefix(folder).and_then(|rest| rest.strip_suffix(".toml"));
    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

fn sorted(files: &[(String, String)]) -> BTreeMap<&str, &str> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
}

/// The name of this very pack; no two packs read alike.
fn digest(files: &[(String, String)]) -> String {
    let mut parts = Parts::new("zhenxing/pack/1");
    for (path, text) in sorted(files) {
        parts.add(path);
        parts.add(text);
    }
    parts.hex()
}
