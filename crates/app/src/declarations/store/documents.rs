//! SQL for documents kept with a step.

use super::super::document::{Kept, Owner};
use crate::web::Attachment;
use domain::id::RowId;
use kit::db::Read;
use kit::record::Act;
use kit::{Result, args};

/// One document.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DocumentRow {
    pub id: String,
    pub name: String,
    pub size: i64,
    pub document_number: String,
}

pub async fn insert_document(act: &mut Act, owner: &Owner<'_>, kept: &Kept) -> Result<()> {
    act.write(
        "INSERT INTO blob (id, size, media_type) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        args![&kept.blob_id, kept.size, kept.media_type],
    )
    .await?;
    let (now, person) = (act.now_ms(), act.who().person.text());
    act.write_one(
        "INSERT INTO declaration_document (id, subject_kind, subject_id, step_event, document_number, name, \
         media_type, size, blob_id, uploaded_by, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            kit::clock::fresh::<RowId>(),
            owner.kind,
            owner.id,
            owner.event,
            owner.number,
            &kept.name,
            kept.media_type,
            kept.size,
            &kept.blob_id,
            person,
            now,
        ],
    )
    .await
}

pub async fn documents(mut read: Read<'_>, kind: &str, id: &str) -> Result<Vec<DocumentRow>> {
    Ok(read
        .all(
            "SELECT id, name, size, document_number FROM declaration_document \
             WHERE subject_kind = $1 AND subject_id = $2 ORDER BY at_ms DESC, id DESC LIMIT 100",
            args![kind, id],
        )
        .await?)
}

pub async fn document(
    mut read: Read<'_>,
    kind: &str,
    owner: &str,
    document: &str,
) -> Result<Option<Attachment>> {
    Ok(read
        .opt(
            "SELECT name, blob_id, media_type FROM declaration_document \
             WHERE subject_kind = $1 AND subject_id = $2 AND id = $3",
            args![kind, owner, document],
        )
        .await?)
}
