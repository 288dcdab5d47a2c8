//! 三(二): the call of a batch, its window, extensions and leave to send late.

use super::{TIME, Who, authority, document_number, need_role, reason};
use crate::calendar::{Deadline, Term};
use crate::day::Day;
use crate::document_number::DocumentNumber;
use crate::id::PersonId;
use crate::pack::Pack;
use crate::problem::Refusal;
use crate::role::Role;
use crate::stage::BatchStage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is known of a batch when somebody wants to act on it.
#[derive(Clone, Debug)]
pub struct BatchState {
    /// Where it stands.
    pub stage: BatchStage,
    /// Its window, once it has been called.
    pub window: Option<Window>,
}

/// When declarations may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first day.
    pub opens: Day,
    /// The last day, until 24:00.
    pub closes: Day,
}

/// A window made longer, with reason and authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The last day before.
    pub was: Day,
    /// The last day now.
    pub until: Day,
    /// Why.
    pub reason: String,
    /// Who allowed it, by the code of the pack.
    pub authority: String,
}

/// Leave for one declaration to be sent late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateLeave {
    /// The last day of the leave.
    pub until: Day,
    /// Why.
    pub reason: String,
    /// Who allowed it, by the code of the pack.
    pub authority: String,
}

/// Where a day lies in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowState {
    /// Before the first day.
    NotYet,
    /// From the first to the last day.
    Open,
    /// After the last day.
    Closed,
}

impl Window {
    /// Where a day lies; both ends are open.
    pub fn on(&self, day: Day) -> WindowState {
        match day {
            day if day < self.opens => WindowState::NotYet,
            day if day <= self.closes => WindowState::Open,
            _ => WindowState::Closed,
        }
    }
}

/// What the office wants to call for.
#[derive(Clone, Debug)]
pub struct Call {
    /// The number of the notice.
    pub document_number: String,
    /// The first day of the window.
    pub opens: Day,
    /// The last day as the notice says it, before any rest day is stepped over.
    pub closes: Day,
    /// The day by which the list is to be published.
    pub list_by: Day,
}

/// A call that may go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The number of the notice.
    pub document_number: DocumentNumber,
    /// The window.
    pub window: Window,
    /// The end of the window, explained.
    pub closes: Deadline,
    /// The day by which the list is to be published, explained.
    pub list_by: Deadline,
}

/// Filler ≠ approver: whoever ever drafted a batch does not call it.
pub fn not_the_drafter(editors: &BTreeSet<PersonId>, who: &Who) -> Result<(), Refusal> {
    if !editors.iter().any(|editor| who.is(*editor)) {
        return Ok(());
    }
    let says = "拟定批次的人不能自己发出申报通知。";
    Err(Refusal::by_conduct("filler_is_approver", says, "请由另一位省审定人发出。"))
}

/// 三(二): the office calls for declarations, with enough working days to fill them in.
pub fn call(batch: &BatchState, who: &Who, call: &Call, pack: &Pack, today: Day) -> Result<Called, Refusal> {
    need_role(who, &[Role::OfficeApprover])?;
    need_stage(batch, &[BatchStage::Draft])?;
    let number = document_number(&call.document_number, TIME)?;
    if call.opens < today || call.closes < call.opens || call.list_by < call.closes {
        let says = "开始日、截止日、名单公布日的先后不对。";
        let remedy = "请使开始日不早于今天，截止日不早于开始日，名单公布日不早于截止日。";
        return Err(Refusal::by(TIME, "window_order", says, remedy));
    }
    let calendar = pack.calendar();
    let closes = calendar.deadline_after(today, Term::On(call.closes));
    let (left, least) =
        (calendar.working_days_left(today, closes.day), pack.days("batch.call_notice_days", today)?);
    if left < least {
        let says = format!("距截止日只有 {left} 个工作日，少于 {least} 个工作日。");
        let last = calendar.deadline_after(today, Term::WorkingDays(least)).day;
        let remedy = format!("请把截止日定在{}或以后。", last.words());
        return Err(Refusal::by(TIME, "call_too_short", says, remedy));
    }
    let list_by = calendar.deadline_after(today, Term::On(call.list_by));
    let window = Window { opens: call.opens, closes: closes.day };
    Ok(Called { document_number: number, window, closes, list_by })
}

/// By when the office closes the window and begins selection, once the last day is over.
pub fn close_due(closes: Day, pack: &Pack, today: Day) -> Result<Deadline, Refusal> {
    let days = pack.days("batch.close_days", today)?;
    Ok(pack.calendar().deadline_after(closes, Term::WorkingDays(days)))
}

