//! Readings of the stages. Nothing is written here.

mod lives;

pub use lives::*;

use crate::places::newest_name;
use domain::day::Day;
use domain::id::OrganisationId;
use domain::role::Role;
use kit::access::Reach;
use kit::db::{Args, Read, Value};
use kit::{Result, args};

/// A step, open or closed, with the names of what it is about.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StepRow {
    pub id: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub stage: String,
    pub due_day: Option<String>,
    pub due_why: Option<String>,
    pub entered_ms: i64,
    pub left_ms: Option<i64>,
    pub remark: Option<String>,
    pub object: String,
    pub number: String,
    pub batch_id: String,
    pub batch_title: String,
    /// Who owes it.
    pub organisation: Option<String>,
    pub phone: Option<String>,
    pub owing_role: Option<String>,
    /// Who brought it here, and who took it away.
    pub from_person: Option<String>,
    pub from_organisation: Option<String>,
    pub left_by: Option<String>,
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT s.id, s.subject_kind, s.subject_id, s.stage, s.due_day, s.due_why, s.entered_ms, s.left_ms, \
               s.remark, COALESCE(d.name, l.name, ",
            newest_name!("r.city_code"),
            ", b.title, '') AS object, COALESCE(d.number, '') AS number, COALESCE(b.id, '') AS batch_id, \
               COALESCE(b.title, '') AS batch_title, o.name AS organisation, o.phone, s.owing_role, \
               p.name AS from_person, po.name AS from_organisation, q.name AS left_by "
        )
    };
}

macro_rules! things {
    () => {
        "FROM stage s LEFT JOIN declaration d ON d.id = s.subject_id \
         LEFT JOIN city_report r ON r.id = s.subject_id \
         LEFT JOIN batch b ON b.id = COALESCE(d.batch_id, r.batch_id, s.subject_id) \
         LEFT JOIN place l ON l.id = s.place_id LEFT JOIN organisation o ON o.id = s.owing_organisation_id \
         LEFT JOIN person p ON p.id = s.entered_by LEFT JOIN organisation po ON po.id = p.employer_id \
         LEFT JOIN person q ON q.id = s.left_by "
    };
}

/// Which of the to-dos are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    All,
    Soon,
    Late,
    Returned,
}

impl Show {
    pub fn code(self) -> &'static str {
        match self {
            Show::All => "",
            Show::Soon => "soon",
            Show::Late => "late",
            Show::Returned => "returned",
        }
    }
}

/// Whose desk, on which day. `soon` is the last day that counts as near.
#[derive(Clone, Copy, Debug)]
pub struct Whose {
    pub organisation: OrganisationId,
    pub role: Role,
    pub today: Day,
    pub soon: Day,
}

/// Where a page of steps begins: after this due day and id.
#[derive(Clone, Debug, Default)]
pub struct After {
    pub due: String,
    pub id: String,
}

/// The to-dos by deadline; those without one come last. A city government has its declarations in the
/// report that it sends: that is the to-do, not each of them.
pub async fn todos(
    mut read: Read<'_>,
    whose: &Whose,
    show: Show,
    after: &After,
    most: i64,
) -> Result<Vec<StepRow>> {
    Ok(read
        .all(
            concat!(
                columns!(),
                things!(),
                "WHERE s.left_ms IS NULL AND s.owing_organisation_id = $1 AND s.owing_role = $2 \
                 AND NOT (s.subject_kind = 'declaration' AND s.owing_role = 'CityApprover') \
                 AND ($3 = '' OR ($3 = 'late' AND s.due_day < $4) \
                   OR ($3 = 'soon' AND s.due_day >= $4 AND s.due_day <= $5) \
                   OR ($3 = 'returned' AND s.stage = 'Returned')) \
                 AND (COALESCE(s.due_day, '9999') > $6 OR (COALESCE(s.due_day, '9999') = $6 AND s.id > $7)) \
                 ORDER BY COALESCE(s.due_day, '9999'), s.id LIMIT $8"
            ),
            args![
                whose.organisation,
                whose.role,
                show.code(),
                whose.today,
                whose.soon,
                &after.due,
                &after.id,
                most
            ],
        )
        .await?)
}

