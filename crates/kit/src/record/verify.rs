//! Holds the log against itself, every row against the log, every attachment against its name.
//!
//! It runs on a live store, in one snapshot. `zhenxing-verify` does the same from an export alone
//! and shares no code with this.

use super::row::{SALT_BYTES, Salt, row_digest, row_leaf};
use super::tree::{Frontier, Hash, leaf_hash, root_of};
use crate::args;
use crate::db::{Sql, Tx};
use crate::error::Result;
use crate::store::Store;
use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// What was found. True means no fault.
#[derive(Debug, Default)]
pub struct Verdict {
    pub faults: Vec<String>,
    pub entries: u64,
    pub rows: u64,
    pub files: u64,
    pub root: String,
    pub unrecorded: Vec<String>,
}

/// More faults than this help nobody.
const MOST_FAULTS: usize = 200;
const ROWS_A_PAGE: i64 = 1000;

impl Verdict {
    pub fn is_true(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, says: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(says);
        }
    }
}

/// Verifies a store; `outside` is the text of a checkpoint kept elsewhere.
pub async fn verify(store: &Store, outside: Option<&str>) -> Result<Verdict> {
    let mut tx = store.db().begin_snapshot().await?;
    let mut verdict =
        Verdict { unrecorded: store.unrecorded().map(str::to_owned).collect(), ..Verdict::default() };
    let heads = heads_to_hold(&mut tx, store, outside, &mut verdict).await?;
    let salts = check_log(&mut tx, &heads, &mut verdict).await?;
    check_digests(&mut tx, salts.len() as i64, &mut verdict).await?;
    for table in store.recorded_tables().await? {
        check_table(&mut tx, &table, &salts, &mut verdict).await?;
    }
    check_files(&mut tx, store, &mut verdict).await?;
    Ok(verdict)
}

/// A head the log must have had at its size.
struct Head {
    size: u64,
    root: String,
    from: &'static str,
}

async fn heads_to_hold(
    tx: &mut Tx,
    store: &Store,
    outside: Option<&str>,
    verdict: &mut Verdict,
) -> Result<Vec<Head>> {
    let notes: Vec<(i64, String)> =
        tx.read().all("SELECT size, note FROM log_checkpoint ORDER BY size", args![]).await?;
    let kept = notes.iter().map(|(_, note)| ("检查点", note.as_str()));
    let mut heads = Vec::new();
    for (from, note) in kept.chain(outside.map(|note| ("外部检查点", note))) {
        match store.signer().open(note) {
            Some((size, root)) => heads.push(Head { size, root, from }),
            None => verdict
                .fault(format!("{from}：签名不符或格式有误：{}", note.lines().nth(1).unwrap_or_default())),
        }
    }
    for (size, note) in &notes {
        if store.signer().open(note).is_some_and(|(signed, _)| signed as i64 != *size) {
            verdict.fault(format!("检查点 {size}：与其签名的大小不一致"));
        }
    }
    Ok(heads)
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    seq: i64,
    at_ms: i64,
    person: String,
    organisation_id: Option<String>,
    role: Option<String>,
    act: String,
    subject_kind: String,
    subject_id: String,
    place_id: Option<String>,
    body: String,
    leaf: Vec<u8>,
}

