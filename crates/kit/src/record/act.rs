//! `Act`: the only writer. It is finished by saying what happened.

use super::entry::{self, Event, Who};
use super::row::{SALT_BYTES, Salt, row_digest, row_leaf};
use super::tree::{Frontier, Node, leaf_hash, root_of};
use crate::args;
use crate::db::{Args, Read, Sql, Tx, Value};
use crate::error::{Error, Result};
use crate::store::Store;
use domain::day::Day;
use domain::id::{OrganisationId, PlaceId, RowId};
use domain::problem::Refusal;
use domain::role::Role;
use std::collections::HashMap;

/// A transaction that will leave exactly one entry in the log. Dropped, it never happened.
#[must_use = "an act that is not committed never happened"]
pub struct Act {
    tx: Tx,
    store: Store,
    who: Who,
    today: Day,
    now_ms: i64,
    salt: Salt,
    written: Written,
    key: Option<String>,
    location: String,
}

/// The rows written so far, in the order first written, each with its last digest.
#[derive(Default)]
struct Written {
    order: Vec<(String, String)>,
    digests: HashMap<(String, String), Vec<u8>>,
}

/// The next step of a thing, for `Act::enter_stage`.
#[derive(Clone, Debug, Default)]
pub struct Next {
    pub stage: &'static str,
    pub place: Option<PlaceId>,
    /// The organisations that owe the next step, each with the role that takes it; none where
    /// nobody owes anything.
    pub owing: Vec<(OrganisationId, Role)>,
    pub due: Option<Day>,
    /// How the day was computed, in words.
    pub due_why: Option<String>,
    pub remark: Option<String>,
}

impl Act {
    pub(crate) async fn begin(store: &Store, who: &Who, key: Option<&str>) -> Result<Act> {
        let mut tx = store.db().begin().await?;
        if let Some(key) = key {
            claim(&mut tx, store, who, key).await?;
        }
        let newest_ms = tx.read().int("SELECT at_ms FROM log_head WHERE id = 1", args![]).await?;
        tx.exec("SAVEPOINT act", args![]).await?;
        Ok(Act {
            tx,
            store: store.clone(),
            who: who.clone(),
            today: store.today(),
            now_ms: store.now_ms().max(newest_ms),
            salt: crate::clock::salt::<SALT_BYTES>(),
            written: Written::default(),
            key: key.map(|key| split(key).0.to_owned()),
            location: String::new(),
        })
    }

    /// When it is written: never before what was recorded last, even where the clock has gone back.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The day it counts for: that of its receipt.
    pub fn today(&self) -> Day {
        self.today
    }

    pub fn who(&self) -> &Who {
        &self.who
    }

