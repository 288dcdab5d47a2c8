//! The product UᵀU of a column-major matrix: all correlations at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::kernel::dispatch::{Task, Width, dispatch};
use crate::statistics::{LANES as CHUNK, fold};

/// Towns of a block: a hundred columns of it stay in the second-level cache.
const BLOCK: usize = 256;

/// A block of a centred column, where vectors begin and end with the lines of the cache.
#[derive(Clone)]
#[repr(align(64))]
struct Unit([f64; BLOCK]);

/// A column as it enters the product: (x − centre)·factor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Centred<'a> {
    pub(crate) column: &'a [f64],
    pub(crate) centre: f64,
    pub(crate) factor: f64,
}

/// Σ_t u_tj·u_tk for every pair of centred columns, `n` × `n` row after row. Each pair is
/// summed block after block in eight fixed lanes.
/// Once `cancel` is up the rest is skipped; the caller throws the sums away.
pub(crate) fn gram(columns: &[Centred<'_>], cancel: &AtomicBool) -> Vec<f64> {
    dispatch(Width::best(), Gram { columns, cancel })
}

struct Gram<'a> {
    columns: &'a [Centred<'a>],
    cancel: &'a AtomicBool,
}

impl Task for Gram<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) -> Vec<f64> {
        // The tile must fit the registers: sixteen wide sums with 512-bit vectors, four else.
        if LANES >= CHUNK { self.tiled::<4>() } else { self.tiled::<2>() }
    }
}

impl Gram<'_> {
    #[inline(always)]
    fn tiled<const TILE: usize>(&self) -> Vec<f64> {
        let n = self.columns.len();
        let towns = self.columns.first().map_or(0, |first| first.column.len());
        let mut product = vec![0.0; n * n];
        let mut units = vec![Unit([0.0; BLOCK]); n];
        for start in (0..towns).step_by(BLOCK) {
            if self.cancel.load(Ordering::Relaxed) {
                break;
            }
            let size = BLOCK.min(towns - start);
            for (Unit(unit), from) in units.iter_mut().zip(self.columns) {
                for (u, x) in unit.iter_mut().zip(&from.column[start..start + size]) {
                    *u = (x - from.centre) * from.factor;
                }
                unit[size..].fill(0.0);
            }
            for j in (0..n).step_by(TILE) {
                for k in (j..n).step_by(TILE) {
                    tile::<TILE>(&units, j, k, &mut product);
                }
            }
        }
        for j in 0..n {
            for k in 0..j {
                product[j * n + k] = product[k * n + j];
            }
        }
        product
    }
}

/// One block of towns for columns j… against k…; the edge repeats the last column.
#[inline(always)]
fn tile<const TILE: usize>(units: &[Unit], j: usize, k: usize, product: &mut [f64]) {
    let n = units.len();
    let last = n - 1;
    let left: [&[f64; BLOCK]; TILE] = std::array::from_fn(|a| &units[(j + a).min(last)].0);
    let right: [&[f64; BLOCK]; TILE] = std::array::from_fn(|b| &units[(k + b).min(last)].0);
    let sums = products(&left, &right);
    for (a, row) in sums.iter().enumerate() {
        for (b, lanes) in row.iter().enumerate() {
            let (j, k) = (j + a, k + b);
            if j <= k && k <= last {
                product[j * n + k] += fold(lanes);
            }
        }
    }
}

#[inline(always)]
fn products<const TILE: usize>(
    left: &[&[f64; BLOCK]; TILE],
    right: &[&[f64; BLOCK]; TILE],
) -> [[[f64; CHUNK]; TILE]; TILE] {
    let mut sums = [[[0.0; CHUNK]; TILE]; TILE];
    let lefts: [&[[f64; CHUNK]]; TILE] = std::array::from_fn(|a| left[a].as_chunks().0);
    let rights: [&[[f64; CHUNK]]; TILE] = std::array::from_fn(|b| right[b].as_chunks().0);
    for t in 0..BLOCK / CHUNK {
        for a in 0..TILE {
            for b in 0..TILE {
                for lane in 0..CHUNK {
                    sums[a][b][lane] += lefts[a][t][lane] * rights[b][t][lane];
                }
            }
        }
    }
    // A copy, or each step would write all sums to where the caller reads them one by one.
    let mut done = [[[0.0; CHUNK]; TILE]; TILE];
    for a in 0..TILE {
        for b in 0..TILE {
            for lane in 0..CHUNK {
                done[a][b][lane] = sums[a][b][lane];
            }
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_gives_the_bytes_of_the_plain_loop() {
        let (towns, n) = (531, 7);
        let matrix: Vec<f64> = (0..towns * n).map(|i| ((i * 7919) % 1009) as f64 / 97.0 - 5.0).collect();
        let columns: Vec<Centred<'_>> =
            matrix.chunks(towns).map(|column| Centred { column, centre: 0.5, factor: 2.0 }).collect();
        let cancel = AtomicBool::new(false);
        let plain = dispatch(Width::Base, Gram { columns: &columns, cancel: &cancel });
        for width in Width::ALL {
            assert_eq!(dispatch(width, Gram { columns: &columns, cancel: &cancel }), plain);
        }
        let unit = |x: f64| (x - 0.5) * 2.0;
        let direct: f64 = (0..towns).map(|t| unit(matrix[t]) * unit(matrix[2 * towns + t])).sum();
        assert!((plain[2] - direct).abs() < 1e-9 * direct.abs());
        assert_eq!(plain[2], plain[2 * n]);
    }
}
