//! The order of towns by total and tie-breaks; what stays equal stays a group.

use std::cmp::Ordering;

use super::{Breaker, Judge};
use crate::rank::{grid, rising_ranks};

impl Judge<'_> {
    /// Groups of towns that nothing stated tells apart, best group first.
    pub(super) fn groups(
        &self,
        towns: &[usize],
        nodes: &[Vec<f64>],
        totals: &[f64],
        breakers: &[Breaker<'_>],
    ) -> Vec<Vec<usize>> {
        let keys: Vec<Vec<f64>> = breakers
            .iter()
            .map(|breaker| match breaker {
                Breaker::Node(at) => on_grid(&nodes[*at], self.scale),
                Breaker::Column(column) => rising_ranks(column),
            })
            .collect();
        let compare = |a: usize, b: usize| {
            let by_total = grid(totals[b], self.scale).cmp(&grid(totals[a], self.scale));
            keys.iter().fold(by_total, |order, key| order.then(falling(key[a], key[b])))
        };
        let mut order = towns.to_vec();
        order.sort_by(|a, b| compare(*a, *b).then(a.cmp(b)));
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for town in order {
            match groups.last_mut() {
                Some(group) if compare(group[0], town) == Ordering::Equal => group.push(town),
                _ => groups.push(vec![town]),
            }
        }
        groups
    }
}

fn on_grid(scores: &[f64], scale: [f64; 2]) -> Vec<f64> {
    let position = |x: &f64| if x.is_nan() { f64::NAN } else { grid(*x, scale) as f64 };
    scores.iter().map(position).collect()
}

/// Larger first; a missing figure comes last.
fn falling(a: f64, b: f64) -> Ordering {
    match (a.is_nan(), b.is_nan()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => b.total_cmp(&a),
    }
}
