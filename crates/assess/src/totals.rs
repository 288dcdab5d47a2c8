//! Total scores alone, for callers that need no report: many tables, plans or years compared in one go.

use crate::aggregate::node_scores;
use crate::decide::Judge;
use crate::error::EvalError;
use crate::evaluate::{check, options};
use crate::plan::Plan;
use crate::stage::{Choices, prepare};
use crate::table::Table;

/// Total score of each town, in the table's order and the scale's units; `None` if not assessed. The same
/// numbers as [`crate::Evaluation::totals`], without ranks, reasons and digests.
///
/// # Errors
/// As [`crate::evaluate`].
pub fn totals(table: &Table, plan: &Plan) -> Result<Vec<Option<f64>>, EvalError> {
    check(table, plan)?;
    let stage = prepare(table, plan, &Choices::default())?;
    let nodes = node_scores(&stage, &stage.weights())?;
    Ok(options(&Judge::new(table, plan, &stage).totals(&nodes)))
}
