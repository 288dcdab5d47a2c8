//! Export and backup: the whole store as one engine-neutral file. Format: `docs/record-format.md`.

mod bundle;
mod json;
mod members;
mod restore;
mod unfit;
mod write;

pub use restore::Backup;
pub use unfit::Unfit;
pub use write::{Kind, write};

/// Recorded tables that no export holds: secrets.
pub const WITHHELD: [&str; 1] = ["credential"];

/// Unrecorded tables that even a backup leaves out: who is signed in.
const PASSING: [&str; 1] = ["session"];
