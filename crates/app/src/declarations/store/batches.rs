//! SQL for batches, their windows, and counts of what stands in them.

use super::super::acts::batches::BatchDraft;
use domain::calendar::Deadline;
use domain::day::Day;
use domain::declaration::{BatchState, Called, Slip, Window};
use domain::eligibility::Track;
use domain::id::{BatchId, OrganisationId, PersonId, ProgrammeId, RowId};
use domain::stage::BatchStage;
use kit::access::Reach;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};
use std::collections::BTreeSet;

/// A batch as it stands in the table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BatchRow {
    pub id: String,
    pub ordinal: i64,
    pub year: i64,
    pub title: String,
    pub target_count: i64,
    pub opens: String,
    pub closes_nominal: String,
    pub closes: String,
    pub closes_why: String,
    pub list_by_nominal: String,
    pub list_by: String,
    pub slip_reason: String,
    pub slip_authority: String,
    pub town_form: String,
    pub platform_form: String,
    pub stage: String,
    pub opened_by: String,
    pub call_number: Option<String>,
    pub version: i64,
}

impl BatchRow {
    pub fn id(&self) -> Result<BatchId> {
        self.id.parse().map_err(Error::internal)
    }

    pub fn stage(&self) -> Result<BatchStage> {
        self.stage.parse().map_err(Error::internal)
    }

    pub fn opens(&self) -> Result<Day> {
        self.opens.parse().map_err(Error::internal)
    }

    pub fn closes(&self) -> Result<Day> {
        self.closes.parse().map_err(Error::internal)
    }

    pub fn list_by(&self) -> Result<Day> {
        self.list_by.parse().map_err(Error::internal)
    }

    /// The form that a track declares on.
    pub fn form_for(&self, track: Track) -> &str {
        match track {
            Track::StatutoryTown => &self.town_form,
            Track::Platform => &self.platform_form,
        }
    }

    /// What the rules need to know of it.
    pub fn state(&self) -> Result<BatchState> {
        let stage = self.stage()?;
        let window = match stage {
            BatchStage::Draft => None,
            BatchStage::Called | BatchStage::Selecting | BatchStage::OnNotice | BatchStage::Published => {
                Some(Window { opens: self.opens()?, closes: self.closes()? })
            }
        };
        Ok(BatchState { stage, window })
    }
}

const COLUMNS: &str = "b.id, b.ordinal, b.year, b.title, b.target_count, b.opens, b.closes_nominal, b.closes, \
                       b.closes_why, b.list_by_nominal, b.list_by, b.slip_reason, b.slip_authority, b.town_form, \
                       b.platform_form, b.stage, b.opened_by, b.call_number, b.version";

/// A batch; a draft is known to the office alone.
pub async fn batch(mut read: Read<'_>, reach: &Reach, id: BatchId) -> Result<BatchRow> {
    let sql = format!("SELECT {COLUMNS} FROM batch b WHERE b.id = $1 AND ($2 = 1 OR b.stage <> 'Draft')");
    let row = read.opt(kit::db::Sql::built(sql), args![id, reach.is_all()]).await?;
    row.ok_or(Error::NotFound)
}

/// The same, held for this act and counted as changed: a decision is asked which version it has read.
pub async fn take_batch(act: &mut Act, reach: &Reach, id: BatchId) -> Result<BatchRow> {
    act.write("UPDATE batch SET version = version + 1 WHERE id = $1", args![id]).await?;
    batch(act.read(), reach, id).await
}

/// All batches, the newest first.
pub async fn batches(mut read: Read<'_>, reach: &Reach) -> Result<Vec<BatchRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM batch b WHERE $1 = 1 OR b.stage <> 'Draft' \
         ORDER BY b.year DESC, b.ordinal DESC"
    );
    Ok(read.all(kit::db::Sql::built(sql), args![reach.is_all()]).await?)
}

