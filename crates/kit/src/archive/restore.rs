//! Making a store from a backup: into an empty database, on either engine.

use super::json::columns_of;
use super::members::{Members, about};
use super::unfit::Unfit;
use crate::args;
use crate::db::{Args, Db, Sql, Tx, Value};
use crate::files::Files;
use crate::record::tree::{Frontier, leaf_hash};
use data_encoding::HEXLOWER;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// A file that says of itself that it is a backup of ours.
#[derive(Debug)]
pub struct Backup {
    path: PathBuf,
    /// The migrations its database had had, with their checksums.
    pub schema: Vec<(String, String)>,
    /// Whom users rang for help.
    pub help_phone: String,
}

impl Backup {
    /// Reads no further than the first member, and makes nothing.
    pub fn open(path: &Path) -> Result<Backup, Unfit> {
        let about: Json = serde_json::from_str(&about(path)?).map_err(|_| Unfit::Foreign)?;
        match (about["format"].as_str(), about["kind"].as_str()) {
            (Some("zhenxing-export/1"), Some("backup")) => {}
            (Some("zhenxing-export/1"), Some("export")) => return Err(Unfit::Export),
            _ => return Err(Unfit::Foreign),
        }
        let schema: Option<Vec<_>> = about["schema"].as_array().map(|steps| {
            let text = |step: &Json, key: &str| step[key].as_str().unwrap_or_default().to_owned();
            steps.iter().map(|step| (text(step, "name"), text(step, "checksum"))).collect()
        });
        let help_phone = about["help_phone"].as_str().unwrap_or_default().to_owned();
        Ok(Backup { path: path.to_owned(), schema: schema.ok_or(Unfit::Foreign)?, help_phone })
    }

    /// Fills an empty database that has had the same migrations. `order` lists its tables so that each
    /// comes after those it refers to. Keys and attachments go to their folders.
    pub async fn pour(&self, db: &Db, files: &Files, keys: &Path, order: &[String]) -> Result<(), Unfit> {
        let size = db.read().int("SELECT size FROM log_head WHERE id = 1", args![]).await;
        if size.map_err(|error| refused("log_head", error))? > 0 {
            return Err(Unfit::Occupied);
        }
        let mut members = Members::unpack(&self.path, files, keys, order)?;
        let mut tx = db.begin().await.map_err(|error| refused("log_head", error))?;
        write_log(&mut tx, &mut members).await?;
        write_digests(&mut tx, &mut members).await?;
        write_checkpoints(&mut tx, &members).await?;
        for table in order {
            for line in members.lines(&format!("rows/{table}.jsonl"))? {
                insert(&mut tx, table, columns_of(&line?).ok_or(Unfit::Damaged)?).await?;
            }
        }
        tx.commit().await.map_err(|error| refused("log_head", error))
    }
}

fn refused(table: &str, error: sqlx::Error) -> Unfit {
    Unfit::Refused(table.to_owned(), error)
}

fn json_of(line: &str) -> Result<Json, Unfit> {
    serde_json::from_str(line).map_err(|_| Unfit::Damaged)
}

/// The log again, leaf by leaf, so that nodes and head are computed and not believed.
async fn write_log(tx: &mut Tx, members: &mut Members) -> Result<(), Unfit> {
    let (mut frontier, mut last_ms) = (Frontier::default(), 0);
    for line in members.lines("log.jsonl")? {
        let line = json_of(&line?)?;
        let body = line["body"].as_str().unwrap_or_default();
        last_ms = write_entry(tx, body).await?;
        for node in frontier.push(leaf_hash(body.as_bytes())) {
            tx.exec(
                "INSERT INTO log_node (level, position, hash) VALUES ($1, $2, $3)",
                args![node.level, node.index as i64, node.hash.to_vec()],
            )
            .await
            .map_err(|error| refused("log_node", error))?;
        }
    }
    tx.exec(
        "UPDATE log_head SET size = $1, at_ms = $2, frontier = $3 WHERE id = 1",
        args![frontier.size() as i64, last_ms, frontier.to_bytes()],
    )
    .await
    .map_err(|error| refused("log_head", error))?;
    Ok(())
}

/// One entry by its body, whose time is the answer.
async fn write_entry(tx: &mut Tx, body: &str) -> Result<i64, Unfit> {
    let entry = json_of(body)?;
    let text = |key: &str| entry[key].as_str().map(str::to_owned);
    let at_ms = entry["at"].as_i64().unwrap_or_default();
    tx.exec(
        "INSERT INTO log_entry (seq, at_ms, person, organisation_id, role, act, subject_kind, subject_id, \
         place_id, body, leaf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            entry["seq"].as_i64().unwrap_or_default(),
            at_ms,
            text("person").unwrap_or_default(),
            text("organisation"),
            text("role"),
            text("act").unwrap_or_default(),
            entry["subject"][0].as_str().unwrap_or_default(),
            entry["subject"][1].as_str().unwrap_or_default(),
            text("place"),
            body,
            leaf_hash(body.as_bytes()).to_vec(),
        ],
    )
    .await
    .map_err(|error| refused("log_entry", error))?;
    Ok(at_ms)
}

async fn write_digests(tx: &mut Tx, members: &mut Members) -> Result<(), Unfit> {
    for line in members.lines("row_digests.jsonl")? {
        let line = json_of(&line?)?;
        let digest = line["digest"].as_str().unwrap_or_default();
        let digest = HEXLOWER.decode(digest.as_bytes()).map_err(|_| Unfit::Damaged)?;
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
        .await
        .map_err(|error| refused("row_digest", error))?;
    }
    Ok(())
}

async fn write_checkpoints(tx: &mut Tx, members: &Members) -> Result<(), Unfit> {
    for (size, note) in &members.checkpoints {
        // A note says no time; it was signed some time after its last entry.
        tx.exec(
            "INSERT INTO log_checkpoint (size, at_ms, note) \
             SELECT $1, COALESCE(MAX(at_ms), 0), $2 FROM log_entry WHERE seq = $1",
            args![*size, note],
        )
        .await
        .map_err(|error| refused("log_checkpoint", error))?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, table: &str, columns: Vec<(String, Value)>) -> Result<(), Unfit> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let places: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    let bound: Args = columns.iter().map(|(_, value)| value.clone()).collect();
    tx.exec(Sql::built(sql), bound).await.map_err(|error| refused(table, error))?;
    Ok(())
}
