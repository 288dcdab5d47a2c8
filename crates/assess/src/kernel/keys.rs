//! Scores on a grid: two scores closer than the grid cannot be told apart, so ranks compare whole numbers.

/// 2⁵² + 2⁵¹: added to a number below 2⁵¹ it leaves the nearest whole number in the low bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// The grid of a run: where it starts, how many steps a unit of score holds, the lowest key that can occur.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    origin: f64,
    steps_per_unit: f64,
    lowest: i64,
}

impl Grid {
    /// A grid whose keys between the scores `low` and `high` fit 32 bits, or `None` where they do not.
    pub fn new(origin: f64, steps_per_unit: f64, [low, high]: [f64; 2]) -> Option<Grid> {
        let wide = |score: f64| (score - origin) * steps_per_unit;
        let inside = wide(low).abs() < 1e15 && wide(high).abs() < 1e15;
        let fits = inside && wide(high) - wide(low) < f64::from(u32::MAX - 8);
        fits.then(|| Grid { origin, steps_per_unit, lowest: whole(wide(low)) - 4 })
    }

    /// The whole step nearest to the score (to the even one at a half), counted from the lowest key.
    #[inline(always)]
    pub fn key(&self, score: f64) -> u32 {
        let steps = whole((score - self.origin) * self.steps_per_unit);
        steps.wrapping_sub(self.lowest) as u32
    }

    /// Width of a step in units of score.
    pub fn step(&self) -> f64 {
        1.0 / self.steps_per_unit
    }

    /// Whether a step is wider than `width` units of score; not so for a width that is not a number.
    pub fn is_coarser_than(&self, width: f64) -> bool {
        width * self.steps_per_unit < 1.0
    }

    /// Steps from the origin of key 0.
    pub fn lowest(&self) -> i64 {
        self.lowest
    }
}

/// The whole step nearest, halves to even; for numbers below 2⁵¹ in size.
#[inline(always)]
fn whole(steps: f64) -> i64 {
    ((steps + SHIFT).to_bits() as i64).wrapping_sub(SHIFT.to_bits() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_below_the_grid_is_a_tie() {
        let grid = Grid::new(0.0, 1e9, [0.0, 1.0]).expect("fits");
        assert_eq!(grid.key(0.1 + 0.2), grid.key(0.3));
        assert!(grid.key(0.300_000_002) > grid.key(0.3));
    }

    #[test]
    fn keys_keep_the_order_over_the_whole_range() {
        let grid = Grid::new(1.0, 1e7, [-120.0, 260.0]).expect("fits");
        let scores = [-120.0, -119.0, -0.5, 0.0, 0.5, 259.0, 260.0];
        assert!(scores.windows(2).all(|pair| grid.key(pair[0]) < grid.key(pair[1])));
    }

    #[test]
    fn a_range_beyond_32_bits_is_refused() {
        assert_eq!(Grid::new(0.0, 1e9, [0.0, 4.4]), None);
        assert_eq!(Grid::new(0.0, 1e9, [f64::NEG_INFINITY, 1.0]), None);
        assert_eq!(Grid::new(0.0, 1e9, [f64::NAN, 1.0]), None);
    }
}
