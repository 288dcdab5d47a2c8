//! What the town or platform does: begin, hand over, confirm, withdraw, take up again.

use super::super::deed::Deed;
use super::super::store::{self, BatchRow, NewDeclaration, NewStep, PlaceRow};
use super::case::{Case, Said, owed_by};
use crate::submissions;
use domain::calendar::Deadline;
use domain::clause::Clause;
use domain::declaration::{self as decide, LateLeave, Outcome};
use domain::id::{BatchId, SubmissionId};
use domain::role::Role;
use domain::stage::DeclarationStage;
use kit::record::{Act, Event, Next};
use kit::{Error, Result};

/// 三(一)、三(二): a clerk begins his town's declaration in a batch that is open to it.
pub async fn start(deed: &Deed<'_>, batch: BatchId) -> Result<SubmissionId> {
    deed.reach("declaration.start")?;
    let place_id = deed.actor.place.ok_or(Error::Forbidden)?;
    let batches = deed.reach("batch.read")?;
    let mut act = deed.begin().await?;
    store::batch(act.read(), &batches, batch).await?;
    store::hold_batch(&mut act, &batch.to_string()).await?;
    let batch = store::batch(act.read(), &batches, batch).await?;
    let place = store::place(act.read(), place_id, deed.today()).await?;
    let earlier = store::declaration_of(act.read(), &batch.id, place_id).await?;
    let leave = store::late_leave(act.read(), &batch.id, place.covered()).await?;
    let who = deed.who(act.read()).await?;
    let elsewhere = store::underway_elsewhere(act.read(), &batch.id, place_id).await?;
    let applicant = place.applicant(earlier.is_some(), elsewhere)?;
    let outcome =
        decide::start((&batch.state()?, leave.as_ref()), &applicant, &who, deed.pack(), deed.today())?;
    let id = submissions::start(&mut act, deed.pack(), form_for(deed, &batch, &place)?).await?;
    let serial = store::count_in_batch(act.read(), &batch.id).await? + 1;
    let number = format!("{}-{}-{serial:03}", batch.year, batch.ordinal);
    let new = NewDeclaration { id, batch: &batch.id, place: &place, number: &number };
    store::insert_declaration(&mut act, &new).await?;
    first_step(deed, &mut act, id, &outcome).await?;
    let due = due_to_send(&batch, leave.as_ref())?;
    let next = owed_by(outcome.stage, Some(deed.actor.organisation), Role::Clerk, Some(&due))?;
    act.enter_stage("declaration", id, Next { place: Some(place_id), ..next }).await?;
    act.lands_on(format!("/declarations/{id}?done={}", outcome.event));
    let event = Event::new(outcome.event, "declaration", id)
        .place(place_id)
        .clause(Clause::new(3, 1))
        .note("number", number)
        .policy(deed.pack().digest());
    act.commit(event).await?;
    Ok(id)
}

/// The form of the place's track, to be filled in by the organisation that acts.
fn form_for<'a>(deed: &Deed<'_>, batch: &'a BatchRow, place: &PlaceRow) -> Result<submissions::Start<'a>> {
    Ok(submissions::Start {
        kind: "declaration",
        form_code: batch.form_for(place.track()?),
        place: place.id.parse().map_err(Error::internal)?,
        batch: Some(batch.id()?),
        owner: deed.actor.organisation,
    })
}

/// The day by which a draft is to be sent: the window's end, or that of leave to be late.
fn due_to_send(batch: &BatchRow, leave: Option<&LateLeave>) -> Result<Deadline> {
    let closes = batch.closes()?;
    let (day, explain) = match leave.map(|leave| leave.until).filter(|until| *until > closes) {
        Some(until) => (until, format!("原截止日{}，经批准延至{}。", closes.words(), until.words())),
        None => (closes, batch.closes_why.clone()),
    };
    Ok(Deadline { day, nominal: day, rolled: false, provisional: false, explain })
}

