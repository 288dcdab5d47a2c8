//! What a visitor gets that is no page: a table or a text made for him, an attachment that was kept.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum_extra::body::AsyncReadBody;
use kit::uploads::{content_disposition, content_disposition_inline};
use kit::{Result, Store};
use tokio::fs::File;

/// Bytes as a file to keep.
pub fn download(file_name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = content_disposition(file_name);
    ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}

/// An attachment as its row names it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Attachment {
    pub name: String,
    pub blob_id: String,
    pub media_type: String,
}

/// An attachment piece by piece, to whoever may have it. Pictures and PDFs are shown, the rest is kept.
pub async fn send(store: &Store, attachment: &Attachment) -> Result<Response> {
    let Attachment { name, blob_id, media_type } = attachment;
    let is_pdf = media_type == "application/pdf";
    let is_shown = is_pdf || media_type.starts_with("image/");
    let disposition = if is_shown { content_disposition_inline(name) } else { content_disposition(name) };
    let headers = [
        (header::CONTENT_TYPE, media_type.clone()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, policy(is_pdf).to_owned()),
    ];
    Ok((headers, in_pieces(File::open(store.files().path(blob_id)).await?).await?).into_response())
}

/// A file from its beginning to its end, which is said beforehand.
pub async fn in_pieces(file: File) -> Result<Response> {
    let size = file.metadata().await?.len();
    Ok(([(header::CONTENT_LENGTH, size)], Body::new(AsyncReadBody::new(file))).into_response())
}

/// A file is a page of its own that may do nothing. Browsers refuse to show a PDF in a sandbox, so
/// there its own viewer is let in and nothing else.
fn policy(is_pdf: bool) -> &'static str {
    if is_pdf {
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    } else {
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    }
}
