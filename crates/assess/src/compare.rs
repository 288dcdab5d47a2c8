//! Two evaluations side by side: year to year or method to method.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::evaluate::ENGINE;
use crate::rank::rising_ranks;
use crate::result::{Evaluation, Outcome};
use crate::statistics::mean;
use crate::table::TownId;

/// Two evaluations side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Version of the engine.
    pub engine: String,
    /// Name of the first plan.
    pub first: String,
    /// Name of the second plan.
    pub second: String,
    /// Output digests of both.
    pub digests: [String; 2],
    /// Towns in both, in the order of the second.
    pub towns: Vec<Change>,
    /// Towns in the first only.
    pub gone: Vec<TownId>,
    /// Towns in the second only.
    pub new: Vec<TownId>,
    /// Mean |rank shift| over towns ranked in both; `null` if there is none.
    pub rank_shift: Option<f64>,
    /// Spearman's rank correlation of totals over towns ranked in both.
    pub spearman: Option<f64>,
    /// Kendall's τ-b of totals over towns ranked in both, up to 20,000 towns.
    pub kendall: Option<f64>,
    /// Nodes whose local weight differs by more than 1e-9, or that only one plan has.
    pub weights: Vec<WeightChange>,
}

/// One town in both evaluations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The town.
    pub town: TownId,
    /// Totals.
    pub totals: [Option<f64>; 2],
    /// Ranks.
    pub ranks: [Option<f64>; 2],
    /// Places gained (negative: lost).
    pub gained: Option<f64>,
    /// Grades.
    pub grades: [Option<String>; 2],
    /// Selection outcomes; `null` without selection.
    pub outcomes: [Option<Outcome>; 2],
}

/// One node's local weight in both evaluations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightChange {
    /// Code of the node.
    pub node: String,
    /// Local weights; `null` where the plan has no such node.
    pub weights: [Option<f64>; 2],
}

/// Most towns τ-b is computed for.
const KENDALL_LIMIT: usize = 20_000;

/// Compares two evaluations town by town.
pub fn compare(a: &Evaluation, b: &Evaluation) -> Comparison {
    let rows: HashMap<&TownId, usize> = a.towns.iter().enumerate().map(|(i, t)| (t, i)).collect();
    let both: Vec<(usize, usize)> =
        b.towns.iter().enumerate().filter_map(|(j, town)| rows.get(town).map(|i| (*i, j))).collect();
    let known: std::collections::HashSet<&TownId> = b.towns.iter().collect();
    let ranked: Vec<(f64, f64)> =
        both.iter().filter_map(|(i, j)| Some((a.totals[*i]?, b.totals[*j]?))).collect();
    let shifts: Vec<f64> =
        both.iter().filter_map(|(i, j)| Some((a.ranks[*i]? - b.ranks[*j]?).abs())).collect();
    Comparison {
        engine: ENGINE.to_owned(),
        first: a.plan.name.clone(),
        second: b.plan.name.clone(),
        digests: [a.output_digest.clone(), b.output_digest.clone()],
        towns: both.iter().map(|(i, j)| change(a, *i, b, *j)).collect(),
        gone: a.towns.iter().filter(|t| !known.contains(t)).cloned().collect(),
        new: b.towns.iter().filter(|t| !rows.contains_key(t)).cloned().collect(),
        rank_shift: mean(&shifts),
        spearman: spearman(&ranked),
        kendall: kendall(&ranked),
        weights: weights(a, b),
    }
}

fn change(a: &Evaluation, i: usize, b: &Evaluation, j: usize) -> Change {
    let outcome = |e: &Evaluation, row: usize| e.selection.as_ref().map(|s| s.towns[row].outcome);
    Change {
        town: b.towns[j].clone(),
        totals: [a.totals[i], b.totals[j]],
        ranks: [a.ranks[i], b.ranks[j]],
        gained: a.ranks[i].zip(b.ranks[j]).map(|(then, now)| then - now),
        grades: [a.grades[i].grade.clone(), b.grades[j].grade.clone()],
        outcomes: [outcome(a, i), outcome(b, j)],
    }
}

fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let (xs, ys): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (xs, ys) = (rising_ranks(&xs), rising_ranks(&ys));
    let (x0, y0) = (mean(&xs)?, mean(&ys)?);
    let sum =
        |f: &dyn Fn(f64, f64) -> f64| -> f64 { xs.iter().zip(&ys).map(|(x, y)| f(x - x0, y - y0)).sum() };
    let norm = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    (norm > 0.0).then(|| (sum(&|x, y| x * y) / norm).clamp(-1.0, 1.0))
}

fn kendall(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() > KENDALL_LIMIT {
        return None;
    }
    let (mut net, mut left, mut right) = (0i64, 0i64, 0i64);
    for (k, (x, y)) in pairs.iter().enumerate() {
        for (u, v) in &pairs[k + 1..] {
            let (dx, dy) = (order(*x, *u), order(*y, *v));
            net += dx * dy;
            left += dx.abs();
            right += dy.abs();
        }
    }
    let norm = (left as f64 * right as f64).sqrt();
    (norm > 0.0).then(|| (net as f64 / norm).clamp(-1.0, 1.0))
}

fn order(a: f64, b: f64) -> i64 {
    i64::from(a > b) - i64::from(a < b)
}

fn weights(a: &Evaluation, b: &Evaluation) -> Vec<WeightChange> {
    let find =
        |e: &Evaluation, code: &str| e.nodes.iter().find(|node| node.code == code).map(|node| node.weight);
    let only_first = a.nodes.iter().filter(|node| find(b, &node.code).is_none());
    let codes = b.nodes.iter().chain(only_first).map(|node| node.code.clone());
    codes
        .map(|code| WeightChange { weights: [find(a, &code), find(b, &code)], node: code })
        .filter(|change| match change.weights {
            [Some(x), Some(y)] => (x - y).abs() > 1e-9,
            _ => true,
        })
        .collect()
}
