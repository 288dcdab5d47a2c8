//! SQL for places: found, shown, entered and named.

use domain::day::Day;
use domain::eligibility::Track;
use domain::id::{PlaceId, RowId};
use kit::access::Reach;
use kit::clock::fresh;
use kit::db::{Args, Read};
use kit::record::Act;
use kit::{Error, Result, args};

/// One line of the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlaceLine {
    pub id: String,
    pub name: String,
    pub track: String,
    pub division_code: String,
    pub city: Option<String>,
    pub county: Option<String>,
    pub stage: Option<String>,
    pub facts_confirmed_ms: Option<i64>,
}

/// What the list is narrowed to; an empty text is no filter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub city: String,
    pub county: String,
    pub track: String,
    pub name: String,
}

/// Where a page of the list begins: after this division and id.
#[derive(Clone, Debug, Default)]
pub struct After {
    pub division: String,
    pub id: String,
}

pub const PAGE_ROWS: usize = 50;

fn bounds(reach: &Reach, filter: &Filter) -> Args {
    let [from, until, place] = reach.places();
    let like = match filter.name.as_str() {
        "" => String::new(),
        name => format!("%{}%", name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")),
    };
    args![from, until, place, &filter.city, &filter.county, &filter.track, like]
}

/// One row more than a page shows, so that the page knows whether there is another.
pub async fn list(
    read: &mut Read<'_>,
    reach: &Reach,
    filter: &Filter,
    after: &After,
) -> Result<Vec<PlaceLine>> {
    let mut args = bounds(reach, filter);
    args.extend(args![&after.division, &after.id, (PAGE_ROWS + 1) as i64]);
    Ok(read
        .all(
            "SELECT p.id, p.name, p.track, p.division_code, \
               (SELECT d.name FROM division d WHERE d.code = p.city_code AND d.valid_until IS NULL) AS city, \
               (SELECT d.name FROM division d WHERE d.code = p.county_code AND d.valid_until IS NULL) AS county, \
               (SELECT m.stage FROM membership m WHERE m.place_id = p.id ORDER BY m.since_day DESC LIMIT 1) AS stage, \
               p.facts_confirmed_ms \
             FROM place p WHERE p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3) \
               AND ($4 = '' OR p.city_code = $4) AND ($5 = '' OR p.county_code = $5) AND ($6 = '' OR p.track = $6) \
               AND ($7 = '' OR EXISTS (SELECT 1 FROM place_name n WHERE n.place_id = p.id AND n.name LIKE $7 ESCAPE '\\')) \
               AND (p.division_code > $8 OR (p.division_code = $8 AND p.id > $9)) \
             ORDER BY p.division_code, p.id LIMIT $10",
            args,
        )
        .await?)
}

/// How many there are, counted up to 1001.
pub async fn count(read: &mut Read<'_>, reach: &Reach, filter: &Filter) -> Result<i64> {
    Ok(read
        .int(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM place p \
             WHERE p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3) \
               AND ($4 = '' OR p.city_code = $4) AND ($5 = '' OR p.county_code = $5) AND ($6 = '' OR p.track = $6) \
               AND ($7 = '' OR EXISTS (SELECT 1 FROM place_name n WHERE n.place_id = p.id AND n.name LIKE $7 ESCAPE '\\')) \
             LIMIT 1001) counted",
            bounds(reach, filter),
        )
        .await?)
}

/// A place with the facts about it and its divisions as they are today.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlaceRow {
    pub id: String,
    pub track: String,
    pub name: String,
    pub division_code: String,
    pub county_code: String,
    pub is_industrial_park: Option<i64>,
    pub has_legal_operator: Option<i64>,
    pub facts_confirmed_ms: Option<i64>,
    pub confirmed_name: Option<String>,
    pub version: i64,
    pub division_kind: Option<String>,
    pub is_county_seat: Option<i64>,
    pub county: Option<String>,
    pub is_pilot_county: Option<i64>,
    pub city: Option<String>,
    pub operator: Option<String>,
    pub phone: Option<String>,
}

impl PlaceRow {
    pub fn track(&self) -> Result<Track> {
        self.track.parse().map_err(Error::internal)
    }

    pub fn id(&self) -> Result<PlaceId> {
        self.id.parse().map_err(Error::internal)
    }
}

pub async fn place(read: &mut Read<'_>, id: &str, reach: &Reach, today: Day) -> Result<PlaceRow> {
    let id: PlaceId = id.parse().map_err(|_| Error::NotFound)?;
    let [from, until, own] = reach.places();
    let row = read
        .opt(
            "SELECT p.id, p.track, p.name, p.division_code, p.county_code, p.is_industrial_park, \
               p.has_legal_operator, p.facts_confirmed_ms, w.name AS confirmed_name, p.version, \
               t.kind AS division_kind, t.is_county_seat, c.name AS county, c.is_pilot_county, \
               y.name AS city, o.name AS operator, o.phone \
             FROM place p LEFT JOIN person w ON w.id = p.facts_confirmed_by \
             LEFT JOIN division t ON t.code = p.division_code AND t.level = 'town' AND t.valid_from <= $5 \
               AND (t.valid_until IS NULL OR t.valid_until >= $5) \
             LEFT JOIN division c ON c.code = p.county_code AND c.valid_from <= $5 \
               AND (c.valid_until IS NULL OR c.valid_until >= $5) \
             LEFT JOIN division y ON y.code = p.city_code AND y.valid_from <= $5 \
               AND (y.valid_until IS NULL OR y.valid_until >= $5) \
             LEFT JOIN organisation o ON o.place_id = p.id AND o.valid_until IS NULL \
             WHERE p.id = $1 AND p.division_code >= $2 AND p.division_code < $3 AND ($4 = '' OR p.id = $4) \
             ORDER BY o.id LIMIT 1",
            args![id, from, until, own, today],
        )
        .await?;
    row.ok_or(Error::NotFound)
}

