//! The integration tests: one binary, both engines, named people, the real router.

mod access;
mod archive;
mod assess_command;
mod batches;
mod client;
mod declarations;
mod desk;
mod drill;
mod files;
mod log;
mod migrations;
mod people;
mod places;
mod queries;
mod record;
mod rules;
mod scopes;
mod sign_in;
mod sources;
mod stories;
mod submissions;
mod world;
