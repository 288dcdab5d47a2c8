//! The guard before every route: who is it, may his role do this, how far. Deny by default.

use super::visit::Visit;
use crate::app::App;
use crate::orgs;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use kit::access::{Reach, Rule};
use kit::actor::Actor;
use kit::error::ErrorPage;
use kit::{Error, Result};
use std::net::{IpAddr, SocketAddr};

/// What the guard of one route needs to know.
#[derive(Clone)]
pub struct Guarded {
    pub app: App,
    pub action: &'static str,
}

pub async fn guard(State(route): State<Guarded>, mut request: Request, next: Next) -> Response {
    let route = Guarded { app: route.app.at_receipt(), ..route };
    let asked = Asked::of(&route.app, &request);
    match admit(&route, asked).await {
        Ok(visit) => {
            request.extensions_mut().insert(visit.clone());
            let mut response = next.run(request).await;
            if response.extensions().get::<ErrorPage>().is_some() {
                response.extensions_mut().insert(visit);
            }
            response
        }
        Err(error) => turn_away(&route.app, error, request).await,
    }
}

/// What of a request the guard looks at.
struct Asked {
    method: Method,
    here: String,
    token: Option<String>,
    from: Option<String>,
    flash: Option<String>,
    text_size: u8,
}

impl Asked {
    fn of(app: &App, request: &Request) -> Asked {
        Asked {
            method: request.method().clone(),
            here: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
            token: orgs::session_token(app, request.headers()),
            from: address_of(app, request),
            flash: request.uri().query().and_then(flash_of),
            text_size: orgs::text_size(request.headers()),
        }
    }
}

async fn admit(route: &Guarded, asked: Asked) -> Result<Visit> {
    let app = &route.app;
    // No name of ours and no text anybody seeks has a null in it, and PostgreSQL takes none.
    if asked.here.contains("%00") {
        return Err(Error::NotFound);
    }
    let actor = match &asked.token {
        Some(token) => orgs::actor(app, token, asked.from.clone()).await?,
        None => None,
    };
    let rule = app.access().rule(route.action).expect("routes are checked against the table at start");
    let reach = reach_of(app, rule, actor.as_ref(), &asked.method)?;
    Ok(Visit {
        app: app.clone(),
        action: route.action,
        reach,
        here: asked.here,
        request: request_id(),
        from: asked.from,
        flash: asked.flash,
        text_size: asked.text_size,
        actor,
    })
}

fn reach_of(app: &App, rule: &Rule, actor: Option<&Actor>, method: &Method) -> Result<Reach> {
    let Some(actor) = actor else {
        return rule.public_reach().ok_or(Error::Unauthenticated);
    };
    let reach = rule.reach(actor).or_else(|| rule.public_reach()).ok_or(Error::Forbidden)?;
    let asks = rule.factor && orgs::needs_factor(actor.role) && !app.settings().demo;
    if asks && method != Method::GET && !has_fresh_factor(app, actor)? {
        return Err(Error::FactorNeeded);
    }
    Ok(reach)
}

/// Whether the second factor was given not long ago.
fn has_fresh_factor(app: &App, actor: &Actor) -> Result<bool> {
    let minutes =
        app.pack().count("security.step_up_minutes", app.store().today()).map_err(Error::internal)?;
    Ok(actor.factor_ms.is_some_and(|given| app.store().now_ms() - given <= minutes * 60_000))
}

/// Nobody signed in: to the sign-in page and back; a form that was sent is carried along.
async fn turn_away(app: &App, error: Error, request: Request) -> Response {
    let here = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    match error {
        Error::Unauthenticated if request.method() == Method::GET => {
            Redirect::to(&format!("/sign-in?to={}", encode(&here))).into_response()
        }
        Error::Unauthenticated => orgs::carry_through_sign_in(app, request).await,
        Error::FactorNeeded => orgs::carry_through_factor(app, request).await,
        error => error.into_response(),
    }
}

/// A text as part of a query.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Where a request comes from. Behind the proxy, what the proxy itself added last; anything before
/// that the visitor may have written.
pub fn address_of(app: &App, request: &Request) -> Option<String> {
    let told = request.headers().get_all("x-forwarded-for").iter().next_back();
    let told = told.filter(|_| app.settings().secure).and_then(|value| value.to_str().ok());
    let told: Option<IpAddr> = told.and_then(|value| value.rsplit(',').next()?.trim().parse().ok());
    let near = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|connect| connect.0.ip());
    told.or(near).map(|address| address.to_string())
}

/// What the act before this page did: `?done=declaration.sent`, if the record has such an act.
fn flash_of(query: &str) -> Option<String> {
    let done = query.split('&').find_map(|pair| pair.strip_prefix("done="))?;
    crate::audit::act_words(done).map(|words| format!("已办理：{words}"))
}

/// A short id by which a visitor's trouble is found in the program's log.
fn request_id() -> String {
    let id: domain::id::RowId = kit::clock::fresh();
    id.to_string().split_off(14)
}
