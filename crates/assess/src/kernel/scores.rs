//! Scores of a few draws for a group of towns, kept in registers.

use super::dispatch::fuses;
use super::packed::{GROUP, Line, Packed, Row};
use crate::maths::exp;

/// Scores of `DRAWS` draws for one group of towns.
pub type Tile<const DRAWS: usize> = [Row; DRAWS];

/// How weights and a matrix give a score.
pub trait Model: Sync {
    fn towns(&self) -> usize;
    fn indicators(&self) -> usize;

    /// What a weight enters the sums as.
    #[inline(always)]
    fn weight(weight: f64) -> f64 {
        weight
    }

    /// Scores of one group; `weights` has a row an indicator.
    fn tile<const LANES: usize, const DRAWS: usize>(
        &self,
        group: usize,
        weights: &[[f64; DRAWS]],
        out: &mut Tile<DRAWS>,
    );
}

/// Σ weight × value.
pub struct WeightedSum<'a>(pub &'a Packed);

impl Model for WeightedSum<'_> {
    fn towns(&self) -> usize {
        self.0.towns()
    }

    fn indicators(&self) -> usize {
        self.0.indicators()
    }

    #[inline(always)]
    fn tile<const LANES: usize, const DRAWS: usize>(
        &self,
        group: usize,
        weights: &[[f64; DRAWS]],
        out: &mut Tile<DRAWS>,
    ) {
        sums::<LANES, DRAWS, false>(self.0.group(group), weights, out);
    }
}

/// Σ weight × value of one town, bit by bit as [`WeightedSum`] gives it.
pub fn plain_sum(values: &Packed, town: usize, weights: &[f64]) -> f64 {
    let cells = values.group(town / GROUP).iter().map(|Line(row)| row[town % GROUP]);
    cells.zip(weights).fold(0.0, |sum, (value, weight)| sum + value * weight)
}

/// A number of [0, 1] spread over the plan's scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub bottom: f64,
    pub width: f64,
}

impl Spread {
    #[inline(always)]
    pub fn score(&self, unit: f64) -> f64 {
        self.bottom + self.width * unit
    }
}

/// exp Σ weight × logarithm: the weighted geometric mean on [0, 1], from a matrix of logarithms, spread.
pub struct GeometricMean<'a> {
    pub logarithms: &'a Packed,
    pub spread: Spread,
}

impl Model for GeometricMean<'_> {
    fn towns(&self) -> usize {
        self.logarithms.towns()
    }

    fn indicators(&self) -> usize {
        self.logarithms.indicators()
    }

    #[inline(always)]
    fn tile<const LANES: usize, const DRAWS: usize>(
        &self,
        group: usize,
        weights: &[[f64; DRAWS]],
        out: &mut Tile<DRAWS>,
    ) {
        sums::<LANES, DRAWS, false>(self.logarithms.group(group), weights, out);
        for row in out {
            for score in row {
                *score = self.spread.score(exp(*score));
            }
        }
    }
}

/// Σ weight × value over the values present, divided by the weights present; 0 where none is.
pub struct PresentMean<'a> {
    /// Values, 0 where missing.
    pub values: &'a Packed,
    /// 1 where present, 0 where missing.
    pub present: &'a Packed,
}

impl Model for PresentMean<'_> {
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
        let mut present = [[0.0; GROUP]; DRAWS];
        sums::<LANES, DRAWS, false>(self.values.group(group), weights, out);
        sums::<LANES, DRAWS, false>(self.present.group(group), weights, &mut present);
        for draw in 0..DRAWS {
            for town in 0..GROUP {
                let weight = present[draw][town];
                out[draw][town] = if weight > 0.0 { out[draw][town] / weight } else { 0.0 };
            }
        }
    }
}

/// Closeness to the ideal, d⁻ / (d⁺ + d⁻), where d± = √Σ w²(z − z±)².
///
/// The ideals scale with the weight, so the squared distances are two products of fixed matrices with w².
pub struct Closeness<'a> {
    /// (z − z⁺)²
    pub from_best: &'a Packed,
    /// (z − z⁻)²
    pub from_worst: &'a Packed,
    pub spread: Spread,
}

impl Model for Closeness<'_> {
    fn towns(&self) -> usize {
        self.from_best.towns()
    }

    fn indicators(&self) -> usize {
        self.from_best.indicators()
    }

    #[inline(always)]
    fn weight(weight: f64) -> f64 {
        weight * weight
    }

    #[inline(always)]
    fn tile<const LANES: usize, const DRAWS: usize>(
        &self,
        group: usize,
        weights: &[[f64; DRAWS]],
        out: &mut Tile<DRAWS>,
    ) {
        let mut worst = [[0.0; GROUP]; DRAWS];
        sums::<LANES, DRAWS, false>(self.from_best.group(group), weights, out);
        sums::<LANES, DRAWS, false>(self.from_worst.group(group), weights, &mut worst);
        for draw in 0..DRAWS {
            for town in 0..GROUP {
                let unit = closeness(out[draw][town], worst[draw][town]);
                out[draw][town] = self.spread.score(unit);
            }
        }
    }
}

/// d⁻ / (d⁺ + d⁻) from the squares; a half where both are 0, all towns being equal.
#[inline(always)]
pub fn closeness(best_square: f64, worst_square: f64) -> f64 {
    let best = best_square.sqrt();
    let worst = worst_square.sqrt();
    let both = best + worst;
    if both > 0.0 { worst / both } else { 0.5 }
}

/// Σ weight × value over the indicators, in their order, for `DRAWS` draws and the 16 towns of a group.
///
/// `LANES` is the number of towns in one vector; two vectors are worked on at a time. With `FUSED`, product and
/// sum are rounded once where the processor can, so that the last bits depend on the processor.
#[inline(always)]
pub(super) fn sums<const LANES: usize, const DRAWS: usize, const FUSED: bool>(
    rows: &[Line<Row>],
    weights: &[[f64; DRAWS]],
    out: &mut Tile<DRAWS>,
) {
    for part in 0..GROUP / (2 * LANES) {
        let first = part * 2 * LANES;
        let mut left = [[0.0; LANES]; DRAWS];
        let mut right = [[0.0; LANES]; DRAWS];
        for (Line(row), weights) in rows.iter().zip(weights) {
            accumulate::<LANES, DRAWS, FUSED>(&mut left, &row[first..], weights);
            accumulate::<LANES, DRAWS, FUSED>(&mut right, &row[first + LANES..], weights);
        }
        for draw in 0..DRAWS {
            out[draw][first..][..LANES].copy_from_slice(&left[draw]);
            out[draw][first + LANES..][..LANES].copy_from_slice(&right[draw]);
        }
    }
}

/// One indicator's share for one vector of towns. Small enough for the compiler to unroll whole.
#[inline(always)]
fn accumulate<const LANES: usize, const DRAWS: usize, const FUSED: bool>(
    sums: &mut [[f64; LANES]; DRAWS],
    row: &[f64],
    weights: &[f64; DRAWS],
) {
    let values: [f64; LANES] = std::array::from_fn(|lane| row[lane]);
    for draw in 0..DRAWS {
        for lane in 0..LANES {
            let (sum, value, weight) = (sums[draw][lane], values[lane], weights[draw]);
            sums[draw][lane] =
                if FUSED && fuses(LANES) { value.mul_add(weight, sum) } else { sum + value * weight };
        }
    }
}
