//! What the plan says: rules, forms, calendar, roles and stages.
//!
//! Nothing here reads a file, a clock or a random number: the day and every id
//! are arguments, so a decision of 2018 can be computed again in 2038.

#![deny(missing_docs)]

mod digest;
mod words;

pub mod account;
pub mod calendar;
pub mod clause;
pub mod day;
pub mod declaration;
pub mod document_number;
pub mod eligibility;
pub mod form;
pub mod id;
pub mod number;
pub mod pack;
pub mod problem;
pub mod role;
pub mod selection;
pub mod stage;
