//! Copeland's method: weighted majorities of every pair of towns.

use super::Block;
use super::compare::on_grid;

/// Towns compared at once; keeps the working set in the cache.
const BLOCK: usize = 512;

/// (wins − losses) of weighted majorities, spread over the scale; a child one of the two
/// towns lacks does not vote.
pub(super) fn copeland(block: &Block<'_>) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = block
        .columns
        .iter()
        .zip(block.costs)
        .map(|(column, cost)| on_grid(column, *cost, block.scale))
        .collect();
    let counted: Vec<bool> = block.present().iter().map(|w| *w > 0.0).collect();
    let rivals = counted.iter().filter(|c| **c).count() as f64 - 1.0;
    let mut net = vec![0i64; block.towns];
    let mut votes = [0.0; BLOCK];
    for i in (0..block.towns).filter(|i| counted[*i]) {
        for start in (0..block.towns).step_by(BLOCK) {
            let end = (start + BLOCK).min(block.towns);
            let votes = &mut votes[..end - start];
            votes.fill(0.0);
            for (column, weight) in columns.iter().zip(block.weights) {
                let own = column[i];
                for (vote, other) in votes.iter_mut().zip(&column[start..end]) {
                    *vote += weight * (f64::from(own > *other) - f64::from(own < *other));
                }
            }
            let rival = votes.iter().zip(&counted[start..end]).filter(|(_, counted)| **counted);
            net[i] += rival.map(|(vote, _)| majority(*vote)).sum::<i64>();
        }
    }
    let unit = |net: i64| if rivals > 0.0 { (net as f64 / rivals + 1.0) / 2.0 } else { 0.5 };
    let score = |(net, counted): (i64, bool)| if counted { block.spread(unit(net)) } else { f64::NAN };
    net.into_iter().zip(counted).map(score).collect()
}

/// The sign of a vote; within 1e-9 of even nobody wins.
fn majority(vote: f64) -> i64 {
    i64::from(vote > 1e-9) - i64::from(vote < -1e-9)
}