/// The four counters: all, near, late, returned.
pub async fn counts(mut read: Read<'_>, whose: &Whose) -> Result<(i64, i64, i64, i64)> {
    Ok(read
        .one(
            "SELECT COUNT(*), \
               CAST(COALESCE(SUM(CASE WHEN due_day >= $3 AND due_day <= $4 THEN 1 ELSE 0 END), 0) AS BIGINT), \
               CAST(COALESCE(SUM(CASE WHEN due_day < $3 THEN 1 ELSE 0 END), 0) AS BIGINT), \
               CAST(COALESCE(SUM(CASE WHEN stage = 'Returned' THEN 1 ELSE 0 END), 0) AS BIGINT) \
             FROM stage WHERE left_ms IS NULL AND owing_organisation_id = $1 AND owing_role = $2 \
               AND NOT (subject_kind = 'declaration' AND owing_role = 'CityApprover')",
            args![whose.organisation, whose.role, whose.today, whose.soon],
        )
        .await?)
}

/// What an organisation has done: its closed steps, the newest first.
pub async fn done(
    mut read: Read<'_>,
    organisation: OrganisationId,
    before: (i64, &str),
    most: i64,
) -> Result<Vec<StepRow>> {
    Ok(read
        .all(
            concat!(
                columns!(),
                things!(),
                "WHERE s.owing_organisation_id = $1 AND s.left_ms IS NOT NULL \
                 AND (s.left_ms < $2 OR (s.left_ms = $2 AND s.id < $3)) \
                 ORDER BY s.left_ms DESC, s.id DESC LIMIT $4"
            ),
            args![organisation, before.0, before.1, most],
        )
        .await?)
}

/// What an organisation began, and where it stands now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BegunRow {
    pub seq: i64,
    pub at_ms: i64,
    pub act: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub object: String,
    pub number: String,
    pub stage: Option<String>,
    pub since_ms: Option<i64>,
    pub due_day: Option<String>,
    pub holder: Option<String>,
    pub phone: Option<String>,
    /// How many organisations owe a step at once.
    pub holders: i64,
}

/// The things an organisation's people began, the newest first.
pub async fn begun(
    mut read: Read<'_>,
    organisation: OrganisationId,
    before: i64,
    most: i64,
) -> Result<Vec<BegunRow>> {
    Ok(read
        .all(
            concat!(
                "SELECT e.seq, e.at_ms, e.act, e.subject_kind, e.subject_id, COALESCE(d.name, b.title, ",
                newest_name!("r.city_code"),
                ", '') AS object, COALESCE(d.number, '') AS number, s.stage, s.entered_ms AS since_ms, s.due_day, \
               o.name AS holder, o.phone, \
               (SELECT COUNT(*) FROM stage c WHERE c.subject_kind = e.subject_kind \
                 AND c.subject_id = e.subject_id AND c.left_ms IS NULL \
                 AND c.owing_organisation_id IS NOT NULL) AS holders \
             FROM log_entry e LEFT JOIN declaration d ON d.id = e.subject_id \
             LEFT JOIN batch b ON b.id = e.subject_id LEFT JOIN city_report r ON r.id = e.subject_id \
             LEFT JOIN stage s ON s.id = (SELECT MIN(x.id) FROM stage x WHERE x.subject_kind = e.subject_kind \
               AND x.subject_id = e.subject_id AND x.left_ms IS NULL) \
             LEFT JOIN organisation o ON o.id = s.owing_organisation_id \
             WHERE e.organisation_id = $1 AND e.seq < $2 \
               AND e.act IN ('declaration.started', 'batch.opened', 'city_report.begun') \
             ORDER BY e.seq DESC LIMIT $3"
            ),
            args![organisation, before, most],
        )
        .await?)
}

/// What is asked of the board.
#[derive(Clone, Debug, Default)]
pub struct BoardFilter {
    pub batch: String,
    pub city: String,
    pub stage: String,
    pub late: bool,
}

macro_rules! on_board {
    () => {
        "WHERE s.left_ms IS NULL AND s.owing_organisation_id IS NOT NULL \
           AND ((l.id IS NOT NULL AND l.division_code >= $1 AND l.division_code < $2 \
               AND ($3 = '' OR l.id = $3)) \
             OR (l.id IS NULL AND $3 = '' AND o.division_prefix >= $1 AND o.division_prefix < $2)) \
           AND ($4 = '' OR b.id = $4) AND ($5 = '' OR l.city_code = $5 OR r.city_code = $5) \
           AND ($6 = '' OR s.stage = $6) AND ($7 = 0 OR s.due_day < $8) "
    };
}

fn board_bounds(reach: &Reach, filter: &BoardFilter, today: Day) -> Args {
    let mut bound: Vec<Value> = reach.places().into();
    bound.extend(args![&filter.batch, &filter.city, &filter.stage, filter.late, today]);
    bound
}

