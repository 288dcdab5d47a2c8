//! Scoring a stage node by node under drawn weights, where no single weighted sum will do.

use std::borrow::Cow;

use super::scenario::Group;
use crate::aggregate::node_scores;
use crate::control::Control;
use crate::error::EvalError;
use crate::stage::Stage;

/// Scores of some nodes under the stage's own weights.
///
/// # Errors
/// As [`node_scores`].
pub(crate) fn columns<'a>(
    stage: &'a Stage,
    nodes: &[usize],
    control: &Control,
) -> Result<Vec<Cow<'a, [f64]>>, EvalError> {
    if let Some(leaves) = nodes.iter().map(|&node| stage.nodes[node].leaf).collect::<Option<Vec<_>>>() {
        return Ok(leaves.into_iter().map(|leaf| Cow::Borrowed(stage.leaf(leaf))).collect());
    }
    let mut scores = node_scores(stage, &stage.weights(), control)?;
    Ok(nodes.iter().map(|&node| Cow::Owned(std::mem::take(&mut scores[node]))).collect())
}

/// Scores of every node under a row of local weights.
///
/// # Errors
/// As [`node_scores`]; a group whose weights sum to nothing.
pub(crate) fn scores(
    stage: &Stage,
    groups: &[Group],
    local: &[f64],
    control: &Control,
) -> Result<Vec<Vec<f64>>, EvalError> {
    let mut weights = stage.weights();
    for group in groups {
        let drawn = &mut weights[group.node];
        drawn.clear();
        drawn.extend(group.places.iter().map(|&place| local[place]));
        if !group.complete && !super::distribution::normalise(drawn) {
            let code = Some(stage.nodes[group.node].code.as_str());
            return Err(EvalError::value("no_weight", None, code, "权重合计为零，请调整不确定性设定"));
        }
    }
    node_scores(stage, &weights, control)
}
