//! The numbers of accounts and sessions, as the pack has them today.

use crate::app::App;
use kit::{Error, Result};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

pub fn idle_ms(app: &App, is_administrator: bool) -> Result<i64> {
    let id = if is_administrator { "idle_minutes_administrator" } else { "idle_minutes_staff" };
    Ok(count(app, id)? * MINUTE_MS)
}

pub fn absolute_ms(app: &App) -> Result<i64> {
    Ok(count(app, "session_hours")? * HOUR_MS)
}

pub fn sessions_max(app: &App) -> Result<i64> {
    count(app, "sessions_max")
}

pub fn lock_after(app: &App) -> Result<i64> {
    count(app, "lock_after_failures")
}

pub fn lock_ms(app: &App) -> Result<i64> {
    Ok(count(app, "lock_minutes")? * MINUTE_MS)
}

/// How long to wait after so many failures in a row: it doubles each time.
pub fn delay_ms(app: &App, failures: i64) -> Result<i64> {
    let doublings = u32::try_from(failures - 1).unwrap_or_default().min(16);
    Ok((count(app, "first_delay_seconds")? * SECOND_MS) << doublings)
}

pub fn setup_link_ms(app: &App) -> Result<i64> {
    Ok(count(app, "setup_link_hours")? * HOUR_MS)
}

pub fn recovery_codes(app: &App) -> Result<i64> {
    count(app, "recovery_codes")
}

pub fn count(app: &App, id: &str) -> Result<i64> {
    app.pack().count(&format!("security.{id}"), app.store().today()).map_err(Error::internal)
}
