//! The packs that were put in force.

use kit::{Result, Store, args};

/// A pack in force, without its content.
#[derive(sqlx::FromRow)]
pub struct VersionRow {
    pub digest: String,
    pub programme: String,
    pub in_force_from: String,
    /// The entry of the log that put it in force.
    pub seq: Option<i64>,
}

/// The versions, the newest first.
pub async fn versions(store: &Store) -> Result<Vec<VersionRow>> {
    Ok(store
        .read()
        .all(
            "SELECT v.digest, g.name AS programme, v.in_force_from, (SELECT MIN(d.seq) FROM row_digest d \
               WHERE d.table_name = 'pack_version' AND d.row_id = v.id) AS seq \
             FROM pack_version v JOIN programme g ON g.id = v.programme_id \
             ORDER BY v.in_force_from DESC, v.id DESC LIMIT 100",
            args![],
        )
        .await?)
}

/// The files of a version: one JSON object, path to text.
pub async fn content(store: &Store, digest: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = store
        .read()
        .opt("SELECT content FROM pack_version WHERE digest = $1 ORDER BY id LIMIT 1", args![digest])
        .await?;
    Ok(row.map(|(content,)| content))
}
