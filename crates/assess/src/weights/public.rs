//! Weights on their own: of a whole table, or of every group of a plan.

use serde::{Deserialize, Serialize};

use super::{Group, Weights, weigh_unchecked};
use crate::control::Control;
use crate::error::{EvalError, Notice};
use crate::evaluate::{check, input_digest};
use crate::plan::{Direction, Plan, WeightMethod};
use crate::stage::{Choices, prepare};
use crate::table::Table;

/// Weights of one sibling group of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupWeights {
    /// Code of the parent.
    pub node: String,
    /// Codes of the children that take part.
    pub children: Vec<String>,
    /// Their weights.
    pub weights: Weights,
}

/// Weights of every group of a plan, with what the reader must know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanWeights {
    /// Version of the engine.
    pub engine: String,
    /// SHA-256 of the canonical table and plan, hexadecimal.
    pub input_digest: String,
    /// Groups, parents after their children.
    pub groups: Vec<GroupWeights>,
    /// What the reader must know.
    pub notices: Vec<Notice>,
}

/// Weights of all columns of a table as one group of benefit indicators; with
/// `directions` given, one a column. AHP judgements that are too inconsistent come back
/// with `usable` false.
///
/// # Errors
/// [`EvalError::Plan`] when the method does not fit the columns; [`EvalError::Value`] for
/// figures the method cannot take; [`EvalError::Table`] without towns or columns.
pub fn weights(
    table: &Table,
    method: &WeightMethod,
    directions: Option<&[Direction]>,
) -> Result<(Weights, Vec<Notice>), EvalError> {
    let n = table.leaves().len();
    if n == 0 || table.towns().is_empty() {
        return Err(EvalError::table("empty_table", "table", "数据表没有城镇或指标，请补充"));
    }
    let directions = directions.map_or_else(|| vec![Direction::Benefit; n], <[_]>::to_vec);
    if directions.len() != n {
        return Err(EvalError::plan("wrong_length", "directions", "方向个数与指标个数不符"));
    }
    let findings = method.check(n);
    if !findings.is_empty() {
        return Err(EvalError::Plan { findings });
    }
    let kept: Vec<usize> = (0..n).collect();
    let group = Group {
        code: "table",
        names: table.leaves().iter().map(|leaf| leaf.0.as_str()).collect(),
        given: vec![None; n],
        kept: &kept,
        columns: (0..n).map(|j| table.column(j)).collect(),
        directions,
        towns: table.towns(),
        control: &Control::default(),
    };
    weigh_unchecked(method, &group)
}

/// Weights of every group of a plan.
///
/// # Errors
/// As [`crate::evaluate`].
pub fn plan_weights(table: &Table, plan: &Plan) -> Result<PlanWeights, EvalError> {
    plan_weights_with(table, plan, &Control::default())
}

/// As [`plan_weights`], to be cancelled from outside.
///
/// # Errors
/// As [`plan_weights`]; [`EvalError::Cancelled`].
pub fn plan_weights_with(table: &Table, plan: &Plan, control: &Control) -> Result<PlanWeights, EvalError> {
    check(table, plan)?;
    let stage = prepare(table, plan, &Choices::default(), control)?;
    let groups = stage.nodes.iter().filter_map(|node| {
        let weights = node.weighting.clone()?;
        let children = node.children.iter().map(|child| stage.nodes[*child].code.clone());
        Some(GroupWeights { node: node.code.clone(), children: children.collect(), weights })
    });
    Ok(PlanWeights {
        engine: crate::ENGINE.to_owned(),
        input_digest: input_digest(table, plan, control)?,
        groups: groups.collect(),
        notices: stage.notices.clone(),
    })
}
