//! Total scores alone, for callers that need no report: many tables, plans or years compared in one go.

use std::borrow::Cow;

use crate::aggregate::node_score;
use crate::control::Control;
use crate::decide::Judge;
use crate::error::EvalError;
use crate::evaluate::{check, options};
use crate::plan::Plan;
use crate::stage::{Choices, Stage, prepare};
use crate::table::Table;

/// Total score of each town, in the table's order and the scale's units; `None` if not assessed. The same
/// numbers as [`crate::Evaluation::totals`], without ranks, reasons and digests.
///
/// # Errors
/// As [`crate::evaluate`].
pub fn totals(table: &Table, plan: &Plan) -> Result<Vec<Option<f64>>, EvalError> {
    check(table, plan)?;
    let stage = prepare(table, plan, &Choices::default(), &Control::default())?;
    let root = root_scores(&stage)?;
    Ok(options(&Judge::new(table, plan, &stage).totals_of(&root)))
}

/// Scores of the root; columns of leaves are read where they stand.
fn root_scores(stage: &Stage) -> Result<Vec<f64>, EvalError> {
    let mut scores: Vec<Cow<'_, [f64]>> = Vec::with_capacity(stage.nodes.len());
    for (at, node) in stage.nodes.iter().enumerate() {
        let score = match (node.leaf, &node.weighting) {
            (None, Some(weights)) => {
                let columns: Vec<&[f64]> = node.children.iter().map(|child| &*scores[*child]).collect();
                Cow::Owned(node_score(stage, at, &weights.values, &columns)?)
            }
            (Some(leaf), _) => Cow::Borrowed(stage.leaf(leaf)),
            (None, None) => Cow::Owned(vec![f64::NAN; stage.towns]),
        };
        scores.push(score);
    }
    Ok(scores.pop().map_or(Vec::new(), Cow::into_owned))
}
