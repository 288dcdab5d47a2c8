//! The working calendar on show, and a small calculator of deadlines.

use super::months::{Month, months};
use crate::web::{Visit, page, page_with_problems};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::calendar::{Calendar, Deadline, Term};
use domain::day::Day;
use domain::problem::Problem;
use kit::Result;
use kit::page::{Choice, ErrorSummary, Field, Frame, Notice, Tone};
use serde::Deserialize;

/// The farthest a term may reach; the calendar knows nothing beyond.
const MOST_UNITS: i32 = 600;

#[derive(Template)]
#[template(path = "rules/calendar.html")]
struct CalendarPage {
    page: Frame,
    problems: Vec<Problem>,
    year: i16,
    years: Vec<(i16, bool)>,
    notice: String,
    note: String,
    unpublished: Option<Notice>,
    working_days: usize,
    /// A holiday: name, days off, make-up days beside it.
    holidays: Vec<(String, String)>,
    make_up: String,
    months: Vec<Month>,
    fields: Vec<Field>,
    answer: Option<Deadline>,
}

/// Which year, and what the calculator is asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    year: String,
    from: String,
    term: String,
    unit: String,
}

pub async fn show(visit: Visit, Query(ask): Query<Ask>) -> Result<Response> {
    let calendar = visit.pack().calendar();
    let known = |year: &i16| (2000..=2100).contains(year);
    let year = ask.year.parse().ok().filter(known).unwrap_or(visit.today().year());
    let (answer, problems) = match reckon(calendar, &ask) {
        Ok(answer) => (answer, Vec::new()),
        Err(problems) => (None, problems),
    };
    let title = format!("{year}年工作日历");
    let mut shown = CalendarPage { fields: fields(&ask, &problems), answer, ..of_year(&visit, year, &title) };
    if problems.is_empty() {
        return page(&shown);
    }
    shown.page.error = true;
    shown.problems = problems;
    page_with_problems(&shown)
}

fn of_year(visit: &Visit, year: i16, title: &str) -> CalendarPage {
    let calendar = visit.pack().calendar();
    let data = calendar.years().find(|(known, _)| *known == year).map(|(_, data)| data);
    let months = months(calendar, year, visit.today());
    let mut years: Vec<i16> = calendar.years().map(|(year, _)| year).collect();
    years.extend(years.last().map(|last| last + 1));
    CalendarPage {
        page: visit.frame_under(&[("条文与数值", "/rules")], title),
        problems: Vec::new(),
        year,
        years: years.into_iter().map(|one| (one, one == year)).collect(),
        notice: data.map_or_else(String::new, |data| data.notice.clone()),
        note: data.map_or_else(String::new, |data| data.note.clone()),
        unpublished: data.is_none().then(|| {
            let says = "放假安排公布并载入规则包前，工作日按周末推算，截止日可能调整。";
            Notice::new(Tone::Waiting, format!("{year}年放假安排未公布"), says)
        }),
        working_days: months.iter().map(|month| month.working_days).sum(),
        holidays: data.map_or_else(Vec::new, |data| holidays(&data.off)),
        make_up: data.map_or_else(String::new, |data| {
            data.work.iter().map(|day| short(*day)).collect::<Vec<_>>().join("、")
        }),
        months,
        fields: Vec::new(),
        answer: None,
    }
}

/// Each holiday with its days, in their order; a name that comes back in December stands twice.
fn holidays(off: &std::collections::BTreeMap<Day, String>) -> Vec<(String, String)> {
    let mut holidays: Vec<(String, Vec<String>, Day)> = Vec::new();
    for (day, name) in off {
        match holidays.last_mut() {
            Some((last, days, before)) if last == name && before.days_until(*day) < 31 => {
                days.push(short(*day));
                *before = *day;
            }
            _ => holidays.push((name.clone(), vec![short(*day)], *day)),
        }
    }
    holidays.into_iter().map(|(name, days, _)| (name, days.join("、"))).collect()
}

/// 4月30日.
fn short(day: Day) -> String {
    day.words().split_once('年').map_or_else(String::new, |(_, rest)| rest.to_owned())
}

fn fields(ask: &Ask, problems: &[Problem]) -> Vec<Field> {
    let unit = if ask.unit.is_empty() { "months" } else { &ask.unit };
    let units = vec![Choice::new("months", "个月"), Choice::new("days", "个工作日")];
    vec![
        Field::day("from", "起算事项发生日").value(&ask.from).told(problems),
        Field::number("term", "期限").value(&ask.term).narrow().told(problems),
        Field::select("unit", "单位", units).value(unit).told(problems),
    ]
}

/// The deadline asked for; nothing where nothing was asked.
fn reckon(calendar: &Calendar, ask: &Ask) -> std::result::Result<Option<Deadline>, Vec<Problem>> {
    if ask.from.is_empty() && ask.term.is_empty() {
        return Ok(None);
    }
    let mut problems = Vec::new();
    let from: Option<Day> = ask.from.parse().ok();
    if from.is_none_or(|day| !(2000..=2100).contains(&day.year())) {
        let says = "请填写起算日，格式为“2017-08-04”，年份在2000至2100之间。";
        problems.push(Problem::new("from", "malformed", says));
    }
    let term: Option<i32> = ask.term.parse().ok().filter(|term| (1..=MOST_UNITS).contains(term));
    if term.is_none() {
        let says = format!("请填写期限，为1至{MOST_UNITS}的整数。");
        problems.push(Problem::new("term", "malformed", says));
    }
    let make = match ask.unit.as_str() {
        "days" => Term::WorkingDays,
        _ => Term::Months,
    };
    match (from, term) {
        (Some(from), Some(term)) if problems.is_empty() => {
            Ok(Some(calendar.deadline_after(from, make(term))))
        }
        _ => Err(problems),
    }
}
