//! Methods that compare towns child by child by sorting: PROMETHEE II and Borda.

use super::Block;
use crate::plan::Preference;
use crate::rank::{GRID, rising_ranks};

/// (φ + 1)/2 of the net flow φ, each child compared among the towns that have it.
pub(super) fn promethee(block: &Block<'_>, preference: Preference) -> Vec<f64> {
    let flows = weigh(block, |column| match preference {
        Preference::Usual => usual(column),
        Preference::Linear { q, p } => linear(column, q, p),
    });
    flows.into_iter().map(|flow| spread(block, (flow + 1.0) / 2.0)).collect()
}

/// Σ w (m − rank)/(m − 1), average ranks for ties.
pub(super) fn borda(block: &Block<'_>) -> Vec<f64> {
    let points = weigh(block, usual);
    points.into_iter().map(|points| spread(block, (points + 1.0) / 2.0)).collect()
}

fn spread(block: &Block<'_>, unit: f64) -> f64 {
    if unit.is_nan() { f64::NAN } else { block.spread(unit) }
}

/// Σ w f over the children present, divided by their weights.
fn weigh(block: &Block<'_>, f: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let mut sums = vec![0.0; block.towns];
    for ((column, weight), cost) in block.columns.iter().zip(block.weights).zip(block.costs) {
        for (sum, flow) in sums.iter_mut().zip(f(&on_grid(column, *cost, block.scale))) {
            *sum += if flow.is_nan() { 0.0 } else { weight * flow };
        }
    }
    let present = block.present();
    let divide = |(sum, present): (f64, f64)| {
        if present > 0.0 { sum / present } else { f64::NAN }
    };
    sums.into_iter().zip(present).map(divide).collect()
}

/// Figures on the comparison grid of the scale, turned so that more is better.
pub(super) fn on_grid(column: &[f64], cost: bool, scale: [f64; 2]) -> Vec<f64> {
    let step = (scale[1] - scale[0]) / GRID;
    let sign = if cost { -1.0 } else { 1.0 };
    column.iter().map(|x| sign * (x / step).round() * step).collect()
}

/// (towns below − towns above)/(m − 1).
fn usual(column: &[f64]) -> Vec<f64> {
    let ranks = rising_ranks(column);
    let m = ranks.iter().filter(|r| !r.is_nan()).count() as f64;
    let flow = |rank: f64| match rank {
        r if r.is_nan() => f64::NAN,
        _ if m < 2.0 => 0.0,
        r => (2.0 * r - m - 1.0) / (m - 1.0),
    };
    ranks.into_iter().map(flow).collect()
}

/// Σ_k [P(x − x_k) − P(x_k − x)]/(m − 1) with the linear preference, by prefix sums.
fn linear(column: &[f64], q: f64, p: f64) -> Vec<f64> {
    let mut sorted: Vec<f64> = column.iter().copied().filter(|x| !x.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let others = sorted.len() as f64 - 1.0;
    let base = sorted.first().copied().unwrap_or(0.0);
    let mut sums = Vec::with_capacity(sorted.len() + 1);
    sums.push(0.0);
    for x in &sorted {
        sums.push(sums[sums.len() - 1] + (x - base));
    }
    let flow = |x: f64| {
        if x.is_nan() {
            return f64::NAN;
        }
        if others < 1.0 {
            return 0.0;
        }
        let far_below = sorted.partition_point(|y| *y <= x - p);
        let below = sorted.partition_point(|y| *y < x - q).max(far_below);
        let count = (below - far_below) as f64;
        let won = far_below as f64 + (count * (x - base - q) - (sums[below] - sums[far_below])) / (p - q);
        let above = sorted.partition_point(|y| *y <= x + q);
        let far_above = sorted.partition_point(|y| *y < x + p).max(above);
        let count = (far_above - above) as f64;
        let lost = (sorted.len() - far_above) as f64
            + ((sums[far_above] - sums[above]) - count * (x - base + q)) / (p - q);
        (won - lost) / others
    };
    column.iter().map(|x| flow(*x)).collect()
}
