//! Exact statements about weights, without sampling: within which interval of each weight
//! the top K stays, and the smallest move of one weight that swaps two towns.
//!
//! A weight moves alone; its siblings share the rest in their old proportions. Every total
//! is then a straight line in the weight, so only complete trees of arithmetic means and
//! totals without floor or ceiling qualify.

use serde::{Deserialize, Serialize};

use crate::error::EvalError;
use crate::plan::{Aggregation, Node, Plan};
use crate::result::{Evaluation, NodeResult};
use crate::table::TownId;

/// The interval of one local weight within which the set of the best K stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Node whose weight among its siblings moves.
    pub node: String,
    /// Its weight now.
    pub weight: f64,
    /// Least weight that keeps the set, 0 to `weight`.
    pub low: f64,
    /// Greatest weight that keeps the set, `weight` to 1.
    pub high: f64,
}

/// A move of one local weight that swaps two towns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Swap {
    /// Node whose weight among its siblings moves.
    pub node: String,
    /// Its weight now.
    pub from: f64,
    /// The weight at which the two towns tie; beyond it they are swapped.
    pub to: f64,
}

/// A line: total = now + slope·(w − weight).
struct Line {
    node: String,
    weight: f64,
    slopes: Vec<f64>,
}

/// The interval of each weight within which the best `k` towns stay the same set, nodes in
/// the order of the evaluation. Towns without a total do not take part.
///
/// # Errors
/// [`EvalError::Value`] when the tree is not made of arithmetic means, a score is missing,
/// or a floor or ceiling bends totals; also for `k` = 0.
pub fn weight_intervals(evaluation: &Evaluation, k: usize) -> Result<Vec<Interval>, EvalError> {
    let rows = complete_rows(evaluation)?;
    if k == 0 {
        return Err(unfit("名额应至少为 1"));
    }
    let totals: Vec<f64> = rows.iter().map(|i| evaluation.totals[*i].unwrap_or(0.0)).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| totals[*b].total_cmp(&totals[*a]).then(a.cmp(b)));
    let (inside, outside) = order.split_at(k.min(order.len()));
    let interval = |line: Line| {
        let reach = |bound: f64| reach(&totals, &line.slopes, inside, outside, bound - line.weight);
        Interval {
            low: (line.weight + reach(0.0)).max(0.0),
            high: (line.weight + reach(1.0)).min(1.0),
            node: line.node,
            weight: line.weight,
        }
    };
    Ok(lines(evaluation, &rows)?.into_iter().map(interval).collect())
}

/// How far the weight may move towards `bound` before the set changes: least inside minus
/// greatest outside is concave in the move, so stepping back to the crossing of the worst
/// pair ends at the answer.
fn reach(totals: &[f64], slopes: &[f64], inside: &[usize], outside: &[usize], bound: f64) -> f64 {
    let mut step = bound;
    for _ in 0..=totals.len() {
        let at = |i: usize| totals[i] + slopes[i] * step;
        let least = inside.iter().copied().min_by(|a, b| at(*a).total_cmp(&at(*b)));
        let most = outside.iter().copied().max_by(|a, b| at(*a).total_cmp(&at(*b)));
        let (Some(i), Some(j)) = (least, most) else {
            return bound;
        };
        let gap = totals[i] - totals[j];
        if at(i) >= at(j) {
            return step;
        }
        let next = -gap / (slopes[i] - slopes[j]);
        let next = if next.is_finite() { next } else { 0.0 };
        if next.abs() >= step.abs() || next * bound <= 0.0 {
            return if next * bound <= 0.0 { 0.0 } else { next };
        }
        step = next;
    }
    step
}

/// Every move of one weight that makes towns `a` and `b` tie, the smallest first; empty if
/// no weight can.
///
/// # Errors
/// As [`weight_intervals`]; [`EvalError::Table`] for a town that is not there.
pub fn swaps(evaluation: &Evaluation, a: &str, b: &str) -> Result<Vec<Swap>, EvalError> {
    let rows = complete_rows(evaluation)?;
    let find = |town: &str| {
        rows.iter()
            .position(|i| evaluation.towns[*i] == TownId(town.to_owned()))
            .ok_or_else(|| EvalError::table("unknown_town", town, "没有这个城镇，或没有总分，请核对"))
    };
    let (a, b) = (find(a)?, find(b)?);
    let total = |i: usize| evaluation.totals[rows[i]].unwrap_or(0.0);
    let gap = total(a) - total(b);
    let mut swaps: Vec<Swap> = lines(evaluation, &rows)?
        .into_iter()
        .filter_map(|line| {
            let to = line.weight - gap / (line.slopes[a] - line.slopes[b]);
            (0.0..=1.0).contains(&to).then_some(Swap { node: line.node, from: line.weight, to })
        })
        .collect();
    let size = |swap: &Swap| (swap.to - swap.from).abs();
    swaps.sort_by(|x, y| size(x).total_cmp(&size(y)));
    Ok(swaps)
}

fn unfit(message: &str) -> EvalError {
    EvalError::value("not_linear_in_weights", None, None, message)
}

/// Rows with a total, once it is sure that totals are straight lines in every weight.
fn complete_rows(evaluation: &Evaluation) -> Result<Vec<usize>, EvalError> {
    let plan: &Plan = &evaluation.plan;
    if !all_arithmetic(&plan.tree.root) {
        return Err(unfit("只有逐级加权平均的方案才能计算权重区间"));
    }
    if plan.adjustments.floor.is_some() || plan.adjustments.ceiling.is_some() {
        return Err(unfit("总分设有上下限，不能计算权重区间"));
    }
    let rows: Vec<usize> = (0..evaluation.towns.len()).filter(|i| evaluation.totals[*i].is_some()).collect();
    let complete = |node: &NodeResult| rows.iter().all(|i| node.scores[*i].is_some());
    if rows.is_empty() || !evaluation.nodes.iter().all(complete) {
        return Err(unfit("有缺失得分，不能计算权重区间，请先插补"));
    }
    Ok(rows)
}

fn all_arithmetic(node: &Node) -> bool {
    node.leaf.is_some()
        || (node.aggregation == Aggregation::Arithmetic && node.children.iter().all(all_arithmetic))
}

/// One line for each node that has siblings.
fn lines(evaluation: &Evaluation, rows: &[usize]) -> Result<Vec<Line>, EvalError> {
    let mut lines = Vec::new();
    for node in &evaluation.nodes {
        let Some(parent) = &node.parent else { continue };
        let parent = evaluation.nodes.iter().find(|p| p.code == *parent);
        let global = parent.and_then(|p| p.global_weight);
        let (Some(parent), Some(global)) = (parent, global) else {
            return Err(unfit("只有逐级加权平均的方案才能计算权重区间"));
        };
        let rest = 1.0 - node.weight;
        if rest <= 1e-12 {
            continue;
        }
        let slope = |i: &usize| {
            let own = node.scores[*i].unwrap_or(0.0);
            let whole = parent.scores[*i].unwrap_or(0.0);
            global * (own - (whole - node.weight * own) / rest)
        };
        lines.push(Line {
            node: node.code.clone(),
            weight: node.weight,
            slopes: rows.iter().map(slope).collect(),
        });
    }
    Ok(lines)
}
