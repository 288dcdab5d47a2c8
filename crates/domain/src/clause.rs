//! Clause numbers of the plan: `3.2` in code and data, 三（二） on the page.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One clause of the plan, written `chapter.section`, or `chapter` alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Clause {
    chapter: u8,
    section: u8,
}

const NUMERALS: [&str; 11] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

impl Clause {
    /// A clause known when the program is written; chapter 0 is the preamble.
    pub const fn new(chapter: u8, section: u8) -> Clause {
        assert!(chapter <= 10 && section <= 10, "the plan has no such clause");
        Clause { chapter, section }
    }

    /// The chapter; 0 is the preamble.
    pub const fn chapter(self) -> u8 {
        self.chapter
    }

    /// The way the plan itself writes it: `三（二）`, or 前言 for the preamble.
    pub fn words(self) -> String {
        match (self.chapter, self.section) {
            (0, _) => "前言".to_owned(),
            (chapter, 0) => NUMERALS[usize::from(chapter)].to_owned(),
            (chapter, section) => {
                format!("{}（{}）", NUMERALS[usize::from(chapter)], NUMERALS[usize::from(section)])
            }
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.section {
            0 => write!(f, "{}", self.chapter),
            section => write!(f, "{}.{section}", self.chapter),
        }
    }
}

impl fmt::Debug for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clause({self})")
    }
}

impl std::str::FromStr for Clause {
    type Err = String;

    fn from_str(text: &str) -> Result<Clause, String> {
        let refuse = || "不是条款号，应写作 3.2".to_owned();
        let (chapter, section) = text.split_once('.').unwrap_or((text, "0"));
        let chapter = chapter.parse::<u8>().map_err(|_| refuse())?;
        let section = section.parse::<u8>().map_err(|_| refuse())?;
        if chapter > 10 || section > 10 {
            return Err(refuse());
        }
        Ok(Clause { chapter, section })
    }
}

impl TryFrom<String> for Clause {
    type Error = String;

    fn try_from(text: String) -> Result<Clause, String> {
        text.parse()
    }
}

impl From<Clause> for String {
    fn from(clause: Clause) -> String {
        clause.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Clause;

    #[test]
    fn a_clause_reads_as_the_plan_writes_it() {
        let clause: Clause = "3.2".parse().expect("a clause");
        assert_eq!((clause.words().as_str(), clause.to_string().as_str()), ("三（二）", "3.2"));
        assert_eq!(Clause::new(0, 0).words(), "前言");
        assert!("3.99".parse::<Clause>().is_err());
        assert!("three".parse::<Clause>().is_err());
    }
}
