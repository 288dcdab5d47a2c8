//! SQL for sessions, which stand outside the record, and for how a person likes the letters.

use domain::day::Day;
use domain::id::{DelegationId, PersonId};
use kit::actor::Actor;
use kit::db::Read;
use kit::record::Act;
use kit::{Result, Store, args};

/// Who holds a session, whether in a role or not.
#[derive(sqlx::FromRow)]
pub struct HolderRow {
    pub person_id: String,
    pub name: String,
    pub login: String,
    pub grant_id: Option<String>,
    pub delegation_id: Option<String>,
    pub started_ms: i64,
    pub seen_ms: i64,
    pub factor_ms: Option<i64>,
}

pub async fn holder(mut read: Read<'_>, hash: &str) -> Result<Option<HolderRow>> {
    let sql = "SELECT s.person_id, p.name, p.login, s.grant_id, s.delegation_id, s.started_ms, s.seen_ms, s.factor_ms \
             FROM session s JOIN person p ON p.id = s.person_id WHERE s.token_hash = $1 AND p.disabled_ms IS NULL";
    Ok(read.opt(sql, args![hash]).await?)
}

/// A session in a role, with everything about who acts in it.
#[derive(sqlx::FromRow)]
pub struct SessionRow {
    pub token_hash: String,
    pub started_ms: i64,
    pub seen_ms: i64,
    pub factor_ms: Option<i64>,
    pub person_id: String,
    pub person_name: String,
    pub text_size: Option<i64>,
    pub for_id: Option<String>,
    pub for_name: Option<String>,
    pub delegation_id: Option<String>,
    pub grant_id: String,
    pub role: String,
    pub organisation_id: String,
    pub organisation_name: String,
    pub organisation_kind: String,
    pub division_prefix: String,
    pub place_id: Option<String>,
    pub todo_count: i64,
}

/// The session of a token, if the person and the role still hold today.
pub async fn session(mut read: Read<'_>, hash: &str, today: Day) -> Result<Option<SessionRow>> {
    let sql = "SELECT s.token_hash, s.started_ms, s.seen_ms, s.factor_ms, p.id AS person_id, p.name AS person_name, \
               e.text_size, f.id AS for_id, f.name AS for_name, d.id AS delegation_id, g.id AS grant_id, g.role, \
               o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, \
               o.division_prefix, o.place_id, \
               (SELECT COUNT(*) FROM stage t WHERE t.owing_organisation_id = o.id AND t.owing_role = g.role \
                 AND t.left_ms IS NULL AND NOT (t.subject_kind = 'declaration' AND t.owing_role = 'CityApprover')) \
               + CASE WHEN g.role = 'SecurityAdmin' THEN (SELECT COUNT(*) FROM role_grant w \
                   WHERE w.approved_ms IS NULL AND w.declined_ms IS NULL AND w.ended_ms IS NULL) \
                 + (SELECT COUNT(*) FROM account_reset a WHERE a.decided_ms IS NULL) ELSE 0 END AS todo_count \
             FROM session s JOIN person p ON p.id = s.person_id LEFT JOIN preference e ON e.id = p.id \
             JOIN role_grant g ON g.id = s.grant_id JOIN organisation o ON o.id = g.organisation_id \
             LEFT JOIN delegation d ON d.id = s.delegation_id LEFT JOIN person f ON f.id = d.from_person_id \
             WHERE s.token_hash = $1 AND p.disabled_ms IS NULL AND g.approved_ms IS NOT NULL \
               AND g.ended_ms IS NULL AND g.valid_from <= $2 AND (g.valid_until IS NULL OR g.valid_until >= $2) \
               AND ((s.delegation_id IS NULL AND g.person_id = p.id) OR (d.grant_id = g.id \
                 AND d.to_person_id = p.id AND d.from_person_id = g.person_id AND f.disabled_ms IS NULL \
                 AND d.revoked_ms IS NULL AND d.first_day <= $2 AND d.last_day >= $2))";
    Ok(read.opt(sql, args![hash, today]).await?)
}

/// Hash, start, last sight and address of a person's sessions, the newest first.
pub async fn sessions_of(
    mut read: Read<'_>,
    person: PersonId,
) -> Result<Vec<(String, i64, i64, Option<String>)>> {
    let sql = "SELECT token_hash, started_ms, seen_ms, from_address FROM session WHERE person_id = $1 \
             ORDER BY started_ms DESC, token_hash LIMIT 20";
    Ok(read.all(sql, args![person]).await?)
}

