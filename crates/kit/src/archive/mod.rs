//! Export and backup: the whole store as one engine-neutral file. Format: `docs/record-format.md`.

mod json;
mod restore;
mod write;

pub use restore::restore;
pub use write::{Kind, write};

/// Recorded tables that no export holds: secrets.
pub const WITHHELD: [&str; 1] = ["credential"];

/// Unrecorded tables that even a backup leaves out: who is signed in.
const PASSING: [&str; 1] = ["session"];
