//! The table: towns by columns, column-major, with a flag for every cell and the
//! attributes that groups and quotas need. A `Table` that exists is finite and square.

mod written;

pub use written::{ColumnData, TableData};

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::control::Control;
use crate::digest::Digest;
use crate::error::EvalError;
use crate::json::fault;

/// Most cells a run takes (m·n).
pub const CELL_LIMIT: u64 = 1 << 31;
/// Largest magnitude of a figure; beyond it squares would overflow.
pub const MAGNITUDE_LIMIT: f64 = 1e140;
/// Cells digested between two looks at the control.
const DIGESTED: usize = 4_096;
/// Most findings listed for one table.
pub const FINDING_LIMIT: usize = 1_000;

/// Identifier of a town.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TownId(pub String);

/// Code of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeafId(pub String);

/// Where a cell's figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellFlag {
    /// Reported.
    #[default]
    Measured,
    /// No figure.
    Missing,
    /// Filled in by a step of the plan, or before the table came here.
    Imputed,
    /// Changed by outlier treatment.
    Treated,
    /// Clamped to goalposts or a cap.
    Clamped,
    /// Missing because its denominator is zero or missing.
    ZeroDenominator,
}

/// Figures of one year. Missing cells are NaN inside and `null` outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "TableData", into = "TableData")]
pub struct Table {
    year: Option<i32>,
    towns: Arc<[TownId]>,
    leaves: Vec<LeafId>,
    cells: Vec<f64>,
    flags: Vec<CellFlag>,
    attributes: BTreeMap<String, Vec<String>>,
    history: Vec<Table>,
    /// For each earlier year, the row of each of this year's towns.
    past_rows: Vec<Vec<Option<usize>>>,
    index: HashMap<String, usize>,
}

impl Table {
    /// Builds a table from column-major `cells` (`None` is missing).
    ///
    /// # Errors
    /// [`EvalError::Limit`] beyond 2³¹ cells; [`EvalError::Table`] for repeated or empty
    /// names, wrong lengths, NaN, infinities and magnitudes above 1e140.
    pub fn new(towns: Vec<TownId>, leaves: Vec<LeafId>, cells: Vec<Option<f64>>) -> Result<Table, EvalError> {
        let m = towns.len();
        if cells.len() as u64 != m as u64 * leaves.len() as u64 {
            return Err(EvalError::table("wrong_length", "cells", "数据个数与行列数不符，请核对"));
        }
        let columns = leaves
            .into_iter()
            .enumerate()
            .map(|(j, code)| ColumnData {
                code,
                values: cells[j * m..(j + 1) * m].to_vec(),
                flags: Vec::new(),
            })
            .collect();
        Table::try_from(TableData { towns, columns, ..TableData::default() })
    }

    /// Parses the JSON form.
    ///
    /// # Errors
    /// [`EvalError::Table`] naming the line and column, or as [`Table::new`].
    pub fn from_json(text: &str) -> Result<Table, EvalError> {
        let data: TableData = serde_json::from_str(text).map_err(|error| {
            EvalError::table(
                "json",
                format!("{}:{}", error.line(), error.column()),
                format!("数据文件无法读取：{}", fault(&error)),
            )
        })?;
        Table::try_from(data)
    }

    /// The table with attribute `name` (one text a town).
    ///
    /// # Errors
    /// [`EvalError::Table`] when the length differs from the number of towns.
    pub fn with_attribute(mut self, name: &str, values: Vec<String>) -> Result<Table, EvalError> {
        if values.len() != self.towns.len() {
            return Err(EvalError::table("wrong_length", name, "属性个数与城镇数不符，请核对"));
        }
        self.attributes.insert(name.to_owned(), values);
        Ok(self)
    }

    /// The table with its year.
    pub fn with_year(mut self, year: i32) -> Table {
        self.year = Some(year);
        self
    }

    /// The table with earlier years, newest first after sorting by year.
    pub fn with_history(mut self, mut history: Vec<Table>) -> Table {
        history.sort_by_key(|table| std::cmp::Reverse(table.year));
        self.past_rows = history
            .iter()
            .map(|past| {
                let rows: HashMap<&TownId, usize> =
                    past.towns.iter().enumerate().map(|(i, t)| (t, i)).collect();
                self.towns.iter().map(|t| rows.get(t).copied()).collect()
            })
            .collect();
        self.history = history;
        self
    }

