//! SQL for a city's reports: their lists, their signatures.

use super::declarations::DeclarationRow;
use crate::places::newest_name;
use domain::id::{CityReportId, RowId};
use kit::access::Reach;
use kit::actor::Actor;
use kit::db::{Read, Sql};
use kit::record::Act;
use kit::{Error, Result, args};

/// A city's report as it stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportRow {
    pub id: String,
    pub batch_id: String,
    pub batch_title: String,
    pub city_code: String,
    pub city_name: Option<String>,
    pub ordinal: i64,
    pub document_number: String,
    pub summary: String,
    pub content_hash: String,
    pub compiled_by: Option<String>,
    pub sent_by: Option<String>,
    pub sent_ms: Option<i64>,
    pub version: i64,
    /// How many declarations stand on its list.
    pub items: i64,
}

/// One declaration in its place on the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportItem {
    pub declaration_id: String,
    pub position: i64,
    pub edition_id: String,
    pub content_hash: String,
}

const COLUMNS: &str = concat!(
    "r.id, r.batch_id, (SELECT t.title FROM batch t WHERE t.id = r.batch_id) AS batch_title, r.city_code, ",
    newest_name!("r.city_code"),
    " AS city_name, r.ordinal, r.document_number, r.summary, r.content_hash, r.compiled_by, r.sent_by, r.sent_ms, \
     r.version, (SELECT COUNT(*) FROM city_report_item i WHERE i.report_id = r.id) AS items"
);

/// A report of a city within reach.
pub async fn report(mut read: Read<'_>, reach: &Reach, id: CityReportId) -> Result<ReportRow> {
    let sql = format!("SELECT {COLUMNS} FROM city_report r WHERE r.id = $1");
    let row: ReportRow = read.opt(Sql::built(sql), args![id]).await?.ok_or(Error::NotFound)?;
    if reach.holds_division(&row.city_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// The same, held for this act: acts on one report follow one another.
pub async fn take_report(act: &mut Act, reach: &Reach, id: CityReportId) -> Result<ReportRow> {
    hold_report(act, &id.to_string()).await?;
    report(act.read(), reach, id).await
}

/// Lets no other act on this report go on until this one is through; what is read after it is the newest.
pub async fn hold_report(act: &mut Act, report: &str) -> Result<()> {
    act.write("UPDATE city_report SET version = version WHERE id = $1", args![report]).await.map(|_| ())
}

/// The reports of the cities within reach, the newest batch first.
pub async fn reports(mut read: Read<'_>, reach: &Reach, batch: &str) -> Result<Vec<ReportRow>> {
    let [from, until, place] = reach.places();
    let mut bound = vec![from, until, place];
    bound.extend(args![batch]);
    let sql = format!(
        "SELECT {COLUMNS} FROM city_report r JOIN batch b ON b.id = r.batch_id \
         WHERE r.city_code >= $1 AND r.city_code < $2 AND $3 = '' AND ($4 = '' OR r.batch_id = $4) \
         ORDER BY b.year DESC, b.ordinal DESC, r.city_code, r.ordinal"
    );
    Ok(read.all(Sql::built(sql), bound).await?)
}

pub async fn open_report(mut read: Read<'_>, batch: &str, city: &str) -> Result<Option<ReportRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM city_report r WHERE r.batch_id = $1 AND r.city_code = $2 AND r.sent_ms IS NULL"
    );
    Ok(read.opt(Sql::built(sql), args![batch, city]).await?)
}

/// The reports of a batch that have not been sent.
pub async fn unsent_reports(mut read: Read<'_>, batch: &str) -> Result<Vec<String>> {
    let sql = "SELECT id FROM city_report WHERE batch_id = $1 AND sent_ms IS NULL ORDER BY id";
    let rows: Vec<(String,)> = read.all(sql, args![batch]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn insert_report(act: &mut Act, id: CityReportId, batch: &str, city: &str) -> Result<()> {
    let earlier = act
        .read()
        .int("SELECT COUNT(*) FROM city_report WHERE batch_id = $1 AND city_code = $2", args![batch, city])
        .await?;
    act.write_one(
        "INSERT INTO city_report (id, batch_id, city_code, ordinal) VALUES ($1, $2, $3, $4)",
        args![id, batch, city, earlier + 1],
    )
    .await
}

pub async fn save_report(act: &mut Act, row: &ReportRow) -> Result<()> {
    act.write_one(
        "UPDATE city_report SET document_number = $1, summary = $2, content_hash = $3, compiled_by = $4, \
         sent_by = $5, sent_ms = $6, version = version + 1 WHERE id = $7 AND version = $8",
        args![
            &row.document_number,
            &row.summary,
            &row.content_hash,
            row.compiled_by.clone(),
            row.sent_by.clone(),
            row.sent_ms,
            &row.id,
            row.version,
        ],
    )
    .await
}

pub async fn report_items(mut read: Read<'_>, report: &str) -> Result<Vec<ReportItem>> {
    Ok(read
        .all(
            "SELECT declaration_id, position, edition_id, content_hash FROM city_report_item \
             WHERE report_id = $1 ORDER BY position",
            args![report],
        )
        .await?)
}

/// A declaration on the list of a report, as its page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportedRow {
    pub position: i64,
    pub content_hash: String,
    pub id: String,
    pub name: String,
    pub number: String,
    pub county_name: Option<String>,
    pub county_number: Option<String>,
    pub stage: String,
    pub is_late: i64,
}

/// The list of a report, in its order.
pub async fn report_list(mut read: Read<'_>, report: &str) -> Result<Vec<ReportedRow>> {
    let sql = concat!(
        "SELECT i.position, i.content_hash, d.id, d.name, d.number, ",
        newest_name!("d.county_code"),
        " AS county_name, d.county_number, d.stage, d.is_late FROM city_report_item i \
         JOIN declaration d ON d.id = i.declaration_id WHERE i.report_id = $1 ORDER BY i.position"
    );
    Ok(read.all(sql, args![report]).await?)
}

/// The declarations a sent report brought, in its order.
pub async fn reported_in(mut read: Read<'_>, report: &str) -> Result<Vec<DeclarationRow>> {
    let sql = format!(
        "SELECT {} FROM declaration d WHERE d.city_report_id = $1 ORDER BY d.recommended",
        super::declarations::COLUMNS
    );
    Ok(read.all(Sql::built(sql), args![report]).await?)
}

pub async fn replace_items(act: &mut Act, report: &str, items: &[ReportItem]) -> Result<()> {
    act.write("DELETE FROM city_report_item WHERE report_id = $1", args![report]).await?;
    for item in items {
        act.write_one(
            "INSERT INTO city_report_item (id, report_id, declaration_id, position, edition_id, content_hash) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            args![
                kit::clock::fresh::<RowId>(),
                report,
                &item.declaration_id,
                item.position,
                &item.edition_id,
                &item.content_hash,
            ],
        )
        .await?;
    }
    Ok(())
}

/// A bureau's signature on a report.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportSignature {
    pub content_hash: String,
    pub bureau: String,
    pub organisation_name: String,
    pub person_id: String,
    pub signature: String,
    pub signed_ms: i64,
    pub void_ms: Option<i64>,
}

