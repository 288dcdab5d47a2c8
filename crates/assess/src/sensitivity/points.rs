//! Scrambled Sobol' points: a random linear scramble and a digital shift (Matoušek 1998).
//!
//! The direction numbers are those of Joe and Kuo (2008), in `joe_kuo.txt`. A point is a pure function of
//! (seed, index), so it is the same whichever thread asks for it.

use crate::random::{Purpose, Stream};

/// Most dimensions; two are needed for each uncertain input.
pub(crate) const DIMENSIONS: usize = 512;

const BITS: usize = 32;
const TABLE: &str = include_str!("joe_kuo.txt");

/// A scrambled sequence.
pub(crate) struct Points {
    directions: Vec<[u32; BITS]>,
    shifts: Vec<u32>,
}

impl Points {
    /// The sequence of `dimensions` ≤ [`DIMENSIONS`] dimensions scrambled by `seed`.
    pub(crate) fn new(dimensions: usize, seed: u64) -> Points {
        let plain = plain_directions(dimensions);
        let scrambled = plain.iter().zip(0u32..);
        Points {
            directions: scrambled.map(|(plain, dimension)| scramble(plain, seed, dimension)).collect(),
            shifts: (0..dimensions as u32).map(|dimension| shift(seed, dimension)).collect(),
        }
    }

    /// Coordinates of the point `index`, each strictly between 0 and 1.
    pub(crate) fn point(&self, index: u32, coordinates: &mut [f64]) {
        let gray = index ^ index >> 1;
        let dimensions = self.directions.iter().zip(&self.shifts);
        for (coordinate, (directions, &shift)) in coordinates.iter_mut().zip(dimensions) {
            *coordinate = centre(exclusive_sum(directions, gray) ^ shift);
        }
    }
}

fn exclusive_sum(directions: &[u32; BITS], mut bits: u32) -> u32 {
    let mut sum = 0;
    while bits != 0 {
        sum ^= directions[bits.trailing_zeros() as usize];
        bits &= bits - 1;
    }
    sum
}

/// The centre of the cell `bits` / 2³².
fn centre(bits: u32) -> f64 {
    (f64::from(bits) + 0.5) / 4_294_967_296.0
}

/// Direction numbers by Sobol's recurrence, highest bit first.
fn plain_directions(dimensions: usize) -> Vec<[u32; BITS]> {
    let first = std::array::from_fn(|bit| 1 << (BITS - 1 - bit));
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    std::iter::once(first).chain(lines.map(recurrence)).take(dimensions).collect()
}

fn recurrence(line: &str) -> [u32; BITS] {
    let mut numbers = line.split(' ').map(|word| word.parse::<u32>().expect("the table holds whole numbers"));
    let polynomial = numbers.next().expect("a line begins with its polynomial");
    let degree = polynomial.ilog2() as usize;
    let mut directions = [0u32; BITS];
    for (bit, number) in numbers.enumerate() {
        directions[bit] = number << (BITS - 1 - bit);
    }
    for bit in degree..BITS {
        let back = directions[bit - degree];
        directions[bit] = back ^ back >> degree;
        for step in 1..degree {
            if polynomial >> (degree - step) & 1 == 1 {
                directions[bit] ^= directions[bit - step];
            }
        }
    }
    directions
}

/// Multiplies by a random lower-triangular matrix of bits with ones on its diagonal.
fn scramble(plain: &[u32; BITS], seed: u64, dimension: u32) -> [u32; BITS] {
    let stream = Stream::new(seed, Purpose::Scramble, 0, dimension);
    let rows: [u32; BITS] = std::array::from_fn(|row| {
        let diagonal = 1u32 << (BITS - 1 - row);
        let above = !(diagonal | (diagonal - 1));
        diagonal | stream.bits(row as u32) as u32 & above
    });
    plain.map(|direction| rows.iter().fold(0, |bits, row| bits << 1 | (direction & row).count_ones() & 1))
}

fn shift(seed: u64, dimension: u32) -> u32 {
    Stream::new(seed, Purpose::Scramble, 1, dimension).bits(0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First points of the unscrambled sequence, as Joe and Kuo's own program prints them.
    #[test]
    fn plain_points_match_the_published_sequence() {
        let directions = plain_directions(10);
        let expected = [
            [0.0; 10],
            [0.5; 10],
            [0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75, 0.75],
            [0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.75, 0.25, 0.25, 0.25],
            [0.375, 0.375, 0.625, 0.875, 0.375, 0.125, 0.375, 0.875, 0.875, 0.625],
            [0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375, 0.375, 0.125],
        ];
        for (index, expected) in (0u32..).zip(expected) {
            let bits = directions.iter().map(|numbers| exclusive_sum(numbers, index ^ index >> 1));
            let point: Vec<f64> = bits.map(|bits| f64::from(bits) / 4_294_967_296.0).collect();
            assert_eq!(point, expected);
        }
    }

    #[test]
    fn every_dimension_fills_each_cell_once() {
        let points = Points::new(DIMENSIONS, 7);
        let mut seen = vec![[false; 64]; DIMENSIONS];
        let mut point = vec![0.0; DIMENSIONS];
        for index in 0..64 {
            points.point(index, &mut point);
            for (seen, coordinate) in seen.iter_mut().zip(&point) {
                let cell = (coordinate * 64.0) as usize;
                assert!(!std::mem::replace(&mut seen[cell], true), "cell {cell} twice");
            }
        }
    }

    #[test]
    fn another_seed_gives_other_points() {
        let at = |seed| {
            let mut point = [0.0; 3];
            Points::new(3, seed).point(5, &mut point);
            point
        };
        assert_ne!(at(1), at(2));
        assert_eq!(at(1), at(1));
    }
}