/// Walks the log, and gives the salt of each entry, by `seq - 1`.
async fn check_log(tx: &mut Tx, heads: &[Head], verdict: &mut Verdict) -> Result<Vec<Salt>> {
    let (mut frontier, mut salts, mut last_at) = (Frontier::default(), Vec::new(), 0);
    let mut nodes = nodes(tx).await?;
    let mut after = 0;
    check_heads(heads, &frontier, verdict);
    loop {
        let rows: Vec<EntryRow> = tx
            .read()
            .all(
                "SELECT seq, at_ms, person, organisation_id, role, act, subject_kind, subject_id, place_id, body, \
                 leaf FROM log_entry WHERE seq > $1 ORDER BY seq LIMIT $2",
                args![after, ROWS_A_PAGE],
            )
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in rows {
            let expected = frontier.size() as i64 + 1;
            if row.seq != expected {
                verdict.fault(format!("日志第 {expected} 条缺失（下一条是第 {} 条）", row.seq));
                return Ok(salts);
            }
            salts.push(check_entry(&row, last_at, verdict));
            last_at = row.at_ms;
            check_rows_root(tx, &row, verdict).await?;
            for node in frontier.push(leaf_hash(row.body.as_bytes())) {
                if nodes.remove(&(i64::from(node.level), node.index as i64)) != Some(node.hash.to_vec()) {
                    verdict.fault(format!("日志树节点（层 {}，位置 {}）与日志不符", node.level, node.index));
                }
            }
            check_heads(heads, &frontier, verdict);
        }
    }
    for (level, position) in nodes.keys() {
        verdict.fault(format!("日志树节点（层 {level}，位置 {position}）是多出来的"));
    }
    for head in heads.iter().filter(|head| head.size > frontier.size()) {
        let (from, size) = (head.from, head.size);
        verdict.fault(format!("{from}证明日志曾有 {size} 条，现在只有 {} 条：末尾被删除", frontier.size()));
    }
    check_kept_head(tx, &frontier, verdict).await?;
    verdict.entries = frontier.size();
    verdict.root = BASE64.encode(&frontier.root());
    Ok(salts)
}

async fn nodes(tx: &mut Tx) -> Result<BTreeMap<(i64, i64), Vec<u8>>> {
    let rows: Vec<(i64, i64, Vec<u8>)> =
        tx.read().all("SELECT level, position, hash FROM log_node", args![]).await?;
    Ok(rows.into_iter().map(|(level, position, hash)| ((level, position), hash)).collect())
}

fn check_heads(heads: &[Head], frontier: &Frontier, verdict: &mut Verdict) {
    for head in heads.iter().filter(|head| head.size == frontier.size()) {
        if head.root != BASE64.encode(&frontier.root()) {
            verdict.fault(format!("日志前 {} 条与{}不符：日志被改写过", head.size, head.from));
        }
    }
}

async fn check_kept_head(tx: &mut Tx, frontier: &Frontier, verdict: &mut Verdict) -> Result<()> {
    let (size, kept): (i64, Vec<u8>) =
        tx.read().one("SELECT size, frontier FROM log_head WHERE id = 1", args![]).await?;
    if size != frontier.size() as i64 || kept != frontier.to_bytes() {
        verdict.fault(format!("日志头记有 {size} 条，与日志 {} 条不符", frontier.size()));
    }
    Ok(())
}

fn check_entry(row: &EntryRow, last_at: i64, verdict: &mut Verdict) -> Salt {
    let seq = row.seq;
    if row.leaf != leaf_hash(row.body.as_bytes()) {
        verdict.fault(format!("日志第 {seq} 条（{}）内容被改动", row.act));
    }
    if row.at_ms < last_at {
        verdict.fault(format!("日志第 {seq} 条的时间早于上一条"));
    }
    let body: Json = serde_json::from_str(&row.body).unwrap_or_default();
    let text = |key: &str| body[key].as_str().map(str::to_owned);
    let same = body["seq"] == row.seq
        && body["at"] == row.at_ms
        && text("person").as_deref() == Some(&row.person)
        && text("organisation") == row.organisation_id
        && text("role") == row.role
        && text("act").as_deref() == Some(&row.act)
        && body["subject"][0] == row.subject_kind.as_str()
        && body["subject"][1] == row.subject_id.as_str()
        && text("place") == row.place_id;
    if !same {
        verdict.fault(format!("日志第 {seq} 条（{}）的检索字段与正文不符", row.act));
    }
    let salt = text("salt").and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
    salt.and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; SALT_BYTES])
}

