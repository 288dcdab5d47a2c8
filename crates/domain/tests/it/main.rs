//! The rules, tried on the default pack.

mod accounts;
mod calendar;
mod declarations;
mod findings;
mod forms;
mod jiangxi;
mod selection;
mod trial;
mod world;
