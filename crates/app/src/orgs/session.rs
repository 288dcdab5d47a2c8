//! Sessions: a token in a cookie, its hash in a table; who it stands for, read afresh each time.

use super::choice::Choice;
use super::limits;
use super::store::{self, Renewed, SessionRow};
use crate::app::App;
use crate::web::Acting;
use axum::http::{HeaderMap, header};
use domain::id::{GrantId, OrganisationId, PersonId, PlaceId};
use kit::actor::Actor;
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

/// The holder of the session the browser sent, if it still runs.
pub async fn holder(app: &App, headers: &HeaderMap) -> Result<Option<Holder>> {
    match session_token(app, headers) {
        Some(token) => of_token(app, &token).await,
        None => Ok(None),
    }
}

/// The holder of the session a token stands for, if it still runs.
pub async fn of_token(app: &App, token: &str) -> Result<Option<Holder>> {
    let found = store::holder(app.store().read(), &secret::token_hash(token)).await?;
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
    end_oldest(app, person).await?;
    store::insert_session(app.store(), &token.hash, person, from).await?;
    Ok(token)
}

/// Makes room for one more session of a person, and clears away those long over.
async fn end_oldest(app: &App, person: PersonId) -> Result<()> {
    let limits = limits::session(app, false)?;
    let over_ms = app.store().now_ms() - limits.absolute_ms;
    store::delete_sessions_before(app.store(), over_ms).await?;
    store::keep_newest_sessions(app.store(), person, limits.most - 1).await
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
    let renewed = Renewed { hash: &token.hash, grant, delegation, factor_ms };
    let is_renewed = store::renew_session(app.store(), &secret::token_hash(&holder.token), renewed).await?;
    if is_renewed { Ok(token) } else { Err(Error::Unauthenticated) }
}

/// A fresh session in the place of the one whose rows were all ended, by the person himself.
pub async fn revive(acting: &Acting) -> Result<Token> {
    let token = secret::token();
    store::insert_full_session(acting.store(), &token.hash, &acting.actor).await?;
    Ok(token)
}

/// Ends one session.
pub async fn end(app: &App, token: &str) -> Result<()> {
    store::delete_session(app.store(), &secret::token_hash(token)).await
}

/// Who a token stands for, if the session, the person and the role still hold today.
pub async fn actor(app: &App, token: &str, from: Option<String>) -> Result<Option<Actor>> {
    let (now, today) = (app.store().now_ms(), app.store().today());
    let found = store::session(app.store().read(), &secret::token_hash(token), today).await?;
    let Some(row) = found else { return Ok(None) };
    let (started_ms, seen_ms, hash) = (row.started_ms, row.seen_ms, row.token_hash.clone());
    let actor = row.into_actor(from).map_err(Error::Internal)?;
    let limits = limits::session(app, actor.role.is_administrator())?;
    if now - started_ms > limits.absolute_ms || now - seen_ms > limits.idle_ms {
        end(app, token).await?;
        return Ok(None);
    }
    if now - seen_ms > SEEN_EVERY_MS {
        store::touch_session(app.store(), &hash).await?;
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
