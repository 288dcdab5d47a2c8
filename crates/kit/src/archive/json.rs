//! Rows as lines of JSON: integers, texts, bytes in base64, null.

use crate::db::{Cell, Cells, Value};
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

/// The columns of a line that are not null, ready to be bound; none for a line that is not ours.
pub(super) fn columns_of(line: &str) -> Option<Vec<(String, Value)>> {
    let object: Map<String, Json> = serde_json::from_str(line).ok()?;
    let given = object.into_iter().filter(|(_, value)| !value.is_null());
    given.map(|(name, value)| is_name(&name).then_some((name, bound(value)?))).collect()
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn bound(value: Json) -> Option<Value> {
    match value {
        Json::Number(number) => number.as_i64().map(Value::Int),
        Json::String(text) => Some(Value::Text(text)),
        Json::Object(bytes) => BASE64.decode(bytes.get("b64")?.as_str()?.as_bytes()).ok().map(Value::Bytes),
        Json::Null | Json::Bool(_) | Json::Array(_) => None,
    }
}
