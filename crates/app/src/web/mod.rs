//! The web around the slices: who visits, what he may, what he typed, and how a refusal looks.

mod assets;
mod body;
mod csv;
mod errors;
mod fields;
mod frame;
mod guard;
mod headers;
mod queue;
mod serving;
mod taken;
mod upload;
mod visit;

pub use assets::asset;
pub use csv::{csv_answer, download};
pub use errors::explain;
pub use fields::Fields;
pub use frame::{clock_words, day_words};
pub use guard::{Guarded, address_of, encode, guard};
pub use headers::{harden, own_name, same_origin};
pub use serving::serve;
pub use taken::{Taken, size_words};
pub use upload::{Kept, Sent, Upload, keep};
pub use visit::{Acting, Visit};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// A page as an answer.
pub fn page(template: &impl Template) -> kit::Result<Response> {
    page_with(StatusCode::OK, template)
}

/// The same page with its faults, after a form was refused.
pub fn page_with_problems(template: &impl Template) -> kit::Result<Response> {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

pub fn page_with(status: StatusCode, template: &impl Template) -> kit::Result<Response> {
    let text = template.render().map_err(kit::Error::internal)?;
    Ok((status, Html(text)).into_response())
}
