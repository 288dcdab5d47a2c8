//! The only SQL for batches, declarations and city reports.

mod batches;
mod documents;

pub use batches::*;
pub use documents::*;
