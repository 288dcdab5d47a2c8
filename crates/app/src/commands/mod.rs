//! The commands of the executable, a file each.

pub mod archive;
pub mod audit;
pub mod demo;
pub mod policy;
pub mod serve;
