//! The style sheet, the script and the drawings.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::page::assets;
use kit::{Error, Result};

pub async fn asset(Path(name): Path<String>) -> Result<Response> {
    let file = assets::get(&name).ok_or(Error::NotFound)?;
    let media_type = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Ok(([(header::CONTENT_TYPE, media_type)], file.data.into_owned()).into_response())
}
