//! A year as twelve small tables: which days are worked, which are off, and why.

use domain::calendar::Calendar;
use domain::day::Day;

pub struct Month {
    pub title: String,
    pub working_days: usize,
    /// Monday to Sunday; days of other months are empty.
    pub weeks: Vec<[Option<Cell>; 7]>,
}

#[derive(Clone)]
pub struct Cell {
    pub number: i8,
    pub is_working: bool,
    pub is_today: bool,
    /// 休 or 班 where the notice says so, else empty.
    pub mark: &'static str,
    /// 国庆节放假, 补班, 休息; nothing for a common working day.
    pub words: String,
}

/// The months of a year. A year without a notice goes by its weekends.
pub fn months(calendar: &Calendar, year: i16, today: Day) -> Vec<Month> {
    (1..=12).filter_map(|month| of(calendar, year, month, today)).collect()
}

fn of(calendar: &Calendar, year: i16, month: i8, today: Day) -> Option<Month> {
    let first = Day::new(year, month, 1)?;
    let mut weeks = vec![<[Option<Cell>; 7]>::default()];
    let mut column = weekday(first);
    let mut working_days = 0;
    for (number, day) in (1..=31).filter_map(|number| Some((number, Day::new(year, month, number)?))) {
        if column == 7 {
            weeks.push(Default::default());
            column = 0;
        }
        let cell = cell(calendar, number, day, today);
        working_days += usize::from(cell.is_working);
        weeks.last_mut().expect("a week was begun")[column] = Some(cell);
        column += 1;
    }
    Some(Month { title: format!("{month}月"), working_days, weeks })
}

fn cell(calendar: &Calendar, number: i8, day: Day, today: Day) -> Cell {
    let is_working = calendar.is_working(day).is_likely();
    let year = calendar.years().find(|(year, _)| *year == day.year()).map(|(_, data)| data);
    let holiday = year.and_then(|data| data.off.get(&day));
    let (mark, words) = match holiday {
        Some(name) => ("休", format!("{name}放假")),
        None if is_working && day.is_weekend() => ("班", "补班".to_owned()),
        None if !is_working => ("", "休息".to_owned()),
        None => ("", String::new()),
    };
    Cell { number, is_working, is_today: day == today, mark, words }
}

/// Monday is 0.
fn weekday(day: Day) -> usize {
    let monday = Day::new(2018, 4, 23).expect("a Monday");
    usize::try_from(monday.days_until(day).rem_euclid(7)).expect("a remainder of seven")
}
