//! The pages on which the office proposes: all received declarations of a batch side by side, of which
//! it ticks some, and one declaration alone.

use super::proposing::{self, Proposal};
use super::store::{self, After, Candidate};
use crate::declarations::{self, BatchRow, Deed, mark_tags, need_none};
use crate::submissions;
use crate::web::{Acting, Fields, fresh_key, page, page_with_problems};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::eligibility::Track;
use domain::id::BatchId;
use domain::problem::Problem;
use kit::page::{Empty, ErrorSummary, Field, Frame, Pager, Pairs, Tag};
use kit::{Error, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

pub(super) const ROWS_A_PAGE: i64 = 100;

/// Where the page begins.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    pub after: String,
}

/// What is typed: the ticked declarations, the reason for those without their own, and their own.
#[derive(Clone, Debug, Default)]
struct Typed {
    picked: Vec<String>,
    shared: String,
    own: BTreeMap<String, String>,
}

impl Typed {
    fn read(fields: &mut Fields) -> (Typed, Vec<Problem>) {
        let mut typed =
            Typed { picked: fields.take_all("pick"), shared: fields.take("reasons"), own: BTreeMap::new() };
        let mut unknown = Vec::new();
        for (name, text) in fields.rest() {
            match name.strip_prefix("reasons.") {
                Some(id) => drop(typed.own.insert(id.to_owned(), text.trim().to_owned())),
                None => unknown.push((name, text)),
            }
        }
        (typed, Fields::new(unknown).leftover())
    }

    /// Whether it is about the reason for those without their own.
    fn is_shared(&self, problem: &Problem) -> bool {
        let own = problem.field.strip_prefix("reasons.").and_then(|id| self.own.get(id));
        problem.code == "reasons" && own.is_some_and(String::is_empty) && !self.shared.is_empty()
    }

    /// What is to be proposed; nothing ticked, and a reason without its tick, are problems.
    fn proposals(&self, mut problems: Vec<Problem>) -> Result<Vec<Proposal>> {
        if self.picked.is_empty() {
            problems.push(Problem::new("pick", "required", "请先勾选拟列入的申报件。"));
        }
        for (id, _) in self.own.iter().filter(|(id, text)| !text.is_empty() && !self.picked.contains(id)) {
            let says = "写了理由却没有勾选：请勾选这一件，或者清空理由。";
            problems.push(Problem::new(format!("reasons.{id}"), "not_picked", says));
        }
        need_none(problems)?;
        let reasons = |id: &String| self.own.get(id).filter(|own| !own.is_empty()).unwrap_or(&self.shared);
        let proposal = |id: &String| Proposal { declaration: id.clone(), reasons: reasons(id).clone() };
        Ok(self.picked.iter().map(proposal).collect())
    }
}

#[derive(Template)]
#[template(path = "selection/proposals.html")]
struct ProposalsPage {
    page: Frame,
    key: String,
    batch: BatchRow,
    proposed: i64,
    rows: Vec<Row>,
    shared: Field,
    pager: Pager,
    empty: Empty,
    problems: Vec<Problem>,
}

struct Row {
    beside: Beside,
    is_picked: bool,
    reasons: Field,
}

/// A candidate with what it is compared by.
struct Beside {
    candidate: Candidate,
    compared: Vec<(String, String)>,
    marks: Vec<Tag>,
}

impl Beside {
    fn track(&self) -> &'static str {
        Track::words_of(&self.candidate.track)
    }

    /// The whole declaration as it was last sent.
    fn href(&self) -> String {
        format!("/declarations/{}", self.candidate.id)
    }
}

/// The same for all of them, by a fixed number of statements.
async fn beside(acting: &Acting, candidates: Vec<Candidate>) -> Result<Vec<Beside>> {
    let editions: Vec<&str> = candidates.iter().filter_map(|one| one.edition_id.as_deref()).collect();
    let mut compared = submissions::compared(acting, &editions).await?;
    let ids: Vec<&str> = candidates.iter().map(|one| one.id.as_str()).collect();
    let mut marks: HashMap<String, Vec<Tag>> = mark_tags(acting, &ids).await?;
    let one = |candidate: Candidate| Beside {
        compared: candidate.edition_id.as_ref().and_then(|id| compared.remove(id)).unwrap_or_default(),
        marks: marks.remove(&candidate.id).unwrap_or_default(),
        candidate,
    };
    Ok(candidates.into_iter().map(one).collect())
}

