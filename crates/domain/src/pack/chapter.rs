//! Reads the chapter files `1-general.toml` … and `security.toml`: clauses and dated values.

use super::reader::{Fields, Node, Raw};
use super::value::{Dated, Entry, Kind, Status, Value, ValueOf};
use crate::calendar::Term;
use crate::clause::Clause;
use crate::day::Day;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// One clause of the plan, in our own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseOf {
    /// The clause.
    pub clause: Clause,
    /// Its title.
    pub title: String,
    /// What it lays down, in our own words, in Chinese.
    pub text: String,
    /// The file.
    pub file: String,
    /// The line in the file.
    pub line: usize,
}

/// The parts of the product a value may act in.
const PARTS: [&str; 22] = [
    "accounts",
    "assessments",
    "atlas",
    "audit",
    "conference",
    "declarations",
    "desk",
    "documents",
    "files",
    "ledgers",
    "lists",
    "orgs",
    "places",
    "plans",
    "portal",
    "projects",
    "registers",
    "returns",
    "rules",
    "selection",
    "stages",
    "calendar",
];

/// The chapter a file holds, from its name: `3-declaration.toml` is 3.
pub(crate) fn chapter_of(path: &str) -> Option<u8> {
    let (number, name) = path.strip_suffix(".toml")?.split_once('-')?;
    let chapter = number.parse().ok().filter(|chapter| (1..=9).contains(chapter))?;
    (number.len() == 1 && !name.is_empty() && !name.contains('/')).then_some(chapter)
}

/// The clauses and values of a chapter file; chapter 1 also holds the preamble.
pub(crate) fn read(fields: Fields<'_>, chapter: u8) -> (Vec<ClauseOf>, Vec<ValueOf>) {
    let mut clauses: Vec<ClauseOf> = Vec::new();
    let mut values = Vec::new();
    for table in fields.tables("clause") {
        let Some(clause) = table.parsed::<Clause>("clause") else { continue };
        if clause.chapter() != chapter && (clause.chapter(), chapter) != (0, 1) {
            table.fault("clause", format!("条款 {clause} 不属于本文件的第 {chapter} 章"));
        }
        if clauses.last().is_some_and(|last| last.clause >= clause) {
            table.fault("clause", format!("条款 {clause} 的次序不对，应按原文顺序，且不得重复"));
        }
        clauses.push(ClauseOf {
            clause,
            title: table.text("title"),
            text: table.text("text").trim().to_owned(),
            file: table.file.to_owned(),
            line: table.line,
        });
        values.extend(table.tables("value").into_iter().filter_map(|one| read_value(one, Some(clause))));
        table.finish();
    }
    fields.finish();
    (clauses, values)
}

/// The values of `security.toml`, which stand under no clause of the plan.
pub(crate) fn read_unclaused(fields: Fields<'_>) -> Vec<ValueOf> {
    let values = fields.tables("value").into_iter().filter_map(|one| read_value(one, None)).collect();
    fields.finish();
    values
}

fn read_value(fields: Fields<'_>, clause: Option<Clause>) -> Option<ValueOf> {
    let id = fields.text("id");
    let well_formed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
    if !id.chars().all(well_formed) {
        fields.fault("id", format!("编号“{id}”只能用小写字母、数字、点和下划线"));
    }
    let kind: Kind = fields.parsed("kind")?;
    let total = fields.number_if_any("total");
    let value = ValueOf {
        title: fields.text("title"),
        kind,
        clause,
        status: fields.parsed("status").unwrap_or(Status::ToConfirm),
        note: fields.text_or_empty("note"),
        acts_in: acts_in(&fields, &id),
        values: history(&fields, kind, total),
        file: fields.file.to_owned(),
        line: fields.line,
        id,
    };
    fields.finish();
    Some(value)
}

