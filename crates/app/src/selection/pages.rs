//! Selection on screen: the batches, the candidates of one, the decision.

use super::acts::{self, DecisionInput};
use super::proposals::{Ask, ROWS_A_PAGE, paged};
use super::store::{self, After, Candidate, Decision, Notice, Tally, Withdrawal};
use crate::declarations::{self, BatchRow, Deed};
use crate::desk;
use crate::web::{Acting, Fields, day_words, fresh_key, page, page_with_problems};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::eligibility::Track;
use domain::id::BatchId;
use domain::pack::Entry;
use domain::problem::Problem;
use domain::role::Role;
use domain::selection::need_batch;
use domain::stage::{BatchStage, DeclarationStage};
use kit::page::{Choice, Empty, ErrorSummary, Field, Frame, Pager, Pairs, Tag, Tone};
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
    tally: Tally,
    tracks: Vec<OfTrack>,
    pager: Pager,
    facts: Option<Pairs>,
    notice: Option<Notice>,
    empty: Empty,
    withdrawals: Vec<Withdrawal>,
    may_propose: bool,
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
    marks: Vec<Tag>,
    can_propose: bool,
    can_withdraw: bool,
}

pub async fn show(acting: Acting, Path(id): Path<String>, Query(ask): Query<Ask>) -> Result<Response> {
    let id: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    let store = acting.store();
    let batch = declarations::batch(store.read(), &acting.reach, id).await?;
    let stage = batch.stage()?;
    let on_notice = stage == BatchStage::OnNotice;
    let selecting = matches!(stage, BatchStage::Called | BatchStage::Selecting);
    let tally = store::tally(store.read(), id).await?;
    let (tracks, pager) = tracks(&acting, id, stage, &tally, &ask).await?;
    let notice = store::notice_of(store.read(), &batch.id).await?;
    let is_over = notice.as_ref().is_some_and(|notice| notice.last_day < acting.today().to_string());
    let publish_from = notice.as_ref().filter(|_| on_notice).and_then(|notice| publish_from(&acting, notice));
    let mut frame = acting.frame_under(&[("遴选与公示", "/selection")], &batch.title);
    desk::say_next(&acting, &mut frame, "batch", &batch.id).await?;
    page(&BatchPage {
        page: frame,
        tag: batch_tag(stage),
        tracks,
        pager,
        facts: store::decision(store.read(), &batch.id).await?.map(|decision| facts_of(&decision)),
        notice,
        empty: Empty::new("本批次还没有省办受理的申报件。"),
        may_propose: selecting && tally.open > 0 && acting.may("selection.propose"),
        may_decide: stage == BatchStage::Selecting && acting.may("selection.decide"),
        tally,
        withdrawals: store::withdrawals(store.read(), &batch.id).await?,
        may_publish: on_notice && is_over && acting.may("list.publish"),
        publish_from,
        may_correct: on_notice && acting.may("selection.correct"),
        batch,
    })
}

/// A page of the candidates by their tracks, with what the visitor may do with each.
async fn tracks(
    acting: &Acting,
    id: BatchId,
    stage: BatchStage,
    tally: &Tally,
    ask: &Ask,
) -> Result<(Vec<OfTrack>, Pager)> {
    let read = acting.store().read();
    let after = After::read(&ask.after);
    let found = store::candidates(read, &acting.reach, id, false, &after, ROWS_A_PAGE + 1).await?;
    let (found, pager) = paged(found, tally.received, &after, &format!("/selection/{id}"));
    let ids: Vec<&str> = found.iter().map(|one| one.id.as_str()).collect();
    let mut marks = declarations::mark_tags(acting, &ids).await?;
    let selecting = matches!(stage, BatchStage::Called | BatchStage::Selecting);
    let may_propose = selecting && acting.may("selection.propose");
    let may_withdraw = acting.may("selection.take_back")
        && (selecting || (stage == BatchStage::OnNotice && acting.actor.role == Role::OfficeApprover));
    let mut tracks: Vec<OfTrack> = Vec::new();
    for candidate in found {
        let words = Track::words_of(&candidate.track);
        let line = Line {
            tag: stage_tag(&candidate.stage),
            marks: marks.remove(&candidate.id).unwrap_or_default(),
            can_propose: may_propose && candidate.reasons.is_none(),
            can_withdraw: may_withdraw && candidate.stage == DeclarationStage::Proposed.code(),
            candidate,
        };
        match tracks.last_mut().filter(|track| track.words == words) {
            Some(track) => track.candidates.push(line),
            None => tracks.push(OfTrack { words, candidates: vec![line] }),
        }
    }
    Ok((tracks, pager))
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
