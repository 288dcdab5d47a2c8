//! The record: nothing happens off it. Formats are in `docs/record-format.md`.

mod act;
mod checkpoint;
mod entry;
mod row;
pub mod tree;
mod verify;

pub use act::{Act, Next, forget_keys, table_of};
pub use checkpoint::{Signer, checkpoint, latest_root};
pub use entry::{Event, Hand, Who};
pub use row::{row_digest, row_leaf};
pub use verify::{Verdict, verify};
