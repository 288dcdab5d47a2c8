//! The SQL of selection.

mod notices;
mod undo;

pub use notices::*;
pub use undo::*;

use crate::places::newest_name;
use domain::id::{BatchId, DecisionId, PersonId};
use kit::access::Reach;
use kit::db::{Args, Read, Sql, Value};
use kit::record::Act;
use kit::{Error, Result, args};

/// A declaration that may be proposed, as the office compares it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Candidate {
    pub id: String,
    pub batch_id: String,
    pub place_id: String,
    pub number: String,
    pub name: String,
    pub track: String,
    pub stage: String,
    pub city_code: String,
    pub county_name: String,
    pub city_name: String,
    pub recommended: Option<i64>,
    /// The edition that was last sent.
    pub edition_id: Option<String>,
    pub version: i64,
    pub reasons: Option<String>,
    pub signature: Option<String>,
}

macro_rules! candidates {
    ($which:literal) => {
        concat!(
            "SELECT d.id, d.batch_id, d.place_id, d.number, d.name, d.track, d.stage, d.city_code, ",
            newest_name!("d.county_code"),
            " AS county_name, ",
            newest_name!("d.city_code"),
            " AS city_name, d.recommended, d.edition_id, d.version, s.reasons, s.signature \
             FROM declaration d JOIN place p ON p.id = d.place_id \
             LEFT JOIN proposal s ON s.declaration_id = d.id \
             WHERE p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3) AND ",
            $which
        )
    };
}

/// Where a page of candidates begins: behind this place in the order of tracks, cities and
/// recommendations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    track: i64,
    city: String,
    recommended: i64,
    id: String,
}

/// Behind every number a city gives.
const UNRECOMMENDED: i64 = 9999;

impl After {
    /// The place behind a candidate.
    pub fn of(candidate: &Candidate) -> After {
        After {
            track: if candidate.track == "StatutoryTown" { 1 } else { 2 },
            city: candidate.city_code.clone(),
            recommended: candidate.recommended.unwrap_or(UNRECOMMENDED),
            id: candidate.id.clone(),
        }
    }

    /// As an address carries it; what does not read is the beginning.
    pub fn read(text: &str) -> After {
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [track, city, recommended, id] => After {
                track: track.parse().unwrap_or_default(),
                city: (*city).to_owned(),
                recommended: recommended.parse().unwrap_or_default(),
                id: (*id).to_owned(),
            },
            _ => After::default(),
        }
    }

    pub fn text(&self) -> String {
        format!("{}.{}.{}.{}", self.track, self.city, self.recommended, self.id)
    }
}

/// A batch's declarations that the office has received, in order; or only those that no proposal
/// has been made for.
pub async fn candidates(
    mut read: Read<'_>,
    reach: &Reach,
    batch: BatchId,
    only_open: bool,
    after: &After,
    most: i64,
) -> Result<Vec<Candidate>> {
    let [from, until, place] = reach.places();
    let sql = candidates!(
        "d.batch_id = $4 AND (d.stage IN ('Received', 'UnderReview') OR ($5 = 0 \
           AND d.stage IN ('Proposed', 'Held', 'Reserve', 'Listed', 'NotSelected'))) \
         AND (CASE WHEN d.track = 'StatutoryTown' THEN 1 ELSE 2 END, d.city_code, \
           COALESCE(d.recommended, 9999), d.id) > ($6, $7, $8, $9) \
         ORDER BY CASE WHEN d.track = 'StatutoryTown' THEN 1 ELSE 2 END, d.city_code, \
           COALESCE(d.recommended, 9999), d.id LIMIT $10"
    );
    let bound = args![
        from,
        until,
        place,
        batch,
        only_open,
        after.track,
        &after.city,
        after.recommended,
        &after.id,
        most
    ];
    Ok(read.all(sql, bound).await?)
}

/// How many declarations of a batch the office has received, how many of them stand proposed, and
/// how many may still be.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Tally {
    pub received: i64,
    pub proposed: i64,
    pub open: i64,
}

pub async fn tally(mut read: Read<'_>, batch: BatchId) -> Result<Tally> {
    Ok(read
        .one(
            "SELECT COUNT(*) AS received, COUNT(s.id) AS proposed, \
               CAST(COALESCE(SUM(CASE WHEN d.stage IN ('Received', 'UnderReview') THEN 1 ELSE 0 END), 0) \
                 AS BIGINT) AS open \
             FROM declaration d LEFT JOIN proposal s ON s.declaration_id = d.id WHERE d.batch_id = $1 AND d.stage \
               IN ('Received', 'UnderReview', 'Proposed', 'Held', 'Reserve', 'Listed', 'NotSelected')",
            args![batch],
        )
        .await?)
}

/// Those that stand proposed: the whole list that the conference decides on.
pub async fn proposed(mut read: Read<'_>, reach: &Reach, batch: BatchId) -> Result<Vec<Candidate>> {
    let [from, until, place] = reach.places();
    let sql = candidates!(
        "d.batch_id = $4 AND d.stage = 'Proposed' \
         ORDER BY d.track, d.city_code, d.recommended, d.id"
    );
    Ok(read.all(sql, args![from, until, place, batch]).await?)
}

