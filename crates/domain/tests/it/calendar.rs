//! Working days and deadlines on the published calendars.

use crate::world::{day, pack};
use domain::calendar::{Term, Working};
use domain::day::Day;
use proptest::prelude::*;

#[test]
fn a_deadline_rolls_off_rest_days_and_says_why() {
    let calendar = pack().calendar();
    let deadline = calendar.deadline_after(day("2017-01-20"), Term::On(day("2017-04-30")));
    assert_eq!((deadline.day, deadline.nominal), (day("2017-05-02"), day("2017-04-30")));
    assert!(deadline.rolled && !deadline.provisional);
    assert_eq!(deadline.explain, "规定截止日为2017年4月30日，适逢周末，顺延至2017年5月2日。");
    let filing = calendar.deadline_after(day("2017-08-04"), Term::Months(3));
    assert_eq!(filing.day, day("2017-11-06"));
    assert_eq!(
        filing.explain,
        "自2017年8月4日次日起算3个月，为2017年11月4日，适逢周末，顺延至2017年11月6日。"
    );
    let on_the_line = calendar.deadline_after(day("2019-01-20"), Term::On(day("2019-04-30")));
    assert!(!on_the_line.rolled, "a working day stays");
}

#[test]
fn working_days_left_count_make_up_days() {
    let left = |today: &str| pack().calendar().working_days_left(day(today), day("2018-05-02"));
    let days =
        ["2018-04-26", "2018-04-27", "2018-04-28", "2018-05-01", "2018-05-02", "2018-05-03", "2018-05-07"];
    assert_eq!(days.map(left), [3, 2, 1, 1, 0, -1, -3]);
    let over_a_weekend = pack().calendar().working_days_left(day("2018-05-06"), day("2018-05-04"));
    assert_eq!(over_a_weekend, -1, "a lapse over a weekend is late all the same");
}

#[test]
fn special_days_are_as_announced() {
    let calendar = pack().calendar();
    for text in [
        "2026-02-14",
        "2026-10-10",
        "2026-01-04",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2018-04-28",
        "2018-12-29",
        "2017-05-27",
        "2019-05-05",
        "2020-01-19",
    ] {
        assert_eq!(calendar.is_working(day(text)), Working::Yes, "{text}");
    }
    for text in
        ["2026-02-17", "2018-12-31", "2022-12-31", "2023-12-30", "2020-01-31", "2019-05-02", "2016-02-08"]
    {
        assert_eq!(calendar.is_working(day(text)), Working::No, "{text}");
    }
    assert_eq!(calendar.years().count(), 11);
    assert!(calendar.years().all(|(_, year)| year.notice.starts_with("国办发明电〔")));
    let (_, year) = calendar.years().find(|(year, _)| *year == 2018).expect("2018");
    assert!(year.also.contains("国办发明电〔2018〕15号"), "the year's end belongs to the next notice");
}

#[test]
fn an_unpublished_year_is_guessed_and_marked() {
    let calendar = pack().calendar();
    assert_eq!(calendar.is_working(day("2027-01-04")), Working::Unpublished(true));
    assert_eq!(calendar.is_working(day("2027-01-03")), Working::Unpublished(false));
    let deadline = calendar.deadline_after(day("2026-12-01"), Term::Months(3));
    assert!(deadline.provisional && deadline.explain.contains("未公布"), "{}", deadline.explain);
    let within = calendar.deadline_after(day("2026-09-01"), Term::Months(3));
    assert!(!within.provisional);
}

#[test]
fn a_notice_counts_its_first_day_where_it_is_worked() {
    let notice = |first: &str, days: i32| pack().calendar().notice_period(day(first), days).1;
    assert_eq!(notice("2018-05-02", 1), day("2018-05-02"));
    assert_eq!(notice("2018-05-02", 5), day("2018-05-08"));
    assert_eq!(notice("2018-05-01", 1), day("2018-05-02"), "a rest day does not count");
    assert_eq!(notice("2020-06-02", 5), day("2020-06-08"));
}

fn any_day() -> impl Strategy<Value = Day> {
    (0..4000i32).prop_map(|offset| day("2016-01-01").plus_days(offset))
}

proptest! {
    #[test]
    fn a_deadline_is_a_working_day_after_the_event(event in any_day(), days in 0..40i32, months in 0..15i32) {
        let calendar = pack().calendar();
        for term in [Term::WorkingDays(days), Term::Months(months)] {
            let deadline = calendar.deadline_after(event, term);
            prop_assert!(deadline.day >= event);
            prop_assert!(days == 0 || calendar.is_working(deadline.day).is_likely());
        }
        let deadline = calendar.deadline_after(event, Term::WorkingDays(days));
        prop_assert_eq!(calendar.working_days_left(event, deadline.day), days);
    }

    #[test]
    fn waiting_never_gives_more_days(today in any_day(), span in 0..60i32) {
        let calendar = pack().calendar();
        let deadline = today.plus_days(span);
        let (now, next) =
            (calendar.working_days_left(today, deadline), calendar.working_days_left(today.plus_days(1), deadline));
        prop_assert!(next <= now);
    }
}
