//! Evaluates a check on answers. Where an answer it needs is missing, the check does not apply.

use super::Form;
use super::answers::{Answers, FileFact, SectionAnswers};
use super::check::{Check, VERIFY_WORDS};
use super::expression::{Comparison, Expression, Function, Joint, Operator, Tolerance};
use crate::number;
use crate::problem::Problem;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What a check says of some answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The rule is kept.
    Holds,
    /// The rule is broken.
    Broken,
    /// An answer the rule needs is missing, or its condition is not met.
    NotApplicable,
}

impl Verdict {
    /// The words for a page.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Holds => "通过",
            Verdict::Broken => "不通过",
            Verdict::NotApplicable => "不适用",
        }
    }
}

/// What the checks look at.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) form: &'a Form,
    pub(super) answers: &'a Answers,
    pub(super) prior: Option<&'a Answers>,
    pub(super) files: &'a [FileFact],
    pub(super) row: Option<&'a BTreeMap<String, String>>,
}

/// A part's value; `None` where an answer it needs is missing.
type Found<T> = Option<T>;

/// A value of an expression.
#[derive(Clone, Debug, PartialEq)]
enum Of {
    Number(Decimal),
    Text(String),
    Truth(bool),
}

impl<'a> Ground<'a> {
    /// The problems a check finds: one at most, or one for each row.
    pub(super) fn run(&self, check: &Check) -> Vec<Problem> {
        let broken = self.answers_to(check).into_iter().filter(|(_, _, holds)| *holds == Some(false));
        let open = broken.filter(|_| !(check.verify && self.explained(check)));
        open.map(|(ground, row, _)| ground.problem(check, row)).collect()
    }

    /// Whether a check holds: broken by one row is broken, and no row at all does not apply.
    pub(super) fn verdict(&self, check: &Check) -> Verdict {
        let answers: Vec<_> = self.answers_to(check).into_iter().filter_map(|(_, _, holds)| holds).collect();
        match answers.as_slice() {
            [] => Verdict::NotApplicable,
            answers if answers.contains(&false) => Verdict::Broken,
            _ => Verdict::Holds,
        }
    }

    /// What the check says of the form, or of each row it is asked for.
    fn answers_to(&self, check: &Check) -> Vec<(Ground<'a>, Option<usize>, Option<bool>)> {
        let rows = check.rule.row_items().into_iter().find_map(|code| {
            let (section, _) = self.form.item(code)?;
            section.repeat.as_ref().map(|_| section)
        });
        let Some(section) = rows else {
            return vec![(*self, None, self.holds(check))];
        };
        let Some(given) = self.answers.section(&section.code) else { return Vec::new() };
        let judge = |(index, row)| {
            let ground = Ground { row: Some(row), ..*self };
            (ground, Some(index + 1), ground.holds(check))
        };
        given.rows.iter().enumerate().map(judge).collect()
    }

    /// Whether the rule is kept; `None` where it does not apply.
    fn holds(&self, check: &Check) -> Option<bool> {
        match &check.rule.condition {
            Some(condition) if self.truth(condition) != Some(true) => None,
            _ => self.truth(&check.rule.demand),
        }
    }

    fn explained(&self, check: &Check) -> bool {
        let said = |section: &SectionAnswers| section.explanations.contains_key(&check.code);
        self.answers.0.values().any(said)
    }

    fn problem(&self, check: &Check, row: Option<usize>) -> Problem {
        let code = format!("{}:{}", if check.verify { "verify" } else { "check" }, check.code);
        let first = check.first_item();
        let field = match (check.verify, row) {
            (true, _) => format!("explain.{}", check.code),
            (false, Some(row)) if self.in_rows(first) => format!("row.{row}.{first}"),
            (false, _) => first.to_owned(),
        };
        let shown: Vec<_> = check.rule.items().into_iter().filter_map(|item| self.shown(item)).collect();
        let place = row.map(|row| format!("第 {row} 行：")).unwrap_or_default();
        let current =
            if shown.is_empty() { String::new() } else { format!("（当前：{}）", shown.join("，")) };
        let asks = if check.verify { format!("{VERIFY_WORDS}。") } else { String::new() };
        let says = format!("{place}{}{current}{asks}", check.says);
        Problem::new(field, code, says).citing(check.clause.unwrap_or(self.form.clause))
    }

    fn in_rows(&self, code: &str) -> bool {
        self.form.item(code).is_some_and(|(section, _)| section.repeat.is_some())
    }

    fn shown(&self, code: &str) -> Option<String> {
        let (_, item) = self.form.item(code)?;
        let answer = self.answer(code)?;
        Some(format!("{} {answer}{}", item.label, item.unit))
    }

