//! The JSON Schema of plan, table, every result and error.

use serde_json::Value;

/// JSON Schema (draft 2020-12) with the definitions `plan`, `table`, `evaluation`, `explanation`, `planWeights`,
/// `robustness`, `sobol`, `compared`, `agreement`, `error` and their parts.
pub fn schema() -> Value {
    serde_json::from_str(include_str!("schema.json")).expect("the schema is tested to be JSON")
}
