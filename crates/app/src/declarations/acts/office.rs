//! The office takes declarations in: one by one, or all of a city's report.

use super::super::deed::Deed;
use super::super::store;
use super::case::{Case, Said, owed_by};
use domain::calendar::Deadline;
use domain::declaration as decide;
use domain::id::{CityReportId, SubmissionId};
use domain::role::Role;
use domain::stage::DeclarationStage;
use kit::Result;

/// The office takes a declaration in.
pub async fn receive(deed: &Deed<'_>, id: SubmissionId, opinion: &str) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.receive", id).await?;
    let outcome = decide::receive(&case.state, &case.who)?;
    case.row.supplement_due = None;
    let day = case.batch.list_by()?;
    let explain = format!("本批次名单公布的计划日期为{}。", day.words());
    let due = Deadline { day, nominal: day, rolled: false, provisional: false, explain };
    let next = owed_by(outcome.stage, case.handlers.office, Role::Office, Some(&due))?;
    let said = Said { opinion, ..Said::default() };
    case.leave(deed, &mut act, &outcome, said, Some(next)).await?;
    case.commit(deed, act, &outcome, said).await
}

/// Takes in every declaration of a city's report that still waits. Says how many there were.
pub async fn receive_report(deed: &Deed<'_>, report: CityReportId) -> Result<usize> {
    let reach = deed.reach("declaration.receive")?;
    let store = deed.app.store();
    let report = store::report(store.read(), &reach, report).await?;
    let mut count = 0;
    for row in store::reported_in(store.read(), &report.id).await? {
        if row.stage()? == DeclarationStage::Reported {
            receive(&Deed::new(deed.app, deed.actor), row.id()?, "").await?;
            count += 1;
        }
    }
    Ok(count)
}
