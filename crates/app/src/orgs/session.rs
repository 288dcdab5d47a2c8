//! Sessions: a token in a cookie, its hash in a table; who it stands for, read afresh each time.

use super::choice::Choice;
use super::limits;
use crate::app::App;
use crate::web::Acting;
use axum::http::{HeaderMap, header};
use domain::id::{GrantId, OrganisationId, PersonId, PlaceId};
use kit::actor::Actor;
use kit::args;
use kit::secret::{self, Token};
use kit::{Error, Result};

/// `seen_ms` is written at most this often, so that reading a page does not write.
const SEEN_EVERY_MS: i64 = 60_000;

/// The token the browser sent.
pub fn session_token(app: &App, headers: &HeaderMap) -> Option<String> {
    cookie_named(headers, cookie_name(app))
}

/// The size of letters a visitor without an account has chosen.
pub fn text_size(headers: &HeaderMap) -> u8 {
    cookie_named(headers, "size").and_then(|size| size.parse().ok()).unwrap_or(14)
}

fn cookie_named(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split("; "))
        .find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

/// `__Host-zx` behind TLS, `zx` on loopback.
fn cookie_name(app: &App) -> &'static str {
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

/// Who holds a session, with or without a role.
#[derive(Clone, Debug)]
pub struct Holder {
    pub token: String,
    pub person: PersonId,
    pub name: String,
    pub login: String,
    pub grant: Option<String>,
    pub delegation: Option<String>,
    pub factor_ms: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    person_id: String,
    name: String,
    login: String,
    grant_id: Option<String>,
    delegation_id: Option<String>,
    started_ms: i64,
    seen_ms: i64,
    factor_ms: Option<i64>,
}

/// The holder of the session the browser sent, if it still runs.
pub async fn holder(app: &App, headers: &HeaderMap) -> Result<Option<Holder>> {
    match session_token(app, headers) {
        Some(token) => of_token(app, &token).await,
        None => Ok(None),
    }
}