    /// Reads that see what this act has written.
    pub fn read(&mut self) -> Read<'_> {
        self.tx.read()
    }

    /// Writes to a recorded table. The statement is an INSERT, UPDATE or DELETE without RETURNING.
    pub async fn write(&mut self, sql: &'static str, args: Args) -> Result<usize> {
        let table = table_of(sql);
        assert!(!self.store.is_unrecorded(table), "{table} is not recorded: use `scratch`");
        let mut rows = self.tx.write_returning(Sql::Written(sql), args).await?;
        // An engine gives them in whatever order it found them; the record has one.
        rows.sort_by(|one, other| one.text("id").cmp(&other.text("id")));
        let deleted = sql.trim_start().starts_with("DELETE");
        for row in &rows {
            let id = row.text("id").expect("every recorded table has a text column `id`").to_owned();
            let digest = if deleted { Vec::new() } else { row_digest(&self.salt, table, row).to_vec() };
            self.written.note(table, id, digest);
        }
        Ok(rows.len())
    }

    /// Writes exactly one row; none means that somebody else was faster.
    pub async fn write_one(&mut self, sql: &'static str, args: Args) -> Result<()> {
        match self.write(sql, args).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Writes to an unrecorded table inside the act: a draft that becomes an edition.
    pub async fn scratch(&mut self, sql: &'static str, args: Args) -> Result<u64> {
        let table = table_of(sql);
        assert!(self.store.is_unrecorded(table), "{table} is recorded: use `write`");
        Ok(self.tx.exec(sql, args).await?)
    }

    /// Moves a thing on: closes its open stage rows and opens one for each that owes the next step.
    pub async fn enter_stage(&mut self, kind: &'static str, id: impl ToString, next: Next) -> Result<()> {
        let id = id.to_string();
        self.leave_stages(kind, &id, None).await?;
        let owing: Vec<(Option<OrganisationId>, Option<Role>)> = match next.owing.as_slice() {
            [] => vec![(None, None)],
            some => some.iter().map(|(organisation, role)| (Some(*organisation), Some(*role))).collect(),
        };
        for (organisation, role) in owing {
            self.write_one(
                "INSERT INTO stage (id, subject_kind, subject_id, place_id, stage, owing_organisation_id, \
                 owing_role, due_day, due_why, entered_ms, entered_by, remark) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                args![
                    crate::clock::fresh::<RowId>(),
                    kind,
                    &id,
                    next.place,
                    next.stage,
                    organisation,
                    role,
                    next.due,
                    next.due_why.clone(),
                    self.now_ms,
                    self.who.person.text(),
                    next.remark.clone(),
                ],
            )
            .await?;
        }
        Ok(())
    }

    /// Closes the open stage rows of a thing: all, or those one organisation owes.
    pub async fn leave_stages(
        &mut self,
        kind: &'static str,
        id: &str,
        owed_by: Option<OrganisationId>,
    ) -> Result<usize> {
        let owed_by = owed_by.map_or(String::new(), |id| id.to_string());
        self.write(
            "UPDATE stage SET left_ms = $1, left_by = $2 WHERE subject_kind = $3 AND subject_id = $4 \
             AND left_ms IS NULL AND ($5 = '' OR owing_organisation_id = $5)",
            args![self.now_ms, self.who.person.text(), kind, id, owed_by],
        )
        .await
    }

    /// Where the form's sender goes next; a double click is sent there too.
    pub fn lands_on(&mut self, location: impl Into<String>) {
        self.location = location.into();
    }

    /// Says what happened and makes it durable. Gives the entry's number.
    pub async fn commit(mut self, event: Event) -> Result<i64> {
        if let Some(key) = self.key.take() {
            self.tx
                .exec("UPDATE idempotency SET location = $1 WHERE key = $2", args![&self.location, key])
                .await?;
        }
        self.tx.exec("RELEASE SAVEPOINT act", args![]).await?;
        let seq = self.append(event).await?;
        self.tx.commit().await?;
        Ok(seq)
    }

    /// The entry: last and shortest thing of the transaction, under the locked head.
    async fn append(&mut self, event: Event) -> Result<i64> {
        let leaves: Vec<Vec<u8>> = self.written.leaves();
        let rows_root = root_of(&leaves);
        let head: (i64, i64, Vec<u8>) = self
            .tx
            .read()
            .one("UPDATE log_head SET size = size + 1 WHERE id = 1 RETURNING size, at_ms, frontier", args![])
            .await?;
        let (seq, last_ms, kept) = head;
        let at_ms = self.now_ms.max(last_ms);
        let place =
            entry::Place { seq, at_ms, rows_root: &rows_root, row_count: leaves.len(), salt: &self.salt };
        let body = entry::body(&self.who, &event, &place);
        let leaf = leaf_hash(body.as_bytes());
        let mut frontier = Frontier::from_bytes(seq as u64 - 1, &kept)
            .ok_or_else(|| Error::internal("the head of the log is damaged: run `audit verify`"))?;
        let nodes = frontier.push(leaf);
        self.tx
            .exec(
                "INSERT INTO log_entry (seq, at_ms, person, organisation_id, role, act, subject_kind, \
                 subject_id, place_id, body, leaf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                args![
                    seq,
                    at_ms,
                    self.who.person.text(),
                    self.who.organisation,
                    self.who.role,
                    event.act,
                    event.subject.0,
                    &event.subject.1,
                    event.place,
                    body,
                    leaf.to_vec(),
                ],
            )
            .await?;
        self.append_digests(seq).await?;
        for Node { level, index, hash } in nodes {
            self.tx
                .exec(
                    "INSERT INTO log_node (level, position, hash) VALUES ($1, $2, $3)",
                    args![level, index as i64, hash.to_vec()],
                )
                .await?;
        }
        self.tx
            .exec(
                "UPDATE log_head SET at_ms = $1, frontier = $2 WHERE id = 1",
                args![at_ms, frontier.to_bytes()],
            )
            .await?;
        Ok(seq)
    }

    /// The digests of all rows in few statements, to hold the head only briefly.
    async fn append_digests(&mut self, seq: i64) -> Result<()> {
        const ROWS_A_STATEMENT: usize = 100;
        for (chunk_at, chunk) in self.written.order.chunks(ROWS_A_STATEMENT).enumerate() {
            let mut sql =
                String::from("INSERT INTO row_digest (table_name, row_id, seq, ordinal, digest) VALUES ");
            let mut bound: Args = Vec::with_capacity(chunk.len() * 5);
            for (at, key) in chunk.iter().enumerate() {
                let base = at * 5;
                let comma = if at == 0 { "" } else { ", " };
                sql += &format!(
                    "{comma}(${}, ${}, ${}, ${}, ${})",
                    base + 1,
                    base + 2,
                    base + 3,
                    base + 4,
                    base + 5
                );
                let ordinal = (chunk_at * ROWS_A_STATEMENT + at) as i64;
                let digest = self.written.digests[key].clone();
                bound.extend(args![&key.0, &key.1, seq, ordinal]);
                bound.push(Value::Bytes(digest));
            }
            self.tx.exec(Sql::built(sql), bound).await?;
        }
        Ok(())
    }
}

