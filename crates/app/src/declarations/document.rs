//! Documents kept with a step: the notice of a call, the county's letter, the city's.

use crate::web::{Acting, Sent, Taken, keep, size_words};
use axum::response::Response;
use domain::problem::Problem;
use kit::db::Read;
use kit::page::Field;
use kit::record::Act;
use kit::{Error, Result};

pub use crate::web::Kept;

/// The question for a scan; whose it is, and what the pack takes.
pub fn scan_field(acting: &Acting, label: &str, whose: &str) -> Result<Field> {
    let taken = Taken::scans(acting.pack(), acting.today())?;
    Ok(Field::file("scan", label, taken.accept()).hint(format!("{whose}格式：{}。", taken.words())))
}

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
    let Some(sent) = files.into_iter().find(|file| file.field == "scan") else {
        if let Some(what) = needed {
            problems.push(Problem::new("scan", "required", format!("请上传{what}的扫描件。")));
        }
        return Ok(None);
    };
    match keep(acting.store(), sent, Taken::scans(acting.pack(), acting.today())?).await? {
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
