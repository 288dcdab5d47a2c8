//! 三(四): the three bureaus sign one content hash each, then the city reports.

use super::batch::window_closed;
use super::{
    DeclarationState, Lateness, MANNER, Mark, Outcome, Signature, TIME, Who, arrow, document_number,
    need_role, not_the_filler, step_due, wrong_stage,
};
use crate::calendar::Deadline;
use crate::day::Day;
use crate::document_number::DocumentNumber;
use crate::eligibility::Fact;
use crate::pack::{Entry, Pack};
use crate::problem::Refusal;
use crate::reason::Length;
use crate::role::Role;
use crate::stage::DeclarationStage;

/// The signatures that stand: those on what the declaration says now. Any edit voids them all.
pub fn standing_signatures(state: &DeclarationState) -> Vec<&Signature> {
    state.signatures.iter().filter(|signature| signature.content_hash == state.content_hash).collect()
}

/// Whether every bureau of the pack has signed what the declaration says now.
pub fn is_signed_by_all(state: &DeclarationState, pack: &Pack, today: Day) -> Result<bool, Refusal> {
    Ok(unsigned(state, pack, today)?.is_empty())
}

/// A bureau signs the content it has seen; a content changed meanwhile is refused.
pub fn bureau_sign(
    state: &DeclarationState,
    who: &Who,
    content_hash: &str,
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    need_role(who, &[Role::CityBureau])?;
    if state.stage != DeclarationStage::AtCity {
        return Err(wrong_stage(state.stage));
    }
    not_the_filler(state, who)?;
    let bureaus = pack.list("city.bureaus", today)?;
    let bureau = bureaus.iter().find(|bureau| Some(&bureau.code) == who.bureau.as_ref());
    let Some(bureau) = bureau else {
        let names: Vec<_> = bureaus.iter().map(|bureau| bureau.name.as_str()).collect();
        let remedy = format!("请由设区市{}会签。", names.join("、"));
        return Err(Refusal::by(MANNER, "not_a_signing_bureau", "本单位不是会签部门。", remedy));
    };
    if content_hash != state.content_hash {
        let says = "申报内容在您查看之后有改动。";
        return Err(Refusal::by(MANNER, "content_changed", says, "请重新打开申报书，核对后再会签。"));
    }
    let standing = standing_signatures(state);
    if standing.iter().any(|signature| signature.bureau == bureau.code) {
        let says = format!("{}已经会签。", bureau.name);
        return Err(Refusal::by(MANNER, "already_signed", says, "无需重复会签。"));
    }
    if standing.iter().any(|signature| who.is(signature.person)) {
        let says = "同一人不能代表两个部门会签。";
        return Err(Refusal::by_conduct("same_person", says, "请由本部门另一位会签人办理。"));
    }
    Ok(Outcome::at("declaration.bureau_signed", state.stage))
}

/// One declaration of a city report with its place in the order of recommendation.
#[derive(Clone, Debug)]
pub struct Recommended<'a> {
    /// The declaration.
    pub state: &'a DeclarationState,
    /// Its name, for the words of a refusal.
    pub name: &'a str,
    /// Its place in the order, from 1.
    pub order: i64,
}

/// A city report that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The number of the city's document.
    pub document_number: DocumentNumber,
    /// What becomes of each declaration, in the order given.
    pub outcomes: Vec<Outcome>,
    /// Until when the office is to receive them.
    pub due: Deadline,
}

