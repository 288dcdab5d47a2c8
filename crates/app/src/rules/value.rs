//! One value of the pack as a page shows it: what holds today, since when, and who says so.

use super::parts::part;
use crate::web::Visit;
use domain::day::Day;
use domain::eligibility::Track;
use domain::pack::{Entry, Status, Value, ValueOf};
use kit::page::{Tag, Tone};

pub struct ValueView {
    pub id: String,
    pub title: String,
    pub kind: &'static str,
    pub status: Tag,
    pub now: String,
    /// The entries of a list that holds today.
    pub entries: Vec<EntryView>,
    pub history: Vec<DatedView>,
    pub note: String,
    /// The program acts by it already; else it stands here to be looked up.
    pub is_read: bool,
    /// Where it acts: words and address.
    pub acts_in: Vec<(String, Option<String>)>,
}

pub struct EntryView {
    pub name: String,
    pub more: String,
}

pub struct DatedView {
    pub from: String,
    pub until: String,
    pub words: String,
    pub source: String,
    pub holds: bool,
}

/// A value with its history, as it stands today.
pub fn view(visit: &Visit, value: &ValueOf) -> ValueView {
    let now = value.on(visit.today());
    let entries = match now.map(|dated| &dated.value) {
        Some(Value::List(entries)) => entries.iter().map(entry).collect(),
        _ => Vec::new(),
    };
    ValueView {
        id: value.id.clone(),
        title: value.title.clone(),
        kind: value.kind.words(),
        status: status(value.status),
        now: now.map_or_else(|| "今天没有有效的值".to_owned(), |dated| words_of(&dated.value)),
        entries,
        history: history(value, visit.today()),
        note: value.note.clone(),
        is_read: visit.pack().is_read(&value.id),
        acts_in: value.acts_in.iter().map(|code| part(visit, code)).collect(),
    }
}

/// The value as a page shows it; the last day of each year, kept as `04-30`, as 4月30日.
pub fn words_of(value: &Value) -> String {
    let of_each_year = match value {
        Value::Text(text) => text
            .split_once('-')
            .and_then(|(month, day)| Some((month.parse::<u8>().ok()?, day.parse::<u8>().ok()?))),
        _ => None,
    };
    of_each_year.map_or_else(|| value.words(), |(month, day)| format!("{month}月{day}日"))
}

/// How sure the value is.
pub fn status(status: Status) -> Tag {
    let tone = match status {
        Status::Plan => Tone::Done,
        Status::Decision => Tone::Quiet,
        Status::Reconstructed => Tone::Busy,
        Status::ToConfirm => Tone::Waiting,
    };
    Tag::new(tone, status.words())
}

fn entry(entry: &Entry) -> EntryView {
    let points = entry.points.map(|points| format!("数值：{}", points.normalize()));
    let attributes = entry.attributes.iter().map(|(name, value)| {
        let value = match (name.as_str(), value.as_str()) {
            ("track", "both") => "各类",
            ("track", code) => Track::words_of(code),
            ("leads", "true") => "是",
            ("leads", "false") => "否",
            (_, value) => value,
        };
        format!("{}：{value}", attribute_words(name))
    });
    let more: Vec<String> = points.into_iter().chain(attributes).collect();
    EntryView { name: entry.name.clone(), more: more.join("；") }
}

fn attribute_words(name: &str) -> &str {
    match name {
        "track" => "适用类别",
        "declare_by" => "申报截止",
        "list_by" => "名单公布期限",
        "office" => "现行机构",
        "requires" => "须提供",
        "media" => "文件类型",
        "bytes" => "大小上限（字节）",
        "leads" => "牵头",
        "role" => "职责",
        "clause" => "条文",
        "hint" => "口径",
        "remedy" => "如何办理",
        "unit" => "单位",
        other => other,
    }
}

fn history(value: &ValueOf, today: Day) -> Vec<DatedView> {
    let now = value.on(today);
    let mut until: Option<Day> = None;
    let mut rows: Vec<DatedView> = Vec::new();
    for dated in value.values.iter().rev() {
        let last = dated.until.or(until.map(|next| next.plus_days(-1)));
        rows.push(DatedView {
            from: dated.from.words(),
            until: last.map_or_else(|| "现在".to_owned(), Day::words),
            words: words_of(&dated.value),
            source: dated.source.clone(),
            holds: now == Some(dated),
        });
        until = Some(dated.from);
    }
    rows
}
