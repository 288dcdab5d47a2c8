//! The SQL of lists. What it reads is what was published: no other table.

use super::csv::kind_words;
use domain::day::Day;
use domain::eligibility::Track;
use domain::id::{BatchId, ListId, MembershipId, PlaceId, RowId};
use domain::stage::DeclarationStage;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};

/// One published version.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Version {
    pub id: String,
    pub programme_id: String,
    pub version: i64,
    pub batch_id: String,
    pub decision_id: String,
    pub title: String,
    pub minutes_number: String,
    pub decided_day: String,
    pub published_day: String,
    pub effective_day: String,
    pub approval_number: Option<String>,
    pub filing_due: String,
    pub filing_why: String,
    pub published_by: String,
    pub signature: String,
}

/// One place on a version.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    pub id: String,
    pub list_id: String,
    pub position: i64,
    pub place_id: String,
    pub declaration_id: String,
    pub kind: String,
    pub track: String,
    pub name: String,
    pub county_code: String,
    pub county_name: String,
    pub city_name: String,
    pub batch_ordinal: i64,
    pub since_day: String,
}

impl Entry {
    /// 建制镇 or 创新创业平台.
    pub fn track_words(&self) -> &'static str {
        Track::words_of(&self.track)
    }

    /// 建设名单 or 观察名单.
    pub fn kind_words(&self) -> &'static str {
        kind_words(&self.kind)
    }
}

impl Listed {
    /// 建制镇 or 创新创业平台.
    pub fn track_words(&self) -> &'static str {
        Track::words_of(&self.track)
    }

    pub fn stage(&self) -> Result<DeclarationStage> {
        self.stage.parse().map_err(Error::internal)
    }

    /// 县审核.
    pub fn stage_words(&self) -> &'static str {
        self.stage().map_or("", DeclarationStage::words)
    }
}

/// All versions, newest first.
pub async fn versions(mut read: Read<'_>) -> Result<Vec<Version>> {
    Ok(read
        .all(
            "SELECT id, programme_id, version, batch_id, decision_id, title, minutes_number, decided_day, \
               published_day, effective_day, approval_number, filing_due, filing_why, published_by, signature \
             FROM list_version ORDER BY version DESC LIMIT 100",
            args![],
        )
        .await?)
}

/// The version with a number.
pub async fn version(read: Read<'_>, number: i64) -> Result<Version> {
    versions(read).await?.into_iter().find(|one| one.version == number).ok_or(Error::NotFound)
}

pub async fn newest(read: Read<'_>) -> Result<Option<Version>> {
    Ok(versions(read).await?.into_iter().next())
}

/// The newest version of a programme's list, which the next one continues.
pub async fn newest_of(read: Read<'_>, programme: &str) -> Result<Option<Version>> {
    Ok(versions(read).await?.into_iter().find(|one| one.programme_id == programme))
}

/// The version in force on a day.
pub async fn version_on(read: Read<'_>, day: Day) -> Result<Option<Version>> {
    let day = day.to_string();
    Ok(versions(read).await?.into_iter().find(|one| one.effective_day <= day))
}

/// The whole list of a version, in its published order.
pub async fn entries(mut read: Read<'_>, list: &str) -> Result<Vec<Entry>> {
    Ok(read
        .all(
            "SELECT id, list_id, position, place_id, declaration_id, kind, track, name, county_code, county_name, \
               city_name, batch_ordinal, since_day FROM list_entry WHERE list_id = $1 ORDER BY position",
            args![list],
        )
        .await?)
}

/// The first signed head of the log that holds a version's publication.
pub async fn root_after(mut read: Read<'_>, list: &str) -> Result<Option<String>> {
    let note: Option<(String,)> = read
        .opt(
            "SELECT note FROM log_checkpoint WHERE size >= \
               (SELECT MIN(seq) FROM log_entry WHERE subject_kind = 'list' AND subject_id = $1) \
             ORDER BY size LIMIT 1",
            args![list],
        )
        .await?;
    Ok(note.and_then(|(note,)| note.lines().nth(2).map(str::to_owned)))
}

pub async fn insert_version(act: &mut Act, new: &Version) -> Result<()> {
    act.write_one(
        "INSERT INTO list_version (id, programme_id, version, batch_id, decision_id, title, minutes_number, \
           decided_day, published_day, effective_day, approval_number, filing_due, filing_why, published_by, \
           signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            &new.id,
            &new.programme_id,
            new.version,
            &new.batch_id,
            &new.decision_id,
            &new.title,
            &new.minutes_number,
            &new.decided_day,
            &new.published_day,
            &new.effective_day,
            new.approval_number.clone(),
            &new.filing_due,
            &new.filing_why,
            &new.published_by,
            &new.signature,
        ],
    )
    .await
}

pub async fn insert_entry(act: &mut Act, list: ListId, position: i64, entry: &Entry) -> Result<()> {
    act.write_one(
        "INSERT INTO list_entry (id, list_id, position, place_id, declaration_id, kind, track, name, county_code, \
           county_name, city_name, batch_ordinal, since_day) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            kit::clock::fresh::<RowId>(),
            list,
            position,
            &entry.place_id,
            &entry.declaration_id,
            &entry.kind,
            &entry.track,
            &entry.name,
            &entry.county_code,
            &entry.county_name,
            &entry.city_name,
            entry.batch_ordinal,
            &entry.since_day,
        ],
    )
    .await
}

