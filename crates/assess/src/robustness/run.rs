//! Shares the draws of a run among threads. Blocks and rounds depend on the sizes alone, and counts are whole
//! numbers, so the sum is the same for any number of threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::study::Study;
use super::tally::{Reference, Sizes, Tally};
use super::worker::Worker;
use crate::control::Control;
use crate::error::EvalError;
use crate::uncertainty::{StopRule, Uncertainty};

/// Draws between two looks at the stop rule.
const ROUND: u32 = 1_024;
/// Keys of one block, so that they stay in the cache.
const BLOCK_KEYS: usize = 1 << 18;
/// Draws of a block whose keys do not fit the cache: each block reads the whole matrix, which fits it no better.
const LARGE_BLOCK: usize = 128;
/// Most keys of such a block, so that counting them keeps nobody waiting for more than some 10 ms.
const MOST_KEYS: usize = 5 << 20;
/// Fewest draws of a block.
const LEAST_BLOCK: usize = 32;
/// Draws of a block that finds first places only.
const FIRST_BLOCK: usize = 256;

/// What the draws of a run came to.
pub(crate) struct Counts {
    pub(crate) tally: Tally,
    /// Why the failed draw of the lowest number failed.
    pub(crate) failure: Option<EvalError>,
    /// Draws made, failed ones included.
    pub(crate) draws: u32,
}

/// Everything a thread needs to begin.
pub(crate) struct Run<'s, 'a> {
    pub(crate) study: &'s Study<'a>,
    pub(crate) reference: &'s Reference,
    pub(crate) control: &'s Control,
    pub(crate) sizes: Sizes,
    /// Number of first towns looked for, where the rest need not be ranked.
    pub(crate) first_only: Option<usize>,
}

impl Run<'_, '_> {
    /// Makes the draws, fewer where the stop rule is met before.
    ///
    /// # Errors
    /// [`EvalError::Cancelled`].
    pub(crate) fn counts(&self, uncertainty: &Uncertainty) -> Result<Counts, EvalError> {
        let block = self.block_size();
        let round = uncertainty.stop.map_or(uncertainty.draws, |_| ROUND.next_multiple_of(block));
        let mut counts = Counts { tally: Tally::new(self.sizes), failure: None, draws: 0 };
        while counts.draws < uncertainty.draws {
            let end = counts.draws.saturating_add(round).min(uncertainty.draws);
            self.round(counts.draws, end, block, uncertainty.draws, &mut counts)?;
            counts.draws = end;
            if uncertainty.stop.is_some_and(|rule| is_met(rule, &counts.tally)) {
                break;
            }
        }
        Ok(counts)
    }

    fn block_size(&self) -> u32 {
        let combinations = self.study.inputs.combinations().min(16) as usize;
        let base = match self.first_only {
            Some(_) => FIRST_BLOCK,
            None => {
                let fitting = |keys: usize| keys / self.sizes.towns.max(1);
                let large = fitting(MOST_KEYS).min(LARGE_BLOCK);
                fitting(BLOCK_KEYS).max(large).clamp(LEAST_BLOCK, FIRST_BLOCK)
            }
        };
        (base * combinations) as u32
    }

    fn round(
        &self,
        start: u32,
        end: u32,
        block: u32,
        total: u32,
        counts: &mut Counts,
    ) -> Result<(), EvalError> {
        let next = AtomicU32::new(0);
        let done = AtomicU32::new(start);
        let blocks = (end - start).div_ceil(block);
        let workers = Mutex::new(Vec::new());
        let work = || -> Result<(), EvalError> {
            let mut worker =
                Worker::new(self.study, self.reference, self.control, self.sizes, self.first_only);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= blocks {
                    break;
                }
                let first = start + number * block;
                let count = block.min(end - first);
                worker.block(first, count)?;
                let made = done.fetch_add(count, Ordering::Relaxed) + count;
                self.control.report(u64::from(made), u64::from(total));
            }
            worker.tally.settle();
            let mut workers = workers.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            workers.push((worker.tally, worker.failure));
            Ok(())
        };
        let threads = self.control.threads.clamp(1, 256).min(blocks as usize);
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            let joined = others.into_iter().map(|other| other.join().unwrap_or(Err(EvalError::Cancelled)));
            joined.fold(own, |all, one| all.and(one))
        })?;
        let workers = workers.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut failures: Vec<(u32, EvalError)> = Vec::new();
        for (tally, failure) in workers {
            counts.tally.merge(&tally);
            failures.extend(failure);
        }
        failures.sort_by_key(|(draw, _)| *draw);
        let first = failures.into_iter().next().map(|(_, error)| error);
        counts.failure = counts.failure.take().or(first);
        Ok(())
    }
}

/// Whether P(selected) of every town is known within the half-width asked.
fn is_met(rule: StopRule, tally: &Tally) -> bool {
    let widest = tally.selected.iter().map(|&selected| {
        let [low, high] = wilson(u64::from(selected), tally.draws);
        (high - low) / 2.0
    });
    tally.draws > 0 && widest.fold(0.0, f64::max) <= rule.half_width
}

/// Wilson's 95 % interval of a share (Wilson 1927).
pub(crate) fn wilson(count: u64, draws: u64) -> [f64; 2] {
    const Z: f64 = 1.959_963_984_540_054;
    if draws == 0 {
        return [0.0, 1.0];
    }
    let total = draws as f64;
    let share = count as f64 / total;
    let scale = 1.0 + Z * Z / total;
    let middle = (share + Z * Z / (2.0 * total)) / scale;
    let inside = share * (1.0 - share) / total + Z * Z / (4.0 * total * total);
    let half = Z * inside.sqrt() / scale;
    [(middle - half).max(0.0), (middle + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    #[test]
    fn wilson_gives_the_published_intervals() {
        let cases = [
            (81, 263, [0.2553, 0.3662]),
            (15, 148, [0.0624, 0.1605]),
            (0, 20, [0.0, 0.1611]),
            (1, 29, [0.0061, 0.1718]),
        ];
        for (count, draws, expected) in cases {
            let found = wilson(count, draws);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 5e-5, "{count}/{draws} {found} {expected}");
            }
        }
    }

    #[test]
    fn a_half_width_of_one_hundredth_takes_about_9600_draws_at_one_half() {
        let half = |draws: u64| {
            let [low, high] = wilson(draws / 2, draws);
            (high - low) / 2.0
        };
        assert!(half(9_600) <= 0.01 + 1e-5 && half(9_400) > 0.01);
    }
}