/// The open steps within reach, the most urgent first.
pub async fn board(
    mut read: Read<'_>,
    reach: &Reach,
    filter: &BoardFilter,
    today: Day,
    after: &After,
    most: i64,
) -> Result<Vec<StepRow>> {
    let mut bound = board_bounds(reach, filter, today);
    bound.extend(args![&after.due, &after.id, most]);
    Ok(read
        .all(
            concat!(
                columns!(),
                things!(),
                on_board!(),
                "AND (COALESCE(s.due_day, '9999') > $9 OR (COALESCE(s.due_day, '9999') = $9 AND s.id > $10)) \
                 ORDER BY COALESCE(s.due_day, '9999'), s.id LIMIT $11"
            ),
            bound,
        )
        .await?)
}

/// How many steps the board holds.
pub async fn board_count(mut read: Read<'_>, reach: &Reach, filter: &BoardFilter, today: Day) -> Result<i64> {
    let sql = concat!("SELECT COUNT(*) FROM (SELECT s.id ", things!(), on_board!(), "LIMIT 1001) AS found");
    Ok(read.int(sql, board_bounds(reach, filter, today)).await?)
}

/// A city's declarations: all, reported, returned, and those with a step past its day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CityTotal {
    pub city_code: String,
    pub city_name: String,
    pub expected: i64,
    pub reported: i64,
    pub returned: i64,
    pub late: i64,
}

/// The totals by city within reach; of one batch where one is asked for.
pub async fn totals(mut read: Read<'_>, reach: &Reach, batch: &str, today: Day) -> Result<Vec<CityTotal>> {
    let mut bound: Vec<Value> = reach.places().into();
    bound.extend(args![batch, today]);
    Ok(read
        .all(
            concat!(
                "SELECT d.city_code, COALESCE(",
                newest_name!("d.city_code"),
                ", d.city_code) AS city_name, COUNT(*) AS expected, \
               CAST(SUM(CASE WHEN d.reported_day IS NOT NULL \
                 AND d.stage NOT IN ('Draft', 'AtTownHead', 'AtCounty', 'AtCity', 'Returned') THEN 1 ELSE 0 END) \
                 AS BIGINT) AS reported, \
               CAST(SUM(CASE WHEN d.stage = 'Returned' THEN 1 ELSE 0 END) AS BIGINT) AS returned, \
               CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM stage s WHERE s.subject_kind = 'declaration' \
                 AND s.subject_id = d.id AND s.left_ms IS NULL AND s.owing_organisation_id IS NOT NULL \
                 AND s.due_day < $5) THEN 1 ELSE 0 END) AS BIGINT) AS late \
             FROM declaration d JOIN place p ON p.id = d.place_id \
             WHERE p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3) \
               AND d.stage <> 'Withdrawn' AND ($4 = '' OR d.batch_id = $4) \
             GROUP BY d.city_code ORDER BY d.city_code"
            ),
            bound,
        )
        .await?)
}

/// Batches to choose from, the newest first: id and title.
pub async fn batches(mut read: Read<'_>) -> Result<Vec<(String, String)>> {
    Ok(read.all("SELECT id, title FROM batch ORDER BY year DESC, ordinal DESC", args![]).await?)
}

/// Cities to choose from: code and name.
pub async fn cities(mut read: Read<'_>) -> Result<Vec<(String, String)>> {
    Ok(read
        .all(
            "SELECT code, name FROM division WHERE level = 'city' AND valid_until IS NULL ORDER BY code",
            args![],
        )
        .await?)
}

/// Who has a thing now, since when, until when, and the number to ring.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Holder {
    pub organisation: String,
    pub phone: String,
    pub role: String,
    pub stage: String,
    pub since_ms: i64,
    pub due_day: Option<String>,
    pub due_why: Option<String>,
}

/// Everybody who owes a thing its next step; nobody at the end of its way.
pub async fn who_has_it(mut read: Read<'_>, kind: &str, id: &str) -> Result<Vec<Holder>> {
    Ok(read
        .all(
            "SELECT o.name AS organisation, o.phone, COALESCE(s.owing_role, '') AS role, s.stage, \
               s.entered_ms AS since_ms, s.due_day, s.due_why \
             FROM stage s JOIN organisation o ON o.id = s.owing_organisation_id \
             WHERE s.subject_kind = $1 AND s.subject_id = $2 AND s.left_ms IS NULL ORDER BY s.id",
            args![kind, id],
        )
        .await?)
}
