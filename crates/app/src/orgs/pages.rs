//! Sign-in and sign-out.

use super::session;
use crate::app::App;
use crate::web::{Fields, Visit, page};
use askama::Template;
use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{GrantId, PersonId};
use kit::page::Frame;
use kit::{Error, Result, args};

#[derive(Template)]
#[template(path = "orgs/sign_in.html")]
struct SignInPage {
    page: Frame,
    cards: Vec<Card>,
}

struct Card {
    grant: String,
    person: String,
    organisation: String,
    role: String,
}

pub async fn show_sign_in(visit: Visit) -> Result<Response> {
    let rows: Vec<(String, String, String, String)> = visit
        .store()
        .read()
        .all(
            "SELECT g.id, p.name, o.name, g.role FROM role_grant g JOIN person p ON p.id = g.person_id \
             JOIN organisation o ON o.id = g.organisation_id ORDER BY g.id LIMIT 30",
            args![],
        )
        .await?;
    let cards = rows
        .into_iter()
        .filter(|_| visit.app.settings().demo)
        .map(|(grant, person, organisation, role)| Card { grant, person, organisation, role })
        .collect();
    page(&SignInPage { page: visit.frame("登录"), cards })
}

pub async fn demo_sign_in(visit: Visit, mut fields: Fields) -> Result<Response> {
    if !visit.app.settings().demo {
        return Err(Error::NotFound);
    }
    let grant: GrantId = fields.take("card").parse().map_err(|_| Error::NotFound)?;
    let (person,): (String,) =
        visit.store().read().one("SELECT person_id FROM role_grant WHERE id = $1", args![grant]).await?;
    let person: PersonId = person.parse().map_err(Error::internal)?;
    let token = session::start(&visit.app, person, Some(grant), None, None, visit.from.clone()).await?;
    let cookie = session::cookie(&visit.app, Some(&token.secret));
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/desk")).into_response())
}

pub async fn sign_out(visit: Visit) -> Result<Response> {
    let cookie = session::cookie(&visit.app, None);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}

/// A form whose session has expired is carried through sign-in.
pub async fn carry_through_sign_in(_app: &App, _request: Request) -> Response {
    Error::Unauthenticated.into_response()
}

/// A form that needs a fresh second factor is carried through it.
pub async fn carry_through_factor(_app: &App, _request: Request) -> Response {
    Error::FactorNeeded.into_response()
}
