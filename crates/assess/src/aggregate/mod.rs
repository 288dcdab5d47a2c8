//! From children to a node: means, order statistics and the methods that compare towns.
//! Every result is on the plan's scale, more is better; NaN is missing.

mod compare;
mod ideal;
mod means;
mod pairs;

use crate::control::Control;
use crate::error::{EvalError, Notice, NoticeCode};
use crate::plan::{Aggregation, MissingPolicy};
use crate::stage::Stage;

/// The children of one node as a method sees them.
pub(crate) struct Block<'a> {
    /// One column a child, NaN where missing.
    pub(crate) columns: &'a [&'a [f64]],
    /// Weights of the children, summing to 1.
    pub(crate) weights: &'a [f64],
    /// Children whose smaller figure is better.
    pub(crate) costs: &'a [bool],
    /// Whether any figure is missing.
    pub(crate) gaps: bool,
    pub(crate) scale: [f64; 2],
    pub(crate) towns: usize,
}

/// A figure a method cannot take, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: &'static str,
    pub(crate) town: usize,
    pub(crate) child: usize,
}

/// Largest m²·n of Copeland's method.
const PAIR_LIMIT: u64 = 1 << 34;

/// Whether a method finds the ideal itself, so that a cost may keep its sign.
pub(crate) fn takes_costs(aggregation: &Aggregation) -> bool {
    match aggregation {
        Aggregation::Topsis
        | Aggregation::Vikor { .. }
        | Aggregation::Promethee { .. }
        | Aggregation::Copeland
        | Aggregation::Borda => true,
        Aggregation::Median { of } => of.iter().all(takes_costs),
        Aggregation::Arithmetic
        | Aggregation::Geometric { .. }
        | Aggregation::Harmonic { .. }
        | Aggregation::Power { .. }
        | Aggregation::Owa { .. }
        | Aggregation::Minimum
        | Aggregation::Waspas { .. } => false,
    }
}

/// Scores of every node under the weights given (by node; empty for a leaf).
///
/// # Errors
/// [`EvalError::Value`] naming the town and child a method cannot take;
/// [`EvalError::Limit`] when Copeland would compare too many pairs; [`EvalError::Cancelled`].
pub(crate) fn node_scores(
    stage: &Stage,
    weights: &[Vec<f64>],
    control: &Control,
) -> Result<Vec<Vec<f64>>, EvalError> {
    let mut scores: Vec<Vec<f64>> = Vec::with_capacity(stage.nodes.len());
    for (at, node) in stage.nodes.iter().enumerate() {
        control.check()?;
        let score = match node.leaf {
            Some(j) => stage.leaf(j).to_vec(),
            None => {
                let columns: Vec<&[f64]> =
                    node.children.iter().map(|child| scores[*child].as_slice()).collect();
                node_score(stage, at, &weights[at], &columns)?
            }
        };
        scores.push(score);
    }
    Ok(scores)
}

/// Scores of one group from its children's columns.
pub(crate) fn node_score(
    stage: &Stage,
    at: usize,
    weights: &[f64],
    columns: &[&[f64]],
) -> Result<Vec<f64>, EvalError> {
    let node = &stage.nodes[at];
    let costs: Vec<bool> = node.children.iter().map(|child| stage.nodes[*child].cost).collect();
    let named = |refused: Refused| {
        let town = &stage.ids[refused.town].0;
        let child = &stage.nodes[node.children[refused.child]].code;
        let message = format!("“{town}”的“{child}”为负，该合成方法不能使用，请改用其他方法或标准化");
        EvalError::value(refused.code, Some(town), Some(child), message)
    };
    if uses_pairs(&node.aggregation) {
        let pairs = (stage.towns as u64).pow(2).saturating_mul(columns.len() as u64);
        EvalError::limit("pairs", pairs, PAIR_LIMIT)?;
    }
    let filled = fill(node.missing, columns, &costs, stage);
    let filled: Vec<&[f64]> = match &filled {
        Some(filled) => filled.iter().map(Vec::as_slice).collect(),
        None => columns.to_vec(),
    };
    let block = Block {
        gaps: filled.iter().any(|column| has_gap(column)),
        columns: &filled,
        weights,
        costs: &costs,
        scale: stage.scale,
        towns: stage.towns,
    };
    let mut score = combine(&node.aggregation, &block).map_err(named)?;
    if node.missing == MissingPolicy::Refuse {
        refuse(&mut score, columns);
    }
    Ok(score)
}

