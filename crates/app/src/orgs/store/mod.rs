//! The only SQL of people, their roles, sessions and those who stand in for them.

mod choices;
mod credentials;
mod delegations;
mod divisions;
mod failures;
mod grants;
mod organisations;
mod people;
mod resets;
mod sessions;

pub use choices::*;
pub use credentials::*;
pub use delegations::*;
pub use divisions::*;
pub use failures::*;
pub use grants::*;
pub use organisations::*;
pub use people::*;
pub use resets::*;
pub use sessions::*;
