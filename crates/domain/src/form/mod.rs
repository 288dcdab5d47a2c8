//! Forms as data: sections, items, repeated rows, attachments and the checks between them.
//!
//! A form is a file of the pack. The task list, the pages, the validation, the print view
//! and the difference between editions all come from it; adding an item needs no Rust.

mod answers;
mod check;
mod consistency;
mod evaluate;
pub mod expression;
mod hash;
mod input;
mod order;
mod progress;
mod read;

pub use answers::{Answers, FileFact, SectionAnswers};
pub use check::{Check, VERIFY_WORDS};
pub use evaluate::Verdict;
pub use hash::content_hash;
pub use progress::Progress;
pub(crate) use read::read;

use crate::clause::Clause;
use crate::words::words;
use rust_decimal::Decimal;

/// A form of the pack.
#[derive(Clone, Debug)]
pub struct Form {
    /// The code, such as `declaration-statutory-town`; also the file's name.
    pub code: String,
    /// The title on the page.
    pub title: String,
    /// The edition of the form, counted up when it changes.
    pub edition: i64,
    /// The track it is for (`StatutoryTown`, `Platform`); none where it serves both.
    pub track: Option<crate::eligibility::Track>,
    /// The clause that asks for it.
    pub clause: Clause,
    /// What the reader should know before filling it in.
    pub help: String,
    /// The day from which it is asked for, where the file says so.
    pub from: Option<crate::day::Day>,
    /// The documents it was drawn up from.
    pub source: String,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// The checks between items, in order.
    pub checks: Vec<Check>,
    cited: Vec<(Clause, usize)>,
    file_types: Vec<(String, usize)>,
    lists: Vec<String>,
}

/// One page of a form.
#[derive(Clone, Debug)]
pub struct Section {
    /// The code, unique in the form.
    pub code: String,
    /// The title.
    pub title: String,
    /// Which of the plan's aspects it belongs to, if any.
    pub aspect: Option<Aspect>,
    /// How to fill it in.
    pub help: String,
    /// The items, in order.
    pub items: Vec<Item>,
    /// Set where the section is a table of rows.
    pub repeat: Option<Repeat>,
}

/// How often a section's row may stand.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// Fewest rows.
    pub min: usize,
    /// Most rows.
    pub max: usize,
    /// What a row is called: 项目, 企业.
    pub row: String,
}

/// One question of a form.
#[derive(Clone, Debug)]
pub struct Item {
    /// The code, unique in the form; also the input's name.
    pub code: String,
    /// The label above the input.
    pub label: String,
    /// What counts and what does not.
    pub definition: String,
    /// 万元, 亩, 人, %; empty where there is none.
    pub unit: String,
    /// What may be answered.
    pub kind: ItemKind,
    /// Whether the form may be sent without it.
    pub required: bool,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// The least number.
    pub min: Option<Decimal>,
    /// The greatest number.
    pub max: Option<Decimal>,
    /// Most decimal places.
    pub decimals: u32,
    /// Most characters.
    pub max_chars: usize,
    /// The clause that asks for it, where not the form's own.
    pub clause: Option<Clause>,
    /// The official wording waits for confirmation.
    pub to_confirm: bool,
    /// What files are taken, for an attachment.
    pub accept: Option<Accept>,
    /// What the register knows already, so that nobody types it again.
    pub known: Option<Known>,
    /// Declarations are compared by it when some of them are proposed.
    pub compared: bool,
    /// The veto it asks for, by its code in the pack.
    pub veto: Option<String>,
}

/// What an attachment may be.
#[derive(Clone, Debug)]
pub struct Accept {
    /// File types by extension: `pdf`, `jpg`.
    pub types: Vec<String>,
    /// Fewest files.
    pub min: usize,
    /// Most files.
    pub max: usize,
}

