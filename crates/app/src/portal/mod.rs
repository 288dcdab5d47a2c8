//! The public side. It reads what was published and nothing else.

pub mod pages;
