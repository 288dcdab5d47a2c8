//! The body of a request, read piece by piece.
//!
//! What does not fit is read on for a while and thrown away, so that the browser hears the answer
//! instead of a line that was cut.

use axum::body::{Body, Bytes, HttpBody};
use std::future::poll_fn;
use std::pin::Pin;

/// How much of what does not fit is still read.
pub(super) const MOST_WASTED_BYTES: usize = 44 * 1024 * 1024;

/// The whole body, or nothing where it is longer than `most` or breaks off.
pub(super) async fn read_whole(mut body: Body, most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = next(&mut body).await {
        let piece = piece.ok()?;
        if bytes.len() + piece.len() > most {
            drop(bytes);
            pass_over(&mut body, MOST_WASTED_BYTES).await;
            return None;
        }
        bytes.extend_from_slice(&piece);
    }
    Some(bytes)
}

async fn pass_over(body: &mut Body, mut waste: usize) {
    while let Some(Ok(piece)) = next(body).await {
        match waste.checked_sub(piece.len()) {
            Some(left) => waste = left,
            None => return,
        }
    }
}

/// The next piece; trailers are passed over.
async fn next(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await? {
            Err(error) => return Some(Err(error)),
            Ok(frame) => {
                if let Ok(piece) = frame.into_data() {
                    return Some(Ok(piece));
                }
            }
        }
    }
}
