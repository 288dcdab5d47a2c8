//! Whether a form's checks make sense together: known items, fitting kinds, no contradiction.

use super::expression::{Comparison, Expression, Function, Joint, Rule};
use super::order::Order;
use super::{Form, Item, ItemKind};
use crate::day::Day;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What is known while the checks are admitted one by one.
pub(super) struct Consistency<'a> {
    form: &'a Form,
    /// For two items: which of less, equal, greater is still possible, and the check before.
    relations: BTreeMap<(String, String), (u8, String)>,
    /// What stands below what, through any number of checks.
    order: Order,
    /// For an item: the least and greatest number still possible.
    ranges: BTreeMap<String, (Option<Decimal>, Option<Decimal>)>,
    /// For an item: the texts it must, or must not, be, and the check that says so.
    texts: BTreeMap<String, Vec<(bool, String, String)>>,
}

/// What a part of a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gives {
    Number,
    Text,
    Day,
    Truth,
}

const LESS: u8 = 1;
const EQUAL: u8 = 2;
const GREATER: u8 = 4;

impl<'a> Consistency<'a> {
    pub(super) fn of(form: &'a Form) -> Consistency<'a> {
        let numbers = form.sections.iter().flat_map(|section| &section.items);
        let numbers = numbers.filter(|item| item.kind.is_number());
        let ranges = numbers.map(|item| (item.code.clone(), (item.min, item.max))).collect();
        Consistency {
            form,
            ranges,
            relations: BTreeMap::new(),
            order: Order::default(),
            texts: BTreeMap::new(),
        }
    }

    /// Take one more check, or say why it cannot stand.
    pub(super) fn admit(&mut self, rule: &Rule, code: &str) -> Result<(), String> {
        if rule.items().is_empty() {
            return Err("没有提到任何指标".to_owned());
        }
        for item in rule.items() {
            self.item(item)?;
        }
        self.one_row_section(rule)?;
        for part in rule.condition.iter().chain([&rule.demand]) {
            if self.gives(part)? != Gives::Truth {
                return Err("规则应是一个判断，例如 102 <= 101".to_owned());
            }
        }
        if rule.condition.is_none() && !rule.explain {
            self.compatible(&rule.demand, code)?;
        }
        Ok(())
    }

    fn item(&self, code: &str) -> Result<&'a Item, String> {
        let found = self.form.item(code).map(|(_, item)| item);
        found.ok_or_else(|| format!("表中没有指标“{code}”"))
    }

    /// Items named row by row must all stand in one section of rows.
    fn one_row_section(&self, rule: &Rule) -> Result<(), String> {
        let mut rows = rule.row_items().into_iter().filter_map(|code| {
            let (section, _) = self.form.item(code)?;
            section.repeat.as_ref().map(|_| section.code.as_str())
        });
        let first = rows.next();
        if rows.any(|other| Some(other) != first) {
            return Err("不能逐行比较两个不同的多行部分，请用 sum 汇总".to_owned());
        }
        Ok(())
    }

    fn gives(&self, expression: &Expression) -> Result<Gives, String> {
        match expression {
            Expression::Number(_) => Ok(Gives::Number),
            Expression::Text(_) => Ok(Gives::Text),
            Expression::Item(code) => match self.item(code)?.kind {
                ItemKind::Day => Ok(Gives::Day),
                ItemKind::Attachment => Err(format!("附件“{code}”没有值，只能用 required")),
                kind if kind.is_number() => Ok(Gives::Number),
                _ => Ok(Gives::Text),
            },
            Expression::Filled(_) => Ok(Gives::Truth),
            Expression::Call(function, codes) => self.call(*function, codes),
            Expression::Minus(inner) => self.both_numbers(inner, inner),
            Expression::Arithmetic(_, left, right) => self.both_numbers(left, right),
            Expression::Not(inner) => self.truth(inner),
            Expression::Join(_, left, right) => self.truth(left).and_then(|_| self.truth(right)),
            Expression::Compare(comparison, left, right, tolerance) => {
                self.known_answer(left, right).and_then(|()| self.known_answer(right, left))?;
                let (left, right) = (self.gives(left)?, self.gives(right)?);
                let ordered = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
                if left == Gives::Truth || right == Gives::Truth {
                    return Err("判断之间不能比较".to_owned());
                }
                let day_and_text =
                    matches!((left, right), (Gives::Day, Gives::Text) | (Gives::Text, Gives::Day));
                if left != right && !day_and_text {
                    return Err("两边不是同一类值，无法比较".to_owned());
                }
                if left == Gives::Text && right == Gives::Text && ordered {
                    return Err("文字只能用 == 或 != 比较".to_owned());
                }
                if tolerance.is_some() && left != Gives::Number {
                    return Err("只有数字才能用 within".to_owned());
                }
                Ok(Gives::Truth)
            }
        }
    }

    /// A text that an item is compared with must be one of its answers.
    fn known_answer(&self, item: &Expression, text: &Expression) -> Result<(), String> {
        let (Expression::Item(code), Expression::Text(text)) = (item, text) else { return Ok(()) };
        let item = self.item(code)?;
        let known = match item.kind {
            ItemKind::Choice | ItemKind::Choices => item.options.contains(text),
            ItemKind::YesNo => text == "是" || text == "否",
            ItemKind::Day => text.parse::<Day>().is_ok(),
            _ => true,
        };
        if known { Ok(()) } else { Err(format!("“{text}”不是指标“{code}”可能的回答")) }
    }

