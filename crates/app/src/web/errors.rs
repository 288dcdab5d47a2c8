//! How a refusal looks: a page with a way on, or `application/problem+json` for a program.

use super::frame;
use super::visit::Visit;
use crate::app::App;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use kit::Error;
use kit::error::ErrorPage;
use kit::page::{Frame, Notice, Tone};
use serde_json::json;
use std::time::Duration;

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorTemplate<'a> {
    page: Frame,
    notice: Notice,
    error: &'a ErrorPage,
    time: String,
}

/// Long enough for a 20 MiB file over a slow line.
const PATIENCE: Duration = Duration::from_secs(120);

/// Turns an `ErrorPage` that a handler left in its response into what the visitor reads.
pub async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let wants_json = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("json"));
    let mut response = match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::TooSlow.into_response(),
    };
    let error = match response.extensions_mut().remove::<ErrorPage>() {
        Some(error) => error,
        None => return response,
    };
    let visit = response.extensions_mut().remove::<Visit>();
    if wants_json { as_json(&error) } else { as_page(&app, visit.as_ref(), &error) }
}

fn as_json(error: &ErrorPage) -> Response {
    let problems: Vec<_> = error
        .problems
        .iter()
        .map(|problem| json!({ "field": problem.field, "code": problem.code, "says": problem.says }))
        .collect();
    let body = json!({
        "title": error.says,
        "detail": error.remedy,
        "status": error.status.as_u16(),
        "clause": error.clause.map(|clause| clause.to_string()),
        "problems": problems,
    });
    (error.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

fn as_page(app: &App, visit: Option<&Visit>, error: &ErrorPage) -> Response {
    let page = match visit {
        Some(visit) => frame::of(visit, &error.says),
        None => frame::bare(app, &error.says),
    };
    let time = frame::clock_words(app.store().now_ms());
    let mut notice = Notice::new(Tone::Bad, "", &error.remedy);
    if let Some(clause) = error.clause {
        notice = notice.leading_to(format!("依据：工作方案{}", clause.words()), format!("/rules/{clause}"));
    }
    let template = ErrorTemplate { page: Frame { error: true, ..page }, notice, error, time };
    match template.render() {
        Ok(text) => (error.status, Html(text)).into_response(),
        Err(_) => error.status.into_response(),
    }
}
