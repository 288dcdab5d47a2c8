//! From draft to edition and back: starting, sealing, opening again with what is at fault.

use super::draft::{self, Draft};
use super::edition::{self, EditionHead, Seen};
use super::store::{self, NewSubmission};
use domain::form::{Form, Section, SectionAnswers, content_hash};
use domain::id::{BatchId, EditionId, OrganisationId, PersonId, PlaceId, SubmissionId};
use domain::pack::Pack;
use domain::problem::Problem;
use kit::clock::fresh;
use kit::record::Act;
use kit::{Error, Result};
use std::collections::BTreeSet;

/// What a submission starts with.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// What it will be sent as: `declaration`.
    pub kind: &'static str,
    pub form_code: &'a str,
    pub place: PlaceId,
    pub batch: Option<BatchId>,
    /// The organisation that fills it in.
    pub owner: OrganisationId,
}

/// What sealing made.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub edition: EditionId,
    pub number: i64,
    pub content_hash: String,
}

/// One thing to put right: at an item, or in a whole section where `item` is empty.
#[derive(Clone, Debug)]
pub struct Fault {
    pub section: String,
    pub item: String,
    pub says: String,
}

/// A fault as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FaultRow {
    pub id: String,
    pub edition_id: String,
    /// The number of the edition it was found in.
    pub number: i64,
    pub section: String,
    pub item: String,
    pub says: String,
    pub raised_ms: i64,
    pub settled_ms: Option<i64>,
    pub raised_name: Option<String>,
}

/// Starts a submission; its draft begins with the place's newest edition of the same form, if any,
/// and with what the register knows of the place today.
pub async fn start(act: &mut Act, pack: &Pack, start: Start<'_>) -> Result<SubmissionId> {
    let form = form_of(pack, start.form_code)?;
    let id: SubmissionId = fresh();
    let new = NewSubmission {
        kind: start.kind,
        form_code: start.form_code,
        pack_digest: pack.digest(),
        place: start.place,
        batch: start.batch,
        owner: start.owner,
    };
    store::insert_submission(act, id, &new).await?;
    let source =
        store::newest_of_place(&mut act.read(), &start.place.to_string(), start.form_code, id).await?;
    let (sections, files, editors) = match source {
        Some(edition) => (
            store::edition_sections(&mut act.read(), edition).await?,
            store::edition_files(&mut act.read(), edition).await?,
            store::editors_of_edition(&mut act.read(), edition).await?,
        ),
        None => Default::default(),
    };
    for (person,) in editors {
        store::insert_draft_editor(act, id, &person).await?;
    }
    let today = act.today();
    let known = store::known(act.read(), start.place, today).await?;
    for section in &form.sections {
        let given = sections.iter().find(|(code, _)| *code == section.code);
        let mut content = given.map_or(Ok(SectionAnswers::default()), |(_, text)| fit(section, text))?;
        for (item, known) in section.items.iter().filter_map(|item| Some((item, known.answer(item.known?)?)))
        {
            content.items.insert(item.code.clone(), known);
        }
        store::insert_draft_section(act, id, &section.code, &content.to_json()).await?;
    }
    for (at, file) in files.iter().enumerate() {
        if form.item(&file.item).is_some_and(|(_, item)| item.accept.is_some()) {
            store::insert_draft_file(act, id, file, at as i64).await?;
        }
    }
    Ok(id)
}

/// Seals the draft into the next edition and closes it. A draft with problems is `Error::Invalid`,
/// a draft that is not open `Error::Conflict`.
pub async fn seal(act: &mut Act, id: SubmissionId, pack: &Pack, form: &Form) -> Result<Sealed> {
    store::set_open(act, id, false).await?;
    store::lock_draft(act, id).await?;
    let draft = draft::draft(act.read(), id).await?;
    let prior = draft::prior(&mut act.read(), id).await?;
    let problems = form.check_against(&draft.answers, prior.as_ref(), &draft.facts());
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let number =
        edition::editions(act.read(), id, Seen::All).await?.first().map_or(0, |head| head.number) + 1;
    let edition: EditionId = fresh();
    let hash = hash_of(&draft);
    let head = EditionHead {
        id: edition.to_string(),
        submission_id: id.to_string(),
        number,
        content_hash: hash.clone(),
        sealed_ms: act.now_ms(),
        sealed_by: act.who().person.text(),
        pack_digest: pack.digest().to_owned(),
        sealed_name: None,
    };
    store::insert_edition(act, &head).await?;
    for section in &draft.sections {
        store::insert_section(act, edition, &section.code, &section.content).await?;
    }
    for (at, file) in draft.files.iter().enumerate() {
        store::insert_edition_file(act, edition, file, at as i64).await?;
    }
    keep_editors(act, id, edition).await?;
    store::settle_faults(act, id).await?;
    Ok(Sealed { edition, number, content_hash: hash })
}