/// The programme of a batch.
pub async fn programme_of(mut read: Read<'_>, batch: &str) -> Result<String> {
    Ok(read.one::<(String,)>("SELECT programme_id FROM batch WHERE id = $1", args![batch]).await?.0)
}

/// A declaration whose place on the list is settled: listed, or left out.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub declaration_id: String,
    pub place_id: String,
    pub version: i64,
    pub stage: String,
    pub name: String,
    pub track: String,
    pub county_code: String,
    pub county_name: String,
    pub city_name: String,
    /// Its place in the city's order; none where no city has reported it.
    pub recommended: Option<i64>,
}

const DECLARATIONS: &str = "SELECT d.id AS declaration_id, d.place_id, d.version, d.stage, d.name, d.track, d.county_code, \
       (SELECT v.name FROM division v WHERE v.code = d.county_code ORDER BY v.valid_from DESC LIMIT 1) AS county_name, \
       (SELECT v.name FROM division v WHERE v.code = d.city_code ORDER BY v.valid_from DESC LIMIT 1) AS city_name, \
       d.recommended \
     FROM declaration d ";

/// The decided declarations that are to be listed now, in the order of the decision.
pub async fn to_list(mut read: Read<'_>, batch: BatchId) -> Result<Vec<Listed>> {
    let sql = kit::db::Sql::built(format!(
        "{DECLARATIONS} JOIN decision_item i ON i.declaration_id = d.id \
         WHERE d.batch_id = $1 AND d.stage = 'Proposed' ORDER BY i.position"
    ));
    Ok(read.all(sql, args![batch]).await?)
}

/// Every other declaration of the batch that has not come to its end: received or still on its way.
pub async fn to_leave_out(mut read: Read<'_>, batch: BatchId) -> Result<Vec<Listed>> {
    let sql = kit::db::Sql::built(format!(
        "{DECLARATIONS} LEFT JOIN decision_item i ON i.declaration_id = d.id \
         WHERE d.batch_id = $1 AND d.stage NOT IN ('Listed', 'NotSelected', 'Withdrawn') \
           AND (i.id IS NULL OR d.stage <> 'Proposed') ORDER BY d.id"
    ));
    Ok(read.all(sql, args![batch]).await?)
}

/// A place's part in the programme from a day on.
pub async fn list_member(
    act: &mut Act,
    programme: &str,
    listed: &Listed,
    stage: &str,
    since: Day,
) -> Result<MembershipId> {
    let found: Option<(String, i64)> = act
        .read()
        .opt(
            "SELECT id, version FROM membership WHERE place_id = $1 AND programme_id = $2",
            args![&listed.place_id, programme],
        )
        .await?;
    if let Some((id, version)) = found {
        act.write_one(
            "UPDATE membership SET stage = $1, since_day = $2, version = version + 1 WHERE id = $3 AND version = $4",
            args![stage, since, &id, version],
        )
        .await?;
        return id.parse().map_err(Error::internal);
    }
    let id: MembershipId = kit::clock::fresh();
    act.write_one(
        "INSERT INTO membership (id, place_id, programme_id, track, stage, since_day) VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, &listed.place_id, programme, &listed.track, stage, since],
    )
    .await?;
    Ok(id)
}

pub fn place_id(text: &str) -> Result<PlaceId> {
    text.parse().map_err(Error::internal)
}

/// One log entry behind an entry of a list.
#[derive(sqlx::FromRow)]
pub struct LogRow {
    pub seq: i64,
    pub at_ms: i64,
    pub act: String,
    pub subject_kind: String,
    pub role: Option<String>,
    pub person_name: Option<String>,
    pub organisation_name: Option<String>,
    pub body: String,
    pub leaf: Vec<u8>,
}

/// Log entries of the list, its batch, the declaration, its submission and the city's report.
pub async fn log_behind(mut read: Read<'_>, version: &Version, entry: &Entry) -> Result<Vec<LogRow>> {
    let sql = "SELECT l.seq, l.at_ms, l.act, l.subject_kind, l.role, p.name AS person_name, o.name AS organisation_name, l.body, l.leaf \
             FROM log_entry l LEFT JOIN person p ON p.id = l.person \
             LEFT JOIN organisation o ON o.id = l.organisation_id \
             WHERE (l.subject_kind = 'list' AND l.subject_id = $1) \
                OR (l.subject_kind = 'batch' AND l.subject_id = $2) \
                OR (l.subject_kind = 'declaration' AND l.subject_id = $3) \
                OR (l.subject_kind = 'submission' AND l.subject_id = \
                     (SELECT d.id FROM declaration d WHERE d.id = $3)) \
                OR (l.subject_kind = 'city_report' AND l.subject_id = \
                     (SELECT d.city_report_id FROM declaration d WHERE d.id = $3)) \
             ORDER BY l.seq DESC LIMIT 500";
    Ok(read.all(sql, args![&version.id, &version.batch_id, &entry.declaration_id]).await?)
}
