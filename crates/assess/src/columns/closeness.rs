//! TOPSIS on a matrix without gaps in two passes over the columns.

use crate::kernel::dispatch::{Task, Width, dispatch};

/// Towns of a block: both sums of it stay in the first-level cache.
const BLOCK: usize = 1024;

/// How a column enters the distances: its figures times `factor` against two points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ideal {
    pub(crate) factor: f64,
    pub(crate) best: f64,
    pub(crate) worst: f64,
}

/// d⁻/(d⁺+d⁻) of each town, ½ when both distances are zero.
pub(crate) fn closeness(columns: &[&[f64]], ideals: &[Ideal], towns: usize) -> Vec<f64> {
    dispatch(Width::best(), Closeness { columns, ideals, towns })
}

struct Closeness<'a> {
    columns: &'a [&'a [f64]],
    ideals: &'a [Ideal],
    towns: usize,
}

impl Task for Closeness<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) -> Vec<f64> {
        let mut scores = vec![0.0; self.towns];
        let mut best = [0.0; BLOCK];
        let mut worst = [0.0; BLOCK];
        for start in (0..self.towns).step_by(BLOCK) {
            let end = (start + BLOCK).min(self.towns);
            let (best, worst) = (&mut best[..end - start], &mut worst[..end - start]);
            best.fill(0.0);
            worst.fill(0.0);
            for (column, ideal) in self.columns.iter().zip(self.ideals) {
                let sums = best.iter_mut().zip(worst.iter_mut());
                for ((best, worst), x) in sums.zip(&column[start..end]) {
                    let z = x * ideal.factor;
                    *best += (z - ideal.best) * (z - ideal.best);
                    *worst += (z - ideal.worst) * (z - ideal.worst);
                }
            }
            let distances = best.iter().zip(worst.iter());
            for (score, (best, worst)) in scores[start..end].iter_mut().zip(distances) {
                let (best, worst) = (best.sqrt(), worst.sqrt());
                let whole = best + worst;
                *score = if whole > 0.0 { worst / whole } else { 0.5 };
            }
        }
        scores
    }
}
