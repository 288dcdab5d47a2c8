//! Totals of a draw as whole numbers on the comparison grid, so that ties are exact.

use crate::kernel::blocked::Sink;
use crate::kernel::keys::Grid;
use crate::kernel::packed::GROUP;
use crate::kernel::scores::Tile;
use crate::rank::GRID;

/// Points added to the root score, and what the total is held within.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Adjust {
    /// Bonus less deduction, one a town.
    pub(crate) points: Vec<f64>,
    pub(crate) floor: f64,
    pub(crate) ceiling: f64,
}

impl Adjust {
    #[inline(always)]
    pub(crate) fn total(&self, town: usize, score: f64) -> f64 {
        (score + self.points[town]).max(self.floor).min(self.ceiling)
    }

    /// Bounds of the totals when the scores keep theirs.
    pub(crate) fn bounds(&self, [low, high]: [f64; 2]) -> [f64; 2] {
        let least = self.points.iter().fold(0.0f64, |least, points| least.min(*points));
        let most = self.points.iter().fold(0.0f64, |most, points| most.max(*points));
        let hold = |total: f64| total.max(self.floor).min(self.ceiling);
        [hold(low + least), hold(high + most)]
    }
}

/// Takes scores of several draws and keeps the keys of the totals, row after row.
pub(crate) struct KeyRows<'a> {
    pub(crate) grid: Grid,
    pub(crate) adjust: Option<&'a Adjust>,
    pub(crate) towns: usize,
    /// Draws × towns.
    pub(crate) keys: &'a mut [u32],
}

impl Sink for KeyRows<'_> {
    #[inline(always)]
    fn take<const DRAWS: usize>(&mut self, first: usize, group: usize, tile: &Tile<DRAWS>) {
        let first_town = group * GROUP;
        let lanes = (self.towns - first_town).min(GROUP);
        for (scores, draw) in tile.iter().zip(first..) {
            let start = draw * self.towns + first_town;
            let Some(row) = self.keys.get_mut(start..start + lanes) else { return };
            if let Some(adjust) = self.adjust {
                for ((key, &score), town) in row.iter_mut().zip(scores).zip(first_town..) {
                    *key = self.grid.key(adjust.total(town, score));
                }
            } else if let Some(row) = row.as_mut_array::<GROUP>() {
                for (key, &score) in row.iter_mut().zip(scores) {
                    *key = self.grid.key(score);
                }
            } else {
                for (key, &score) in row.iter_mut().zip(scores) {
                    *key = self.grid.key(score);
                }
            }
        }
    }
}

/// Takes scores of several draws and keeps them, row after row.
pub(crate) struct ScoreRows<'a> {
    pub(crate) towns: usize,
    /// Draws × towns.
    pub(crate) scores: &'a mut [f64],
}

impl Sink for ScoreRows<'_> {
    #[inline(always)]
    fn take<const DRAWS: usize>(&mut self, first: usize, group: usize, tile: &Tile<DRAWS>) {
        let first_town = group * GROUP;
        let lanes = (self.towns - first_town).min(GROUP);
        let rows = self.scores.chunks_exact_mut(self.towns).skip(first);
        for (scores, row) in tile.iter().zip(rows) {
            row[first_town..][..lanes].copy_from_slice(&scores[..lanes]);
        }
    }
}

/// How 32-bit keys stand for steps of the comparison grid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum KeyMap {
    /// Key = steps − lowest.
    Offset(i64),
    /// Key = position among these steps.
    Sorted(Vec<i64>),
}

impl KeyMap {
    /// The least key whose steps are at least `steps`.
    pub(crate) fn cut(&self, steps: i64) -> u32 {
        match self {
            KeyMap::Offset(lowest) => steps.saturating_sub(*lowest).clamp(0, i64::from(u32::MAX)) as u32,
            KeyMap::Sorted(all) => all.partition_point(|&one| one < steps) as u32,
        }
    }
}

/// Keys of totals of any range; a missing total (NaN) gets key 0.
pub(crate) fn keys_of(totals: &[f64], scale: [f64; 2], keys: &mut [u32]) -> KeyMap {
    let steps_per_unit = GRID / (scale[1] - scale[0]);
    let steps_of = |total: f64| ((total - scale[0]) * steps_per_unit).round_ties_even() as i64;
    let steps: Vec<Option<i64>> =
        totals.iter().map(|&total| (!total.is_nan()).then(|| steps_of(total))).collect();
    let found = || steps.iter().flatten().copied();
    let (low, high) = (found().min().unwrap_or(0), found().max().unwrap_or(0));
    let map = if high.saturating_sub(low) < i64::from(u32::MAX) {
        KeyMap::Offset(low)
    } else {
        let mut all: Vec<i64> = found().collect();
        all.sort_unstable();
        all.dedup();
        KeyMap::Sorted(all)
    };
    for (key, steps) in keys.iter_mut().zip(&steps) {
        *key = steps.map_or(0, |steps| map.cut(steps));
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_totals_keep_their_distance() {
        let mut keys = [0; 4];
        let map = keys_of(&[-1.0, 0.5, f64::NAN, 0.5 + 1e-12], [0.0, 1.0], &mut keys);
        assert_eq!(keys, [0, 1_500_000_000, 0, 1_500_000_000]);
        assert_eq!(map.cut(500_000_000), 1_500_000_000);
        assert_eq!(map.cut(i64::MIN), 0);
        assert_eq!(map.cut(i64::MAX), u32::MAX);
    }

    #[test]
    fn wide_totals_keep_their_order() {
        let mut keys = [0; 4];
        let map = keys_of(&[1e6, -1e6, 5.0, 5.0], [0.0, 1.0], &mut keys);
        assert_eq!(keys, [2, 0, 1, 1]);
        assert_eq!(map.cut(5_000_000_000), 1);
        assert_eq!(map.cut(5_000_000_001), 2);
    }

    #[test]
    fn points_move_a_total_within_its_limits() {
        let adjust = Adjust { points: vec![5.0, -9.0, 0.0], floor: 0.0, ceiling: 100.0 };
        assert_eq!(adjust.total(0, 98.0), 100.0);
        assert_eq!(adjust.total(1, 3.0), 0.0);
        assert_eq!(adjust.bounds([10.0, 90.0]), [1.0, 95.0]);
    }
}
