//! SQL for organisations: found, shown and changed.

use super::super::keyset::{FETCHED, Keyset, pattern};
use domain::day::Day;
use domain::id::OrganisationId;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OrganisationRow {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub phone: String,
    pub parent_id: Option<String>,
    pub parent: Option<String>,
    pub children: i64,
    pub valid_until: Option<String>,
    /// Level, division and id: the order of the list.
    pub key: String,
    pub version: i64,
}

/// Organisations of a level by name, in the order of their divisions.
pub async fn organisations(
    mut read: Read<'_>,
    sought: &str,
    level: &str,
    keys: &Keyset,
) -> Result<Vec<OrganisationRow>> {
    let sought = pattern(sought);
    let rows = if keys.is_backward() {
        let sql = "SELECT o.id, o.name, o.kind, o.phone, o.parent_id, p.name AS parent, o.version, o.valid_until, \
                   (SELECT COUNT(*) FROM organisation c WHERE c.parent_id = o.id) AS children, \
                   o.division_prefix || '.' || o.id AS key \
                   FROM organisation o LEFT JOIN organisation p ON p.id = o.parent_id \
                   WHERE o.valid_until IS NULL AND o.name LIKE $1 AND o.division_prefix || '.' || o.id < $3 \
                   AND ($2 = '' OR (CASE o.kind WHEN 'city' THEN 'city' WHEN 'bureau' THEN 'city' \
                     WHEN 'county' THEN 'county' WHEN 'operator' THEN 'operator' ELSE 'province' END) = $2) \
                   ORDER BY o.division_prefix || '.' || o.id DESC LIMIT $4";
        read.all(sql, args![sought, level, &keys.before, FETCHED]).await?
    } else {
        let sql = "SELECT o.id, o.name, o.kind, o.phone, o.parent_id, p.name AS parent, o.version, o.valid_until, \
                   (SELECT COUNT(*) FROM organisation c WHERE c.parent_id = o.id) AS children, \
                   o.division_prefix || '.' || o.id AS key \
                   FROM organisation o LEFT JOIN organisation p ON p.id = o.parent_id \
                   WHERE o.valid_until IS NULL AND o.name LIKE $1 AND o.division_prefix || '.' || o.id > $3 \
                   AND ($2 = '' OR (CASE o.kind WHEN 'city' THEN 'city' WHEN 'bureau' THEN 'city' \
                     WHEN 'county' THEN 'county' WHEN 'operator' THEN 'operator' ELSE 'province' END) = $2) \
                   ORDER BY o.division_prefix || '.' || o.id LIMIT $4";
        read.all(sql, args![sought, level, &keys.after, FETCHED]).await?
    };
    Ok(rows)
}

pub async fn count_organisations(mut read: Read<'_>, sought: &str, level: &str) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT o.id FROM organisation o WHERE o.valid_until IS NULL AND o.name LIKE $1 \
               AND ($2 = '' OR (CASE o.kind WHEN 'city' THEN 'city' WHEN 'bureau' THEN 'city' \
                 WHEN 'county' THEN 'county' WHEN 'operator' THEN 'operator' ELSE 'province' END) = $2) \
               LIMIT 1001) AS found";
    Ok(read.int(sql, args![pattern(sought), level]).await?)
}

pub async fn organisation(mut read: Read<'_>, id: OrganisationId) -> Result<OrganisationRow> {
    let sql = "SELECT o.id, o.name, o.kind, o.phone, o.parent_id, p.name AS parent, o.version, o.valid_until, \
               (SELECT COUNT(*) FROM organisation c WHERE c.parent_id = o.id) AS children, o.id AS key \
               FROM organisation o LEFT JOIN organisation p ON p.id = o.parent_id WHERE o.id = $1";
    Ok(read.one(sql, args![id]).await?)
}

/// Those directly below.
pub async fn children(mut read: Read<'_>, id: OrganisationId) -> Result<Vec<OrganisationRow>> {
    let sql = "SELECT o.id, o.name, o.kind, o.phone, o.parent_id, o.name AS parent, o.version, o.valid_until, \
               (SELECT COUNT(*) FROM organisation c WHERE c.parent_id = o.id) AS children, o.id AS key \
               FROM organisation o WHERE o.parent_id = $1 AND o.valid_until IS NULL \
               ORDER BY o.kind, o.division_prefix, o.id LIMIT 200";
    Ok(read.all(sql, args![id]).await?)
}

