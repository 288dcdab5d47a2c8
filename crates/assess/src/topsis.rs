//! TOPSIS on a table at once, without a plan.

use crate::columns::{Ideal, closeness, moments};
use crate::error::{EvalError, Notice, NoticeCode};
use crate::statistics::{is_constant, sum_by};
use crate::table::Table;

/// Closeness to the ideal (Hwang & Yoon 1981), 0 to 1, of every town over all columns:
/// vector normalisation, `weights` one a column, `costs` true where less is better.
///
/// # Errors
/// [`EvalError::Table`] without towns or columns or with a missing cell;
/// [`EvalError::Plan`] when weights or costs are not one a column, or a weight is negative
/// or not finite.
pub fn topsis(table: &Table, weights: &[f64], costs: &[bool]) -> Result<(Vec<f64>, Vec<Notice>), EvalError> {
    let n = table.leaves().len();
    if n == 0 || table.towns().is_empty() {
        return Err(EvalError::table("empty_table", "table", "数据表没有城镇或指标，请补充"));
    }
    let fit = weights.len() == n && costs.len() == n;
    if !fit || !weights.iter().all(|w| (0.0..=1e9).contains(w)) {
        return Err(EvalError::plan("bad_weights", "weights", "权重应与指标个数相同，且不为负"));
    }
    let columns: Vec<&[f64]> = (0..n).map(|j| table.column(j)).collect();
    let mut ideals = Vec::with_capacity(n);
    let mut differ = false;
    for (j, column) in columns.iter().enumerate() {
        let Some(found) = moments(column) else {
            let place = &table.leaves()[j].0;
            return Err(EvalError::table("missing_cell", place, "有缺失数据，请先插补"));
        };
        differ |= !is_constant(found.low, found.high);
        let peak = found.low.abs().max(found.high.abs());
        let factor = if peak > 0.0 { weights[j] / norm(column, peak) } else { 0.0 };
        let (low, high) = (found.low * factor, found.high * factor);
        let (best, worst) = if costs[j] { (low, high) } else { (high, low) };
        ideals.push(Ideal { factor, best, worst });
    }
    let mut notices = Vec::new();
    if !differ {
        notices.push(Notice::run(NoticeCode::AllEqual, "各城镇完全相同，按居中计分"));
    }
    Ok((closeness(&columns, &ideals, table.towns().len()), notices))
}

/// √Σx², scaled by the peak so that nothing overflows or vanishes.
fn norm(column: &[f64], peak: f64) -> f64 {
    let scale = 1.0 / peak;
    if !scale.is_finite() {
        return peak * (column.len() as f64).sqrt();
    }
    peak * sum_by(column, |x| (x * scale) * (x * scale)).sqrt()
}
