//! The log on show: the list, one entry with its proof, the checkpoints, verification, the export.
//! It reads what others wrote; only verifying and exporting leave entries of their own.

pub mod checkpoints;
mod entry;
mod export;
mod filter;
mod known;
mod line;
mod names;
pub mod pages;
mod proof;
mod store;
mod tables;
mod words;

pub use entry::show as show_entry;
pub use export::export;
pub use line::{Line, Link, lines_of};
pub use names::{acts_by_clause, subject_link, subject_words};
pub use store::newest_ms;
pub use tables::table_words;
pub use words::{PROPOSED, act_words};
