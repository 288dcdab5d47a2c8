//! Filling a draft without a page: what the demo types, checked as if it had been typed.

use super::store::{self, Editor, SectionWrite};
use crate::web::{Sent, Taken, keep};
use domain::form::Form;
use domain::id::{PersonId, SubmissionId};
use domain::pack::Pack;
use kit::{Error, Result, Store};

/// Writes one section of an open draft that nobody has begun, and marks it done.
pub async fn fill(
    store: &Store,
    form: &Form,
    id: SubmissionId,
    by: PersonId,
    code: &str,
    raw: &[(String, String)],
) -> Result<()> {
    let (answers, problems) = form.read_section(code, raw);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let content = answers.to_json();
    let version = store::draft_version(&mut store.read(), id, code).await?;
    let by = Editor { person: by, for_person: None };
    let write = SectionWrite { content: &content, done: true, by, version };
    match store::save_section(store, id, code, &write).await? {
        true => Ok(()),
        false => Err(Error::Conflict),
    }
}

/// Adds an attachment to an open draft, looked into as any upload is.
pub async fn fill_file(
    store: &Store,
    pack: &Pack,
    id: SubmissionId,
    by: PersonId,
    item: &str,
    (name, content): (&str, Vec<u8>),
) -> Result<()> {
    match keep(store, Sent::whole(item, name, content), Taken::of(pack, store.today(), &[])?).await? {
        Ok(kept) => {
            let by = Editor { person: by, for_person: None };
            store::add_file(store, id, item, &kept, by).await.map(|_| ())
        }
        Err(rejection) => Err(Error::internal(rejection.sentence)),
    }
}

/// The form a submission is filled in on.
pub async fn form_of<'a>(mut read: kit::db::Read<'_>, pack: &'a Pack, id: SubmissionId) -> Result<&'a Form> {
    let (_, code) = store::place_and_form(&mut read, id).await?;
    pack.form(&code).ok_or_else(|| Error::internal(format!("the pack has no form {code}")))
}
