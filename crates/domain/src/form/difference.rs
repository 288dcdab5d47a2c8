//! What changed between two editions of a form's answers.

use super::answers::{Answers, SectionAnswers};
use super::{Form, Section};
use serde::{Deserialize, Serialize};

/// One answer that differs; an empty text is a blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The section's code.
    pub section: String,
    /// The input's name: `101`, `row.2.501`, `explain.V-01`.
    pub item: String,
    /// The label, with the row's number.
    pub label: String,
    /// The answer before.
    pub old: String,
    /// The answer now.
    pub new: String,
}

/// Every answer that differs, in the form's order.
pub fn difference(form: &Form, old: &Answers, new: &Answers) -> Vec<Change> {
    let blank = SectionAnswers::default();
    let mut changes = Vec::new();
    for section in &form.sections {
        let old = old.section(&section.code).unwrap_or(&blank);
        let new = new.section(&section.code).unwrap_or(&blank);
        let fields = fields(form, section, old.rows.len().max(new.rows.len()));
        changes.extend(fields.into_iter().filter_map(|(item, label)| {
            let (old, new) = (old.get(&item).unwrap_or_default(), new.get(&item).unwrap_or_default());
            let (old, new) = (old.to_owned(), new.to_owned());
            (old != new).then(|| Change { section: section.code.clone(), item, label, old, new })
        }));
    }
    changes
}

/// Every input of a section by name, with its label.
fn fields(form: &Form, section: &Section, rows: usize) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = match &section.repeat {
        None => section.questions().map(|item| (item.code.clone(), item.label.clone())).collect(),
        Some(repeat) => (1..=rows)
            .flat_map(|row| section.questions().map(move |item| (row, item)))
            .map(|(row, item)| {
                let label = format!("{}{row} · {}", repeat.row, item.label);
                (format!("row.{row}.{}", item.code), label)
            })
            .collect(),
    };
    let explained = form.verify_checks_of(section);
    fields.extend(explained.map(|check| (format!("explain.{}", check.code), format!("说明 {}", check.code))));
    fields
}
