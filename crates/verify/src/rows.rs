//! The rows of the tables and the attachments, each against what the record says of it.

use std::collections::BTreeSet;
use std::io::Read;

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::bundle::Member;
use crate::digests::Digests;
use crate::log::Log;
use crate::report::{Report, shown};
use crate::tree::Hash;

/// The first member of the archive.
pub(crate) struct About {
    pub kind: String,
    pub origin: String,
    pub vkey: String,
    recorded: Vec<String>,
    pub unrecorded: Vec<String>,
    /// Those of the recorded whose rows are not in the file.
    pub withheld: Vec<String>,
}

impl About {
    pub fn parse(text: &str) -> Result<About, String> {
        let bad = "about.json 读不懂。请重新导出后再校验。";
        let about: Value = serde_json::from_str(text).map_err(|_| bad)?;
        match about["format"].as_str() {
            Some("zhenxing-export/1") => {}
            Some(_) => return Err("文件格式的版本不认识。请换用较新的校验程序。".into()),
            None => return Err(bad.into()),
        }
        if !matches!(about["kind"].as_str(), Some("export" | "backup")) {
            return Err(bad.into());
        }
        let text = |key: &str| about[key].as_str().map(String::from).ok_or(bad);
        let tables = |key: &str| -> Option<Vec<String>> {
            about[key].as_array()?.iter().map(|table| table.as_str().map(String::from)).collect()
        };
        Ok(About {
            kind: text("kind")?,
            origin: text("origin")?,
            vkey: text("vkey")?,
            recorded: tables("recorded").ok_or(bad)?,
            unrecorded: tables("unrecorded").ok_or(bad)?,
            withheld: tables("withheld").ok_or(bad)?,
        })
    }

    /// Whether the log answers for this table.
    pub fn is_recorded(&self, table: &str) -> bool {
        self.recorded.iter().any(|name| name == table)
    }
}

/// Checks one row and gives its id back.
pub(crate) fn check(
    table: &str,
    line: &str,
    log: &Log,
    digests: &mut Digests,
    report: &mut Report,
) -> Option<String> {
    report.rows += 1;
    let row: Option<Map<String, Value>> = serde_json::from_str(line).ok();
    let id = row.as_ref().and_then(|row| row.get("id")?.as_str());
    let (Some(row), Some(id)) = (&row, id) else {
        let words = format!("表 {} 有一行读不懂。", shown(table));
        report.fault(&format!("table {}", shown(table)), None, words);
        return None;
    };
    let (at, named) =
        (format!("row {}/{}", shown(table), shown(id)), format!("表 {table} 的行 {}", shown(id)));
    let Some(newest) = digests.newest(table, id) else {
        report.fault(&at, None, format!("{named}：没有任何记录写过它，是在日志之外新增的。"));
        return Some(id.into());
    };
    let (seq, entry) = (newest.seq, log.named(newest.seq));
    let is_again = std::mem::replace(&mut newest.is_seen, true);
    match newest.digest {
        _ if is_again => report.fault(&at, Some(seq), format!("{named}：出现了两次。")),
        None => report.fault(&at, Some(seq), format!("{named}：{entry}已删除它，现又出现。")),
        Some(digest) => {
            let salt = log.entry(seq).map(|entry| entry.salt);
            if salt.and_then(|salt| row_digest(&salt, table, row)) != Some(digest) {
                report.fault(&at, Some(seq), format!("{named}：与{entry}写入的不同，已被改动。"));
            }
        }
    }
    Some(id.into())
}

/// None when a value is none of the three kinds.
fn row_digest(salt: &[u8; 16], table: &str, row: &Map<String, Value>) -> Option<Hash> {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(table);
    hasher.update([0]);
    let mut columns: Vec<_> = row.iter().filter(|(_, value)| !value.is_null()).collect();
    columns.sort_by_key(|(name, _)| *name);
    for (name, value) in columns {
        let (tag, bytes) = match value {
            Value::Number(number) => (b'i', number.as_i64()?.to_be_bytes().to_vec()),
            Value::String(text) => (b't', text.as_bytes().to_vec()),
            Value::Object(object) if object.len() == 1 => {
                (b'b', BASE64.decode(object.get("b64")?.as_str()?.as_bytes()).ok()?)
            }
            _ => return None,
        };
        hasher.update(u32::try_from(name.len()).ok()?.to_be_bytes());
        hasher.update(name);
        hasher.update([tag]);
        if tag != b'i' {
            hasher.update(u32::try_from(bytes.len()).ok()?.to_be_bytes());
        }
        hasher.update(bytes);
    }
    Some(hasher.finalize().into())
}

/// Attachments: those that table `blob` lists and those that are there.
#[derive(Default)]
pub(crate) struct Files {
    listed: BTreeSet<String>,
    found: BTreeSet<String>,
}

impl Files {
    pub fn list(&mut self, table: &str, id: Option<String>) {
        if table == "blob" {
            self.listed.extend(id);
        }
    }

    pub fn read(&mut self, name: &str, mut member: Member, report: &mut Report) -> Result<(), String> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match member.read(&mut buffer).map_err(|error| crate::bundle::sentence(&error))? {
                0 => break,
                length => hasher.update(&buffer[..length]),
            }
        }
        report.files += 1;
        if HEXLOWER.encode(&hasher.finalize()) != name {
            let words = format!("附件 {}：内容与它的哈希不符，已被改动。", shown(name));
            report.fault(&format!("file {}", shown(name)), None, words);
        }
        self.found.insert(name.into());
        Ok(())
    }

    pub fn finish(&self, report: &mut Report) {
        for name in self.listed.difference(&self.found) {
            report.fault(&format!("file {}", shown(name)), None, format!("附件 {}：缺失。", shown(name)));
        }
        for name in self.found.difference(&self.listed) {
            let words = format!("附件 {}：没有登记，是在日志之外新增的。", shown(name));
            report.fault(&format!("file {}", shown(name)), None, words);
        }
    }
}
