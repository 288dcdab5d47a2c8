//! SQL for divisions as of a day, and for what becomes of them.

use domain::day::Day;
use domain::id::RowId;
use kit::clock::fresh;
use kit::db::Read;
use kit::record::Act;
use kit::{Result, args};
use std::collections::BTreeSet;

/// One division as of a day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DivisionRow {
    pub id: String,
    pub code: String,
    pub name: String,
    pub level: String,
    pub kind: String,
    pub parent_code: Option<String>,
    pub is_county_seat: Option<i64>,
    pub is_pilot_county: Option<i64>,
    pub valid_from: String,
}

/// The SQL for the name of the division with this code: its newest, also where it has ended. The one
/// home of that choice, for statements of every slice.
macro_rules! newest_name {
    ($code:literal) => {
        concat!(
            "(SELECT v.name FROM division v WHERE v.code = ",
            $code,
            " ORDER BY v.valid_from DESC LIMIT 1)"
        )
    };
}

pub(crate) use newest_name;

impl DivisionRow {
    /// Whether it is of the lowest level: a town, township or street.
    pub fn is_town(&self) -> bool {
        self.level == "town"
    }

    pub fn is_county(&self) -> bool {
        self.level == "county"
    }

    /// Whether it may go up in another beside it.
    pub fn may_merge(&self) -> bool {
        self.is_town() || self.is_county()
    }
}

pub async fn division(read: &mut Read<'_>, code: &str, on: Day) -> Result<Option<DivisionRow>> {
    Ok(read
        .opt(
            "SELECT id, code, name, level, kind, parent_code, is_county_seat, is_pilot_county, valid_from \
             FROM division WHERE code = $1 AND valid_from <= $2 AND (valid_until IS NULL OR valid_until >= $2) \
             ORDER BY valid_from DESC LIMIT 1",
            args![code, on],
        )
        .await?)
}

/// A division that was once: its last name and day, and the name of the one it went up in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ended {
    pub name: String,
    pub valid_until: String,
    pub into_name: Option<String>,
}

pub async fn division_ended(read: &mut Read<'_>, code: &str, on: Day) -> Result<Option<Ended>> {
    Ok(read
        .opt(
            "SELECT e.name, e.valid_until, (SELECT MAX(i.name) FROM division_merger m \
               JOIN division i ON i.code = m.into_code AND i.valid_until IS NULL WHERE m.code = e.code) AS into_name \
             FROM division e WHERE e.code = $1 AND e.valid_until < $2 ORDER BY e.valid_until DESC LIMIT 1",
            args![code, on],
        )
        .await?)
}

pub async fn divisions_below(read: &mut Read<'_>, code: &str, on: Day) -> Result<Vec<DivisionRow>> {
    Ok(read
        .all(
            "SELECT id, code, name, level, kind, parent_code, is_county_seat, is_pilot_county, valid_from \
             FROM division WHERE parent_code = $1 AND valid_from <= $2 \
             AND (valid_until IS NULL OR valid_until >= $2) ORDER BY code LIMIT 500",
            args![code, on],
        )
        .await?)
}

/// The cities, or the counties within reach, by code and name.
pub async fn divisions_of_level(read: &mut Read<'_>, level: &str, on: Day) -> Result<Vec<(String, String)>> {
    Ok(read
        .all(
            "SELECT code, name FROM division WHERE level = $1 AND valid_from <= $2 \
             AND (valid_until IS NULL OR valid_until >= $2) ORDER BY code LIMIT 200",
            args![level, on],
        )
        .await?)
}

pub async fn set_county_seat(act: &mut Act, division: &str, seat: Option<i64>) -> Result<()> {
    act.write_one("UPDATE division SET is_county_seat = $1 WHERE id = $2", args![seat, division]).await
}

pub async fn set_pilot_county(act: &mut Act, division: &str, pilot: Option<i64>) -> Result<()> {
    act.write_one("UPDATE division SET is_pilot_county = $1 WHERE id = $2", args![pilot, division]).await
}

/// Ends one state of a division and begins the next under a new name.
pub async fn rename_division(act: &mut Act, old: &DivisionRow, name: &str, from: Day) -> Result<()> {
    end_state(act, old, from).await?;
    begin_division(act, old, (&old.code, name, old.parent_code.as_deref()), from).await
}

/// A division begins as another was: its code, name and what it lies in.
pub async fn begin_division(
    act: &mut Act,
    was: &DivisionRow,
    (code, name, parent): (&str, &str, Option<&str>),
    from: Day,
) -> Result<()> {
    act.write_one(
        "INSERT INTO division (id, code, name, level, kind, parent_code, is_county_seat, is_pilot_county, valid_from) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            fresh::<RowId>(),
            code,
            name,
            &was.level,
            &was.kind,
            parent,
            was.is_county_seat,
            was.is_pilot_county,
            from
        ],
    )
    .await
}

/// Ends a division for good: it went up in another, or has another code.
pub async fn end_division(act: &mut Act, old: &DivisionRow, into: &str, from: Day) -> Result<()> {
    end_state(act, old, from).await?;
    act.write_one(
        "INSERT INTO division_merger (id, code, into_code, since_day) VALUES ($1, $2, $3, $4)",
        args![fresh::<RowId>(), &old.code, into, from],
    )
    .await
}

async fn end_state(act: &mut Act, old: &DivisionRow, from: Day) -> Result<()> {
    act.write_one(
        "UPDATE division SET valid_until = $1 WHERE id = $2 AND valid_until IS NULL",
        args![from.plus_days(-1), &old.id],
    )
    .await
}

/// Every code that ever stood below a county, and whether the county's own ever stood.
pub async fn codes_below(read: &mut Read<'_>, county: &str) -> Result<BTreeSet<String>> {
    let sql = "SELECT DISTINCT code FROM division WHERE code >= $1 AND code < $2 ORDER BY code LIMIT 2000";
    let codes: Vec<(String,)> = read.all(sql, args![county, format!("{county}~")]).await?;
    Ok(codes.into_iter().map(|(code,)| code).collect())
}

/// The last day on which something in a division began: itself, a town, a place's name.
pub async fn newest_beginning(read: &mut Read<'_>, code: &str) -> Result<String> {
    let sql = "SELECT MAX(day) FROM (SELECT MAX(valid_from) AS day FROM division WHERE code >= $1 AND code < $2 \
               AND valid_until IS NULL UNION ALL SELECT MAX(n.valid_from) FROM place_name n \
               JOIN place p ON p.id = n.place_id WHERE p.division_code >= $1 AND p.division_code < $2 \
               AND n.valid_until IS NULL) days";
    let (day,): (Option<String>,) = read.one(sql, args![code, format!("{code}~")]).await?;
    Ok(day.unwrap_or_default())
}
