//! A form with files: text fields as `Fields`, files read piece by piece up to the pack's limit.
//!
//! A file that is too large is not kept in memory: the rest of it is read and thrown away for a
//! while, so that the browser hears the answer, and then the line is cut.

use super::fields::{Fields, too_long};
use super::visit::Visit;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use domain::day::Day;
use domain::pack::Pack;
use domain::problem::Problem;
use kit::uploads::{Kind, Limits, Rejection, inspect};
use kit::{Error, Result, Store};

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

/// What staff may upload, from the pack.
const STAFF: &str = "files.staff";

/// Longest texts beside the files, together.
const MOST_TEXT_BYTES: usize = 512 * 1024;

/// How much of a file that is too large is still read.
const MOST_WASTED_BYTES: usize = 44 * 1024 * 1024;

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<Upload> {
        let visit = request.extensions().get::<Visit>().cloned();
        let visit = visit.ok_or_else(|| Error::internal("a route without its guard"))?;
        let room = limits(visit.pack(), visit.today(), &[])?.max_bytes;
        DefaultBodyLimit::disable().apply(&mut request);
        let multipart = Multipart::from_request(request, state).await.map_err(|_| malformed())?;
        read(multipart, room).await
    }
}

async fn read(mut multipart: Multipart, mut room: usize) -> Result<Upload> {
    let (mut texts, mut files) = (Vec::new(), Vec::new());
    let (mut text_room, mut waste) = (MOST_TEXT_BYTES, MOST_WASTED_BYTES);
    while let Some(mut part) = multipart.next_field().await.map_err(|_| malformed())? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            None => {
                let Some(bytes) = take(&mut part, &mut text_room).await? else { return Err(too_long()) };
                texts.push((field, String::from_utf8(bytes).map_err(|_| malformed())?));
            }
            Some(name) => {
                let content = match take(&mut part, &mut room).await? {
                    Some(bytes) if bytes.is_empty() && name.is_empty() => continue,
                    Some(bytes) => Content::Whole(bytes),
                    None => Content::TooLarge,
                };
                let is_too_large = matches!(content, Content::TooLarge);
                files.push(Sent { field, name, content });
                if is_too_large && !pass_over(&mut part, &mut waste).await? {
                    break;
                }
            }
        }
    }
    Ok(Upload { fields: Fields::new(texts), files })
}

/// A part's bytes, or nothing where they do not fit; then its rest is still unread.
async fn take(part: &mut Field<'_>, room: &mut usize) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| malformed())? {
        if chunk.len() > *room {
            return Ok(None);
        }
        *room -= chunk.len();
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

/// Reads the rest of a part without keeping it. Says whether its end was reached.
async fn pass_over(part: &mut Field<'_>, waste: &mut usize) -> Result<bool> {
    while let Some(chunk) = part.chunk().await.map_err(|_| malformed())? {
        match waste.checked_sub(chunk.len()) {
            Some(left) => *waste = left,
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// Looks into a file and keeps it where it is what it says. `types` are extensions the form takes;
/// none means everything staff may upload.
pub async fn keep(
    store: &Store,
    pack: &Pack,
    sent: Sent,
    types: &[String],
) -> Result<std::result::Result<Kept, Rejection>> {
    let limits = limits(pack, store.today(), types)?;
    let store = store.clone();
    let work = move || match sent.content {
        Content::TooLarge => Ok(Err(too_large(limits.max_bytes))),
        Content::Whole(bytes) => {
            let accepted = match inspect(&sent.name, &bytes, &limits) {
                Ok(accepted) => accepted,
                Err(rejection) => return Ok(Err(rejection)),
            };
            let blob_id = store.files().keep(&accepted.bytes)?;
            let size = i64::try_from(accepted.bytes.len()).expect("a file in memory has a countable size");
            Ok(Ok(Kept { name: accepted.display_name, blob_id, size, media_type: accepted.media_type }))
        }
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// The pack's list of kinds, cut down to those a form takes; one limit for all.
fn limits(pack: &Pack, today: Day, types: &[String]) -> Result<Limits> {
    let entries = pack.list(STAFF, today).map_err(Error::internal)?;
    let max_bytes = entries.iter().filter_map(|entry| entry.attribute("bytes").parse().ok()).max();
    let taken = |code: &str| types.is_empty() || types.iter().any(|one| one == code);
    let kinds = Kind::ALL
        .into_iter()
        .filter(|kind| taken(kind.extension()) && entries.iter().any(|entry| entry.code == kind.extension()))
        .collect();
    let max_bytes = max_bytes.ok_or_else(|| Error::internal("files.staff names no size"))?;
    Ok(Limits { max_bytes, kinds })
}

fn too_large(max_bytes: usize) -> Rejection {
    let sentence = format!(
        "文件超过{}MB，没有上传。请压缩图片、降低扫描分辨率或拆分后重新上传。",
        max_bytes / (1024 * 1024)
    );
    Rejection { code: "too_large", sentence }
}

fn malformed() -> Error {
    let says = "提交的内容无法识别或中途断开，请从页面上的表单重新上传。";
    Error::Invalid(vec![Problem::new("", "malformed", says)])
}
