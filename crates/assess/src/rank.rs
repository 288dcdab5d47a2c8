//! Ranks on the 1e-9 grid of the scale, so that 0.1 + 0.2 ties with 0.3.

use crate::plan::TieMethod;

/// Steps of the comparison grid over the width of the scale.
pub(crate) const GRID: f64 = 1e9;

/// Position of a score on the comparison grid; larger is better.
pub(crate) fn grid(score: f64, scale: [f64; 2]) -> i64 {
    ((score - scale[0]) / (scale[1] - scale[0]) * GRID).round() as i64
}

/// Ranks of scores (1 is best); NaN keeps NaN.
pub(crate) fn ranks(scores: &[f64], scale: [f64; 2], ties: TieMethod) -> Vec<f64> {
    let keys: Vec<Option<i64>> = scores.iter().map(|s| (!s.is_nan()).then(|| grid(*s, scale))).collect();
    ranks_of_keys(&keys, ties)
}

/// Ranks of keys, larger first; `None` becomes NaN.
pub(crate) fn ranks_of_keys<K: Ord + Copy>(keys: &[Option<K>], ties: TieMethod) -> Vec<f64> {
    let mut order: Vec<usize> = (0..keys.len()).filter(|i| keys[*i].is_some()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(keys[*i]), *i));
    let mut ranks = vec![f64::NAN; keys.len()];
    let mut start = 0;
    let mut dense = 0;
    while start < order.len() {
        let key = keys[order[start]];
        let end = start + order[start..].partition_point(|i| keys[*i] == key);
        dense += 1;
        let rank = match ties {
            TieMethod::Min => (start + 1) as f64,
            TieMethod::Dense => f64::from(dense),
            TieMethod::Average => (start + 1 + end) as f64 / 2.0,
        };
        for i in &order[start..end] {
            ranks[*i] = rank;
        }
        start = end;
    }
    ranks
}

/// Average ranks of raw figures from the bottom (1 is least); NaN keeps NaN.
pub(crate) fn rising_ranks(values: &[f64]) -> Vec<f64> {
    let keys: Vec<Option<i64>> = values.iter().map(|x| (!x.is_nan()).then(|| -total_order(*x))).collect();
    ranks_of_keys(&keys, TieMethod::Average)
}

/// An integer that orders finite numbers as they are ordered.
fn total_order(x: f64) -> i64 {
    let bits = (x + 0.0).to_bits() as i64;
    if bits < 0 { i64::MIN + 1 - bits } else { bits }
}

/// Groups of positions with equal scores, best first; single towns left out.
pub(crate) fn tied(scores: &[f64], scale: [f64; 2]) -> Vec<Vec<usize>> {
    let mut groups = std::collections::BTreeMap::<std::cmp::Reverse<i64>, Vec<usize>>::new();
    for (i, score) in scores.iter().enumerate() {
        if !score.is_nan() {
            let key = std::cmp::Reverse(grid(*score, scale));
            groups.entry(key).or_default().push(i);
        }
    }
    groups.into_values().filter(|g| g.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_rounding_does_not_break_a_tie() {
        let scores = [0.1 + 0.2, 0.3, 0.5, f64::NAN];
        let ranks = ranks(&scores, [0.0, 1.0], TieMethod::Min);
        assert_eq!(&ranks[..3], &[2.0, 2.0, 1.0]);
        assert!(ranks[3].is_nan());
        assert_eq!(tied(&scores, [0.0, 1.0]), vec![vec![0, 1]]);
    }

    #[test]
    fn every_tie_method_counts_as_it_says() {
        let scores = [9.0, 7.0, 7.0, 5.0];
        let of = |ties| ranks(&scores, [0.0, 10.0], ties);
        assert_eq!(of(TieMethod::Min), [1.0, 2.0, 2.0, 4.0]);
        assert_eq!(of(TieMethod::Dense), [1.0, 2.0, 2.0, 3.0]);
        assert_eq!(of(TieMethod::Average), [1.0, 2.5, 2.5, 4.0]);
    }

    #[test]
    fn negative_zero_ties_with_zero_and_signs_are_ordered() {
        assert_eq!(rising_ranks(&[0.0, -0.0, -2.0, 3.0, -1.0]), [3.5, 3.5, 1.0, 5.0, 2.0]);
    }
}
