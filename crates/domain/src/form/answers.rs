//! Answers as stable text: the same answers always give the same bytes.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answers of one section, by item code. A blank is absent; 0 is `"0"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionAnswers {
    /// Answers of a plain section.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, String>,
    /// Answers of a section of rows, one map a row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<BTreeMap<String, String>>,
    /// Explanations asked for by verify checks, by check code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub explanations: BTreeMap<String, String>,
}

impl SectionAnswers {
    /// The text kept in the record; keys are sorted, blanks left out.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("maps of text are always JSON")
    }

    /// Read what `to_json` wrote.
    pub fn from_json(text: &str) -> Result<SectionAnswers, String> {
        serde_json::from_str(text).map_err(|error| format!("the section's answers do not read: {error}"))
    }

    /// Whether nothing at all has been answered.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.rows.is_empty() && self.explanations.is_empty()
    }

    /// Set the answer behind an input's name; rows up to it come into being.
    pub fn set(&mut self, field: &str, text: &str) {
        let row_field = field.strip_prefix("row.").and_then(|rest| rest.split_once('.'));
        let row = row_field.and_then(|(row, code)| Some((row.parse::<usize>().ok()?.checked_sub(1)?, code)));
        let (answers, code) = match (field.strip_prefix("explain."), row) {
            (Some(code), _) => (&mut self.explanations, code),
            (None, Some((row, code))) => {
                if self.rows.len() <= row {
                    self.rows.resize_with(row + 1, BTreeMap::new);
                }
                (&mut self.rows[row], code)
            }
            (None, None) => (&mut self.items, field),
        };
        answers.insert(code.to_owned(), text.to_owned());
    }

    /// Take out the answer behind an input's name, if there is one.
    pub fn remove(&mut self, field: &str) {
        match field.strip_prefix("row.").and_then(|rest| rest.split_once('.')) {
            Some((row, code)) => {
                let row = row.parse::<usize>().ok().and_then(|row| row.checked_sub(1));
                row.and_then(|row| self.rows.get_mut(row)).map(|row| row.remove(code));
            }
            None => drop(self.items.remove(field)),
        }
    }

    /// The answer behind an input's name: `101`, `row.2.501`, `explain.V-01`.
    pub fn get(&self, field: &str) -> Option<&str> {
        if let Some(code) = field.strip_prefix("explain.") {
            return self.explanations.get(code).map(String::as_str);
        }
        if let Some(rest) = field.strip_prefix("row.") {
            let (number, code) = rest.split_once('.')?;
            let row = number.parse::<usize>().ok()?.checked_sub(1)?;
            return self.rows.get(row)?.get(code).map(String::as_str);
        }
        self.items.get(field).map(String::as_str)
    }
}

/// The answers of a whole form, by section code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, SectionAnswers>);

impl Answers {
    /// Read the sections kept as JSON texts.
    pub fn from_sections<'a>(
        sections: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Answers, String> {
        let read = |(code, json): (&str, &str)| Ok((code.to_owned(), SectionAnswers::from_json(json)?));
        sections.into_iter().map(read).collect::<Result<_, String>>().map(Answers)
    }

    /// One section's answers.
    pub fn section(&self, code: &str) -> Option<&SectionAnswers> {
        self.0.get(code)
    }

    /// The answer to an item of a plain section, whichever section it is in.
    pub fn get(&self, item: &str) -> Option<&str> {
        self.0.values().find_map(|section| section.items.get(item)).map(String::as_str)
    }
}

/// What a check needs to know of an uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFact {
    /// The attachment's item code.
    pub item: String,
    /// The name the person gave it.
    pub name: String,
    /// SHA-256 of the content, in hex.
    pub sha256: String,
}