words! {
    /// What may be answered.
    ItemKind {
        /// One line.
        Text = "text", "文字";
        /// Several paragraphs.
        LongText = "long_text", "长文字";
        /// A whole number.
        Integer = "integer", "整数";
        /// A number.
        Decimal = "decimal", "数字";
        /// Money, in 万元.
        Money = "money", "金额（万元）";
        /// Percent, 0 to 100.
        Share = "share", "百分比";
        /// A civil day.
        Day = "day", "日期";
        /// One of the options.
        Choice = "choice", "单选";
        /// Any of the options, stored joined by 、.
        Choices = "choices", "多选";
        /// 是 or 否.
        YesNo = "yes_no", "是否";
        /// A telephone number.
        Phone = "phone", "电话";
        /// The number of an official document.
        DocumentNumber = "document_number", "文号";
        /// Files.
        Attachment = "attachment", "附件";
    }
}

impl ItemKind {
    /// Whether the answer is a number.
    pub fn is_number(self) -> bool {
        matches!(self, ItemKind::Integer | ItemKind::Decimal | ItemKind::Money | ItemKind::Share)
    }
}

words! {
    /// What the register knows of a place: a draft begins with it.
    Known {
        /// The town's or platform's name.
        Name = "place.name", "名称";
        /// The city.
        City = "place.city", "所属设区市";
        /// The county.
        County = "place.county", "所属县（市、区）";
        /// The division's code.
        Code = "place.code", "行政区划代码";
        /// 是 or 否: whether the town is its county's seat, once confirmed.
        CountySeat = "place.county_seat", "是否城关镇";
        /// 是 or 否: whether the platform is an industrial park, once confirmed.
        IndustrialPark = "place.industrial_park", "是否产业园区";
        /// 是 or 否: whether the operator is a legal person, once confirmed.
        LegalOperator = "place.legal_operator", "运营主体是否具有法人资格";
    }
}

/// One of the aspects of 二(一), as the pack lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aspect {
    /// Its code.
    pub code: String,
    /// Its words.
    pub name: String,
}

impl Form {
    /// A section by its code.
    pub fn section(&self, code: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.code == code)
    }

    /// An item by its code, with its section.
    pub fn item(&self, code: &str) -> Option<(&Section, &Item)> {
        self.sections.iter().find_map(|section| Some((section, section.item(code)?)))
    }

    /// The section a problem's field lies in: `101`, `row.2.501`, `explain.V-01`.
    pub fn section_of(&self, field: &str) -> Option<&Section> {
        if let Some(code) = field.strip_prefix("explain.") {
            let check = self.checks.iter().find(|check| check.code == code)?;
            return self.item(check.first_item()).map(|(section, _)| section);
        }
        let code = match field.strip_prefix("row.") {
            Some(rest) => rest.split_once('.')?.1,
            None => field,
        };
        self.item(code).map(|(section, _)| section).or_else(|| self.section(code))
    }

    /// The checks whose explanation is asked for on a section's page.
    pub fn verify_checks_of(&self, section: &Section) -> impl Iterator<Item = &Check> {
        let here = |check: &&Check| check.verify && section.item(check.first_item()).is_some();
        self.checks.iter().filter(here)
    }

    /// The clauses the form cites, with their lines in its file.
    pub(crate) fn cited(&self) -> impl Iterator<Item = (Clause, usize)> {
        self.cited.iter().copied()
    }

    /// The ids of the pack's lists that items draw their options from.
    pub fn lists(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().map(String::as_str)
    }

    /// The file types the form takes, with their lines in its file.
    pub(crate) fn file_types(&self) -> impl Iterator<Item = (&str, usize)> {
        self.file_types.iter().map(|(one, line)| (one.as_str(), *line))
    }
}

impl Section {
    /// An item by its code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }

    /// Items whose answer is text of the section, not a file.
    pub fn questions(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.kind != ItemKind::Attachment)
    }

    /// Items that take files.
    pub fn attachments(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.kind == ItemKind::Attachment)
    }
}
