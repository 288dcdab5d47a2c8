//! The integration tests: one binary, both engines, named people, the real router.

mod access;
mod batches;
mod client;
mod declarations;
mod files;
mod people;
mod places;
mod record;
mod scopes;
mod desk;
mod log;
mod rules;
mod sign_in;
mod stories;
mod submissions;
mod world;