pub async fn report_signatures(mut read: Read<'_>, report: &str) -> Result<Vec<ReportSignature>> {
    Ok(read
        .all(
            "SELECT content_hash, bureau, organisation_name, person_id, signature, signed_ms, void_ms \
             FROM report_signature \
             WHERE report_id = $1 ORDER BY signed_ms, id",
            args![report],
        )
        .await?)
}

pub async fn insert_report_signature(
    act: &mut Act,
    actor: &Actor,
    report: &ReportRow,
    bureau: &str,
) -> Result<()> {
    let now = act.now_ms();
    act.write_one(
        "INSERT INTO report_signature (id, report_id, content_hash, bureau, organisation_id, organisation_name, \
         person_id, signature, signed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            kit::clock::fresh::<RowId>(),
            &report.id,
            &report.content_hash,
            bureau,
            actor.organisation,
            &actor.organisation_name,
            actor.person,
            actor.signature(),
            now,
        ],
    )
    .await
}

pub async fn void_report_signatures(act: &mut Act, report: &str) -> Result<usize> {
    let now = act.now_ms();
    act.write(
        "UPDATE report_signature SET void_ms = $1 WHERE report_id = $2 AND void_ms IS NULL",
        args![now, report],
    )
    .await
}

/// The due day of a thing's newest stage row, closed or open, with its reason.
pub async fn newest_due(mut read: Read<'_>, kind: &str, id: &str) -> Result<Option<(String, String)>> {
    let row: Option<(Option<String>, Option<String>)> = read
        .opt(
            "SELECT due_day, due_why FROM stage WHERE subject_kind = $1 AND subject_id = $2 \
             ORDER BY entered_ms DESC, id DESC LIMIT 1",
            args![kind, id],
        )
        .await?;
    Ok(row.and_then(|(day, why)| Some((day?, why.unwrap_or_default()))))
}
