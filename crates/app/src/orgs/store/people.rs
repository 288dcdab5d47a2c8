//! SQL for people: their accounts, without what proves them.

use super::super::keyset::{FETCHED, Keyset, pattern};
use domain::id::{OrganisationId, PersonId};
use kit::db::Read;
use kit::record::Act;
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

/// How many accounts have a login; none or one.
pub async fn count_logins(mut read: Read<'_>, login: &str) -> Result<i64> {
    Ok(read.int("SELECT COUNT(*) FROM person WHERE login = $1", args![login]).await?)
}

/// The person of a login, unless the account is disabled.
pub async fn person_of_login(mut read: Read<'_>, login: &str) -> Result<Option<PersonId>> {
    let sql = "SELECT id FROM person WHERE login = $1 AND disabled_ms IS NULL";
    let found: Option<(String,)> = read.opt(sql, args![login]).await?;
    found.map(|(id,)| id.parse().map_err(Error::Internal)).transpose()
}

/// An account to be written.
pub struct NewPerson<'a> {
    pub id: PersonId,
    pub login: &'a str,
    pub name: &'a str,
    pub phone: &'a str,
    pub employer: OrganisationId,
}

/// Writes a person with a credential that holds nothing yet.
pub async fn insert_person(act: &mut Act, new: &NewPerson<'_>) -> Result<()> {
    act.write_one(
        "INSERT INTO person (id, login, name, phone, employer_id) VALUES ($1, $2, $3, $4, $5)",
        args![new.id, new.login, new.name, new.phone, new.employer],
    )
    .await?;
    act.write_one("INSERT INTO credential (id) VALUES ($1)", args![new.id]).await
}

pub async fn save_person(
    act: &mut Act,
    row: &PersonRow,
    (name, phone): (&str, &str),
    employer: OrganisationId,
    version: i64,
) -> Result<()> {
    act.write_one(
        "UPDATE person SET name = $1, phone = $2, employer_id = $3, version = version + 1 \
         WHERE id = $4 AND version = $5",
        args![name, phone, employer, &row.id, version],
    )
    .await
}

pub async fn disable_person(act: &mut Act, person: PersonId) -> Result<()> {
    let now_ms = act.now_ms();
    act.write_one(
        "UPDATE person SET disabled_ms = $1, version = version + 1 WHERE id = $2 AND disabled_ms IS NULL",
        args![now_ms, person],
    )
    .await
}

pub async fn enable_person(act: &mut Act, person: PersonId) -> Result<()> {
    act.write_one(
        "UPDATE person SET disabled_ms = NULL, version = version + 1 WHERE id = $1 AND disabled_ms IS NOT NULL",
        args![person],
    )
    .await
}

pub async fn unlock_person(act: &mut Act, person: PersonId) -> Result<()> {
    let sql = "UPDATE person SET locked_until_ms = NULL WHERE id = $1 AND locked_until_ms IS NOT NULL";
    act.write_one(sql, args![person]).await
}

pub async fn lock_person(act: &mut Act, person: PersonId, until_ms: i64) -> Result<()> {
    act.write_one("UPDATE person SET locked_until_ms = $1 WHERE id = $2", args![until_ms, person]).await
}
