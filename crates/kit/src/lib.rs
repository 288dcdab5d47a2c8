//! How we store, record, sign in, authorise, render and refuse. It knows no stage.

pub mod page;