fn acts_in(fields: &Fields<'_>, id: &str) -> Vec<String> {
    let parts = fields.texts("acts_in");
    if parts.is_empty() {
        fields.fault("acts_in", format!("“{id}”没有用处：请在 acts_in 中写明它在哪里起作用"));
    }
    for (_, part) in parts.iter().filter(|(_, part)| !PARTS.contains(&part.as_str())) {
        fields.fault("acts_in", format!("acts_in 中的“{part}”不是产品的组成部分"));
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The dated values: sorted, without gaps and overlaps, each with its source.
fn history(fields: &Fields<'_>, kind: Kind, total: Option<Decimal>) -> Vec<Dated> {
    let mut history: Vec<Dated> = Vec::new();
    for table in fields.tables("values") {
        let line = table.line;
        let (from, until) = (table.parsed::<Day>("from"), table.parsed_if_any::<Day>("until"));
        let source = table.text("source");
        let value = table.required("value").and_then(|node| read_kind(&table, kind, &node, total));
        if let Some((from, value)) = from.zip(value) {
            if let Some(reason) = out_of_order(history.last(), from, until) {
                table.fault("from", reason);
            }
            history.push(Dated { from, until, value, source, line });
        }
        table.finish();
    }
    if history.is_empty() {
        fields.fault("values", "没有任何带日期的值");
    }
    history
}

fn out_of_order(last: Option<&Dated>, from: Day, until: Option<Day>) -> Option<String> {
    if let Some(until) = until.filter(|until| *until < from) {
        return Some(format!("止日{}早于起日{}", until.words(), from.words()));
    }
    let last = last?;
    if from <= last.from {
        return Some(format!("起日{}不晚于上一个值的起日{}，次序不对", from.words(), last.from.words()));
    }
    match last.until {
        Some(until) if from <= until => Some(format!("与上一个值重叠：上一个值到{}为止", until.words())),
        Some(until) if from > until.plus_days(1) => {
            Some(format!("与上一个值之间有空档：上一个值到{}为止", until.words()))
        }
        _ => None,
    }
}

fn read_kind(fields: &Fields<'_>, kind: Kind, node: &Node, total: Option<Decimal>) -> Option<Value> {
    let value = match (kind, &node.value) {
        (Kind::Count, Raw::Integer(number)) => Some(Value::Count(*number)),
        (Kind::MoneyFen, Raw::Integer(fen)) => Some(Value::MoneyFen(*fen)),
        (Kind::Days, Raw::Integer(days)) => {
            i32::try_from(*days).ok().filter(|days| *days >= 0).map(Value::Days)
        }
        (Kind::Share, raw) => {
            raw.number().filter(|share| (Decimal::ZERO..=Decimal::ONE).contains(share)).map(Value::Share)
        }
        (Kind::Text, Raw::Text(text)) if !text.trim().is_empty() => Some(Value::Text(text.clone())),
        (Kind::Day, Raw::Text(text)) => text.parse().ok().map(Value::Day),
        (Kind::Term, Raw::Table(entries)) => term(entries).map(Value::Term),
        (Kind::List, Raw::List(nodes)) => return list(fields, node.line, nodes, total),
        _ => None,
    };
    if value.is_none() {
        fields.fault("value", format!("值不是有效的{}", kind.words()));
    }
    value
}

/// `{ months = 3 }`, `{ working_days = 5 }` or `{ on = "2018-04-30" }`, and nothing beside it.
fn term(entries: &BTreeMap<String, Node>) -> Option<Term> {
    let (key, node) = entries.first_key_value().filter(|_| entries.len() == 1)?;
    match (key.as_str(), &node.value) {
        ("months", Raw::Integer(months @ 1..=1200)) => Some(Term::Months(*months as i32)),
        ("working_days", Raw::Integer(days @ 0..=1000)) => Some(Term::WorkingDays(*days as i32)),
        ("on", Raw::Text(text)) => text.parse().ok().map(Term::On),
        _ => None,
    }
}

fn list(fields: &Fields<'_>, line: usize, nodes: &[Node], total: Option<Decimal>) -> Option<Value> {
    let entries: Vec<Entry> = nodes.iter().filter_map(|node| entry(fields, node)).collect();
    let mut seen = BTreeSet::new();
    for (entry, node) in entries.iter().zip(nodes) {
        if !seen.insert(entry.code.as_str()) {
            fields.fault_at(node.line, format!("清单中“{}”重复", entry.code));
        }
    }
    if nodes.is_empty() {
        fields.fault_at(line, "清单是空的");
    }
    if let Some(total) = total {
        let sum: Decimal = entries.iter().filter_map(|entry| entry.points).sum();
        if sum != total {
            let reason = format!("各项相加为 {}，应为 {}", sum.normalize(), total.normalize());
            fields.fault_at(line, reason);
        }
    }
    Some(Value::List(entries))
}

fn entry(fields: &Fields<'_>, node: &Node) -> Option<Entry> {
    let texts = match &node.value {
        Raw::Text(text) => {
            let name = text.clone();
            return Some(Entry { code: name.clone(), name, points: None, attributes: BTreeMap::new() });
        }
        Raw::Table(entries) => entries,
        _ => {
            fields.fault_at(node.line, "清单中的每一项应为文字，或 { code, name } 的表");
            return None;
        }
    };
    let text = |key: &str| match texts.get(key).map(|node| &node.value) {
        Some(Raw::Text(text)) if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    };
    let (Some(code), Some(name)) = (text("code"), text("name")) else {
        fields.fault_at(node.line, "清单中的这一项缺少 code 或 name");
        return None;
    };
    let points = texts.get("points").and_then(|node| node.value.number());
    if texts.contains_key("points") && points.is_none() {
        fields.fault_at(node.line, format!("“{code}”的 points 应为数字"));
    }
    let known = ["code", "name", "points"];
    let attributes = texts.iter().filter(|(key, _)| !known.contains(&key.as_str()));
    let attributes = attributes.filter_map(|(key, node)| Some((key.clone(), attribute(&node.value)?)));
    Some(Entry { code, name, points, attributes: attributes.collect() })
}

fn attribute(raw: &Raw) -> Option<String> {
    match raw {
        Raw::Text(text) => Some(text.clone()),
        Raw::Integer(number) => Some(number.to_string()),
        Raw::Number(number) => Some(number.to_string()),
        Raw::Flag(flag) => Some(flag.to_string()),
        Raw::List(_) | Raw::Table(_) | Raw::Other => None,
    }
}