/// Records with an edition everybody who has ever filled in a part of it, and in whose name.
async fn keep_editors(act: &mut Act, id: SubmissionId, edition: EditionId) -> Result<()> {
    let known = store::editors(&mut act.read(), id).await?.into_iter().map(|(person,)| person);
    let for_person = act.who().for_person.map(|person| person.to_string());
    let all: BTreeSet<String> = known.chain(for_person).collect();
    for person in all {
        store::insert_edition_editor(act, edition, &person).await?;
    }
    Ok(())
}

/// Everybody who has ever filled in a part of a submission; nobody is taken out again.
pub async fn editors(mut read: kit::db::Read<'_>, id: SubmissionId) -> Result<BTreeSet<PersonId>> {
    let all = store::editors(&mut read, id).await?;
    Ok(all.into_iter().filter_map(|(person,)| person.parse().ok()).collect())
}

/// The newest edition leaves the organisation that filled it in: from now on others read it.
pub async fn release(act: &mut Act, id: SubmissionId) -> Result<()> {
    let heads = edition::editions(act.read(), id, Seen::All).await?;
    let newest = heads.first().ok_or(Error::NotFound)?.id.parse().map_err(Error::internal)?;
    store::insert_release(act, newest).await
}

/// Opens the draft again as the newest edition left it, with what is at fault; none, where it was
/// taken back. Sections without a fault stay done.
pub async fn reopen(act: &mut Act, id: SubmissionId, faults: &[Fault]) -> Result<()> {
    let edition = edition::current(act.read(), id, Seen::All).await?.ok_or(Error::NotFound)?;
    store::set_open(act, id, true).await?;
    for fault in faults {
        store::insert_fault(act, id, edition.id, fault).await?;
    }
    let old = draft::draft(act.read(), id).await?;
    let version = old.sections.iter().map(|section| section.version).max().unwrap_or(0) + 1;
    let at_fault: BTreeSet<&str> = faults.iter().map(|fault| fault.section.as_str()).collect();
    store::clear_draft(act, id).await?;
    for (code, answers) in &edition.answers.0 {
        let done = !at_fault.contains(code.as_str());
        store::restore_draft_section(act, id, (code, &answers.to_json()), version, done).await?;
    }
    for (at, file) in edition.files.iter().enumerate() {
        store::insert_draft_file(act, id, file, at as i64).await?;
    }
    Ok(())
}

/// Every fault ever raised, the oldest first; those still open have no `settled_ms`.
pub async fn faults(mut read: kit::db::Read<'_>, id: SubmissionId) -> Result<Vec<FaultRow>> {
    store::faults(&mut read, id).await
}

/// A form of the pack; a code that is not there is a fault of the pack.
pub(super) fn form_of<'a>(pack: &'a Pack, code: &str) -> Result<&'a Form> {
    pack.form(code).ok_or_else(|| {
        let says = format!("规则包中没有表单“{code}”，请联系系统管理员。");
        Error::Invalid(vec![Problem::new("", "unknown_form", says)])
    })
}

fn hash_of(draft: &Draft) -> String {
    let sections: Vec<_> =
        draft.sections.iter().map(|section| (section.code.clone(), section.content.clone())).collect();
    let files: Vec<_> =
        draft.files.iter().map(|file| (file.item.clone(), file.name.clone(), file.blob_id.clone())).collect();
    content_hash(&sections, &files)
}

/// Older answers as far as the form still asks for them.
fn fit(section: &Section, text: &str) -> Result<SectionAnswers> {
    let mut answers = SectionAnswers::from_json(text).map_err(Error::internal)?;
    let asked = |code: &String| section.questions().any(|item| item.code == *code);
    answers.items.retain(|code, _| asked(code));
    answers.rows.iter_mut().for_each(|row| row.retain(|code, _| asked(code)));
    answers.rows.retain(|row| !row.is_empty());
    answers.explanations.clear();
    Ok(answers)
}
