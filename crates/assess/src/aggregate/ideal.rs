//! Methods that measure the distance to the best and the worst town: TOPSIS and VIKOR.

use super::Block;
use crate::statistics::{is_constant, range};

/// Best and worst figure of a child.
fn ideals(column: &[f64], cost: bool) -> (f64, f64) {
    let (low, high) = range(column).unwrap_or((0.0, 0.0));
    if cost { (low, high) } else { (high, low) }
}

/// Closeness d⁻/(d⁺+d⁻) with (d±)² = Σ w²(z − z±)²; ½ when a town is both.
pub(super) fn topsis(block: &Block<'_>) -> Vec<f64> {
    let mut to_best = vec![0.0; block.towns];
    let mut to_worst = vec![0.0; block.towns];
    for ((column, weight), cost) in block.columns.iter().zip(block.weights).zip(block.costs) {
        let (best, worst) = ideals(column, *cost);
        let square = weight * weight;
        let sums = to_best.iter_mut().zip(&mut to_worst);
        if block.gaps {
            for ((to_best, to_worst), z) in sums.zip(*column) {
                if !z.is_nan() {
                    *to_best += square * ((z - best) * (z - best));
                    *to_worst += square * ((z - worst) * (z - worst));
                }
            }
        } else {
            for ((to_best, to_worst), z) in sums.zip(*column) {
                *to_best += square * ((z - best) * (z - best));
                *to_worst += square * ((z - worst) * (z - worst));
            }
        }
    }
    let present = block.present();
    let closeness = |i: usize| {
        if present[i] <= 0.0 {
            return f64::NAN;
        }
        let (best, worst) = (to_best[i].sqrt(), to_worst[i].sqrt());
        let unit = if best + worst > 0.0 { worst / (best + worst) } else { 0.5 };
        block.spread(unit)
    };
    (0..block.towns).map(closeness).collect()
}

/// 1 − Q, Q = v (S − S*)/(S⁻ − S*) + (1 − v)(R − R*)/(R⁻ − R*); ½ when all towns tie.
pub(super) fn vikor(block: &Block<'_>, v: f64) -> Vec<f64> {
    let present = block.present();
    let mut sums = vec![0.0; block.towns];
    let mut regrets = vec![0.0_f64; block.towns];
    for ((column, weight), cost) in block.columns.iter().zip(block.weights).zip(block.costs) {
        let (best, worst) = ideals(column, *cost);
        if is_constant(best.min(worst), best.max(worst)) {
            continue;
        }
        for (i, x) in column.iter().enumerate().filter(|(_, x)| !x.is_nan()) {
            let regret = weight / present[i] * ((best - x) / (best - worst));
            sums[i] += regret;
            regrets[i] = regrets[i].max(regret);
        }
    }
    for (i, present) in present.iter().enumerate().filter(|(_, p)| **p <= 0.0) {
        sums[i] = f64::NAN * present;
        regrets[i] = f64::NAN;
    }
    let share = |values: &[f64]| -> Vec<Option<f64>> {
        let (low, high) = range(values).unwrap_or((0.0, 0.0));
        let flat = high - low <= 1e-15;
        values.iter().map(|x| (!flat).then(|| (x - low) / (high - low))).collect()
    };
    let score = |(s, r): (Option<f64>, Option<f64>)| match (s, r) {
        (None, None) => 0.5,
        (s, r) => 1.0 - (v * s.unwrap_or(0.0) + (1.0 - v) * r.unwrap_or(0.0)),
    };
    let units = share(&sums).into_iter().zip(share(&regrets)).map(score);
    let keep = |(unit, sum): (f64, &f64)| if sum.is_nan() { f64::NAN } else { block.spread(unit) };
    units.zip(&sums).map(keep).collect()
}