/// One name of a place: name, division, first day, last day, why.
pub type NameRow = (String, String, String, Option<String>, Option<String>);

pub async fn names(read: &mut Read<'_>, place: &str) -> Result<Vec<NameRow>> {
    Ok(read
        .all(
            "SELECT name, division_code, valid_from, valid_until, why FROM place_name \
             WHERE place_id = $1 AND (valid_until IS NULL OR valid_until >= valid_from) \
             ORDER BY valid_from DESC, id DESC LIMIT 100",
            args![place],
        )
        .await?)
}

/// Programme, track, stage, since when.
pub async fn memberships(read: &mut Read<'_>, place: &str) -> Result<Vec<(String, String, String, String)>> {
    Ok(read
        .all(
            "SELECT g.name, m.track, m.stage, m.since_day FROM membership m \
             JOIN programme g ON g.id = m.programme_id WHERE m.place_id = $1 ORDER BY m.since_day DESC LIMIT 20",
            args![place],
        )
        .await?)
}

/// Id, number, batch, stage.
pub async fn declarations(read: &mut Read<'_>, place: &str) -> Result<Vec<(String, String, String, String)>> {
    Ok(read
        .all(
            "SELECT d.id, d.number, b.title, d.stage FROM declaration d JOIN batch b ON b.id = d.batch_id \
             WHERE d.place_id = $1 ORDER BY d.number DESC LIMIT 50",
            args![place],
        )
        .await?)
}

/// Seq, time, act, person, organisation.
pub type LogRow = (i64, i64, String, Option<String>, Option<String>);

/// What happened to a place, the newest first: only which act, who and when.
pub async fn log(read: &mut Read<'_>, place: &str) -> Result<Vec<LogRow>> {
    Ok(read
        .all(
            "SELECT l.seq, l.at_ms, l.act, p.name, o.name FROM log_entry l LEFT JOIN person p ON p.id = l.person \
             LEFT JOIN organisation o ON o.id = l.organisation_id \
             WHERE l.place_id = $1 ORDER BY l.seq DESC LIMIT 50",
            args![place],
        )
        .await?)
}

/// Codes of a county's towns that are places already.
pub async fn towns_taken(read: &mut Read<'_>, county: &str) -> Result<Vec<(String,)>> {
    Ok(read
        .all(
            "SELECT division_code FROM place WHERE county_code = $1 AND track = $2 \
             ORDER BY division_code LIMIT 500",
            args![county, Track::StatutoryTown.code()],
        )
        .await?)
}

pub struct NewPlace<'a> {
    pub id: PlaceId,
    pub track: Track,
    pub name: &'a str,
    pub division_code: &'a str,
    pub county_code: &'a str,
    pub city_code: &'a str,
}

pub async fn insert_place(act: &mut Act, new: &NewPlace<'_>) -> Result<()> {
    act.write_one(
        "INSERT INTO place (id, track, name, division_code, county_code, city_code) VALUES ($1, $2, $3, $4, $5, $6)",
        args![new.id, new.track.code(), new.name, new.division_code, new.county_code, new.city_code],
    )
    .await
}

pub async fn insert_name(
    act: &mut Act,
    place: PlaceId,
    (name, division): (&str, &str),
    from: Day,
    why: &str,
) -> Result<()> {
    act.write_one(
        "INSERT INTO place_name (id, place_id, name, division_code, valid_from, why) VALUES ($1, $2, $3, $4, $5, $6)",
        args![fresh::<RowId>(), place, name, division, from, why],
    )
    .await
}

pub async fn end_name(act: &mut Act, place: PlaceId, last: Day) -> Result<()> {
    act.write_one(
        "UPDATE place_name SET valid_until = $1 WHERE place_id = $2 AND valid_until IS NULL",
        args![last, place],
    )
    .await
}

pub async fn set_name(
    act: &mut Act,
    place: PlaceId,
    (name, division): (&str, &str),
    version: i64,
) -> Result<()> {
    act.write_one(
        "UPDATE place SET name = $1, division_code = $2, version = version + 1 WHERE id = $3 AND version = $4",
        args![name, division, place, version],
    )
    .await
}

/// A town or platform that moves with its division.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Moved {
    pub id: String,
    pub name: String,
    pub version: i64,
}

/// Every town and platform in a division.
pub async fn places_in(read: &mut Read<'_>, division: &str) -> Result<Vec<Moved>> {
    Ok(read
        .all(
            "SELECT id, name, version FROM place WHERE division_code = $1 ORDER BY id LIMIT 500",
            args![division],
        )
        .await?)
}

/// Moves a place to another division of that county, from a day on; its name stays.
pub async fn move_place(
    act: &mut Act,
    place: &Moved,
    (division, county): (&str, &str),
    from: Day,
    why: &str,
) -> Result<()> {
    let id: PlaceId = place.id.parse().map_err(Error::internal)?;
    end_name(act, id, from.plus_days(-1)).await?;
    insert_name(act, id, (&place.name, division), from, why).await?;
    act.write_one(
        "UPDATE place SET division_code = $1, county_code = $2, version = version + 1 WHERE id = $3 AND version = $4",
        args![division, county, id, place.version],
    )
    .await
}
