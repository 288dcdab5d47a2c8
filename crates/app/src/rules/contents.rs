//! The contents of the pack: what it says of itself, every clause with its values of today.

use super::value::{status, words_of};
use crate::web::{Visit, page};
use askama::Template;
use axum::response::Response;
use domain::clause::Clause;
use domain::pack::{Status, ValueOf};
use kit::Result;
use kit::page::{Frame, Pairs, Tag};

#[derive(Template)]
#[template(path = "rules/contents.html")]
struct ContentsPage {
    page: Frame,
    about: Pairs,
    note: String,
    chapters: Vec<Chapter>,
    /// Values that stand under no clause: for those who work here.
    others: Vec<ValueLine>,
    signed_in: bool,
}

struct Chapter {
    title: String,
    anchor: String,
    clauses: Vec<ClauseLine>,
}

struct ClauseLine {
    heading: String,
    href: String,
    text: String,
    values: Vec<ValueLine>,
}

struct ValueLine {
    title: String,
    now: String,
    status: Option<Tag>,
}

pub async fn show(visit: Visit) -> Result<Response> {
    let (pack, signed_in) = (visit.pack(), visit.actor.is_some());
    let about = pack.about();
    let number = if about.document_number.is_empty() { "待核实" } else { &about.document_number };
    let others = pack.values().filter(|value| signed_in && value.clause.is_none());
    page(&ContentsPage {
        page: visit.frame("条文与数值"),
        about: Pairs::new()
            .and("方案", &about.title)
            .and("发布机关", &about.issued_by)
            .and("文号", number)
            .and("施行日期", about.in_force_from.words())
            .and("规则包版次", &about.edition)
            .and("规则包摘要", pack.digest()),
        note: about.note.clone(),
        chapters: chapters(&visit),
        others: others.map(|value| line(&visit, value)).collect(),
        signed_in,
    })
}

fn chapters(visit: &Visit) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    let mut last = None;
    for one in visit.pack().clauses() {
        let number = one.clause.chapter();
        if last != Some(number) {
            let title = match number {
                0 => "前言".to_owned(),
                number => format!("第{}部分", Clause::new(number, 0).words()),
            };
            chapters.push(Chapter { title, anchor: format!("part-{number}"), clauses: Vec::new() });
            last = Some(number);
        }
        let clause = ClauseLine {
            heading: super::clause::heading(one),
            href: format!("/rules/{}", one.clause),
            text: one.text.clone(),
            values: visit.pack().values_of(one.clause).into_iter().map(|value| line(visit, value)).collect(),
        };
        chapters.last_mut().expect("a chapter was begun").clauses.push(clause);
    }
    chapters
}

/// Only what is not the plan's own word carries its mark here.
fn line(visit: &Visit, value: &ValueOf) -> ValueLine {
    let now = value.on(visit.today());
    ValueLine {
        title: value.title.clone(),
        now: now.map_or_else(|| "今天没有有效的值".to_owned(), |dated| words_of(&dated.value)),
        status: (value.status != Status::Plan).then(|| status(value.status)),
    }
}
