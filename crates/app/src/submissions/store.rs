//! The statements of submissions, one a function.

use super::draft::{DraftFile, DraftSection};
use super::edition::{EditionFile, EditionHead};
use super::sealing::FaultRow;
use domain::id::{EditionId, FileId, OrganisationId, PlaceId, RowId, SubmissionId};
use kit::access::Reach;
use kit::clock::fresh;
use kit::db::Read;
use kit::record::Act;
use kit::{Result, Store, args};

/// One submission with its place, as pages need it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SubmissionRow {
    pub id: String,
    pub kind: String,
    pub form_code: String,
    pub place_id: String,
    pub place_name: String,
    pub is_open: i64,
}

/// A submission within reach.
pub async fn submission(
    read: &mut Read<'_>,
    id: SubmissionId,
    reach: &Reach,
) -> Result<Option<SubmissionRow>> {
    let [from, until, place] = reach.places();
    Ok(read
        .opt(
            "SELECT s.id, s.kind, s.form_code, s.place_id, p.name AS place_name, s.is_open \
             FROM submission s JOIN place p ON p.id = s.place_id \
             WHERE s.id = $1 AND p.division_code >= $2 AND p.division_code < $3 AND ($4 = '' OR p.id = $4)",
            args![id, from, until, place],
        )
        .await?)
}

pub struct NewSubmission<'a> {
    pub kind: &'static str,
    pub form_code: &'a str,
    pub pack_digest: &'a str,
    pub place: PlaceId,
    pub batch: Option<domain::id::BatchId>,
    pub owner: OrganisationId,
}

pub async fn insert_submission(act: &mut Act, id: SubmissionId, new: &NewSubmission<'_>) -> Result<()> {
    act.write_one(
        "INSERT INTO submission (id, kind, form_code, pack_digest, place_id, batch_id, owner_organisation_id, is_open) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        args![id, new.kind, new.form_code, new.pack_digest, new.place, new.batch, new.owner],
    )
    .await
}

/// Opens or closes the draft; a conflict where it already was.
pub async fn set_open(act: &mut Act, id: SubmissionId, open: bool) -> Result<()> {
    act.write_one(
        "UPDATE submission SET is_open = $1, version = version + 1 WHERE id = $2 AND is_open = $3",
        args![open, id, !open],
    )
    .await
}

/// The newest edition of the same form by the same place.
pub async fn newest_of_place(
    read: &mut Read<'_>,
    place: PlaceId,
    form_code: &str,
) -> Result<Option<EditionId>> {
    let found: Option<(String,)> = read
        .opt(
            "SELECT e.id FROM edition e JOIN submission s ON s.id = e.submission_id \
             WHERE s.place_id = $1 AND s.form_code = $2 ORDER BY e.sealed_ms DESC, e.id DESC LIMIT 1",
            args![place, form_code],
        )
        .await?;
    found.map(|(id,)| id.parse().map_err(kit::Error::internal)).transpose()
}

pub async fn edition_heads(read: &mut Read<'_>, id: SubmissionId) -> Result<Vec<EditionHead>> {
    Ok(read
        .all(
            "SELECT e.id, e.submission_id, e.number, e.content_hash, e.sealed_ms, e.sealed_by, e.pack_digest, \
             p.name AS sealed_name FROM edition e LEFT JOIN person p ON p.id = e.sealed_by \
             WHERE e.submission_id = $1 ORDER BY e.number DESC LIMIT 200",
            args![id],
        )
        .await?)
}

pub async fn edition_sections(read: &mut Read<'_>, edition: EditionId) -> Result<Vec<(String, String)>> {
    Ok(read
        .all(
            "SELECT code, content FROM section WHERE edition_id = $1 ORDER BY code LIMIT 500",
            args![edition],
        )
        .await?)
}

pub async fn edition_files(read: &mut Read<'_>, edition: EditionId) -> Result<Vec<EditionFile>> {
    Ok(read
        .all(
            "SELECT id, item, name, blob_id, size, media_type FROM edition_file \
             WHERE edition_id = $1 ORDER BY item, position, id LIMIT 1000",
            args![edition],
        )
        .await?)
}

pub async fn insert_edition(act: &mut Act, head: &EditionHead) -> Result<()> {
    act.write_one(
        "INSERT INTO edition (id, submission_id, number, content_hash, sealed_ms, sealed_by, pack_digest) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            &head.id,
            &head.submission_id,
            head.number,
            &head.content_hash,
            head.sealed_ms,
            &head.sealed_by,
            &head.pack_digest
        ],
    )
    .await
}

pub async fn insert_section(act: &mut Act, edition: EditionId, code: &str, content: &str) -> Result<()> {
    act.write_one(
        "INSERT INTO section (id, edition_id, code, content) VALUES ($1, $2, $3, $4)",
        args![fresh::<RowId>(), edition, code, content],
    )
    .await
}

/// A file of an edition, with its content's row where it is the first use.
pub async fn insert_edition_file(
    act: &mut Act,
    edition: EditionId,
    file: &DraftFile,
    position: i64,
) -> Result<()> {
    act.write(
        "INSERT INTO blob (id, size, media_type) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        args![&file.blob_id, file.size, &file.media_type],
    )
    .await?;
    act.write_one(
        "INSERT INTO edition_file (id, edition_id, item, name, blob_id, size, media_type, position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            fresh::<FileId>(),
            edition,
            &file.item,
            &file.name,
            &file.blob_id,
            file.size,
            &file.media_type,
            position
        ],
    )
    .await
}

