//! A declaration as an act finds it: its row, its batch, what the rules know of it, who acts; and
//! the one way an act leaves it: row, step, marks and the next step's stage rows together.

use super::super::deed::Deed;
use super::super::store::{self, BatchRow, DeclarationRow, Handlers, NewStep};
use domain::calendar::Deadline;
use domain::clause::Clause;
use domain::day::Day;
use domain::declaration::{DeclarationState, Outcome, Signature, Who};
use domain::form::Form;
use domain::id::{OrganisationId, PersonId, SubmissionId};
use domain::role::Role;
use domain::stage::DeclarationStage;
use kit::access::Reach;
use kit::db::Read;
use kit::record::{Act, Event, Next};
use kit::{Error, Result};
use std::collections::BTreeSet;

/// 三(四): how declarations are handed in.
pub const MANNER: Clause = Clause::new(3, 4);

/// A declaration in an act's hands.
pub struct Case<'a> {
    pub id: SubmissionId,
    pub row: DeclarationRow,
    pub batch: BatchRow,
    pub state: DeclarationState,
    pub who: Who,
    pub form: &'a Form,
    pub handlers: Handlers,
}

/// What an act says beside its outcome.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    pub opinion: &'a str,
    pub document_number: &'a str,
}

impl<'a> Case<'a> {
    /// Takes what an action of the deed's actor may touch, as he has seen it; outside his reach there is nothing.
    pub async fn open(deed: &Deed<'a>, act: &mut Act, action: &str, id: SubmissionId) -> Result<Case<'a>> {
        let reach = deed.reach(action)?;
        let row = store::take_declaration(act, &reach, id).await?;
        deed.need_seen(&row.content_hash)?;
        Case::of(deed, act, row).await
    }

    /// The same for a row that has been loaded within reach.
    pub async fn of(deed: &Deed<'a>, act: &mut Act, row: DeclarationRow) -> Result<Case<'a>> {
        let everything = everything(deed)?;
        let batch = store::batch(act.read(), &everything, row.batch()?).await?;
        let state = state(act, &row, &batch, deed.today()).await?;
        let handlers = store::handlers(act.read(), &row.place_id, &row.county_code, &row.city_code).await?;
        let who = deed.who(act.read()).await?;
        let form = form_of(deed, &batch, &row)?;
        Ok(Case { id: row.id()?, row, batch, state, who, form, handlers })
    }

    /// Writes the outcome: the row with its changes, the step, the marks, and who owes the next.
    pub async fn leave(
        &mut self,
        deed: &Deed<'_>,
        act: &mut Act,
        outcome: &Outcome,
        said: Said<'_>,
        next: Option<Next>,
    ) -> Result<()> {
        let before = self.row.stage.clone();
        self.row.stage = outcome.stage.code().to_owned();
        store::save_declaration(act, &self.row).await?;
        let step = NewStep {
            declaration: &self.row.id,
            event: outcome.event,
            before: &before,
            after: &self.row.stage,
            edition: self.row.edition_id.as_deref(),
            content_hash: &self.row.content_hash,
            opinion: said.opinion,
            document_number: said.document_number,
        };
        store::insert_step(act, deed.actor, &step).await?;
        for mark in &outcome.marks {
            store::insert_mark(act, &self.row.id, mark).await?;
        }
        if let Some(next) = next {
            act.enter_stage("declaration", self.id, Next { place: Some(self.row.place()?), ..next }).await?;
        }
        Ok(())
    }

    /// The event of an outcome, with what every event of a declaration says.
    pub fn event(&self, deed: &Deed<'_>, outcome: &Outcome, said: Said<'_>) -> Result<Event> {
        let mut event = Event::new(outcome.event, "declaration", self.id)
            .place(self.row.place()?)
            .clause(MANNER)
            .reason(said.opinion)
            .note("number", &self.row.number)
            .note("stage", outcome.stage.code())
            .policy(deed.pack().digest());
        if !self.row.content_hash.is_empty() {
            event = event.note("content_hash", &self.row.content_hash);
        }
        if !said.document_number.is_empty() {
            event = event.note("document_number", said.document_number);
        }
        Ok(event)
    }

    /// Commits the act and sends the visitor back to the declaration.
    pub async fn commit(
        &self,
        deed: &Deed<'_>,
        mut act: Act,
        outcome: &Outcome,
        said: Said<'_>,
    ) -> Result<()> {
        act.lands_on(format!("/declarations/{}?done={}", self.id, outcome.event));
        act.commit(self.event(deed, outcome, said)?).await?;
        Ok(())
    }
}

/// The next step: at a stage, owed by one organisation in one role, until a day.
pub fn owed_by(
    stage: DeclarationStage,
    organisation: Option<OrganisationId>,
    role: Role,
    due: Option<&Deadline>,
) -> Result<Next> {
    let organisation = organisation.ok_or_else(|| Error::internal("nobody holds the next step's office"))?;
    Ok(Next {
        stage: stage.code(),
        owing: vec![(organisation, role)],
        due: due.map(|due| due.day),
        due_why: due.map(|due| due.explain.clone()),
        ..Next::default()
    })
}

/// An organisation that must exist for the next step.
pub fn must(organisation: Option<OrganisationId>) -> Result<OrganisationId> {
    organisation.ok_or_else(|| Error::internal("nobody holds the next step's office"))
}

/// Reach over every batch: a declaration within reach has its batch within reach.
fn everything(deed: &Deed<'_>) -> Result<Reach> {
    deed.reach("batch.read")
}

fn form_of<'a>(deed: &Deed<'a>, batch: &BatchRow, row: &DeclarationRow) -> Result<&'a Form> {
    let code = batch.form_for(row.track()?);
    deed.pack().form(code).ok_or_else(|| Error::internal(format!("the pack has no form {code}")))
}

