//! What is asked of the log, as it stands in the address.

use super::names::KINDS;
use super::words;
use domain::clause::Clause;
use domain::day::Day;
use domain::problem::Problem;
use kit::page::{Choice, Field};
use serde::Deserialize;

/// The filters of the list, each empty where it is not asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub act: String,
    pub person: String,
    pub organisation: String,
    pub place: String,
    pub kind: String,
    pub subject: String,
    pub clause: String,
    pub from: String,
    pub until: String,
    /// Keyset: entries older than this, or newer than that.
    pub before: String,
    pub after: String,
}

/// One filter that is on: its words, its value in words, the list without it.
pub struct Chip {
    pub words: String,
    pub href: String,
}

impl Filter {
    /// Every filter: name, label, value.
    fn all(&self) -> [(&'static str, &'static str, &str); 9] {
        [
            ("act", "办理", &self.act),
            ("person", "人员", &self.person),
            ("organisation", "单位", &self.organisation),
            ("place", "小镇", &self.place),
            ("kind", "对象类型", &self.kind),
            ("subject", "对象编号", &self.subject),
            ("clause", "条文", &self.clause),
            ("from", "起始日期", &self.from),
            ("until", "截止日期", &self.until),
        ]
    }

    /// The address of the list at `base` with these filters, without one of them, and with `more`.
    pub fn href(&self, base: &str, without: &str, more: &[(&str, String)]) -> String {
        let mut pairs: Vec<(&str, &str)> = self
            .all()
            .into_iter()
            .filter(|(name, _, value)| *name != without && !value.is_empty())
            .map(|(name, _, value)| (name, value))
            .collect();
        pairs.extend(more.iter().map(|(name, value)| (*name, value.as_str())));
        match serde_urlencoded::to_string(&pairs).unwrap_or_default() {
            query if query.is_empty() => base.to_owned(),
            query => format!("{base}?{query}"),
        }
    }

    /// The filters that are on.
    pub fn chips(&self, base: &str) -> Vec<Chip> {
        self.all()
            .into_iter()
            .filter(|(_, _, value)| !value.is_empty())
            .map(|(name, label, value)| Chip {
                words: format!("{label}：{}", value_words(name, value)),
                href: self.href(base, name, &[]),
            })
            .collect()
    }

    /// The questions of the filter form: the three first, then those behind 更多条件.
    pub fn fields(&self, problems: &[Problem]) -> (Vec<Field>, Vec<Field>) {
        let acts = words::all().map(|(name, says)| Choice::new(name, says)).collect();
        let kinds = KINDS.iter().map(|kind| Choice::new(kind.code, kind.words)).collect();
        let shown = vec![
            Field::filter("act", "办理", acts).value(&self.act),
            Field::text("person", "人员（姓名或用户名）").value(&self.person).told(problems),
            Field::text("organisation", "单位").value(&self.organisation).told(problems),
        ];
        let more = vec![
            Field::text("place", "小镇").value(&self.place).told(problems),
            Field::filter("kind", "对象类型", kinds).value(&self.kind),
            Field::text("subject", "对象编号").value(&self.subject),
            Field::text("clause", "条文，如 3.2").value(&self.clause).told(problems),
            Field::day("from", "起始日期").value(&self.from).told(problems),
            Field::day("until", "截止日期").value(&self.until).told(problems),
        ];
        (shown, more)
    }

    /// Whether a filter behind 更多条件 is on.
    pub fn asks_more(&self) -> bool {
        self.all()[3..].iter().any(|(_, _, value)| !value.is_empty())
    }

    /// Filters that are not what their names say.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, label, value) in [("from", "起始日期", &self.from), ("until", "截止日期", &self.until)]
        {
            if !value.is_empty() && value.parse::<Day>().is_err() {
                let says = format!("“{label}”填写的“{value}”不是日期，请按“2018-04-26”的格式填写。");
                problems.push(Problem::new(name, "malformed", says));
            }
        }
        if !self.clause.is_empty() && self.clause.parse::<Clause>().is_err() {
            let says = format!("“{}”不是条文编号，请按“3.2”的格式填写。", self.clause);
            problems.push(Problem::new("clause", "malformed", says));
        }
        problems
    }

    /// The start of the first day, and the end of the last.
    pub fn span_ms(&self) -> (Option<i64>, Option<i64>) {
        let day = |text: &str| text.parse::<Day>().ok();
        (day(&self.from).map(Day::starts_ms), day(&self.until).map(|day| day.plus_days(1).starts_ms()))
    }
}

fn value_words<'a>(name: &str, value: &'a str) -> &'a str {
    match name {
        "act" => words::act_words(value).unwrap_or(value),
        "kind" => super::subject_words(value).unwrap_or(value),
        _ => value,
    }
}
