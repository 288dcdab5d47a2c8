//! The log as the pages ask for it. It only reads.

mod asked;
mod names;

pub use names::*;

use super::filter::Filter;
use crate::places::newest_name;
use crate::web::Visit;
use asked::Asked;
use domain::role::Role;
use kit::db::{Args, Cells, Read, Sql};
use kit::{Result, Store, args};
use std::collections::HashMap;

/// Whose acts a reader may see.
#[derive(Clone, Debug)]
pub enum Whose {
    Everybody,
    /// Acts of the programme, without those of the administration of accounts.
    Programme,
    /// One person's, in his own name or done for him.
    Person(String),
}

impl Whose {
    /// What the visitor may read of the log in an action.
    pub fn of(visit: &Visit, action: &str) -> Option<Whose> {
        let reach = visit.reach_in(action)?;
        match (&visit.actor, reach.person()) {
            (_, Some(person)) => Some(Whose::Person(person.to_string())),
            (Some(actor), None) if reach.is_all() && actor.role == Role::AuditAdmin => Some(Whose::Everybody),
            (Some(_), None) if reach.is_all() => Some(Whose::Programme),
            _ => None,
        }
    }
}

/// An entry with the names of what it speaks of.
#[derive(sqlx::FromRow)]
pub struct EntryRow {
    pub seq: i64,
    pub at_ms: i64,
    pub person: String,
    pub person_name: Option<String>,
    pub organisation_name: Option<String>,
    pub role: Option<String>,
    pub act: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub subject_name: Option<String>,
    pub place_name: Option<String>,
    pub body: String,
    pub leaf: Vec<u8>,
}

/// The organisation is called as it was then.
macro_rules! columns {
    () => {
        concat!(
            "SELECT e.seq, e.at_ms, e.person, p.name AS person_name, \
               COALESCE((SELECT f.name FROM former_name f WHERE f.organisation_id = e.organisation_id \
                 AND f.until_ms > e.at_ms ORDER BY f.until_ms LIMIT 1), o.name) AS organisation_name, \
               e.role, e.act, e.subject_kind, e.subject_id, \
               COALESCE(sp.name, so.name, sl.name, sb.title, ",
            newest_name!("sr.city_code"),
            ") AS subject_name, l.name AS place_name, e.body, e.leaf \
         FROM log_entry e LEFT JOIN person p ON p.id = e.person \
         LEFT JOIN organisation o ON o.id = e.organisation_id LEFT JOIN place l ON l.id = e.place_id \
         LEFT JOIN person sp ON sp.id = e.subject_id LEFT JOIN organisation so ON so.id = e.subject_id \
         LEFT JOIN place sl ON sl.id = e.subject_id LEFT JOIN batch sb ON sb.id = e.subject_id \
         LEFT JOIN city_report sr ON sr.id = e.subject_id "
        )
    };
}

/// Entries before `before`, the newest first.
pub async fn older(
    store: &Store,
    filter: &Filter,
    whose: &Whose,
    before: i64,
    most: i64,
) -> Result<Vec<EntryRow>> {
    let mut asked = Asked::of(store, filter, whose).await?;
    asked.that("e.seq < ?", before);
    page(store, asked, "DESC", most).await
}

/// Entries after `after`, the newest first.
pub async fn newer(
    store: &Store,
    filter: &Filter,
    whose: &Whose,
    after: i64,
    most: i64,
) -> Result<Vec<EntryRow>> {
    let mut asked = Asked::of(store, filter, whose).await?;
    asked.that("e.seq > ?", after);
    page(store, asked, "ASC", most).await
}

/// The numbers first, and only for those on the page all that belongs to them.
async fn page(store: &Store, asked: Asked, order: &str, most: i64) -> Result<Vec<EntryRow>> {
    let seqs = asked.seqs(order, most);
    let sql =
        format!("{}WHERE e.seq IN (SELECT n.seq FROM (SELECT {seqs}) AS n) ORDER BY e.seq DESC", columns!());
    Ok(store.read().all(Sql::built(sql), asked.bound()).await?)
}

/// How many entries match, counted up to a little over a thousand.
pub async fn count(store: &Store, filter: &Filter, whose: &Whose) -> Result<i64> {
    let asked = Asked::of(store, filter, whose).await?;
    let sql = format!("SELECT COUNT(*) FROM (SELECT {}) AS found", asked.seqs("DESC", 1001));
    Ok(store.read().int(Sql::built(sql), asked.bound()).await?)
}

