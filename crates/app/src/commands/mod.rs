//! The commands of the executable, a file each.

pub mod demo;
pub mod serve;
