//! Combined weights: product, linear, game theory.

use super::weigh::{Group, weigh};
use super::{Diagnostics, Weights};
use crate::error::{EvalError, Notice};
use crate::plan::{CombineRule, WeightMethod};

pub(super) fn combine(
    of: &[WeightMethod],
    rule: &CombineRule,
    group: &Group<'_>,
    notices: &mut Vec<Notice>,
) -> Result<(Vec<f64>, Diagnostics), EvalError> {
    let mut parts = Vec::new();
    for method in of {
        let (weights, found) = weigh(method, group)?;
        notices.extend(found);
        parts.push(weights);
    }
    let shares = match rule {
        CombineRule::Product => Vec::new(),
        CombineRule::Linear { alpha } => alpha.clone(),
        CombineRule::Game => game(&parts),
    };
    let count = group.kept.len();
    let raw = if shares.is_empty() {
        (0..count).map(|j| parts.iter().map(|part| part.values[j]).product()).collect()
    } else {
        let mix = |j: usize| parts.iter().zip(&shares).map(|(part, share)| part.values[j] * share).sum();
        (0..count).map(mix).collect()
    };
    Ok((raw, Diagnostics::Combined { parts, shares }))
}

/// Shares α with Σ_l α_l w_k·w_l = w_k·w_k for every k, made absolute and summing to 1;
/// equal shares when the vectors do not determine them.
fn game(parts: &[Weights]) -> Vec<f64> {
    let n = parts.len();
    let dot = |a: usize, b: usize| -> f64 {
        parts[a].values.iter().zip(&parts[b].values).map(|(x, y)| x * y).sum()
    };
    let mut rows: Vec<Vec<f64>> =
        (0..n).map(|k| (0..n).map(|l| dot(k, l)).chain([dot(k, k)]).collect()).collect();
    let Some(solution) = solve(&mut rows) else {
        return vec![1.0 / n as f64; n];
    };
    let sum: f64 = solution.iter().map(|x| x.abs()).sum();
    if sum > 0.0 && sum.is_finite() {
        return solution.iter().map(|x| x.abs() / sum).collect();
    }
    vec![1.0 / n as f64; n]
}

/// Gaussian elimination with partial pivots on `n` rows of `n + 1` numbers.
fn solve(rows: &mut [Vec<f64>]) -> Option<Vec<f64>> {
    let n = rows.len();
    for column in 0..n {
        let size = |r: usize| rows[r][column].abs();
        let pivot = (column..n).max_by(|a, b| size(*a).total_cmp(&size(*b)))?;
        if size(pivot) < 1e-12 {
            return None;
        }
        rows.swap(column, pivot);
        let (above, below) = rows.split_at_mut(column + 1);
        let leading = &above[column];
        for row in below {
            let factor = row[column] / leading[column];
            for (x, y) in row.iter_mut().zip(leading).skip(column) {
                *x -= factor * y;
            }
        }
    }
    let mut solution = vec![0.0; n];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|l| rows[k][l] * solution[l]).sum();
        solution[k] = (rows[k][n] - known) / rows[k][k];
    }
    Some(solution)
}
