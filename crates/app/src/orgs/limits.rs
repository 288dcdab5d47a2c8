//! The numbers of accounts and sessions, as the pack has them today.

use crate::app::App;
use domain::account::{Delay, SessionLimits, address_delay_after, delay_after, session_limits};
use kit::{Error, Result};

pub fn session(app: &App, is_administrator: bool) -> Result<SessionLimits> {
    session_limits(is_administrator, app.pack(), app.store().today()).map_err(Error::internal)
}

/// What follows so many failed sign-ins in a row.
pub fn delay(app: &App, failures: i64) -> Result<Delay> {
    delay_after(failures, app.pack(), app.store().today()).map_err(Error::internal)
}

/// The seconds an address waits from which so many accounts have failed.
pub fn address_delay(app: &App, accounts: i64) -> Result<i64> {
    address_delay_after(accounts, app.pack(), app.store().today()).map_err(Error::internal)
}

pub fn lock_ms(app: &App) -> Result<i64> {
    Ok(count(app, "security.lock_minutes")? * 60_000)
}

pub fn setup_link_ms(app: &App) -> Result<i64> {
    Ok(count(app, "security.setup_link_hours")? * 3_600_000)
}

/// A value of the security profile, by its whole id.
pub fn count(app: &App, id: &str) -> Result<i64> {
    app.pack().count(id, app.store().today()).map_err(Error::internal)
}
