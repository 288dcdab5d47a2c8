//! The one place that reads the time, and the one that makes ids. Inside `scripted` both follow a
//! count, so that the same play gives the same record.

use domain::day::Day;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

tokio::task_local! {
    /// How many ids and salts a scripted play has taken.
    static TAKEN: Cell<i64>;
}

/// Plays something by script: its ids, salts and times come from a count, not from chance and the
/// machine's clock. For the demo alone, whose record is the same wherever it is made.
pub async fn scripted<F: Future>(play: F) -> F::Output {
    TAKEN.scope(Cell::new(0), play).await
}

/// The next number of the script, inside a play.
fn take() -> Option<i64> {
    let step = |taken: &Cell<i64>| {
        taken.set(taken.get() + 1);
        taken.get()
    };
    TAKEN.try_with(step).ok()
}

/// Sixteen bytes or more that look like chance and hang on the number alone.
fn bytes_of(number: i64) -> [u8; 32] {
    Sha256::digest(format!("zhenxing script {number}")).into()
}

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
        if let (Some(day), Ok(taken)) = (self.day, TAKEN.try_with(Cell::get)) {
            return (day.starts_ms() + MORNING_MS + taken).min(day.starts_ms() + DAY_MS - 1);
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
    let id = match take() {
        Some(number) => {
            let mut random = [0; 10];
            random.copy_from_slice(&bytes_of(number)[..10]);
            let at_ms = SCRIPT_STARTS_MS + number.unsigned_abs();
            uuid::Builder::from_unix_timestamp_millis(at_ms, &random).into_uuid()
        }
        None => uuid::Uuid::now_v7(),
    };
    T::from(id.as_u128())
}

/// 2016-12-27 in Shanghai: scripted ids sort before all that are made later.
const SCRIPT_STARTS_MS: u64 = 1_482_768_000_000;

/// Fills a salt: from the machine's chance, inside a play from the script.
pub(crate) fn salt<const N: usize>() -> [u8; N] {
    let mut salt = [0; N];
    match take() {
        Some(number) => salt.copy_from_slice(&bytes_of(number)[..N]),
        None => getrandom::fill(&mut salt).expect("the machine gives random bytes"),
    }
    salt
}

#[cfg(test)]
mod tests {
    use super::{Clock, fresh, scripted};

    #[tokio::test]
    async fn a_script_gives_the_same_ids_and_times() {
        let play = || async {
            let clock = Clock::on("2018-04-26".parse().expect("a day"));
            let ids: Vec<u128> = (0..3).map(|_| fresh()).collect();
            (ids, clock.now_ms())
        };
        let (first, second) = (scripted(play()).await, scripted(play()).await);
        assert_eq!(first, second);
        assert!(first.0.is_sorted() && first.0[2] < fresh::<u128>(), "they sort before what comes later");
        assert_ne!(play().await.0, play().await.0, "outside it is chance");
    }
}
