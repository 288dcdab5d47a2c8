//! What the town or platform does: begin, hand over, confirm, withdraw.

use super::batch::{BatchState, LateLeave, may_begin};
use super::{
    DeclarationState, MANNER, Mark, Outcome, Who, arrow, need_role, not_the_filler, reason, step_due,
};
use crate::day::Day;
use crate::eligibility::{Applicant, Fact, refusals};
use crate::pack::Pack;
use crate::problem::{Problem, Refusal};
use crate::role::Role;
use crate::stage::DeclarationStage;

/// 三(一)、三(二): begin a declaration. Facts still unknown may be settled before sending.
pub fn start(
    (batch, leave): (&BatchState, Option<&LateLeave>),
    applicant: &Applicant,
    who: &Who,
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    need_role(who, &[Role::Clerk])?;
    may_begin(batch, leave, today)?;
    let settled = |refusal: &Refusal| !refusal.code.starts_with("unknown_");
    if let Some(refusal) = refusals(applicant, pack, today)?.into_iter().find(settled) {
        return Err(refusal);
    }
    let mut outcome = Outcome::at("declaration.started", DeclarationStage::Draft);
    if applicant.is(Fact::PilotCounty) {
        outcome.marks.push(Mark::PilotCounty);
    }
    Ok(outcome)
}

/// The clerk hands a complete declaration to the head. `problems` is `Form::check`'s answer.
pub fn hand_to_town_head(
    state: &DeclarationState,
    who: &Who,
    problems: &[Problem],
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    let stage = arrow(state, "hand_to_town_head", who)?;
    complete(problems)?;
    let outcome = Outcome::at("declaration.handed_to_town_head", stage);
    Ok(outcome.due(step_due("declaration.town_head_days", pack, today)?))
}

/// The head, who has filled in nothing himself, sends the declaration to the county.
pub fn town_head_confirm(
    state: &DeclarationState,
    who: &Who,
    problems: &[Problem],
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    let stage = arrow(state, "town_head_confirm", who)?;
    not_the_filler(state, who)?;
    complete(problems)?;
    if let Some(refusal) = refusals(&state.applicant, pack, today)?.into_iter().next() {
        return Err(refusal);
    }
    let outcome = Outcome::at("declaration.sent_to_county", stage);
    Ok(outcome.due(step_due("declaration.county_review_days", pack, today)?))
}

/// Until when a declaration may be taken back, in words.
pub const WITHDRAWAL: &str = "declaration.withdrawal";

/// Taking back, as long as the next level has not acted.
pub fn withdraw(
    state: &DeclarationState,
    who: &Who,
    why: &str,
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    let stage = arrow(state, "withdraw", who)?;
    reason(why, "撤回理由", pack, today)?;
    let acted = match state.stage {
        DeclarationStage::AtCounty => state.reviewed_by.is_some(),
        DeclarationStage::AtCity => !super::standing_signatures(state).is_empty(),
        _ => false,
    };
    if acted {
        let (says, rule) = ("上一级已经开始办理，不能撤回。", pack.text(WITHDRAWAL, today)?);
        return Err(Refusal::under(pack.clause_of(WITHDRAWAL), "next_level_acted", says, rule));
    }
    Ok(Outcome::at("declaration.withdrawn", stage))
}

/// A withdrawn declaration is taken up again while the window is open, or leave to be late holds.
pub fn reopen(
    state: &DeclarationState,
    batch: &BatchState,
    who: &Who,
    today: Day,
) -> Result<Outcome, Refusal> {
    let stage = arrow(state, "reopen", who)?;
    may_begin(batch, state.late_leave.as_ref(), today)?;
    Ok(Outcome::at("declaration.reopened", stage))
}

fn complete(problems: &[Problem]) -> Result<(), Refusal> {
    let Some(first) = problems.first() else { return Ok(()) };
    let says = format!("申报书还有 {} 处需要补充或更正，首先是：{}", problems.len(), first.says);
    let remedy = "请按任务清单逐项补充、更正后再提交。";
    Err(Refusal::by(first.clause.unwrap_or(MANNER), "incomplete", says, remedy))
}
