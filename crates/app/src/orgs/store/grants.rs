//! SQL for grants: a role of a person in an organisation, asked for, decided and ended.

use super::super::keyset::{FETCHED, Keyset};
use domain::account::Held;
use domain::day::Day;
use domain::id::{GrantId, OrganisationId, PersonId};
use domain::role::Role;
use kit::clock::fresh;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GrantRow {
    pub id: String,
    pub person_id: String,
    pub person: String,
    pub login: String,
    pub organisation_id: String,
    pub organisation: String,
    pub role: String,
    pub reason: String,
    pub requested_by: String,
    pub requester: Option<String>,
    pub requested_ms: i64,
    pub approved_ms: Option<i64>,
    pub declined_ms: Option<i64>,
    pub ended_ms: Option<i64>,
    pub valid_from: String,
    pub valid_until: Option<String>,
    pub version: i64,
}

pub async fn grant(mut read: Read<'_>, id: GrantId) -> Result<GrantRow> {
    let sql = "SELECT g.id, g.person_id, p.name AS person, p.login, g.organisation_id, o.name AS organisation, \
               g.role, g.reason, g.requested_by, r.name AS requester, g.requested_ms, g.approved_ms, \
               g.declined_ms, g.ended_ms, g.valid_from, g.valid_until, g.version \
               FROM role_grant g JOIN person p ON p.id = g.person_id \
               JOIN organisation o ON o.id = g.organisation_id LEFT JOIN person r ON r.id = g.requested_by \
               WHERE g.id = $1";
    Ok(read.one(sql, args![id]).await?)
}

/// Every grant of a person, the newest first.
pub async fn grants_of(mut read: Read<'_>, person: PersonId) -> Result<Vec<GrantRow>> {
    let sql = "SELECT g.id, g.person_id, p.name AS person, p.login, g.organisation_id, o.name AS organisation, \
               g.role, g.reason, g.requested_by, r.name AS requester, g.requested_ms, g.approved_ms, \
               g.declined_ms, g.ended_ms, g.valid_from, g.valid_until, g.version \
               FROM role_grant g JOIN person p ON p.id = g.person_id \
               JOIN organisation o ON o.id = g.organisation_id LEFT JOIN person r ON r.id = g.requested_by \
               WHERE g.person_id = $1 ORDER BY g.id DESC LIMIT 50";
    Ok(read.all(sql, args![person]).await?)
}

/// Grants that wait for a decision, the oldest first.
pub async fn grants_waiting(mut read: Read<'_>, keys: &Keyset) -> Result<Vec<GrantRow>> {
    let rows = if keys.is_backward() {
        let sql = "SELECT g.id, g.person_id, p.name AS person, p.login, g.organisation_id, \
                   o.name AS organisation, g.role, g.reason, g.requested_by, r.name AS requester, g.requested_ms, \
                   g.approved_ms, g.declined_ms, g.ended_ms, g.valid_from, g.valid_until, g.version \
                   FROM role_grant g JOIN person p ON p.id = g.person_id \
                   JOIN organisation o ON o.id = g.organisation_id LEFT JOIN person r ON r.id = g.requested_by \
                   WHERE g.approved_ms IS NULL AND g.declined_ms IS NULL AND g.ended_ms IS NULL AND g.id < $1 \
                   ORDER BY g.id DESC LIMIT $2";
        read.all(sql, args![&keys.before, FETCHED]).await?
    } else {
        let sql = "SELECT g.id, g.person_id, p.name AS person, p.login, g.organisation_id, \
                   o.name AS organisation, g.role, g.reason, g.requested_by, r.name AS requester, g.requested_ms, \
                   g.approved_ms, g.declined_ms, g.ended_ms, g.valid_from, g.valid_until, g.version \
                   FROM role_grant g JOIN person p ON p.id = g.person_id \
                   JOIN organisation o ON o.id = g.organisation_id LEFT JOIN person r ON r.id = g.requested_by \
                   WHERE g.approved_ms IS NULL AND g.declined_ms IS NULL AND g.ended_ms IS NULL AND g.id > $1 \
                   ORDER BY g.id LIMIT $2";
        read.all(sql, args![&keys.after, FETCHED]).await?
    };
    Ok(rows)
}

pub async fn count_grants_waiting(mut read: Read<'_>) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT id FROM role_grant WHERE approved_ms IS NULL AND declined_ms IS NULL \
               AND ended_ms IS NULL LIMIT 1001) AS found";
    Ok(read.int(sql, args![]).await?)
}