/// Takes a form's key for this act. A second click waits here for the first to end, and is then
/// told where that one went; another form under the same key is refused.
async fn claim(tx: &mut Tx, store: &Store, who: &Who, key: &str) -> Result<()> {
    let ((key, fingerprint), person) = (split(key), who.person.text());
    let taken = tx
        .exec(
            "INSERT INTO idempotency (key, person, location, at_ms, fingerprint) VALUES ($1, $2, '', $3, $4) \
             ON CONFLICT (key) DO NOTHING",
            args![key, &person, store.now_ms(), fingerprint],
        )
        .await?;
    if taken == 1 {
        return Ok(());
    }
    let sql = "SELECT person, fingerprint, location FROM idempotency WHERE key = $1";
    let (by, said, location): (String, String, String) = tx.read().one(sql, args![key]).await?;
    if (by.as_str(), said.as_str()) == (person.as_str(), fingerprint) {
        return Err(Error::Repeated(location));
    }
    let says = "这张表单已经办理过，这次的内容与上次不同，没有办理。";
    Err(Refusal::by_conduct("key_reused", says, "请从列表重新打开页面，核对现在的内容后再办理。").into())
}

/// A key and what its form said, `KEY.FINGERPRINT`.
fn split(key: &str) -> (&str, &str) {
    key.rsplit_once('.').unwrap_or((key, ""))
}

/// How long a form's key is kept: longer than any page stays open.
const KEY_KEPT_MS: i64 = 7 * 24 * 3_600_000;

/// Clears the keys of forms that nobody sends any more.
pub async fn forget_keys(store: &Store) -> Result<()> {
    let until_ms = store.now_ms() - KEY_KEPT_MS;
    store.scratch("DELETE FROM idempotency WHERE at_ms < $1", args![until_ms]).await?;
    Ok(())
}

impl Written {
    fn note(&mut self, table: &str, id: String, digest: Vec<u8>) {
        let key = (table.to_owned(), id);
        if self.digests.insert(key.clone(), digest).is_none() {
            self.order.push(key);
        }
    }

    fn leaves(&self) -> Vec<Vec<u8>> {
        self.order.iter().map(|key| row_leaf(&key.0, &key.1, &self.digests[key])).collect()
    }
}

/// The table a write names: the third word of `INSERT INTO t` and `DELETE FROM t`, the second of
/// `UPDATE t`.
pub fn table_of(sql: &str) -> &str {
    let mut words = sql.split_whitespace();
    match words.next() {
        Some("UPDATE") => words.next(),
        Some("INSERT" | "DELETE") => words.nth(1),
        _ => None,
    }
    .expect("a write starts with INSERT INTO, UPDATE or DELETE FROM")
}