    /// Year of the figures.
    pub fn year(&self) -> Option<i32> {
        self.year
    }

    /// Towns in order.
    pub fn towns(&self) -> &[TownId] {
        &self.towns
    }

    /// Towns in order, shared.
    pub(crate) fn shared_towns(&self) -> Arc<[TownId]> {
        Arc::clone(&self.towns)
    }

    /// Columns in order.
    pub fn leaves(&self) -> &[LeafId] {
        &self.leaves
    }

    /// Earlier years, newest first.
    pub fn history(&self) -> &[Table] {
        &self.history
    }

    /// SHA-256 of year, names, attributes, figures, flags and history, hexadecimal.
    /// Figures count as little-endian bytes, so nothing is lost in writing them.
    pub fn digest(&self) -> String {
        self.digest_with(&Control::default()).expect("nobody cancels")
    }

    /// As [`Table::digest`]; the control is asked before each column.
    ///
    /// # Errors
    /// [`EvalError::Cancelled`].
    pub(crate) fn digest_with(&self, control: &Control) -> Result<String, EvalError> {
        let history = self.history.iter().map(|past| past.digest_with(control));
        let history = history.collect::<Result<Vec<String>, EvalError>>()?;
        let names = (self.year, &self.towns[..], &self.leaves, &self.attributes, history);
        let mut digest = Digest::default();
        digest.take(crate::json::to_json(&names).as_bytes());
        let mut bytes = Vec::with_capacity(8 * DIGESTED);
        for cells in self.cells.chunks(DIGESTED) {
            control.check()?;
            bytes.clear();
            for cell in cells {
                let bits = if cell.is_nan() { u64::MAX } else { (cell + 0.0).to_bits() };
                bytes.extend(bits.to_le_bytes());
            }
            digest.take(&bytes);
        }
        for flags in self.flags.chunks(8 * DIGESTED) {
            control.check()?;
            bytes.clear();
            bytes.extend(flags.iter().map(|flag| *flag as u8));
            digest.take(&bytes);
        }
        Ok(digest.hex())
    }

    /// Position of a column.
    pub fn column_index(&self, code: &str) -> Option<usize> {
        self.index.get(code).copied()
    }

    /// Figures of a column, NaN where missing.
    pub(crate) fn column(&self, j: usize) -> &[f64] {
        let m = self.towns.len();
        &self.cells[j * m..(j + 1) * m]
    }

    /// Figures of a column by code, NaN where missing.
    pub(crate) fn column_by(&self, code: &str) -> Option<&[f64]> {
        self.column_index(code).map(|j| self.column(j))
    }

    /// The same table with one column's figures replaced (NaN is missing).
    pub(crate) fn replace_column(&mut self, j: usize, values: &[f64]) {
        let m = self.towns.len();
        self.cells[j * m..(j + 1) * m].copy_from_slice(values);
    }

    /// Figure of a cell, `None` if missing.
    pub fn value(&self, town: usize, column: usize) -> Option<f64> {
        let value = *self.cells.get(column * self.towns.len() + town)?;
        (!value.is_nan()).then_some(value)
    }

    /// Flag of a cell.
    pub fn flag(&self, town: usize, column: usize) -> CellFlag {
        self.flags[column * self.towns.len() + town]
    }

    /// Flags of a column.
    pub(crate) fn flags_of(&self, j: usize) -> &[CellFlag] {
        let m = self.towns.len();
        &self.flags[j * m..(j + 1) * m]
    }

    /// Figure of a town in the `k`-th earlier year, divided by another column if asked.
    pub(crate) fn past_figure(
        &self,
        k: usize,
        town: usize,
        column: usize,
        divisor: Option<usize>,
    ) -> Option<f64> {
        let past = &self.history[k];
        let row = self.past_rows[k][town]?;
        let figure = past.value(row, column)?;
        let figure = match divisor {
            Some(divisor) => figure / past.value(row, divisor)?,
            None => figure,
        };
        figure.is_finite().then_some(figure)
    }

    /// Values of an attribute, one a town.
    pub fn attribute(&self, name: &str) -> Option<&[String]> {
        self.attributes.get(name).map(Vec::as_slice)
    }

    /// Names of the attributes.
    pub fn attribute_names(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }
}
