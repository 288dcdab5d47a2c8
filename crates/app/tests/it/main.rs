//! The integration tests: one binary, both engines, named people, the real router.

mod access;
mod archive;
mod assess_command;
mod batches;
mod client;
mod declaration_lists;
mod declarations;
mod desk;
mod drill;
mod files;
mod form_targets;
mod installation;
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
mod tidy;
mod world;
