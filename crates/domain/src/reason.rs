//! How long a text must be that somebody is to understand later: measures of the pack.

use crate::clause::Clause;
use crate::day::Day;
use crate::pack::{Pack, ValueError};
use crate::problem::Refusal;

/// The least and the most characters of a text, with the clause that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    least: i64,
    most: i64,
    clause: Option<Clause>,
}

impl Length {
    /// Of a reason or an opinion.
    pub fn of_reasons(pack: &Pack, today: Day) -> Result<Length, ValueError> {
        Length::read("reason.chars_min", "reason.chars_max", pack, today)
    }

    /// Of what a city says of its report.
    pub fn of_summaries(pack: &Pack, today: Day) -> Result<Length, ValueError> {
        Length::read("city.summary_chars_min", "city.summary_chars_max", pack, today)
    }

    fn read(least: &str, most: &str, pack: &Pack, today: Day) -> Result<Length, ValueError> {
        let clause = pack.clause_of(least);
        Ok(Length { least: pack.count(least, today)?, most: pack.count(most, today)?, clause })
    }

    /// 5至500字.
    pub fn words(self) -> String {
        format!("{}至{}字", self.least, self.most)
    }

    /// The text without the blanks around it, where it is neither too short nor too long.
    pub fn hold(self, text: &str, what: &str) -> Result<String, Refusal> {
        let text = text.trim();
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if (self.least..=self.most).contains(&length) {
            return Ok(text.to_owned());
        }
        let (says, remedy) = (format!("{what}没有写明或过长。"), format!("请用{}写明{what}。", self.words()));
        Err(Refusal::under(self.clause, "reason", says, remedy))
    }
}

/// A reason or an opinion of the length that the pack asks for.
pub(crate) fn reason(text: &str, what: &str, pack: &Pack, today: Day) -> Result<String, Refusal> {
    Length::of_reasons(pack, today)?.hold(text, what)
}
