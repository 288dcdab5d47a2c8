//! The integration tests: one binary, both engines, named people, the real router.

mod assess_command;
mod batches;
mod client;
mod declarations;
mod files;
mod record;
mod sign_in;
mod submissions;
mod world;
