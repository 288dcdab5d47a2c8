//! The pack on show: clauses with their values, forms, the working calendar, the versions in force.
//! It only reads.

pub mod calendar;
pub mod clause;
pub mod contents;
pub mod forms;
mod months;
mod parts;
mod store;
mod value;
pub mod versions;
