//! Submissions: forms of the pack, filled in. A draft is written by several people and belongs to
//! nobody's record; sealing it makes an edition, which is recorded and never changes.
//!
//! Who may send it, and what happens then, is the affair of the slice that started it.

pub mod attachments;
mod compared;
pub mod comparing;
mod draft;
mod edition;
mod filling;
mod host;
mod merging;
mod opened;
mod pairing;
mod questions;
pub mod reading;
pub mod saving;
mod sealing;
pub mod section_page;
mod store;
pub mod tasks;
pub mod versions;

pub use compared::compared;
pub use comparing::{by_section, judged, place_of};
pub use draft::{Draft, DraftFile, DraftSection, draft, draft_problems};
pub use edition::{Edition, EditionFile, EditionHead, Seen, content_hash, current, edition, editions};
pub use filling::{fill, fill_file, form_of};
pub use pairing::{Line, Pair, pairs};
pub use sealing::{Fault, FaultRow, Sealed, Start, close, editors, faults, release, reopen, seal, start};
