//! One entry of the log: every field, the text as hashed, the rows it wrote, its place in the tree.

use super::line::{Line, lines};
use super::proof::{self, Step};
use super::store::{self, DigestRow, EntryRow, Whose};
use crate::web::{Acting, clock_words, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use data_encoding::{BASE64, HEXLOWER};
use kit::db::Cells;
use kit::page::{Frame, Notice, Pairs, Tag, Tone};
use kit::record::row_digest;
use kit::record::tree::Hash;
use kit::{Error, Result, Store};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// More rows than this are left to the export.
const MOST_ROWS: i64 = 100;

#[derive(Template)]
#[template(path = "audit/entry.html")]
struct EntryPage {
    page: Frame,
    facts: Pairs,
    line: Line,
    body: String,
    rows: Vec<WrittenRow>,
    proof: Proof,
    history_href: String,
    earlier: Option<i64>,
    later: Option<i64>,
}

/// A row the entry wrote, held against the store as it stands.
struct WrittenRow {
    table: String,
    id: String,
    digest: String,
    newest: i64,
    state: Tag,
}

/// How the entry lies under the newest signed head.
enum Proof {
    /// No head has been signed since the entry.
    NotYet,
    /// The stored tree lacks a part of the path.
    Damaged(Notice),
    Shown(Shown),
}

struct Shown {
    size: i64,
    place: i64,
    time: String,
    steps: Vec<(&'static str, String)>,
    root: String,
    holds: Tag,
}

pub async fn show(acting: Acting, Path((seq,)): Path<(String,)>) -> Result<Response> {
    let seq: i64 = seq.parse().map_err(|_| Error::NotFound)?;
    let whose = Whose::of(&acting, "log.read").ok_or(Error::NotFound)?;
    let row = store::entry(acting.store(), seq, &whose).await?.ok_or(Error::NotFound)?;
    let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    let (earlier, later) = store::neighbours(acting.store(), seq, &whose).await?;
    let written = store::digests(acting.store(), seq, MOST_ROWS).await?;
    let (leaf, kind, id) = (row.leaf.clone(), row.subject_kind.clone(), row.subject_id.clone());
    let shown_body = row.body.clone();
    let line = one_line(&acting, row).await?;
    page(&EntryPage {
        page: acting.frame_under(&[("操作日志", "/log")], &format!("第{seq}条：{}", line.act)),
        facts: facts(&line, &body),
        line,
        body: shown_body,
        rows: held_against_store(acting.store(), seq, &body, written).await?,
        proof: proof_of(acting.store(), seq, &leaf).await?,
        history_href: format!("/log?kind={kind}&subject={id}"),
        earlier,
        later,
    })
}

async fn one_line(acting: &Acting, row: EntryRow) -> Result<Line> {
    lines(acting, vec![row]).await?.pop().ok_or(Error::NotFound)
}

fn facts(line: &Line, body: &Value) -> Pairs {
    let text = |key: &str| body[key].as_str().unwrap_or("无").to_owned();
    let mut facts = Pairs::new()
        .and("时间", &line.time)
        .and("人员", &line.who)
        .and("身份", or_none(&line.role))
        .and("单位", or_none(&line.organisation))
        .and("办理", &line.act)
        .and("代码", text("act"))
        .and("理由", or_none(&line.reason));
    for (name, value) in &line.notes {
        facts = facts.and(name, or_none(value));
    }
    facts
        .and("规则包摘要", text("policy"))
        .and("会话", text("session"))
        .and("来源地址", text("from"))
        .and("请求编号", text("request"))
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "无" } else { text }
}

/// Whether each row is still as the entry left it. A query for each table, not for each row.
async fn held_against_store(
    store: &Store,
    seq: i64,
    body: &Value,
    written: Vec<DigestRow>,
) -> Result<Vec<WrittenRow>> {
    let salt = body["salt"].as_str().and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
    let salt: [u8; 16] = salt.and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
    let now = digests_now(store, &salt, &written).await?;
    let rows = written.into_iter().map(|row| {
        let there = now.get(&(row.table_name.clone(), row.row_id.clone()));
        let (tone, words) = match (row.newest == seq, row.digest.is_empty(), there) {
            (false, _, _) => (Tone::Quiet, "此后另有改动"),
            (true, true, None) => (Tone::Done, "已删除，一致"),
            (true, false, Some(digest)) if digest.as_slice() == row.digest => (Tone::Done, "与现状一致"),
            (true, false, None) => (Tone::Bad, "数据缺失"),
            (true, _, Some(_)) => (Tone::Bad, "与现状不符"),
        };
        WrittenRow {
            digest: HEXLOWER.encode(&row.digest),
            table: super::table_words(&row.table_name).map_or(row.table_name, str::to_owned),
            id: row.row_id,
            newest: row.newest,
            state: Tag::new(tone, words),
        }
    });
    Ok(rows.collect())
}

async fn digests_now(
    store: &Store,
    salt: &[u8; 16],
    written: &[DigestRow],
) -> Result<HashMap<(String, String), Hash>> {
    let known = store.recorded_tables();
    let mut tables: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in written.iter().filter(|row| known.contains(&row.table_name)) {
        tables.entry(&row.table_name).or_default().push(&row.row_id);
    }
    let mut found = HashMap::new();
    for (table, ids) in tables {
        let rows: Vec<Cells> = store::rows_now(store, table, &ids).await?;
        for row in rows {
            let id = row.text("id").unwrap_or_default().to_owned();
            found.insert((table.to_owned(), id), row_digest(salt, table, &row));
        }
    }
    Ok(found)
}

async fn proof_of(store: &Store, seq: i64, leaf: &[u8]) -> Result<Proof> {
    let Some((size, at_ms, note)) = store::checkpoints(store, 1).await?.pop() else {
        return Ok(Proof::NotYet);
    };
    if size < seq {
        return Ok(Proof::NotYet);
    }
    let path = proof::path(store, seq as u64 - 1, size as u64).await?;
    let leaf: Option<Hash> = leaf.try_into().ok();
    let (Some(path), Some(leaf), Some((_, signed))) = (path, leaf, store.signer().open(&note)) else {
        let says = "日志树或检查点不完整，无法给出证明。请审计管理员立即校验全部记录。";
        let notice = Notice::new(Tone::Bad, "无法证明", says).leading_to("去校验", "/log/checkpoint");
        return Ok(Proof::Damaged(notice));
    };
    let root = BASE64.encode(&proof::root(leaf, &path));
    let holds = if root == signed {
        Tag::new(Tone::Done, "与检查点的记录根一致")
    } else {
        Tag::new(Tone::Bad, "与检查点的记录根不符")
    };
    let steps = path.iter().map(words_of).collect();
    Ok(Proof::Shown(Shown { size, place: seq - 1, time: clock_words(at_ms), steps, root, holds }))
}

fn words_of(step: &Step) -> (&'static str, String) {
    (if step.on_left { "左" } else { "右" }, HEXLOWER.encode(&step.hash))
}
