//! Organisations, people, the roles they hold, sign-in, and who stands in for whom.
//!
//! A session without a role is half a session: its holder has given the password and may only choose
//! a role, give or enrol the second factor, or renew the password. `steps` says which comes next.

pub mod account;
pub mod approvals;
mod cards;
mod carry;
mod choice;
pub mod delegations;
pub mod establish;
pub mod factor;
pub mod grants;
mod keyset;
mod limits;
mod lockout;
pub mod organisations;
pub mod password;
pub mod people;
pub mod resets;
pub mod roster;
mod session;
pub mod setup;
pub mod sign_in;
pub mod steps;
mod store;

pub use carry::{carry_through_factor, carry_through_sign_in};
pub use choice::needs_factor;
pub use session::{actor, session_token, text_size};
pub use setup::issue as issue_link;
pub use store::{
    NewPerson, administration, clear_factor, count_decisions_waiting, insert_first_grant, insert_person,
    merge_county, move_division, person_of_login, rename_governments,
};

use crate::web::Visit;

/// The value of a query's name; empty where it is not there.
fn asked(visit: &Visit, name: &str) -> String {
    let query = visit.here.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    pairs.into_iter().find(|(found, _)| found == name).map(|(_, value)| value).unwrap_or_default()
}
