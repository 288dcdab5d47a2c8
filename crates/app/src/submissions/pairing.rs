//! Two versions of what a form says, side by side: its answers, its rows as they moved, its files.

use super::questions::answer_words;
use domain::form::{Answers, Check, FileFact, Form, Item, Section, SectionAnswers};
use std::collections::BTreeMap;

/// One version.
pub struct Side<'a> {
    pub answers: &'a Answers,
    pub files: Vec<FileFact>,
}

/// One answer or attachment in both versions.
pub struct Line {
    pub label: String,
    pub old: String,
    pub new: String,
    pub changed: bool,
}

/// One field of the form in both versions, by the name it had in the older one.
pub struct Pair {
    pub section: String,
    pub item: String,
    pub line: Line,
}

pub(super) type Row = BTreeMap<String, String>;

/// Every answer and attachment of the form in both versions, in its order, and each explanation given.
pub fn pairs(form: &Form, old: &Side<'_>, new: &Side<'_>) -> Vec<Pair> {
    let blank = SectionAnswers::default();
    let mut pairs = Vec::new();
    for section in &form.sections {
        let before = old.answers.section(&section.code).unwrap_or(&blank);
        let after = new.answers.section(&section.code).unwrap_or(&blank);
        match section.repeat {
            None => pairs.extend(in_row(section, "", "", Some(&before.items), Some(&after.items))),
            Some(_) => pairs.extend(in_rows(section, &before.rows, &after.rows)),
        }
        pairs.extend(explained(form, section, before, after));
        pairs.extend(section.attachments().map(|item| attached(section, item, old, new)));
    }
    pairs
}

/// Each row beside the one it was before; what is new or gone says so.
fn in_rows(section: &Section, before: &[Row], after: &[Row]) -> Vec<Pair> {
    let word = section.repeat.as_ref().map_or("", |repeat| repeat.row.as_str());
    let earlier = earlier(section, before, after);
    let mut pairs = Vec::new();
    for (at, row) in after.iter().enumerate() {
        let number = at + 1;
        let (moved, name) = match earlier[at] {
            None => ("（新增）".to_owned(), format!("new.{number}.")),
            Some(was) if was == at => (String::new(), format!("row.{number}.")),
            Some(was) => (format!("（原{word}{}）", was + 1), format!("row.{}.", was + 1)),
        };
        let was = earlier[at].map(|was| &before[was]);
        pairs.extend(in_row(section, &format!("{word}{number}{moved} · "), &name, was, Some(row)));
    }
    let gone = before.iter().enumerate().filter(|(at, _)| !earlier.contains(&Some(*at)));
    for (at, row) in gone {
        let (heading, name) = (format!("原{word}{}（删除） · ", at + 1), format!("row.{}.", at + 1));
        pairs.extend(in_row(section, &heading, &name, Some(row), None));
    }
    pairs
}

/// Which row each one was: the one of the same first answer, else the one in the same place.
pub(super) fn earlier(section: &Section, before: &[Row], after: &[Row]) -> Vec<Option<usize>> {
    let key = section.questions().next().map_or("", |item| item.code.as_str());
    let mut earlier: Vec<Option<usize>> = vec![None; after.len()];
    for (at, row) in after.iter().enumerate() {
        let same = |was: &usize| {
            before[*was].contains_key(key)
                && before[*was].get(key) == row.get(key)
                && !earlier.contains(&Some(*was))
        };
        // A row that stayed where it was goes before one that moved.
        earlier[at] =
            Some(at).filter(|at| *at < before.len()).filter(same).or_else(|| (0..before.len()).find(same));
    }
    for at in 0..after.len().min(before.len()) {
        if earlier[at].is_none() && !earlier.contains(&Some(at)) {
            earlier[at] = Some(at);
        }
    }
    earlier
}

fn in_row(section: &Section, heading: &str, name: &str, old: Option<&Row>, new: Option<&Row>) -> Vec<Pair> {
    let answer = |row: Option<&Row>, item: &Item| {
        row.and_then(|row| row.get(&item.code)).map_or_else(String::new, |value| answer_words(item, value))
    };
    let pair = |item: &Item| Pair {
        section: section.code.clone(),
        item: format!("{name}{}", item.code),
        line: line(format!("{heading}{}", item.label), answer(old, item), answer(new, item)),
    };
    section.questions().map(pair).collect()
}

fn explained(form: &Form, section: &Section, old: &SectionAnswers, new: &SectionAnswers) -> Vec<Pair> {
    let said =
        |answers: &SectionAnswers, code: &str| answers.explanations.get(code).cloned().unwrap_or_default();
    let pair = |check: &Check| {
        let line = line(format!("说明：{}", check.says), said(old, &check.code), said(new, &check.code));
        let is_given = !line.old.is_empty() || !line.new.is_empty();
        is_given.then(|| Pair {
            section: section.code.clone(),
            item: format!("explain.{}", check.code),
            line,
        })
    };
    form.verify_checks_of(section).filter_map(pair).collect()
}

fn attached(section: &Section, item: &Item, old: &Side<'_>, new: &Side<'_>) -> Pair {
    let words = |side: &Side<'_>| {
        let here = side.files.iter().filter(|file| file.item == item.code);
        let one =
            |file: &FileFact| format!("{}（{}…）", file.name, file.sha256.get(..8).unwrap_or(&file.sha256));
        here.map(one).collect::<Vec<_>>().join("、")
    };
    let line = line(item.label.clone(), words(old), words(new));
    Pair { section: section.code.clone(), item: item.code.clone(), line }
}

fn line(label: String, old: String, new: String) -> Line {
    Line { changed: old != new, label, old, new }
}
