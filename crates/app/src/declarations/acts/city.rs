//! 三(四): each of the city's three bureaus signs the content it has seen.

use super::super::deed::Deed;
use super::super::store::{self, NewSignature};
use super::case::{Case, Said, owed_by};
use super::report;
use domain::calendar::Deadline;
use domain::declaration::{self as decide, Signature};
use domain::id::SubmissionId;
use domain::role::Role;
use kit::Result;

/// A bureau signs; the third signature puts the declaration before the city government.
pub async fn sign(deed: &Deed<'_>, id: SubmissionId, content_hash: &str, opinion: &str) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.sign", id).await?;
    let (pack, today) = (deed.pack(), deed.today());
    let outcome = decide::bureau_sign(&case.state, &case.who, content_hash, pack, today)?;
    let bureau = case.who.bureau.clone().unwrap_or_default();
    let signature = NewSignature {
        declaration: &case.row.id,
        edition: case.row.edition_id.as_deref().unwrap_or_default(),
        content_hash,
        bureau: &bureau,
        opinion,
    };
    store::insert_signature(&mut act, deed.actor, &signature).await?;
    act.leave_stages("declaration", &case.row.id, Some(deed.actor.organisation)).await?;
    let person = deed.actor.person;
    case.state.signatures.push(Signature { bureau, person, content_hash: content_hash.to_owned() });
    let next = if decide::is_signed_by_all(&case.state, pack, today)? {
        report::await_compiling(deed, &mut act, &case).await?;
        let due = due_to_report(&case);
        Some(owed_by(outcome.stage, case.handlers.city, Role::CityApprover, Some(&due))?)
    } else {
        None
    };
    let said = Said { opinion, ..Said::default() };
    case.leave(deed, &mut act, &outcome, said, next).await?;
    case.commit(deed, act, &outcome, said).await
}

/// The day by which the city must report, with its reason.
pub fn due_to_report(case: &Case<'_>) -> Deadline {
    let (nominal, state) = (case.state.due_to_report(), &case.state);
    let leave = state.late_leave.as_ref().map(|leave| leave.until).filter(|until| *until > nominal);
    let (day, explain) = match leave {
        Some(until) => (until, format!("原截止日{}，经批准延至{}。", nominal.words(), until.words())),
        None if nominal > state.closes => (nominal, format!("补正期限为{}。", nominal.words())),
        None => (nominal, case.batch.closes_why.clone()),
    };
    Deadline { day, nominal: day, rolled: false, provisional: false, explain }
}
