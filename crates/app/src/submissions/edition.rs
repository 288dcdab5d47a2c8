//! What was sent: editions with their sections and files, read only.

use super::pairing::Side;
use super::store;
use domain::form::{Answers, FileFact};
use domain::id::{EditionId, SubmissionId};
use kit::access::Reach;
use kit::db::Read;
use kit::{Error, Result};

/// The row of one edition.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EditionHead {
    pub id: String,
    pub submission_id: String,
    pub number: i64,
    pub content_hash: String,
    pub sealed_ms: i64,
    pub sealed_by: String,
    pub pack_digest: String,
    pub sealed_name: Option<String>,
}

/// One attachment of an edition.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EditionFile {
    pub id: String,
    pub item: String,
    pub name: String,
    /// SHA-256 of the content, in hex.
    pub blob_id: String,
    pub size: i64,
    pub media_type: String,
}

/// One sent version, whole.
#[derive(Clone, Debug)]
pub struct Edition {
    pub id: EditionId,
    pub submission: SubmissionId,
    pub number: i64,
    pub content_hash: String,
    pub sealed_ms: i64,
    /// Who sealed it; `console` where the program did.
    pub sealed_by: String,
    pub pack_digest: String,
    pub answers: Answers,
    pub files: Vec<EditionFile>,
}

impl Edition {
    /// One of two versions to compare.
    pub fn side(&self) -> Side<'_> {
        Side { answers: &self.answers, files: self.facts() }
    }

    pub fn facts(&self) -> Vec<FileFact> {
        let fact = |file: &EditionFile| FileFact {
            item: file.item.clone(),
            name: file.name.clone(),
            sha256: file.blob_id.clone(),
        };
        self.files.iter().map(fact).collect()
    }
}

/// Which editions a reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    All,
    /// Those that have left the organisation that filled them in.
    Released,
}

impl Seen {
    /// A place sees all its own, everybody else what it has sent on.
    pub fn by(reach: &Reach) -> Seen {
        if reach.is_one_place() { Seen::All } else { Seen::Released }
    }

    pub(super) fn all(self) -> i64 {
        i64::from(self == Seen::All)
    }
}

/// The editions of a submission, the newest first, without their content.
pub async fn editions(mut read: Read<'_>, id: SubmissionId, seen: Seen) -> Result<Vec<EditionHead>> {
    store::edition_heads(&mut read, id, seen).await
}

/// The newest edition.
pub async fn current(mut read: Read<'_>, id: SubmissionId, seen: Seen) -> Result<Option<Edition>> {
    let head = store::edition_heads(&mut read, id, seen).await?.into_iter().next();
    load(&mut read, head).await
}

/// One edition by its number.
pub async fn edition(
    mut read: Read<'_>,
    id: SubmissionId,
    number: i64,
    seen: Seen,
) -> Result<Option<Edition>> {
    let heads = store::edition_heads(&mut read, id, seen).await?;
    let head = heads.into_iter().find(|head| head.number == number);
    load(&mut read, head).await
}

/// The hash over everything the newest edition says.
pub async fn content_hash(mut read: Read<'_>, id: SubmissionId) -> Result<Option<String>> {
    let heads = store::edition_heads(&mut read, id, Seen::All).await?;
    Ok(heads.into_iter().next().map(|head| head.content_hash))
}

async fn load(read: &mut Read<'_>, head: Option<EditionHead>) -> Result<Option<Edition>> {
    let Some(head) = head else { return Ok(None) };
    let id: EditionId = head.id.parse().map_err(Error::internal)?;
    let sections = store::edition_sections(read, id).await?;
    let texts = sections.iter().map(|(code, content)| (code.as_str(), content.as_str()));
    Ok(Some(Edition {
        id,
        submission: head.submission_id.parse().map_err(Error::internal)?,
        number: head.number,
        content_hash: head.content_hash,
        sealed_ms: head.sealed_ms,
        sealed_by: head.sealed_by,
        pack_digest: head.pack_digest,
        answers: Answers::from_sections(texts).map_err(Error::internal)?,
        files: store::edition_files(read, id).await?,
    }))
}
