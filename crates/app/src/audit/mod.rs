//! The log on show. It only reads.

pub mod pages;
mod words;

pub use words::act_words;