/// How many declarations the cities have sent that the office has not received yet.
pub async fn unreceived(mut read: Read<'_>, batch: BatchId) -> Result<i64> {
    Ok(read
        .int("SELECT COUNT(*) FROM declaration WHERE batch_id = $1 AND stage = 'Reported'", args![batch])
        .await?)
}

/// One of them.
pub async fn candidate(mut read: Read<'_>, reach: &Reach, id: &str) -> Result<Candidate> {
    let [from, until, place] = reach.places();
    let sql = candidates!(
        "d.id = $4 AND d.stage IN \
           ('Received', 'UnderReview', 'Proposed', 'Held', 'Reserve', 'Listed', 'NotSelected')"
    );
    read.opt(sql, args![from, until, place, id]).await?.ok_or(Error::NotFound)
}

/// Several of one batch, whatever stage they stand at.
pub async fn candidates_among(
    mut read: Read<'_>,
    reach: &Reach,
    batch: &str,
    ids: &[&str],
) -> Result<Vec<Candidate>> {
    let places: Vec<String> = (5..5 + ids.len()).map(|at| format!("${at}")).collect();
    let sql = format!(concat!(candidates!("d.batch_id = $4 AND d.id IN "), "({})"), places.join(", "));
    let mut bound: Args = reach.places().into();
    bound.extend(args![batch]);
    bound.extend(ids.iter().map(|id| Value::from(*id)));
    Ok(read.all(Sql::built(sql), bound).await?)
}

pub async fn insert_proposal(
    act: &mut Act,
    batch: &str,
    declaration: &str,
    reasons: &str,
    person: PersonId,
    signature: &str,
) -> Result<()> {
    act.write_one(
        "INSERT INTO proposal (id, batch_id, declaration_id, reasons, proposed_by, signature, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            kit::clock::fresh::<domain::id::RowId>(),
            batch,
            declaration,
            reasons,
            person,
            signature,
            act.now_ms(),
        ],
    )
    .await
}

/// Who proposed in a batch, what was withdrawn included: any of them may not publish.
pub async fn proposer(mut read: Read<'_>, batch: &str, person: PersonId) -> Result<Option<PersonId>> {
    let found: Option<(String,)> = read
        .opt(
            "SELECT s.proposed_by FROM (SELECT proposed_by, at_ms FROM proposal WHERE batch_id = $1 \
               UNION ALL SELECT proposed_by, proposed_ms AS at_ms FROM proposal_withdrawal WHERE batch_id = $1) s \
             ORDER BY CASE WHEN s.proposed_by = $2 THEN 0 ELSE 1 END, s.at_ms LIMIT 1",
            args![batch, person],
        )
        .await?;
    found.map(|(id,)| id.parse().map_err(Error::internal)).transpose()
}

/// What the conference decided.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Decision {
    pub id: String,
    pub batch_id: String,
    pub minutes_number: String,
    pub held_on: String,
    pub present: String,
    pub remarks: String,
    pub signature: String,
    pub at_ms: i64,
}

impl Decision {
    /// When it was entered.
    pub fn time(&self) -> String {
        crate::web::clock_words(self.at_ms)
    }
}

pub async fn decision(mut read: Read<'_>, batch: &str) -> Result<Option<Decision>> {
    Ok(read
        .opt(
            "SELECT id, batch_id, minutes_number, held_on, present, remarks, signature, at_ms \
             FROM decision WHERE batch_id = $1",
            args![batch],
        )
        .await?)
}

/// What is written of a decision.
pub struct NewDecision<'a> {
    pub batch: &'a str,
    pub minutes_number: &'a str,
    pub held_on: domain::day::Day,
    pub present: &'a str,
    pub remarks: &'a str,
    pub person: PersonId,
    pub signature: &'a str,
}

pub async fn insert_decision(act: &mut Act, new: &NewDecision<'_>) -> Result<DecisionId> {
    let id: DecisionId = kit::clock::fresh();
    act.write_one(
        "INSERT INTO decision (id, batch_id, minutes_number, held_on, present, remarks, decided_by, signature, \
         at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            id,
            new.batch,
            new.minutes_number,
            new.held_on,
            new.present,
            new.remarks,
            new.person,
            new.signature,
            act.now_ms(),
        ],
    )
    .await?;
    Ok(id)
}

pub async fn insert_decision_item(
    act: &mut Act,
    decision: DecisionId,
    declaration: &str,
    position: i64,
) -> Result<()> {
    act.write_one(
        "INSERT INTO decision_item (id, decision_id, declaration_id, position) VALUES ($1, $2, $3, $4)",
        args![kit::clock::fresh::<domain::id::RowId>(), decision, declaration, position],
    )
    .await
}

/// How many places the newest version of the programme's list holds.
pub async fn listed_before(mut read: Read<'_>, batch: BatchId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM list_entry WHERE list_id = \
               (SELECT v.id FROM list_version v JOIN batch b ON b.programme_id = v.programme_id \
                WHERE b.id = $1 ORDER BY v.version DESC LIMIT 1)";
    Ok(read.int(sql, args![batch]).await?)
}
