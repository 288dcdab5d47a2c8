//! Fast passes over whole columns for one-shot methods, compiled for each vector width.
//! Sums run in eight fixed lanes, so the bytes do not depend on the width.

mod closeness;
mod gram;

pub(crate) use closeness::{Ideal, closeness};
pub(crate) use gram::{Centred, gram};

use crate::kernel::dispatch::{Task, Width, dispatch};
use crate::maths::ln_normal;
use crate::statistics::{LANES as CHUNK, fold, range, sum_by};

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
        let count = column.len() as f64;
        let first = sum_by(column, |x| x) / count;
        if first.is_nan() {
            return None;
        }
        let (low, high) = range(column)?;
        let [drift, squares] = sums_by(column, |x| [x - first, (x - first) * (x - first)]);
        let squares = (squares - drift * drift / count).max(0.0);
        Some(Moments { low, high, mean: first + drift / count, squares })
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
        let [sum, logs] = sums_by(self.column, |x| {
            let y = x * scale;
            let safe = if y > f64::MIN_POSITIVE { y } else { f64::MIN_POSITIVE };
            [y, y * ln_normal(safe)]
        });
        (sum, logs)
    }
}

/// Two sums of one pass, each in eight fixed lanes.
#[inline(always)]
fn sums_by(values: &[f64], f: impl Fn(f64) -> [f64; 2]) -> [f64; 2] {
    let mut left = [0.0; CHUNK];
    let mut right = [0.0; CHUNK];
    let (blocks, rest) = values.as_chunks::<CHUNK>();
    for block in blocks {
        for ((left, right), x) in left.iter_mut().zip(&mut right).zip(block) {
            let [a, b] = f(*x);
            *left += a;
            *right += b;
        }
    }
    for ((left, right), x) in left.iter_mut().zip(&mut right).zip(rest) {
        let [a, b] = f(*x);
        *left += a;
        *right += b;
    }
    [fold(&left), fold(&right)]
}