pub async fn show_several(
    acting: Acting,
    Path(batch): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Response> {
    page(&proposals_page(&acting, &batch, &ask, &Typed::default(), Vec::new()).await?)
}

pub async fn propose_several(
    acting: Acting,
    Path(batch): Path<String>,
    Query(ask): Query<Ask>,
    mut fields: Fields,
) -> Result<Response> {
    let id: BatchId = batch.parse().map_err(|_| Error::NotFound)?;
    let deed = Deed::of(&acting, &fields.key);
    let (typed, unknown) = Typed::read(&mut fields);
    let result = async { proposing::propose_several(&deed, id, &typed.proposals(unknown)?).await };
    match result.await {
        Ok(()) => Ok(Redirect::to(&format!("/selection/{id}?done=declaration.proposed")).into_response()),
        Err(Error::Invalid(problems)) => {
            page_with_problems(&proposals_page(&acting, &batch, &ask, &typed, problems).await?)
        }
        Err(error) => Err(error),
    }
}

async fn proposals_page(
    acting: &Acting,
    batch: &str,
    ask: &Ask,
    typed: &Typed,
    mut problems: Vec<Problem>,
) -> Result<ProposalsPage> {
    let id: BatchId = batch.parse().map_err(|_| Error::NotFound)?;
    let store = acting.store();
    let batch = declarations::batch(store.read(), &acting.reach, id).await?;
    let tally = store::tally(store.read(), id).await?;
    let after = After::read(&ask.after);
    let found = store::candidates(store.read(), &acting.reach, id, true, &after, ROWS_A_PAGE + 1).await?;
    let (found, pager) = paged(found, tally.open, &after, &format!("/selection/{id}/proposals"));
    let is_shown = |field: &str| match field.strip_prefix("reasons.") {
        Some(id) => found.iter().any(|one| one.id == id),
        None => true,
    };
    for problem in problems.iter_mut().filter(|problem| !is_shown(&problem.field)) {
        problem.field.clear();
    }
    for problem in problems.iter_mut().filter(|problem| typed.is_shared(problem)) {
        "reasons".clone_into(&mut problem.field);
    }
    let rows = beside(acting, found).await?.into_iter().map(|beside| row(beside, typed, &problems)).collect();
    let up = format!("/selection/{id}");
    let mut page = acting.frame_under(&[("遴选与公示", "/selection"), (&batch.title, &up)], "提出拟列入意见");
    page.error = !problems.is_empty();
    Ok(ProposalsPage {
        page,
        key: fresh_key(),
        proposed: tally.proposed,
        rows,
        shared: Field::paragraph("reasons", "共用理由")
            .optional()
            .hint("勾选而没有单独写理由的，都用这里的理由。")
            .rows(3)
            .value(&typed.shared)
            .told(&problems),
        pager,
        empty: Empty::new("没有待提出意见的申报件。受理后的申报件会列在这里。").leading_to("返回批次", up),
        batch,
        problems,
    })
}

/// The rows of a page of candidates, and the way on from it.
pub(super) fn paged(
    mut rows: Vec<Candidate>,
    count: i64,
    after: &After,
    base: &str,
) -> (Vec<Candidate>, Pager) {
    let has_more = rows.len() > ROWS_A_PAGE as usize;
    rows.truncate(ROWS_A_PAGE as usize);
    let first = (*after != After::default()).then(|| base.to_owned());
    let next =
        rows.last().filter(|_| has_more).map(|last| format!("{base}?after={}", After::of(last).text()));
    (rows, Pager::new(count, first, next))
}

fn row(beside: Beside, typed: &Typed, problems: &[Problem]) -> Row {
    let Candidate { id, name, .. } = &beside.candidate;
    let own = typed.own.get(id).map_or("", String::as_str);
    let reasons = Field::paragraph(format!("reasons.{id}"), format!("{name}的拟列入理由"));
    Row {
        is_picked: typed.picked.contains(id),
        reasons: reasons.bare().rows(2).value(own).told(problems),
        beside,
    }
}

#[derive(Template)]
#[template(path = "selection/proposal.html")]
struct ProposalPage {
    page: Frame,
    key: String,
    beside: Beside,
    facts: Pairs,
    reasons: Field,
    problems: Vec<Problem>,
}

impl Beside {
    fn facts(&self) -> Pairs {
        let one = &self.candidate;
        let order = one.recommended.map_or_else(|| "未排序".to_owned(), |order| format!("第{order}位"));
        let facts = Pairs::new()
            .and("编号", &one.number)
            .and("类别", self.track())
            .and("市县", format!("{}{}", one.city_name, one.county_name))
            .and("市推荐顺序", order);
        self.compared.iter().fold(facts, |facts, (label, words)| facts.and(label, words))
    }
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let candidate = store::candidate(acting.store().read(), &acting.reach, &id).await?;
    page(&proposal_page(&acting, candidate, "", Vec::new()).await?)
}

pub async fn propose(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let candidate = store::candidate(acting.store().read(), &acting.reach, &id).await?;
    let reasons = fields.take("reasons");
    let result = async {
        need_none(fields.leftover())?;
        proposing::propose_one(&Deed::of(&acting, &fields.key), &id, &reasons).await
    };
    match result.await {
        Ok(()) => {
            let to = format!("/selection/{}?done=declaration.proposed", candidate.batch_id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(Error::Invalid(problems)) => {
            let own = format!("reasons.{id}");
            let here = |problem: Problem| match problem.field == own {
                true => Problem { field: "reasons".to_owned(), ..problem },
                false => problem,
            };
            let problems = problems.into_iter().map(here).collect();
            page_with_problems(&proposal_page(&acting, candidate, &reasons, problems).await?)
        }
        Err(error) => Err(error),
    }
}

async fn proposal_page(
    acting: &Acting,
    candidate: Candidate,
    reasons: &str,
    problems: Vec<Problem>,
) -> Result<ProposalPage> {
    let title = format!("拟列入：{}", candidate.name);
    let up = format!("/selection/{}", candidate.batch_id);
    let batch: BatchId = candidate.batch_id.parse().map_err(Error::internal)?;
    let batch = declarations::batch(acting.store().read(), &acting.reach, batch).await?;
    let mut page = acting.frame_under(&[("遴选与公示", "/selection"), (&batch.title, &up)], &title);
    page.error = !problems.is_empty();
    let beside = beside(acting, vec![candidate]).await?.pop().ok_or(Error::NotFound)?;
    Ok(ProposalPage {
        page,
        key: fresh_key(),
        facts: beside.facts(),
        beside,
        reasons: Field::paragraph("reasons", "拟列入理由")
            .hint("请写明产业特色、工作基础和推荐情况，会后随名单存档。")
            .rows(6)
            .value(reasons)
            .told(&problems),
        problems,
    })
}