/// The holder of the session a token stands for, if it still runs.
pub async fn of_token(app: &App, token: &str) -> Result<Option<Holder>> {
    let found: Option<HolderRow> = app
        .store()
        .read()
        .opt(
            "SELECT s.person_id, p.name, p.login, s.grant_id, s.delegation_id, s.started_ms, s.seen_ms, s.factor_ms \
             FROM session s JOIN person p ON p.id = s.person_id WHERE s.token_hash = $1 AND p.disabled_ms IS NULL",
            args![secret::token_hash(token)],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let (now, limits) = (app.store().now_ms(), limits::session(app, false)?);
    if now - row.started_ms > limits.absolute_ms || now - row.seen_ms > limits.idle_ms {
        return Ok(None);
    }
    Ok(Some(Holder {
        token: token.to_owned(),
        person: row.person_id.parse().map_err(Error::internal)?,
        name: row.name,
        login: row.login,
        grant: row.grant_id,
        delegation: row.delegation_id,
        factor_ms: row.factor_ms,
    }))
}

/// Starts half a session: the person is known, the role is not.
pub async fn start(app: &App, person: PersonId, from: Option<String>) -> Result<Token> {
    let token = secret::token();
    let now = app.store().now_ms();
    end_oldest(app, person).await?;
    app.store()
        .scratch(
            "INSERT INTO session (token_hash, person_id, started_ms, seen_ms, from_address) \
             VALUES ($1, $2, $3, $3, $4)",
            args![&token.hash, person, now, from],
        )
        .await?;
    Ok(token)
}

/// Makes room for one more session of a person, and clears away those long over.
async fn end_oldest(app: &App, person: PersonId) -> Result<()> {
    let limits = limits::session(app, false)?;
    let over_ms = app.store().now_ms() - limits.absolute_ms;
    app.store().scratch("DELETE FROM session WHERE started_ms < $1", args![over_ms]).await?;
    app.store()
        .scratch(
            "DELETE FROM session WHERE person_id = $1 AND token_hash NOT IN (SELECT token_hash FROM session \
             WHERE person_id = $1 ORDER BY seen_ms DESC, token_hash LIMIT $2)",
            args![person, limits.most - 1],
        )
        .await?;
    Ok(())
}

/// The same session under a new token, now in a role or with a factor given. The old token is dead.
pub async fn renew(
    app: &App,
    holder: &Holder,
    choice: Option<&Choice>,
    factor_ms: Option<i64>,
) -> Result<Token> {
    let token = secret::token();
    let (grant, delegation) = match choice {
        Some(choice) => (Some(choice.grant.clone()), choice.delegation.clone()),
        None => (holder.grant.clone(), holder.delegation.clone()),
    };
    let changed = app
        .store()
        .scratch(
            "UPDATE session SET token_hash = $1, grant_id = $2, delegation_id = $3, factor_ms = $4, seen_ms = $5 \
             WHERE token_hash = $6",
            args![
                &token.hash,
                grant,
                delegation,
                factor_ms,
                app.store().now_ms(),
                secret::token_hash(&holder.token)
            ],
        )
        .await?;
    if changed == 1 { Ok(token) } else { Err(Error::Unauthenticated) }
}

/// A fresh session in the place of the one whose rows were all ended, by the person himself.
pub async fn revive(acting: &Acting) -> Result<Token> {
    let token = secret::token();
    let actor = &acting.actor;
    acting
        .store()
        .scratch(
            "INSERT INTO session (token_hash, person_id, grant_id, delegation_id, started_ms, seen_ms, factor_ms, \
             from_address) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
            args![
                &token.hash,
                actor.person,
                actor.grant,
                actor.delegation,
                acting.store().now_ms(),
                actor.factor_ms,
                actor.from.clone()
            ],
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

#[derive(sqlx::FromRow)]
struct SessionRow {
    token_hash: String,
    started_ms: i64,
    seen_ms: i64,
    factor_ms: Option<i64>,
    person_id: String,
    person_name: String,
    text_size: Option<i64>,
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
               e.text_size, f.id AS for_id, f.name AS for_name, d.id AS delegation_id, g.id AS grant_id, g.role, \
               o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, \
               o.division_prefix, o.place_id, \
               (SELECT COUNT(*) FROM stage t WHERE t.owing_organisation_id = o.id AND t.owing_role = g.role \
                 AND t.left_ms IS NULL) AS todo_count \
             FROM session s JOIN person p ON p.id = s.person_id LEFT JOIN preference e ON e.id = p.id \
             JOIN role_grant g ON g.id = s.grant_id JOIN organisation o ON o.id = g.organisation_id \
             LEFT JOIN delegation d ON d.id = s.delegation_id LEFT JOIN person f ON f.id = d.from_person_id \
             WHERE s.token_hash = $1 AND p.disabled_ms IS NULL AND g.approved_ms IS NOT NULL \
               AND g.ended_ms IS NULL AND g.valid_from <= $2 AND (g.valid_until IS NULL OR g.valid_until >= $2) \
               AND ((s.delegation_id IS NULL AND g.person_id = p.id) OR (d.grant_id = g.id \
                 AND d.to_person_id = p.id AND d.from_person_id = g.person_id AND f.disabled_ms IS NULL \
                 AND d.revoked_ms IS NULL AND d.first_day <= $2 AND d.last_day >= $2))",
            args![secret::token_hash(token), today],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let (started_ms, seen_ms, hash) = (row.started_ms, row.seen_ms, row.token_hash.clone());
    let actor = row.into_actor(from).map_err(Error::Internal)?;
    let limits = limits::session(app, actor.role.is_administrator())?;
    if now - started_ms > limits.absolute_ms || now - seen_ms > limits.idle_ms {
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
    fn into_actor(self, from: Option<String>) -> std::result::Result<Actor, String> {
        let for_person = match (self.for_id, self.for_name) {
            (Some(id), Some(name)) => Some((id.parse()?, name)),
            _ => None,
        };
        Ok(Actor {
            person: self.person_id.parse()?,
            person_name: self.person_name,
            for_person,
            delegation: self.delegation_id.map(|id| id.parse()).transpose()?,
            grant: self.grant_id.parse::<GrantId>()?,
            role: self.role.parse()?,
            organisation: self.organisation_id.parse::<OrganisationId>()?,
            organisation_name: self.organisation_name,
            organisation_kind: self.organisation_kind,
            division: self.division_prefix,
            place: self.place_id.map(|id| id.parse::<PlaceId>()).transpose()?,
            session: self.token_hash[..16].to_owned(),
            factor_ms: self.factor_ms,
            from,
            todo_count: self.todo_count,
            text_size: self.text_size.and_then(|size| u8::try_from(size).ok()).unwrap_or(14),
        })
    }
}
