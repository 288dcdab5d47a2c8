//! 三(三), 四(二): proposal, decision of the conference, public notice, publication.

mod contact;
mod list;
mod undo;

pub use contact::{no_personal_number, office_phone};

pub use undo::{NoticeChange, TakenBack, Taking, correct_notice, take_back};

pub use list::ListKind;

use crate::calendar::{Deadline, Term};
use crate::clause::Clause;
use crate::day::Day;
use crate::declaration::{Who, need_role};
use crate::document_number::DocumentNumber;
use crate::id::PersonId;
use crate::pack::Pack;
use crate::problem::Refusal;
use crate::role::Role;
use crate::stage::{BatchStage, DeclarationStage};

const LIST: Clause = Clause::new(3, 3);
const CONFERENCE: Clause = Clause::new(4, 2);

/// The office proposes a received declaration for the list, with its reasons.
pub fn propose(
    batch: BatchStage,
    stage: DeclarationStage,
    who: &Who,
    reasons: &str,
    pack: &Pack,
    today: Day,
) -> Result<DeclarationStage, Refusal> {
    let arrow = DeclarationStage::moves().iter().find(|arrow| arrow.from == stage && arrow.act == "propose");
    let Some(arrow) = arrow else {
        let says = format!("申报书当前状态为“{}”，不能拟列入。", stage.words());
        return Err(Refusal::by(LIST, "wrong_stage", says, "请先受理申报书。"));
    };
    need_role(who, arrow.by)?;
    if !matches!(batch, BatchStage::Called | BatchStage::Selecting) {
        let says = format!("本批次当前状态为“{}”，不能再提出拟列入意见。", batch.words());
        return Err(Refusal::by(LIST, "batch_decided", says, "未列入的单位可以在下一批次重新申报。"));
    }
    let least = pack.count("selection.reason_chars_min", today)?;
    let given = reasons.trim().chars().count();
    if i64::try_from(given).is_ok_and(|given| given < least) {
        let says = format!("拟列入理由只有 {given} 字。");
        return Err(Refusal::by(LIST, "reasons", says, format!("请写明理由，不少于 {least} 字。")));
    }
    Ok(arrow.to)
}

/// What the conference decided, as the minutes say.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// The number of the minutes.
    pub minutes_number: String,
    /// The day it was held.
    pub held_on: Day,
    /// The members present, by their codes in the pack.
    pub present: Vec<String>,
    /// The last day of the window; the conference meets after it.
    pub closed_on: Day,
    /// How many declarations it lists.
    pub listed: i64,
    /// How many places stand on the programme's list already.
    pub listed_before: i64,
    /// How many declarations the cities have sent that the office has not received yet.
    pub unreceived: i64,
    /// The batch's number, which finds its target in the pack.
    pub batch: String,
}

/// A decision that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The number of the minutes.
    pub minutes_number: DocumentNumber,
    /// Where the batch stands now.
    pub stage: BatchStage,
    /// What the conference should know: the batch's target is about, not at most.
    pub remarks: Vec<String>,
}

/// 四(二): the conference decides, with minutes and enough members present.
pub fn decide(
    stage: BatchStage,
    who: &Who,
    meeting: &Meeting,
    pack: &Pack,
    today: Day,
) -> Result<Decided, Refusal> {
    need_role(who, &[Role::OfficeApprover])?;
    need_batch(stage, BatchStage::Selecting)?;
    let minutes_number = number(&meeting.minutes_number)?;
    if meeting.held_on > today {
        let says = format!("会议日期{}晚于今天。", meeting.held_on.words());
        return Err(Refusal::by(CONFERENCE, "meeting_in_future", says, "请核对会议日期。"));
    }
    if meeting.held_on <= meeting.closed_on {
        let says = format!("会议日期{}不晚于申报截止日。", meeting.held_on.words());
        let remedy = format!("申报于{}截止，请核对会议日期。", meeting.closed_on.words());
        return Err(Refusal::by(CONFERENCE, "meeting_before_close", says, remedy));
    }
    attendance(&meeting.present, pack, meeting.held_on)?;
    if meeting.unreceived > 0 {
        let says = format!("还有 {} 件已上报的申报书尚未受理。", meeting.unreceived);
        return Err(Refusal::by(LIST, "unreceived", says, "请省办先受理或退回补正，再登记决定。"));
    }
    if meeting.listed < 1 {
        let says = "拟列入名单是空的。";
        return Err(Refusal::by(LIST, "nothing_listed", says, "请先由省办拟列入至少一个申报单位。"));
    }
    Ok(Decided { minutes_number, stage: BatchStage::OnNotice, remarks: remarks(meeting, pack, today)? })
}

