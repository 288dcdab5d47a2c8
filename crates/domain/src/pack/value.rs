//! Values of the pack: what kind they are, since when they hold, and who says so.

use crate::calendar::Term;
use crate::clause::Clause;
use crate::day::Day;
use crate::words::words;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

words! {
    /// What a value is.
    Kind {
        /// A whole number.
        Count = "count", "数量";
        /// A number of working days.
        Days = "days", "工作日数";
        /// Money in fen.
        MoneyFen = "money_fen", "金额";
        /// A part of one, 0 to 1.
        Share = "share", "比例";
        /// A text.
        Text = "text", "文字";
        /// A list of coded entries.
        List = "list", "清单";
        /// A civil day.
        Day = "day", "日期";
        /// A length of time, or a day, that ends in a deadline.
        Term = "term", "期限";
    }
}

words! {
    /// Who stands behind a value.
    Status {
        /// The plan itself says it.
        Plan = "plan", "方案规定";
        /// A decision of this programme, open to change by the office.
        Decision = "decision", "本省确定";
        /// Reconstructed from other public documents.
        Reconstructed = "reconstructed", "据公开文件补全";
        /// Waits for the office's confirmation.
        ToConfirm = "to_confirm", "待核实";
    }
}

/// One entry of a list value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name used in code and in the record.
    pub code: String,
    /// The words for a page.
    pub name: String,
    /// Points, weight or number, where the list has them.
    pub points: Option<Decimal>,
    /// Anything else the list's reader needs: `role`, `bytes`, `leads`.
    pub attributes: BTreeMap<String, String>,
}

impl Entry {
    /// An attribute, or an empty text.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Count(i64),
    /// A number of working days.
    Days(i32),
    /// Money in fen.
    MoneyFen(i64),
    /// A part of one.
    Share(Decimal),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Entry>),
    /// A civil day.
    Day(Day),
    /// A length of time.
    Term(Term),
}

impl Value {
    /// The value as a page shows it.
    pub fn words(&self) -> String {
        match self {
            Value::Count(number) => number.to_string(),
            Value::Days(days) => format!("{days}个工作日"),
            Value::MoneyFen(fen) => yuan(*fen),
            Value::Share(share) => format!("{}%", (share * Decimal::ONE_HUNDRED).normalize()),
            Value::Text(text) => text.clone(),
            Value::List(entries) => entries.iter().map(entry_words).collect::<Vec<_>>().join("、"),
            Value::Day(day) => day.words(),
            Value::Term(term) => term.words(),
        }
    }
}

/// A value from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The first day it holds.
    pub from: Day,
    /// The last day it holds, where the file names one.
    pub until: Option<Day>,
    /// The value.
    pub value: Value,
    /// The document and clause, or the decision, behind it.
    pub source: String,
    /// The line in the file.
    pub line: usize,
}

/// A value of the pack with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueOf {
    /// The id, such as `batch.target_total`.
    pub id: String,
    /// The words for a page.
    pub title: String,
    /// What it is.
    pub kind: Kind,
    /// The clause it belongs to; none for the security profile.
    pub clause: Option<Clause>,
    /// Who stands behind it.
    pub status: Status,
    /// What a reader should know.
    pub note: String,
    /// The parts of the product it acts in.
    pub acts_in: Vec<String>,
    /// The history, oldest first.
    pub values: Vec<Dated>,
    /// The file.
    pub file: String,
    /// The line in the file.
    pub line: usize,
}

impl ValueOf {
    /// The value on a day; none before the first or after the last has ended.
    pub fn on(&self, day: Day) -> Option<&Dated> {
        let dated = self.values.iter().rev().find(|dated| dated.from <= day)?;
        dated.until.is_none_or(|until| day <= until).then_some(dated)
    }
}

/// 2000000.00 yuan as 200万元, otherwise in yuan.
fn yuan(fen: i64) -> String {
    let yuan = Decimal::new(fen, 2);
    let ten_thousand = Decimal::from(10_000);
    if fen != 0 && (yuan % ten_thousand).is_zero() {
        return format!("{}万元", (yuan / ten_thousand).normalize());
    }
    format!("{}元", yuan.normalize())
}

fn entry_words(entry: &Entry) -> String {
    match entry.points {
        Some(points) => format!("{}（{}）", entry.name, points.normalize()),
        None => entry.name.clone(),
    }
}
