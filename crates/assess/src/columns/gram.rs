//! The product UᵀU of a column-major matrix: all correlations at once.

use crate::kernel::dispatch::{Task, Width, dispatch};
use crate::statistics::{LANES as CHUNK, fold};

/// Towns of a block: a hundred columns of it stay in the second-level cache.
const BLOCK: usize = 256;

/// Σ_t u_tj·u_tk for every pair of columns, `n` × `n` row after row. Each pair is summed
/// block after block in eight fixed lanes.
pub(crate) fn gram(matrix: &[f64], towns: usize, n: usize) -> Vec<f64> {
    dispatch(Width::best(), Gram { matrix, towns, n })
}

struct Gram<'a> {
    matrix: &'a [f64],
    towns: usize,
    n: usize,
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
        let n = self.n;
        let mut product = vec![0.0; n * n];
        for start in (0..self.towns).step_by(BLOCK) {
            let end = (start + BLOCK).min(self.towns);
            for j in (0..n).step_by(TILE) {
                for k in (j..n).step_by(TILE) {
                    self.tile::<TILE>(start, end, j, k, &mut product);
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

    /// One block of towns for columns j… against k…; the edge repeats the last column.
    #[inline(always)]
    fn tile<const TILE: usize>(
        &self,
        start: usize,
        end: usize,
        j: usize,
        k: usize,
        product: &mut [f64],
    ) {
        let last = self.n - 1;
        let column = |c: usize| {
            let c = c.min(last);
            &self.matrix[c * self.towns + start..c * self.towns + end]
        };
        let left: [&[f64]; TILE] = std::array::from_fn(|a| column(j + a));
        let right: [&[f64]; TILE] = std::array::from_fn(|b| column(k + b));
        let sums = products(&left, &right);
        for (a, row) in sums.iter().enumerate() {
            for (b, lanes) in row.iter().enumerate() {
                let (j, k) = (j + a, k + b);
                if j <= k && k <= last {
                    product[j * self.n + k] += fold(lanes);
                }
            }
        }
    }
}

#[inline(always)]
fn products<const TILE: usize>(
    left: &[&[f64]; TILE],
    right: &[&[f64]; TILE],
) -> [[[f64; CHUNK]; TILE]; TILE] {
    let mut sums = [[[0.0; CHUNK]; TILE]; TILE];
    let length = left[0].len();
    let whole = length / CHUNK;
    let lefts: [&[[f64; CHUNK]]; TILE] = std::array::from_fn(|a| &left[a].as_chunks().0[..whole]);
    let rights: [&[[f64; CHUNK]]; TILE] = std::array::from_fn(|b| &right[b].as_chunks().0[..whole]);
    for t in 0..whole {
        for a in 0..TILE {
            for b in 0..TILE {
                for lane in 0..CHUNK {
                    sums[a][b][lane] += lefts[a][t][lane] * rights[b][t][lane];
                }
            }
        }
    }
    for t in whole * CHUNK..length {
        for a in 0..TILE {
            for b in 0..TILE {
                sums[a][b][t - whole * CHUNK] += left[a][t] * right[b][t];
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_gives_the_bytes_of_the_plain_loop() {
        let (towns, n) = (531, 7);
        let matrix: Vec<f64> =
            (0..towns * n).map(|i| ((i * 7919) % 1009) as f64 / 97.0 - 5.0).collect();
        let plain = dispatch(Width::Base, Gram { matrix: &matrix, towns, n });
        for width in Width::ALL {
            assert_eq!(dispatch(width, Gram { matrix: &matrix, towns, n }), plain);
        }
        let direct: f64 = (0..towns).map(|t| matrix[t] * matrix[2 * towns + t]).sum();
        assert!((plain[2] - direct).abs() < 1e-9 * direct.abs());
        assert_eq!(plain[2], plain[2 * n]);
    }
}