fn attendance(present: &[String], pack: &Pack, held_on: Day) -> Result<(), Refusal> {
    let members = pack.list("conference.members", held_on)?;
    for (index, code) in present.iter().enumerate() {
        if !members.iter().any(|member| member.code == *code) || present[..index].contains(code) {
            let says = format!("到会名单中的“{code}”不是成员单位，或重复。");
            return Err(Refusal::by(CONFERENCE, "attendance", says, "请从成员单位中勾选到会单位。"));
        }
    }
    let quorum = pack.count("conference.quorum", held_on)?;
    if i64::try_from(present.len()).is_ok_and(|present| present < quorum) {
        let says = format!("到会成员单位 {} 个，少于 {quorum} 个。", present.len());
        let remedy = "请在到会成员单位达到规定数量后议定。";
        return Err(Refusal::by(CONFERENCE, "quorum", says, remedy));
    }
    Ok(())
}

fn remarks(meeting: &Meeting, pack: &Pack, today: Day) -> Result<Vec<String>, Refusal> {
    let targets = pack.list("batch.targets", today)?;
    let target = targets.iter().find(|target| target.code == meeting.batch).and_then(|target| target.points);
    let over = target.filter(|target| rust_decimal::Decimal::from(meeting.listed) > *target);
    let mut remarks: Vec<_> = over
        .map(|target| format!("本批次拟列入 {} 个，超过约 {} 个的目标。", meeting.listed, target.normalize()))
        .into_iter()
        .collect();
    let (all, total) = (meeting.listed_before + meeting.listed, pack.count("batch.target_total", today)?);
    if all > total {
        remarks.push(format!(
            "连同已列入的 {} 个共 {all} 个，超过各批合计约 {total} 个的目标。",
            meeting.listed_before
        ));
    }
    Ok(remarks)
}

/// 三(三): by when the list is to be published once the notice is over.
pub fn publish_due(notice_last: Day, pack: &Pack, today: Day) -> Result<Deadline, Refusal> {
    let days = pack.days("list.publish_days", today)?;
    Ok(pack.calendar().deadline_after(notice_last, Term::WorkingDays(days)))
}

/// A public notice: `days` working days, the first day counted.
pub fn notice_period(first: Day, days: Option<i32>, pack: &Pack, today: Day) -> Result<(Day, Day), Refusal> {
    let (least, most) = (pack.days("notice.days_min", today)?, pack.days("notice.days_max", today)?);
    let days = match days {
        Some(days) => days,
        None => pack.days("notice.days", today)?,
    };
    if !(least..=most).contains(&days) {
        let says = format!("公示期 {days} 个工作日不在 {least} 至 {most} 个工作日之间。");
        return Err(Refusal::by(CONFERENCE, "notice_length", says, "请重新确定公示期。"));
    }
    if first < today {
        let says = "公示开始日早于今天。";
        return Err(Refusal::by(CONFERENCE, "notice_in_past", says, "请从今天或以后开始公示。"));
    }
    Ok(pack.calendar().notice_period(first, days))
}

/// What is to be published.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Where the batch stands.
    pub stage: BatchStage,
    /// The last day of the public notice.
    pub notice_last: Day,
    /// Who proposed.
    pub proposed_by: PersonId,
    /// The version before; 0 where this is the first.
    pub version_before: i64,
    /// The day on which the version before takes effect.
    pub effective_before: Option<Day>,
    /// The version to be published.
    pub version: i64,
    /// The day of the decision.
    pub decided_on: Day,
    /// The day the list takes effect.
    pub effective: Day,
    /// The provincial government's approval, where the pack asks for it.
    pub approval_number: Option<String>,
    /// Names on the list whose objection is still open.
    pub under_objection: Vec<String>,
}

