//! Fast passes over whole columns for one-shot methods, compiled for each vector width.
//! Sums run in eight fixed lanes, so the bytes do not depend on the width.

mod closeness;
mod gram;

pub(crate) use closeness::{Ideal, closeness};
pub(crate) use gram::gram;

use crate::kernel::dispatch::{Task, Width, dispatch};
use crate::maths::ln_normal;
use crate::statistics::{range, sum_by};

/// Range and central moments of a column without gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moments {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) mean: f64,
    /// Σ (x − mean)².
    pub(crate) squares: f64,
}

/// Moments of a column; `None` if it is empty or has a gap.
pub(crate) fn moments(column: &[f64]) -> Option<Moments> {
    dispatch(Width::best(), MomentsTask(column))
}

struct MomentsTask<'a>(&'a [f64]);

impl Task for MomentsTask<'_> {
    type Output = Option<Moments>;

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) -> Option<Moments> {
        let column = self.0;
        let (low, high) = range(column)?;
        let count = column.len() as f64;
        let first = sum_by(column, |x| x) / count;
        if first.is_nan() {
            return None;
        }
        let mean = first + sum_by(column, |x| x - first) / count;
        let drift = sum_by(column, |x| x - mean);
        let squares = sum_by(column, |x| (x - mean) * (x - mean)) - drift * drift / count;
        Some(Moments { low, high, mean, squares: squares.max(0.0) })
    }
}

/// Σ y and Σ y ln y of a non-negative column without gaps, y = x·scale, 0 ln 0 = 0.
pub(crate) fn log_sums(column: &[f64], scale: f64) -> (f64, f64) {
    dispatch(Width::best(), LogSums { column, scale })
}

struct LogSums<'a> {
    column: &'a [f64],
    scale: f64,
}

impl Task for LogSums<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) -> (f64, f64) {
        let scale = self.scale;
        let sum = sum_by(self.column, |x| x * scale);
        let logs = sum_by(self.column, |x| {
            let y = x * scale;
            let safe = if y > f64::MIN_POSITIVE { y } else { f64::MIN_POSITIVE };
            y * ln_normal(safe)
        });
        (sum, logs)
    }
}

/// Writes (x − mean)·factor into `into`.
pub(crate) fn standardise(column: &[f64], mean: f64, factor: f64, into: &mut [f64]) {
    dispatch(Width::best(), Standardise { column, mean, factor, into });
}

struct Standardise<'a> {
    column: &'a [f64],
    mean: f64,
    factor: f64,
    into: &'a mut [f64],
}

impl Task for Standardise<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) {
        for (to, x) in self.into.iter_mut().zip(self.column) {
            *to = (x - self.mean) * self.factor;
        }
    }
}
