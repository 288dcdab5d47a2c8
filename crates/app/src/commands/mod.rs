//! The commands of the executable, a file each.

pub mod account;
pub mod archive;
pub mod audit;
pub mod demo;
mod ending;
pub mod init;
pub mod policy;
pub mod serve;
pub mod usage;
