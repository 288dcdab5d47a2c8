//! A sheet becomes a table: the first row names the columns, the first column the towns; a heading that starts
//! with `@` is an attribute, one that ends with `@` and a year holds that earlier year's figures of the column named
//! before it. Every fault keeps its cell.

use super::workbook::year;
use assess::table::{ColumnData, MAGNITUDE_LIMIT, TableData};
use assess::{Finding, LeafId, Node, TownId};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most cells taken from one file, those left blank within its table included.
pub const CELL_LIMIT: u64 = 50_000_000;
/// Most faults listed.
const FAULT_LIMIT: usize = 1_000;

/// A finding with the sheet and cell it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub sheet: Option<String>,
    pub cell: Option<String>,
    #[serde(flatten)]
    pub finding: Finding,
}

impl Fault {
    /// A fault of a file as a whole.
    pub fn of_file(code: &str, file: &str, message: impl Into<String>) -> Fault {
        Fault { sheet: None, cell: None, finding: Finding::new(code, file, message) }
    }
}

/// What stands in a cell.
pub enum Value {
    Blank,
    Number(f64),
    Text(String),
    /// Neither number nor text; the reason.
    Bad(&'static str),
}

/// A sheet as it is being read, row after row.
pub struct Grid {
    sheet: String,
    heads: Vec<String>,
    towns: Vec<TownId>,
    row: Option<u32>,
    values: Vec<Vec<Option<f64>>>,
    texts: Vec<Vec<String>>,
    rows: HashMap<String, u32>,
    faults: Vec<Fault>,
    cells: u64,
    most: u64,
    full: bool,
}

impl Grid {
    /// An empty grid of at most so many cells.
    pub fn new(sheet: &str, most: u64) -> Grid {
        Grid {
            most,
            sheet: sheet.to_owned(),
            heads: Vec::new(),
            towns: Vec::new(),
            row: None,
            values: Vec::new(),
            texts: Vec::new(),
            rows: HashMap::new(),
            faults: Vec::new(),
            cells: 0,
            full: false,
        }
    }

    /// Whether reading on is of no use.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Takes the next cell, rows and columns counted from 0, in reading order.
    pub fn put(&mut self, row: u32, column: u32, value: Value) {
        self.cells += 1;
        // A table is as large as its headings times its towns, however few cells are filled.
        let table = (self.towns.len() as u64 + 1) * self.heads.len() as u64;
        if self.cells.max(table) > self.most && !self.full {
            self.full = true;
            let message = format!("数据超过 {CELL_LIMIT} 格，请拆分后重试");
            self.fault(row, column, "too_many_cells", &message);
        }
        match (row, column) {
            _ if self.full => {}
            (0, _) => self.head(column, value),
            (_, 0) => self.town(row, value),
            _ => self.cell(row, column, value),
        }
    }

