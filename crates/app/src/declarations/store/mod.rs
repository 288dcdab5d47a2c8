//! The only SQL for batches, declarations and city reports.

mod batches;

pub use batches::*;
