//! The least change of one judgement that makes a matrix consistent enough.

use super::Repair;
use super::ahp::{Matrix, RATIO_LIMIT, eigen, ratio};
use crate::maths::{exp, ln};
use crate::plan::RandomIndex;

/// Largest matrix a repair is looked for in.
const SIZE_LIMIT: usize = 16;
/// Halvings of the step towards the consistent judgement.
const HALVINGS: usize = 24;

/// The repair with the least |ln(to/from)|; `None` if the matrix is consistent enough,
/// too large, or no single judgement suffices.
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
    best.map(|(_, repair)| repair)
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
        row,
        column,
        from,
        to,
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

fn ratio_with(
    matrix: &Matrix,
    row: usize,
    column: usize,
    value: f64,
    table: RandomIndex,
) -> f64 {
    let mut changed = matrix.clone();
    changed[row][column] = Some(value);
    changed[column][row] = Some(1.0 / value);
    ratio_of(&changed, table)
}

fn ratio_of(matrix: &Matrix, table: RandomIndex) -> f64 {
    ratio(matrix.len(), eigen(matrix).1, table)
}
