//! Tests of the crate as its users see it.

mod asem;
mod decisions;
mod edges;
mod explain;
mod fuzz;
mod literature;
mod plan_page;
mod properties;
mod schema;
mod support;
