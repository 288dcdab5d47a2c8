//! Full ranking of one draw: competition ranks (equal keys share the best rank), from 0.
//!
//! Few towns are counted directly; more are spread over buckets (`spread`); where too many keys fall together
//! for that, they are sorted by their digits.

use super::spread::Spreader;

/// Up to this many towns, ranks are counted directly: for each town, the towns that are better.
pub const COUNTED: usize = 192;

/// Most bits of a digit.
const DIGIT: u32 = 11;
const PLACES: usize = 1 << DIGIT;

type Places = [u32; PLACES];

/// Work space for ranking; results do not depend on what it ranked before.
pub struct Ranker {
    pairs: Vec<u64>,
    spare: Vec<u64>,
    places: Box<[Places; 2]>,
    spreader: Spreader,
}

impl Default for Ranker {
    fn default() -> Ranker {
        Ranker {
            pairs: Vec::new(),
            spare: Vec::new(),
            places: Box::new([[0; PLACES]; 2]),
            spreader: Spreader::default(),
        }
    }
}

impl Ranker {
    /// Puts the number of strictly greater keys of each key into `ranks`.
    ///
    /// # Panics
    /// When the two lengths differ.
    #[inline(always)]
    pub fn rank(&mut self, keys: &[u32], ranks: &mut [u32]) {
        assert_eq!(keys.len(), ranks.len(), "a rank for each key");
        if keys.len() <= COUNTED {
            count_greater(keys, ranks);
        } else if !self.spreader.rank(keys, ranks) {
            self.sort(keys);
            self.assign(ranks);
        }
    }

    /// Sorts (distance from the greatest key, town) by two digits of the leading bits, then settles the rest by
    /// insertion; where too much is left to settle, by all digits.
    #[inline(always)]
    fn sort(&mut self, keys: &[u32]) {
        let greatest = keys.iter().fold(0, |best, &key| best.max(key));
        let least = keys.iter().fold(u32::MAX, |worst, &key| worst.min(key));
        let span_bits = 32 - (greatest - least).leading_zeros();
        let bits = ((keys.len().ilog2() + 8) / 2).clamp(8, DIGIT);
        let shift = span_bits.saturating_sub(2 * bits);
        self.pairs.resize(keys.len(), 0);
        self.spare.resize(keys.len(), 0);
        let digits = [shift, shift + bits].map(|shift| Digit { shift, bits });
        let [first, second] = self.places.each_mut();
        count(keys, greatest, digits, first, second);
        for (&key, town) in keys.iter().zip(0u64..) {
            let distance = greatest - key;
            let place = &mut first[digits[0].of(distance)];
            self.spare[*place as usize] = u64::from(distance) << 32 | town;
            *place += 1;
        }
        for &pair in &self.spare {
            let place = &mut second[digits[1].of((pair >> 32) as u32)];
            self.pairs[*place as usize] = pair;
            *place += 1;
        }
        if shift > 0 && !self.settle(4 * keys.len()) {
            self.sort_by_all_digits(span_bits);
        }
    }

    #[inline(never)]
    fn sort_by_all_digits(&mut self, span_bits: u32) {
        for shift in (0..span_bits).step_by(DIGIT as usize) {
            let digit = Digit { shift, bits: DIGIT };
            let places = &mut self.places[0];
            places.fill(0);
            for &pair in &self.pairs {
                places[digit.of((pair >> 32) as u32)] += 1;
            }
            starts(places);
            for &pair in &self.pairs {
                let place = &mut places[digit.of((pair >> 32) as u32)];
                self.spare[*place as usize] = pair;
                *place += 1;
            }
            std::mem::swap(&mut self.pairs, &mut self.spare);
        }
    }

    /// Insertion over nearly sorted pairs; gives up after `budget` moves.
    #[inline(always)]
    fn settle(&mut self, mut budget: usize) -> bool {
        for end in 1..self.pairs.len() {
            let pair = self.pairs[end];
            let mut at = end;
            while at > 0 && self.pairs[at - 1] > pair {
                if budget == 0 {
                    self.pairs[at] = pair;
                    return false;
                }
                budget -= 1;
                self.pairs[at] = self.pairs[at - 1];
                at -= 1;
            }
            self.pairs[at] = pair;
        }
        true
    }

    #[inline(always)]
    fn assign(&mut self, ranks: &mut [u32]) {
        let mut last = (u64::MAX, 0);
        for (&pair, position) in self.pairs.iter().zip(0u32..) {
            if pair >> 32 != last.0 {
                last = (pair >> 32, position);
            }
            ranks[pair as u32 as usize] = last.1;
        }
    }
}

/// Some bits of a distance.
#[derive(Clone, Copy)]
struct Digit {
    shift: u32,
    bits: u32,
}

impl Digit {
    /// Always below 2^[`DIGIT`], which spares the check of each access.
    #[inline(always)]
    fn of(self, distance: u32) -> usize {
        (u64::from(distance) >> self.shift) as usize & ((1 << self.bits) - 1) & (PLACES - 1)
    }
}

/// Where each value of either digit begins.
#[inline(always)]
fn count(keys: &[u32], greatest: u32, digits: [Digit; 2], first: &mut Places, second: &mut Places) {
    first[..1 << digits[0].bits].fill(0);
    second[..1 << digits[1].bits].fill(0);
    for &key in keys {
        let distance = greatest - key;
        first[digits[0].of(distance)] += 1;
        second[digits[1].of(distance)] += 1;
    }
    starts(&mut first[..1 << digits[0].bits]);
    starts(&mut second[..1 << digits[1].bits]);
}

/// Counts become the positions of their first elements.
#[inline(always)]
fn starts(places: &mut [u32]) {
    let mut start = 0;
    for place in places {
        start += std::mem::replace(place, start);
    }
}

#[inline(always)]
fn count_greater(keys: &[u32], ranks: &mut [u32]) {
    for (rank, &key) in ranks.iter_mut().zip(keys) {
        *rank = keys.iter().fold(0, |count, &other| count + u32::from(other > key));
    }
}
