//! The statements of the demo's cast. People and grants are written as everywhere, through `orgs`.

use domain::day::Day;
use domain::eligibility::Track;
use domain::id::{OrganisationId, PersonId, PlaceId, RowId};
use kit::clock::fresh;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};

/// Who acts, and for whom, as the guard reads it of a session.
#[derive(sqlx::FromRow)]
pub struct ActorRow {
    pub person_name: String,
    pub organisation_name: String,
    pub kind: String,
    pub division_prefix: String,
    pub place_id: Option<String>,
}

pub async fn actor(mut read: Read<'_>, person: PersonId, organisation: OrganisationId) -> Result<ActorRow> {
    let sql = "SELECT p.name AS person_name, o.name AS organisation_name, o.kind, o.division_prefix, o.place_id \
             FROM person p, organisation o WHERE p.id = $1 AND o.id = $2";
    Ok(read.one(sql, args![person, organisation]).await?)
}

/// A telephone that rings nowhere, for every organisation of the programme.
pub async fn set_phones(act: &mut Act) -> Result<()> {
    act.write("UPDATE organisation SET phone = '0000-0000010' WHERE place_id IS NULL", Vec::new()).await?;
    Ok(())
}

/// No county is a pilot county unless the story makes it one.
pub async fn clear_pilot_counties(act: &mut Act) -> Result<()> {
    act.write("UPDATE division SET is_pilot_county = 0 WHERE level = 'county'", Vec::new()).await?;
    Ok(())
}

/// The division of an invented town.
pub async fn insert_town(act: &mut Act, division: &str, name: &str, county: &str, from: Day) -> Result<()> {
    act.write_one(
        "INSERT INTO division (id, code, name, level, kind, parent_code, is_county_seat, valid_from) \
         VALUES ($1, $2, $3, 'town', '镇', $4, 0, $5)",
        args![fresh::<RowId>(), division, name, county, from],
    )
    .await
}

/// A town or platform to be written, with facts that nobody has to confirm any more.
pub struct NewPlace<'a> {
    pub id: PlaceId,
    pub track: Track,
    pub name: &'a str,
    pub division: &'a str,
    pub county: &'a str,
    pub from: Day,
}

pub async fn insert_place(act: &mut Act, new: &NewPlace<'_>) -> Result<()> {
    let legal = (new.track == Track::Platform).then_some(1i64);
    let park = (new.track == Track::Platform).then_some(0i64);
    let city = format!("{}00", &new.county[..4]);
    act.write_one(
        "INSERT INTO place (id, track, name, division_code, county_code, city_code, is_industrial_park, \
         has_legal_operator, facts_confirmed_by, facts_confirmed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![new.id, new.track.code(), new.name, new.division, new.county, city, park, legal, "console", act.now_ms()],
    )
    .await?;
    act.write_one(
        "INSERT INTO place_name (id, place_id, name, division_code, valid_from) VALUES ($1, $2, $3, $4, $5)",
        args![fresh::<RowId>(), new.id, new.name, new.division, new.from],
    )
    .await
}

/// The organisation of a kind in a division, of a department where one is named.
pub async fn organisation(
    mut read: Read<'_>,
    kind: &str,
    division: &str,
    department: &str,
) -> Result<OrganisationId> {
    let (id,): (String,) = read
        .one(
            "SELECT id FROM organisation WHERE kind = $1 AND division_code = $2 AND ($3 = '' OR department = $3)",
            args![kind, division, department],
        )
        .await?;
    id.parse().map_err(Error::internal)
}

/// Whether data is the demo's: its cast is in the log.
pub async fn is_in(mut read: Read<'_>) -> Result<bool> {
    Ok(read.int("SELECT COUNT(*) FROM log_entry WHERE act = 'demo.cast'", args![]).await? > 0)
}