/// What a person holds, is to hold or stands in for from today on; one grant left out.
pub async fn held(mut read: Read<'_>, person: PersonId, but: &str, today: Day) -> Result<Vec<Held>> {
    let sql = "SELECT g.role, g.organisation_id FROM role_grant g WHERE g.person_id = $1 AND g.id <> $2 \
               AND g.declined_ms IS NULL AND g.ended_ms IS NULL AND (g.valid_until IS NULL OR g.valid_until >= $3) \
               ORDER BY g.id LIMIT 100";
    let mut rows: Vec<(String, String)> = read.all(sql, args![person, but, today]).await?;
    let sql = "SELECT g.role, g.organisation_id FROM delegation d JOIN role_grant g ON g.id = d.grant_id \
               WHERE d.to_person_id = $1 AND d.revoked_ms IS NULL AND d.last_day >= $2 AND g.ended_ms IS NULL \
               ORDER BY d.id LIMIT 100";
    rows.extend(read.all::<(String, String)>(sql, args![person, today]).await?);
    let read_one = |(role, organisation): (String, String)| {
        Ok(Held { role: role.parse()?, organisation: organisation.parse()? })
    };
    rows.into_iter().map(read_one).collect::<std::result::Result<_, String>>().map_err(Error::Internal)
}

/// How many people hold a role in force today, one person left out.
pub async fn others_in_role(mut read: Read<'_>, role: &str, but: &str, today: Day) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM role_grant g JOIN person p ON p.id = g.person_id WHERE g.role = $1 \
               AND g.person_id <> $2 AND p.disabled_ms IS NULL AND g.approved_ms IS NOT NULL \
               AND g.ended_ms IS NULL AND g.valid_from <= $3 AND (g.valid_until IS NULL OR g.valid_until >= $3)";
    Ok(read.int(sql, args![role, but, today]).await?)
}

/// A role asked for.
pub struct NewGrant<'a> {
    pub id: GrantId,
    pub person: PersonId,
    pub held: Held,
    pub until: Option<Day>,
    pub asked_by: PersonId,
    pub reason: &'a str,
}

pub async fn insert_grant(act: &mut Act, new: &NewGrant<'_>) -> Result<()> {
    let (now_ms, today) = (act.now_ms(), act.today());
    act.write_one(
        "INSERT INTO role_grant (id, person_id, organisation_id, role, requested_by, requested_ms, reason, \
         valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            new.id,
            new.person,
            new.held.organisation,
            new.held.role,
            new.asked_by,
            now_ms,
            new.reason,
            today,
            new.until
        ],
    )
    .await
}

/// A grant of the console, where nobody is there yet to ask for it or to approve it.
pub async fn insert_first_grant(
    act: &mut Act,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
    from: Day,
) -> Result<GrantId> {
    let grant: GrantId = fresh();
    let now_ms = act.now_ms();
    act.write_one(
        "INSERT INTO role_grant (id, person_id, organisation_id, role, requested_by, requested_ms, approved_by, \
         approved_ms, valid_from) VALUES ($1, $2, $3, $4, 'console', $5, 'console', $5, $6)",
        args![grant, person, organisation, role, now_ms, from],
    )
    .await?;
    Ok(grant)
}

pub async fn approve_grant(act: &mut Act, row: &GrantRow) -> Result<()> {
    let sql = "UPDATE role_grant SET approved_by = $1, approved_ms = $2, version = version + 1 WHERE id = $3 \
         AND version = $4 AND approved_ms IS NULL AND declined_ms IS NULL AND ended_ms IS NULL";
    decide(act, row, sql).await
}

pub async fn decline_grant(act: &mut Act, row: &GrantRow) -> Result<()> {
    let sql = "UPDATE role_grant SET declined_by = $1, declined_ms = $2, version = version + 1 WHERE id = $3 \
         AND version = $4 AND approved_ms IS NULL AND declined_ms IS NULL";
    decide(act, row, sql).await
}

pub async fn end_grant(act: &mut Act, row: &GrantRow) -> Result<()> {
    let sql = "UPDATE role_grant SET ended_by = $1, ended_ms = $2, version = version + 1 WHERE id = $3 \
         AND version = $4 AND ended_ms IS NULL AND declined_ms IS NULL";
    decide(act, row, sql).await
}

/// Who decided a grant, when, and over which version of it.
async fn decide(act: &mut Act, row: &GrantRow, sql: &'static str) -> Result<()> {
    let (by, now_ms) = (act.who().person.text(), act.now_ms());
    act.write_one(sql, args![by, now_ms, &row.id, row.version]).await
}

/// The person a grant belongs to, unless his account is disabled.
pub async fn person_of_grant(mut read: Read<'_>, grant: GrantId) -> Result<PersonId> {
    let (person,): (String,) = read
        .one(
            "SELECT g.person_id FROM role_grant g JOIN person p ON p.id = g.person_id \
             WHERE g.id = $1 AND p.disabled_ms IS NULL",
            args![grant],
        )
        .await?;
    person.parse().map_err(Error::internal)
}

/// Grant, login, name, organisation and role of everybody who may have a card.
pub type CardRow = (String, String, String, String, String);

pub async fn cards(mut read: Read<'_>) -> Result<Vec<CardRow>> {
    Ok(read
        .all(
            "SELECT g.id, p.login, p.name, o.name, g.role FROM role_grant g JOIN person p ON p.id = g.person_id \
             JOIN organisation o ON o.id = g.organisation_id WHERE g.approved_ms IS NOT NULL \
             AND g.ended_ms IS NULL AND p.disabled_ms IS NULL ORDER BY g.id LIMIT 60",
            args![],
        )
        .await?)
}
