//! What a declaration says, beside what the edition before it said: for whoever reviews or signs.

use super::super::store::DeclarationRow;
use crate::submissions::{self, Edition, FaultRow, Seen};
use crate::web::Acting;
use domain::day::Day;
use domain::form::{Form, Item, ItemKind, Section, SectionAnswers, difference};
use kit::page::{Tag, Tone};
use kit::{Error, Result};
use std::collections::BTreeMap;

/// The content of the newest edition, section by section.
#[derive(Default)]
pub struct Content {
    pub number: i64,
    pub href: String,
    /// The edition before: its number and the page of all differences.
    pub before: Option<(i64, String)>,
    pub sections: Vec<ShownSection>,
    pub faults: Vec<(String, String, Tag)>,
    pub changed: usize,
    /// Only what changed is shown.
    pub only_changes: bool,
    pub explained: Vec<(String, String)>,
    pub content_hash: String,
}

/// One section.
pub struct ShownSection {
    pub title: String,
    pub lines: Vec<Line>,
}

/// One answer, and what it was.
pub struct Line {
    pub label: String,
    pub value: String,
    pub old: Option<String>,
}

/// The newest edition of a declaration; with `only_changes` just what differs from the one before.
pub async fn content(acting: &Acting, form: &Form, row: &DeclarationRow, all: bool) -> Result<Content> {
    let (store, id) = (acting.store(), row.id()?);
    let seen = Seen::by(&acting.reach);
    let now = submissions::current(store.read(), id, seen).await?.ok_or(Error::NotFound)?;
    let form = acting.form_under(&now.pack_digest, &form.code)?;
    let heads = submissions::editions(store.read(), id, seen).await?;
    let before = match heads.get(1) {
        Some(head) => submissions::edition(store.read(), id, head.number, seen).await?,
        None => None,
    };
    let faults = submissions::faults(store.read(), id).await?;
    let only_changes = before.is_some() && !all;
    let shown = Shown { form, now: &now, before: before.as_ref(), only_changes };
    let sections: Vec<_> = form.sections.iter().filter_map(|section| shown.section(section)).collect();
    let counted = |section: &ShownSection| section.lines.iter().filter(|line| line.old.is_some()).count();
    let base = format!("/submissions/{id}");
    Ok(Content {
        number: now.number,
        href: format!("{base}/editions/{}", now.number),
        before: before.as_ref().map(|before| {
            (before.number, format!("{base}/difference?from={}&to={}", before.number, now.number))
        }),
        changed: sections.iter().map(counted).sum(),
        sections,
        faults: before.as_ref().map(|before| answered(form, before, &now, &faults)).unwrap_or_default(),
        only_changes,
        explained: shown.explained(),
        content_hash: now.content_hash.clone(),
    })
}

struct Shown<'a> {
    form: &'a Form,
    now: &'a Edition,
    before: Option<&'a Edition>,
    only_changes: bool,
}

impl Shown<'_> {
    fn section(&self, section: &Section) -> Option<ShownSection> {
        let blank = SectionAnswers::default();
        let given = self.now.answers.section(&section.code).unwrap_or(&blank);
        let old = self.before.map(|before| before.answers.section(&section.code).unwrap_or(&blank));
        let mut lines = Vec::new();
        for (name, item, label) in fields(section, given, old) {
            let value = words(item, given.get(&name).unwrap_or_default());
            let was = old.map(|old| words(item, old.get(&name).unwrap_or_default()));
            let old = was.filter(|was| *was != value);
            if old.is_some() || !self.only_changes {
                lines.push(Line { label, value, old });
            }
        }
        lines.extend(section.attachments().filter_map(|item| self.files(item)));
        (!lines.is_empty()).then(|| ShownSection { title: section.title.clone(), lines })
    }

    fn files(&self, item: &Item) -> Option<Line> {
        let value = file_names(self.now, &item.code);
        let old = self.before.map(|before| file_names(before, &item.code)).filter(|old| *old != value);
        let hidden = old.is_none() && self.only_changes;
        (!hidden).then(|| Line { label: item.label.clone(), value, old })
    }

    /// What the filler explained where a check asked him to.
    fn explained(&self) -> Vec<(String, String)> {
        let says = |code: &str| {
            let checks = self.form.checks.iter().find(|check| check.code == code);
            checks.map_or_else(|| code.to_owned(), |check| check.says.clone())
        };
        let sections = self.now.answers.0.values();
        sections
            .flat_map(|answers| &answers.explanations)
            .map(|(code, words)| (says(code), words.clone()))
            .collect()
    }
}

/// Every question of a section by the name of its input, row by row where it has rows.
fn fields<'a>(
    section: &'a Section,
    given: &SectionAnswers,
    old: Option<&SectionAnswers>,
) -> Vec<(String, &'a Item, String)> {
    let Some(repeat) = &section.repeat else {
        return section.questions().map(|item| (item.code.clone(), item, item.label.clone())).collect();
    };
    let rows = given.rows.len().max(old.map_or(0, |old| old.rows.len()));
    let row_of = |row: usize, item: &Item| format!("{}{row} · {}", repeat.row, item.label);
    (1..=rows)
        .flat_map(|row| section.questions().map(move |item| (row, item)))
        .map(|(row, item)| (format!("row.{row}.{}", item.code), item, row_of(row, item)))
        .collect()
}

fn words(item: &Item, value: &str) -> String {
    match item.kind {
        _ if value.is_empty() => String::new(),
        ItemKind::Day => value.parse::<Day>().map_or_else(|_| value.to_owned(), Day::words),
        _ => format!("{value}{}", item.unit),
    }
}

fn file_names(edition: &Edition, item: &str) -> String {
    let files = edition.files.iter().filter(|file| file.item == item);
    files.map(|file| file.name.as_str()).collect::<Vec<_>>().join("、")
}

/// What the last return asked for, and whether it has been changed since.
fn answered(form: &Form, before: &Edition, now: &Edition, faults: &[FaultRow]) -> Vec<(String, String, Tag)> {
    let changes = difference(form, &before.answers, &now.answers);
    let mut touched: BTreeMap<&str, bool> = BTreeMap::new();
    for change in &changes {
        touched.insert(change.section.as_str(), true);
        touched.insert(change.item.rsplit('.').next().unwrap_or_default(), true);
    }
    let raised = faults.iter().filter(|fault| fault.number == before.number);
    raised
        .map(|fault| {
            let code = if fault.item.is_empty() { &fault.section } else { &fault.item };
            let files_differ = file_names(before, code) != file_names(now, code);
            let tag = match touched.contains_key(code.as_str()) || files_differ {
                true => Tag::new(Tone::Done, "已改"),
                false => Tag::new(Tone::Bad, "未改"),
            };
            (place_of(form, fault), fault.says.clone(), tag)
        })
        .collect()
}

/// The item a fault is at, in words; a whole section by its title.
pub fn place_of(form: &Form, fault: &FaultRow) -> String {
    let section = form.section(&fault.section).map(|section| section.title.as_str()).unwrap_or_default();
    match form.item(&fault.item) {
        Some((_, item)) => format!("{section}：{}", item.label),
        None => section.to_owned(),
    }
}
