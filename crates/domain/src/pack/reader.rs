//! TOML with line numbers: every field is asked for by name, and what nobody asked for is refused.

use super::finding::Findings;
use crate::day::Day;
use rust_decimal::Decimal;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;
use toml::de::{DeTable, DeValue};

/// A value with the line it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) value: Raw,
}

/// A TOML value, owned.
#[derive(Clone, Debug)]
pub(crate) enum Raw {
    Text(String),
    Integer(i64),
    Number(Decimal),
    Flag(bool),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
    Other,
}

/// The fields of one table, each to be taken by name.
pub(crate) struct Fields<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: usize,
    entries: BTreeMap<String, Node>,
    taken: RefCell<BTreeSet<String>>,
    findings: &'a Findings,
}

/// Parse a file; a syntax error is a finding and gives nothing.
pub(crate) fn parse<'a>(file: &'a str, text: &str, findings: &'a Findings) -> Option<Fields<'a>> {
    match DeTable::parse(text) {
        Ok(table) => {
            let lines = Lines::of(text);
            let entries = entries(table.get_ref(), &lines);
            Some(Fields { file, line: 1, entries, taken: RefCell::default(), findings })
        }
        Err(error) => {
            let line = error.span().map_or(1, |span| Lines::of(text).at(span.start));
            findings.add(file, line, format!("TOML 语法错误：{}", error.message()));
            None
        }
    }
}

impl<'a> Fields<'a> {
    /// A required text, not blank.
    pub(crate) fn text(&self, key: &str) -> String {
        let text = self.required(key).and_then(|node| self.as_text(key, &node)).unwrap_or_default();
        if text.trim().is_empty() && self.entries.contains_key(key) {
            self.fault(key, format!("“{key}”不能为空"));
        }
        text
    }

    /// A text, empty where absent.
    pub(crate) fn text_or_empty(&self, key: &str) -> String {
        self.take(key).and_then(|node| self.as_text(key, &node)).unwrap_or_default()
    }

