//! SQL for declarations: one as it stands, its applicant's facts, and saving what an act changed.

use super::Covered;
use domain::day::Day;
use domain::eligibility::{Applicant, DivisionKind, Fact, Repeat, Track, is_town_itself};
use domain::id::{BatchId, PlaceId, SubmissionId};
use domain::stage::DeclarationStage;
use kit::access::Reach;
use kit::db::{Read, Sql};
use kit::record::Act;
use kit::{Error, Result, args};
use std::collections::HashMap;

/// A declaration as it stands in the table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeclarationRow {
    pub id: String,
    pub batch_id: String,
    pub place_id: String,
    pub number: String,
    pub track: String,
    pub name: String,
    pub county_code: String,
    pub city_code: String,
    pub stage: String,
    pub edition_id: Option<String>,
    pub content_hash: String,
    pub started_by: String,
    pub handed_by: Option<String>,
    pub confirmed_by: Option<String>,
    pub reviewed_by: Option<String>,
    pub county_number: Option<String>,
    pub city_report_id: Option<String>,
    pub recommended: Option<i64>,
    pub supplement_due: Option<String>,
    pub supplement_rounds: i64,
    pub reported_day: Option<String>,
    pub is_late: i64,
    pub version: i64,
}

impl DeclarationRow {
    pub fn id(&self) -> Result<SubmissionId> {
        self.id.parse().map_err(Error::internal)
    }

    pub fn batch(&self) -> Result<BatchId> {
        self.batch_id.parse().map_err(Error::internal)
    }

    pub fn place(&self) -> Result<PlaceId> {
        self.place_id.parse().map_err(Error::internal)
    }

    pub fn stage(&self) -> Result<DeclarationStage> {
        self.stage.parse().map_err(Error::internal)
    }

    pub fn track(&self) -> Result<Track> {
        self.track.parse().map_err(Error::internal)
    }

    /// What leave to be late may cover of it.
    pub fn covered(&self) -> Covered<'_> {
        Covered { declaration: &self.id, county: &self.county_code, city: &self.city_code }
    }

    pub fn supplement_due(&self) -> Result<Option<Day>> {
        self.supplement_due.as_deref().map(str::parse).transpose().map_err(Error::internal)
    }
}

pub(super) const COLUMNS: &str = "d.id, d.batch_id, d.place_id, d.number, d.track, d.name, d.county_code, d.city_code, d.stage, \
                       d.edition_id, d.content_hash, d.started_by, d.handed_by, d.confirmed_by, d.reviewed_by, \
                       d.county_number, d.city_report_id, d.recommended, d.supplement_due, d.supplement_rounds, \
                       d.reported_day, d.is_late, d.version";

const WITHIN: &str = "p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3)";

/// A declaration within a reach.
pub async fn declaration(mut read: Read<'_>, reach: &Reach, id: SubmissionId) -> Result<DeclarationRow> {
    let sql = format!(
        "SELECT {COLUMNS} FROM declaration d JOIN place p ON p.id = d.place_id WHERE {WITHIN} AND d.id = $4"
    );
    let mut bound = reach.places().to_vec();
    bound.extend(args![id]);
    read.opt(Sql::built(sql), bound).await?.ok_or(Error::NotFound)
}

/// The same, held for this act: acts on one declaration follow one another.
pub async fn take_declaration(act: &mut Act, reach: &Reach, id: SubmissionId) -> Result<DeclarationRow> {
    act.write("UPDATE declaration SET version = version WHERE id = $1", args![id]).await?;
    declaration(act.read(), reach, id).await
}

/// The declarations of a city in a batch that stand at one stage, in the order of their numbers.
pub async fn declarations_of_city(
    mut read: Read<'_>,
    batch: &str,
    city: &str,
    stage: DeclarationStage,
) -> Result<Vec<DeclarationRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM declaration d WHERE d.batch_id = $1 AND d.city_code = $2 AND d.stage = $3 \
         ORDER BY d.number"
    );
    Ok(read.all(Sql::built(sql), args![batch, city, stage.code()]).await?)
}

/// The declaration of that number in a batch.
pub async fn declaration_numbered(
    mut read: Read<'_>,
    batch: &str,
    number: &str,
) -> Result<Option<DeclarationRow>> {
    let sql = format!("SELECT {COLUMNS} FROM declaration d WHERE d.batch_id = $1 AND d.number = $2");
    Ok(read.opt(Sql::built(sql), args![batch, number]).await?)
}

