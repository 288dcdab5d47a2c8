//! The office receives, and any level returns with the items at fault named.

use super::{DeclarationState, MANNER, Outcome, Who, arrow, not_the_filler, step_due};
use crate::day::Day;
use crate::form::Form;
use crate::pack::Pack;
use crate::problem::Refusal;
use crate::role::Role;
use crate::stage::DeclarationStage;
use serde::{Deserialize, Serialize};

/// An item that must be put right, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The item's code or, for a whole page, the section's.
    pub item: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// The office takes the declaration in.
pub fn receive(state: &DeclarationState, who: &Who) -> Result<Outcome, Refusal> {
    let stage = arrow(state, "receive", who)?;
    not_the_filler(state, who)?;
    Ok(Outcome::at("declaration.received", stage))
}

/// Sent back with the items at fault. The 补正 clock begins; the rest of the form stands.
pub fn return_for_revision(
    state: &DeclarationState,
    who: &Who,
    (form, faults): (&Form, &[Fault]),
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    let stage = arrow(state, "return", who)?;
    if faults.is_empty() {
        let says = "退回时没有指明需要补正的内容。";
        return Err(Refusal::by(MANNER, "no_faults", says, "请至少勾选一项并写明原因。"));
    }
    for fault in faults {
        named(form, fault, pack, today)?;
    }
    if who.role == Role::Office {
        let most = pack.count("declaration.supplement_rounds_max", today)?;
        if state.supplement_rounds >= most {
            let says = format!("已补正 {} 次，达到 {most} 次的上限。", state.supplement_rounds);
            let remedy = "请受理后在评审中说明，或不予列入。";
            return Err(Refusal::by(MANNER, "supplement_rounds", says, remedy));
        }
    }
    let due = step_due("declaration.supplement_days", pack, today)?;
    Ok(Outcome::at("declaration.returned", stage).due(due))
}

impl DeclarationStage {
    /// Whether a return from this stage is the office's, and so sets the 补正 clock for sending.
    pub fn is_with_office(self) -> bool {
        matches!(self, DeclarationStage::Reported | DeclarationStage::Received)
    }
}

fn named(form: &Form, fault: &Fault, pack: &Pack, today: Day) -> Result<(), Refusal> {
    if form.section_of(&fault.item).is_none() {
        let says = format!("表单中没有“{}”这一项。", fault.item);
        return Err(Refusal::by(MANNER, "unknown_item", says, "请从申报书中勾选需要补正的项目。"));
    }
    super::reason(&fault.reason, "补正要求", pack, today).map(|_| ())
}
