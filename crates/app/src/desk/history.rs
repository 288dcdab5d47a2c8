//! What the organisation has done, and what it began.

use super::pages::{minutes, object_words};
use super::steps::{stage_words, state};
use super::store::{self, BegunRow, StepRow};
use crate::audit::{act_words, subject_link, subject_words};
use crate::web::{Acting, Visit, page};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::day::Day;
use domain::role::Role;
use kit::page::{Empty, Frame, Tag};
use kit::{Error, Result};
use serde::Deserialize;

const ROWS_A_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "desk/done.html")]
struct DonePage {
    page: Frame,
    rows: Vec<Done>,
    next_href: Option<String>,
    empty: Empty,
}

struct Done {
    stage: &'static str,
    role: String,
    object: String,
    href: Option<String>,
    number: String,
    came: String,
    left: String,
    by: String,
    late: String,
}

#[derive(Template)]
#[template(path = "desk/begun.html")]
struct BegunPage {
    page: Frame,
    rows: Vec<Begun>,
    next_href: Option<String>,
    empty: Empty,
}

struct Begun {
    object: String,
    href: Option<String>,
    number: String,
    act: String,
    when: String,
    state: Option<Tag>,
    holder: String,
    phone: String,
    since: String,
    due: String,
}

/// Where the page begins: `before` a moment and an id, or before an entry of the log.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    before: String,
}

pub async fn done(acting: Acting, Query(ask): Query<Ask>) -> Result<Response> {
    let organisation = acting.reach.organisation().ok_or(Error::NotFound)?;
    let (at, id) = ask.before.split_once('.').unwrap_or(("", ""));
    let before = (at.parse().unwrap_or(i64::MAX), id);
    let mut rows = store::done(acting.store().read(), organisation, before, ROWS_A_PAGE + 1).await?;
    let has_more = rows.len() > ROWS_A_PAGE as usize;
    rows.truncate(ROWS_A_PAGE as usize);
    let last = rows.last().filter(|_| has_more);
    let next_href =
        last.map(|row| format!("/desk/done?before={}.{}", row.left_ms.unwrap_or_default(), row.id));
    page(&DonePage {
        page: acting.frame_under(&[("我的待办", "/desk")], "已办"),
        rows: rows.iter().map(|row| done_line(&acting, row)).collect(),
        next_href,
        empty: Empty::new("本单位还没有办结的事项。").leading_to("查看我的待办", "/desk"),
    })
}

fn done_line(visit: &Visit, row: &StepRow) -> Done {
    let left_ms = row.left_ms.unwrap_or_default();
    let due: Option<Day> = row.due_day.as_deref().and_then(|day| day.parse().ok());
    let late = due.map_or(0, |due| due.days_until(Day::at(left_ms)));
    let role = row.owing_role.as_deref().and_then(|code| code.parse::<Role>().ok());
    Done {
        stage: stage_words(&row.subject_kind, &row.stage),
        role: role.map_or_else(String::new, |role| role.words().to_owned()),
        object: object_words(row),
        href: subject_link(visit, &row.subject_kind, &row.subject_id),
        number: row.number.clone(),
        came: minutes(row.entered_ms),
        left: minutes(left_ms),
        by: row.left_by.clone().unwrap_or_else(|| "系统".to_owned()),
        late: if late > 0 { format!("逾期{late}天办结") } else { String::new() },
    }
}

pub async fn begun(acting: Acting, Query(ask): Query<Ask>) -> Result<Response> {
    let organisation = acting.reach.organisation().ok_or(Error::NotFound)?;
    let before = ask.before.parse().unwrap_or(i64::MAX);
    let mut rows = store::begun(acting.store().read(), organisation, before, ROWS_A_PAGE + 1).await?;
    let has_more = rows.len() > ROWS_A_PAGE as usize;
    rows.truncate(ROWS_A_PAGE as usize);
    let next_href = rows.last().filter(|_| has_more).map(|row| format!("/desk/begun?before={}", row.seq));
    page(&BegunPage {
        page: acting.frame_under(&[("我的待办", "/desk")], "我发起的"),
        rows: rows.iter().map(|row| begun_line(&acting, row)).collect(),
        next_href,
        empty: Empty::new("本单位还没有发起过事项。").leading_to("查看我的待办", "/desk"),
    })
}

fn begun_line(visit: &Visit, row: &BegunRow) -> Begun {
    let kind = subject_words(&row.subject_kind).unwrap_or_default();
    let holder = match (&row.holder, row.holders) {
        (Some(name), 2..) => format!("{name}等{}家", row.holders),
        (Some(name), _) => name.clone(),
        (None, _) => "已办结".to_owned(),
    };
    Begun {
        object: if row.object.is_empty() { kind.to_owned() } else { row.object.clone() },
        href: subject_link(visit, &row.subject_kind, &row.subject_id),
        number: row.number.clone(),
        act: act_words(&row.act).unwrap_or(&row.act).to_owned(),
        when: minutes(row.at_ms),
        state: row.stage.as_deref().map(|stage| state(&row.subject_kind, stage)),
        holder,
        phone: row.phone.clone().unwrap_or_default(),
        since: row.since_ms.map_or_else(String::new, minutes),
        due: row.due_day.clone().unwrap_or_default(),
    }
}
