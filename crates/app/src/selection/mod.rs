//! Selection, thin: the office proposes with reasons, the conference decides, the notice runs.
//!
//! Experts, objections and site visits join between proposal and decision; publication is `lists`.

pub mod acts;
pub mod pages;
pub mod proposals;
mod proposing;
mod store;
pub mod undo;
pub mod undo_pages;

pub use acts::{DecisionInput, decide_batch};
pub use proposing::{Proposal, propose_one, propose_several};
pub use store::{
    Correction, Decision, Notice, NoticeEntry, corrections, count_notices, decision, notice, notice_entries,
    notice_of, notices, proposer,
};
