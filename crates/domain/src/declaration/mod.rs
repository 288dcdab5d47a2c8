//! 三(一)–三(四): from the call to receipt by the office. Pure deciders; the app stores.

mod batch;
mod city;
mod county;
mod office;
mod plan_days;
mod report;
mod town;

pub use batch::{
    BatchState, Call, Called, Extension, LateLeave, Window, WindowState, call, close, close_due, extend,
    grant_late, may_begin, not_the_drafter,
};
pub use city::{bureau_sign, is_signed_by_all, standing_signatures};
pub use county::{county_approve, county_review};
pub use office::{Fault, receive, return_for_revision};
pub use plan_days::{PlanDays, Slip, keep_or_slip, plan_days};
pub use report::{Recommended, ReportState, Reported, compile_report, send_report, sign_report, summary};
pub use town::{WITHDRAWAL, hand_to_town_head, reopen, start, town_head_confirm, withdraw};

use crate::calendar::Deadline;
use crate::clause::Clause;
use crate::day::Day;
use crate::document_number::DocumentNumber;
use crate::eligibility::Applicant;
use crate::id::{OrganisationId, PersonId};
use crate::pack::{Pack, ValueError};
use crate::problem::Refusal;
use crate::reason::reason;
use crate::role::Role;
use crate::stage::{BatchStage, DeclarationStage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where and how declarations are handed in.
const MANNER: Clause = Clause::new(3, 4);
/// How many are chosen, and when.
const LIST: Clause = Clause::new(3, 3);
/// When they are handed in.
const TIME: Clause = Clause::new(3, 2);

/// Who acts, in one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The person.
    pub person: PersonId,
    /// Under a delegation, the person he acts for.
    pub for_person: Option<PersonId>,
    /// The role he acts in.
    pub role: Role,
    /// The organisation he acts for.
    pub organisation: OrganisationId,
    /// Which of the city's bureaus that is, by its code in the pack.
    pub bureau: Option<String>,
}

impl Who {
    /// Whether a person acts here, himself or by another. What he may not do himself, nobody does for him.
    pub fn is(&self, person: PersonId) -> bool {
        self.person == person || self.for_person == Some(person)
    }
}

/// One bureau's signature on one content hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The bureau's code in the pack.
    pub bureau: String,
    /// Who signed.
    pub person: PersonId,
    /// What he signed.
    pub content_hash: String,
}

/// What is known of a declaration when somebody wants to act on it.
#[derive(Clone, Debug)]
pub struct DeclarationState {
    /// Where its batch stands.
    pub batch: BatchStage,
    /// Where it stands.
    pub stage: DeclarationStage,
    /// The applicant's facts.
    pub applicant: Applicant,
    /// Everybody who has ever filled in a part of it, whoever saved last.
    pub editors: BTreeSet<PersonId>,
    /// Who confirmed it for the town or platform.
    pub confirmed_by: Option<PersonId>,
    /// Who has reviewed it for the county, since it last arrived there.
    pub reviewed_by: Option<PersonId>,
    /// The hash of what it says now.
    pub content_hash: String,
    /// The bureaus' signatures, those on earlier contents included.
    pub signatures: Vec<Signature>,
    /// The end of the batch's window.
    pub closes: Day,
    /// Every time the batch's window was made longer, the first time first.
    pub extensions: Vec<Extension>,
    /// The end of the 补正 clock that runs since the office returned it.
    pub supplement_due: Option<Day>,
    /// How often the office has returned it.
    pub supplement_rounds: i64,
    /// Leave to send late, where the office gave it.
    pub late_leave: Option<LateLeave>,
}

impl DeclarationState {
    /// The day by which the city must report: the window's end, or that of the 补正 clock where it is later.
    pub fn due_to_report(&self) -> Day {
        self.supplement_due.map_or(self.closes, |due| due.max(self.closes))
    }
}

/// What an act leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The past fact for the record: `declaration.handed_to_town_head`.
    pub event: &'static str,
    /// Where the declaration stands after the act.
    pub stage: DeclarationStage,
    /// Until when the next step is owed.
    pub due: Option<Deadline>,
    /// What stays with the declaration for ever.
    pub marks: Vec<Mark>,
}

