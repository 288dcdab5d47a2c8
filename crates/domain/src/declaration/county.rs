//! 四(二): the county government is the responsible body; it reviews, then approves.

use super::{
    DeclarationState, MANNER, Mark, Outcome, Who, arrow, document_number, need_role, not_the_filler, reason,
    step_due, wrong_stage,
};
use crate::day::Day;
use crate::eligibility::Fact;
use crate::pack::Pack;
use crate::problem::Refusal;
use crate::role::Role;
use crate::stage::DeclarationStage;

/// The county's reviewer gives an opinion; the declaration stays where it is.
pub fn county_review(
    state: &DeclarationState,
    who: &Who,
    opinion: &str,
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    need_role(who, &[Role::CountyReviewer])?;
    if state.stage != DeclarationStage::AtCounty {
        return Err(wrong_stage(state.stage));
    }
    not_the_filler(state, who)?;
    if state.reviewed_by == Some(who.person) {
        let says = "您已提交审核意见，现由县审定人审定。";
        return Err(Refusal::by(
            MANNER,
            "already_reviewed",
            says,
            "需要更正的，请县审定人退回补正后重新审核。",
        ));
    }
    reason(opinion, "审核意见", pack, today)?;
    Ok(Outcome::at("declaration.county_reviewed", state.stage))
}

/// 三(四): the county government approves by a document, with its scan, and reports to the city.
pub fn county_approve(
    state: &DeclarationState,
    who: &Who,
    (number, has_scan): (&str, bool),
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    let stage = arrow(state, "county_approve", who)?;
    not_the_filler(state, who)?;
    match state.reviewed_by {
        None => {
            let says = "县审核员尚未出具审核意见。";
            return Err(Refusal::by(MANNER, "not_reviewed", says, "请先由县审核员审核。"));
        }
        Some(reviewer) if who.is(reviewer) => {
            let says = "审核人不能同时审定。";
            return Err(Refusal::by_conduct("reviewer_is_approver", says, "请由另一位县审定人办理。"));
        }
        Some(_) => {}
    }
    document_number(number, MANNER)?;
    if !has_scan {
        let says = "缺少县级政府申报文件的扫描件。";
        return Err(Refusal::by(MANNER, "scan_missing", says, "请上传盖章文件的扫描件。"));
    }
    let mut outcome = Outcome::at("declaration.county_approved", stage);
    if state.applicant.is(Fact::PilotCounty) {
        outcome.marks.push(Mark::PilotCounty);
    }
    Ok(outcome.due(step_due("declaration.city_signing_days", pack, today)?))
}
