//! The published lists, as versions: who was on the list on which day, and why.

pub mod acts;
pub mod csv;
pub mod pages;
mod store;
pub mod trace;

pub use acts::{PublicationInput, publish_batch};
pub use store::{Entry, Version, entries, newest, root_after, version, version_on, versions};
