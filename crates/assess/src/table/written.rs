//! A table as it is written in JSON, and what may be wrong with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CELL_LIMIT, CellFlag, FINDING_LIMIT, LeafId, MAGNITUDE_LIMIT, Table, TownId};
use crate::error::{EvalError, Finding};

/// A table as it is written in JSON.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableData {
    /// Year of the figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Towns in order.
    pub towns: Vec<TownId>,
    /// Columns in order.
    pub columns: Vec<ColumnData>,
    /// Attributes: one text a town, such as `prefecture` or `track`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Earlier years; towns are matched by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<TableData>,
}

/// A column as it is written in JSON.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnData {
    /// Code of the column.
    pub code: LeafId,
    /// One figure a town; `null` is missing.
    pub values: Vec<Option<f64>>,
    /// Flags, one a town; absent: measured, or missing where the value is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<CellFlag>,
}

impl TryFrom<TableData> for Table {
    type Error = EvalError;

    fn try_from(data: TableData) -> Result<Table, EvalError> {
        let m = data.towns.len();
        EvalError::limit("cells", m as u64 * data.columns.len() as u64, CELL_LIMIT)?;
        let findings = findings(&data);
        if !findings.is_empty() {
            return Err(EvalError::Table { findings });
        }
        let mut cells = Vec::with_capacity(m * data.columns.len());
        let mut flags = Vec::with_capacity(m * data.columns.len());
        let mut leaves = Vec::with_capacity(data.columns.len());
        for column in data.columns {
            for (i, value) in column.values.iter().enumerate() {
                cells.push(value.unwrap_or(f64::NAN));
                flags.push(match (value, column.flags.get(i)) {
                    (None, Some(CellFlag::ZeroDenominator)) => CellFlag::ZeroDenominator,
                    (None, _) => CellFlag::Missing,
                    (Some(_), flag) => flag.copied().unwrap_or_default(),
                });
            }
            leaves.push(column.code);
        }
        let history = data.history.into_iter().map(Table::try_from).collect::<Result<Vec<_>, _>>()?;
        let index = leaves.iter().enumerate().map(|(j, c)| (c.0.clone(), j));
        Ok(Table {
            year: data.year,
            towns: data.towns.into(),
            index: index.collect(),
            leaves,
            cells,
            flags,
            attributes: data.attributes,
            history: Vec::new(),
            past_rows: Vec::new(),
        }
        .with_history(history))
    }
}

impl From<Table> for TableData {
    fn from(table: Table) -> TableData {
        let columns = (0..table.leaves.len())
            .map(|j| ColumnData {
                code: table.leaves[j].clone(),
                values: (0..table.towns.len()).map(|i| table.value(i, j)).collect(),
                flags: table.flags_of(j).to_vec(),
            })
            .collect();
        TableData {
            year: table.year,
            columns,
            towns: table.towns.to_vec(),
            attributes: table.attributes,
            history: table.history.into_iter().map(TableData::from).collect(),
        }
    }
}

fn findings(data: &TableData) -> Vec<Finding> {
    let mut found = Vec::new();
    let towns: Vec<&str> = data.towns.iter().map(|t| t.0.as_str()).collect();
    let codes: Vec<&str> = data.columns.iter().map(|c| c.code.0.as_str()).collect();
    names(&towns, "town", &mut found);
    names(&codes, "column", &mut found);
    for (name, values) in &data.attributes {
        if values.len() != towns.len() {
            found.push(Finding::new("wrong_length", name.clone(), "属性个数与城镇数不符，请核对"));
        }
    }
    for column in &data.columns {
        column_findings(column, &towns, &mut found);
    }
    years(data, &mut found);
    found.truncate(FINDING_LIMIT);
    found
}

/// Each earlier year lies before this one, and no two are the same.
fn years(data: &TableData, found: &mut Vec<Finding>) {
    let mut seen = std::collections::HashSet::new();
    for year in data.history.iter().filter_map(|past| past.year) {
        if data.year.is_some_and(|now| year >= now) || !seen.insert(year) {
            let message = format!("往年数据应早于本年且每年一份，{year} 年不符，请核对");
            found.push(Finding::new("wrong_year", year.to_string(), message));
        }
    }
}

fn names(names: &[&str], kind: &str, found: &mut Vec<Finding>) {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        if name.trim().is_empty() {
            found.push(Finding::new("empty_name", kind, "名称为空，请填写"));
        } else if !seen.insert(*name) {
            found.push(Finding::new("repeated_name", *name, "名称重复，请保留一个"));
        }
    }
}

fn column_findings(column: &ColumnData, towns: &[&str], found: &mut Vec<Finding>) {
    let code = &column.code.0;
    let flags = column.flags.len();
    if column.values.len() != towns.len() || (flags != 0 && flags != towns.len()) {
        found.push(Finding::new("wrong_length", code.clone(), "数据个数与城镇数不符，请核对"));
        return;
    }
    for (town, value) in towns.iter().zip(&column.values) {
        let Some(value) = value else { continue };
        if !value.is_finite() || value.abs() > MAGNITUDE_LIMIT {
            found.push(Finding::new("not_finite", format!("{town}/{code}"), "数值不是有限数或过大，请更正"));
        }
    }
}
