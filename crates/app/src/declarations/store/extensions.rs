//! SQL for windows made longer: of a batch, of a city or a county, of one declaration.

use super::super::acts::batches::Granted;
use super::BatchRow;
use crate::places::newest_name;
use domain::day::Day;
use domain::declaration::{Extension, LateLeave};
use domain::id::RowId;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};
use std::collections::HashMap;

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
    let sql = concat!(
        "SELECT ",
        newest_name!("e.division_code"),
        " AS division_name, d.name AS declaration_name, e.was, e.until, e.reason, e.authority, \
         e.document_number, e.granted_ms FROM batch_extension e LEFT JOIN declaration d ON d.id = e.declaration_id \
         WHERE e.batch_id = $1 ORDER BY e.granted_ms DESC, e.id DESC"
    );
    Ok(read.all(sql, args![batch]).await?)
}

/// Leave or extension as it is kept.
#[derive(sqlx::FromRow)]
struct LeaveRow {
    was: String,
    until: String,
    reason: String,
    authority: String,
}

impl LeaveRow {
    fn extension(self) -> Result<Extension> {
        let day = |text: &str| text.parse::<Day>().map_err(Error::internal);
        let (was, until) = (day(&self.was)?, day(&self.until)?);
        Ok(Extension { was, until, reason: self.reason, authority: self.authority })
    }
}

/// Every time the window of a whole batch was made longer, the first time first.
pub async fn batch_extensions(mut read: Read<'_>, batch: &str) -> Result<Vec<Extension>> {
    let rows: Vec<LeaveRow> = read
        .all(
            "SELECT was, until, reason, authority FROM batch_extension \
             WHERE batch_id = $1 AND division_code = '' AND declaration_id = '' ORDER BY until",
            args![batch],
        )
        .await?;
    rows.into_iter().map(LeaveRow::extension).collect()
}

/// Whom leave to be late may cover; empty texts cover nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Covered<'a> {
    pub declaration: &'a str,
    pub county: &'a str,
    pub city: &'a str,
}

/// The longest leave to be late that covers somebody: his own, his county's, his city's.
pub async fn late_leave(mut read: Read<'_>, batch: &str, whom: Covered<'_>) -> Result<Option<LateLeave>> {
    let row: Option<LeaveRow> = read
        .opt(
            "SELECT was, until, reason, authority FROM batch_extension WHERE batch_id = $1 \
             AND ((declaration_id <> '' AND declaration_id = $2) \
               OR (division_code <> '' AND division_code IN ($3, $4))) \
             ORDER BY until DESC, granted_ms DESC LIMIT 1",
            args![batch, whom.declaration, whom.county, whom.city],
        )
        .await?;
    let leave = row.map(LeaveRow::extension).transpose()?;
    Ok(leave.map(|Extension { until, reason, authority, .. }| LateLeave { until, reason, authority }))
}

/// The same in every batch that gives some, by the batch.
pub async fn late_leaves(mut read: Read<'_>, whom: Covered<'_>) -> Result<HashMap<String, LateLeave>> {
    let rows: Vec<(String, String, String, String)> = read
        .all(
            "SELECT batch_id, until, reason, authority FROM batch_extension \
             WHERE (declaration_id <> '' AND declaration_id = $1) \
               OR (division_code <> '' AND division_code IN ($2, $3)) ORDER BY until, granted_ms",
            args![whom.declaration, whom.county, whom.city],
        )
        .await?;
    let leave = |(batch, until, reason, authority): (String, String, String, String)| {
        Ok((batch, LateLeave { until: until.parse().map_err(Error::internal)?, reason, authority }))
    };
    rows.into_iter().map(leave).collect()
}

/// Those who owe a step by the window's last day owe it by a later one: the clerks who are filling
/// in, the cities that are to report, with their reports. Each step stays the one it is; one that
/// is being taken at this moment is left alone.
pub async fn prolong_steps(act: &mut Act, batch: &str, granted: &Granted) -> Result<usize> {
    act.write(
        "UPDATE stage SET due_day = $1, due_why = $2, remark = '延期' \
         WHERE left_ms IS NULL AND due_day < $1 AND owing_organisation_id IS NOT NULL \
           AND ((subject_kind = 'declaration' \
               AND ((stage = 'Draft' AND owing_role = 'Clerk') \
                 OR (stage = 'AtCity' AND owing_role = 'CityApprover')) \
               AND subject_id IN (SELECT d.id FROM declaration d WHERE d.batch_id = $3 \
                 AND ($4 = '' OR d.id = $4) AND ($5 = '' OR d.county_code = $5 OR d.city_code = $5))) \
             OR (subject_kind = 'city_report' \
               AND subject_id IN (SELECT r.id FROM city_report r WHERE r.batch_id = $3 AND r.sent_ms IS NULL \
                 AND $4 = '' AND ($5 = '' OR r.city_code = $5))))",
        args![granted.until, &granted.why, batch, &granted.declaration, &granted.division],
    )
    .await
}
