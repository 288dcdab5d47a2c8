//! The SQL of lists. What it reads is what was published: no other table.

use super::csv::kind_words;
use crate::places::newest_name;
use domain::day::Day;
use domain::eligibility::Track;
use domain::id::{BatchId, ListId, MembershipId, PlaceId, RowId};
use domain::stage::DeclarationStage;
use kit::db::{Read, Sql};
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

macro_rules! versions {
    ($which:literal) => {
        concat!(
            "SELECT id, programme_id, version, batch_id, decision_id, title, minutes_number, decided_day, \
               published_day, effective_day, approval_number, filing_due, filing_why, published_by, signature \
             FROM list_version ",
            $which
        )
    };
}

/// All versions, newest first.
pub async fn versions(mut read: Read<'_>) -> Result<Vec<Version>> {
    Ok(read.all(versions!("ORDER BY version DESC"), args![]).await?)
}

/// The version with a number.
pub async fn version(mut read: Read<'_>, number: i64) -> Result<Version> {
    let sql = versions!("WHERE version = $1 ORDER BY published_day DESC LIMIT 1");
    read.opt(sql, args![number]).await?.ok_or(Error::NotFound)
}

pub async fn newest(mut read: Read<'_>) -> Result<Option<Version>> {
    Ok(read.opt(versions!("ORDER BY version DESC LIMIT 1"), args![]).await?)
}

/// The newest version of a programme's list, which the next one continues.
pub async fn newest_of(mut read: Read<'_>, programme: &str) -> Result<Option<Version>> {
    let sql = versions!("WHERE programme_id = $1 ORDER BY version DESC LIMIT 1");
    Ok(read.opt(sql, args![programme]).await?)
}

/// The version in force on a day.
pub async fn version_on(mut read: Read<'_>, day: Day) -> Result<Option<Version>> {
    let sql = versions!("WHERE effective_day <= $1 ORDER BY version DESC LIMIT 1");
    Ok(read.opt(sql, args![day]).await?)
}

const ENTRY: &str = "SELECT id, list_id, position, place_id, declaration_id, kind, track, name, county_code, \
                     county_name, city_name, batch_ordinal, since_day FROM list_entry WHERE list_id = $1";

/// The whole list of a version, in its published order.
pub async fn entries(mut read: Read<'_>, list: &str) -> Result<Vec<Entry>> {
    Ok(read.all(Sql::built(format!("{ENTRY} ORDER BY position")), args![list]).await?)
}

/// One entry of a version.
pub async fn entry(mut read: Read<'_>, list: &str, id: &str) -> Result<Entry> {
    let row = read.opt(Sql::built(format!("{ENTRY} AND id = $2")), args![list, id]).await?;
    row.ok_or(Error::NotFound)
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

const DECLARATIONS: &str = concat!(
    "SELECT d.id AS declaration_id, d.place_id, d.version, d.stage, d.name, d.track, d.county_code, ",
    newest_name!("d.county_code"),
    " AS county_name, ",
    newest_name!("d.city_code"),
    " AS city_name, d.recommended FROM declaration d "
);

/// The decided declarations that are to be listed now, in the order of the decision.
pub async fn to_list(mut read: Read<'_>, batch: BatchId) -> Result<Vec<Listed>> {
    let sql = Sql::built(format!(
        "{DECLARATIONS} JOIN decision_item i ON i.declaration_id = d.id \
         WHERE d.batch_id = $1 AND d.stage = 'Proposed' ORDER BY i.position"
    ));
    Ok(read.all(sql, args![batch]).await?)
}

/// Every other declaration of the batch that has not come to its end: received or still on its way.
pub async fn to_leave_out(mut read: Read<'_>, batch: BatchId) -> Result<Vec<Listed>> {
    let sql = Sql::built(format!(
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

/// The numbers of the log entries behind an entry of a list, all of them: of the version and the one
/// that first listed it, the declaration's batch, the declaration with its submission, the city's
/// report. Of the batch's acts on single declarations or divisions, those that wrote what is the entry's.
pub async fn acts_behind(mut read: Read<'_>, version: &Version, entry: &Entry) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = read
        .all(
            "SELECT l.seq FROM (SELECT 'list' AS kind, v.id AS id FROM list_version v JOIN declaration n \
                 ON n.id = $2 WHERE v.id = $1 OR v.batch_id = n.batch_id \
               UNION ALL SELECT 'batch', n.batch_id FROM declaration n WHERE n.id = $2 \
               UNION ALL SELECT 'city_report', n.city_report_id FROM declaration n WHERE n.id = $2 \
               UNION ALL SELECT 'submission', n.id FROM declaration n WHERE n.id = $2 \
               UNION ALL SELECT 'declaration', n.id FROM declaration n WHERE n.id = $2) t \
             JOIN log_entry l ON l.subject_kind = t.kind AND l.subject_id = t.id \
             JOIN declaration d ON d.id = $2 \
             WHERE (l.act <> 'declarations.proposed' OR EXISTS (SELECT 1 FROM row_digest g \
                 WHERE g.seq = l.seq AND g.table_name = 'declaration' AND g.row_id = d.id)) \
               AND (l.act <> 'batch.extended' OR EXISTS (SELECT 1 FROM row_digest g \
                 JOIN batch_extension x ON x.id = g.row_id \
                 WHERE g.seq = l.seq AND g.table_name = 'batch_extension' \
                   AND ((x.division_code = '' AND x.declaration_id = '') OR x.declaration_id = d.id \
                     OR x.division_code IN (d.county_code, d.city_code)))) \
             ORDER BY l.seq DESC",
            args![&version.id, &entry.declaration_id],
        )
        .await?;
    Ok(rows.into_iter().map(|(seq,)| seq).collect())
}

/// The act that proposed a declaration, by its number, with the reasons that stand.
pub async fn proposed_by_act(mut read: Read<'_>, declaration: &str) -> Result<Option<(i64, String)>> {
    let sql = "SELECT g.seq, p.reasons FROM proposal p \
               JOIN row_digest g ON g.table_name = 'proposal' AND g.row_id = p.id \
               WHERE p.declaration_id = $1 ORDER BY g.seq LIMIT 1";
    Ok(read.opt(sql, args![declaration]).await?)
}
