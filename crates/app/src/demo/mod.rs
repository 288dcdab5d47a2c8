//! The demo: fictional people and towns in real cities and counties, made through the acts.

mod cast;

pub use cast::{Cast, Member, cast};
