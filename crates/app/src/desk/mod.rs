//! 我的待办: what each person owes, by deadline. It only reads the stages.

pub mod pages;
