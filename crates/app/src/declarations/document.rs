//! Documents kept with a step: the notice of a call, the county's letter, the city's.

use crate::web::{Acting, Sent, keep};
use axum::response::Response;
use domain::problem::Problem;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result};

pub use crate::web::Kept;

/// What an official letter's scan may be.
const SCAN_TYPES: [&str; 3] = ["pdf", "jpg", "png"];

/// What the browser offers to choose from.
pub const SCAN_ACCEPT: &str = ".pdf,.jpg,.png";

/// One document on a page.
#[derive(Clone, Debug)]
pub struct DocumentLine {
    pub name: String,
    pub href: String,
    pub size: String,
    pub number: String,
}

/// The scan a form sent, looked into and kept; a fault is told at its field. `needed` says what it
/// is a scan of, where the form cannot do without.
pub async fn take_scan(
    acting: &Acting,
    files: Vec<Sent>,
    needed: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Result<Option<Kept>> {
    let types = SCAN_TYPES.map(str::to_owned);
    let Some(sent) = files.into_iter().find(|file| file.field == "scan") else {
        if let Some(what) = needed {
            problems.push(Problem::new("scan", "required", format!("请上传{what}的扫描件。")));
        }
        return Ok(None);
    };
    match keep(acting.store(), acting.pack(), sent, &types).await? {
        Ok(kept) => Ok(Some(kept)),
        Err(rejection) => {
            problems.push(Problem::new("scan", rejection.code, rejection.sentence));
            Ok(None)
        }
    }
}

/// Whose document it is, and at which step it came.
pub struct Owner<'a> {
    pub kind: &'static str,
    pub id: &'a str,
    pub event: &'static str,
    pub number: &'a str,
}

/// Records a document within the act that brings it.
pub async fn attach(act: &mut Act, owner: &Owner<'_>, kept: &Kept) -> Result<()> {
    super::store::insert_document(act, owner, kept).await
}

/// The documents of a thing, the newest first.
pub async fn lines(read: Read<'_>, kind: &'static str, id: &str, under: &str) -> Result<Vec<DocumentLine>> {
    let rows = super::store::documents(read, kind, id).await?;
    let line = |row: super::store::DocumentRow| DocumentLine {
        href: format!("{under}/{id}/documents/{}", row.id),
        size: size_words(row.size),
        name: row.name,
        number: row.document_number,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The content of a document whose owner the visitor may see.
pub async fn send(acting: &Acting, kind: &'static str, owner: &str, document: &str) -> Result<Response> {
    let found = super::store::document(acting.store().read(), kind, owner, document).await?;
    crate::web::send(acting.store(), &found.ok_or(Error::NotFound)?).await
}

/// 1.2 MB · 340 KB.
fn size_words(bytes: i64) -> String {
    const MB: i64 = 1024 * 1024;
    match bytes {
        large if large >= MB => format!("{}.{}MB", large / MB, large % MB * 10 / MB),
        small => format!("{}KB", (small + 1023) / 1024),
    }
}