async fn check_rows_root(tx: &mut Tx, row: &EntryRow, verdict: &mut Verdict) -> Result<()> {
    let digests: Vec<(String, String, Vec<u8>)> = tx
        .read()
        .all(
            "SELECT table_name, row_id, digest FROM row_digest WHERE seq = $1 ORDER BY ordinal",
            args![row.seq],
        )
        .await?;
    let root: Hash = root_of(digests.iter().map(|(table, id, digest)| row_leaf(table, id, digest)));
    let body: Json = serde_json::from_str(&row.body).unwrap_or_default();
    if body["rows"] != HEXLOWER.encode(&root).as_str() || body["row_count"] != digests.len() {
        verdict.fault(format!("日志第 {} 条（{}）写入的数据行摘要被改动", row.seq, row.act));
    }
    Ok(())
}

async fn check_digests(tx: &mut Tx, entries: i64, verdict: &mut Verdict) -> Result<()> {
    let strays: Vec<(String, String, i64)> = tx
        .read()
        .all(
            "SELECT table_name, row_id, seq FROM row_digest WHERE seq > $1 OR seq < 1 ORDER BY seq LIMIT 20",
            args![entries],
        )
        .await?;
    for (table, id, seq) in strays {
        verdict.fault(format!("数据行摘要 {table} {id} 指向不存在的日志第 {seq} 条"));
    }
    Ok(())
}

/// The newest digest of a row, and the entry it stands in.
struct Newest {
    seq: i64,
    digest: Vec<u8>,
}

async fn check_table(tx: &mut Tx, table: &str, salts: &[Salt], verdict: &mut Verdict) -> Result<()> {
    let mut expected = newest_digests(tx, table).await?;
    let mut after = String::new();
    loop {
        let sql = Sql::built(format!("SELECT * FROM {table} WHERE id > $1 ORDER BY id LIMIT $2"));
        let rows = tx.read().cells(sql, args![&after, ROWS_A_PAGE]).await?;
        let Some(last) = rows.last() else { break };
        after = last.text("id").unwrap_or_default().to_owned();
        for row in &rows {
            verdict.rows += 1;
            let id = row.text("id").unwrap_or_default();
            let Some(newest) = expected.remove(id) else {
                verdict.fault(format!("{table} 的 {id} 没有日志：是用其他工具添加的"));
                continue;
            };
            let salt = salts.get(newest.seq as usize - 1).copied().unwrap_or([0; SALT_BYTES]);
            if newest.digest.is_empty() {
                verdict.fault(format!("{table} 的 {id} 已在日志第 {} 条删除，却仍在库中", newest.seq));
            } else if newest.digest != row_digest(&salt, table, row) {
                verdict.fault(format!("{table} 的 {id} 与日志第 {} 条不符：数据被改动", newest.seq));
            }
        }
    }
    for (id, newest) in expected.into_iter().filter(|(_, newest)| !newest.digest.is_empty()) {
        verdict.fault(format!("{table} 的 {id} 缺失：日志第 {} 条写入的数据被删除", newest.seq));
    }
    Ok(())
}

async fn newest_digests(tx: &mut Tx, table: &str) -> Result<HashMap<String, Newest>> {
    let rows: Vec<(String, i64, Vec<u8>)> = tx
        .read()
        .all("SELECT row_id, seq, digest FROM row_digest WHERE table_name = $1 ORDER BY seq", args![table])
        .await?;
    Ok(rows.into_iter().map(|(id, seq, digest)| (id, Newest { seq, digest })).collect())
}

async fn check_files(tx: &mut Tx, store: &Store, verdict: &mut Verdict) -> Result<()> {
    let blobs: Vec<(String, i64)> = tx.read().all("SELECT id, size FROM blob ORDER BY id", args![]).await?;
    for (id, size) in blobs {
        verdict.files += 1;
        match store.files().read(&id) {
            Err(_) => verdict.fault(format!("附件 {id} 缺失")),
            Ok(content)
                if HEXLOWER.encode(&Sha256::digest(&content)) != id || content.len() as i64 != size =>
            {
                verdict.fault(format!("附件 {id} 的内容被改动"));
            }
            Ok(_) => {}
        }
    }
    Ok(())
}
