//! Accounts: lock-out, passwords, separation of duties, delegation. Numbers come from the pack.

mod delegation;
mod duties;
mod password;

pub use delegation::{Delegation, delegate};
pub use duties::{Held, approve_grant, grant_refusal};
pub use password::{Holder, password_expired, password_problems};

use crate::day::Day;
use crate::pack::{Pack, ValueError};

/// What follows a number of failed sign-ins in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// Nothing to wait for.
    None,
    /// The next try is heard after so many seconds.
    Wait(i64),
    /// Locked for so many seconds; the lock ends by itself.
    Locked(i64),
}

impl Delay {
    /// The seconds to wait.
    pub fn seconds(self) -> i64 {
        match self {
            Delay::None => 0,
            Delay::Wait(seconds) | Delay::Locked(seconds) => seconds,
        }
    }
}

/// 1, 2, 4, 8 … seconds, then the lock.
pub fn delay_after(failures: i64, pack: &Pack, today: Day) -> Result<Delay, ValueError> {
    if failures <= 0 {
        return Ok(Delay::None);
    }
    if failures >= pack.count("security.lock_after_failures", today)? {
        return Ok(Delay::Locked(pack.count("security.lock_minutes", today)? * 60));
    }
    Ok(Delay::Wait(doubled(failures - 1, pack, today)?))
}

/// The seconds an address waits from which so many accounts have failed: an office shares one, so it is
/// never locked.
pub fn address_delay_after(accounts: i64, pack: &Pack, today: Day) -> Result<i64, ValueError> {
    let above = accounts - pack.count("security.address_accounts_free", today)?;
    if above < 0 {
        return Ok(0);
    }
    Ok(doubled(above, pack, today)?.min(pack.count("security.address_delay_seconds_max", today)?))
}

/// The first delay, doubled so often.
fn doubled(times: i64, pack: &Pack, today: Day) -> Result<i64, ValueError> {
    let first = pack.count("security.first_delay_seconds", today)?;
    Ok(first << times.clamp(0, 20))
}

/// The times and limits of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Milliseconds without a request until the session ends.
    pub idle_ms: i64,
    /// Milliseconds after sign-in until it ends whatever happens.
    pub absolute_ms: i64,
    /// Milliseconds for which a second factor is fresh.
    pub step_up_ms: i64,
    /// Most sessions of one account at a time.
    pub most: i64,
}

/// The limits of a session; the three administrators have a shorter idle time.
pub fn session_limits(administrator: bool, pack: &Pack, today: Day) -> Result<SessionLimits, ValueError> {
    let idle = match administrator {
        true => "security.idle_minutes_administrator",
        false => "security.idle_minutes_staff",
    };
    const MINUTE_MS: i64 = 60_000;
    Ok(SessionLimits {
        idle_ms: pack.count(idle, today)? * MINUTE_MS,
        absolute_ms: pack.count("security.session_hours", today)? * 60 * MINUTE_MS,
        step_up_ms: pack.count("security.step_up_minutes", today)? * MINUTE_MS,
        most: pack.count("security.sessions_max", today)?,
    })
}