/// Half a session: the role is not chosen yet.
pub async fn insert_session(store: &Store, hash: &str, person: PersonId, from: Option<String>) -> Result<()> {
    store
        .scratch(
            "INSERT INTO session (token_hash, person_id, started_ms, seen_ms, from_address) \
             VALUES ($1, $2, $3, $3, $4)",
            args![hash, person, store.now_ms(), from],
        )
        .await?;
    Ok(())
}

/// A session in the role its person acts in.
pub async fn insert_full_session(store: &Store, hash: &str, actor: &Actor) -> Result<()> {
    store
        .scratch(
            "INSERT INTO session (token_hash, person_id, grant_id, delegation_id, started_ms, seen_ms, factor_ms, \
             from_address) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
            args![
                hash,
                actor.person,
                actor.grant,
                actor.delegation,
                store.now_ms(),
                actor.factor_ms,
                actor.from.clone()
            ],
        )
        .await?;
    Ok(())
}

/// What a session is from now on.
pub struct Renewed<'a> {
    pub hash: &'a str,
    pub grant: Option<String>,
    pub delegation: Option<String>,
    pub factor_ms: Option<i64>,
}

/// Puts a new token in the place of an old one; false where the old one stood for nothing.
pub async fn renew_session(store: &Store, old: &str, new: Renewed<'_>) -> Result<bool> {
    let changed = store
        .scratch(
            "UPDATE session SET token_hash = $1, grant_id = $2, delegation_id = $3, factor_ms = $4, seen_ms = $5 \
             WHERE token_hash = $6",
            args![new.hash, new.grant, new.delegation, new.factor_ms, store.now_ms(), old],
        )
        .await?;
    Ok(changed == 1)
}

/// Seen just now.
pub async fn touch_session(store: &Store, hash: &str) -> Result<()> {
    store
        .scratch("UPDATE session SET seen_ms = $1 WHERE token_hash = $2", args![store.now_ms(), hash])
        .await?;
    Ok(())
}

pub async fn delete_session(store: &Store, hash: &str) -> Result<()> {
    store.scratch("DELETE FROM session WHERE token_hash = $1", args![hash]).await?;
    Ok(())
}

/// One of a person's own, by the beginning of its hash.
pub async fn delete_own_session(store: &Store, person: PersonId, short: &str) -> Result<()> {
    store
        .scratch(
            "DELETE FROM session WHERE person_id = $1 AND SUBSTR(token_hash, 1, 16) = $2",
            args![person, short],
        )
        .await?;
    Ok(())
}

/// Those long over.
pub async fn delete_sessions_before(store: &Store, started_ms: i64) -> Result<()> {
    store.scratch("DELETE FROM session WHERE started_ms < $1", args![started_ms]).await?;
    Ok(())
}

/// All of a person's but the ones seen last.
pub async fn keep_newest_sessions(store: &Store, person: PersonId, most: i64) -> Result<()> {
    store
        .scratch(
            "DELETE FROM session WHERE person_id = $1 AND token_hash NOT IN (SELECT token_hash FROM session \
             WHERE person_id = $1 ORDER BY seen_ms DESC, token_hash LIMIT $2)",
            args![person, most],
        )
        .await?;
    Ok(())
}

/// Ends every session of a person.
pub async fn end_sessions(act: &mut Act, person: PersonId) -> Result<()> {
    act.scratch("DELETE FROM session WHERE person_id = $1", args![person]).await?;
    Ok(())
}

/// Ends every session of a person but the one he is in.
pub async fn end_other_sessions(act: &mut Act, person: PersonId, hash: &str) -> Result<()> {
    let sql = "DELETE FROM session WHERE person_id = $1 AND token_hash <> $2";
    act.scratch(sql, args![person, hash]).await?;
    Ok(())
}

/// Ends every session in a grant.
pub async fn end_sessions_in(act: &mut Act, grant: &str) -> Result<()> {
    act.scratch("DELETE FROM session WHERE grant_id = $1", args![grant]).await?;
    Ok(())
}

/// Ends every session under a delegation.
pub async fn end_sessions_under(act: &mut Act, delegation: DelegationId) -> Result<()> {
    act.scratch("DELETE FROM session WHERE delegation_id = $1", args![delegation]).await?;
    Ok(())
}

pub async fn save_text_size(store: &Store, person: PersonId, size: i64) -> Result<()> {
    store
        .scratch(
            "INSERT INTO preference (id, text_size) VALUES ($1, $2) \
             ON CONFLICT (id) DO UPDATE SET text_size = $2",
            args![person, size],
        )
        .await?;
    Ok(())
}
