//! Scores in single precision with a proven bound: half the memory, twice the lanes, right enough to tell which
//! few towns of a draw may be among the first.
//!
//! The columns are centred and divided by a power of two, so that a score here is the weighted sum less a number
//! all towns of the draw share. It is summed in chunks, so that a term passes through no more than
//! `CHUNK + 1 + indicators / CHUNK` roundings beside those of its value and its weight, each of at most 2⁻²⁴ of
//! the term (Higham 2002, §3.1 and §4.2).

use std::sync::atomic::{AtomicBool, Ordering};

use super::dispatch::{Task, Width, dispatch, fuses};
use super::keys::Grid;
use super::packed::{GROUP, Line, Packed};
use super::shortlist::Shortlist;

/// Towns of a group: two of the exact matrix.
const WIDE: usize = 2 * GROUP;
/// Indicators summed before they enter the total.
const CHUNK: usize = 16;
/// Draws held in registers.
const DRAWS: usize = 4;
/// Towns scored before the lists look at them: 4 draws of them stay in the first-level cache.
const STRIP: usize = 2_048;
/// Bytes of the matrix kept while a block of draws passes.
const PANEL_BYTES: usize = 1024 * 1024;
/// Sums of weights for which nothing here overflows or vanishes.
const WEIGHTS: std::ops::Range<f64> = 1e-9..1e9;

type Row = [f32; WIDE];
type Tile = [Row; DRAWS];
type Strip = [[f32; STRIP]; DRAWS];

/// A matrix in single precision.
pub struct Screen {
    towns: usize,
    indicators: usize,
    /// What the centred columns were multiplied with, so that no cell is above 1.
    scale: f64,
    /// Greatest magnitude of a value before.
    peak: f64,
    rows: Vec<Line<Row>>,
}

impl Screen {
    /// `None` where the columns are constant or out of reach, or once `cancel` is up.
    pub fn new(values: &Packed, cancel: &AtomicBool) -> Option<Screen> {
        let (towns, indicators) = (values.towns(), values.indicators());
        let middles = middles(values, cancel)?;
        let widest = middles.iter().fold(0.0, |widest: f64, [_, half]| widest.max(*half));
        if !(1e-150..1e150).contains(&widest) {
            return None;
        }
        let scale = 0.5 / f64::from_bits(widest.to_bits() & (0x7FF << 52));
        let mut rows = vec![Line([0.0; WIDE]); towns.div_ceil(WIDE) * indicators];
        for group in 0..values.groups() {
            if cancel.load(Ordering::Relaxed) {
                return None;
            }
            let first = group * GROUP % WIDE;
            let cells = rows[group * GROUP / WIDE * indicators..].iter_mut().zip(values.group(group));
            for ((Line(row), Line(from)), [middle, _]) in cells.zip(&middles) {
                for (cell, value) in row[first..][..GROUP].iter_mut().zip(from) {
                    *cell = ((value - middle) * scale) as f32;
                }
            }
        }
        Some(Screen { towns, indicators, scale, peak: values.peak(), rows })
    }

    /// Readies draws with these weights (draws × indicators); `None` where their sums are out of reach.
    pub fn reach(&self, grid: Grid, weights: &[f64]) -> Option<Reach> {
        let size = |row: &[f64]| row.iter().fold(0.0, |sum, weight| sum + weight.abs());
        let sums = weights.chunks_exact(self.indicators).map(size);
        let heaviest = sums.fold(0.0, f64::max);
        // Roundings of a score here and of a comparison with it; a hundredth more for what is of second order.
        let terms = (CHUNK + self.indicators.div_ceil(CHUNK) + 7) as f64;
        let single = 1.01 * terms * heaviest * f64::from(f32::EPSILON / 2.0);
        // Those of the plain sum that gives the key, doubled.
        let double = 2.0 * (self.indicators + 4) as f64 * f64::EPSILON * heaviest * self.peak;
        let apart = 2.0 * (single + (double + grid.step()) * self.scale);
        let reach = Reach { apart: apart as f32 * 1.000_001, most: (heaviest + apart) as f32 * 1.000_001 };
        (WEIGHTS.contains(&heaviest) && apart < heaviest).then_some(reach)
    }
}

/// How far single-precision scores of some draws are to be trusted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// Of two towns whose scores are further apart than this, the key of the one is greater.
    pub apart: f32,
    /// No score is greater, nor less than its negative.
    pub most: f32,
}

/// Middle and half width of each column.
fn middles(values: &Packed, cancel: &AtomicBool) -> Option<Vec<[f64; 2]>> {
    let mut ranges = vec![[[f64::INFINITY; GROUP], [f64::NEG_INFINITY; GROUP]]; values.indicators()];
    for group in 0..values.groups() {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let towns = (values.towns() - group * GROUP).min(GROUP);
        for ([low, high], Line(row)) in ranges.iter_mut().zip(values.group(group)) {
            for lane in 0..towns {
                low[lane] = if row[lane] < low[lane] { row[lane] } else { low[lane] };
                high[lane] = if row[lane] > high[lane] { row[lane] } else { high[lane] };
            }
        }
    }
    let middle = |[low, high]: [[f64; GROUP]; 2]| {
        let low = low.into_iter().fold(f64::INFINITY, f64::min);
        let high = high.into_iter().fold(f64::NEG_INFINITY, f64::max);
        [low / 2.0 + high / 2.0, high / 2.0 - low / 2.0]
    };
    Some(ranges.into_iter().map(middle).collect())
}

