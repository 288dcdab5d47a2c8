//! The rules, tried on the default pack.

mod accounts;
mod batches;
mod calendar;
mod declarations;
mod eligibility;
mod findings;
mod forms;
mod jiangxi;
mod reports;
mod selection;
mod trial;
mod world;
