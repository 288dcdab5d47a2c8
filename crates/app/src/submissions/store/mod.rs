//! The statements of submissions, one a function: here what was sent, in `drafts` what is being
//! written, in `editors` by whom.

mod drafts;
mod editors;

pub use drafts::*;
pub use editors::*;

use super::draft::DraftFile;
use super::edition::{EditionFile, EditionHead, Seen};
use super::sealing::FaultRow;
use crate::web::Attachment;
use domain::id::{BatchId, EditionId, FileId, OrganisationId, PlaceId, RowId, SubmissionId};
use kit::access::Reach;
use kit::clock::fresh;
use kit::db::{Args, Read, Sql, Value};
use kit::record::Act;
use kit::{Result, args};

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

/// The day an open step of the submission is due, and how it was computed.
pub async fn due(read: &mut Read<'_>, kind: &str, id: &str) -> Result<Option<(String, Option<String>)>> {
    Ok(read
        .opt(
            "SELECT due_day, due_why FROM stage WHERE subject_kind = $1 AND subject_id = $2 \
             AND left_ms IS NULL AND due_day IS NOT NULL ORDER BY due_day LIMIT 1",
            args![kind, id],
        )
        .await?)
}

pub struct NewSubmission<'a> {
    pub kind: &'static str,
    pub form_code: &'a str,
    pub pack_digest: &'a str,
    pub place: PlaceId,
    pub batch: Option<BatchId>,
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

pub async fn place_and_form(read: &mut Read<'_>, id: SubmissionId) -> Result<(String, String)> {
    Ok(read.one("SELECT place_id, form_code FROM submission WHERE id = $1", args![id]).await?)
}

/// The newest edition of the same form by the same place, in another submission than `but`.
pub async fn newest_of_place(
    read: &mut Read<'_>,
    place: &str,
    form_code: &str,
    but: SubmissionId,
) -> Result<Option<EditionId>> {
    let found: Option<(String,)> = read
        .opt(
            "SELECT e.id FROM edition e JOIN submission s ON s.id = e.submission_id \
             WHERE s.place_id = $1 AND s.form_code = $2 AND s.id <> $3 ORDER BY e.sealed_ms DESC, e.id DESC LIMIT 1",
            args![place, form_code, but],
        )
        .await?;
    found.map(|(id,)| id.parse().map_err(kit::Error::internal)).transpose()
}

pub async fn edition_heads(read: &mut Read<'_>, id: SubmissionId, seen: Seen) -> Result<Vec<EditionHead>> {
    Ok(read
        .all(
            "SELECT e.id, e.submission_id, e.number, e.content_hash, e.sealed_ms, e.sealed_by, e.pack_digest, \
             p.name AS sealed_name FROM edition e LEFT JOIN person p ON p.id = e.sealed_by \
             WHERE e.submission_id = $1 \
             AND ($2 = 1 OR EXISTS (SELECT 1 FROM edition_release r WHERE r.edition_id = e.id)) \
             ORDER BY e.number DESC",
            args![id, seen.all()],
        )
        .await?)
}

/// An edition leaves its organisation; the second time it has left already.
pub async fn insert_release(act: &mut Act, edition: EditionId) -> Result<()> {
    let known = "SELECT COUNT(*) FROM edition_release WHERE edition_id = $1";
    if act.read().int(known, args![edition]).await? > 0 {
        return Ok(());
    }
    act.write_one(
        "INSERT INTO edition_release (id, edition_id, released_ms, released_by) VALUES ($1, $2, $3, $4)",
        args![fresh::<RowId>(), edition, act.now_ms(), act.who().person.text()],
    )
    .await
}

/// One section of an edition, with the form it answers.
#[derive(Debug, sqlx::FromRow)]
pub struct GivenSection {
    pub edition_id: String,
    pub form_code: String,
    pub code: String,
    pub content: String,
}

/// These sections of these editions.
pub async fn sections_among(
    read: &mut Read<'_>,
    editions: &[&str],
    codes: &[&str],
) -> Result<Vec<GivenSection>> {
    if editions.is_empty() || codes.is_empty() {
        return Ok(Vec::new());
    }
    let places = |from: usize, count: usize| {
        (from..from + count).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ")
    };
    let sql = format!(
        "SELECT x.edition_id, s.form_code, x.code, x.content FROM edition e \
         JOIN submission s ON s.id = e.submission_id JOIN section x ON x.edition_id = e.id \
         WHERE e.id IN ({}) AND x.code IN ({})",
        places(1, editions.len()),
        places(1 + editions.len(), codes.len())
    );
    let bound: Args = editions.iter().chain(codes).map(|text| Value::from(*text)).collect();
    Ok(read.all(Sql::built(sql), bound).await?)
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
             ORDER BY f.raised_ms, f.id",
            args![id],
        )
        .await?)
}

pub async fn file_of_edition(read: &mut Read<'_>, id: FileId, reach: &Reach) -> Result<Option<Attachment>> {
    let [from, until, place] = reach.places();
    Ok(read
        .opt(
            "SELECT f.name, f.blob_id, f.media_type FROM edition_file f JOIN edition e ON e.id = f.edition_id \
             JOIN submission s ON s.id = e.submission_id JOIN place p ON p.id = s.place_id \
             WHERE f.id = $1 AND p.division_code >= $2 AND p.division_code < $3 AND ($4 = '' OR p.id = $4) \
             AND ($5 = 1 OR EXISTS (SELECT 1 FROM edition_release r WHERE r.edition_id = e.id))",
            args![id, from, until, place, Seen::by(reach).all()],
        )
        .await?)
}
