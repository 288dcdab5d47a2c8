//! The SQL of people, their roles, resets and those who stand in for them.

use super::keyset::{FETCHED, Keyset, pattern};
use domain::account::Held;
use domain::day::Day;
use domain::id::{GrantId, OrganisationId, PersonId, RowId};
use kit::db::Read;
use kit::{Error, Result, args};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonRow {
    pub id: String,
    pub login: String,
    pub name: String,
    pub phone: String,
    pub employer: Option<String>,
    pub disabled_ms: Option<i64>,
    pub locked_until_ms: Option<i64>,
    pub version: i64,
    /// The day the password was chosen; none before.
    pub password_day: Option<String>,
    /// The last half minute a code was used for; none before enrolment.
    pub totp_step: Option<i64>,
}

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

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ResetRow {
    pub id: String,
    pub person_id: String,
    pub person: String,
    pub login: String,
    pub reason: String,
    pub requested_by: String,
    pub requester: Option<String>,
    pub requested_ms: i64,
    pub version: i64,
}

pub async fn person(mut read: Read<'_>, id: PersonId) -> Result<PersonRow> {
    let sql = "SELECT p.id, p.login, p.name, p.phone, o.name AS employer, p.disabled_ms, p.locked_until_ms, \
               p.version, c.password_day, c.totp_step FROM person p JOIN credential c ON c.id = p.id \
               LEFT JOIN organisation o ON o.id = p.employer_id WHERE p.id = $1";
    Ok(read.one(sql, args![id]).await?)
}

/// People by login, name or employer, in the order of their logins.
pub async fn people(mut read: Read<'_>, sought: &str, keys: &Keyset) -> Result<Vec<PersonRow>> {
    let sought = pattern(sought);
    let rows = if keys.is_backward() {
        let sql = "SELECT p.id, p.login, p.name, p.phone, o.name AS employer, p.disabled_ms, p.locked_until_ms, \
                   p.version, c.password_day, c.totp_step FROM person p JOIN credential c ON c.id = p.id \
                   LEFT JOIN organisation o ON o.id = p.employer_id \
                   WHERE p.login < $1 AND (p.login LIKE $2 OR p.name LIKE $2 OR o.name LIKE $2) \
                   ORDER BY p.login DESC LIMIT $3";
        read.all(sql, args![&keys.before, sought, FETCHED]).await?
    } else {
        let sql = "SELECT p.id, p.login, p.name, p.phone, o.name AS employer, p.disabled_ms, p.locked_until_ms, \
                   p.version, c.password_day, c.totp_step FROM person p JOIN credential c ON c.id = p.id \
                   LEFT JOIN organisation o ON o.id = p.employer_id \
                   WHERE p.login > $1 AND (p.login LIKE $2 OR p.name LIKE $2 OR o.name LIKE $2) \
                   ORDER BY p.login LIMIT $3";
        read.all(sql, args![&keys.after, sought, FETCHED]).await?
    };
    Ok(rows)
}

pub async fn count_people(mut read: Read<'_>, sought: &str) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT p.id FROM person p LEFT JOIN organisation o ON o.id = p.employer_id \
               WHERE p.login LIKE $1 OR p.name LIKE $1 OR o.name LIKE $1 LIMIT 1001) AS found";
    Ok(read.int(sql, args![pattern(sought)]).await?)
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
                   WHERE g.approved_ms IS NULL AND g.declined_ms IS NULL AND g.id < $1 \
                   ORDER BY g.id DESC LIMIT $2";
        read.all(sql, args![&keys.before, FETCHED]).await?
    } else {
        let sql = "SELECT g.id, g.person_id, p.name AS person, p.login, g.organisation_id, \
                   o.name AS organisation, g.role, g.reason, g.requested_by, r.name AS requester, g.requested_ms, \
                   g.approved_ms, g.declined_ms, g.ended_ms, g.valid_from, g.valid_until, g.version \
                   FROM role_grant g JOIN person p ON p.id = g.person_id \
                   JOIN organisation o ON o.id = g.organisation_id LEFT JOIN person r ON r.id = g.requested_by \
                   WHERE g.approved_ms IS NULL AND g.declined_ms IS NULL AND g.id > $1 ORDER BY g.id LIMIT $2";
        read.all(sql, args![&keys.after, FETCHED]).await?
    };
    Ok(rows)
}

pub async fn count_grants_waiting(mut read: Read<'_>) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT id FROM role_grant WHERE approved_ms IS NULL AND declined_ms IS NULL \
               LIMIT 1001) AS found";
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

pub async fn reset(mut read: Read<'_>, id: RowId) -> Result<ResetRow> {
    let sql = "SELECT a.id, a.person_id, p.name AS person, p.login, a.reason, a.requested_by, \
               r.name AS requester, a.requested_ms, a.version \
               FROM account_reset a JOIN person p ON p.id = a.person_id \
               LEFT JOIN person r ON r.id = a.requested_by WHERE a.id = $1";
    Ok(read.one(sql, args![id]).await?)
}

/// Resets that wait for a decision, the oldest first.
pub async fn resets_waiting(mut read: Read<'_>) -> Result<Vec<ResetRow>> {
    let sql = "SELECT a.id, a.person_id, p.name AS person, p.login, a.reason, a.requested_by, \
               r.name AS requester, a.requested_ms, a.version \
               FROM account_reset a JOIN person p ON p.id = a.person_id \
               LEFT JOIN person r ON r.id = a.requested_by WHERE a.decided_ms IS NULL ORDER BY a.id LIMIT 50";
    Ok(read.all(sql, args![]).await?)
}

/// The organisation in force of a name, and its kind.
pub async fn organisation_named(mut read: Read<'_>, name: &str) -> Result<Option<(OrganisationId, String)>> {
    let sql = "SELECT id, kind FROM organisation WHERE name = $1 AND valid_until IS NULL ORDER BY id LIMIT 1";
    let found: Option<(String, String)> = read.opt(sql, args![name]).await?;
    found.map(|(id, kind)| Ok((id.parse().map_err(Error::Internal)?, kind))).transpose()
}
