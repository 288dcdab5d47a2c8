//! 四(二): the county's reviewer gives an opinion, then the county government approves by document.

use super::super::deed::Deed;
use super::super::document::{self, Kept, Owner};
use super::super::store;
use super::case::{Case, Said, owed_by};
use super::report;
use domain::declaration as decide;
use domain::id::SubmissionId;
use domain::role::Role;
use kit::Result;
use kit::record::Next;

/// What the county government approves with.
#[derive(Clone, Debug)]
pub struct Approval {
    pub opinion: String,
    pub document_number: String,
    pub scan: Option<Kept>,
}

/// The reviewer's opinion; the declaration stays, the approver owes the next step.
pub async fn review(deed: &Deed<'_>, id: SubmissionId, opinion: &str) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.review", id).await?;
    let outcome = decide::county_review(&case.state, &case.who, opinion, deed.pack(), deed.today())?;
    case.row.reviewed_by = Some(deed.actor.person.to_string());
    let open = store::owing(act.read(), "declaration", &case.row.id).await?;
    let mut next = owed_by(outcome.stage, case.handlers.county, Role::CountyApprover, None)?;
    if let Some(row) = open.into_iter().next() {
        next.due = row.due_day.and_then(|day| day.parse().ok());
        next.due_why = row.due_why;
    }
    let said = Said { opinion, ..Said::default() };
    case.leave(deed, &mut act, &outcome, said, Some(next)).await?;
    case.commit(deed, act, &outcome, said).await
}

/// The county government approves: the three bureaus of the city owe their signatures.
pub async fn approve(deed: &Deed<'_>, id: SubmissionId, approval: &Approval) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.approve", id).await?;
    let given = (approval.document_number.as_str(), approval.scan.is_some());
    let outcome = decide::county_approve(&case.state, &case.who, given, deed.pack(), deed.today())?;
    let number: domain::document_number::DocumentNumber =
        approval.document_number.parse().expect("an approved number is well formed");
    let number = number.to_string();
    case.row.county_number = Some(number.clone());
    if let Some(scan) = &approval.scan {
        let owner = Owner { kind: "declaration", id: &case.row.id, event: outcome.event, number: &number };
        document::attach(&mut act, &owner, scan).await?;
    }
    report::ensure(&mut act, &case.row).await?;
    let due = outcome.due.clone();
    let next = Next {
        stage: outcome.stage.code(),
        owing: case.handlers.bureaus.iter().map(|(_, id, _)| (*id, Role::CityBureau)).collect(),
        due: due.as_ref().map(|due| due.day),
        due_why: due.map(|due| due.explain),
        ..Next::default()
    };
    let said = Said { opinion: &approval.opinion, document_number: &number };
    case.leave(deed, &mut act, &outcome, said, Some(next)).await?;
    case.commit(deed, act, &outcome, said).await
}