/// A list that is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Where the batch stands now.
    pub stage: BatchStage,
    /// The version.
    pub version: i64,
    /// Until when the cities file the plans, counted from today: 二(一).
    pub filing_due: Deadline,
}

/// 三(三): the provincial approver, who did not propose, publishes after the notice.
pub fn publish(list: &Publication, who: &Who, pack: &Pack, today: Day) -> Result<Published, Refusal> {
    need_role(who, &[Role::OfficeApprover])?;
    need_batch(list.stage, BatchStage::OnNotice)?;
    if who.is(list.proposed_by) {
        let says = "拟列入的经办人不能公布名单。";
        return Err(Refusal::by_conduct("proposer_is_publisher", says, "请由另一位省审定人公布。"));
    }
    if today <= list.notice_last {
        let says = format!("公示期到{}为止，尚未结束。", list.notice_last.words());
        return Err(Refusal::by(CONFERENCE, "notice_running", says, "请在公示期满次日起公布。"));
    }
    if !list.under_objection.is_empty() {
        let says = format!("{}的异议尚未办结。", list.under_objection.join("、"));
        let remedy = "请先将其暂缓，名单其他部分可以照常公布。";
        return Err(Refusal::by(CONFERENCE, "under_objection", says, remedy));
    }
    if list.version != list.version_before + 1 {
        let says = format!("名单版本应为第 {} 版。", list.version_before + 1);
        return Err(Refusal::by_conduct("version", says, "请刷新页面后重新公布。"));
    }
    effective(list, pack, today)?;
    approval(list, pack, today)?;
    let filing_due = pack.calendar().deadline_after(today, pack.term("filing.term", today)?);
    Ok(Published { stage: BatchStage::Published, version: list.version, filing_due })
}

/// Between the decision and the last day of the pack, and no version before the one it follows: on
/// any day the newest version that has taken effect is the list.
fn effective(list: &Publication, pack: &Pack, today: Day) -> Result<(), Refusal> {
    if let Some(before) = list.effective_before.filter(|before| list.effective < *before) {
        let says = format!("生效日期早于上一版名单的生效日期（{}）。", before.words());
        let remedy = format!("请选择{}或以后的日期。", before.words());
        return Err(Refusal::by(LIST, "effective_day", says, remedy));
    }
    let most = pack.days("list.effective_days_max", today)?;
    let last = pack.calendar().deadline_after(today, Term::WorkingDays(most)).day;
    if (list.decided_on..=last).contains(&list.effective) {
        return Ok(());
    }
    let says = "生效日期不合规定。";
    let remedy = format!("请在决定日期{}至{}之间选择生效日期。", list.decided_on.words(), last.words());
    Err(Refusal::by(LIST, "effective_day", says, remedy))
}

fn approval(list: &Publication, pack: &Pack, today: Day) -> Result<(), Refusal> {
    let given = list.approval_number.as_deref().map(str::trim).filter(|text| !text.is_empty());
    match given {
        Some(text) => number(text).map(|_| ()),
        None if pack.text("list.government_approval", today)? == "必填" => {
            let says = "缺少省人民政府批准文号。";
            Err(Refusal::by(LIST, "approval_missing", says, "请填写批准文号后公布。"))
        }
        None => Ok(()),
    }
}

fn number(text: &str) -> Result<DocumentNumber, Refusal> {
    text.parse().map_err(|remedy: String| {
        Refusal::by(CONFERENCE, "document_number", format!("文号“{text}”不规范。"), remedy)
    })
}

/// An act on a batch that has its one stage.
pub fn need_batch(stage: BatchStage, needed: BatchStage) -> Result<(), Refusal> {
    if stage == needed {
        return Ok(());
    }
    let says = format!("本批次当前状态为“{}”，不能办理此事项。", stage.words());
    let remedy = format!("此事项在“{}”状态下办理。", needed.words());
    Err(Refusal::by_conduct("wrong_stage", says, remedy))
}