/// Declarations within a reach, by batch, city and stage.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StageCount {
    pub batch_id: String,
    pub city_code: String,
    pub stage: String,
    pub count: i64,
    pub late: i64,
}

pub async fn stage_counts(mut read: Read<'_>, reach: &Reach, batch: &str) -> Result<Vec<StageCount>> {
    let [from, until, place] = reach.places();
    let mut bound = vec![from, until, place];
    bound.extend(args![batch]);
    Ok(read
        .all(
            "SELECT d.batch_id, d.city_code, d.stage, COUNT(*) AS count, CAST(SUM(d.is_late) AS BIGINT) AS late \
             FROM declaration d JOIN place p ON p.id = d.place_id \
             WHERE p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3) \
               AND ($4 = '' OR d.batch_id = $4) \
             GROUP BY d.batch_id, d.city_code, d.stage ORDER BY d.city_code, d.stage",
            bound,
        )
        .await?)
}

/// A programme one may open a batch in.
pub async fn programmes(mut read: Read<'_>) -> Result<Vec<(String, String)>> {
    Ok(read.all("SELECT id, name FROM programme ORDER BY valid_from LIMIT 50", args![]).await?)
}

/// Cities with their codes, in order.
pub async fn cities(mut read: Read<'_>, today: Day) -> Result<Vec<(String, String)>> {
    Ok(read
        .all(
            "SELECT code, name FROM division WHERE level = 'city' AND valid_from <= $1 \
             AND (valid_until IS NULL OR valid_until >= $1) ORDER BY code LIMIT 100",
            args![today],
        )
        .await?)
}

/// The name of a city or county today; none where there is no such division.
pub async fn division_name(mut read: Read<'_>, code: &str, today: Day) -> Result<Option<String>> {
    let row: Option<(String,)> = read
        .opt(
            "SELECT name FROM division WHERE code = $1 AND level IN ('city', 'county') AND valid_from <= $2 \
             AND (valid_until IS NULL OR valid_until >= $2)",
            args![code, today],
        )
        .await?;
    Ok(row.map(|(name,)| name))
}

/// The city of a city or county, which may be itself; none where there is no such division today.
pub async fn city_of(mut read: Read<'_>, code: &str, today: Day) -> Result<Option<String>> {
    let row: Option<(String,)> = read
        .opt(
            "SELECT CASE WHEN level = 'county' THEN COALESCE(parent_code, code) ELSE code END AS city \
             FROM division WHERE code = $1 AND level IN ('city', 'county') AND valid_from <= $2 \
             AND (valid_until IS NULL OR valid_until >= $2)",
            args![code, today],
        )
        .await?;
    Ok(row.map(|(city,)| city))
}

/// The conference's office.
pub async fn office(mut read: Read<'_>) -> Result<OrganisationId> {
    let (id,): (String,) = read
        .one("SELECT id FROM organisation WHERE kind = 'office' ORDER BY valid_from DESC LIMIT 1", args![])
        .await?;
    id.parse().map_err(Error::internal)
}

/// The days of a batch as they were decided.
pub struct BatchDays<'a> {
    pub closes: &'a Deadline,
    pub list_by: &'a Deadline,
    pub slip: &'a Slip,
}

pub async fn insert_batch(
    act: &mut Act,
    id: BatchId,
    programme: ProgrammeId,
    draft: &BatchDraft,
    days: &BatchDays<'_>,
) -> Result<()> {
    let opened_by = act.who().person.text();
    act.write_one(
        "INSERT INTO batch (id, programme_id, ordinal, year, title, target_count, opens, closes_nominal, closes, \
         closes_why, list_by_nominal, list_by, slip_reason, slip_authority, town_form, platform_form, stage, \
         opened_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'Draft', $17)",
        args![
            id,
            programme,
            draft.ordinal,
            draft.year,
            &draft.title,
            draft.target_count,
            draft.opens,
            draft.closes,
            days.closes.day,
            &days.closes.explain,
            draft.list_by,
            days.list_by.day,
            &days.slip.reason,
            &days.slip.authority,
            &draft.town_form,
            &draft.platform_form,
            opened_by,
        ],
    )
    .await
}

