//! The log: each line's hash, number and time, and what the row digests are held against.

use std::collections::BTreeSet;
use std::rc::Rc;

use data_encoding::HEXLOWER;
use serde_json::Value;

use crate::report::{Report, shown};
use crate::tree::{Hash, leaf_hash};

const KEYS: [&str; 19] = [
    "v",
    "seq",
    "at",
    "person",
    "for",
    "organisation",
    "role",
    "session",
    "from",
    "request",
    "act",
    "subject",
    "place",
    "clause",
    "reason",
    "notes",
    "policy",
    "rows",
    "row_count",
];

/// A longer hole is not filled: what follows it is named as out of order instead.
const LONGEST_GAP: u64 = 10_000;

pub(crate) struct Entry {
    pub salt: [u8; 16],
    pub rows: Hash,
    pub row_count: u64,
    /// One text for all entries of an act.
    act: Rc<str>,
}

/// `entries[seq - 1]` is `None` where the line is missing or cannot be read.
#[derive(Default)]
pub(crate) struct Log {
    pub entries: Vec<Option<Entry>>,
    pub leaves: Vec<Hash>,
    acts: BTreeSet<Rc<str>>,
    last_at: i64,
}

impl Log {
    pub fn line(&mut self, line: &str, report: &mut Report) {
        let expected = self.entries.len() as u64 + 1;
        let parsed: Value = serde_json::from_str(line).unwrap_or_default();
        let (Some(seq), Some(leaf), Some(body)) =
            (parsed["seq"].as_u64(), parsed["leaf"].as_str(), parsed["body"].as_str())
        else {
            report.bad_entry(expected, "这一行读不懂。");
            return self.push([0; 32], None);
        };
        if seq < expected || seq - expected > LONGEST_GAP {
            return report.bad_entry(expected, &format!("这里出现的是第 {seq} 条，次序不对。"));
        }
        for missing in expected..seq {
            report.bad_entry(missing, "缺失，已被删除。");
            self.push([0; 32], None);
        }
        let hash = leaf_hash(&[body.as_bytes()]);
        if HEXLOWER.encode(&hash) != leaf {
            report.bad_entry(seq, "正文与它的哈希不符，已被改动。");
        }
        let entry = self.body(seq, body, report);
        if entry.is_none() {
            report.bad_entry(seq, "正文不合格式。");
        }
        self.push(hash, entry);
    }

    fn body(&mut self, seq: u64, body: &str, report: &mut Report) -> Option<Entry> {
        let body: Value = serde_json::from_str(body).ok()?;
        let keys = body.as_object()?.keys().map(String::as_str);
        if !keys.eq(KEYS.into_iter().chain(["salt"])) || body["v"].as_u64() != Some(1) {
            return None;
        }
        if body["seq"].as_u64() != Some(seq) {
            report.bad_entry(seq, "正文里的序号与所在位置不一致。");
        }
        let at = body["at"].as_i64()?;
        if at < self.last_at {
            report.bad_entry(seq, "时间早于前一条记录。");
        }
        self.last_at = self.last_at.max(at);
        Some(Entry {
            salt: bytes(&body["salt"])?,
            rows: bytes(&body["rows"])?,
            row_count: body["row_count"].as_u64()?,
            act: self.act(shown(body["act"].as_str()?)),
        })
    }

    fn act(&mut self, name: String) -> Rc<str> {
        if !self.acts.contains(name.as_str()) {
            self.acts.insert(name.as_str().into());
        }
        self.acts.get(name.as_str()).expect("it was just put in").clone()
    }

    fn push(&mut self, leaf: Hash, entry: Option<Entry>) {
        self.leaves.push(leaf);
        self.entries.push(entry);
    }

    pub fn entry(&self, seq: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(seq.checked_sub(1)?).ok()?)?.as_ref()
    }

    /// The entry in words: `第 7 条记录（plan.approved）`.
    pub fn named(&self, seq: u64) -> String {
        match self.entry(seq) {
            Some(entry) => format!("第 {seq} 条记录（{}）", entry.act),
            None => format!("第 {seq} 条记录"),
        }
    }
}

/// A JSON text of lower-case hex as exactly `N` bytes.
pub(crate) fn bytes<const N: usize>(value: &Value) -> Option<[u8; N]> {
    HEXLOWER.decode(value.as_str()?.as_bytes()).ok()?.try_into().ok()
}
