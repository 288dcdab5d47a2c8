//! What the plan says: rules, forms, calendar, roles and stages.
//!
//! Nothing here reads a file, a clock or a random number: the day and every id
//! are arguments, so a decision of 2018 can be computed again in 2038.

#![deny(missing_docs)]

pub mod clause;
pub mod day;
pub mod id;
pub mod problem;
pub mod role;