/// The office closes the window and begins selection, once the last day is over.
pub fn close(batch: &BatchState, who: &Who, today: Day) -> Result<BatchStage, Refusal> {
    need_role(who, &[Role::Office])?;
    need_stage(batch, &[BatchStage::Called])?;
    let window = window(batch)?;
    if window.on(today) != WindowState::Closed {
        let says = format!("申报截止日为{}，尚未结束。", window.closes.words());
        return Err(Refusal::by(TIME, "window_open", says, "请在截止日次日起转入评审。"));
    }
    Ok(BatchStage::Selecting)
}

/// A longer window, with reason and authority; never a shorter one.
pub fn extend(
    batch: &BatchState,
    who: &Who,
    until: Day,
    (why, by): (&str, &str),
    pack: &Pack,
    today: Day,
) -> Result<Extension, Refusal> {
    need_role(who, &[Role::OfficeApprover])?;
    need_stage(batch, &[BatchStage::Called])?;
    let was = window(batch)?.closes;
    let (reason, authority) = (reason(why, "延期理由", pack, today)?, authority(by, pack, today)?);
    let until = extended_to(was.max(today), until, was, pack, today)?;
    Ok(Extension { was, until, reason, authority })
}

/// Leave for a county, a city or one declaration to be sent after the day it had so far, with
/// reason and authority, until the conference decides.
pub fn grant_late(
    (batch, was): (&BatchState, Day),
    who: &Who,
    until: Day,
    (why, by): (&str, &str),
    pack: &Pack,
    today: Day,
) -> Result<LateLeave, Refusal> {
    need_role(who, &[Role::OfficeApprover])?;
    need_stage(batch, &[BatchStage::Called, BatchStage::Selecting])?;
    let (reason, authority) = (reason(why, "逾期受理理由", pack, today)?, authority(by, pack, today)?);
    let until = extended_to(was.max(today), until, was, pack, today)?;
    Ok(LateLeave { until, reason, authority })
}

/// The new last day: after the old one, not in the past, within the pack's most working days.
fn extended_to(base: Day, until: Day, was: Day, pack: &Pack, today: Day) -> Result<Day, Refusal> {
    let calendar = pack.calendar();
    let until = calendar.next_working(until);
    if until <= was || until < today {
        let says = format!("新的截止日应晚于{}，且不早于今天。", was.words());
        return Err(Refusal::by(TIME, "extension_backwards", says, "请重新选择截止日。"));
    }
    let most = pack.days("declaration.extension_days_max", today)?;
    let last = calendar.deadline_after(base, Term::WorkingDays(most)).day;
    if until > last {
        let says = format!("一次延期不能超过 {most} 个工作日。");
        let remedy = format!("请把截止日定在{}或以前。", last.words());
        return Err(Refusal::by(TIME, "extension_too_long", says, remedy));
    }
    Ok(until)
}

/// 三(二): a declaration may be begun while the window is open, or as long as leave to be late holds.
pub fn may_begin(batch: &BatchState, leave: Option<&LateLeave>, today: Day) -> Result<(), Refusal> {
    if leave.is_some_and(|leave| today <= leave.until) {
        return need_stage(batch, &[BatchStage::Called, BatchStage::Selecting]);
    }
    need_stage(batch, &[BatchStage::Called])?;
    let window = window(batch)?;
    match window.on(today) {
        WindowState::Open => Ok(()),
        WindowState::NotYet => {
            let says = format!("本批次自{}起申报。", window.opens.words());
            Err(Refusal::by(TIME, "window_not_open", says, "请在申报开始后办理。"))
        }
        WindowState::Closed => Err(window_closed(window.closes)),
    }
}

pub(super) fn window_closed(closes: Day) -> Refusal {
    let says = format!("本批次申报已于{}截止。", closes.words());
    let remedy = "如有正当理由，请联系省办申请逾期受理，由批准机关同意后报送。";
    Refusal::by(TIME, "window_closed", says, remedy)
}

fn window(batch: &BatchState) -> Result<&Window, Refusal> {
    let missing = || Refusal::by(TIME, "not_called", "本批次尚未发出申报通知。", "请先发出申报通知。");
    batch.window.as_ref().ok_or_else(missing)
}

fn need_stage(batch: &BatchState, stages: &[BatchStage]) -> Result<(), Refusal> {
    if stages.contains(&batch.stage) {
        return Ok(());
    }
    let says = format!("本批次当前状态为“{}”，不能办理此事项。", batch.stage.words());
    let needed: Vec<_> = stages.iter().map(|stage| format!("“{}”", stage.words())).collect();
    let remedy = format!("此事项在{}状态下办理。", needed.join("或"));
    Err(Refusal::by_conduct("wrong_stage", says, remedy))
}