    fn call(&self, function: Function, codes: &[String]) -> Result<Gives, String> {
        for code in codes {
            if !self.item(code)?.kind.is_number() && function != Function::Count {
                return Err(format!("指标“{code}”不是数字，不能参加计算"));
            }
        }
        Ok(Gives::Number)
    }

    fn both_numbers(&self, left: &Expression, right: &Expression) -> Result<Gives, String> {
        if self.gives(left)? == Gives::Number && self.gives(right)? == Gives::Number {
            return Ok(Gives::Number);
        }
        Err("只有数字才能计算".to_owned())
    }

    fn truth(&self, inner: &Expression) -> Result<Gives, String> {
        match self.gives(inner)? {
            Gives::Truth => Ok(Gives::Truth),
            _ => Err("and、or、not 只能连接判断".to_owned()),
        }
    }

    /// Refuse a hard check that cannot hold beside the ones before it.
    fn compatible(&mut self, demand: &Expression, code: &str) -> Result<(), String> {
        if let Expression::Join(Joint::And, left, right) = demand {
            return self.compatible(left, code).and_then(|()| self.compatible(right, code));
        }
        let Expression::Compare(comparison, left, right, None) = demand else { return Ok(()) };
        match (&**left, &**right) {
            (Expression::Item(item), Expression::Text(text))
            | (Expression::Text(text), Expression::Item(item)) => self.word(item, *comparison, text, code),
            (Expression::Item(one), Expression::Item(other)) => self.relate(one, other, *comparison, code),
            (Expression::Item(item), Expression::Number(number)) => self.narrow(item, *comparison, *number),
            (Expression::Number(number), Expression::Item(item)) => {
                self.narrow(item, turned(*comparison), *number)
            }
            _ => Ok(()),
        }
    }

    fn relate(&mut self, one: &str, other: &str, comparison: Comparison, code: &str) -> Result<(), String> {
        if one == other {
            return Err(format!("指标“{one}”与自身比较，没有意义"));
        }
        let (pair, comparison) = match one < other {
            true => ((one.to_owned(), other.to_owned()), comparison),
            false => ((other.to_owned(), one.to_owned()), turned(comparison)),
        };
        let allowed = possible(comparison);
        let (before, by) = self.relations.get(&pair).cloned().unwrap_or((7, String::new()));
        if before & allowed == 0 {
            return Err(format!("与校验“{by}”矛盾，两者不可能同时成立"));
        }
        if !self.order.admit(&pair.0, &pair.1, comparison) {
            return Err(format!("与其他校验矛盾：按各项校验的大小关系，“{one}”与“{other}”不可能同时满足"));
        }
        self.relations.insert(pair, (before & allowed, code.to_owned()));
        Ok(())
    }

    /// An item cannot be two texts, nor be and not be one. One of several choices may be any of them.
    fn word(&mut self, item: &str, comparison: Comparison, text: &str, code: &str) -> Result<(), String> {
        let is = match comparison {
            Comparison::Equal => true,
            Comparison::Unequal => false,
            _ => return Ok(()),
        };
        if self.item(item)?.kind == ItemKind::Choices {
            return Ok(());
        }
        let said = self.texts.entry(item.to_owned()).or_default();
        let against = |(was, other, _): &&(bool, String, String)| match (is, *was) {
            (true, true) => other != text,
            (false, false) => false,
            _ => other == text,
        };
        if let Some((_, _, by)) = said.iter().find(against) {
            return Err(format!("与校验“{by}”矛盾，两者不可能同时成立"));
        }
        said.push((is, text.to_owned(), code.to_owned()));
        Ok(())
    }

    fn narrow(&mut self, item: &str, comparison: Comparison, number: Decimal) -> Result<(), String> {
        let Some((least, greatest)) = self.ranges.get_mut(item) else { return Ok(()) };
        let strict = matches!(comparison, Comparison::Less | Comparison::Greater);
        if matches!(comparison, Comparison::Less | Comparison::AtMost | Comparison::Equal) {
            *greatest = Some(greatest.map_or(number, |before| before.min(number)));
        }
        if matches!(comparison, Comparison::Greater | Comparison::AtLeast | Comparison::Equal) {
            *least = Some(least.map_or(number, |before| before.max(number)));
        }
        let impossible = least
            .zip(*greatest)
            .is_some_and(|(least, greatest)| least > greatest || (strict && least == greatest));
        if impossible {
            return Err(format!("与指标“{item}”的取值范围或其他校验矛盾"));
        }
        Ok(())
    }
}

fn possible(comparison: Comparison) -> u8 {
    match comparison {
        Comparison::Equal => EQUAL,
        Comparison::Unequal => LESS | GREATER,
        Comparison::Less => LESS,
        Comparison::AtMost => LESS | EQUAL,
        Comparison::Greater => GREATER,
        Comparison::AtLeast => GREATER | EQUAL,
    }
}

/// The same comparison with its sides exchanged.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::Equal,
        Comparison::Unequal => Comparison::Unequal,
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
    }
}
