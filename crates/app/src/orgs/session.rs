//! Sessions: a token in a cookie, its hash in a table; who it stands for, read afresh each time.

use crate::app::App;
use axum::http::{HeaderMap, header};
use domain::id::{DelegationId, GrantId, OrganisationId, PersonId, PlaceId};
use kit::actor::Actor;
use kit::args;
use kit::secret::{self, Token};
use kit::{Error, Result};

/// Idle and absolute limits, in milliseconds; administrators idle shorter.
const IDLE_MS: i64 = 30 * 60_000;
const IDLE_ADMINISTRATOR_MS: i64 = 15 * 60_000;
const ABSOLUTE_MS: i64 = 12 * 3_600_000;
/// `seen_ms` is written at most this often, so that reading a page does not write.
const SEEN_EVERY_MS: i64 = 60_000;

/// The token the browser sent.
pub fn session_token(app: &App, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(app);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split("; "))
        .find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

/// `__Host-zx` behind TLS, `zx` on loopback.
pub fn cookie_name(app: &App) -> &'static str {
    if app.settings().secure { "__Host-zx" } else { "zx" }
}

/// The `Set-Cookie` line for a session; without a token it ends the cookie.
pub fn cookie(app: &App, token: Option<&str>) -> String {
    let secure = if app.settings().secure { "; Secure" } else { "" };
    let (value, age) = match token {
        Some(token) => (token, ""),
        None => ("", "; Max-Age=0"),
    };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", cookie_name(app))
}

/// Starts a session of a person in a role; a delegation stands in for its giver.
pub async fn start(
    app: &App,
    person: PersonId,
    grant: Option<GrantId>,
    delegation: Option<DelegationId>,
    factor_ms: Option<i64>,
    from: Option<String>,
) -> Result<Token> {
    let token = secret::token();
    let now = app.store().now_ms();
    app.store()
        .scratch(
            "INSERT INTO session (token_hash, person_id, grant_id, delegation_id, started_ms, seen_ms, factor_ms, \
             from_address) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
            args![&token.hash, person, grant, delegation, now, factor_ms, from],
        )
        .await?;
    Ok(token)
}

/// Ends one session.
pub async fn end(app: &App, token: &str) -> Result<()> {
    app.store()
        .scratch("DELETE FROM session WHERE token_hash = $1", args![secret::token_hash(token)])
        .await?;
    Ok(())
}

/// Ends every session of a person: after a password, role or account change.
pub async fn end_all(app: &App, person: PersonId) -> Result<()> {
    app.store().scratch("DELETE FROM session WHERE person_id = $1", args![person]).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    token_hash: String,
    started_ms: i64,
    seen_ms: i64,
    factor_ms: Option<i64>,
    person_id: String,
    person_name: String,
    text_size: i64,
    for_id: Option<String>,
    for_name: Option<String>,
    delegation_id: Option<String>,
    grant_id: String,
    role: String,
    organisation_id: String,
    organisation_name: String,
    organisation_kind: String,
    division_prefix: String,
    place_id: Option<String>,
    todo_count: i64,
}

/// Who a token stands for, if the session, the person and the role still hold today.
pub async fn actor(app: &App, token: &str, from: Option<String>) -> Result<Option<Actor>> {
    let (now, today) = (app.store().now_ms(), app.store().today());
    let found: Option<SessionRow> = app
        .store()
        .read()
        .opt(
            "SELECT s.token_hash, s.started_ms, s.seen_ms, s.factor_ms, p.id AS person_id, p.name AS person_name, \
               p.text_size, f.id AS for_id, f.name AS for_name, d.id AS delegation_id, g.id AS grant_id, g.role, \
               o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, \
               o.division_prefix, o.place_id, \
               (SELECT COUNT(*) FROM stage t WHERE t.owing_organisation_id = o.id AND t.owing_role = g.role \
                 AND t.left_ms IS NULL) AS todo_count \
             FROM session s JOIN person p ON p.id = s.person_id \
             JOIN role_grant g ON g.id = s.grant_id JOIN organisation o ON o.id = g.organisation_id \
             LEFT JOIN delegation d ON d.id = s.delegation_id LEFT JOIN person f ON f.id = d.from_person_id \
             WHERE s.token_hash = $1 AND p.disabled_ms IS NULL AND g.approved_ms IS NOT NULL \
               AND g.ended_ms IS NULL AND g.valid_from <= $2 AND (g.valid_until IS NULL OR g.valid_until >= $2) \
               AND ((d.id IS NULL AND g.person_id = p.id) OR (d.grant_id = g.id AND d.to_person_id = p.id \
                 AND d.revoked_ms IS NULL AND d.first_day <= $2 AND d.last_day >= $2))",
            args![secret::token_hash(token), today],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let actor = row.into_actor(from)?;
    let idle_ms = if actor.0.role.is_administrator() { IDLE_ADMINISTRATOR_MS } else { IDLE_MS };
    let (actor, started_ms, seen_ms, hash) = actor;
    if now - started_ms > ABSOLUTE_MS || now - seen_ms > idle_ms {
        end(app, token).await?;
        return Ok(None);
    }
    if now - seen_ms > SEEN_EVERY_MS {
        app.store()
            .scratch("UPDATE session SET seen_ms = $1 WHERE token_hash = $2", args![now, hash])
            .await?;
    }
    Ok(Some(actor))
}

impl SessionRow {
    fn into_actor(self, from: Option<String>) -> Result<(Actor, i64, i64, String)> {
        let bad = |_| Error::internal("a session row holds something that is not an id");
        let for_person = match (self.for_id, self.for_name) {
            (Some(id), Some(name)) => Some((id.parse().map_err(bad)?, name)),
            _ => None,
        };
        let actor = Actor {
            person: self.person_id.parse().map_err(bad)?,
            person_name: self.person_name,
            for_person,
            delegation: self.delegation_id.map(|id| id.parse()).transpose().map_err(bad)?,
            grant: self.grant_id.parse::<GrantId>().map_err(bad)?,
            role: self.role.parse().map_err(bad)?,
            organisation: self.organisation_id.parse::<OrganisationId>().map_err(bad)?,
            organisation_name: self.organisation_name,
            organisation_kind: self.organisation_kind,
            division: self.division_prefix,
            place: self.place_id.map(|id| id.parse::<PlaceId>()).transpose().map_err(bad)?,
            session: self.token_hash[..16].to_owned(),
            factor_ms: self.factor_ms,
            from,
            todo_count: self.todo_count,
            text_size: u8::try_from(self.text_size).unwrap_or(14),
        };
        Ok((actor, self.started_ms, self.seen_ms, self.token_hash))
    }
}