fn uses_pairs(aggregation: &Aggregation) -> bool {
    match aggregation {
        Aggregation::Copeland => true,
        Aggregation::Median { of } => of.iter().any(uses_pairs),
        _ => false,
    }
}

fn has_gap(column: &[f64]) -> bool {
    column.iter().any(|x| x.is_nan())
}

/// Missing children as the worst score, where the policy says zero. A town screened out
/// stays missing.
fn fill(policy: MissingPolicy, columns: &[&[f64]], costs: &[bool], stage: &Stage) -> Option<Vec<Vec<f64>>> {
    if policy != MissingPolicy::Zero || !columns.iter().any(|column| has_gap(column)) {
        return None;
    }
    let fill_one = |(column, cost): (&&[f64], &bool)| {
        let worst = if *cost { column.iter().copied().fold(f64::NAN, f64::max) } else { stage.scale[0] };
        let fill_cell = |(x, in_it): (&f64, &bool)| if x.is_nan() && *in_it { worst } else { *x };
        column.iter().zip(&stage.assessed).map(fill_cell).collect()
    };
    Some(columns.iter().zip(costs).map(fill_one).collect())
}

fn refuse(score: &mut [f64], columns: &[&[f64]]) {
    for column in columns {
        for (score, x) in score.iter_mut().zip(*column) {
            if x.is_nan() {
                *score = f64::NAN;
            }
        }
    }
}

/// One method over a block.
fn combine(aggregation: &Aggregation, block: &Block<'_>) -> Result<Vec<f64>, Refused> {
    match aggregation {
        Aggregation::Arithmetic => Ok(means::arithmetic(block)),
        Aggregation::Geometric { floor } => means::geometric(block, *floor),
        Aggregation::Harmonic { floor } => means::harmonic(block, *floor),
        Aggregation::Power { p } => means::power(block, *p),
        Aggregation::Owa { order } => Ok(means::owa(block, order)),
        Aggregation::Minimum => Ok(means::minimum(block)),
        Aggregation::Topsis => Ok(ideal::topsis(block)),
        Aggregation::Vikor { v } => Ok(ideal::vikor(block, *v)),
        Aggregation::Waspas { lambda } => means::waspas(block, *lambda),
        Aggregation::Promethee { preference } => Ok(compare::promethee(block, *preference)),
        Aggregation::Copeland => Ok(pairs::copeland(block)),
        Aggregation::Borda => Ok(compare::borda(block)),
        Aggregation::Median { of } => {
            let scores: Result<Vec<Vec<f64>>, Refused> =
                of.iter().map(|inner| combine(inner, block)).collect();
            Ok(means::medians(&scores?, block.towns))
        }
    }
}

impl Block<'_> {
    /// A score on [0, 1] on the plan's scale.
    fn spread(&self, unit: f64) -> f64 {
        let [low, high] = self.scale;
        low + (high - low) * unit
    }

    /// Sum of the weights present at each town; all ones without gaps.
    fn present(&self) -> Vec<f64> {
        if !self.gaps {
            return vec![1.0; self.towns];
        }
        let mut sums = vec![0.0; self.towns];
        for (column, weight) in self.columns.iter().zip(self.weights) {
            for (sum, x) in sums.iter_mut().zip(*column) {
                *sum += if x.is_nan() { 0.0 } else { *weight };
            }
        }
        sums
    }
}