    /// A required value read from text.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(&self, key: &str) -> Option<T> {
        let node = self.required(key)?;
        self.parse_node(key, &node)
    }

    /// A value read from text, absent where the field is.
    pub(crate) fn parsed_if_any<T: FromStr<Err: Display>>(&self, key: &str) -> Option<T> {
        let node = self.take(key)?;
        self.parse_node(key, &node)
    }

    /// A required whole number.
    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        let node = self.required(key)?;
        self.as_integer(key, &node)
    }

    /// A whole number, absent where the field is.
    pub(crate) fn integer_if_any(&self, key: &str) -> Option<i64> {
        let node = self.take(key)?;
        self.as_integer(key, &node)
    }

    /// A number, absent where the field is.
    pub(crate) fn number_if_any(&self, key: &str) -> Option<Decimal> {
        let node = self.take(key)?;
        let number = node.value.number();
        if number.is_none() {
            self.fault(key, format!("“{key}”应为数字"));
        }
        number
    }

    /// Yes or no; no where absent.
    pub(crate) fn flag(&self, key: &str) -> bool {
        match self.take(key) {
            None => false,
            Some(Node { value: Raw::Flag(flag), .. }) => flag,
            Some(_) => {
                self.fault(key, format!("“{key}”应为 true 或 false"));
                false
            }
        }
    }

    /// A list of texts with their lines, empty where absent.
    pub(crate) fn texts(&self, key: &str) -> Vec<(usize, String)> {
        let nodes = self.list(key);
        nodes
            .into_iter()
            .filter_map(|node| match node.value {
                Raw::Text(text) => Some((node.line, text)),
                _ => {
                    self.findings.add(self.file, node.line, format!("“{key}”中的每一项应为文字"));
                    None
                }
            })
            .collect()
    }

    /// A list of days with their lines, empty where absent.
    pub(crate) fn days(&self, key: &str) -> Vec<(usize, Day)> {
        self.texts(key)
            .into_iter()
            .filter_map(|(line, text)| match text.parse() {
                Ok(day) => Some((line, day)),
                Err(_) => {
                    self.findings.add(self.file, line, format!("“{text}”不是日期，应写作 2018-05-02"));
                    None
                }
            })
            .collect()
    }

    /// The tables of an array, empty where absent.
    pub(crate) fn tables(&self, key: &str) -> Vec<Fields<'a>> {
        self.list(key).into_iter().filter_map(|node| self.sub_table(key, node)).collect()
    }

    /// One table, absent where the field is.
    pub(crate) fn table_if_any(&self, key: &str) -> Option<Fields<'a>> {
        let node = self.take(key)?;
        self.sub_table(key, node)
    }

    /// The raw node of a required field.
    pub(crate) fn required(&self, key: &str) -> Option<Node> {
        let node = self.take(key);
        if node.is_none() {
            self.findings.add(self.file, self.line, format!("缺少“{key}”"));
        }
        node
    }

    /// The raw node of a field.
    pub(crate) fn take(&self, key: &str) -> Option<Node> {
        self.taken.borrow_mut().insert(key.to_owned());
        self.entries.get(key).cloned()
    }

    /// Every field not taken yet, in order.
    pub(crate) fn rest(&self) -> Vec<(String, Node)> {
        let taken = self.taken.borrow().clone();
        let rest: Vec<_> = self.entries.iter().filter(|(key, _)| !taken.contains(*key)).collect();
        rest.into_iter().map(|(key, _)| (key.clone(), self.take(key).expect("the key is there"))).collect()
    }

    /// The line of a field, or of the table where it is absent.
    pub(crate) fn line_of(&self, key: &str) -> usize {
        self.entries.get(key).map_or(self.line, |node| node.line)
    }

    /// Note a fault at a field.
    pub(crate) fn fault(&self, key: &str, reason: impl Into<String>) {
        self.findings.add(self.file, self.line_of(key), reason);
    }

    /// Note a fault at a line.
    pub(crate) fn fault_at(&self, line: usize, reason: impl Into<String>) {
        self.findings.add(self.file, line, reason);
    }

    /// Refuse every field that nobody took.
    pub(crate) fn finish(self) {
        for (key, node) in self.rest() {
            self.findings.add(self.file, node.line, format!("不认识的字段“{key}”"));
        }
    }

    fn sub_table(&self, key: &str, node: Node) -> Option<Fields<'a>> {
        let Raw::Table(entries) = node.value else {
            self.findings.add(self.file, node.line, format!("“{key}”应为表"));
            return None;
        };
        let taken = RefCell::default();
        Some(Fields { file: self.file, line: node.line, entries, taken, findings: self.findings })
    }

    fn list(&self, key: &str) -> Vec<Node> {
        match self.take(key) {
            None => Vec::new(),
            Some(Node { value: Raw::List(nodes), .. }) => nodes,
            Some(_) => {
                self.fault(key, format!("“{key}”应为列表"));
                Vec::new()
            }
        }
    }

    fn as_text(&self, key: &str, node: &Node) -> Option<String> {
        match &node.value {
            Raw::Text(text) => Some(text.clone()),
            _ => {
                self.fault(key, format!("“{key}”应为文字"));
                None
            }
        }
    }

    fn as_integer(&self, key: &str, node: &Node) -> Option<i64> {
        match node.value {
            Raw::Integer(number) => Some(number),
            _ => {
                self.fault(key, format!("“{key}”应为整数"));
                None
            }
        }
    }

    fn parse_node<T: FromStr<Err: Display>>(&self, key: &str, node: &Node) -> Option<T> {
        let text = self.as_text(key, node)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(key, format!("“{key}”的值“{text}”{error}"));
                None
            }
        }
    }
}

impl Raw {
    /// A number, whole or written as text: `25`, `"0.2"`.
    pub(crate) fn number(&self) -> Option<Decimal> {
        match self {
            Raw::Integer(number) => Some(Decimal::from(*number)),
            Raw::Number(number) => Some(*number),
            Raw::Text(text) => crate::number::read(text).ok(),
            _ => None,
        }
    }
}

/// Where each line of a file begins.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        Lines(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|newline| *newline < offset) + 1
    }
}

fn entries(table: &DeTable<'_>, lines: &Lines) -> BTreeMap<String, Node> {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), node(value, lines))).collect()
}

fn node(value: &toml::Spanned<DeValue<'_>>, lines: &Lines) -> Node {
    let raw = match value.get_ref() {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Raw::Other, Raw::Integer)
        }
        DeValue::Float(number) => number.as_str().parse().map_or(Raw::Other, Raw::Number),
        DeValue::Boolean(flag) => Raw::Flag(*flag),
        DeValue::Datetime(instant) => Raw::Text(instant.to_string()),
        DeValue::Array(items) => Raw::List(items.iter().map(|item| node(item, lines)).collect()),
        DeValue::Table(table) => Raw::Table(entries(table, lines)),
    };
    Node { line: lines.at(value.span().start), value: raw }
}
