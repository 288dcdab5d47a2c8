//! Means and order statistics, vectorised over towns, summed in child order.

use super::{Block, Refused};
use crate::maths::{exp, ln, pow};

pub(super) fn arithmetic(block: &Block<'_>) -> Vec<f64> {
    weighted(block, |x| x)
}

/// Σ w f(u) over the children present, divided by their weights; NaN where none is.
fn weighted(block: &Block<'_>, f: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; block.towns];
    if !block.gaps {
        for (column, weight) in block.columns.iter().zip(block.weights) {
            for (sum, x) in sums.iter_mut().zip(*column) {
                *sum += weight * f(*x);
            }
        }
        return sums;
    }
    for (column, weight) in block.columns.iter().zip(block.weights) {
        for (sum, x) in sums.iter_mut().zip(*column) {
            *sum += if x.is_nan() { 0.0 } else { weight * f(*x) };
        }
    }
    for (sum, present) in sums.iter_mut().zip(block.present()) {
        *sum = if present > 0.0 { *sum / present } else { f64::NAN };
    }
    sums
}

/// The first figure below the bottom of the scale is refused.
fn refuse_negative(block: &Block<'_>, code: &'static str) -> Result<(), Refused> {
    for (child, column) in block.columns.iter().enumerate() {
        if let Some(town) = column.iter().position(|x| *x < block.scale[0]) {
            return Err(Refused { code, town, child });
        }
    }
    Ok(())
}

pub(super) fn geometric(block: &Block<'_>, floor: Option<f64>) -> Result<Vec<f64>, Refused> {
    if floor.is_none() {
        refuse_negative(block, "negative_in_geometric")?;
    }
    let [low, high] = block.scale;
    let (width, floor) = (high - low, floor.unwrap_or(0.0));
    let logs = weighted(block, |x| {
        let unit = (x - low).max(floor) / width;
        if unit > 0.0 { ln(unit) } else { ZERO_LOG }
    });
    let unlog = |log: f64| if log < ZERO_LOG_SUM { 0.0 } else { exp(log) };
    Ok(logs.into_iter().map(|log| spread_or_nan(block, log, unlog)).collect())
}

/// Stands for ln 0: far below any sum of logarithms of positive figures, yet finite.
const ZERO_LOG: f64 = -1e250;
const ZERO_LOG_SUM: f64 = -1e6;

fn spread_or_nan(block: &Block<'_>, x: f64, f: impl Fn(f64) -> f64) -> f64 {
    if x.is_nan() { f64::NAN } else { block.spread(f(x)) }
}

pub(super) fn harmonic(block: &Block<'_>, floor: Option<f64>) -> Result<Vec<f64>, Refused> {
    if floor.is_none() {
        refuse_negative(block, "negative_in_harmonic")?;
    }
    let [low, high] = block.scale;
    let (width, floor) = (high - low, floor.unwrap_or(0.0));
    let sums = weighted(block, |x| {
        let unit = (x - low).max(floor) / width;
        if unit > 0.0 { 1.0 / unit } else { f64::INFINITY }
    });
    // A zero child without weight says nothing: 0·∞ would be NaN.
    let sums = if block.weights.contains(&0.0) { without_zero_weights(block, floor) } else { sums };
    Ok(sums.into_iter().map(|sum| spread_or_nan(block, sum, |s| 1.0 / s)).collect())
}

fn without_zero_weights(block: &Block<'_>, floor: f64) -> Vec<f64> {
    let kept = || (0..block.weights.len()).filter(|k| block.weights[*k] > 0.0);
    let columns: Vec<&[f64]> = kept().map(|k| block.columns[k]).collect();
    let weights: Vec<f64> = kept().map(|k| block.weights[k]).collect();
    let inner = Block { columns: &columns, weights: &weights, ..*block };
    let [low, high] = block.scale;
    weighted(&inner, |x| (high - low) / (x - low).max(floor))
}

pub(super) fn power(block: &Block<'_>, p: f64) -> Result<Vec<f64>, Refused> {
    refuse_negative(block, "negative_in_power")?;
    let [low, high] = block.scale;
    let sums = weighted(block, |x| {
        let unit = ((x - low) / (high - low)).max(if p < 0.0 { 1e-12 } else { 0.0 });
        pow(unit, p)
    });
    let root = |sum: f64| if sum > 0.0 { pow(sum, 1.0 / p) } else { 0.0 };
    Ok(sums.into_iter().map(|sum| spread_or_nan(block, sum, root)).collect())
}

/// λ Σ w u + (1 − λ) Π u^w on [0, 1].
pub(super) fn waspas(block: &Block<'_>, lambda: f64) -> Result<Vec<f64>, Refused> {
    refuse_negative(block, "negative_in_waspas")?;
    let sums = arithmetic(block);
    let products = geometric(block, None)?;
    let mix = |(sum, product): (f64, f64)| lambda * sum + (1.0 - lambda) * product;
    Ok(sums.into_iter().zip(products).map(mix).collect())
}

pub(super) fn minimum(block: &Block<'_>) -> Vec<f64> {
    let mut least = vec![f64::NAN; block.towns];
    for column in block.columns {
        for (least, x) in least.iter_mut().zip(*column) {
            // `min` returns the other one when one is NaN.
            *least = least.min(*x);
        }
    }
    least
}

/// Ordered weighted averaging; with fewer children the order weights are read off the
/// same cumulative curve.
pub(super) fn owa(block: &Block<'_>, order: &[f64]) -> Vec<f64> {
    let mut values = Vec::with_capacity(block.columns.len());
    (0..block.towns)
        .map(|i| {
            values.clear();
            values.extend(block.columns.iter().map(|c| c[i]).filter(|x| !x.is_nan()));
            values.sort_by(|a: &f64, b| b.total_cmp(a));
            if values.is_empty() {
                return f64::NAN;
            }
            let n = values.len();
            if n == order.len() {
                return values.iter().zip(order).map(|(x, w)| x * w).sum();
            }
            let share = |k: usize| curve(order, k as f64 / n as f64);
            (0..n).map(|k| values[k] * (share(k + 1) - share(k))).sum()
        })
        .collect()
}

/// The cumulative order weights at a share of the children, linear between.
fn curve(order: &[f64], share: f64) -> f64 {
    let at = share * order.len() as f64;
    let whole = (at.floor() as usize).min(order.len());
    let sum: f64 = order[..whole].iter().sum();
    sum + order.get(whole).map_or(0.0, |w| w * (at - whole as f64))
}

/// Median of several methods' scores, town by town.
pub(super) fn medians(scores: &[Vec<f64>], towns: usize) -> Vec<f64> {
    (0..towns)
        .map(|i| {
            let known: Vec<f64> = scores.iter().map(|s| s[i]).filter(|x| !x.is_nan()).collect();
            crate::statistics::median(&known).unwrap_or(f64::NAN)
        })
        .collect()
}