async fn state(
    act: &mut Act,
    row: &DeclarationRow,
    batch: &BatchRow,
    today: Day,
) -> Result<DeclarationState> {
    let place = store::place(act.read(), row.place()?, today).await?;
    let signatures = store::signatures(act.read(), &row.id).await?;
    let late_leave = store::late_leave(act.read(), &row.batch_id, row.covered()).await?;
    let extensions = store::batch_extensions(act.read(), &row.batch_id).await?;
    let editors = editors(act.read(), row).await?;
    let person = |id: &Option<String>| -> Result<Option<PersonId>> {
        id.as_deref().map(str::parse).transpose().map_err(Error::internal)
    };
    Ok(DeclarationState {
        batch: batch.stage()?,
        stage: row.stage()?,
        applicant: place.applicant(false, false)?,
        editors,
        confirmed_by: person(&row.confirmed_by)?,
        reviewed_by: person(&row.reviewed_by)?,
        content_hash: row.content_hash.clone(),
        signatures: standing(&signatures)?,
        closes: batch.closes()?,
        extensions,
        supplement_due: row.supplement_due()?,
        supplement_rounds: row.supplement_rounds,
        late_leave,
    })
}

/// The signatures that nothing has voided.
pub fn standing(rows: &[store::SignatureRow]) -> Result<Vec<Signature>> {
    let of = |row: &store::SignatureRow| {
        let person = row.person_id.parse().map_err(Error::internal)?;
        Ok(Signature { bureau: row.bureau.clone(), person, content_hash: row.content_hash.clone() })
    };
    rows.iter().filter(|row| row.void_ms.is_none()).map(of).collect()
}

/// Everybody who has ever filled in a part, who handed it over and who began it.
async fn editors(read: Read<'_>, row: &DeclarationRow) -> Result<BTreeSet<PersonId>> {
    let mut editors = crate::submissions::editors(read, row.id()?).await?;
    let began = row.handed_by.as_deref().into_iter().chain([row.started_by.as_str()]);
    editors.extend(began.filter_map(|person| person.parse::<PersonId>().ok()));
    Ok(editors)
}