/// The declaration of a place in a batch, if there is one.
pub async fn declaration_of(
    mut read: Read<'_>,
    batch: &str,
    place: PlaceId,
) -> Result<Option<DeclarationRow>> {
    let sql = format!("SELECT {COLUMNS} FROM declaration d WHERE d.batch_id = $1 AND d.place_id = $2");
    Ok(read.opt(Sql::built(sql), args![batch, place]).await?)
}

/// The declarations of a place, by their batches.
pub async fn declarations_of_place(mut read: Read<'_>, place: PlaceId) -> Result<HashMap<String, String>> {
    let sql = "SELECT batch_id, id FROM declaration WHERE place_id = $1";
    let rows: Vec<(String, String)> = read.all(sql, args![place]).await?;
    Ok(rows.into_iter().collect())
}

/// Whether a place's declaration in another batch has not ended.
pub async fn underway_elsewhere(mut read: Read<'_>, batch: &str, place: PlaceId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM declaration WHERE place_id = $1 AND batch_id <> $2 \
               AND stage NOT IN ('Listed', 'NotSelected', 'Withdrawn')";
    Ok(read.int(sql, args![place, batch]).await? > 0)
}

/// What is known of a place as an applicant.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlaceRow {
    pub id: String,
    pub track: String,
    pub name: String,
    pub county_code: String,
    pub city_code: String,
    pub is_industrial_park: Option<i64>,
    pub has_legal_operator: Option<i64>,
    /// What its division is; for a platform, what the division is whose government runs it or whose
    /// name it bears, if there is one.
    pub division_kind: Option<String>,
    pub is_county_seat: Option<i64>,
    pub is_pilot_county: Option<i64>,
    pub facts_confirmed_ms: Option<i64>,
    pub listed: i64,
    pub other_track: i64,
}

/// The same applicant on the other track: the same place, or another of its county with the same
/// name or run by the same unit.
const OTHER_TRACK: &str = "(SELECT COUNT(*) FROM membership m JOIN place q ON q.id = m.place_id \
     WHERE q.county_code = p.county_code AND m.track <> p.track AND m.stage NOT IN ('Exited', 'Revoked') \
     AND (q.id = p.id OR q.name = p.name OR EXISTS (SELECT 1 FROM organisation x JOIN organisation y \
       ON y.place_id = q.id AND y.kind = 'operator' AND y.valid_until IS NULL AND y.name = x.name \
       WHERE x.place_id = p.id AND x.kind = 'operator' AND x.valid_until IS NULL)))";

/// A place with the facts that eligibility asks for.
pub async fn place(mut read: Read<'_>, id: PlaceId, today: Day) -> Result<PlaceRow> {
    let sql = format!(
        "SELECT p.id, p.track, p.name, p.county_code, p.city_code, p.is_industrial_park, \
           p.has_legal_operator, t.kind AS division_kind, t.is_county_seat, c.is_pilot_county, p.facts_confirmed_ms, \
           (SELECT COUNT(*) FROM membership m WHERE m.place_id = p.id \
             AND m.stage IN ('Listed', 'Watched', 'Named')) AS listed, {OTHER_TRACK} AS other_track \
         FROM place p \
         LEFT JOIN division t ON t.code = p.division_code AND t.level = 'town' AND t.valid_from <= $2 \
           AND (t.valid_until IS NULL OR t.valid_until >= $2) \
         LEFT JOIN division c ON c.code = p.county_code AND c.level = 'county' AND c.valid_from <= $2 \
           AND (c.valid_until IS NULL OR c.valid_until >= $2) \
         WHERE p.id = $1"
    );
    let row: Option<PlaceRow> = read.opt(Sql::built(sql), args![id, today]).await?;
    let mut row = row.ok_or(Error::NotFound)?;
    if row.track()? == Track::Platform {
        row.division_kind = namesake(&mut read, &row, today).await?;
    }
    Ok(row)
}

