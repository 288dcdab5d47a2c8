//! A data folder with its database, keys, attachments and clock: what every slice works on.

use crate::clock::Clock;
use crate::db::{Db, Migration, Read, tables_in_order};
use crate::error::Result;
use crate::files::Files;
use crate::record::{Act, Signer, Who};
use domain::day::Day;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Tables that the record leaves out, each for a reason; `audit verify` prints them.
const UNRECORDED: [&str; 3] = ["failed_sign_in", "idempotency", "session"];

/// Tables of the record itself.
const RECORD: [&str; 6] = ["log_checkpoint", "log_entry", "log_head", "log_node", "migration", "row_digest"];

/// What the slices bring beside kit's own: their tables, and the words for what the record names.
#[derive(Clone, Copy, Debug)]
pub struct Slices {
    pub migrations: &'static [Migration],
    /// Tables that the record leaves out.
    pub unrecorded: &'static [&'static str],
    pub words: Words,
}

/// What tables and acts are called.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    pub table: fn(&str) -> Option<&'static str>,
    pub act: fn(&str) -> Option<&'static str>,
}

#[derive(Clone)]
pub struct Store {
    clock: Clock,
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    signer: Signer,
    files: Files,
    slices: Slices,
    unrecorded: BTreeSet<&'static str>,
}

impl Store {
    pub fn new(db: Db, clock: Clock, signer: Signer, files: Files, slices: Slices) -> Store {
        let unrecorded = UNRECORDED.iter().chain(slices.unrecorded).copied().collect();
        Store { clock, shared: Arc::new(Shared { db, signer, files, slices, unrecorded }) }
    }

    /// The same store at another time of day, as tests and the making of a demo need it.
    pub fn at(&self, clock: Clock) -> Store {
        Store { clock, shared: self.shared.clone() }
    }

    /// The same store with its clock stopped at this instant.
    pub fn stopped(&self) -> Store {
        self.at(self.clock.stopped())
    }

    pub fn db(&self) -> &Db {
        &self.shared.db
    }

    pub fn read(&self) -> Read<'_> {
        self.shared.db.read()
    }

    pub fn files(&self) -> &Files {
        &self.shared.files
    }

    pub fn signer(&self) -> &Signer {
        &self.shared.signer
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub fn today(&self) -> Day {
        self.clock.today()
    }

    /// Opens an act: the only way to write what is recorded.
    pub async fn act(&self, who: &Who) -> Result<Act> {
        Act::begin(self, who, None).await
    }

    /// Opens an act under a form's idempotency key; a key already used gives `Error::Repeated`.
    pub async fn act_once(&self, who: &Who, key: &str) -> Result<Act> {
        Act::begin(self, who, Some(key)).await
    }

    pub fn unrecorded(&self) -> impl Iterator<Item = &'static str> {
        self.shared.unrecorded.iter().copied()
    }

    pub fn is_unrecorded(&self, table: &str) -> bool {
        self.shared.unrecorded.contains(table)
    }

    /// Every migration, kit's first.
    pub fn migrations(&self) -> Vec<Migration> {
        crate::MIGRATIONS.iter().chain(self.shared.slices.migrations).copied().collect()
    }

    pub fn words(&self) -> &Words {
        &self.shared.slices.words
    }

    /// Every table whose rows the record vouches for, by name.
    pub fn recorded_tables(&self) -> Vec<String> {
        let mut tables = tables_in_order(&self.migrations());
        tables.retain(|name| !self.is_unrecorded(name) && !RECORD.contains(&name.as_str()));
        tables.sort();
        tables
    }

    /// Writes to an unrecorded table outside any act: a session, a draft.
    pub async fn scratch(&self, sql: &'static str, args: crate::db::Args) -> Result<u64> {
        let table = crate::record::table_of(sql);
        assert!(self.is_unrecorded(table), "{table} is recorded: write it through an act");
        Ok(self.shared.db.exec(sql, args).await?)
    }

    /// Several such writes as one: where one of them touches no row, none happened. Says whether they did.
    pub async fn scratch_all(&self, writes: Vec<(&'static str, crate::db::Args)>) -> Result<bool> {
        let mut tx = self.shared.db.begin().await?;
        for (sql, args) in writes {
            let table = crate::record::table_of(sql);
            assert!(self.is_unrecorded(table), "{table} is recorded: write it through an act");
            if tx.exec(sql, args).await? == 0 {
                return Ok(false);
            }
        }
        tx.commit().await?;
        Ok(true)
    }
}
