//! The language of checks: `102 <= 101`, `sum(201..204) == 200 within 0.5%`,
//! `if 105 == "是" then 106 required`, `change(101) <= 50% else explain`.
//!
//! A bare whole number of three or four digits is an item code; `100.0` is the number.
//! Percent are numbers of percent: `30%` is 30, as a share item answers 30.

mod lexer;
mod parser;

pub use parser::parse;

use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// A check's rule, parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The check holds where this is false.
    pub condition: Option<Expression>,
    /// What must be true.
    pub demand: Expression,
    /// Whether breaking it asks for an explanation instead of blocking.
    pub explain: bool,
}

/// A part of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number.
    Number(Decimal),
    /// A text in quotes.
    Text(String),
    /// An item's answer.
    Item(String),
    /// Whether an item has been answered: `106 required`.
    Filled(String),
    /// A function over items.
    Call(Function, Vec<String>),
    /// The negative.
    Minus(Box<Expression>),
    /// Not true.
    Not(Box<Expression>),
    /// Arithmetic.
    Arithmetic(Operator, Box<Expression>, Box<Expression>),
    /// A comparison, with a tolerance where `within` gives one.
    Compare(Comparison, Box<Expression>, Box<Expression>, Option<Tolerance>),
    /// Both, or either.
    Join(Joint, Box<Expression>, Box<Expression>),
}

/// A function over items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The sum of several items, or of one item over all rows.
    Sum,
    /// How many rows have answered the item.
    Count,
    /// The greatest.
    Max,
    /// The least.
    Min,
    /// Change on the prior edition or period, in percent of it, without sign.
    Change,
    /// The first item as percent of the second.
    Percent,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// +
    Add,
    /// -
    Subtract,
    /// *
    Multiply,
    /// /
    Divide,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// ==
    Equal,
    /// !=
    Unequal,
    /// <
    Less,
    /// <=
    AtMost,
    /// >
    Greater,
    /// >=
    AtLeast,
}

/// and, or.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// Both must be true.
    And,
    /// One must be true.
    Or,
}

/// How far two sides may differ and still count as equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// By so much.
    Absolute(Decimal),
    /// By so many percent of the right side.
    Percent(Decimal),
}

impl Rule {
    /// The item a breach is shown at: the first that the demand names.
    pub fn subject(&self) -> &str {
        self.demand.named().into_iter().next().or_else(|| self.items().into_iter().next()).unwrap_or_default()
    }

    /// Every item the rule names, in order of appearance.
    pub fn items(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let parts = self.condition.iter().chain([&self.demand]);
        parts.flat_map(Expression::named).filter(|code| seen.insert(*code)).collect()
    }

    /// The items named outside a function: in a section of rows, the check runs for each row.
    pub fn row_items(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for expression in self.condition.iter().chain([&self.demand]) {
            expression.walk(&mut |part| match part {
                Expression::Item(code) | Expression::Filled(code) => found.push(code.as_str()),
                Expression::Call(Function::Percent | Function::Max | Function::Min, codes) => {
                    found.extend(codes.iter().map(String::as_str));
                }
                _ => {}
            });
        }
        found
    }

    /// Whether the rule holds answers against a number of its own: 30%, 70; 0 is none.
    pub fn sets_a_number(&self) -> bool {
        let number = |part: &Expression| matches!(part, Expression::Number(number) if !number.is_zero());
        let mut sets = false;
        for expression in self.condition.iter().chain([&self.demand]) {
            expression.walk(&mut |part| {
                sets |= matches!(part, Expression::Compare(_, left, right, _) if number(left) || number(right));
            });
        }
        sets
    }
}

impl Expression {
    /// Every item the expression names, in order of appearance.
    fn named(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.walk(&mut |part| match part {
            Expression::Item(code) | Expression::Filled(code) => found.push(code.as_str()),
            Expression::Call(_, codes) => found.extend(codes.iter().map(String::as_str)),
            _ => {}
        });
        found
    }

    /// Visit the expression and its parts, left to right.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Expression)) {
        visit(self);
        match self {
            Expression::Minus(inner) | Expression::Not(inner) => inner.walk(visit),
            Expression::Arithmetic(_, left, right)
            | Expression::Compare(_, left, right, _)
            | Expression::Join(_, left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
            Expression::Number(_)
            | Expression::Text(_)
            | Expression::Item(_)
            | Expression::Filled(_)
            | Expression::Call(..) => {}
        }
    }
}
