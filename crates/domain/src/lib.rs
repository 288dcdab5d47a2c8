//! What the plan says: rules, forms, calendar, roles and stages.
//!
//! Nothing here reads a file, a clock or a random number: the day and every id
//! are arguments, so a decision of 2018 can be computed again in 2038.
//!
//! | module | holds |
//! |---|---|
//! | [`pack`] | the policy pack: dated values, clauses, forms, calendars, cases |
//! | [`calendar`] | working days, deadlines, public notices |
//! | [`form`] | forms as data: reading, checking, progress, content hash |
//! | [`eligibility`] | 三(一): who may declare |
//! | [`reason`] | how long a reason must be |
//! | [`limits`] | what the program limits and the plan does not |
//! | [`stage`] | the stages and the arrows between them |
//! | [`declaration`] | from the call to receipt by the office |
//! | [`selection`] | proposal, decision, notice, publication |
//! | [`account`] | lock-out, passwords, separation of duties, delegation |

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
pub mod limits;
pub mod number;
pub mod pack;
pub mod problem;
pub mod reason;
pub mod role;
pub mod selection;
pub mod stage;
