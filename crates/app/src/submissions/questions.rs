//! Items of a form as questions on a page, and answers as text to read.

use super::sealing::FaultRow;
use domain::day::Day;
use domain::form::{Form, Item, ItemKind, Section, SectionAnswers};
use domain::problem::Problem;
use kit::page::{Choice, Field, Pair, Pairs};

/// Up to so many choices are shown at once; more are folded.
const FEW_CHOICES: usize = 6;

/// One item as a question, under the input's name.
pub fn question(item: &Item, name: &str, value: &str, problems: &[Problem]) -> Field {
    let label = item.label.clone();
    let choices = |options: &[String]| options.iter().map(|one| Choice::new(one, one)).collect::<Vec<_>>();
    let field = match item.kind {
        ItemKind::Text | ItemKind::Attachment => Field::text(name, label).wide(),
        ItemKind::Phone | ItemKind::DocumentNumber => Field::text(name, label),
        ItemKind::LongText => Field::paragraph(name, label).rows(6),
        ItemKind::Integer | ItemKind::Decimal | ItemKind::Money | ItemKind::Share => {
            Field::number(name, label)
        }
        ItemKind::Day if value.is_empty() || value.parse::<Day>().is_ok() => Field::day(name, label),
        ItemKind::Day => Field::text(name, label),
        ItemKind::Choice if item.options.len() > FEW_CHOICES => {
            Field::select(name, label, choices(&item.options))
        }
        ItemKind::Choice => Field::radios(name, label, choices(&item.options)),
        ItemKind::Choices => Field::checkboxes(name, label, choices(&item.options)),
        ItemKind::YesNo => Field::radios(name, label, choices(&["是".to_owned(), "否".to_owned()])),
    };
    let field = match item.kind {
        ItemKind::Choices => field.chosen(&value.split('、').map(str::to_owned).collect::<Vec<_>>()),
        _ => field.value(value),
    };
    let field = field.hint(hint(item)).unit(&item.unit).told(problems);
    let field = if item.required { field } else { field.optional() };
    match item.clause {
        Some(clause) => field.clause(clause),
        None => field,
    }
}

/// The definition, how much may be written, and whether the wording waits for confirmation.
fn hint(item: &Item) -> String {
    let mut parts = Vec::new();
    if !item.definition.is_empty() {
        parts.push(item.definition.clone());
    }
    if item.known.is_some() {
        parts.push("已按登记信息带入，有变化的请更正。".to_owned());
    }
    if item.to_confirm {
        parts.push("（口径待核实）".to_owned());
    }
    if item.kind == ItemKind::LongText {
        parts.push(format!("{}字以内。", item.max_chars));
    }
    parts.concat()
}

/// The questions of a plain section, or of one row of a section of rows.
pub fn questions(
    section: &Section,
    row: Option<usize>,
    given: &SectionAnswers,
    problems: &[Problem],
) -> Vec<Field> {
    let name = |item: &Item| match row {
        Some(row) => format!("row.{row}.{}", item.code),
        None => item.code.clone(),
    };
    let field = |item: &Item| {
        let name = name(item);
        question(item, &name, given.get(&name).unwrap_or_default(), problems)
    };
    section.questions().map(field).collect()
}

/// The explanations asked for: of checks that fail now, or were explained before.
pub fn explanations(
    form: &Form,
    section: &Section,
    given: &SectionAnswers,
    failing: &[Problem],
    told: &[Problem],
) -> Vec<Field> {
    let asked = |code: &str| {
        let field = format!("explain.{code}");
        given.explanations.contains_key(code) || failing.iter().any(|problem| problem.field == field)
    };
    form.verify_checks_of(section)
        .filter(|check| asked(&check.code))
        .map(|check| {
            let name = format!("explain.{}", check.code);
            let value = given.get(&name).unwrap_or_default().to_owned();
            Field::paragraph(name, format!("说明：{}", check.says)).value(value).rows(3).told(told)
        })
        .collect()
}

/// An answer with its unit, as it is read.
pub fn answer_words(item: &Item, value: &str) -> String {
    match item.kind {
        _ if value.is_empty() => String::new(),
        ItemKind::Day => value.parse::<Day>().map_or_else(|_| value.to_owned(), Day::words),
        _ => format!("{value}{}", item.unit),
    }
}

/// The answers of a section to read: one list, or one for each row, each with its heading; what a
/// reviewer found at fault stands below the answer.
pub fn answered(
    form: &Form,
    section: &Section,
    given: &SectionAnswers,
    faults: &[&FaultRow],
) -> Vec<(String, Pairs)> {
    let note = |name: &str, code: &str| {
        let found =
            faults.iter().find(|fault| fault.item == name || (!code.is_empty() && fault.item == code));
        found.map(|fault| format!("退回意见：{}", fault.says)).unwrap_or_default()
    };
    let pairs = |row: Option<usize>| {
        let pair = |item: &Item| {
            let name = row.map_or_else(|| item.code.clone(), |row| format!("row.{row}.{}", item.code));
            let value = answer_words(item, given.get(&name).unwrap_or_default());
            Pair { name: item.label.clone(), value, note: note(&name, &item.code), change_href: None }
        };
        Pairs { pairs: section.questions().map(pair).collect() }
    };
    let mut lists = match &section.repeat {
        None if section.questions().next().is_none() => Vec::new(),
        None => vec![(String::new(), pairs(None))],
        Some(repeat) => {
            let heading = |row: usize| format!("{}{row}", repeat.row);
            (1..=given.rows.len()).map(|row| (heading(row), pairs(Some(row)))).collect()
        }
    };
    let explained = form.verify_checks_of(section).filter_map(|check| {
        given.explanations.get(&check.code).map(|says| (check.says.clone(), says.clone()))
    });
    let explained = explained.fold(Pairs::new(), |pairs, (check, says)| pairs.and(check, says));
    if !explained.pairs.is_empty() {
        lists.push(("核实说明".to_owned(), explained));
    }
    lists
}
