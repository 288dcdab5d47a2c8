//! Every row of every recorded table against the newest digest the log lists for it.

mod listed;

use super::Verdict;
use super::log::Log;
use crate::args;
use crate::db::{Cells, Pages, Tx};
use crate::error::Result;
use crate::record::row::row_digest;
use crate::store::{Store, Words};
use listed::{Listed, Newest};

pub(super) async fn check(tx: &mut Tx, store: &Store, log: &Log, verdict: &mut Verdict) -> Result<()> {
    let recorded = store.recorded_tables();
    check_strays(tx, &recorded, log, verdict).await?;
    let readable = crate::db::schema::tables_with(store.db(), "id").await?;
    for name in &recorded {
        let table = Table { name, words: store.words(), log };
        table.check(tx, readable.contains(name), verdict).await?;
    }
    Ok(())
}

/// Digests of no table of ours, or of no entry.
async fn check_strays(tx: &mut Tx, recorded: &[String], log: &Log, verdict: &mut Verdict) -> Result<()> {
    let named: Vec<(String, i64, i64)> = tx
        .read()
        .all(
            "SELECT table_name, MIN(seq), MAX(seq) FROM row_digest GROUP BY table_name ORDER BY table_name",
            args![],
        )
        .await?;
    for (table, first, last) in named {
        if !recorded.contains(&table) {
            verdict.fault("数据摘要", format!("数据摘要中有 {table}，它不是应记录的表"));
        }
        for seq in [first, last].into_iter().filter(|seq| log.salt(*seq).is_none()) {
            verdict.fault("数据摘要", format!("数据摘要中 {table} 的数据指向不存在的日志第{seq}条"));
        }
    }
    Ok(())
}

struct Table<'a> {
    name: &'a str,
    words: &'a Words,
    log: &'a Log,
}

impl Table<'_> {
    async fn check(&self, tx: &mut Tx, is_readable: bool, verdict: &mut Verdict) -> Result<()> {
        let (mut listed, mut missing) = (Listed::of(self.name), Vec::new());
        if is_readable {
            self.check_rows(tx, &mut listed, &mut missing, verdict).await?;
        }
        while let Some(found) = listed.next(tx).await? {
            missing.extend(found.if_written());
        }
        self.name_missing(tx, missing, verdict).await
    }

    /// Walks the rows and the digests side by side, both in the order of their ids.
    async fn check_rows(
        &self,
        tx: &mut Tx,
        listed: &mut Listed<'_>,
        missing: &mut Vec<Newest>,
        verdict: &mut Verdict,
    ) -> Result<()> {
        let mut pages = Pages::of(self.name, "id");
        loop {
            let rows = pages.next(tx).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                verdict.rows += 1;
                let id = row.text("id").unwrap_or_default();
                let mut newest = None;
                while let Some(found) = listed.next_until(tx, id).await? {
                    match found.id == id {
                        true => newest = Some(found),
                        false => missing.extend(found.if_written()),
                    }
                }
                if let Some(fault) = self.fault_of(tx, row, newest).await? {
                    verdict.fault(self.name, format!("{}{fault}", self.named(row)));
                }
            }
        }
    }

    async fn fault_of(&self, tx: &mut Tx, row: &Cells, newest: Option<Newest>) -> Result<Option<String>> {
        let Some(Newest { seq, digest, .. }) = newest else {
            return Ok(Some("没有日志可凭：是用其他工具添加的".to_owned()));
        };
        let salt = self.log.salt(seq);
        if salt.is_some_and(|salt| row_digest(salt, self.name, row).as_slice() == digest) {
            return Ok(None);
        }
        let entry = self.log.named(tx, seq).await?;
        Ok(Some(match (salt, digest.is_empty()) {
            (None, _) => format!("由缺失的{entry}写入，无从核对"),
            (Some(_), true) => format!("已由{entry}删除，却仍在库中"),
            (Some(_), false) => format!("与{entry}写入的不符：数据被改动"),
        }))
    }

    /// Rows that were written, never deleted, and are not there any more.
    async fn name_missing(&self, tx: &mut Tx, mut missing: Vec<Newest>, verdict: &mut Verdict) -> Result<()> {
        missing.sort_by(|one, other| (one.seq, &one.id).cmp(&(other.seq, &other.id)));
        for newest in missing {
            let (entry, what) = (self.log.named(tx, newest.seq).await?, self.words());
            let says = format!("{what}（{} {}）缺失：{entry}写入的数据被删除", self.name, newest.id);
            verdict.fault(self.name, says);
        }
        Ok(())
    }

    fn words(&self) -> &str {
        (self.words.table)(self.name).unwrap_or_default()
    }

    /// A row as people know it: `人员“李某”（person 01…）`.
    fn named(&self, row: &Cells) -> String {
        let id = row.text("id").unwrap_or_default();
        let name = ["name", "title"].into_iter().find_map(|column| row.text(column));
        let name = name.map_or(String::new(), |name| format!("“{name}”"));
        format!("{}{name}（{} {id}）", self.words(), self.name)
    }
}
