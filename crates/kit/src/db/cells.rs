//! A row as its columns' names and values, whatever the table: what digests and exports need.

use super::Result;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Row, TypeInfo, ValueRef};

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row's columns in the table's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells(pub Vec<(String, Cell)>);

impl Cells {
    pub fn get(&self, column: &str) -> Option<&Cell> {
        self.0.iter().find(|(name, _)| name == column).map(|(_, cell)| cell)
    }

    /// The text of a column, where it is text.
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.get(column) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }
}

pub(super) fn from_sqlite(row: &SqliteRow) -> Result<Cells> {
    let mut cells = Vec::with_capacity(row.columns().len());
    for (at, column) in row.columns().iter().enumerate() {
        let value = row.try_get_raw(at)?;
        let cell = match (value.is_null(), value.type_info().name()) {
            (true, _) => Cell::Null,
            (_, "INTEGER") => Cell::Int(row.try_get(at)?),
            (_, "BLOB") => Cell::Bytes(row.try_get(at)?),
            (_, "TEXT") => text_or_bytes(row, at)?,
            // A number with a fraction: none of ours, so any text of it is as false.
            _ => Cell::Text(row.try_get_unchecked(at)?),
        };
        cells.push((column.name().to_owned(), cell));
    }
    Ok(Cells(cells))
}

/// SQLite keeps what it is given as text: another tool may have given it bytes that are none.
fn text_or_bytes(row: &SqliteRow, at: usize) -> Result<Cell> {
    let bytes: Vec<u8> = row.try_get_unchecked(at)?;
    Ok(String::from_utf8(bytes).map_or_else(|error| Cell::Bytes(error.into_bytes()), Cell::Text))
}

pub(super) fn from_pg(row: &PgRow) -> Result<Cells> {
    let mut cells = Vec::with_capacity(row.columns().len());
    for (at, column) in row.columns().iter().enumerate() {
        let value = row.try_get_raw(at)?;
        let cell = match (value.is_null(), value.type_info().name()) {
            (true, _) => Cell::Null,
            (_, "INT8") => Cell::Int(row.try_get(at)?),
            (_, "BYTEA") => Cell::Bytes(row.try_get(at)?),
            _ => Cell::Text(row.try_get(at)?),
        };
        cells.push((column.name().to_owned(), cell));
    }
    Ok(Cells(cells))
}
