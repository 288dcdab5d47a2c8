//! The statements of drafts, which the record leaves out.

use super::SubmissionRow;
use super::editors::{Editor, noted};
use crate::submissions::draft::{DraftFile, DraftSection};
use crate::submissions::edition::EditionFile;
use crate::web::Attachment;
use crate::web::Kept;
use domain::day::Day;
use domain::form::Known;
use domain::id::{FileId, PersonId, PlaceId, RowId, SubmissionId};
use kit::access::Reach;
use kit::clock::fresh;
use kit::db::{Args, Read};
use kit::record::Act;
use kit::{Error, Result, Store, args};

#[derive(sqlx::FromRow)]
struct OpenRow {
    #[sqlx(flatten)]
    submission: SubmissionRow,
    #[sqlx(flatten)]
    section: DraftSection,
}

/// A submission within reach with all sections of its draft, in one statement.
pub async fn submission_with_draft(
    read: &mut Read<'_>,
    id: SubmissionId,
    reach: &Reach,
) -> Result<Option<(SubmissionRow, Vec<DraftSection>)>> {
    let [from, until, place] = reach.places();
    let rows: Vec<OpenRow> = read
        .all(
            "SELECT s.id, s.kind, s.form_code, s.place_id, p.name AS place_name, s.is_open, \
               d.code, d.content, d.version, d.saved_ms, d.saved_by, d.done, w.name AS saved_name \
             FROM submission s JOIN place p ON p.id = s.place_id \
             JOIN draft_section d ON d.submission_id = s.id LEFT JOIN person w ON w.id = d.saved_by \
             WHERE s.id = $1 AND p.division_code >= $2 AND p.division_code < $3 AND ($4 = '' OR p.id = $4) \
             ORDER BY d.code LIMIT 500",
            args![id, from, until, place],
        )
        .await?;
    let submission = rows.first().map(|row| row.submission.clone());
    Ok(submission.map(|submission| (submission, rows.into_iter().map(|row| row.section).collect())))
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

/// What the register knows of a place.
#[derive(sqlx::FromRow)]
pub struct KnownPlace {
    name: String,
    division_code: String,
    city: Option<String>,
    county: Option<String>,
    is_county_seat: Option<i64>,
    is_industrial_park: Option<i64>,
    has_legal_operator: Option<i64>,
    facts_confirmed_ms: Option<i64>,
}

impl KnownPlace {
    /// The answer to an item; none where nobody knows, or the office has not confirmed it.
    pub fn answer(&self, known: Known) -> Option<String> {
        let flag = |flag: Option<i64>| {
            self.facts_confirmed_ms?;
            flag.map(|flag| if flag == 1 { "是" } else { "否" }.to_owned())
        };
        match known {
            Known::Name => Some(self.name.clone()),
            Known::City => self.city.clone(),
            Known::County => self.county.clone(),
            Known::Code => Some(self.division_code.clone()),
            Known::CountySeat => flag(self.is_county_seat),
            Known::IndustrialPark => flag(self.is_industrial_park),
            Known::LegalOperator => flag(self.has_legal_operator),
        }
    }
}

pub async fn known(mut read: Read<'_>, place: PlaceId, today: Day) -> Result<KnownPlace> {
    let row = read
        .opt(
            "SELECT p.name, p.division_code, y.name AS city, c.name AS county, t.is_county_seat, \
               p.is_industrial_park, p.has_legal_operator, p.facts_confirmed_ms \
             FROM place p \
             LEFT JOIN division t ON t.code = p.division_code AND t.level = 'town' AND t.valid_from <= $2 \
               AND (t.valid_until IS NULL OR t.valid_until >= $2) \
             LEFT JOIN division c ON c.code = p.county_code AND c.level = 'county' AND c.valid_from <= $2 \
               AND (c.valid_until IS NULL OR c.valid_until >= $2) \
             LEFT JOIN division y ON y.code = p.city_code AND y.level = 'city' AND y.valid_from <= $2 \
               AND (y.valid_until IS NULL OR y.valid_until >= $2) \
             WHERE p.id = $1",
            args![place, today],
        )
        .await?;
    row.ok_or(Error::NotFound)
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

/// The version of a section as it is stored; 0 where nobody has begun it.
pub async fn draft_version(read: &mut Read<'_>, id: SubmissionId, code: &str) -> Result<i64> {
    let found: Option<(i64,)> = read
        .opt("SELECT version FROM draft_section WHERE submission_id = $1 AND code = $2", args![id, code])
        .await?;
    Ok(found.map_or(0, |(version,)| version))
}

/// The version of a section of an open draft that holds exactly this content, if it does.
pub async fn version_with(
    read: &mut Read<'_>,
    id: SubmissionId,
    code: &str,
    content: &str,
) -> Result<Option<i64>> {
    let found: Option<(i64,)> = read
        .opt(
            "SELECT d.version FROM draft_section d JOIN submission s ON s.id = d.submission_id \
             WHERE d.submission_id = $1 AND d.code = $2 AND d.content = $3 AND s.is_open = 1",
            args![id, code, content],
        )
        .await?;
    Ok(found.map(|(version,)| version))
}

/// One write of a section, if nobody was faster and the draft is open. Says whether it was written.
pub async fn save_section(
    store: &Store,
    id: SubmissionId,
    code: &str,
    write: &SectionWrite<'_>,
) -> Result<bool> {
    let section = (
        "INSERT INTO draft_section (id, submission_id, code, content, version, saved_ms, saved_by, done) \
         SELECT $1, s.id, $2, $3, 1, $4, $5, $6 FROM submission s WHERE s.id = $7 AND s.is_open = 1 \
         ON CONFLICT (submission_id, code) DO UPDATE SET content = excluded.content, done = excluded.done, \
           version = draft_section.version + 1, saved_ms = excluded.saved_ms, saved_by = excluded.saved_by \
         WHERE draft_section.version = $8",
        args![
            fresh::<RowId>(),
            code,
            write.content,
            store.now_ms(),
            write.by.person,
            write.done,
            id,
            write.version
        ],
    );
    let mut writes = vec![section];
    writes.extend(noted(store, id, write.by));
    store.scratch_all(writes).await
}

pub struct SectionWrite<'a> {
    pub content: &'a str,
    pub done: bool,
    pub by: Editor,
    pub version: i64,
}

/// Puts aside what a person typed while a colleague was faster.
pub async fn put_aside(
    store: &Store,
    id: SubmissionId,
    code: &str,
    by: PersonId,
    content: &str,
) -> Result<()> {
    store
        .scratch(
            "INSERT INTO draft_aside (id, submission_id, code, person_id, content, at_ms) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (submission_id, code, person_id) \
             DO UPDATE SET content = excluded.content, at_ms = excluded.at_ms",
            args![fresh::<RowId>(), id, code, by, content, store.now_ms()],
        )
        .await
        .map(|_| ())
}

pub async fn aside(
    read: &mut Read<'_>,
    id: SubmissionId,
    code: &str,
    by: PersonId,
) -> Result<Option<(String, i64)>> {
    Ok(read
        .opt(
            "SELECT content, at_ms FROM draft_aside WHERE submission_id = $1 AND code = $2 AND person_id = $3",
            args![id, code, by],
        )
        .await?)
}

pub async fn drop_aside(store: &Store, id: SubmissionId, code: &str, by: PersonId) -> Result<()> {
    store
        .scratch(
            "DELETE FROM draft_aside WHERE submission_id = $1 AND code = $2 AND person_id = $3",
            args![id, code, by],
        )
        .await
        .map(|_| ())
}

/// Adds an attachment to an open draft. Says whether the draft was open.
pub async fn add_file(store: &Store, id: SubmissionId, item: &str, kept: &Kept, by: Editor) -> Result<bool> {
    let file = (
        "INSERT INTO draft_file (id, submission_id, item, name, blob_id, size, media_type, position, added_ms, \
           added_by) \
         SELECT $1, s.id, $2, $3, $4, $5, $6, (SELECT COUNT(*) FROM draft_file f WHERE f.submission_id = s.id), \
           $7, $8 FROM submission s WHERE s.id = $9 AND s.is_open = 1",
        args![
            fresh::<FileId>(),
            item,
            &kept.name,
            &kept.blob_id,
            kept.size,
            kept.media_type,
            store.now_ms(),
            by.person,
            id
        ],
    );
    let mut writes = vec![not_while_sealing(id), file];
    writes.extend(noted(store, id, by));
    store.scratch_all(writes).await
}

/// Takes an attachment out of an open draft.
pub async fn remove_file(store: &Store, id: SubmissionId, file: FileId, by: Editor) -> Result<bool> {
    let file = (
        "DELETE FROM draft_file WHERE id = $1 AND submission_id = $2 \
         AND EXISTS (SELECT 1 FROM submission s WHERE s.id = $2 AND s.is_open = 1)",
        args![file, id],
    );
    let mut writes = vec![not_while_sealing(id), file];
    writes.extend(noted(store, id, by));
    store.scratch_all(writes).await
}

/// Waits for a sealing that is under way, and lets none begin: it locks every section. What is
/// asked next sees whether the draft is still open.
fn not_while_sealing(id: SubmissionId) -> (&'static str, Args) {
    (
        "UPDATE draft_section SET version = version WHERE submission_id = $1 \
         AND code = (SELECT MIN(f.code) FROM draft_section f WHERE f.submission_id = $1)",
        args![id],
    )
}

pub async fn file_of_draft(read: &mut Read<'_>, id: FileId, reach: &Reach) -> Result<Option<Attachment>> {
    let [from, until, place] = reach.places();
    Ok(read
        .opt(
            "SELECT f.name, f.blob_id, f.media_type FROM draft_file f \
             JOIN submission s ON s.id = f.submission_id JOIN place p ON p.id = s.place_id \
             WHERE f.id = $1 AND p.division_code >= $2 AND p.division_code < $3 AND ($4 = '' OR p.id = $4)",
            args![id, from, until, place],
        )
        .await?)
}
