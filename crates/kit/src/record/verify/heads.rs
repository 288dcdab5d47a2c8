//! Signed heads: what the log must have been at their sizes.

use super::Verdict;
use crate::args;
use crate::db::Tx;
use crate::error::Result;
use crate::record::tree::Hash;
use crate::store::Store;
use data_encoding::BASE64;
use std::collections::BTreeMap;

pub(super) struct Heads {
    /// By size: where each was kept, and its root.
    at: BTreeMap<u64, Vec<(&'static str, String)>>,
}

const GROUP: &str = "检查点";

impl Heads {
    /// Those in the database, the one beside the attachments, and the one from elsewhere.
    pub async fn gather(
        tx: &mut Tx,
        store: &Store,
        outside: Option<&str>,
        verdict: &mut Verdict,
    ) -> Result<Heads> {
        let notes: Vec<(i64, String)> =
            tx.read().all("SELECT size, note FROM log_checkpoint ORDER BY size", args![]).await?;
        verdict.checkpoints = notes.len() as u64;
        let mut heads = Heads { at: BTreeMap::new() };
        for (size, note) in &notes {
            match heads.hold(store, GROUP, note) {
                None => verdict.fault(GROUP, format!("检查点 {size}：签名不符，是伪造的或被改动过")),
                Some(signed) if signed as i64 != *size => {
                    verdict.fault(GROUP, format!("检查点 {size}：签名中记的是{signed}条，两者不一致"));
                }
                Some(_) => {}
            }
        }
        if let Some(note) = store.files().head()? {
            match heads.hold(store, "数据目录中的检查点", &note) {
                None => {
                    verdict.fault(GROUP, "数据目录中的检查点（files/head.txt）：签名不符，是伪造的或被改动过")
                }
                Some(size) if !notes.iter().any(|(_, kept)| *kept == note) => {
                    verdict.fault(GROUP, format!("检查点 {size} 缺失：数据目录中有，数据库中被删除"));
                }
                Some(_) => {}
            }
        }
        if let Some(note) = outside
            && heads.hold(store, "外部检查点", note).is_none()
        {
            verdict.fault(GROUP, "外部检查点：签名不符，不是本系统签发的，或签发后被改动");
        }
        Ok(heads)
    }

    /// Takes a note whose signature holds, and gives its size.
    fn hold(&mut self, store: &Store, from: &'static str, note: &str) -> Option<u64> {
        let (size, root) = store.signer().open(note)?;
        self.at.entry(size).or_default().push((from, root));
        Some(size)
    }

    /// Holds the log of a size against the heads over it.
    pub fn compare(&self, size: u64, root: impl Fn() -> Hash, verdict: &mut Verdict) {
        for (from, signed) in self.at.get(&size).into_iter().flatten() {
            if *signed != BASE64.encode(&root()) {
                verdict.fault(GROUP, format!("日志前{size}条与{from}不符：日志被改写过"));
            }
        }
    }

    /// Once the log has ended: the heads beyond it, and how much no head is over.
    pub fn end(&self, size: u64, verdict: &mut Verdict) {
        for (beyond, heads) in self.at.range(size + 1..) {
            for (from, _) in heads {
                let says = format!("{from}证明日志曾有{beyond}条，现在只有{size}条：末尾被删除");
                verdict.fault(GROUP, says);
            }
        }
        let signed = self.at.range(..=size).next_back().map_or(0, |(signed, _)| *signed);
        if signed == 0 && size > 0 {
            verdict.note("日志还没有检查点，尚无签名可凭；启动服务后即签署第一个".to_owned());
        } else if signed < size {
            verdict.note(format!("第{}条起的{}条日志尚无检查点", signed + 1, size - signed));
        }
    }
}
