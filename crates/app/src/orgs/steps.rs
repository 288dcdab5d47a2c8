//! The steps from a password to a session in a role: choose the role, give the second factor, go on.

use super::carry::Onward;
use super::choice::{Choice, choices};
use super::session::{self, Holder};
use super::{asked, factor, password};
use crate::web::{Fields, Visit, page};
use askama::Template;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use kit::page::{Empty, Frame};
use kit::record::{Event, Hand, Who};
use kit::secret::token_hash;
use kit::{Error, Result};

/// Which role to act in.
#[derive(Template)]
#[template(path = "orgs/role.html")]
struct RolePage {
    page: Frame,
    onward: Onward,
    cards: Vec<RoleCard>,
    empty: Empty,
}

struct RoleCard {
    value: String,
    role: &'static str,
    organisation: String,
    signature: String,
    until: String,
    current: bool,
}

/// Sends a form on to where it was meant for.
#[derive(Template)]
#[template(path = "orgs/go_on.html")]
pub(super) struct GoOnPage {
    page: Frame,
    to: String,
    fields: Vec<(String, String)>,
}

/// The next step of a sign-in, or its end. Every answer carries the session's present cookie.
pub(super) async fn go_on(visit: &Visit, holder: Holder, onward: &Onward) -> Result<Response> {
    let choices = choices(&visit.app, holder.person).await?;
    let chosen = match (choices.as_slice(), onward.role.as_str()) {
        ([only], _) => Some(only.clone()),
        (_, role) => choices.iter().find(|choice| choice.value() == role).cloned(),
    };
    let response = match chosen {
        None if onward.fields.is_none() => see("/session/role", onward),
        None => show_roles(visit, &holder, &choices, onward.clone())?,
        Some(choice) => {
            let onward = Onward { role: choice.value().to_owned(), ..onward.clone() };
            let must_prove = must_prove(visit, &holder, &choice).await?;
            let expired = !must_prove && password::has_expired(visit, holder.person, choice.role).await?;
            match (must_prove, expired, onward.fields.is_none()) {
                (false, false, _) => return enter(visit, &holder, &choice, &onward).await,
                (true, _, true) => see("/session/factor", &onward),
                (true, _, false) => factor::show(visit, &holder, onward).await?,
                (_, true, true) => see("/session/password", &onward),
                (_, true, false) => password::renewal(visit, &holder, onward).await?.show()?,
            }
        }
    };
    Ok(with_cookie(visit, &holder.token, response))
}

/// Whether a second factor comes first: for those who decide, and for whoever has enrolled one.
async fn must_prove(visit: &Visit, holder: &Holder, choice: &Choice) -> Result<bool> {
    if holder.factor_ms.is_some() || visit.app.settings().demo {
        return Ok(false);
    }
    Ok(choice.needs_factor() || factor::is_enrolled(visit, holder.person).await?)
}

/// How the record names a person who has no role yet.
pub(super) fn who(visit: &Visit, holder: &Holder) -> Who {
    Who {
        person: Hand::Person(holder.person),
        session: Some(token_hash(&holder.token)[..16].to_owned()),
        from: visit.from.clone(),
        request: Some(visit.request.clone()),
        ..Who::default()
    }
}

fn see(path: &str, onward: &Onward) -> Response {
    Redirect::to(&format!("{path}?{}", onward.query())).into_response()
}

pub(super) fn with_cookie(visit: &Visit, token: &str, response: Response) -> Response {
    ([(header::SET_COOKIE, session::cookie(&visit.app, Some(token)))], response).into_response()
}

/// The whole session: a new token in the role, an act, and on to the page or the form.
async fn enter(visit: &Visit, holder: &Holder, choice: &Choice, onward: &Onward) -> Result<Response> {
    let token = session::renew(&visit.app, holder, Some(choice), holder.factor_ms).await?;
    let short = &token_hash(&token.secret)[..16];
    let who = choice.who(holder.person, short, visit.from.clone(), &visit.request);
    let name = if holder.grant.is_none() { "session.started" } else { "session.role_chosen" };
    let act = visit.store().act(&who).await?;
    act.commit(Event::new(name, "person", holder.person)).await?;
    Ok(with_cookie(visit, &token.secret, arrive(visit, onward)?))
}

/// The page in the end; a form that was carried is sent by a button.
pub(super) fn arrive(visit: &Visit, onward: &Onward) -> Result<Response> {
    match &onward.fields {
        None => Ok(Redirect::to(onward.end()).into_response()),
        Some(fields) => page(&GoOnPage {
            page: visit.frame("继续提交"),
            to: onward.end().to_owned(),
            fields: fields.clone(),
        }),
    }
}

fn show_roles(visit: &Visit, holder: &Holder, choices: &[Choice], onward: Onward) -> Result<Response> {
    let current = holder.delegation.as_ref().or(holder.grant.as_ref());
    let cards = choices
        .iter()
        .map(|choice| RoleCard {
            value: choice.value().to_owned(),
            role: choice.role.words(),
            organisation: choice.organisation_name.clone(),
            signature: choice.signature(&holder.name),
            until: choice.last_day.map(|day| format!("委托至{}", day.words())).unwrap_or_default(),
            current: current.is_some_and(|current| current == choice.value()),
        })
        .collect();
    let empty =
        Empty::new("您的账号还没有可用的身份，请联系本单位系统管理员申请授权，安全管理员批准后即可使用。");
    page(&RolePage { page: visit.frame("选择身份"), onward, cards, empty })
}

pub async fn show(visit: Visit, headers: HeaderMap) -> Result<Response> {
    let onward = Onward::to(&asked(&visit, "to"));
    let Some(holder) = session::holder(&visit.app, &headers).await? else {
        return Ok(Redirect::to(&format!("/sign-in?{}", onward.query())).into_response());
    };
    let choices = choices(&visit.app, holder.person).await?;
    show_roles(&visit, &holder, &choices, onward)
}

pub async fn choose(visit: Visit, headers: HeaderMap, mut fields: Fields) -> Result<Response> {
    let holder = session::holder(&visit.app, &headers).await?.ok_or(Error::Unauthenticated)?;
    let role = fields.take("role");
    let onward = Onward { role, ..Onward::take(&mut fields) };
    go_on(&visit, holder, &onward).await
}
