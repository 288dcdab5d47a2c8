//! What every handler shares: the store, the table of actions, the pack, and how this server runs.

use crate::audit;
use crate::packs::Packs;
use domain::pack::Pack;
use kit::Store;
use kit::access::Access;
use kit::db::Migration;
use kit::store::{Slices, Words};
use std::sync::Arc;

/// The slices' tables, after kit's.
const MIGRATIONS: &[Migration] = &[
    Migration { name: "0002_organisations", sql: include_str!("../migrations/0002_organisations.sql") },
    Migration { name: "0003_places", sql: include_str!("../migrations/0003_places.sql") },
    Migration { name: "0004_batches", sql: include_str!("../migrations/0004_batches.sql") },
    Migration { name: "0005_submissions", sql: include_str!("../migrations/0005_submissions.sql") },
    Migration { name: "0006_declarations", sql: include_str!("../migrations/0006_declarations.sql") },
    Migration { name: "0007_selection", sql: include_str!("../migrations/0007_selection.sql") },
    Migration { name: "0008_lists", sql: include_str!("../migrations/0008_lists.sql") },
    Migration { name: "0009_indexes", sql: include_str!("../migrations/0009_indexes.sql") },
    Migration { name: "0010_mergers", sql: include_str!("../migrations/0010_mergers.sql") },
    Migration { name: "0011_undo", sql: include_str!("../migrations/0011_undo.sql") },
    Migration { name: "0012_editors", sql: include_str!("../migrations/0012_editors.sql") },
    Migration { name: "0013_lateness", sql: include_str!("../migrations/0013_lateness.sql") },
    Migration { name: "0014_log", sql: include_str!("../migrations/0014_log.sql") },
    Migration { name: "0015_towns", sql: include_str!("../migrations/0015_towns.sql") },
    Migration { name: "0017_accounts", sql: include_str!("../migrations/0017_accounts.sql") },
];

/// Unrecorded tables of the slices, beside kit's.
const UNRECORDED: &[&str] = &["draft_aside", "draft_editor", "draft_file", "draft_section", "preference"];

/// What the slices bring beside kit's own.
pub const SLICES: Slices = Slices {
    migrations: MIGRATIONS,
    unrecorded: UNRECORDED,
    words: Words { table: audit::table_words, act: audit::act_words },
};

/// Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct App {
    store: Store,
    shared: Arc<Shared>,
}

struct Shared {
    access: Access,
    packs: Packs,
    settings: Settings,
}

/// How this server runs.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Made-up data: every page says so, cards sign in, no second factor.
    pub demo: bool,
    /// Behind a proxy that speaks TLS: cookies are secure and named so.
    pub secure: bool,
    /// Whom users ring for help; empty, no page speaks of it.
    pub help_phone: String,
}

impl App {
    /// Refuses to start on a damaged table of actions.
    pub fn new(store: Store, packs: impl Into<Packs>, settings: Settings) -> Result<App, String> {
        let access = Access::parse(include_str!("../access.toml"))?;
        Ok(App { store, shared: Arc::new(Shared { access, packs: packs.into(), settings }) })
    }

    /// As one request sees it, whose receipt decides its day: later waiting does not make it late.
    pub fn at_receipt(&self) -> App {
        App { store: self.store.stopped(), shared: self.shared.clone() }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn access(&self) -> &Access {
        &self.shared.access
    }

    pub fn pack(&self) -> &Pack {
        self.shared.packs.running()
    }

    /// The pack of a digest, for what was decided or sent under it.
    pub fn pack_under(&self, digest: &str) -> Option<&Pack> {
        self.shared.packs.under(digest)
    }

    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }
}

/// All migrations, in order.
pub fn migrations() -> Vec<Migration> {
    kit::MIGRATIONS.iter().chain(MIGRATIONS).copied().collect()
}
