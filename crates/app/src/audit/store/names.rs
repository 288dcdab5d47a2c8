//! What the things that entries name are called.

use kit::db::{Args, Row, Sql, Value};
use kit::{Result, Store};
use std::collections::HashMap;

/// The names of people, by id.
pub async fn names_of_people(store: &Store, ids: &[&str]) -> Result<HashMap<String, String>> {
    let sql = format!("SELECT id, name FROM person WHERE id IN ({})", places(ids));
    let rows: Vec<(String, String)> = among(store, sql, ids).await?;
    Ok(rows.into_iter().collect())
}

/// The names of declarations with their numbers, by id.
pub async fn names_of_declarations(store: &Store, ids: &[&str]) -> Result<HashMap<String, String>> {
    let sql = format!("SELECT id, name, number FROM declaration WHERE id IN ({})", places(ids));
    let rows: Vec<(String, String, String)> = among(store, sql, ids).await?;
    Ok(rows.into_iter().map(|(id, name, number)| (id, format!("{name}（{number}）"))).collect())
}

/// A name of a division, and the day from which it bore it.
#[derive(sqlx::FromRow)]
pub struct DivisionName {
    pub code: String,
    pub name: String,
    pub valid_from: String,
}

/// Every name these divisions have had, the oldest first.
pub async fn names_of_divisions(store: &Store, codes: &[&str]) -> Result<Vec<DivisionName>> {
    let sql = format!(
        "SELECT code, name, valid_from FROM division WHERE code IN ({}) ORDER BY code, valid_from",
        places(codes)
    );
    among(store, sql, codes).await
}

fn places(values: &[&str]) -> String {
    let places: Vec<String> = (1..=values.len()).map(|at| format!("${at}")).collect();
    places.join(", ")
}

async fn among<T: Row>(store: &Store, sql: String, values: &[&str]) -> Result<Vec<T>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let bound: Args = values.iter().map(|value| Value::from(*value)).collect();
    Ok(store.read().all(Sql::built(sql), bound).await?)
}
