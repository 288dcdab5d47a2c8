//! One clause: its text, its values with their history, where it acts, what was decided by it.

use super::value::{ValueView, view};
use crate::audit::{self, Line};
use crate::web::{Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::clause::Clause;
use domain::form::Form;
use domain::pack::ClauseOf;
use kit::page::Frame;
use kit::{Error, Result};

const RECENT_ACTS: i64 = 10;

#[derive(Template)]
#[template(path = "rules/clause.html")]
struct ClausePage {
    page: Frame,
    text: String,
    values: Vec<ValueView>,
    forms: Vec<CitingForm>,
    acts: Vec<Line>,
    log_href: Option<String>,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
}

/// A form that cites the clause, with the items and checks that do.
struct CitingForm {
    title: String,
    href: Option<String>,
    items: Vec<String>,
    checks: Vec<String>,
}

pub async fn show(visit: Visit, Path((text,)): Path<(String,)>) -> Result<Response> {
    let clause: Clause = text.parse().map_err(|_| Error::NotFound)?;
    let pack = visit.pack();
    let found = pack.clause(clause).ok_or(Error::NotFound)?;
    let at = pack.clauses().iter().position(|one| one.clause == clause).unwrap_or_default();
    let link = |at: Option<usize>| {
        let one = pack.clauses().get(at?)?;
        Some((heading(one), format!("/rules/{}", one.clause)))
    };
    let title = heading(found);
    let forms = pack.forms().filter_map(|form| citing(&visit, form, clause)).collect();
    page(&ClausePage {
        page: visit.frame_under(&[("条文与数值", "/rules")], &title),
        text: found.text.clone(),
        values: pack.values_of(clause).into_iter().map(|value| view(&visit, value)).collect(),
        forms,
        acts: audit::acts_by_clause(&visit, clause, RECENT_ACTS).await?,
        log_href: visit.may("log.read").then(|| format!("/log?clause={clause}")),
        previous: link(at.checked_sub(1)),
        next: link(Some(at + 1)),
    })
}

/// 三（二） 申报时间; the preamble has no number.
pub(super) fn heading(clause: &ClauseOf) -> String {
    let words = clause.clause.words();
    if words == clause.title { words } else { format!("{words} {}", clause.title) }
}

fn citing(visit: &Visit, form: &Form, clause: Clause) -> Option<CitingForm> {
    let items: Vec<String> = form
        .sections
        .iter()
        .flat_map(|section| &section.items)
        .filter(|item| item.clause == Some(clause))
        .map(|item| format!("{} {}", item.code, item.label))
        .collect();
    let checks = form.checks.iter().filter(|check| check.clause == Some(clause));
    let checks: Vec<String> = checks.map(|check| format!("{} {}", check.code, check.says)).collect();
    let cites = form.clause == clause || !items.is_empty() || !checks.is_empty();
    cites.then(|| CitingForm {
        title: form.title.clone(),
        href: visit.may("rules.forms").then(|| format!("/rules/forms/{}", form.code)),
        items,
        checks,
    })
}
