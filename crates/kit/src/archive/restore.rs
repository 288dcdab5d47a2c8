//! Making a store from a backup: into an empty database, on either engine.

use super::json::columns_of;
use crate::args;
use crate::db::{Args, Db, Sql, Tx};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::record::tree::{Frontier, leaf_hash};
use data_encoding::HEXLOWER;
use flate2::read::GzDecoder;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Reads a backup into a migrated, empty database. `order` lists the tables so that each comes
/// after those it refers to. Keys and attachments go to their folders.
pub async fn restore(from: &Path, db: &Db, files: &Files, keys: &Path, order: &[String]) -> Result<()> {
    let mut archive = tar::Archive::new(GzDecoder::new(BufReader::new(File::open(from)?)));
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        if let Some(hash) = name.strip_prefix("files/") {
            if files.keep(&content)? != hash {
                return Err(Error::internal(format!("attachment {hash} is damaged in the backup")));
            }
        } else if let Some(key) = name.strip_prefix("keys/") {
            std::fs::create_dir_all(keys)?;
            let known = ["log.key", "log.vkey"].contains(&key);
            if known {
                crate::files::write_private(&keys.join(key), &content)?;
            }
        } else {
            texts.insert(name, String::from_utf8(content).map_err(Error::internal)?);
        }
    }
    check_about(texts.get("about.json"))?;
    let mut tx = db.begin().await?;
    write_log(&mut tx, &texts).await?;
    for table in order {
        let lines = texts.get(&format!("rows/{table}.jsonl")).map_or("", String::as_str);
        for line in lines.lines() {
            insert(&mut tx, table, columns_of(line)?).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

fn check_about(about: Option<&String>) -> Result<()> {
    let about: Json = about.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    if about["format"] == "zhenxing-export/1" && about["kind"] == "backup" {
        return Ok(());
    }
    Err(Error::internal("this file is not a backup of zhenxing"))
}

/// The log again, leaf by leaf, so that nodes and head are computed and not believed.
async fn write_log(tx: &mut Tx, texts: &BTreeMap<String, String>) -> Result<()> {
    let (mut frontier, mut last_ms) = (Frontier::default(), 0);
    for line in lines_of(texts, "log.jsonl") {
        let line: Json = serde_json::from_str(line).map_err(Error::internal)?;
        let body = line["body"].as_str().unwrap_or_default();
        let entry: Json = serde_json::from_str(body).map_err(Error::internal)?;
        let text = |key: &str| entry[key].as_str().map(str::to_owned);
        let leaf = leaf_hash(body.as_bytes());
        last_ms = entry["at"].as_i64().unwrap_or_default();
        tx.exec(
            "INSERT INTO log_entry (seq, at_ms, person, organisation_id, role, act, subject_kind, subject_id, \
             place_id, body, leaf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![
                entry["seq"].as_i64().unwrap_or_default(),
                last_ms,
                text("person").unwrap_or_default(),
                text("organisation"),
                text("role"),
                text("act").unwrap_or_default(),
                entry["subject"][0].as_str().unwrap_or_default(),
                entry["subject"][1].as_str().unwrap_or_default(),
                text("place"),
                body,
                leaf.to_vec(),
            ],
        )
        .await?;
        for node in frontier.push(leaf) {
            tx.exec(
                "INSERT INTO log_node (level, position, hash) VALUES ($1, $2, $3)",
                args![node.level, node.index as i64, node.hash.to_vec()],
            )
            .await?;
        }
    }
    tx.exec(
        "UPDATE log_head SET size = $1, at_ms = $2, frontier = $3 WHERE id = 1",
        args![frontier.size() as i64, last_ms, frontier.to_bytes()],
    )
    .await?;
    write_digests(tx, texts).await?;
    write_checkpoints(tx, texts).await
}

async fn write_digests(tx: &mut Tx, texts: &BTreeMap<String, String>) -> Result<()> {
    for line in lines_of(texts, "row_digests.jsonl") {
        let line: Json = serde_json::from_str(line).map_err(Error::internal)?;
        let digest = HEXLOWER
            .decode(line["digest"].as_str().unwrap_or_default().as_bytes())
            .map_err(Error::internal)?;
        tx.exec(
            "INSERT INTO row_digest (table_name, row_id, seq, ordinal, digest) VALUES ($1, $2, $3, $4, $5)",
            args![
                line["table"].as_str().unwrap_or_default(),
                line["id"].as_str().unwrap_or_default(),
                line["seq"].as_i64().unwrap_or_default(),
                line["ordinal"].as_i64().unwrap_or_default(),
                digest,
            ],
        )
        .await?;
    }
    Ok(())
}

async fn write_checkpoints(tx: &mut Tx, texts: &BTreeMap<String, String>) -> Result<()> {
    for (name, note) in texts.iter().filter(|(name, _)| name.starts_with("checkpoints/")) {
        let size: i64 = name
            .trim_start_matches("checkpoints/")
            .trim_end_matches(".txt")
            .parse()
            .map_err(Error::internal)?;
        tx.exec("INSERT INTO log_checkpoint (size, at_ms, note) VALUES ($1, 0, $2)", args![size, note])
            .await?;
    }
    Ok(())
}

fn lines_of<'a>(texts: &'a BTreeMap<String, String>, name: &str) -> std::str::Lines<'a> {
    texts.get(name).map_or("", String::as_str).lines()
}

async fn insert(tx: &mut Tx, table: &str, columns: Vec<(String, crate::db::Value)>) -> Result<()> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let places: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    let bound: Args = columns.iter().map(|(_, value)| value.clone()).collect();
    tx.exec(Sql::built(sql), bound).await.map_err(|error| Error::internal(format!("{table}: {error}")))?;
    Ok(())
}