/// Id, name, role and telephone of those who act for an organisation.
pub async fn people_of(
    mut read: Read<'_>,
    id: OrganisationId,
    today: Day,
) -> Result<Vec<(String, String, String, String)>> {
    let sql = "SELECT p.id, p.name, g.role, p.phone FROM role_grant g JOIN person p ON p.id = g.person_id \
             WHERE g.organisation_id = $1 AND g.approved_ms IS NOT NULL AND g.ended_ms IS NULL \
             AND (g.valid_until IS NULL OR g.valid_until >= $2) AND p.disabled_ms IS NULL \
             ORDER BY g.id LIMIT 200";
    Ok(read.all(sql, args![id, today]).await?)
}

pub async fn save_organisation(
    act: &mut Act,
    id: &str,
    (name, phone): (&str, &str),
    version: i64,
) -> Result<()> {
    act.write_one(
        "UPDATE organisation SET name = $1, phone = $2, version = version + 1 WHERE id = $3 AND version = $4",
        args![name, phone, id, version],
    )
    .await
}

/// Where an organisation stands in the programme.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SeatRow {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub department: Option<String>,
    pub division_code: String,
    pub parent_id: Option<String>,
    pub place_id: Option<String>,
    pub valid_from: String,
}

/// An organisation in force.
pub async fn seat(mut read: Read<'_>, id: OrganisationId) -> Result<SeatRow> {
    let sql = "SELECT id, kind, name, department, division_code, parent_id, place_id, valid_from \
               FROM organisation WHERE id = $1 AND valid_until IS NULL";
    Ok(read.one(sql, args![id]).await?)
}

/// The conference's office.
pub async fn office(mut read: Read<'_>) -> Result<SeatRow> {
    let sql = "SELECT id, kind, name, department, division_code, parent_id, place_id, valid_from \
               FROM organisation WHERE kind = 'office' ORDER BY id LIMIT 1";
    Ok(read.one(sql, args![]).await?)
}

/// The conference's departments, and the cities with their bureaus.
pub async fn seats_held(mut read: Read<'_>) -> Result<Vec<SeatRow>> {
    let sql = "SELECT id, kind, name, department, division_code, parent_id, place_id, valid_from \
               FROM organisation WHERE kind IN ('department', 'city', 'bureau') \
               AND valid_until IS NULL ORDER BY division_code, id LIMIT 500";
    Ok(read.all(sql, args![]).await?)
}

/// What an organisation was called before, the newest first, each with the instant from which no more.
pub async fn former_names(mut read: Read<'_>, id: OrganisationId) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT name, until_ms FROM former_name WHERE organisation_id = $1 \
               ORDER BY until_ms DESC LIMIT 20";
    Ok(read.all(sql, args![id]).await?)
}

/// The name of an organisation; none where there is no such.
pub async fn organisation_name(mut read: Read<'_>, id: OrganisationId) -> Result<Option<String>> {
    let found: Option<(String,)> = read.opt("SELECT name FROM organisation WHERE id = $1", args![id]).await?;
    Ok(found.map(|(name,)| name))
}

/// Where the administrators belong.
pub async fn administration(mut read: Read<'_>) -> Result<OrganisationId> {
    let sql = "SELECT id FROM organisation WHERE kind = 'administration' ORDER BY id LIMIT 1";
    let (id,): (String,) = read.one(sql, args![]).await?;
    id.parse().map_err(Error::internal)
}

/// Holds where the administrators belong, until the act ends.
pub async fn hold_administration(act: &mut Act) -> Result<()> {
    act.write("UPDATE organisation SET version = version WHERE kind = 'administration'", args![]).await?;
    Ok(())
}

/// The organisation in force of a name, and its kind.
pub async fn organisation_named(mut read: Read<'_>, name: &str) -> Result<Option<(OrganisationId, String)>> {
    let sql = "SELECT id, kind FROM organisation WHERE name = $1 AND valid_until IS NULL ORDER BY id LIMIT 1";
    let found: Option<(String, String)> = read.opt(sql, args![name]).await?;
    found.map(|(id, kind)| Ok((id.parse().map_err(Error::Internal)?, kind))).transpose()
}
