//! The integration tests: one binary, both engines, named people, the real router.

mod batches;
mod client;
mod declarations;
mod desk;
mod files;
mod log;
mod record;
mod rules;
mod sign_in;
mod submissions;
mod world;