/// Shares of the children's weight present at each town, 0 to 1.
pub(crate) fn coverage(stage: &Stage, at: usize, scores: &[Vec<f64>]) -> Vec<f64> {
    let node = &stage.nodes[at];
    let Some(weighting) = &node.weighting else {
        let score = &scores[at];
        return score.iter().map(|x| if x.is_nan() { 0.0 } else { 1.0 }).collect();
    };
    let mut sums = vec![0.0; stage.towns];
    for (child, weight) in node.children.iter().zip(&weighting.values) {
        for (sum, x) in sums.iter_mut().zip(&scores[*child]) {
            *sum += if x.is_nan() { 0.0 } else { *weight };
        }
    }
    sums.into_iter().map(|x: f64| x.min(1.0)).collect()
}

/// What the reader must know about how the groups came about.
pub(crate) fn notices(stage: &Stage, scores: &[Vec<f64>]) -> Vec<Notice> {
    let mut notices = Vec::new();
    for node in stage.nodes.iter().filter(|node| node.leaf.is_none()) {
        let columns: Vec<&[f64]> = node.children.iter().map(|child| scores[*child].as_slice()).collect();
        missing_notice(stage, node, &columns, &mut notices);
        zero_notices(stage, node, &columns, &mut notices);
        if is_relative(&node.aggregation) && stage.towns > 1 && all_equal(&columns) {
            let message = "各城镇完全相同，按居中计分";
            notices.push(Notice::node(NoticeCode::AllEqual, &node.code, message));
        }
    }
    notices
}

fn missing_notice(
    stage: &Stage,
    node: &crate::stage::FlatNode,
    columns: &[&[f64]],
    notices: &mut Vec<Notice>,
) {
    let gap = |i: &usize| stage.assessed[*i] && columns.iter().any(|column| column[*i].is_nan());
    let towns = (0..stage.towns).filter(gap).count();
    if towns == 0 {
        return;
    }
    let (code, what) = match node.missing {
        MissingPolicy::Renormalise => (NoticeCode::Renormalised, "按其余各项的权重折算"),
        MissingPolicy::Zero => (NoticeCode::MissingAsZero, "缺失项按零分计"),
        MissingPolicy::Refuse => (NoticeCode::MissingRefused, "不计分"),
    };
    let message = format!("{towns} 个城镇有缺失项，{what}");
    notices.push(Notice::node(code, &node.code, message));
}

fn zero_notices(stage: &Stage, node: &crate::stage::FlatNode, columns: &[&[f64]], notices: &mut Vec<Notice>) {
    let (Aggregation::Geometric { floor } | Aggregation::Harmonic { floor }) = node.aggregation else {
        return;
    };
    let bound = floor.unwrap_or(0.0);
    let low = |x: &f64| *x - stage.scale[0] < bound || *x == stage.scale[0];
    let towns = (0..stage.towns).filter(|i| columns.iter().any(|c| low(&c[*i]))).count();
    if towns == 0 {
        return;
    }
    let notice = match floor {
        Some(floor) => {
            let message = format!("{towns} 个城镇有低于下限的得分，按下限 {floor} 计");
            Notice::node(NoticeCode::FloorApplied, &node.code, message)
        }
        None => {
            let message = format!("{towns} 个城镇有零分项，合成得分为零");
            Notice::node(NoticeCode::ZeroInProduct, &node.code, message)
        }
    };
    notices.push(notice);
}

fn is_relative(aggregation: &Aggregation) -> bool {
    matches!(
        aggregation,
        Aggregation::Topsis
            | Aggregation::Vikor { .. }
            | Aggregation::Promethee { .. }
            | Aggregation::Copeland
            | Aggregation::Borda
    )
}

fn all_equal(columns: &[&[f64]]) -> bool {
    columns.iter().all(|column| {
        let (low, high) = crate::statistics::range(column).unwrap_or((0.0, 0.0));
        crate::statistics::is_constant(low, high)
    })
}
