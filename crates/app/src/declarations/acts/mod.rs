//! The verbs: load, decide in `domain`, save, commit. No HTTP here: the demo acts through these too.

pub mod batches;
mod case;
pub mod city;
pub mod county;
pub mod office;
pub mod report;
pub mod returns;
mod standing;
pub mod town;

pub use case::Case;
pub use city::sign;
pub use county::{approve, review};
pub use office::{receive, receive_report};
pub use report::{compile, send_report, sign_report};
pub use returns::{ReturnInput, return_for_revision};
pub use standing::Standing;
pub use town::{confirm, hand_over, reopen, start, withdraw};
