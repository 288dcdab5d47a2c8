//! Selection, thin: the office proposes with reasons, the conference decides, the notice runs.
//!
//! Experts, objections and site visits join between proposal and decision; publication is `lists`.

pub mod acts;
pub mod pages;
mod store;
pub mod undo;
pub mod undo_pages;

pub use acts::{DecisionInput, decide_batch, propose_one};
pub(crate) use pages::fresh_key;
pub use store::{
    Correction, Decision, Notice, NoticeEntry, corrections, decision, notice_entries, notice_of, notices,
    proposer,
};
