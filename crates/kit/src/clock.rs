//! The one place that reads the time, and the one that makes ids.

use domain::day::Day;
use std::time::{SystemTime, UNIX_EPOCH};

/// The time as the program sees it. A demo may live on a day of its own choice.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    ahead_ms: i64,
    day: Option<Day>,
    stopped_ms: Option<i64>,
}

/// A demo's day starts at nine in the morning.
const MORNING_MS: i64 = 9 * 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

impl Clock {
    pub fn real() -> Clock {
        Clock { ahead_ms: 0, day: None, stopped_ms: None }
    }

    /// A clock that starts at nine on `day`, runs on, and never leaves that day.
    pub fn on(day: Day) -> Clock {
        Clock { ahead_ms: day.starts_ms() + MORNING_MS - system_ms(), day: Some(day), stopped_ms: None }
    }

    /// This clock, stopped at this instant: what one request sees is judged by its receipt.
    pub fn stopped(&self) -> Clock {
        Clock { stopped_ms: Some(self.now_ms()), ..*self }
    }

    pub fn now_ms(&self) -> i64 {
        if let Some(stopped) = self.stopped_ms {
            return stopped;
        }
        let now = system_ms() + self.ahead_ms;
        match self.day {
            Some(day) => now.min(day.starts_ms() + DAY_MS - 1),
            None => now,
        }
    }

    pub fn today(&self) -> Day {
        Day::at(self.now_ms())
    }
}

fn system_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the system's clock is past 1970");
    i64::try_from(since.as_millis()).expect("milliseconds fit for millions of years")
}

/// A fresh id: version 7, so ids of one machine sort by the time they were made.
pub fn fresh<T: From<u128>>() -> T {
    T::from(uuid::Uuid::now_v7().as_u128())
}
