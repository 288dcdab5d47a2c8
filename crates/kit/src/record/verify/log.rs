//! The log: each entry against its hash, its columns and the digests listed for it; the tree over all.

use super::Verdict;
use super::heads::Heads;
use crate::args;
use crate::db::Tx;
use crate::error::Result;
use crate::record::row::{SALT_BYTES, Salt, row_leaf};
use crate::record::tree::{Frontier, Node, leaf_hash, root_of};
use crate::store::Words;
use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value as Json;
use std::collections::HashMap;

const GROUP: &str = "日志";
const TREE: &str = "日志树";
const ENTRIES_A_PAGE: i64 = 1000;

/// What the rows are held against: the salt of each entry, by its number.
pub(super) struct Log {
    salts: Vec<(i64, Salt)>,
    words: Words,
}

impl Log {
    pub fn salt(&self, seq: i64) -> Option<&Salt> {
        self.salts.binary_search_by_key(&seq, |(seq, _)| *seq).ok().map(|at| &self.salts[at].1)
    }

    /// An entry as sentences name it: `日志第7条（修改人员信息）`.
    pub async fn named(&self, tx: &mut Tx, seq: i64) -> Result<String> {
        let act: Option<(String,)> =
            tx.read().opt("SELECT act FROM log_entry WHERE seq = $1", args![seq]).await?;
        Ok(act.map_or_else(|| format!("日志第{seq}条"), |(act,)| entry_words(&self.words, seq, &act)))
    }
}

