//! How we store, record, sign in, authorise, render and refuse. It knows no stage of a town.

pub mod access;
pub mod actor;
pub mod archive;
pub mod clock;
pub mod db;
pub mod error;
pub mod files;
pub mod fingerprint;
pub mod page;
pub mod record;
pub mod secret;
pub mod store;
pub mod uploads;

pub use error::{Error, Result};
pub use store::Store;

/// The migrations of the tables kit owns; an application's own come after them.
pub const MIGRATIONS: &[db::Migration] =
    &[db::Migration { name: "0001_record", sql: include_str!("../migrations/0001_record.sql") }];
