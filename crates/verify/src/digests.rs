//! The list of row digests: each entry's list against the root in its body, and the newest digest of each row.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::log::{Log, bytes};
use crate::report::{Report, shown};
use crate::rows::About;
use crate::tree::{Frontier, Hash, leaf_hash};

/// The newest digest of a row; none for a row that was deleted.
pub(crate) struct Newest {
    pub seq: u64,
    pub digest: Option<Hash>,
    pub is_seen: bool,
}

#[derive(Default)]
pub(crate) struct Digests {
    /// Entries up to this one are compared.
    closed: u64,
    tree: Frontier,
    count: u64,
    newest: BTreeMap<String, HashMap<Box<str>, Newest>>,
}

impl Digests {
    pub fn line(&mut self, line: &str, log: &Log, report: &mut Report) {
        let parsed: Value = serde_json::from_str(line).unwrap_or_default();
        let digest = match parsed["digest"].as_str() {
            Some("") => Some(None),
            _ => bytes::<32>(&parsed["digest"]).map(Some),
        };
        let (Some(seq), Some(ordinal)) = (parsed["seq"].as_u64(), parsed["ordinal"].as_u64()) else {
            return report.bad_entry(self.closed + 1, "行摘要表里有一行读不懂。");
        };
        let (Some(table), Some(id), Some(digest)) = (parsed["table"].as_str(), parsed["id"].as_str(), digest)
        else {
            return report.bad_entry(seq, "行摘要表里有一行读不懂。");
        };
        if seq <= self.closed || seq > log.entries.len() as u64 {
            return report.bad_entry(seq, "行摘要表里有次序不对或没有对应记录的一行。");
        }
        while self.closed + 1 < seq {
            self.close_next(log, report);
        }
        if ordinal != self.count {
            report.bad_entry(seq, &format!("行摘要表里第 {} 行的编号不对。", self.count));
        }
        self.count += 1;
        let data: &[u8] = digest.as_ref().map_or(&[], |digest| digest);
        self.tree.push(leaf_hash(&[table.as_bytes(), &[0], id.as_bytes(), &[0], data]));
        self.remember(table, id, Newest { seq, digest, is_seen: false }, report);
    }

    fn remember(&mut self, table: &str, id: &str, newest: Newest, report: &mut Report) {
        let seq = newest.seq;
        if !self.newest.contains_key(table) {
            self.newest.insert(table.into(), HashMap::new());
        }
        let rows = self.newest.get_mut(table).expect("the table was just put in");
        if rows.insert(id.into(), newest).is_some_and(|before| before.seq == seq) {
            report.bad_entry(seq, &format!("行摘要表里 {}/{} 列了两次。", shown(table), shown(id)));
        }
    }

    /// Compares the digests gathered for the next entry with the root and the count in its body.
    fn close_next(&mut self, log: &Log, report: &mut Report) {
        self.closed += 1;
        let (tree, count) = (std::mem::take(&mut self.tree), std::mem::take(&mut self.count));
        let Some(entry) = log.entry(self.closed) else { return };
        if entry.row_count != count || entry.rows != tree.root() {
            let words =
                format!("所写各行的摘要与正文不符（正文记 {} 行，摘要表 {count} 行）。", entry.row_count);
            report.bad_entry(self.closed, &words);
        }
    }

    pub fn close_all(&mut self, log: &Log, report: &mut Report) {
        while self.closed < log.entries.len() as u64 {
            self.close_next(log, report);
        }
    }

    pub fn newest(&mut self, table: &str, id: &str) -> Option<&mut Newest> {
        self.newest.get_mut(table)?.get_mut(id)
    }

    /// Names each row that was written, never deleted, and is not in its table any more.
    pub fn missing(&self, about: &About, log: &Log, report: &mut Report) {
        let withheld: BTreeSet<&String> = about.withheld.iter().collect();
        for (table, rows) in &self.newest {
            if !about.is_recorded(table) {
                let words = format!("日志写过表 {}，但文件说它不记录。", shown(table));
                report.fault(&format!("table {}", shown(table)), None, words);
            }
            if withheld.contains(table) {
                continue;
            }
            let is_missing = |row: &Newest| row.digest.is_some() && !row.is_seen;
            let mut missing: Vec<_> = rows.iter().filter(|(_, row)| is_missing(row)).collect();
            missing.sort_by_key(|(id, row)| (row.seq, *id));
            for (id, row) in missing {
                let (at, named) = (format!("row {}/{}", shown(table), shown(id)), log.named(row.seq));
                let words = format!("表 {} 的行 {}：{named}写入，现已缺失。", shown(table), shown(id));
                report.fault(&at, Some(row.seq), words);
            }
        }
    }
}
