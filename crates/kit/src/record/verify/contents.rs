//! Attachments: each under the hash of its content, and no other file among them.

use super::Verdict;
use crate::args;
use crate::db::Tx;
use crate::error::Result;
use crate::files::Found;
use crate::store::Store;
use std::collections::BTreeSet;

const GROUP: &str = "附件";

pub(super) async fn check(tx: &mut Tx, store: &Store, verdict: &mut Verdict) -> Result<()> {
    let blobs: Vec<(String, i64)> = tx.read().all("SELECT id, size FROM blob ORDER BY id", args![]).await?;
    for (id, size) in &blobs {
        verdict.files += 1;
        match store.files().look(id, *size as u64) {
            Found::True => {}
            Found::Altered => verdict.fault(GROUP, format!("附件 {id} 的内容被改动")),
            Found::Nothing => verdict.fault(GROUP, format!("附件 {id} 缺失：被删除")),
            Found::Foreign => verdict.fault(GROUP, format!("附件 {id} 被换成了别的东西，不是普通文件")),
        }
    }
    let registered: BTreeSet<&str> = blobs.iter().map(|(id, _)| id.as_str()).collect();
    let mut waiting = 0;
    for (name, is_ours) in store.files().others(&registered)? {
        match is_ours {
            true => waiting += 1,
            false => {
                verdict.fault(GROUP, format!("附件目录中的 {name} 不是本系统存入的：是用其他工具添加的"))
            }
        }
    }
    if waiting > 0 {
        let says = "草稿中的，或上传后未采用的；没有任何记录引用它们";
        verdict.note(format!("另有{waiting}个尚未登记的附件：{says}"));
    }
    Ok(())
}
