//! A form with files: text fields as `Fields`, files read piece by piece up to the pack's limit.
//!
//! A large file waits on disk and not in memory. The rest of one that is too large is read and thrown
//! away for a while, so that the browser hears the answer, and then the line is cut.

use super::body::MOST_WASTED_BYTES;
use super::fields::{Fields, too_long};
use super::queue::one_at_a_time;
use super::taken::{Taken, too_large};
use super::visit::Visit;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use domain::problem::Problem;
use kit::files::{Aside, Files};
use kit::fingerprint::Fingerprint;
use kit::uploads::{Rejection, inspect};
use kit::{Error, Result, Store};
use std::io::Write;

/// What a form with files sent.
pub struct Upload {
    pub fields: Fields,
    pub files: Vec<Sent>,
}

/// One file as it came.
pub struct Sent {
    /// The name of the input.
    pub field: String,
    /// The name the person's machine gave it.
    pub name: String,
    content: Content,
}

impl Sent {
    /// A file that is at hand, as the demo has it.
    pub fn whole(field: &str, name: &str, content: Vec<u8>) -> Sent {
        Sent { field: field.to_owned(), name: name.to_owned(), content: Content::Whole(content) }
    }
}

enum Content {
    Whole(Vec<u8>),
    Aside(Aside),
    TooLarge,
}

/// A file that is on disk under its hash. It needs a row of some table to be found again.
#[derive(Clone, Debug)]
pub struct Kept {
    pub name: String,
    /// SHA-256 of the content, in hex: the id of its `blob` row.
    pub blob_id: String,
    pub size: i64,
    pub media_type: &'static str,
}

/// Longest texts beside the files, together.
const MOST_TEXT_BYTES: usize = 512 * 1024;

/// What a visit may hold in memory; the rest of its files waits on disk.
const MOST_HELD_BYTES: usize = 64 * 1024;

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<Upload> {
        let visit = request.extensions().get::<Visit>().cloned();
        let visit = visit.ok_or_else(|| Error::internal("a route without its guard"))?;
        let room = Taken::of(visit.pack(), visit.today(), &[])?.max_bytes();
        DefaultBodyLimit::disable().apply(&mut request);
        let multipart = Multipart::from_request(request, state).await.map_err(|_| malformed())?;
        let reader = Reader {
            files: visit.store().files().clone(),
            room,
            text_room: MOST_TEXT_BYTES,
            held_room: MOST_HELD_BYTES,
            waste: MOST_WASTED_BYTES,
            said: Fingerprint::default(),
        };
        reader.read(multipart).await
    }
}

/// Reads a form part by part, and knows what still fits where.
struct Reader {
    files: Files,
    room: usize,
    text_room: usize,
    held_room: usize,
    waste: usize,
    said: Fingerprint,
}

impl Reader {
    async fn read(mut self, mut multipart: Multipart) -> Result<Upload> {
        let (mut texts, mut files) = (Vec::new(), Vec::new());
        while let Some(mut part) = multipart.next_field().await.map_err(|_| malformed())? {
            let field = part.name().unwrap_or_default().to_owned();
            let Some(name) = part.file_name().map(str::to_owned) else {
                let text = self.text(&mut part).await?;
                texts.push((field, text));
                continue;
            };
            self.said.take(&field);
            self.said.take(&name);
            let content = self.file(&mut part).await?;
            if name.is_empty() && matches!(&content, Content::Whole(bytes) if bytes.is_empty()) {
                continue;
            }
            let is_too_large = matches!(content, Content::TooLarge);
            files.push(Sent { field, name, content });
            if is_too_large && !self.pass_over(&mut part).await? {
                break;
            }
        }
        Ok(Upload { fields: Fields::beside(texts, self.said), files })
    }

    async fn text(&mut self, part: &mut Field<'_>) -> Result<String> {
        let mut bytes = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(|_| malformed())? {
            self.text_room = self.text_room.checked_sub(piece.len()).ok_or_else(too_long)?;
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')).ok_or_else(malformed)
    }

    /// A file: in memory while it is small, aside when it grows.
    async fn file(&mut self, part: &mut Field<'_>) -> Result<Content> {
        let (mut held, mut aside) = (Vec::new(), None);
        while let Some(piece) = part.chunk().await.map_err(|_| malformed())? {
            match self.room.checked_sub(piece.len()) {
                Some(left) => self.room = left,
                None => return Ok(Content::TooLarge),
            }
            self.said.take_piece(&piece);
            held.extend_from_slice(&piece);
            if held.len() > self.held_room {
                aside = Some(put_aside(&self.files, aside.take(), std::mem::take(&mut held)).await?);
            }
        }
        match aside {
            Some(_) => Ok(Content::Aside(put_aside(&self.files, aside, held).await?)),
            None => {
                self.held_room -= held.len();
                Ok(Content::Whole(held))
            }
        }
    }

    /// Reads the rest of a part without keeping it. Says whether its end was reached.
    async fn pass_over(&mut self, part: &mut Field<'_>) -> Result<bool> {
        while let Some(piece) = part.chunk().await.map_err(|_| malformed())? {
            match self.waste.checked_sub(piece.len()) {
                Some(left) => self.waste = left,
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

async fn put_aside(files: &Files, aside: Option<Aside>, bytes: Vec<u8>) -> Result<Aside> {
    let files = files.clone();
    let work = move || -> Result<Aside> {
        let mut aside = match aside {
            Some(aside) => aside,
            None => files.aside()?,
        };
        aside.write_all(&bytes)?;
        Ok(aside)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Looks into a file and keeps it where it is what it says and what the form takes.
pub async fn keep(store: &Store, sent: Sent, taken: Taken) -> Result<std::result::Result<Kept, Rejection>> {
    let limits = taken.limits();
    let store = store.clone();
    let is_large = matches!(sent.content, Content::Aside(_));
    let work = move || {
        let bytes = match sent.content {
            Content::TooLarge => return Ok(Err(too_large(limits.max_bytes))),
            Content::Whole(bytes) => bytes,
            Content::Aside(aside) => aside.read()?,
        };
        let accepted = match inspect(&sent.name, &bytes, &limits) {
            Ok(accepted) => accepted,
            Err(rejection) => return Ok(Err(rejection)),
        };
        if let Some(rejection) = taken.too_large(accepted.kind, bytes.len()) {
            return Ok(Err(rejection));
        }
        let blob_id = store.files().keep(&accepted.bytes)?;
        let size = i64::try_from(accepted.bytes.len()).expect("a file in memory has a countable size");
        Ok(Ok(Kept { name: accepted.display_name, blob_id, size, media_type: accepted.media_type }))
    };
    match is_large {
        true => one_at_a_time(work).await?,
        false => tokio::task::spawn_blocking(work).await.map_err(Error::internal)?,
    }
}

fn malformed() -> Error {
    let says = "提交的内容无法识别或中途断开，请从页面上的表单重新上传。";
    Error::Invalid(vec![Problem::new("", "malformed", says)])
}
