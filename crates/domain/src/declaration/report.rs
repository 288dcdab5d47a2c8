//! 三(四): the city's report: its list is compiled, signed by the three bureaus over one hash, and sent
//! by the city government.

use super::batch::window_closed;
use super::city::{may_sign, standing_signatures, wanting};
use super::{
    DeclarationState, Lateness, MANNER, Mark, Outcome, Signature, TIME, Who, arrow, document_number,
    need_role, not_the_filler, step_due,
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

/// What is known of a city's report when somebody wants to act on it.
#[derive(Clone, Debug)]
pub struct ReportState {
    /// The number of the city's document, as the list gives it.
    pub document_number: String,
    /// The hash of the list; empty until it is compiled.
    pub content_hash: String,
    /// The bureaus' signatures that nothing has voided.
    pub signatures: Vec<Signature>,
    /// Whether the city government has sent it.
    pub is_sent: bool,
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

/// A list of so many declarations is compiled, or compiled anew, for the three to sign.
pub fn compile_report(report: &ReportState, count: usize) -> Result<(), Refusal> {
    need_unsent(report)?;
    need_some(count)
}

/// What the city says of its report as a whole.
pub fn summary(text: &str, pack: &Pack, today: Day) -> Result<String, Refusal> {
    Length::of_summaries(pack, today)?.hold(text, "总体情况")
}

/// A bureau signs the list it has seen. Says whether it was the last of the three.
pub fn sign_report(
    report: &ReportState,
    who: &Who,
    content_hash: &str,
    pack: &Pack,
    today: Day,
) -> Result<bool, Refusal> {
    need_role(who, &[Role::CityBureau])?;
    need_unsent(report)?;
    if report.content_hash.is_empty() || report.content_hash != content_hash {
        let says = "上报清单尚未编好，或在您查看之后有改动。";
        return Err(Refusal::by(MANNER, "content_changed", says, "请重新打开清单，核对后再会签。"));
    }
    let standing: Vec<_> = report.signatures.iter().collect();
    let bureau = may_sign(&standing, who, pack, today)?;
    Ok(wanting(&standing, pack, today)?.iter().all(|other| other.code == bureau.code))
}

/// The city government reports: a list signed by the three, of declarations all signed by the three,
/// in order, in time.
pub fn send_report(
    report: &ReportState,
    list: &[Recommended<'_>],
    who: &Who,
    pack: &Pack,
    today: Day,
) -> Result<Reported, Refusal> {
    need_role(who, &[Role::CityApprover])?;
    need_unsent(report)?;
    need_list_signed(report, who, pack, today)?;
    need_some(list.len())?;
    let document_number = document_number(&report.document_number, MANNER)?;
    in_order(list)?;
    let due = step_due("declaration.receipt_days", pack, today)?;
    let outcomes = list.iter().map(|one| report_one(one, who, pack, today)).collect::<Result<Vec<_>, _>>()?;
    let outcomes = outcomes.into_iter().map(|outcome| outcome.due(due.clone())).collect();
    Ok(Reported { document_number, outcomes, due })
}

fn need_unsent(report: &ReportState) -> Result<(), Refusal> {
    if !report.is_sent {
        return Ok(());
    }
    let says = "这份清单已经上报。";
    Err(Refusal::by(MANNER, "already_sent", says, "此后会签齐的申报书，请编入下一份清单。"))
}

fn need_some(count: usize) -> Result<(), Refusal> {
    if count > 0 {
        return Ok(());
    }
    let says = "上报清单是空的。";
    Err(Refusal::by(MANNER, "empty_report", says, "请至少选入一份三个部门都已会签的申报书。"))
}

/// The three have signed the list as it stands, and the sender is none of them.
fn need_list_signed(report: &ReportState, who: &Who, pack: &Pack, today: Day) -> Result<(), Refusal> {
    if report.signatures.iter().any(|signature| who.is(signature.person)) {
        let says = "会签清单的人不能自己上报清单。";
        return Err(Refusal::by_conduct("signer_is_sender", says, "请由另一位市政府审定人上报。"));
    }
    let standing: Vec<_> =
        report.signatures.iter().filter(|signature| signature.content_hash == report.content_hash).collect();
    let Some(wanting) = names_of(&wanting(&standing, pack, today)?) else { return Ok(()) };
    let says = format!("上报清单尚缺{wanting}的会签。");
    Err(Refusal::by(MANNER, "not_signed", says, "请三个部门都会签清单后再上报。"))
}

/// The names of bureaus in one phrase; nothing where there is none.
fn names_of(bureaus: &[Entry]) -> Option<String> {
    let names: Vec<_> = bureaus.iter().map(|bureau| bureau.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join("、"))
}

fn report_one(one: &Recommended<'_>, who: &Who, pack: &Pack, today: Day) -> Result<Outcome, Refusal> {
    if one.state.stage != DeclarationStage::AtCity {
        let says = format!("“{}”当前状态为“{}”，不能上报。", one.name, one.state.stage.words());
        let remedy = "请由建设局重新编制清单，不编入这一件，或待其重新会签齐后编入。";
        return Err(Refusal::by(MANNER, "wrong_stage", says, remedy));
    }
    let stage = arrow(one.state, "city_report", who)?;
    not_the_filler(one.state, who)?;
    if let Some(wanting) = names_of(&wanting(&standing_signatures(one.state), pack, today)?) {
        let says = format!("“{}”尚缺{wanting}的会签。", one.name);
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
