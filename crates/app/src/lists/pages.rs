//! The lists on screen, and the page on which the approver publishes.

use super::acts::{self, PublicationInput};
use super::csv;
use super::store::{self, Entry, Listed, Version};
use super::trace;
use crate::audit::Line;
use crate::declarations::{self, BatchRow, Deed};
use crate::selection;
use crate::web::{Acting, Fields, day_words, fresh_key, page, page_with_problems};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::id::BatchId;
use domain::problem::Problem;
use domain::selection::need_batch;
use domain::stage::BatchStage;
use kit::page::{Empty, ErrorSummary, Field, Frame, Pairs};
use kit::{Error, Result};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "lists/index.html")]
struct IndexPage {
    page: Frame,
    versions: Vec<Version>,
    on: Field,
    asked: String,
    found: Option<Version>,
    entries: Vec<Entry>,
    empty: Empty,
}

/// All versions, and who was on the list on a day.
pub async fn index(acting: Acting, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    let store = acting.store();
    let asked = query.get("on").cloned().unwrap_or_default();
    let day = asked.parse::<Day>().ok();
    let found = match day {
        Some(day) => store::version_on(store.read(), day).await?,
        None => None,
    };
    let entries = match &found {
        Some(version) => store::entries(store.read(), &version.id).await?,
        None => Vec::new(),
    };
    let mut problems = Vec::new();
    if !asked.is_empty() && day.is_none() {
        problems.push(Problem::new("on", "malformed", "请按“2018-04-26”的格式填写日期。"));
    }
    page(&IndexPage {
        page: Frame { error: !problems.is_empty(), ..acting.frame("名单版本") },
        versions: store::versions(store.read()).await?,
        on: Field::day("on", "查询哪一天的名单").value(asked.as_str()).told(&problems),
        asked: day.map_or(String::new(), Day::words),
        found,
        entries,
        empty: Empty::new("还没有公布过名单。"),
    })
}

#[derive(Template)]
#[template(path = "lists/show.html")]
struct ShowPage {
    page: Frame,
    version: Version,
    facts: Pairs,
    entries: Vec<Entry>,
    may_trace: bool,
}

pub async fn show(acting: Acting, Path(number): Path<String>) -> Result<Response> {
    let version = version_of(&acting, &number).await?;
    let store = acting.store();
    page(&ShowPage {
        page: acting.frame_under(&[("名单版本", "/lists")], &version.title),
        facts: facts_of(&version, store::root_after(store.read(), &version.id).await?),
        entries: store::entries(store.read(), &version.id).await?,
        may_trace: acting.may("list.trace"),
        version,
    })
}

/// What a version rests on, and the root that holds it.
fn facts_of(version: &Version, root: Option<String>) -> Pairs {
    let facts = Pairs::new()
        .and("会议纪要", version.minutes_number.as_str())
        .and("决定日期", day_words(&version.decided_day))
        .and("公布日期", day_words(&version.published_day))
        .and("生效日期", day_words(&version.effective_day));
    let facts = match &version.approval_number {
        Some(number) => facts.and("省人民政府批准文号", number.as_str()),
        None => facts,
    };
    let facts = facts
        .and("公布人", version.signature.as_str())
        .and("规划备案截止", format!("{}。{}", day_words(&version.filing_due), version.filing_why));
    match root {
        Some(root) => facts.and("公布时的记录根", root),
        None => facts,
    }
}

async fn version_of(acting: &Acting, number: &str) -> Result<Version> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    store::version(acting.store().read(), number).await
}

/// The version as a CSV file.
pub async fn download(acting: Acting, Path(number): Path<String>) -> Result<Response> {
    let version = version_of(&acting, &number).await?;
    csv::answer(&version, &store::entries(acting.store().read(), &version.id).await?)
}

#[derive(Template)]
#[template(path = "lists/trace.html")]
struct TracePage {
    page: Frame,
    version: Version,
    entry: Entry,
    steps: Vec<Line>,
    may_read_log: bool,
}

/// From an entry back to the sections and signatures behind it.
pub async fn trace(acting: Acting, Path((number, entry)): Path<(String, String)>) -> Result<Response> {
    let version = version_of(&acting, &number).await?;
    let store = acting.store();
    let entry = store::entry(store.read(), &version.id, &entry).await?;
    let steps = trace::steps(&acting, &version, &entry).await?;
    let title = format!("溯源：{}", entry.name);
    let up = format!("/lists/{}", version.version);
    page(&TracePage {
        page: acting.frame_under(&[("名单版本", "/lists"), (&version.title, &up)], &title),
        version,
        entry,
        steps,
        may_read_log: acting.may("log.read"),
    })
}

