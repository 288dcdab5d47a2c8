//! 我的待办: what each person owes, by deadline; 办理进度: who has what, since when, how late.
//!
//! It only reads: the stages are written inside the acts of the other slices, and lateness is
//! reckoned when a page is read. Other slices may ask `who_has_it`, and `say_next` behind an act.

pub mod board;
pub mod history;
pub mod lives;
mod next;
pub mod pages;
mod steps;
mod store;

pub use next::say_next;
pub use steps::{STEPS, stage_words};
pub use store::{Holder, who_has_it};