/// The beginning of a declaration's history.
async fn first_step(deed: &Deed<'_>, act: &mut Act, id: SubmissionId, outcome: &Outcome) -> Result<()> {
    let id = id.to_string();
    let step = NewStep {
        declaration: &id,
        event: outcome.event,
        before: "",
        after: outcome.stage.code(),
        edition: None,
        content_hash: "",
        opinion: "",
        document_number: "",
    };
    store::insert_step(act, deed.actor, &step).await?;
    for mark in &outcome.marks {
        store::insert_mark(act, &id, mark).await?;
    }
    Ok(())
}

/// The clerk hands a complete declaration to the head: an edition is born.
pub async fn hand_over(deed: &Deed<'_>, id: SubmissionId) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.hand_over", id).await?;
    let problems = submissions::draft_problems(act.read(), id, case.form).await?;
    let (pack, today) = (deed.pack(), deed.today());
    let outcome = decide::hand_to_town_head(&case.state, &case.who, &problems, pack, today)?;
    let sealed = submissions::seal(&mut act, id, pack, case.form).await?;
    store::void_signatures(&mut act, &case.row.id, "申报书形成新的版本，原会签作废。").await?;
    case.row.edition_id = Some(sealed.edition.to_string());
    case.row.content_hash = sealed.content_hash;
    case.row.handed_by = Some(deed.actor.person.to_string());
    case.row.confirmed_by = None;
    case.row.reviewed_by = None;
    let next = owed_by(outcome.stage, case.handlers.operator, Role::TownHead, outcome.due.as_ref())?;
    case.leave(deed, &mut act, &outcome, Said::default(), Some(next)).await?;
    case.commit(deed, act, &outcome, Said::default()).await
}

/// The head, who has filled in nothing himself, sends it to the county.
pub async fn confirm(deed: &Deed<'_>, id: SubmissionId, opinion: &str) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.confirm", id).await?;
    let (pack, today) = (deed.pack(), deed.today());
    let outcome = decide::town_head_confirm(&case.state, &case.who, &[], pack, today)?;
    submissions::release(&mut act, id).await?;
    case.row.confirmed_by = Some(deed.actor.person.to_string());
    case.row.reviewed_by = None;
    let next = owed_by(outcome.stage, case.handlers.county, Role::CountyReviewer, outcome.due.as_ref())?;
    let said = Said { opinion, ..Said::default() };
    case.leave(deed, &mut act, &outcome, said, Some(next)).await?;
    case.commit(deed, act, &outcome, said).await
}

/// Taken back by whoever sent it last, as long as the next level has not acted.
pub async fn withdraw(deed: &Deed<'_>, id: SubmissionId, why: &str) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.withdraw", id).await?;
    let outcome = decide::withdraw(&case.state, &case.who, why, deed.pack(), deed.today())?;
    store::void_signatures(&mut act, &case.row.id, "申报书已撤回，原会签作废。").await?;
    case.row.city_report_id = None;
    case.row.recommended = None;
    case.row.reported_day = None;
    let next = Next { stage: outcome.stage.code(), ..Next::default() };
    let said = Said { opinion: why, ..Said::default() };
    case.leave(deed, &mut act, &outcome, said, Some(next)).await?;
    case.commit(deed, act, &outcome, said).await
}

/// A withdrawn declaration is taken up again while the window is open, or leave to be late holds.
pub async fn reopen(deed: &Deed<'_>, id: SubmissionId) -> Result<()> {
    let mut act = deed.begin().await?;
    let mut case = Case::open(deed, &mut act, "declaration.reopen", id).await?;
    let outcome = decide::reopen(&case.state, &case.batch.state()?, &case.who, deed.today())?;
    let steps = store::steps(act.read(), &case.row.id).await?;
    let was_open = steps.first().and_then(|step| step.stage_before.parse::<DeclarationStage>().ok());
    if !was_open.is_some_and(DeclarationStage::is_editable) {
        submissions::reopen(&mut act, id, &[]).await?;
    }
    let due = due_to_send(&case.batch, case.state.late_leave.as_ref())?;
    let next = owed_by(outcome.stage, case.handlers.operator, Role::Clerk, Some(&due))?;
    case.leave(deed, &mut act, &outcome, Said::default(), Some(next)).await?;
    case.commit(deed, act, &outcome, Said::default()).await
}
