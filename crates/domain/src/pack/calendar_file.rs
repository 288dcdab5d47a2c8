//! Reads `calendar/YYYY.toml`: a year's days off and make-up workdays with the notice's number.

use super::reader::Fields;
use crate::calendar::Year;
use crate::day::Day;
use std::collections::BTreeMap;

/// Read one year into the years read so far.
pub(crate) fn read(fields: Fields<'_>, years: &mut BTreeMap<i16, Year>) {
    let Some(number) = fields.integer("year").and_then(|year| i16::try_from(year).ok()) else { return };
    if fields.file != format!("calendar/{number}.toml") {
        fields.fault("year", format!("文件名应与年份 {number} 一致"));
    }
    let mut year =
        Year { notice: fields.text("notice"), note: fields.text_or_empty("note"), ..Year::default() };
    for holiday in fields.tables("holiday") {
        read_holiday(holiday, number, &mut year);
    }
    if year.off.is_empty() {
        fields.fault("holiday", "没有任何放假日");
    }
    fields.finish();
    years.insert(number, year);
}

fn read_holiday(fields: Fields<'_>, number: i16, year: &mut Year) {
    let name = fields.text("name");
    year.also.extend(Some(fields.text_or_empty("notice")).filter(|notice| !notice.is_empty()));
    let mut last: Option<Day> = None;
    for (line, day) in fields.days("off") {
        if let Some(reason) = misplaced(number, last, day) {
            fields.fault_at(line, reason);
        }
        if year.off.insert(day, name.clone()).is_some() || year.work.contains(&day) {
            fields.fault_at(line, format!("{day} 重复"));
        }
        last = Some(day);
    }
    last = None;
    for (line, day) in fields.days("work") {
        if let Some(reason) = misplaced(number, last, day) {
            fields.fault_at(line, reason);
        }
        if !day.is_weekend() {
            fields.fault_at(line, format!("{day} 不是周六或周日，不能是补班日"));
        }
        if !year.work.insert(day) || year.off.contains_key(&day) {
            fields.fault_at(line, format!("{day} 重复"));
        }
        last = Some(day);
    }
    fields.finish();
}

fn misplaced(year: i16, last: Option<Day>, day: Day) -> Option<String> {
    if day.year() != year {
        return Some(format!("{day} 不在 {year} 年"));
    }
    last.filter(|last| *last >= day).map(|last| format!("{day} 应排在 {last} 之前，次序不对"))
}