fn entry_words(words: &Words, seq: i64, act: &str) -> String {
    format!("日志第{seq}条（{}）", (words.act)(act).unwrap_or(act))
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

pub(super) async fn check(tx: &mut Tx, words: &Words, heads: Heads, verdict: &mut Verdict) -> Result<Log> {
    let mut walk = Walk {
        log: Log { salts: Vec::new(), words: *words },
        heads,
        frontier: Frontier::default(),
        is_whole: true,
        last_at: 0,
    };
    walk.heads.compare(0, || Frontier::default().root(), verdict);
    let mut after = i64::MIN;
    loop {
        let page: Vec<EntryRow> = tx
            .read()
            .all(
                "SELECT seq, at_ms, person, organisation_id, role, act, subject_kind, subject_id, place_id, \
                 body, leaf FROM log_entry WHERE seq > $1 ORDER BY seq LIMIT $2",
                args![after, ENTRIES_A_PAGE],
            )
            .await?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { break };
        let mut lists = digests(tx, first.seq, last.seq).await?;
        let mut nodes = nodes(tx, walk.frontier.size(), page.len() as u64).await?;
        after = last.seq;
        for row in &page {
            walk.entry(row, lists.remove(&row.seq).unwrap_or_default(), &mut nodes, verdict);
        }
    }
    walk.end(tx, verdict).await?;
    Ok(walk.log)
}

/// Entry, place in its list, table, row, digest.
type DigestLine = (i64, i64, String, String, Vec<u8>);

/// The digests listed for the entries of a page, by entry.
async fn digests(tx: &mut Tx, first: i64, last: i64) -> Result<HashMap<i64, Vec<DigestLine>>> {
    let lines: Vec<DigestLine> = tx
        .read()
        .all(
            "SELECT seq, ordinal, table_name, row_id, digest FROM row_digest WHERE seq >= $1 AND seq <= $2 \
             ORDER BY seq, ordinal",
            args![first, last],
        )
        .await?;
    let mut lists: HashMap<i64, Vec<DigestLine>> = HashMap::new();
    for line in lines {
        lists.entry(line.0).or_default().push(line);
    }
    Ok(lists)
}

type Nodes = HashMap<(i64, i64), Vec<u8>>;

/// The stored nodes that the next leaves complete: at each height a few beside one another.
async fn nodes(tx: &mut Tx, size: u64, more: u64) -> Result<Nodes> {
    let mut found = Nodes::new();
    for level in 1..64u32 {
        let (first, end) = (size >> level, (size + more) >> level);
        if end == 0 {
            break;
        }
        let rows: Vec<(i64, Vec<u8>)> = tx
            .read()
            .all(
                "SELECT position, hash FROM log_node WHERE level = $1 AND position >= $2 AND position < $3",
                args![level, first as i64, end as i64],
            )
            .await?;
        found.extend(rows.into_iter().map(|(position, hash)| ((i64::from(level), position), hash)));
    }
    Ok(found)
}

/// The log so far.
struct Walk {
    log: Log,
    heads: Heads,
    frontier: Frontier,
    /// Where an entry is missing, the tree beyond it cannot be held against anything.
    is_whole: bool,
    last_at: i64,
}

impl Walk {
    fn entry(&mut self, row: &EntryRow, list: Vec<DigestLine>, nodes: &mut Nodes, verdict: &mut Verdict) {
        verdict.entries += 1;
        let named = entry_words(&self.log.words, row.seq, &row.act);
        self.place(row.seq, &named, verdict);
        let body: Json = serde_json::from_str(&row.body).unwrap_or_default();
        let leaf = leaf_hash(row.body.as_bytes());
        if row.leaf != leaf {
            verdict.fault(GROUP, format!("{named}的正文被改动"));
        }
        if row.at_ms < self.last_at {
            verdict.fault(GROUP, format!("{named}的时间早于上一条"));
        }
        if !same(row, &body) {
            verdict.fault(GROUP, format!("{named}的检索字段与正文不符"));
        }
        let root = root_of(list.iter().map(|(.., table, id, digest)| row_leaf(table, id, digest)));
        let in_order = list.iter().zip(0..).all(|((_, ordinal, ..), place)| *ordinal == place);
        if body["rows"] != HEXLOWER.encode(&root).as_str() || body["row_count"] != list.len() || !in_order {
            verdict.fault(GROUP, format!("{named}所写数据的摘要被改动"));
        }
        self.last_at = self.last_at.max(row.at_ms);
        self.log.salts.push((row.seq, salt_of(&body)));
        if self.is_whole {
            for node in self.frontier.push(leaf) {
                hold_node(&node, nodes, verdict);
            }
            self.heads.compare(self.frontier.size(), || self.frontier.root(), verdict);
        }
    }

    /// An entry stands where its number says.
    fn place(&mut self, seq: i64, named: &str, verdict: &mut Verdict) {
        let expected = self.log.salts.last().map_or(1, |(last, _)| last.max(&0) + 1);
        if seq < 1 {
            verdict.fault(GROUP, format!("{named}是用其他工具添加的：序号从1开始"));
            self.is_whole = false;
        } else if seq > expected {
            let says = match seq - 1 {
                last if last == expected => format!("日志第{expected}条缺失：被删除"),
                last => format!("日志第{expected}条至第{last}条缺失：被删除"),
            };
            verdict.fault(GROUP, says);
            self.is_whole = false;
        }
    }

    async fn end(&mut self, tx: &mut Tx, verdict: &mut Verdict) -> Result<()> {
        if !self.is_whole {
            verdict.root = "（日志有缺失或多余，无从计算）".to_owned();
            let size = self.frontier.size();
            verdict.note(format!("日志自第{}条起不连续，其后的日志树和检查点未作核对", size + 1));
            return Ok(());
        }
        let size = self.frontier.size();
        self.heads.end(size, verdict);
        surplus_nodes(tx, size, verdict).await?;
        let head: Option<(i64, i64, Vec<u8>)> =
            tx.read().opt("SELECT size, at_ms, frontier FROM log_head WHERE id = 1", args![]).await?;
        match head {
            None => verdict.fault(TREE, "日志头缺失"),
            Some((kept, ..)) if kept != size as i64 => {
                verdict.fault(TREE, format!("日志头记有{kept}条，与日志的{size}条不符"));
            }
            Some((_, at_ms, frontier)) if at_ms != self.last_at || frontier != self.frontier.to_bytes() => {
                verdict.fault(TREE, "日志头的时间或摘要与日志不符");
            }
            Some(_) => {}
        }
        verdict.root = BASE64.encode(&self.frontier.root());
        Ok(())
    }
}

fn hold_node(node: &Node, nodes: &mut Nodes, verdict: &mut Verdict) {
    let Node { level, index, hash } = node;
    match nodes.remove(&(i64::from(*level), *index as i64)) {
        Some(kept) if kept == hash => {}
        Some(_) => verdict.fault(TREE, format!("日志树节点（层{level}，位置{index}）与日志不符")),
        None => verdict.fault(TREE, format!("日志树节点（层{level}，位置{index}）缺失")),
    }
}

/// Nodes that no leaf completed.
async fn surplus_nodes(tx: &mut Tx, size: u64, verdict: &mut Verdict) -> Result<()> {
    let count = tx.read().int("SELECT COUNT(*) FROM log_node", args![]).await?;
    let due = (1..64).map(|level| (size >> level) as i64).sum::<i64>();
    if count > due {
        verdict.fault(TREE, format!("日志树多出{}个节点", count - due));
    }
    Ok(())
}

/// Whether the columns that are searched say what the text says.
fn same(row: &EntryRow, body: &Json) -> bool {
    let text = |key: &str| body[key].as_str();
    body["seq"] == row.seq
        && body["at"] == row.at_ms
        && text("person") == Some(row.person.as_str())
        && text("organisation") == row.organisation_id.as_deref()
        && text("role") == row.role.as_deref()
        && text("act") == Some(row.act.as_str())
        && body["subject"][0] == row.subject_kind.as_str()
        && body["subject"][1] == row.subject_id.as_str()
        && text("place") == row.place_id.as_deref()
}

fn salt_of(body: &Json) -> Salt {
    let salt = body["salt"].as_str().and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
    salt.and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; SALT_BYTES])
}
