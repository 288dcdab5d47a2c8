//! Writing an export or a backup, beside a program that serves: everything from one snapshot.

use super::bundle::Bundle;
use super::json::line_of;
use super::{PASSING, WITHHELD};
use crate::args;
use crate::db::{Pages, Tx, applied, tables_in_order};
use crate::error::Result;
use crate::record::checkpoint;
use crate::store::Store;
use data_encoding::HEXLOWER;
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// For outsiders: what is recorded, less the secrets.
    Export,
    /// For ourselves: everything but the sessions; and of what stands beside the store the folder of keys
    /// and whom users ring for help.
    Backup { keys: &'a Path, help_phone: &'a str },
}

const ROWS_A_PAGE: i64 = 1000;

/// Writes the file; it appears whole or not at all. Gives the attachments that are not there to be
/// written: one lost file must not stand in the way of every backup.
pub async fn write(store: &Store, kind: Kind<'_>, to: &Path) -> Result<Vec<String>> {
    checkpoint(store).await?;
    let mut bundle = Bundle::begin(to)?;
    let mut tx = store.db().begin_snapshot().await?;
    bundle.put("about.json", about(store, kind).await?.as_bytes())?;
    write_log(&mut tx, &mut bundle).await?;
    write_digests(&mut tx, &mut bundle).await?;
    write_checkpoints(&mut tx, &mut bundle).await?;
    let mut drafts = BTreeSet::new();
    for table in tables_of(store, kind) {
        let held = write_table(&mut tx, &mut bundle, &table).await?;
        if store.is_unrecorded(&table) {
            drafts.extend(held);
        }
    }
    let missing = write_files(&mut tx, store, &mut bundle, drafts).await?;
    if let Kind::Backup { keys, .. } = kind {
        for name in ["log.key", "log.vkey"] {
            bundle.put(&format!("keys/{name}"), &std::fs::read(keys.join(name))?)?;
        }
    }
    bundle.finish()?;
    Ok(missing)
}

async fn about(store: &Store, kind: Kind<'_>) -> Result<String> {
    let schema: Vec<_> = applied(store.db())
        .await?
        .into_iter()
        .map(|(name, checksum)| json!({ "name": name, "checksum": checksum }))
        .collect();
    let (name, withheld, help_phone): (_, &[&str], _) = match kind {
        Kind::Export => ("export", &WITHHELD, None),
        Kind::Backup { help_phone, .. } => ("backup", &[], Some(help_phone)),
    };
    let about = json!({
        "format": "zhenxing-export/1",
        "kind": name,
        "made_at": store.now_ms(),
        "origin": store.signer().origin(),
        "vkey": store.signer().verifier_key(),
        "schema": schema,
        "recorded": store.recorded_tables(),
        "unrecorded": store.unrecorded().collect::<Vec<_>>(),
        "withheld": withheld,
        "help_phone": help_phone,
    });
    Ok(about.to_string())
}

/// The tables whose rows go in.
fn tables_of(store: &Store, kind: Kind<'_>) -> Vec<String> {
    let recorded = store.recorded_tables();
    let mut tables = tables_in_order(&store.migrations());
    tables.sort();
    tables.retain(|table| match kind {
        Kind::Export => recorded.contains(table) && !WITHHELD.contains(&table.as_str()),
        Kind::Backup { .. } => {
            recorded.contains(table) || (store.is_unrecorded(table) && !PASSING.contains(&table.as_str()))
        }
    });
    tables
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

/// Writes a table, and gives the attachments that its rows hold.
async fn write_table(tx: &mut Tx, bundle: &mut Bundle, table: &str) -> Result<BTreeSet<String>> {
    let key = if table == "idempotency" { "key" } else { "id" };
    let (mut lines, mut held, mut pages) = (bundle.lines()?, BTreeSet::new(), Pages::of(table, key));
    loop {
        let rows = pages.next(tx).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            lines.add(&line_of(row))?;
            held.extend(row.text("blob_id").map(str::to_owned));
        }
    }
    bundle.put_lines(&format!("rows/{table}.jsonl"), lines)?;
    Ok(held)
}

/// What the record vouches for; and, in a backup, the attachments of drafts, which have no `blob` row yet.
async fn write_files(
    tx: &mut Tx,
    store: &Store,
    bundle: &mut Bundle,
    mut drafts: BTreeSet<String>,
) -> Result<Vec<String>> {
    let blobs: Vec<(String,)> = tx.read().all("SELECT id FROM blob ORDER BY id", args![]).await?;
    let blobs: Vec<String> = blobs.into_iter().map(|(id,)| id).collect();
    drafts.retain(|id| blobs.binary_search(id).is_err());
    let mut missing = Vec::new();
    for (folder, ids) in [("files", blobs), ("drafts", drafts.into_iter().collect())] {
        for id in ids {
            match File::open(store.files().path(&id)) {
                Ok(file) => bundle.put_file(&format!("{folder}/{id}"), file)?,
                Err(error) if error.kind() == ErrorKind::NotFound => missing.push(id),
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(missing)
}
