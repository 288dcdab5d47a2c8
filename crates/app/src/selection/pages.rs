//! Selection on screen: the batches, the candidates side by side, the proposal, the decision.

use super::acts::{self, DecisionInput};
use super::store::{self, Candidate, Decision, Notice, Withdrawal};
use crate::declarations::{self, BatchRow, Deed};
use crate::desk;
use crate::web::{Acting, Fields, day_words, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::eligibility::Track;
use domain::id::{BatchId, RowId};
use domain::pack::Entry;
use domain::problem::Problem;
use domain::role::Role;
use domain::selection::need_batch;
use domain::stage::{BatchStage, DeclarationStage};
use kit::page::{Choice, Empty, ErrorSummary, Field, Frame, Pairs, Tag, Tone};
use kit::{Error, Result};

/// The tag of a declaration's stage.
fn stage_tag(code: &str) -> Tag {
    match code.parse::<DeclarationStage>() {
        Ok(stage @ (DeclarationStage::Proposed | DeclarationStage::Listed)) => {
            Tag::new(Tone::Done, stage.words())
        }
        Ok(stage @ DeclarationStage::NotSelected) => Tag::new(Tone::Quiet, stage.words()),
        Ok(stage @ DeclarationStage::Held) => Tag::new(Tone::Bad, stage.words()),
        Ok(stage) => Tag::new(Tone::Waiting, stage.words()),
        Err(_) => Tag::new(Tone::Quiet, "未知"),
    }
}

/// The tag of a batch's stage.
fn batch_tag(stage: BatchStage) -> Tag {
    let tone = match stage {
        BatchStage::Draft => Tone::Quiet,
        BatchStage::Called | BatchStage::Selecting => Tone::Waiting,
        BatchStage::OnNotice => Tone::Busy,
        BatchStage::Published => Tone::Done,
    };
    Tag::new(tone, stage.words())
}

#[derive(Template)]
#[template(path = "selection/index.html")]
struct IndexPage {
    page: Frame,
    batches: Vec<BatchLine>,
}

struct BatchLine {
    id: String,
    title: String,
    tag: Tag,
    target: i64,
    list_by: String,
}

pub async fn index(acting: Acting) -> Result<Response> {
    let rows = declarations::batches(acting.store().read(), &acting.reach).await?;
    let mut batches = Vec::new();
    for row in rows {
        batches.push(BatchLine {
            id: row.id.clone(),
            title: row.title.clone(),
            tag: batch_tag(row.stage()?),
            target: row.target_count,
            list_by: row.list_by()?.words(),
        });
    }
    page(&IndexPage { page: acting.frame("遴选与公示"), batches })
}

#[derive(Template)]
#[template(path = "selection/batch.html")]
struct BatchPage {
    page: Frame,
    batch: BatchRow,
    tag: Tag,
    tracks: Vec<OfTrack>,
    proposed: usize,
    facts: Option<Pairs>,
    notice: Option<Notice>,
    empty: Empty,
    withdrawals: Vec<Withdrawal>,
    may_decide: bool,
    may_publish: bool,
    /// The first day on which the list may be published, while the notice runs.
    publish_from: Option<String>,
    may_correct: bool,
}

struct OfTrack {
    words: &'static str,
    candidates: Vec<Line>,
}

struct Line {
    candidate: Candidate,
    tag: Tag,
    can_propose: bool,
    can_withdraw: bool,
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let id: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    let store = acting.store();
    let batch = declarations::batch(store.read(), &acting.reach, id).await?;
    let candidates = store::candidates(store.read(), &acting.reach, id).await?;
    let stage = batch.stage()?;
    let proposed = candidates.iter().filter(|one| one.reasons.is_some()).count();
    let selecting = matches!(stage, BatchStage::Called | BatchStage::Selecting);
    let may_propose = selecting && acting.may("selection.propose");
    let on_notice = stage == BatchStage::OnNotice;
    let may_withdraw = acting.may("selection.take_back")
        && (selecting || (on_notice && acting.actor.role == Role::OfficeApprover));
    let tracks = Track::ALL
        .iter()
        .map(|track| OfTrack {
            words: track.words(),
            candidates: candidates
                .iter()
                .filter(|one| one.track == track.code())
                .map(|one| Line {
                    candidate: one.clone(),
                    tag: stage_tag(&one.stage),
                    can_propose: may_propose && one.reasons.is_none(),
                    can_withdraw: may_withdraw && one.stage == DeclarationStage::Proposed.code(),
                })
                .collect(),
        })
        .filter(|track| !track.candidates.is_empty())
        .collect();
    let notice = store::notice_of(store.read(), &batch.id).await?;
    let is_over = notice.as_ref().is_some_and(|notice| notice.last_day < acting.today().to_string());
    let publish_from = notice.as_ref().filter(|_| on_notice).and_then(|notice| publish_from(&acting, notice));
    let mut frame = acting.frame_under(&[("遴选与公示", "/selection")], &batch.title);
    desk::say_next(&acting, &mut frame, "batch", &batch.id).await?;
    page(&BatchPage {
        page: frame,
        tag: batch_tag(stage),
        tracks,
        proposed,
        facts: store::decision(store.read(), &batch.id).await?.map(|decision| facts_of(&decision)),
        notice,
        empty: Empty::new("本批次还没有省办受理的申报件。"),
        may_decide: stage == BatchStage::Selecting && acting.may("selection.decide"),
        withdrawals: store::withdrawals(store.read(), &batch.id).await?,
        may_publish: on_notice && is_over && acting.may("list.publish"),
        publish_from,
        may_correct: on_notice && acting.may("selection.correct"),
        batch,
    })
}

/// 四(二): the day after the notice, where it still runs.
fn publish_from(acting: &Acting, notice: &Notice) -> Option<String> {
    let last: Day = notice.last_day.parse().ok()?;
    (acting.today() <= last).then(|| last.plus_days(1).words())
}

fn facts_of(decision: &Decision) -> Pairs {
    let facts = Pairs::new()
        .and("会议纪要", decision.minutes_number.as_str())
        .and("会议日期", day_words(&decision.held_on))
        .and("登记", format!("{}，{}", decision.signature, decision.time()));
    if decision.remarks.is_empty() { facts } else { facts.and("提示", decision.remarks.as_str()) }
}

#[derive(Template)]
#[template(path = "selection/proposal.html")]
struct ProposalPage {
    page: Frame,
    key: String,
    candidate: Candidate,
    track: &'static str,
    reasons: Field,
    problems: Vec<Problem>,
}

pub async fn show_proposal(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let candidate = store::candidate(acting.store().read(), &acting.reach, &id).await?;
    page(&proposal_page(&acting, candidate, "", Vec::new()))
}

pub async fn propose(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let candidate = store::candidate(acting.store().read(), &acting.reach, &id).await?;
    let mut problems = Vec::new();
    let reasons = fields.need("reasons", "拟列入理由", &mut problems);
    problems.extend(fields.leftover());
    if problems.is_empty() {
        match acts::propose_one(&Deed::of(&acting, &fields.key), &id, &reasons).await {
            Ok(()) => {
                let to = format!("/selection/{}?done=declaration.proposed", candidate.batch_id);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(Error::Refused(refusal)) if refusal.code == "reasons" => {
                problems.push(refusal.at("reasons"));
            }
            Err(error) => return Err(error),
        }
    }
    page_with_problems(&proposal_page(&acting, candidate, &reasons, problems))
}

fn proposal_page(
    acting: &Acting,
    candidate: Candidate,
    reasons: &str,
    problems: Vec<Problem>,
) -> ProposalPage {
    let title = format!("拟列入：{}", candidate.name);
    let mut page = acting.frame_under(&[("遴选与公示", "/selection")], &title);
    page.error = !problems.is_empty();
    ProposalPage {
        page,
        key: fresh_key(),
        track: Track::words_of(&candidate.track),
        reasons: Field::paragraph("reasons", "拟列入理由")
            .hint("请写明产业特色、工作基础和推荐情况，会后随名单存档。")
            .rows(6)
            .value(reasons)
            .told(&problems),
        candidate,
        problems,
    }
}

#[derive(Template)]
#[template(path = "selection/decision.html")]
struct DecisionPage {
    page: Frame,
    key: String,
    batch: BatchRow,
    proposed: Vec<Candidate>,
    minutes: Field,
    held_on: Field,
    present: Field,
    first: Field,
    days: Field,
    phone: Field,
    problems: Vec<Problem>,
}

pub async fn show_decision(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let batch: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    let batch = declarations::batch(acting.store().read(), &acting.reach, batch).await?;
    need_batch(batch.stage()?, BatchStage::Selecting)?;
    let input = DecisionInput { notice_first: Some(acting.today()), ..DecisionInput::default() };
    page(&decision_page(&acting, &id, &input, Vec::new()).await?)
}

pub async fn decide(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let batch: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    let mut problems = Vec::new();
    let input = DecisionInput {
        minutes_number: fields.need("minutes_number", "会议纪要编号", &mut problems),
        held_on: fields.parse("held_on", "会议日期", "2018-05-28", &mut problems),
        present: fields.take_all("present"),
        notice_first: fields.parse("notice_first", "公示开始日期", "2018-05-29", &mut problems),
        notice_days: fields.parse("notice_days", "公示工作日数", "5", &mut problems),
        phone: fields.need("phone", "公示联系电话", &mut problems),
    };
    let deed = Deed::of(&acting, &fields.key).seeing(fields.take("version"));
    problems.extend(fields.leftover());
    if problems.is_empty() {
        match acts::decide_batch(&deed, batch, &input).await {
            Ok(()) => {
                return Ok(Redirect::to(&format!("/selection/{id}?done=conference.decided")).into_response());
            }
            Err(Error::Refused(refusal)) => problems.push(refusal.clone().at(field_of(&refusal.code))),
            Err(error) => return Err(error),
        }
    }
    page_with_problems(&decision_page(&acting, &id, &input, problems).await?)
}

/// The field a refusal of the decision is about.
fn field_of(code: &str) -> &'static str {
    match code {
        "meeting_in_future" | "meeting_before_close" => "held_on",
        "phone" => "phone",
        "quorum" | "attendance" => "present",
        "notice_length" => "notice_days",
        "notice_in_past" => "notice_first",
        "document_number" => "minutes_number",
        _ => "",
    }
}

async fn decision_page(
    acting: &Acting,
    id: &str,
    input: &DecisionInput,
    problems: Vec<Problem>,
) -> Result<DecisionPage> {
    let id: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    let store = acting.store();
    let batch = declarations::batch(store.read(), &acting.reach, id).await?;
    let proposed = store::proposed(store.read(), &acting.reach, id).await?;
    let (pack, today) = (acting.pack(), acting.today());
    let value_error = |error| Error::Refused(domain::problem::Refusal::from(error));
    let members = pack.list("conference.members", today).map_err(value_error)?;
    let words = |member: &Entry| match member.attribute("leads") {
        "true" => format!("{}（牵头）", member.name),
        _ => member.name.clone(),
    };
    let choices = members.iter().map(|member| Choice::new(member.code.as_str(), words(member))).collect();
    let usual = pack.days("notice.days", today).map_err(value_error)?;
    let text = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
    let days = input.notice_days.unwrap_or(usual).to_string();
    let mut page = acting.frame_under(
        &[("遴选与公示", "/selection"), (&batch.title, &format!("/selection/{id}"))],
        "登记联席会议决定",
    );
    page.error = !problems.is_empty();
    Ok(DecisionPage {
        page,
        key: fresh_key(),
        minutes: Field::text("minutes_number", "会议纪要编号")
            .hint("如 赣特镇联纪〔2018〕3号")
            .value(input.minutes_number.as_str())
            .told(&problems),
        held_on: Field::day("held_on", "会议日期").value(text(input.held_on)).told(&problems),
        present: Field::checkboxes("present", "到会成员单位", choices).chosen(&input.present).told(&problems),
        first: Field::day("notice_first", "公示开始日期").value(text(input.notice_first)).told(&problems),
        days: Field::number("notice_days", "公示工作日数").unit("个工作日").value(days).told(&problems),
        phone: Field::text("phone", "公示联系电话")
            .hint("对外公开，请填写带区号的办公电话，如 0791-12345678。")
            .value(input.phone.as_str())
            .told(&problems),
        batch,
        proposed,
        problems,
    })
}

pub(crate) fn fresh_key() -> String {
    kit::clock::fresh::<RowId>().to_string()
}