/// What the town of a platform's county is that the platform, or the unit that runs it, is named after.
async fn namesake(read: &mut Read<'_>, place: &PlaceRow, today: Day) -> Result<Option<String>> {
    let units: Vec<(String,)> = read
        .all(
            "SELECT name FROM organisation WHERE place_id = $1 AND kind = 'operator' AND valid_until IS NULL \
             ORDER BY id LIMIT 20",
            args![&place.id],
        )
        .await?;
    let towns: Vec<(String, String)> = read
        .all(
            "SELECT name, kind FROM division WHERE parent_code = $1 AND level = 'town' AND valid_from <= $2 \
             AND (valid_until IS NULL OR valid_until >= $2) ORDER BY code LIMIT 500",
            args![&place.county_code, today],
        )
        .await?;
    let is_of = |town: &str| {
        is_town_itself(&place.name, town) || units.iter().any(|(unit,)| is_town_itself(unit, town))
    };
    Ok(towns.into_iter().find(|(town, _)| is_of(town)).map(|(_, kind)| kind))
}

impl PlaceRow {
    /// What leave to be late may cover of its declaration before there is one.
    pub fn covered(&self) -> Covered<'_> {
        Covered { declaration: "", county: &self.county_code, city: &self.city_code }
    }

    pub fn track(&self) -> Result<Track> {
        self.track.parse().map_err(Error::internal)
    }

    /// The facts as the rules ask for them: what the county has said counts once the office has confirmed it.
    pub fn applicant(&self, already_in_batch: bool, underway_elsewhere: bool) -> Result<Applicant> {
        let track = self.track()?;
        let said = [
            (Fact::CountySeat, self.is_county_seat),
            (Fact::IndustrialPark, self.is_industrial_park),
            (Fact::LegalOperator, self.has_legal_operator),
            (Fact::PilotCounty, self.is_pilot_county),
        ];
        let confirmed = said.into_iter().filter(|_| self.facts_confirmed_ms.is_some());
        let repeats = [
            (Repeat::UnderwayElsewhere, underway_elsewhere),
            (Repeat::AlreadyListed, self.listed > 0),
            (Repeat::OnOtherTrack, self.other_track > 0),
        ];
        Ok(Applicant {
            track,
            division: self.division_kind.as_deref().map(DivisionKind::of_words),
            facts: confirmed.filter_map(|(fact, flag)| Some((fact, flag? == 1))).collect(),
            already_in_batch,
            repeats: repeats.into_iter().filter(|(_, so)| *so).map(|(repeat, _)| repeat).collect(),
        })
    }
}

/// How many declarations a batch has had; the next number follows it.
pub async fn count_in_batch(mut read: Read<'_>, batch: &str) -> Result<i64> {
    Ok(read.int("SELECT COUNT(*) FROM declaration WHERE batch_id = $1", args![batch]).await?)
}

/// What a declaration begins with.
pub struct NewDeclaration<'a> {
    pub id: SubmissionId,
    pub batch: &'a str,
    pub place: &'a PlaceRow,
    pub number: &'a str,
}

pub async fn insert_declaration(act: &mut Act, new: &NewDeclaration<'_>) -> Result<()> {
    let person = act.who().person.text();
    act.write_one(
        "INSERT INTO declaration (id, batch_id, place_id, number, track, name, county_code, city_code, stage, \
         started_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'Draft', $9)",
        args![
            new.id,
            new.batch,
            &new.place.id,
            new.number,
            &new.place.track,
            &new.place.name,
            &new.place.county_code,
            &new.place.city_code,
            person,
        ],
    )
    .await
}

/// Saves what an act changed; `row.version` is the one that was read.
pub async fn save_declaration(act: &mut Act, row: &DeclarationRow) -> Result<()> {
    act.write_one(
        "UPDATE declaration SET stage = $1, edition_id = $2, content_hash = $3, handed_by = $4, confirmed_by = $5, \
         reviewed_by = $6, county_number = $7, city_report_id = $8, recommended = $9, supplement_due = $10, \
         supplement_rounds = $11, reported_day = $12, is_late = $13, version = version + 1 \
         WHERE id = $14 AND version = $15",
        args![
            &row.stage,
            row.edition_id.clone(),
            &row.content_hash,
            row.handed_by.clone(),
            row.confirmed_by.clone(),
            row.reviewed_by.clone(),
            row.county_number.clone(),
            row.city_report_id.clone(),
            row.recommended,
            row.supplement_due.clone(),
            row.supplement_rounds,
            row.reported_day.clone(),
            row.is_late,
            &row.id,
            row.version,
        ],
    )
    .await
}
