//! The statements of who filled in what: of a draft in scratch, of an edition on the record.

use domain::id::{EditionId, PersonId, RowId, SubmissionId};
use kit::actor::Actor;
use kit::clock::fresh;
use kit::db::{Args, Read};
use kit::record::Act;
use kit::{Result, Store, args};

/// Who writes to a draft: a person and, under a delegation, the one in whose name he does.
#[derive(Clone, Copy, Debug)]
pub struct Editor {
    pub person: PersonId,
    pub for_person: Option<PersonId>,
}

impl Editor {
    pub fn of(actor: &Actor) -> Editor {
        Editor { person: actor.person, for_person: actor.for_person.as_ref().map(|(id, _)| *id) }
    }
}

const NOTE: &str = "INSERT INTO draft_editor (id, submission_id, person_id, at_ms) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (submission_id, person_id) DO UPDATE SET at_ms = excluded.at_ms";

/// What notes an editor, in the transaction of what he writes.
pub fn noted(store: &Store, id: SubmissionId, by: Editor) -> impl Iterator<Item = (&'static str, Args)> {
    let at_ms = store.now_ms();
    let people = [Some(by.person), by.for_person].into_iter().flatten();
    people.map(move |person| (NOTE, args![fresh::<RowId>(), id, person, at_ms]))
}

/// An editor of what a draft begins with.
pub async fn insert_draft_editor(act: &mut Act, id: SubmissionId, person: &str) -> Result<()> {
    let now = act.now_ms();
    act.scratch(NOTE, args![fresh::<RowId>(), id, person, now]).await.map(|_| ())
}

pub async fn insert_edition_editor(act: &mut Act, edition: EditionId, person: &str) -> Result<()> {
    act.write_one(
        "INSERT INTO edition_editor (id, edition_id, person_id) VALUES ($1, $2, $3)",
        args![fresh::<RowId>(), edition, person],
    )
    .await
}

/// Everybody who has filled in a part of a submission, in any edition or in its draft, or sealed one.
pub async fn editors(read: &mut Read<'_>, id: SubmissionId) -> Result<Vec<(String,)>> {
    Ok(read
        .all(
            "SELECT w.person_id FROM draft_editor w WHERE w.submission_id = $1 \
             UNION SELECT x.person_id FROM edition_editor x JOIN edition e ON e.id = x.edition_id \
               WHERE e.submission_id = $1 \
             UNION SELECT e.sealed_by FROM edition e WHERE e.submission_id = $1",
            args![id],
        )
        .await?)
}

/// Everybody who filled in or sealed one edition.
pub async fn editors_of_edition(read: &mut Read<'_>, edition: EditionId) -> Result<Vec<(String,)>> {
    Ok(read
        .all(
            "SELECT x.person_id FROM edition_editor x WHERE x.edition_id = $1 \
             UNION SELECT e.sealed_by FROM edition e WHERE e.id = $1",
            args![edition],
        )
        .await?)
}
