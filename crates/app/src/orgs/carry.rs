//! A form whose session has expired, or that needs a fresh code: its fields go along as hidden
//! inputs, and afterwards a button sends them where they were meant for. Nothing typed is lost.

use super::{factor, sign_in};
use crate::app::App;
use crate::web::{Fields, Visit, address_of};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::id::RowId;
use kit::{Error, Result};

/// Where a person goes after sign-in, and what he takes along.
#[derive(Clone, Debug, Default)]
pub struct Onward {
    pub to: String,
    /// The role chosen on the way, as its form names it.
    pub role: String,
    /// The fields of a form that was sent; `None` where only a page was asked for.
    pub fields: Option<Vec<(String, String)>>,
    /// A form with files was sent, and they could not be kept.
    pub lost_files: bool,
}

/// Before the names of carried fields, so that they are not taken for those of the sign-in form.
const CARRIED: &str = "_was.";

impl Onward {
    pub fn to(path: &str) -> Onward {
        Onward { to: same_site(path), ..Onward::default() }
    }

    /// What a sign-in form brought along.
    pub fn take(fields: &mut Fields) -> Onward {
        let to = same_site(&fields.take("_to"));
        let role = fields.take("_role");
        let is_form = !fields.take("_form").is_empty();
        let carried = fields
            .rest()
            .into_iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(CARRIED)?.to_owned(), value)));
        Onward { to, role, fields: is_form.then(|| carried.collect()), lost_files: false }
    }

    /// The hidden inputs that keep all of it in a form.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let mut pairs = vec![("_to".to_owned(), self.to.clone()), ("_role".to_owned(), self.role.clone())];
        if let Some(fields) = &self.fields {
            pairs.push(("_form".to_owned(), "1".to_owned()));
            pairs.extend(fields.iter().map(|(name, value)| (format!("{CARRIED}{name}"), value.clone())));
        }
        pairs
    }

    /// The query that keeps it in an address, where no form is carried.
    pub fn query(&self) -> String {
        let pairs = [("to", &self.to), ("role", &self.role)];
        let filled: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_urlencoded::to_string(filled).unwrap_or_default()
    }

    /// The page in the end.
    pub fn end(&self) -> &str {
        if self.to.is_empty() { "/desk" } else { &self.to }
    }
}

/// A path of this site, or nothing: `//elsewhere` and `\` lead away.
pub fn same_site(path: &str) -> String {
    let leads_away = path.starts_with("//") || path.contains('\\') || path.chars().any(char::is_control);
    if path.starts_with('/') && !leads_away { path.to_owned() } else { String::new() }
}

/// A form whose session has expired is carried through sign-in.
pub async fn carry_through_sign_in(app: &App, request: Request) -> Response {
    if wants_json(request.headers()) {
        return Error::Unauthenticated.into_response();
    }
    let visit = visit_of(app, &request);
    match sent(request).await {
        Ok(onward) => sign_in::show_expired(&visit, onward).await.unwrap_or_else(IntoResponse::into_response),
        Err(error) => error.into_response(),
    }
}

/// A form that needs a fresh second factor is carried through it.
pub async fn carry_through_factor(app: &App, request: Request) -> Response {
    if wants_json(request.headers()) {
        return Error::FactorNeeded.into_response();
    }
    let visit = visit_of(app, &request);
    let headers = request.headers().clone();
    match sent(request).await {
        Ok(onward) => {
            factor::show_again(&visit, &headers, onward).await.unwrap_or_else(IntoResponse::into_response)
        }
        Err(error) => error.into_response(),
    }
}

/// What was sent. Files cannot be kept in hidden inputs: their form must be filled again.
async fn sent(request: Request) -> Result<Onward> {
    let to = same_site(request.uri().path_and_query().map_or("", |path| path.as_str()));
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if media_type.is_some_and(|kind| kind.starts_with("multipart/")) {
        let back = came_from(request.headers());
        return Ok(Onward { to: back, lost_files: true, ..Onward::default() });
    }
    let mut fields = Fields::from_request(request, &()).await?;
    let key = fields.bare_key().to_owned();
    let mut pairs = fields.rest();
    if !key.is_empty() {
        pairs.push(("_key".to_owned(), key));
    }
    Ok(Onward { to, fields: Some(pairs), ..Onward::default() })
}

/// The page a form stood on, where the browser says so.
fn came_from(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = referer.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    same_site(path.unwrap_or_default())
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("json"))
}

/// A visit by somebody the guard turned away, for the page that lets him in.
fn visit_of(app: &App, request: &Request) -> Visit {
    let rule = app.access().rule("sign_in").expect("everybody may sign in");
    Visit {
        app: app.clone(),
        actor: None,
        action: "sign_in",
        reach: rule.public_reach().expect("everybody may sign in"),
        here: String::new(),
        request: kit::clock::fresh::<RowId>().to_string().split_off(14),
        from: address_of(app, request),
        flash: None,
        text_size: super::text_size(request.headers()),
    }
}

#[cfg(test)]
mod tests {
    use super::same_site;

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        assert_eq!(same_site("/desk?a=1"), "/desk?a=1");
        for away in ["//elsewhere", "https://elsewhere/", "/\\elsewhere", "desk", "/a\r\nb", ""] {
            assert_eq!(same_site(away), "", "{away}");
        }
    }
}
