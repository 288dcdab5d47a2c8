//! Organisations, people, the roles they hold, sign-in, and who stands in for whom.

pub mod pages;
mod session;

pub use pages::{carry_through_factor, carry_through_sign_in};
pub use session::{actor, session_token};
