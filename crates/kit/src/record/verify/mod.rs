//! Holds the log against itself, every row against the log, every attachment against its name, and the
//! tables against those the program makes.
//!
//! It runs on a live store, in one snapshot. `zhenxing-verify` does the same from an export alone
//! and shares no code with this.

mod contents;
mod heads;
mod log;
mod rows;
mod verdict;

pub use verdict::Verdict;

use crate::db::schema;
use crate::error::Result;
use crate::store::Store;
use heads::Heads;

const SCHEMA: &str = "数据库结构";

/// Verifies a store; `outside` is the text of a checkpoint kept elsewhere.
pub async fn verify(store: &Store, outside: Option<&str>) -> Result<Verdict> {
    let mut verdict = Verdict::begin(store.unrecorded());
    if let Some(damage) = store.db().damage().await? {
        verdict.fault(SCHEMA, format!("数据库文件损坏，无法核对，请恢复备份：{damage}"));
        return Ok(verdict);
    }
    match schema::differences(store.db(), &store.migrations()).await? {
        Some(differences) => {
            for says in differences {
                verdict.fault(SCHEMA, format!("{SCHEMA}：{says}"));
            }
        }
        None => verdict.note("数据库账号无权建立对照结构，表结构未作核对".to_owned()),
    }
    let mut tx = store.db().begin_snapshot().await?;
    let heads = Heads::gather(&mut tx, store, outside, &mut verdict).await?;
    let log = log::check(&mut tx, store.words(), heads, &mut verdict).await?;
    rows::check(&mut tx, store, &log, &mut verdict).await?;
    contents::check(&mut tx, store, &mut verdict).await?;
    verdict.close();
    Ok(verdict)
}
