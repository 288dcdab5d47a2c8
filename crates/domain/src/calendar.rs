//! Working days and deadlines. The days off are data of the pack; a year without them is 未公布.

use crate::day::Day;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One year's days off and make-up workdays, as the State Council's office announced them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// The number of the notice.
    pub notice: String,
    /// The numbers of other notices that arranged single holidays of the year.
    pub also: BTreeSet<String>,
    /// What a reader should know about the year's data.
    pub note: String,
    /// Days off, weekends inside a holiday included.
    pub off: BTreeMap<Day, String>,
    /// Saturdays and Sundays that are worked.
    pub work: BTreeSet<Day>,
}

/// The working-day calendar: every year that has been announced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

/// Whether people are at work on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Working {
    /// A working day.
    Yes,
    /// A rest day.
    No,
    /// 未公布: the year's notice is not in the pack; the guess goes by the weekday alone.
    Unpublished(bool),
}

impl Working {
    /// The answer, guessed where the year is unpublished.
    pub fn is_likely(self) -> bool {
        matches!(self, Working::Yes | Working::Unpublished(true))
    }
}

/// A length of time, or a day, that ends in a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// So many calendar months after the event.
    Months(i32),
    /// So many working days after the event.
    WorkingDays(i32),
    /// A fixed day, whatever the event.
    On(Day),
}

impl Term {
    /// 3个月 · 5个工作日 · 2018年4月30日.
    pub fn words(self) -> String {
        match self {
            Term::Months(months) => format!("{months}个月"),
            Term::WorkingDays(days) => format!("{days}个工作日"),
            Term::On(day) => day.words(),
        }
    }
}

/// A last day, with the reason it is that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day, until 24:00.
    pub day: Day,
    /// The day before any rest day was stepped over.
    pub nominal: Day,
    /// Whether the nominal day is a rest day.
    pub rolled: bool,
    /// Whether a year without a published calendar was guessed at.
    pub provisional: bool,
    /// The arithmetic in one Chinese sentence.
    pub explain: String,
}

impl Calendar {
    /// A calendar of announced years.
    pub fn new(years: BTreeMap<i16, Year>) -> Calendar {
        Calendar { years }
    }

    /// The announced years, in order.
    pub fn years(&self) -> impl Iterator<Item = (i16, &Year)> {
        self.years.iter().map(|(year, data)| (*year, data))
    }

    /// Whether the year's notice is in the pack.
    pub fn is_published(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    /// Whether people are at work on a day.
    pub fn is_working(&self, day: Day) -> Working {
        let Some(year) = self.years.get(&day.year()) else {
            return Working::Unpublished(!day.is_weekend());
        };
        let works = year.work.contains(&day) || !(day.is_weekend() || year.off.contains_key(&day));
        if works { Working::Yes } else { Working::No }
    }

    /// The day itself where it is worked, else the first working day after it.
    pub fn next_working(&self, day: Day) -> Day {
        let mut candidate = day;
        while !self.is_working(candidate).is_likely() {
            candidate = candidate.plus_days(1);
        }
        candidate
    }

    /// Working days after `today` up to and including `deadline`: 0 on the last day.
    ///
    /// Past the deadline the number is negative and counts the working days since,
    /// at least one, so that a lapse over a weekend still reads as late.
    pub fn working_days_left(&self, today: Day, deadline: Day) -> i32 {
        if today <= deadline {
            return self.working_between(today, deadline);
        }
        -self.working_between(deadline, today).max(1)
    }

    /// First and last day of a public notice: the first day counts where it is worked.
    pub fn notice_period(&self, first: Day, working_days: i32) -> (Day, Day) {
        let mut last = self.next_working(first);
        for _ in 1..working_days.max(1) {
            last = self.next_working(last.plus_days(1));
        }
        (first, last)
    }

    /// The deadline that follows an event. The day of the event is not counted, and a
    /// last day that is a rest day moves to the next working day (《民法典》第二百零一至二百零三条).
    pub fn deadline_after(&self, event: Day, term: Term) -> Deadline {
        match term {
            Term::Months(months) => {
                let how = format!("自{}次日起算{months}个月，为", event.words());
                self.rolled(event.plus_months(months), &how)
            }
            Term::WorkingDays(days) => self.after_working_days(event, days),
            Term::On(day) => self.rolled(day, "规定截止日为"),
        }
    }

    fn rolled(&self, nominal: Day, how: &str) -> Deadline {
        let day = self.next_working(nominal);
        let mut explain = format!("{how}{}", nominal.words());
        if day != nominal {
            let why = self.rest_reason(nominal);
            explain.push_str(&format!("，适逢{why}，顺延至{}", day.words()));
        }
        self.deadline(nominal, day, explain, nominal)
    }

    fn after_working_days(&self, event: Day, days: i32) -> Deadline {
        let mut day = event;
        for _ in 0..days.max(0) {
            day = self.next_working(day.plus_days(1));
        }
        let explain = format!("自{}次日起算{days}个工作日，为{}", event.words(), day.words());
        self.deadline(day, day, explain, event)
    }

    fn deadline(&self, nominal: Day, day: Day, mut explain: String, since: Day) -> Deadline {
        let provisional = (since.year()..=day.year()).any(|year| !self.is_published(year));
        if provisional {
            explain.push_str("（该年节假日安排未公布，为暂定日）");
        }
        explain.push('。');
        Deadline { day, nominal, rolled: day != nominal, provisional, explain }
    }

    /// Why a day is a rest day: the holiday's name, or the weekend.
    fn rest_reason(&self, day: Day) -> String {
        let holiday = self.years.get(&day.year()).and_then(|year| year.off.get(&day));
        match holiday {
            Some(name) => format!("{name}放假"),
            None => "周末".to_owned(),
        }
    }

    /// Working days after `from` up to and including `to`.
    fn working_between(&self, from: Day, to: Day) -> i32 {
        let span = from.days_until(to).max(0);
        let works = |offset: &i32| self.is_working(from.plus_days(*offset)).is_likely();
        i32::try_from((1..=span).filter(works).count()).expect("a span of days fits")
    }
}
