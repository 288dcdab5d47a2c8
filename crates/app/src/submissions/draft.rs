//! What is being written: sections with their versions, attachments, and what still keeps it from being sent.

use super::pairing::Side;
use super::sealing::FaultRow;
use super::store;
use domain::form::{Answers, FileFact, Form, Section, SectionAnswers};
use domain::id::SubmissionId;
use domain::problem::Problem;
use kit::db::Read;
use kit::{Error, Result};

/// One section of a draft as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DraftSection {
    pub code: String,
    pub content: String,
    pub version: i64,
    pub saved_ms: i64,
    pub saved_by: String,
    pub done: i64,
    pub saved_name: Option<String>,
}

/// One attachment of a draft.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DraftFile {
    pub id: String,
    pub item: String,
    pub name: String,
    /// SHA-256 of the content, in hex.
    pub blob_id: String,
    pub size: i64,
    pub media_type: String,
}

/// A whole draft.
#[derive(Clone, Debug)]
pub struct Draft {
    pub sections: Vec<DraftSection>,
    pub answers: Answers,
    pub files: Vec<DraftFile>,
}

impl Draft {
    pub fn section(&self, code: &str) -> Option<&DraftSection> {
        self.sections.iter().find(|section| section.code == code)
    }

    pub fn facts(&self) -> Vec<FileFact> {
        self.files.iter().map(DraftFile::fact).collect()
    }

    pub(super) fn side(&self) -> Side<'_> {
        Side { answers: &self.answers, files: self.facts() }
    }

    /// Sections that a reviewer found fault with and that nobody has called done since.
    pub(super) fn still_returned(&self, form: &Form, faults: &[FaultRow]) -> Vec<Problem> {
        let is_open = |code: &str| self.section(code).is_none_or(|kept| kept.done != 1);
        let at_fault =
            |code: &str| faults.iter().any(|fault| fault.settled_ms.is_none() && fault.section == code);
        let open = form.sections.iter().filter(|section| at_fault(&section.code) && is_open(&section.code));
        let says = |section: &Section| {
            let says = format!("“{}”有退回意见，请按意见修改，并把本部分标为“已填完”。", section.title);
            Problem::new(&section.code, "returned", says)
        };
        open.map(says).collect()
    }
}

impl DraftFile {
    pub fn fact(&self) -> FileFact {
        FileFact { item: self.item.clone(), name: self.name.clone(), sha256: self.blob_id.clone() }
    }
}

impl DraftSection {
    pub fn answers(&self) -> Result<SectionAnswers> {
        SectionAnswers::from_json(&self.content).map_err(Error::internal)
    }
}

/// The draft of a submission.
pub async fn draft(mut read: Read<'_>, id: SubmissionId) -> Result<Draft> {
    let sections = store::draft_sections(&mut read, id).await?;
    let files = store::draft_files(&mut read, id).await?;
    let answers = answers(&sections)?;
    Ok(Draft { sections, answers, files })
}

/// Everything that keeps the draft from being sent.
pub async fn draft_problems(mut read: Read<'_>, id: SubmissionId, form: &Form) -> Result<Vec<Problem>> {
    let sections = store::draft_sections(&mut read, id).await?;
    let files = store::draft_files(&mut read, id).await?;
    let draft = Draft { answers: answers(&sections)?, sections, files };
    let prior = prior(&mut read, id).await?;
    let faults = store::faults(&mut read, id).await?;
    let mut problems = form.check_against(&draft.answers, prior.as_ref(), &draft.facts());
    problems.extend(draft.still_returned(form, &faults));
    Ok(problems)
}

/// What the place sent last time on the same form, in an earlier submission.
pub(super) async fn prior(read: &mut Read<'_>, id: SubmissionId) -> Result<Option<Answers>> {
    let (place, form_code) = store::place_and_form(read, id).await?;
    let Some(edition) = store::newest_of_place(read, &place, &form_code, id).await? else { return Ok(None) };
    let sections = store::edition_sections(read, edition).await?;
    let texts = sections.iter().map(|(code, content)| (code.as_str(), content.as_str()));
    Answers::from_sections(texts).map(Some).map_err(Error::internal)
}

pub(super) fn answers(sections: &[DraftSection]) -> Result<Answers> {
    let texts = sections.iter().map(|section| (section.code.as_str(), section.content.as_str()));
    Answers::from_sections(texts).map_err(Error::internal)
}