/// What stays with a declaration for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Sent after the day it was due, with leave.
    Late(Lateness),
    /// Sent within a window that had been made longer.
    Extended(Lateness),
    /// Returned and supplemented for the so-many-th time.
    Supplemented {
        /// The round, from 1.
        round: i64,
    },
    /// From a province-run pilot county, reported through the city.
    PilotCounty,
}

/// By how much one sending came after a day, and by whose leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lateness {
    /// The day it would have been due.
    pub due: Day,
    /// Days after it.
    pub days: i32,
    /// The round of 补正 it was sent in; 0 for the first sending.
    pub round: i64,
    /// Why.
    pub reason: String,
    /// Who allowed it, by the code of the pack.
    pub authority: String,
}

impl Outcome {
    fn at(event: &'static str, stage: DeclarationStage) -> Outcome {
        Outcome { event, stage, due: None, marks: Vec::new() }
    }

    fn due(self, deadline: Deadline) -> Outcome {
        Outcome { due: Some(deadline), ..self }
    }

    /// Who owes the next step.
    pub fn owed_by(&self) -> &'static [Role] {
        self.stage.owed_by()
    }
}

impl From<ValueError> for Refusal {
    fn from(error: ValueError) -> Refusal {
        Refusal::by_conduct("pack", format!("{error}。"), "请省办核对规则包后再试。")
    }
}

/// The stage an act leads to, where the stage graph and the role allow it and the conference has not decided.
fn arrow(state: &DeclarationState, act: &str, who: &Who) -> Result<DeclarationStage, Refusal> {
    if !matches!(state.batch, BatchStage::Called | BatchStage::Selecting) {
        let says = format!("本批次当前状态为“{}”，申报书不再流转。", state.batch.words());
        return Err(Refusal::by(LIST, "batch_decided", says, "未列入的单位可以在下一批次重新申报。"));
    }
    let arrows = DeclarationStage::moves();
    let arrow = arrows.iter().find(|arrow| arrow.from == state.stage && arrow.act == act);
    let Some(arrow) = arrow else {
        return Err(wrong_stage(state.stage));
    };
    need_role(who, arrow.by)?;
    Ok(arrow.to)
}

/// An act at a stage that does not know it.
pub fn wrong_stage(stage: DeclarationStage) -> Refusal {
    let says = format!("申报书当前状态为“{}”，不能办理此事项。", stage.words());
    Refusal::by_conduct("wrong_stage", says, "请刷新页面，查看当前环节后再办理。")
}

pub(crate) fn need_role(who: &Who, roles: &[Role]) -> Result<(), Refusal> {
    if roles.contains(&who.role) {
        return Ok(());
    }
    let needed: Vec<_> = roles.iter().map(|role| role.words()).collect();
    let says = format!("以“{}”身份不能办理此事项。", who.role.words());
    Err(Refusal::by_conduct("wrong_role", says, format!("请由{}办理。", needed.join("或"))))
}

/// Filler ≠ approver, at every level, and under a delegation neither in the other's name.
fn not_the_filler(state: &DeclarationState, who: &Who) -> Result<(), Refusal> {
    if !state.editors.iter().any(|editor| who.is(*editor)) {
        return Ok(());
    }
    let says = "填报人不能审核、审定自己填报的内容。";
    Err(Refusal::by_conduct("filler_is_approver", says, "请由本单位另一位有权限的人员办理。"))
}

fn document_number(text: &str, clause: Clause) -> Result<DocumentNumber, Refusal> {
    text.parse().map_err(|remedy: String| {
        Refusal::by(clause, "document_number", format!("文号“{text}”不规范。"), remedy)
    })
}

/// An authority of the pack's list, by its code.
fn authority(code: &str, pack: &Pack, today: Day) -> Result<String, Refusal> {
    let known = pack.list("declaration.late_authorities", today)?;
    if known.iter().any(|entry| entry.code == code) {
        return Ok(code.to_owned());
    }
    let names: Vec<_> = known.into_iter().map(|entry| entry.name).collect();
    let remedy = format!("请从以下机关中选择：{}。", names.join("、"));
    Err(Refusal::by(TIME, "authority", "批准机关不在规定范围内。", remedy))
}

/// The deadline of an office step, so many working days from today.
fn step_due(id: &str, pack: &Pack, today: Day) -> Result<Deadline, Refusal> {
    let days = pack.days(id, today)?;
    Ok(pack.calendar().deadline_after(today, crate::calendar::Term::WorkingDays(days)))
}
