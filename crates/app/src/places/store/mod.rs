//! The only SQL of places and divisions.

mod divisions;
mod facts;
mod places;

pub use divisions::*;
pub use facts::*;
pub use places::*;
