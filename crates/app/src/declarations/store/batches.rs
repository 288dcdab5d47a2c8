//! SQL for batches, their windows, and counts of what stands in them.

use super::super::acts::batches::{BatchDraft, Granted};
use domain::calendar::Deadline;
use domain::day::Day;
use domain::declaration::{BatchState, Called, Slip, Window};
use domain::id::{BatchId, OrganisationId, ProgrammeId, RowId};
use domain::stage::BatchStage;
use kit::access::Reach;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};

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

    /// What the rules need to know of it.
    pub fn state(&self) -> Result<BatchState> {
        let stage = self.stage()?;
        let window = match stage {
            BatchStage::Draft => None,
            BatchStage::Called | BatchStage::Selecting | BatchStage::OnNotice | BatchStage::Published => {
                Some(Window { opens: self.opens()?, closes: self.closes()?, extension: None })
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

/// All batches, the newest first.
pub async fn batches(mut read: Read<'_>, reach: &Reach) -> Result<Vec<BatchRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM batch b WHERE $1 = 1 OR b.stage <> 'Draft' \
         ORDER BY b.year DESC, b.ordinal DESC LIMIT 100"
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
             GROUP BY d.batch_id, d.city_code, d.stage ORDER BY d.city_code, d.stage LIMIT 5000",
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

pub async fn update_batch(
    act: &mut Act,
    batch: &BatchRow,
    version: i64,
    draft: &BatchDraft,
    days: &BatchDays<'_>,
) -> Result<()> {
    let opened_by = act.who().person.text();
    act.write_one(
        "UPDATE batch SET ordinal = $1, year = $2, title = $3, target_count = $4, opens = $5, closes_nominal = $6, \
         closes = $7, closes_why = $8, list_by_nominal = $9, list_by = $10, slip_reason = $11, slip_authority = $12, \
         town_form = $13, platform_form = $14, opened_by = $15, version = version + 1 \
         WHERE id = $16 AND version = $17 AND stage = 'Draft'",
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
            opened_by,
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

pub async fn insert_extension(act: &mut Act, batch: &BatchRow, granted: &Granted) -> Result<()> {
    let (now, person) = (act.now_ms(), act.who().person.text());
    act.write_one(
        "INSERT INTO batch_extension (id, batch_id, division_code, declaration_id, was, until, until_why, reason, \
         authority, document_number, granted_by, granted_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            kit::clock::fresh::<RowId>(),
            &batch.id,
            &granted.division,
            &granted.declaration,
            granted.was,
            granted.until,
            &granted.why,
            &granted.reason,
            &granted.authority,
            &granted.document_number,
            person,
            now,
        ],
    )
    .await
}

/// One extension as the page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ExtensionRow {
    pub division_name: Option<String>,
    pub declaration_name: Option<String>,
    pub was: String,
    pub until: String,
    pub reason: String,
    pub authority: String,
    pub document_number: String,
    pub granted_ms: i64,
}

pub async fn extensions(mut read: Read<'_>, batch: &str) -> Result<Vec<ExtensionRow>> {
    Ok(read
        .all(
            "SELECT (SELECT v.name FROM division v WHERE v.code = e.division_code ORDER BY v.valid_from DESC LIMIT 1) AS division_name, \
             d.name AS declaration_name, e.was, e.until, e.reason, e.authority, \
             e.document_number, e.granted_ms FROM batch_extension e LEFT JOIN declaration d ON d.id = e.declaration_id \
             WHERE e.batch_id = $1 ORDER BY e.granted_ms DESC, e.id DESC LIMIT 200",
            args![batch],
        )
        .await?)
}

/// The declaration of that number in a batch.
pub async fn declaration_numbered(mut read: Read<'_>, batch: &str, number: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = read
        .opt("SELECT id FROM declaration WHERE batch_id = $1 AND number = $2", args![batch, number])
        .await?;
    Ok(row.map(|(id,)| id))
}

/// A step of a declaration that is owed by the window's last day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenStep {
    pub subject_id: String,
    pub place_id: String,
    pub stage: String,
    pub organisation_id: String,
    pub owing_role: String,
}

/// The steps an extension is for: those the clerks and the city governments owe by the old last day.
pub async fn open_until(mut read: Read<'_>, batch: &str, granted: &Granted) -> Result<Vec<OpenStep>> {
    Ok(read
        .all(
            "SELECT s.subject_id, d.place_id, s.stage, s.owing_organisation_id AS organisation_id, s.owing_role \
             FROM stage s JOIN declaration d ON d.id = s.subject_id \
             WHERE s.subject_kind = 'declaration' AND s.left_ms IS NULL AND d.batch_id = $1 AND s.due_day = $2 \
               AND s.owing_role IN ('Clerk', 'CityApprover') AND s.owing_organisation_id IS NOT NULL \
               AND ($3 = '' OR d.id = $3) AND ($4 = '' OR d.county_code = $4 OR d.city_code = $4) \
             ORDER BY s.id LIMIT 5000",
            args![batch, granted.was, &granted.declaration, &granted.division],
        )
        .await?)
}
