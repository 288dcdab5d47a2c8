//! The verbs: load, decide in `domain`, save, commit. No HTTP here: the demo acts through these too.

pub mod batches;
