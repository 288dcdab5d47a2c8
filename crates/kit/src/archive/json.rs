//! Rows as lines of JSON: integers, texts, bytes in base64, null.

use crate::db::{Cell, Cells, Value};
use crate::error::{Error, Result};
use data_encoding::BASE64;
use serde_json::{Map, Value as Json, json};

pub(super) fn line_of(row: &Cells) -> String {
    let object: Map<String, Json> =
        row.0.iter().map(|(name, cell)| (name.clone(), cell_to_json(cell))).collect();
    Json::Object(object).to_string()
}

fn cell_to_json(cell: &Cell) -> Json {
    match cell {
        Cell::Null => Json::Null,
        Cell::Int(value) => json!(value),
        Cell::Text(text) => json!(text),
        Cell::Bytes(bytes) => json!({ "b64": BASE64.encode(bytes) }),
    }
}

/// The columns of a line that are not null, ready to be bound.
pub(super) fn columns_of(line: &str) -> Result<Vec<(String, Value)>> {
    let object: Map<String, Json> = serde_json::from_str(line).map_err(Error::internal)?;
    let mut columns = Vec::with_capacity(object.len());
    for (name, value) in object {
        let is_name =
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let bound = match value {
            Json::Null => continue,
            Json::Number(number) => number.as_i64().map(Value::Int),
            Json::String(text) => Some(Value::Text(text)),
            Json::Object(bytes) => bytes
                .get("b64")
                .and_then(Json::as_str)
                .and_then(|text| BASE64.decode(text.as_bytes()).ok())
                .map(Value::Bytes),
            Json::Bool(_) | Json::Array(_) => None,
        };
        match bound {
            Some(value) if is_name => columns.push((name, value)),
            _ => return Err(Error::internal(format!("the file holds a row that is not ours: {name}"))),
        }
    }
    Ok(columns)
}
