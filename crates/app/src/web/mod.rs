//! The web around the slices: who visits, what he may, what he typed, and how a refusal looks.

mod assets;
mod body;
mod csv;
mod errors;
mod fields;
mod frame;
mod guard;
mod headers;
mod line;
mod queue;
mod sending;
mod serving;
mod taken;
mod upload;
mod visit;

pub use assets::asset;
pub use csv::csv_answer;
pub use errors::explain;
pub use fields::Fields;
pub use frame::{clock_words, day_words};
pub use guard::{Guarded, address_of, encode, guard};
pub use headers::{harden, outlive_panics, own_name, same_origin};
pub use sending::{Attachment, download, in_pieces, send};
pub use serving::serve;
pub use taken::{Taken, size_words};
pub use upload::{Kept, Sent, Upload, keep};
pub use visit::{Acting, Visit};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// The idempotency key of a form, fresh for each rendering.
pub fn fresh_key() -> String {
    kit::clock::fresh::<domain::id::RowId>().to_string()
}

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
