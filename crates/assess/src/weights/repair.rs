//! The least change of judgements that makes a matrix consistent enough.

use super::ahp::{Matrix, RATIO_LIMIT, eigen, ratio};
use super::{Repair, Revision};
use crate::maths::{exp, ln};
use crate::plan::RandomIndex;

/// Largest matrix a repair is looked for in.
const SIZE_LIMIT: usize = 16;
/// Halvings of the step towards the consistent judgement.
const HALVINGS: usize = 24;
/// Steps of a power iteration; a search needs no more digits.
const STEPS: usize = 400;

/// The single revision with the least |ln(to/from)|, or else one of all judgements;
/// `None` if the matrix is consistent enough or too large.
pub(super) fn repair(matrix: &Matrix, table: RandomIndex) -> Option<Repair> {
    let n = matrix.len();
    if n > SIZE_LIMIT || ratio_of(matrix, table) <= RATIO_LIMIT {
        return None;
    }
    let mut best: Option<(f64, Repair)> = None;
    for row in 0..n {
        for column in row + 1..n {
            let Some((change, found)) = one(matrix, row, column, table) else {
                continue;
            };
            if best.as_ref().is_none_or(|(least, _)| change < *least) {
                best = Some((change, found));
            }
        }
    }
    Some(best.map_or_else(|| all(matrix, table), |(_, repair)| repair))
}

/// Every judgement moves the same share of the way (in logarithms) to the ratio of the
/// priorities; the full way is consistent, so a least share exists.
fn all(matrix: &Matrix, table: RandomIndex) -> Repair {
    let priorities = eigen(matrix, STEPS).0;
    let moved = |part: f64| -> Matrix {
        let cell = |i: usize, j: usize| {
            matrix[i][j].map(|a| exp((1.0 - part) * ln(a) + part * ln(priorities[i] / priorities[j])))
        };
        (0..matrix.len()).map(|i| (0..matrix.len()).map(|j| cell(i, j)).collect()).collect()
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if ratio_of(&moved(middle), table) > RATIO_LIMIT {
            low = middle;
        } else {
            high = middle;
        }
    }
    let after = moved(high);
    let mut revisions = Vec::new();
    for row in 0..matrix.len() {
        for column in row + 1..matrix.len() {
            if let (Some(from), Some(to)) = (matrix[row][column], after[row][column]) {
                revisions.push(Revision { row, column, from, to });
            }
        }
    }
    Repair { revisions, ratio: ratio_of(&after, table) }
}

fn one(matrix: &Matrix, row: usize, column: usize, table: RandomIndex) -> Option<(f64, Repair)> {
    let from = matrix[row][column]?;
    let distance = ln(indirect(matrix, row, column)?) - ln(from);
    let at = |part: f64| exp(ln(from) + part * distance);
    if ratio_with(matrix, row, column, at(1.0), table) > RATIO_LIMIT {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if ratio_with(matrix, row, column, at(middle), table) > RATIO_LIMIT {
            low = middle;
        } else {
            high = middle;
        }
    }
    let to = at(high);
    let repair = Repair {
        revisions: vec![Revision { row, column, from, to }],
        ratio: ratio_with(matrix, row, column, to, table),
    };
    Some(((high * distance).abs(), repair))
}

/// Geometric mean of the judgement by way of every third item.
fn indirect(matrix: &Matrix, row: usize, column: usize) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for k in (0..matrix.len()).filter(|k| *k != row && *k != column) {
        if let (Some(a), Some(b)) = (matrix[row][k], matrix[k][column]) {
            sum += ln(a * b);
            count += 1.0;
        }
    }
    (count > 0.0).then(|| exp(sum / count))
}

fn ratio_with(matrix: &Matrix, row: usize, column: usize, value: f64, table: RandomIndex) -> f64 {
    let mut changed = matrix.clone();
    changed[row][column] = Some(value);
    changed[column][row] = Some(1.0 / value);
    ratio_of(&changed, table)
}

fn ratio_of(matrix: &Matrix, table: RandomIndex) -> f64 {
    ratio(matrix.len(), eigen(matrix, STEPS).1, table)
}
