//! The SQL of selection.

mod undo;

pub use undo::*;

use domain::id::{BatchId, DecisionId, NoticeId, PersonId};
use kit::access::Reach;
use kit::db::{Read, Sql};
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
    pub county_name: String,
    pub city_name: String,
    pub recommended: Option<i64>,
    pub is_late: i64,
    pub version: i64,
    pub reasons: Option<String>,
    pub signature: Option<String>,
}

const CANDIDATES: &str = "SELECT d.id, d.batch_id, d.place_id, d.number, d.name, d.track, d.stage, \
       (SELECT v.name FROM division v WHERE v.code = d.county_code ORDER BY v.valid_from DESC LIMIT 1) AS county_name, \
       (SELECT v.name FROM division v WHERE v.code = d.city_code ORDER BY v.valid_from DESC LIMIT 1) AS city_name, \
       d.recommended, d.is_late, d.version, s.reasons, s.signature \
     FROM declaration d JOIN place p ON p.id = d.place_id LEFT JOIN proposal s ON s.declaration_id = d.id \
     WHERE p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3) \
       AND ($4 = '' OR d.batch_id = $4) AND ($5 = '' OR d.id = $5)";

/// The stages from receipt on.
const RECEIVED: &str = "'Received', 'UnderReview', 'Proposed', 'Held', 'Reserve', 'Listed', 'NotSelected'";

const IN_ORDER: &str = "ORDER BY d.track, d.city_code, d.recommended, d.id";

/// The batch's declarations that the office has received.
pub async fn candidates(mut read: Read<'_>, reach: &Reach, batch: BatchId) -> Result<Vec<Candidate>> {
    let [from, until, place] = reach.places();
    let sql = format!("{CANDIDATES} AND d.stage IN ({RECEIVED}) {IN_ORDER} LIMIT 500");
    Ok(read.all(Sql::built(sql), args![from, until, place, batch, ""]).await?)
}

/// Those that stand proposed: the whole list that the conference decides on.
pub async fn proposed(mut read: Read<'_>, reach: &Reach, batch: BatchId) -> Result<Vec<Candidate>> {
    let [from, until, place] = reach.places();
    let sql = format!("{CANDIDATES} AND d.stage = 'Proposed' {IN_ORDER}");
    Ok(read.all(Sql::built(sql), args![from, until, place, batch, ""]).await?)
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
    let sql = format!("{CANDIDATES} AND d.stage IN ({RECEIVED})");
    read.opt(Sql::built(sql), args![from, until, place, "", id]).await?.ok_or(Error::NotFound)
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

/// A public notice.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Notice {
    pub id: String,
    pub batch_id: String,
    pub title: String,
    pub first_day: String,
    pub last_day: String,
    pub working_days: i64,
    pub phone: String,
}

/// One line of a notice, as the public reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NoticeEntry {
    pub position: i64,
    pub name: String,
    pub track: String,
    pub county_name: String,
    pub city_name: String,
}

impl NoticeEntry {
    /// 建制镇 or 创新创业平台.
    pub fn track_words(&self) -> &'static str {
        domain::eligibility::Track::words_of(&self.track)
    }
}

impl Decision {
    /// When it was entered.
    pub fn time(&self) -> String {
        crate::web::clock_words(self.at_ms)
    }
}

pub async fn insert_notice(act: &mut Act, notice: &Notice, decision: DecisionId) -> Result<NoticeId> {
    let id: NoticeId = kit::clock::fresh();
    act.write_one(
        "INSERT INTO notice (id, batch_id, decision_id, title, first_day, last_day, working_days, phone) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            id,
            &notice.batch_id,
            decision,
            &notice.title,
            &notice.first_day,
            &notice.last_day,
            notice.working_days,
            &notice.phone,
        ],
    )
    .await?;
    Ok(id)
}

pub async fn insert_notice_entry(act: &mut Act, notice: NoticeId, entry: &NoticeEntry) -> Result<()> {
    act.write_one(
        "INSERT INTO notice_entry (id, notice_id, position, name, track, county_name, city_name) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            kit::clock::fresh::<domain::id::RowId>(),
            notice,
            entry.position,
            &entry.name,
            &entry.track,
            &entry.county_name,
            &entry.city_name,
        ],
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

/// The notices that have begun, newest first.
pub async fn notices(mut read: Read<'_>, today: domain::day::Day) -> Result<Vec<Notice>> {
    Ok(read
        .all(
            "SELECT id, batch_id, title, first_day, last_day, working_days, phone FROM notice \
             WHERE first_day <= $1 ORDER BY first_day DESC, id DESC LIMIT 50",
            args![today],
        )
        .await?)
}

pub async fn notice_of(mut read: Read<'_>, batch: &str) -> Result<Option<Notice>> {
    Ok(read
        .opt(
            "SELECT id, batch_id, title, first_day, last_day, working_days, phone FROM notice WHERE batch_id = $1",
            args![batch],
        )
        .await?)
}

pub async fn notice_entries(mut read: Read<'_>, notice: &str) -> Result<Vec<NoticeEntry>> {
    Ok(read
        .all(
            "SELECT position, name, track, county_name, city_name FROM notice_entry WHERE notice_id = $1 ORDER BY position",
            args![notice],
        )
        .await?)
}
