//! Any level sends a declaration back, naming the items at fault; the 补正 clock begins.

use super::super::deed::Deed;
use super::super::store;
use super::case::{Case, Said, owed_by};
use crate::submissions;
use domain::declaration::{self as decide, Fault};
use domain::id::SubmissionId;
use domain::role::Role;
use kit::Result;

/// What is at fault, and the opinion above it.
#[derive(Clone, Debug, Default)]
pub struct ReturnInput {
    pub faults: Vec<Fault>,
    pub opinion: String,
}

/// Sends it back to the operator; the rest of the form stands.
pub async fn return_for_revision(deed: &Deed<'_>, id: SubmissionId, input: &ReturnInput) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.return", id).await?;
    let by_office = case.state.stage.is_with_office();
    let named = (case.form, input.faults.as_slice());
    let outcome = decide::return_for_revision(&case.state, &case.who, named, deed.pack(), deed.today())?;
    let faults: Vec<_> = input.faults.iter().map(|fault| at_item(case.form, fault)).collect();
    submissions::reopen(&mut act, id, &faults).await?;
    store::void_signatures(&mut act, &case.row.id, "申报书已退回补正，原会签作废。").await?;
    if by_office {
        case.row.supplement_due = outcome.due.as_ref().map(|due| due.day.to_string());
        case.row.supplement_rounds += 1;
    }
    case.row.city_report_id = None;
    case.row.recommended = None;
    case.row.reported_day = None;
    let next = owed_by(outcome.stage, case.handlers.operator, Role::Clerk, outcome.due.as_ref())?;
    let said = Said { opinion: &input.opinion, ..Said::default() };
    case.leave(deed, &mut act, &outcome, said, Some(next)).await?;
    case.commit(deed, act, &outcome, said).await
}

/// The rules name an item or a whole section by one code; a submission wants both apart.
fn at_item(form: &domain::form::Form, fault: &Fault) -> submissions::Fault {
    let section = form.section_of(&fault.item).map(|section| section.code.clone()).unwrap_or_default();
    let item = if section == fault.item { String::new() } else { fault.item.clone() };
    submissions::Fault { section, item, says: fault.reason.clone() }
}
