//! Writing an export or a backup, beside a program that serves: everything from one snapshot.

use super::bundle::Bundle;
use super::json::line_of;
use super::{PASSING, WITHHELD};
use crate::args;
use crate::db::{Sql, Tx, applied, tables};
use crate::error::Result;
use crate::record::checkpoint;
use crate::store::Store;
use data_encoding::HEXLOWER;
use serde_json::json;
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For outsiders: what is recorded, less the secrets.
    Export,
    /// For ourselves: everything but the sessions, and the keys.
    Backup,
}

const ROWS_A_PAGE: i64 = 1000;

/// Writes the file; it appears whole or not at all.
pub async fn write(store: &Store, kind: Kind, keys: &Path, to: &Path) -> Result<()> {
    checkpoint(store).await?;
    let mut bundle = Bundle::begin(to)?;
    let mut tx = store.db().begin_snapshot().await?;
    bundle.put("about.json", about(store, kind).await?.as_bytes())?;
    write_log(&mut tx, &mut bundle).await?;
    write_digests(&mut tx, &mut bundle).await?;
    write_checkpoints(&mut tx, &mut bundle).await?;
    for table in tables_of(store, kind).await? {
        write_table(&mut tx, &mut bundle, &table).await?;
    }
    write_files(&mut tx, store, &mut bundle).await?;
    if kind == Kind::Backup {
        for name in ["log.key", "log.vkey"] {
            bundle.put(&format!("keys/{name}"), &std::fs::read(keys.join(name))?)?;
        }
    }
    Ok(bundle.finish()?)
}

async fn about(store: &Store, kind: Kind) -> Result<String> {
    let schema: Vec<_> = applied(store.db())
        .await?
        .into_iter()
        .map(|(name, checksum)| json!({ "name": name, "checksum": checksum }))
        .collect();
    let withheld: &[&str] = if kind == Kind::Export { &WITHHELD } else { &[] };
    let about = json!({
        "format": "zhenxing-export/1",
        "kind": match kind { Kind::Export => "export", Kind::Backup => "backup" },
        "made_at": store.now_ms(),
        "origin": store.signer().origin(),
        "vkey": store.signer().verifier_key(),
        "schema": schema,
        "recorded": store.recorded_tables().await?,
        "unrecorded": store.unrecorded().collect::<Vec<_>>(),
        "withheld": withheld,
    });
    Ok(about.to_string())
}

/// The tables whose rows go in.
async fn tables_of(store: &Store, kind: Kind) -> Result<Vec<String>> {
    let recorded = store.recorded_tables().await?;
    match kind {
        Kind::Export => {
            Ok(recorded.into_iter().filter(|table| !WITHHELD.contains(&table.as_str())).collect())
        }
        Kind::Backup => {
            let all = tables(store.db()).await?;
            let kept = |table: &String| {
                recorded.contains(table) || (store.is_unrecorded(table) && !PASSING.contains(&table.as_str()))
            };
            Ok(all.into_iter().filter(kept).collect())
        }
    }
}

async fn write_log(tx: &mut Tx, bundle: &mut Bundle) -> Result<()> {
    let (mut lines, mut after) = (bundle.lines()?, 0);
    loop {
        let rows: Vec<(i64, String, Vec<u8>)> = tx
            .read()
            .all(
                "SELECT seq, body, leaf FROM log_entry WHERE seq > $1 ORDER BY seq LIMIT $2",
                args![after, ROWS_A_PAGE],
            )
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        for (seq, body, leaf) in rows {
            lines.add(&json!({ "seq": seq, "leaf": HEXLOWER.encode(&leaf), "body": body }).to_string())?;
        }
    }
    Ok(bundle.put_lines("log.jsonl", lines)?)
}

async fn write_digests(tx: &mut Tx, bundle: &mut Bundle) -> Result<()> {
    let (mut lines, mut after) = (bundle.lines()?, (0, 0));
    loop {
        let rows: Vec<(i64, i64, String, String, Vec<u8>)> = tx
            .read()
            .all(
                "SELECT seq, ordinal, table_name, row_id, digest FROM row_digest \
                 WHERE (seq, ordinal) > ($1, $2) ORDER BY seq, ordinal LIMIT $3",
                args![after.0, after.1, ROWS_A_PAGE],
            )
            .await?;
        let Some(last) = rows.last() else { break };
        after = (last.0, last.1);
        for (seq, ordinal, table, id, digest) in rows {
            let line = json!({
                "seq": seq, "ordinal": ordinal, "table": table, "id": id, "digest": HEXLOWER.encode(&digest),
            });
            lines.add(&line.to_string())?;
        }
    }
    Ok(bundle.put_lines("row_digests.jsonl", lines)?)
}

async fn write_checkpoints(tx: &mut Tx, bundle: &mut Bundle) -> Result<()> {
    let notes: Vec<(i64, String)> =
        tx.read().all("SELECT size, note FROM log_checkpoint ORDER BY size", args![]).await?;
    for (size, note) in notes {
        bundle.put(&format!("checkpoints/{size}.txt"), note.as_bytes())?;
    }
    Ok(())
}

async fn write_table(tx: &mut Tx, bundle: &mut Bundle, table: &str) -> Result<()> {
    let key = if table == "idempotency" { "key" } else { "id" };
    let (mut lines, mut after) = (bundle.lines()?, String::new());
    loop {
        let sql = Sql::built(format!("SELECT * FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT $2"));
        let rows = tx.read().cells(sql, args![&after, ROWS_A_PAGE]).await?;
        let Some(last) = rows.last() else { break };
        after = last.text(key).unwrap_or_default().to_owned();
        for row in &rows {
            lines.add(&line_of(row))?;
        }
    }
    Ok(bundle.put_lines(&format!("rows/{table}.jsonl"), lines)?)
}

async fn write_files(tx: &mut Tx, store: &Store, bundle: &mut Bundle) -> Result<()> {
    let blobs: Vec<(String,)> = tx.read().all("SELECT id FROM blob ORDER BY id", args![]).await?;
    for (id,) in blobs {
        bundle.put_file(&format!("files/{id}"), &store.files().path(&id))?;
    }
    Ok(())
}
