//! Civil days of Asia/Shanghai. A day ends at 24:00; the clock stays outside.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One civil day, ordered, written `2018-05-02`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

/// Asia/Shanghai is eight hours ahead of UTC and has kept no summer time since 1991.
const SHANGHAI_OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

impl Day {
    /// The day, or `None` where the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day)
    }

    /// The day it is in Shanghai at an instant, in milliseconds UTC.
    pub fn at(instant_ms: i64) -> Day {
        let days = (instant_ms + SHANGHAI_OFFSET_MS).div_euclid(DAY_MS);
        Day(Date::constant(1970, 1, 1).saturating_add(Span::new().days(days.clamp(-700_000, 2_000_000))))
    }

    /// The first instant of the day, in milliseconds UTC.
    pub fn starts_ms(self) -> i64 {
        let span = Date::constant(1970, 1, 1).until(self.0).expect("both days are in range");
        i64::from(span.get_days()) * DAY_MS - SHANGHAI_OFFSET_MS
    }

    /// The day `days` later, or earlier where negative.
    pub fn plus_days(self, days: i32) -> Day {
        Day(self.0.saturating_add(days.days()))
    }

    /// The same day `months` later, the last of the month where it has no such day.
    pub fn plus_months(self, months: i32) -> Day {
        Day(self.0.saturating_add(months.months()))
    }

    /// Days from this day to another, negative where it lies before.
    pub fn days_until(self, other: Day) -> i32 {
        self.0.until(other.0).expect("both days are in range").get_days()
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Whether the day is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        self.0.weekday().to_monday_zero_offset() >= 5
    }

    /// 2018年5月2日.
    pub fn words(self) -> String {
        format!("{}年{}月{}日", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Day({self})")
    }
}

impl std::str::FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        text.parse::<Date>()
            .ok()
            .filter(|_| text.len() == 10)
            .map(Day)
            .ok_or_else(|| "不是日期，应写作 2018-05-02".to_owned())
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Day, String> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_day_ends_at_midnight_in_shanghai() {
        let first = day("2018-05-02").starts_ms();
        assert_eq!(Day::at(first), day("2018-05-02"));
        assert_eq!(Day::at(first - 1), day("2018-05-01"));
        assert_eq!(day("1970-01-01").starts_ms(), -8 * 3_600_000);
    }

    #[test]
    fn months_clamp_to_the_last_day() {
        assert_eq!(day("2017-11-30").plus_months(3), day("2018-02-28"));
        assert_eq!(day("2017-08-04").plus_months(3), day("2017-11-04"));
    }

    #[test]
    fn only_the_long_form_is_a_day() {
        assert!("2018-5-2".parse::<Day>().is_err());
        assert!("2018-02-30".parse::<Day>().is_err());
    }
}