/// Adds to those who have drafted a batch; nobody is taken out again.
pub async fn note_drafter(act: &mut Act, batch: &str) -> Result<()> {
    let who = act.who().clone();
    let people = [Some(who.person.text()), who.for_person.map(|id| id.to_string())];
    for person in people.into_iter().flatten() {
        act.write(
            "INSERT INTO batch_editor (id, batch_id, person_id) VALUES ($1, $2, $3) \
             ON CONFLICT (batch_id, person_id) DO NOTHING",
            args![kit::clock::fresh::<RowId>(), batch, person],
        )
        .await?;
    }
    Ok(())
}

/// Everybody who has drafted a batch.
pub async fn drafters(mut read: Read<'_>, batch: &str) -> Result<BTreeSet<PersonId>> {
    let rows: Vec<(String,)> = read
        .all(
            "SELECT x.person_id FROM batch_editor x WHERE x.batch_id = $1 \
             UNION SELECT b.opened_by FROM batch b WHERE b.id = $1",
            args![batch],
        )
        .await?;
    Ok(rows.into_iter().filter_map(|(person,)| person.parse().ok()).collect())
}

/// Lets no other act take or hold this batch until this one is through; what is read after it is the
/// newest there is. The batch stays as whoever decides over it has seen it.
pub async fn hold_batch(act: &mut Act, batch: &str) -> Result<()> {
    act.write_one("UPDATE batch SET version = version WHERE id = $1", args![batch]).await
}

pub async fn update_batch(
    act: &mut Act,
    batch: &BatchRow,
    version: i64,
    draft: &BatchDraft,
    days: &BatchDays<'_>,
) -> Result<()> {
    act.write_one(
        "UPDATE batch SET ordinal = $1, year = $2, title = $3, target_count = $4, opens = $5, closes_nominal = $6, \
         closes = $7, closes_why = $8, list_by_nominal = $9, list_by = $10, slip_reason = $11, slip_authority = $12, \
         town_form = $13, platform_form = $14, version = version + 1 \
         WHERE id = $15 AND version = $16 AND stage = 'Draft'",
        args![
            draft.ordinal,
            draft.year,
            &draft.title,
            draft.target_count,
            draft.opens,
            draft.closes,
            days.closes.day,
            &days.closes.explain,
            draft.list_by,
            days.list_by.day,
            &days.slip.reason,
            &days.slip.authority,
            &draft.town_form,
            &draft.platform_form,
            &batch.id,
            version,
        ],
    )
    .await
}

pub async fn save_call(act: &mut Act, batch: &BatchRow, called: &Called) -> Result<()> {
    let today = act.today();
    act.write_one(
        "UPDATE batch SET stage = 'Called', call_number = $1, called_day = $2, closes = $3, closes_why = $4, \
         list_by = $5, version = version + 1 WHERE id = $6 AND version = $7",
        args![
            called.document_number.to_string(),
            today,
            called.closes.day,
            &called.closes.explain,
            called.list_by.day,
            &batch.id,
            batch.version,
        ],
    )
    .await
}

pub async fn save_batch_stage(act: &mut Act, id: &str, version: i64, stage: BatchStage) -> Result<()> {
    act.write_one(
        "UPDATE batch SET stage = $1, version = version + 1 WHERE id = $2 AND version = $3",
        args![stage.code(), id, version],
    )
    .await
}

pub async fn save_window(act: &mut Act, batch: &BatchRow, closes: Day, why: &str) -> Result<()> {
    act.write_one(
        "UPDATE batch SET closes = $1, closes_why = $2, version = version + 1 WHERE id = $3 AND version = $4",
        args![closes, why, &batch.id, batch.version],
    )
    .await
}