/// 三(四): the city reports its declarations, all signed by the three, in order, in time.
pub fn city_report(
    list: &[Recommended<'_>],
    who: &Who,
    number: &str,
    pack: &Pack,
    today: Day,
) -> Result<Reported, Refusal> {
    need_role(who, &[Role::CityApprover])?;
    if list.is_empty() {
        let says = "上报清单是空的。";
        return Err(Refusal::by(MANNER, "empty_report", says, "请至少选入一份已会签的申报书。"));
    }
    let document_number = document_number(number, MANNER)?;
    in_order(list)?;
    let due = step_due("declaration.receipt_days", pack, today)?;
    let outcomes = list.iter().map(|one| report_one(one, who, pack, today)).collect::<Result<Vec<_>, _>>()?;
    let outcomes = outcomes.into_iter().map(|outcome| outcome.due(due.clone())).collect();
    Ok(Reported { document_number, outcomes, due })
}

fn report_one(one: &Recommended<'_>, who: &Who, pack: &Pack, today: Day) -> Result<Outcome, Refusal> {
    if one.state.stage != DeclarationStage::AtCity {
        let says = format!("“{}”当前状态为“{}”，不能上报。", one.name, one.state.stage.words());
        let remedy = "请由建设局重新编制清单，不编入这一件，或待其重新会签齐后编入。";
        return Err(Refusal::by(MANNER, "wrong_stage", says, remedy));
    }
    let stage = arrow(one.state, "city_report", who)?;
    not_the_filler(one.state, who)?;
    let unsigned = unsigned(one.state, pack, today)?;
    if !unsigned.is_empty() {
        let names: Vec<_> = unsigned.iter().map(|bureau| bureau.name.as_str()).collect();
        let says = format!("“{}”尚缺{}的会签。", one.name, names.join("、"));
        return Err(Refusal::by(MANNER, "not_signed", says, "请三个部门都会签后再上报。"));
    }
    let mut outcome = Outcome::at("declaration.reported", stage);
    outcome.marks = timeliness(one.state, today)?;
    if one.state.applicant.is(Fact::PilotCounty) {
        outcome.marks.push(Mark::PilotCounty);
    }
    Ok(outcome)
}

/// In time, in time by an extension, or late with leave; after a return by the office the later of
/// the two clocks counts.
fn timeliness(state: &DeclarationState, today: Day) -> Result<Vec<Mark>, Refusal> {
    let mut marks = Vec::new();
    if state.supplement_due.is_some() {
        marks.push(Mark::Supplemented { round: state.supplement_rounds });
    }
    let due = state.due_to_report();
    if today <= due {
        marks.extend(extended(state, today).map(Mark::Extended));
        return Ok(marks);
    }
    let leave = state.late_leave.as_ref().filter(|leave| today <= leave.until);
    let leave = leave.ok_or_else(|| overdue(state))?;
    marks.push(Mark::Late(lateness(state, due, today, (&leave.reason, &leave.authority))));
    Ok(marks)
}

/// What an extension of the window allowed, where neither its first end nor the 补正 clock did.
fn extended(state: &DeclarationState, today: Day) -> Option<Lateness> {
    let first = state.extensions.first()?.was;
    if today <= state.supplement_due.map_or(first, |due| due.max(first)) {
        return None;
    }
    let by = state.extensions.iter().find(|extension| today <= extension.until)?;
    Some(lateness(state, first, today, (&by.reason, &by.authority)))
}

fn lateness(state: &DeclarationState, due: Day, today: Day, (reason, authority): (&str, &str)) -> Lateness {
    Lateness {
        due,
        days: due.days_until(today),
        round: state.supplement_rounds,
        reason: reason.to_owned(),
        authority: authority.to_owned(),
    }
}

/// Says which of the two clocks has run out.
fn overdue(state: &DeclarationState) -> Refusal {
    let Some(due) = state.supplement_due.filter(|due| *due > state.closes) else {
        return window_closed(state.closes);
    };
    let says = format!("本次补正期限已于{}届满。", due.words());
    let remedy = "如有正当理由，请联系省办申请逾期受理，由批准机关同意后报送。";
    Refusal::by(TIME, "supplement_over", says, remedy)
}

/// 三(四): what the city says of its report as a whole.
pub fn summary(text: &str, pack: &Pack, today: Day) -> Result<String, Refusal> {
    Length::of_summaries(pack, today)?.hold(text, "总体情况")
}

/// 1, 2, 3 … without gap or repetition.
fn in_order(list: &[Recommended<'_>]) -> Result<(), Refusal> {
    let mut orders: Vec<i64> = list.iter().map(|one| one.order).collect();
    orders.sort_unstable();
    let gapless = orders.iter().zip(1..).all(|(order, place)| *order == place);
    if gapless {
        return Ok(());
    }
    let says = "推荐顺序有空缺或重复。";
    let remedy = format!("请从 1 排到 {}，不重复、不跳号。", list.len());
    Err(Refusal::by(MANNER, "order_of_recommendation", says, remedy))
}

fn unsigned(state: &DeclarationState, pack: &Pack, today: Day) -> Result<Vec<Entry>, Refusal> {
    let standing = standing_signatures(state);
    let mut bureaus = pack.list("city.bureaus", today)?;
    bureaus.retain(|bureau| standing.iter().all(|signature| signature.bureau != bureau.code));
    Ok(bureaus)
}
