//! Programmes, divisions, towns and platforms: their dossiers, the facts that decide who may
//! declare, and their names through time.

pub mod acts;
pub mod divisions;
pub mod dossier;
pub mod facts;
pub mod list;
pub mod merger;
mod moving;
pub mod register;
pub mod rename;
mod store;

pub(crate) use store::newest_name;