/// Entries by their numbers, the newest first.
pub async fn entries(store: &Store, seqs: &[i64]) -> Result<Vec<EntryRow>> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let list: Vec<String> = seqs.iter().map(i64::to_string).collect();
    let sql = format!("{}WHERE e.seq IN ({}) ORDER BY e.seq DESC", columns!(), list.join(", "));
    Ok(store.read().all(Sql::built(sql), args![]).await?)
}

/// One entry, if its reader may see it.
pub async fn entry(store: &Store, seq: i64, whose: &Whose) -> Result<Option<EntryRow>> {
    let filter = Filter::default();
    Ok(older(store, &filter, whose, seq.saturating_add(1), 1).await?.into_iter().find(|row| row.seq == seq))
}

/// The nearest entries on both sides that the reader may see.
pub async fn neighbours(store: &Store, seq: i64, whose: &Whose) -> Result<(Option<i64>, Option<i64>)> {
    let filter = Filter::default();
    let earlier = older(store, &filter, whose, seq, 1).await?;
    let later = newer(store, &filter, whose, seq, 1).await?;
    Ok((earlier.first().map(|row| row.seq), later.first().map(|row| row.seq)))
}

/// A row an entry wrote: its digest there, and the newest entry that wrote it.
#[derive(sqlx::FromRow)]
pub struct DigestRow {
    pub table_name: String,
    pub row_id: String,
    pub digest: Vec<u8>,
    pub newest: i64,
}

pub async fn digests(store: &Store, seq: i64, most: i64) -> Result<Vec<DigestRow>> {
    Ok(store
        .read()
        .all(
            "SELECT d.table_name, d.row_id, d.digest, (SELECT MAX(n.seq) FROM row_digest n \
               WHERE n.table_name = d.table_name AND n.row_id = d.row_id) AS newest \
             FROM row_digest d WHERE d.seq = $1 ORDER BY d.ordinal LIMIT $2",
            args![seq, most],
        )
        .await?)
}

/// Rows of a recorded table as they stand now.
pub async fn rows_now(store: &Store, table: &str, ids: &[&str]) -> Result<Vec<Cells>> {
    let places: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
    let sql = Sql::built(format!("SELECT * FROM {table} WHERE id IN ({})", places.join(", ")));
    let bound: Args = ids.iter().map(|id| kit::db::Value::from(*id)).collect();
    Ok(store.read().cells(sql, bound).await?)
}

/// A signed head: size, when, the note.
pub type CheckpointRow = (i64, i64, String);

/// The newest signed heads.
pub async fn checkpoints(store: &Store, most: i64) -> Result<Vec<CheckpointRow>> {
    Ok(store
        .read()
        .all("SELECT size, at_ms, note FROM log_checkpoint ORDER BY size DESC LIMIT $1", args![most])
        .await?)
}

/// Leaves by their place and inner nodes by level and place, for an audit path.
pub async fn tree_parts(
    store: &Store,
    leaves: &[u64],
    nodes: &[(u32, u64)],
) -> Result<HashMap<(u32, u64), Vec<u8>>> {
    let mut found = HashMap::new();
    if !leaves.is_empty() {
        let list: Vec<String> = leaves.iter().map(|place| (place + 1).to_string()).collect();
        let sql = Sql::built(format!("SELECT seq, leaf FROM log_entry WHERE seq IN ({})", list.join(", ")));
        let rows: Vec<(i64, Vec<u8>)> = store.read().all(sql, args![]).await?;
        found.extend(rows.into_iter().map(|(seq, leaf)| ((0, seq as u64 - 1), leaf)));
    }
    if !nodes.is_empty() {
        let list: Vec<String> =
            nodes.iter().map(|(level, place)| format!("(level = {level} AND position = {place})")).collect();
        let sql =
            Sql::built(format!("SELECT level, position, hash FROM log_node WHERE {}", list.join(" OR ")));
        let rows: Vec<(i64, i64, Vec<u8>)> = store.read().all(sql, args![]).await?;
        found.extend(rows.into_iter().map(|(level, place, hash)| ((level as u32, place as u64), hash)));
    }
    Ok(found)
}

/// When the newest entry was written.
pub async fn newest_ms(mut read: Read<'_>) -> Result<i64> {
    Ok(read.int("SELECT at_ms FROM log_head WHERE id = 1", args![]).await?)
}