/// A block of draws, and what takes their scores.
pub struct Screening<'a> {
    pub screen: &'a Screen,
    pub reach: Reach,
    pub width: Width,
    /// Row-major, draws × indicators.
    pub weights: &'a [f64],
    /// One a draw.
    pub lists: &'a mut [Shortlist],
    /// Once up, the rest of the block is skipped; the caller throws the block away.
    pub cancel: &'a AtomicBool,
}

impl Screening<'_> {
    /// Puts every town that may be among the first of a draw on its list.
    pub fn run(self) {
        dispatch(self.width, self);
    }

    #[inline(always)]
    fn score<const LANES: usize, const FUSED: bool>(self) {
        let indicators = self.screen.indicators;
        let packed = pack(self.weights, indicators);
        let fitting = PANEL_BYTES / (indicators * WIDE * size_of::<f32>());
        let panel = fitting.clamp(1, STRIP / WIDE);
        let mut strip: Box<Strip> = Box::new([[0.0; STRIP]; DRAWS]);
        for (first_group, rows) in (0..).step_by(panel).zip(self.screen.rows.chunks(panel * indicators)) {
            let first_town = first_group * WIDE;
            let towns = (rows.len() / indicators * WIDE).min(self.screen.towns - first_town);
            let parts = packed.chunks_exact(indicators).zip(self.lists.chunks_mut(DRAWS));
            for (weights, lists) in parts {
                if self.cancel.load(Ordering::Relaxed) {
                    return;
                }
                for (group, rows) in rows.chunks_exact(indicators).enumerate() {
                    tile::<LANES, FUSED>(rows, weights, group * WIDE, &mut strip);
                }
                for (list, scores) in lists.iter_mut().zip(&*strip) {
                    list.take(&scores[..towns], first_town, self.reach);
                }
            }
        }
    }
}

impl Task for Screening<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) {
        match LANES {
            8 => self.score::<16, { fuses(8) }>(),
            4 => self.score::<8, { fuses(4) }>(),
            _ => self.score::<4, { fuses(2) }>(),
        }
    }
}

/// Weights of a few draws side by side, indicator after indicator; draws beyond the block weigh nothing.
#[inline(always)]
fn pack(weights: &[f64], indicators: usize) -> Vec<[f32; DRAWS]> {
    let draws = weights.len() / indicators;
    let mut packed = vec![[0.0; DRAWS]; draws.div_ceil(DRAWS) * indicators];
    for (draw, row) in weights.chunks_exact(indicators).enumerate() {
        let part = &mut packed[draw / DRAWS * indicators..][..indicators];
        part.iter_mut().zip(row).for_each(|(cell, &weight)| cell[draw % DRAWS] = weight as f32);
    }
    packed
}

/// Scores of one group; `LANES` towns in one vector, two vectors at a time.
#[inline(always)]
fn tile<const LANES: usize, const FUSED: bool>(
    rows: &[Line<Row>],
    weights: &[[f32; DRAWS]],
    first: usize,
    strip: &mut Strip,
) {
    let mut tile: Tile = [[0.0; WIDE]; DRAWS];
    for part in (0..WIDE).step_by(2 * LANES) {
        for (rows, weights) in rows.chunks(CHUNK).zip(weights.chunks(CHUNK)) {
            let mut left = [[0.0; LANES]; DRAWS];
            let mut right = [[0.0; LANES]; DRAWS];
            for (Line(row), weights) in rows.iter().zip(weights) {
                accumulate::<LANES, FUSED>(&mut left, &row[part..], weights);
                accumulate::<LANES, FUSED>(&mut right, &row[part + LANES..], weights);
            }
            for draw in 0..DRAWS {
                for lane in 0..LANES {
                    tile[draw][part + lane] += left[draw][lane];
                    tile[draw][part + LANES + lane] += right[draw][lane];
                }
            }
        }
    }
    for (strip, tile) in strip.iter_mut().zip(&tile) {
        strip[first..][..WIDE].copy_from_slice(tile);
    }
}

/// One indicator's share for one vector of towns. Small enough for the compiler to unroll whole.
#[inline(always)]
fn accumulate<const LANES: usize, const FUSED: bool>(
    sums: &mut [[f32; LANES]; DRAWS],
    row: &[f32],
    weights: &[f32; DRAWS],
) {
    let values: [f32; LANES] = std::array::from_fn(|lane| row[lane]);
    for draw in 0..DRAWS {
        for lane in 0..LANES {
            let (sum, value, weight) = (sums[draw][lane], values[lane], weights[draw]);
            sums[draw][lane] = if FUSED { value.mul_add(weight, sum) } else { sum + value * weight };
        }
    }
}
