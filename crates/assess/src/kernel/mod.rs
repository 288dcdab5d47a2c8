//! The hot loops of the Monte-Carlo runs: weighted sums of many draws over many towns, and their ranking.
//!
//! Every loop is written once, in ordinary arithmetic, and compiled for each vector width; `dispatch` picks a
//! width when the program runs. The bytes do not depend on the width: lanes are towns, each town's sum runs over
//! the indicators in their order, and a product and a sum are never fused where a bit of the result shows (see
//! `keyed` for where it cannot).

pub mod blocked;
pub mod dispatch;
pub mod keyed;
pub mod keys;
pub mod packed;
pub mod rank;
pub mod scores;
pub mod screen;
pub mod select;
pub mod shortlist;
mod spread;

#[cfg(test)]
mod tests;
