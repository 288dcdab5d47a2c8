//! Weighted sums for callers that only look at keys: fused where a key cannot tell, exact where it could.
//!
//! A sum of n products in any order of rounding, fused or not, lies within γ Σ|w||u| of the true one, where
//! γ = n ε / (1 − n ε) (Higham, Accuracy and Stability of Numerical Algorithms, 2002, §3.1). So the fused and the
//! plain sum differ by at most twice that. `Grid::key` never falls as the score rises; where both ends of the
//! interval about the fused sum have one key, the plain sum, which lies inside, has it too. Tiles with a score
//! whose ends differ, about one in a hundred, are summed again plainly.

use super::keys::Grid;
use super::packed::{GROUP, Packed};
use super::scores::{Model, Tile, sums};

/// Σ weight × value, right as to its key on the grid; the last bits may differ between processors.
pub struct KeyedSum<'a> {
    values: &'a Packed,
    grid: Grid,
    slack: f64,
}

impl<'a> KeyedSum<'a> {
    /// For draws with these weights (draws × indicators); `None` where the slack is too wide to be of use.
    pub fn new(values: &'a Packed, grid: Grid, weights: &[f64]) -> Option<KeyedSum<'a>> {
        let indicators = values.indicators().max(1);
        let size = |row: &[f64]| row.iter().fold(0.0, |sum, weight| sum + weight.abs());
        let heaviest = weights.chunks_exact(indicators).map(size).fold(0.0, f64::max);
        // Twice γ Σ|w||u|, doubled once more for the roundings of the bound and of the interval's ends.
        let terms = (indicators + 4) as f64;
        let slack = 2.0 * terms * f64::EPSILON * heaviest * values.peak() + f64::MIN_POSITIVE;
        grid.is_coarser_than(16.0 * slack).then_some(KeyedSum { values, grid, slack })
    }

    /// Whether every score of the tile has one key over its interval.
    #[inline(always)]
    fn is_certain<const DRAWS: usize>(&self, tile: &Tile<DRAWS>) -> bool {
        let mut unsure = [0; GROUP];
        for row in tile {
            for (unsure, score) in unsure.iter_mut().zip(row) {
                *unsure |= self.grid.key(score - self.slack) ^ self.grid.key(score + self.slack);
            }
        }
        unsure.iter().fold(0, |any, one| any | one) == 0
    }
}

impl Model for KeyedSum<'_> {
    fn towns(&self) -> usize {
        self.values.towns()
    }

    fn indicators(&self) -> usize {
        self.values.indicators()
    }

    #[inline(always)]
    fn tile<const LANES: usize, const DRAWS: usize>(
        &self,
        group: usize,
        weights: &[[f64; DRAWS]],
        out: &mut Tile<DRAWS>,
    ) {
        let rows = self.values.group(group);
        sums::<LANES, DRAWS, true>(rows, weights, out);
        if !self.is_certain(out) {
            sums::<LANES, DRAWS, false>(rows, weights, out);
        }
    }
}
