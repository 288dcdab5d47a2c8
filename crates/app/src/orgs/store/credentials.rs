//! SQL for what proves a person: password, second factor, recovery codes and set-up link.

use domain::id::PersonId;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};

/// A password, those before it, and the words it may not be made of.
#[derive(sqlx::FromRow)]
pub struct PasswordRow {
    pub login: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub password_day: Option<String>,
    /// Newest first, one a line.
    pub former_hashes: Option<String>,
    pub totp_secret: Option<String>,
}

pub async fn password(mut read: Read<'_>, person: PersonId) -> Result<PasswordRow> {
    let sql = "SELECT p.login, p.name, c.password_hash, c.password_day, c.former_hashes, c.totp_secret \
               FROM credential c JOIN person p ON p.id = c.id WHERE c.id = $1";
    Ok(read.one(sql, args![person]).await?)
}

/// A new password; a set-up link is used up.
pub async fn save_password(act: &mut Act, person: PersonId, hash: &str, former: &str) -> Result<()> {
    let today = act.today();
    act.write_one(
        "UPDATE credential SET password_hash = $1, password_day = $2, former_hashes = $3, setup_hash = NULL, \
         setup_until_ms = NULL, version = version + 1 WHERE id = $4",
        args![hash, today, former, person],
    )
    .await
}

/// The person of a login with the hash of his password, unless the account is disabled.
pub async fn hash_of_login(mut read: Read<'_>, login: &str) -> Result<Option<(PersonId, Option<String>)>> {
    let found: Option<(String, Option<String>)> = read
        .opt(
            "SELECT p.id, c.password_hash FROM person p JOIN credential c ON c.id = p.id \
             WHERE p.login = $1 AND p.disabled_ms IS NULL",
            args![login],
        )
        .await?;
    found.map(|(id, hash)| Ok((id.parse().map_err(Error::internal)?, hash))).transpose()
}

/// Password and factor are gone; the password joins those that may not come back.
pub async fn clear_credential(act: &mut Act, person: PersonId) -> Result<()> {
    act.write_one(
        "UPDATE credential SET former_hashes = COALESCE(password_hash || $2, '') || COALESCE(former_hashes, ''), \
         password_hash = NULL, password_day = NULL, totp_secret = NULL, totp_step = NULL, recovery_hashes = NULL, \
         version = version + 1 WHERE id = $1",
        args![person, "\n"],
    )
    .await
}

/// What of a credential the factor needs.
#[derive(sqlx::FromRow)]
pub struct FactorRow {
    pub totp_secret: Option<String>,
    pub totp_step: Option<i64>,
    pub recovery_hashes: Option<String>,
}

pub async fn factor(mut read: Read<'_>, person: PersonId) -> Result<FactorRow> {
    let sql = "SELECT totp_secret, totp_step, recovery_hashes FROM credential WHERE id = $1";
    Ok(read.one(sql, args![person]).await?)
}

/// Uses up a code's half minute; false where it was used before.
pub async fn use_step(act: &mut Act, person: PersonId, step: i64) -> Result<bool> {
    let sql = "UPDATE credential SET totp_step = $1 WHERE id = $2 AND (totp_step IS NULL OR totp_step < $1)";
    Ok(act.write(sql, args![step, person]).await? > 0)
}

/// Uses up a recovery code; false where the codes were others by then.
pub async fn use_recovery(act: &mut Act, person: PersonId, kept: &str, rest: &str) -> Result<bool> {
    let sql = "UPDATE credential SET recovery_hashes = $1 WHERE id = $2 AND recovery_hashes = $3";
    Ok(act.write(sql, args![rest, person, kept]).await? > 0)
}

pub async fn save_factor(
    act: &mut Act,
    person: PersonId,
    (secret, step): (&str, i64),
    recovery: &str,
) -> Result<()> {
    act.write_one(
        "UPDATE credential SET totp_secret = $1, totp_step = $2, recovery_hashes = $3, version = version + 1 \
         WHERE id = $4 AND totp_secret IS NULL",
        args![secret, step, recovery, person],
    )
    .await
}

/// The factor alone is gone.
pub async fn clear_factor(act: &mut Act, person: PersonId) -> Result<()> {
    act.write_one(
        "UPDATE credential SET totp_secret = NULL, totp_step = NULL, recovery_hashes = NULL WHERE id = $1",
        args![person],
    )
    .await
}

/// A set-up link and who issued it; one before it works no more.
pub async fn save_link(act: &mut Act, person: PersonId, hash: &str, until_ms: i64) -> Result<()> {
    let by = act.who().person.text();
    act.write_one(
        "UPDATE credential SET setup_hash = $1, setup_until_ms = $2, setup_by = $3, version = version + 1 WHERE id = $4",
        args![hash, until_ms, by, person],
    )
    .await
}

/// A set-up link that holds: whose it is, and who issued it.
#[derive(sqlx::FromRow)]
pub struct LinkRow {
    pub person_id: String,
    pub login: String,
    /// The login and the name of who issued it; none where it was the console.
    pub issued_by: Option<String>,
    pub issuer: Option<String>,
}

pub async fn link(mut read: Read<'_>, hash: &str, now_ms: i64) -> Result<Option<LinkRow>> {
    let sql = "SELECT p.id AS person_id, p.login, i.login AS issued_by, i.name AS issuer FROM credential c \
               JOIN person p ON p.id = c.id LEFT JOIN person i ON i.id = c.setup_by \
               WHERE c.setup_hash = $1 AND c.setup_until_ms > $2 AND p.disabled_ms IS NULL";
    Ok(read.opt(sql, args![hash, now_ms]).await?)
}

/// Time and text of the entry that says when an account was last set up.
pub async fn newest_set_up(mut read: Read<'_>, person: PersonId) -> Result<Option<(i64, String)>> {
    let sql = "SELECT at_ms, body FROM log_entry WHERE subject_kind = 'person' AND subject_id = $1 \
               AND act = 'account.set_up' ORDER BY seq DESC LIMIT 1";
    Ok(read.opt(sql, args![person]).await?)
}

/// The name behind a login.
pub async fn name_of_login(mut read: Read<'_>, login: &str) -> Result<Option<String>> {
    let found: Option<(String,)> = read.opt("SELECT name FROM person WHERE login = $1", args![login]).await?;
    Ok(found.map(|(name,)| name))
}

/// Uses up a set-up link; false where it was used before.
pub async fn use_link(act: &mut Act, person: PersonId, hash: &str) -> Result<bool> {
    let sql = "UPDATE credential SET setup_hash = NULL WHERE id = $1 AND setup_hash = $2";
    Ok(act.write(sql, args![person, hash]).await? > 0)
}