    /// The answer of an item: in the row at hand, else in its plain section.
    fn answer(&self, code: &str) -> Found<&'a str> {
        if let Some(text) = self.row.and_then(|row| row.get(code)) {
            return Some(text);
        }
        let (section, _) = self.form.item(code)?;
        self.answers.section(&section.code)?.items.get(code).map(String::as_str)
    }

    fn truth(&self, expression: &Expression) -> Found<bool> {
        match self.value(expression)? {
            Of::Truth(truth) => Some(truth),
            Of::Number(_) | Of::Text(_) => None,
        }
    }

    fn number(&self, expression: &Expression) -> Found<Decimal> {
        match self.value(expression)? {
            Of::Number(number) => Some(number),
            Of::Text(_) | Of::Truth(_) => None,
        }
    }

    fn value(&self, expression: &Expression) -> Found<Of> {
        match expression {
            Expression::Number(number) => Some(Of::Number(*number)),
            Expression::Text(text) => Some(Of::Text(text.clone())),
            Expression::Item(code) => self.item_value(code),
            Expression::Filled(code) => Some(Of::Truth(self.filled(code))),
            Expression::Call(function, codes) => self.call(*function, codes).map(Of::Number),
            Expression::Minus(inner) => self.number(inner).map(|number| Of::Number(-number)),
            Expression::Not(inner) => self.truth(inner).map(|truth| Of::Truth(!truth)),
            Expression::Arithmetic(operator, left, right) => {
                arithmetic(*operator, self.number(left)?, self.number(right)?).map(Of::Number)
            }
            Expression::Join(joint, left, right) => self.join(*joint, left, right).map(Of::Truth),
            Expression::Compare(comparison, left, right, tolerance) => {
                self.compare(*comparison, left, right, *tolerance).map(Of::Truth)
            }
        }
    }

    fn item_value(&self, code: &str) -> Found<Of> {
        let (_, item) = self.form.item(code)?;
        let answer = self.answer(code)?;
        if item.kind.is_number() {
            return number::read(answer).ok().map(Of::Number);
        }
        Some(Of::Text(answer.to_owned()))
    }

    fn filled(&self, code: &str) -> bool {
        self.answer(code).is_some() || self.files.iter().any(|file| file.item == code)
    }

    fn call(&self, function: Function, codes: &[String]) -> Found<Decimal> {
        match function {
            Function::Count => Some(Decimal::from(self.column(self.answers, &codes[0])?.flatten().count())),
            Function::Percent => {
                let (part, whole) = (self.one(&codes[0])?, self.one(&codes[1])?);
                part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)
            }
            Function::Change => {
                let now = self.total(self.answers, codes)?;
                let before = self.total(self.prior?, codes)?;
                let change = now.checked_sub(before)?.abs();
                change.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before.abs())
            }
            Function::Sum => self.total(self.answers, codes),
            Function::Max | Function::Min => {
                let all: Found<Vec<_>> = codes.iter().map(|code| self.one(code)).collect();
                let all = all?.into_iter();
                if function == Function::Max { all.max() } else { all.min() }
            }
        }
    }

    fn one(&self, code: &str) -> Found<Decimal> {
        number::read(self.answer(code)?).ok()
    }

    /// The sum of items, each over all rows where it stands in rows; missing where any is.
    fn total(&self, answers: &Answers, codes: &[String]) -> Found<Decimal> {
        let mut sum = Decimal::ZERO;
        for code in codes {
            let mut any = false;
            for answer in self.column(answers, code)? {
                sum = sum.checked_add(number::read(answer?).ok()?)?;
                any = true;
            }
            if !any {
                return None;
            }
        }
        Some(sum)
    }

    /// An item's answers: one in a plain section, one for each row otherwise.
    fn column<'b>(
        &self,
        answers: &'b Answers,
        code: &'b str,
    ) -> Found<impl Iterator<Item = Option<&'b str>> + use<'b>> {
        let (section, _) = self.form.item(code)?;
        let rows = section.repeat.is_some();
        let given = answers.section(&section.code);
        let plain = (!rows).then(|| given.and_then(|given| given.items.get(code)).map(String::as_str));
        let listed: &[BTreeMap<String, String>] = match (rows, given) {
            (true, Some(given)) => &given.rows,
            _ => &[],
        };
        Some(plain.into_iter().chain(listed.iter().map(move |row| row.get(code).map(String::as_str))))
    }

    fn join(&self, joint: Joint, left: &Expression, right: &Expression) -> Found<bool> {
        let decides = joint == Joint::Or;
        match (self.truth(left), self.truth(right)) {
            (Some(one), _) | (_, Some(one)) if one == decides => Some(decides),
            (Some(_), Some(_)) => Some(!decides),
            _ => None,
        }
    }

    fn compare(
        &self,
        comparison: Comparison,
        left: &Expression,
        right: &Expression,
        tolerance: Option<Tolerance>,
    ) -> Found<bool> {
        match (self.value(left)?, self.value(right)?) {
            (Of::Number(left), Of::Number(right)) => compare_numbers(comparison, left, right, tolerance),
            (Of::Text(left), Of::Text(right)) => Some(compare_texts(comparison, &left, &right)),
            _ => None,
        }
    }
}

fn arithmetic(operator: Operator, left: Decimal, right: Decimal) -> Found<Decimal> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
    }
}

fn compare_numbers(
    comparison: Comparison,
    left: Decimal,
    right: Decimal,
    tolerance: Option<Tolerance>,
) -> Found<bool> {
    let slack = match tolerance {
        None => Decimal::ZERO,
        Some(Tolerance::Absolute(slack)) => slack,
        Some(Tolerance::Percent(percent)) => {
            right.abs().checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?
        }
    };
    let over = left.checked_sub(right)?;
    Some(match comparison {
        Comparison::Equal => over.abs() <= slack,
        Comparison::Unequal => over.abs() > slack,
        Comparison::Less => over < slack,
        Comparison::AtMost => over <= slack,
        Comparison::Greater => over > -slack,
        Comparison::AtLeast => over >= -slack,
    })
}

/// Days compare as their text does; a choice of several equals each of its parts.
fn compare_texts(comparison: Comparison, left: &str, right: &str) -> bool {
    let holds = || left == right || left.split('、').any(|part| part == right);
    match comparison {
        Comparison::Equal => holds(),
        Comparison::Unequal => !holds(),
        Comparison::Less => left < right,
        Comparison::AtMost => left <= right,
        Comparison::Greater => left > right,
        Comparison::AtLeast => left >= right,
    }
}