#[derive(Template)]
#[template(path = "lists/publication.html")]
struct PublicationPage {
    page: Frame,
    key: String,
    batch: BatchRow,
    facts: Pairs,
    listed: Vec<Listed>,
    left_out: Vec<Listed>,
    /// How many of those the office has not taken in.
    unreceived: usize,
    effective: Field,
    approval: Field,
    problems: Vec<Problem>,
}

pub async fn show_publication(acting: Acting, Path(batch): Path<String>) -> Result<Response> {
    let input = PublicationInput { effective: Some(acting.today()), ..PublicationInput::default() };
    let id: BatchId = batch.parse().map_err(|_| Error::NotFound)?;
    let row = declarations::batch(acting.store().read(), &acting.reach, id).await?;
    need_batch(row.stage()?, BatchStage::OnNotice)?;
    page(&publication_page(&acting, &batch, &input, Vec::new()).await?)
}

pub async fn publish(acting: Acting, Path(batch): Path<String>, mut fields: Fields) -> Result<Response> {
    let id: BatchId = batch.parse().map_err(|_| Error::NotFound)?;
    let mut problems = Vec::new();
    let input = PublicationInput {
        effective: fields.parse("effective", "生效日期", "2018-06-29", &mut problems),
        approval_number: fields.take("approval_number"),
    };
    let deed = Deed::of(&acting, &fields.key).seeing(fields.take("version"));
    problems.extend(fields.leftover());
    if problems.is_empty() {
        let published = acts::publish_batch(&deed, id, &input).await;
        match deed.traced("batch", id, published).await {
            Ok(version) => {
                return Ok(Redirect::to(&format!("/lists/{version}?done=list.published")).into_response());
            }
            Err(Error::Refused(refusal)) => {
                let field = match refusal.code.as_str() {
                    "effective_day" => "effective",
                    "document_number" | "approval_missing" => "approval_number",
                    _ => "",
                };
                let clause = refusal.clause;
                let problem = Problem::new(field, refusal.code, refusal.says + &refusal.remedy);
                problems.push(match clause {
                    Some(clause) => problem.citing(clause),
                    None => problem,
                });
            }
            Err(error) => return Err(error),
        }
    }
    page_with_problems(&publication_page(&acting, &batch, &input, problems).await?)
}

async fn publication_page(
    acting: &Acting,
    batch: &str,
    input: &PublicationInput,
    problems: Vec<Problem>,
) -> Result<PublicationPage> {
    let id: BatchId = batch.parse().map_err(|_| Error::NotFound)?;
    let store = acting.store();
    let batch = declarations::batch(store.read(), &acting.reach, id).await?;
    let decision = selection::decision(store.read(), &batch.id).await?.ok_or(Error::NotFound)?;
    let notice = selection::notice_of(store.read(), &batch.id).await?.ok_or(Error::NotFound)?;
    let effective = input.effective.map_or(String::new(), |day| day.to_string());
    let up = format!("/selection/{id}");
    let mut page = acting.frame_under(&[("遴选与公示", "/selection"), (&batch.title, &up)], "公布名单");
    page.error = !problems.is_empty();
    let left_out = store::to_leave_out(store.read(), id).await?;
    Ok(PublicationPage {
        page,
        key: fresh_key(),
        listed: store::to_list(store.read(), id).await?,
        unreceived: left_out.iter().filter(|one| one.stage().is_ok_and(|it| !it.was_received())).count(),
        left_out,
        effective: Field::day("effective", "生效日期").value(effective).told(&problems),
        approval: Field::text("approval_number", "省人民政府批准文号")
            .optional()
            .hint("如 赣府字〔2018〕12号")
            .value(input.approval_number.as_str())
            .told(&problems),
        facts: Pairs::new()
            .and("会议纪要", format!("{}（{}）", decision.minutes_number, day_words(&decision.held_on)))
            .and("公示", format!("{}至{}", day_words(&notice.first_day), day_words(&notice.last_day))),
        batch,
        problems,
    })
}