pub async fn insert_fault(
    act: &mut Act,
    id: SubmissionId,
    edition: EditionId,
    fault: &super::Fault,
) -> Result<()> {
    act.write_one(
        "INSERT INTO fault (id, submission_id, edition_id, section, item, says, raised_ms, raised_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            fresh::<RowId>(),
            id,
            edition,
            &fault.section,
            &fault.item,
            &fault.says,
            act.now_ms(),
            act.who().person.text()
        ],
    )
    .await
}

pub async fn settle_faults(act: &mut Act, id: SubmissionId) -> Result<()> {
    act.write(
        "UPDATE fault SET settled_ms = $1 WHERE submission_id = $2 AND settled_ms IS NULL",
        args![act.now_ms(), id],
    )
    .await
    .map(|_| ())
}

pub async fn faults(read: &mut Read<'_>, id: SubmissionId) -> Result<Vec<FaultRow>> {
    Ok(read
        .all(
            "SELECT f.id, f.edition_id, e.number, f.section, f.item, f.says, f.raised_ms, f.settled_ms, \
             p.name AS raised_name FROM fault f JOIN edition e ON e.id = f.edition_id \
             LEFT JOIN person p ON p.id = f.raised_by WHERE f.submission_id = $1 \
             ORDER BY f.raised_ms, f.id LIMIT 500",
            args![id],
        )
        .await?)
}

pub async fn draft_sections(read: &mut Read<'_>, id: SubmissionId) -> Result<Vec<DraftSection>> {
    Ok(read
        .all(
            "SELECT d.code, d.content, d.version, d.saved_ms, d.saved_by, d.done, p.name AS saved_name \
             FROM draft_section d LEFT JOIN person p ON p.id = d.saved_by \
             WHERE d.submission_id = $1 ORDER BY d.code LIMIT 500",
            args![id],
        )
        .await?)
}

pub async fn draft_files(read: &mut Read<'_>, id: SubmissionId) -> Result<Vec<DraftFile>> {
    Ok(read
        .all(
            "SELECT id, item, name, blob_id, size, media_type FROM draft_file \
             WHERE submission_id = $1 ORDER BY item, position, id LIMIT 1000",
            args![id],
        )
        .await?)
}

pub async fn insert_draft_section(act: &mut Act, id: SubmissionId, code: &str, content: &str) -> Result<()> {
    act.scratch(
        "INSERT INTO draft_section (id, submission_id, code, content, version, saved_ms, saved_by) \
         VALUES ($1, $2, $3, $4, 1, 0, '')",
        args![fresh::<RowId>(), id, code, content],
    )
    .await
    .map(|_| ())
}

pub async fn insert_draft_file(
    act: &mut Act,
    id: SubmissionId,
    file: &EditionFile,
    position: i64,
) -> Result<()> {
    act.scratch(
        "INSERT INTO draft_file (id, submission_id, item, name, blob_id, size, media_type, position, added_ms, added_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')",
        args![
            fresh::<FileId>(),
            id,
            &file.item,
            &file.name,
            &file.blob_id,
            file.size,
            &file.media_type,
            position
        ],
    )
    .await
    .map(|_| ())
}

/// Makes every save that is under way fail, and waits for those that are through.
pub async fn lock_draft(act: &mut Act, id: SubmissionId) -> Result<()> {
    act.scratch("UPDATE draft_section SET version = version + 1 WHERE submission_id = $1", args![id])
        .await
        .map(|_| ())
}

pub async fn clear_draft(act: &mut Act, id: SubmissionId) -> Result<()> {
    act.scratch("DELETE FROM draft_file WHERE submission_id = $1", args![id]).await?;
    act.scratch("DELETE FROM draft_aside WHERE submission_id = $1", args![id]).await?;
    act.scratch("DELETE FROM draft_section WHERE submission_id = $1", args![id]).await?;
    Ok(())
}

/// A draft's section as it comes back from an edition.
pub async fn restore_draft_section(
    act: &mut Act,
    id: SubmissionId,
    (code, content): (&str, &str),
    version: i64,
    done: bool,
) -> Result<()> {
    act.scratch(
        "INSERT INTO draft_section (id, submission_id, code, content, version, saved_ms, saved_by, done) \
         VALUES ($1, $2, $3, $4, $5, 0, '', $6)",
        args![fresh::<RowId>(), id, code, content, version, done],
    )
    .await
    .map(|_| ())
}

/// One write of a section, if nobody was faster and the draft is open. Says whether it was written.
pub async fn save_section(
    store: &Store,
    id: SubmissionId,
    code: &str,
    write: &SectionWrite<'_>,
) -> Result<bool> {
    let count = store
        .scratch(
            "UPDATE draft_section SET content = $1, done = $2, version = version + 1, saved_ms = $3, saved_by = $4 \
             WHERE submission_id = $5 AND code = $6 AND version = $7 \
             AND EXISTS (SELECT 1 FROM submission s WHERE s.id = $5 AND s.is_open = 1)",
            args![write.content, write.done, store.now_ms(), write.by, id, code, write.version],
        )
        .await?;
    Ok(count == 1)
}

pub struct SectionWrite<'a> {
    pub content: &'a str,
    pub done: bool,
    pub by: domain::id::PersonId,
    pub version: i64,
}