    fn head(&mut self, column: u32, value: Value) {
        let text = match value {
            Value::Text(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Blank | Value::Bad(_) => String::new(),
        };
        let at = column as usize;
        if self.heads.len() <= at {
            self.heads.resize(at + 1, String::new());
            self.values.resize(at + 1, Vec::new());
            self.texts.resize(at + 1, Vec::new());
        }
        self.heads[at] = text;
    }

    fn town(&mut self, row: u32, value: Value) {
        let name = match value {
            Value::Text(text) if !text.trim().is_empty() => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        if self.rows.insert(name.clone(), row).is_some() {
            self.fault(row, 0, "repeated_name", "城镇名称重复，请保留一行");
        }
        self.row = Some(row);
        self.towns.push(TownId(name));
    }

    fn cell(&mut self, row: u32, column: u32, value: Value) {
        if matches!(value, Value::Blank) {
            return;
        }
        let at = column as usize;
        let head = self.heads.get(at).cloned().unwrap_or_default();
        if self.row != Some(row) {
            self.fault(row, column, "missing_town", "这一行没有城镇名称，请在第一列填写");
            return;
        }
        if head.is_empty() {
            self.fault(row, column, "missing_heading", "这一列没有列名，请在第一行填写");
            return;
        }
        let town = self.towns.len() - 1;
        if head.starts_with('@') {
            let text = match value {
                Value::Text(text) => text.trim().to_owned(),
                Value::Number(number) => number.to_string(),
                Value::Blank | Value::Bad(_) => String::new(),
            };
            self.texts[at].resize(town, String::new());
            self.texts[at].push(text);
            return;
        }
        match number(value) {
            Ok(None) => {}
            Ok(Some(number)) => {
                self.values[at].resize(town, None);
                self.values[at].push(Some(number));
            }
            Err(reason) => self.fault(row, column, "not_a_number", reason),
        }
    }

    fn fault(&mut self, row: u32, column: u32, code: &str, message: &str) {
        if self.faults.len() >= FAULT_LIMIT {
            self.full = true;
            return;
        }
        let cell = address(row, column);
        self.faults.push(Fault {
            sheet: Some(self.sheet.clone()),
            cell: Some(cell.clone()),
            finding: Finding::new(code, cell, message),
        });
    }

    /// Every attribute has a name, and each name once.
    fn check_attributes(&mut self) {
        let (mut names, mut wrong) = (HashSet::new(), Vec::new());
        for (at, head) in self.heads.iter().enumerate().skip(1) {
            match head.strip_prefix('@') {
                Some("") => wrong.push((at, "nameless_attribute", "“@”后面没有名称，请补上")),
                Some(name) if !names.insert(name) => {
                    wrong.push((at, "repeated_name", "属性列名重复，请保留一列"));
                }
                _ => {}
            }
        }
        for (at, code, message) in wrong {
            self.fault(0, at as u32, code, message);
        }
    }

    /// The sheet as table data with the places of its names, or every fault.
    pub fn finish(mut self) -> Result<(TableData, Places), Vec<Fault>> {
        if self.towns.is_empty() && self.faults.is_empty() {
            self.fault(1, 0, "no_towns", "表中没有城镇，请从第二行起填写");
        }
        self.check_attributes();
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let mut columns = Vec::new();
        let mut attributes = BTreeMap::new();
        let mut earlier: BTreeMap<i32, Vec<ColumnData>> = BTreeMap::new();
        let mut places = HashMap::new();
        let parts = self.heads.into_iter().zip(self.values).zip(self.texts).enumerate();
        for (at, ((head, mut values), mut texts)) in parts.skip(1) {
            if !head.is_empty() {
                places.insert(head.clone(), at as u32);
            }
            if let Some(name) = head.strip_prefix('@') {
                texts.resize(self.towns.len(), String::new());
                attributes.insert(name.to_owned(), texts);
            } else if !head.is_empty() {
                values.resize(self.towns.len(), None);
                let (code, year) = code_and_year(head);
                let into = year.map_or(&mut columns, |year| earlier.entry(year).or_default());
                into.push(ColumnData { code: LeafId(code), values, flags: Vec::new() });
            }
        }
        let past = |(year, columns)| TableData {
            year: Some(year),
            towns: self.towns.clone(),
            columns,
            ..TableData::default()
        };
        let history = earlier.into_iter().map(past).collect();
        let places = Places { sheet: self.sheet, rows: self.rows, columns: places };
        let data = TableData { year: None, towns: self.towns, columns, attributes, history };
        Ok((data, places))
    }
}

/// `income@2024` is the column `income` in 2024.
fn code_and_year(head: String) -> (String, Option<i32>) {
    match head.rsplit_once('@').and_then(|(code, end)| Some((code.trim().to_owned(), year(end)?))) {
        Some((code, year)) => (code, Some(year)),
        None => (head, None),
    }
}

/// A finite number of a bearable size, nothing, or why not.
fn number(value: Value) -> Result<Option<f64>, &'static str> {
    let number = match value {
        Value::Number(number) => number,
        Value::Bad(reason) => return Err(reason),
        Value::Text(text) if text.trim().is_empty() => return Ok(None),
        Value::Text(text) => text.trim().parse().map_err(|_| "不是数字，请更正，或留空表示缺失")?,
        Value::Blank => return Ok(None),
    };
    if number.is_finite() && number.abs() <= MAGNITUDE_LIMIT {
        return Ok(Some(number));
    }
    Err("数值不是有限数或过大，请更正")
}

/// Where the names of a table stand in its sheet.
#[derive(Debug, Default, Clone)]
pub struct Places {
    sheet: String,
    rows: HashMap<String, u32>,
    columns: HashMap<String, u32>,
}

impl Places {
    /// Leaves stand where their columns do.
    pub fn name_leaves(&mut self, node: &Node) {
        let column = node.leaf.as_ref().and_then(|leaf| self.columns.get(leaf.column.as_ref()?).copied());
        if let Some(column) = column {
            self.columns.insert(node.code.clone(), column);
        }
        node.children.iter().for_each(|child| self.name_leaves(child));
    }

    /// A finding about `town/column`, a town or a column, with its sheet and cell.
    pub fn locate(&self, finding: Finding) -> Fault {
        let place = finding.place.as_str();
        // Names may hold a slash of their own.
        let mut parts = place.match_indices('/').map(|(at, _)| (&place[..at], &place[at + 1..]));
        let known = |(town, column): &(&str, &str)| {
            self.rows.contains_key(*town) && self.columns.contains_key(*column)
        };
        let first = place.split_once('/').unwrap_or((place, place));
        let (town, column) = parts.find(known).unwrap_or(first);
        let row = self.rows.get(town).or_else(|| self.rows.get(place)).copied();
        let column = self.columns.get(column).or_else(|| self.columns.get(place)).copied();
        if row.is_none() && column.is_none() {
            return Fault { sheet: None, cell: None, finding };
        }
        let cell = address(row.unwrap_or(0), column.unwrap_or(0));
        Fault { sheet: Some(self.sheet.clone()), cell: Some(cell), finding }
    }
}

/// `B3` for row 2, column 1.
fn address(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_with_a_year_hold_earlier_figures() {
        let mut grid = Grid::new("csv", CELL_LIMIT);
        let rows = [["town", "income", "income@2024", "income@2023年", "a@b"], ["甲", "12", "10", "", "1"]];
        for (row, cells) in (0u32..).zip(rows) {
            for (column, cell) in (0u32..).zip(cells) {
                grid.put(row, column, Value::Text(cell.to_owned()));
            }
        }
        let (data, _) = grid.finish().expect("a table");
        let codes: Vec<&str> = data.columns.iter().map(|column| column.code.0.as_str()).collect();
        assert_eq!(codes, ["income", "a@b"]);
        let years: Vec<Option<i32>> = data.history.iter().map(|past| past.year).collect();
        assert_eq!(years, [Some(2023), Some(2024)]);
        assert_eq!(data.history[0].columns[0].values, [None]);
        assert_eq!(data.history[1].columns[0].code, LeafId("income".to_owned()));
        assert_eq!(data.history[1].columns[0].values, [Some(10.0)]);
        let table = assess::Table::try_from(data).expect("a table with a year before");
        assert_eq!(table.history()[0].year(), Some(2024), "the newest first");
    }

    #[test]
    fn addresses_are_those_of_a_spreadsheet() {
        let named =
            [(0, 0, "A1"), (2, 1, "B3"), (0, 25, "Z1"), (0, 26, "AA1"), (9, 701, "ZZ10"), (0, 702, "AAA1")];
        for (row, column, expected) in named {
            assert_eq!(address(row, column), expected);
        }
    }
}
