//! Full ranking of one draw: competition ranks (equal keys share the best rank), from 0.

/// Up to this many towns, ranks are counted directly: for each town, the towns that are better.
const COUNTED: usize = 192;

/// Work space for ranking; results do not depend on what it ranked before.
#[derive(Default)]
pub struct Ranker {
    pairs: Vec<u64>,
    spare: Vec<u64>,
    places: Vec<u32>,
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
        } else {
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
        let digit = ((keys.len().ilog2() + 8) / 2).clamp(8, 11);
        let shift = span_bits.saturating_sub(2 * digit);
        self.load(keys, greatest);
        self.pass(32 + shift, digit);
        self.pass(32 + shift + digit, digit);
        if shift > 0 && !self.settle(4 * keys.len()) {
            for first in (0..span_bits).step_by(11) {
                self.pass(32 + first, 11);
            }
        }
    }

    #[inline(always)]
    fn load(&mut self, keys: &[u32], greatest: u32) {
        self.pairs.clear();
        self.pairs.extend(
            keys.iter()
                .zip(0u64..)
                .map(|(&key, town)| u64::from(greatest - key) << 32 | town),
        );
        self.spare.resize(keys.len(), 0);
    }

    /// One stable counting pass over the digit of `bits` bits at `shift`.
    #[inline(always)]
    fn pass(&mut self, shift: u32, bits: u32) {
        let mask = (1usize << bits) - 1;
        let places = &mut self.places;
        places.clear();
        places.resize(mask + 1, 0);
        for &pair in &self.pairs {
            places[(pair >> shift) as usize & mask] += 1;
        }
        let mut start = 0;
        for place in places.iter_mut() {
            start += std::mem::replace(place, start);
        }
        for &pair in &self.pairs {
            let place = &mut places[(pair >> shift) as usize & mask];
            self.spare[*place as usize] = pair;
            *place += 1;
        }
        std::mem::swap(&mut self.pairs, &mut self.spare);
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

#[inline(always)]
fn count_greater(keys: &[u32], ranks: &mut [u32]) {
    for (rank, &key) in ranks.iter_mut().zip(keys) {
        *rank = keys
            .iter()
            .fold(0, |count, &other| count + u32::from(other > key));
    }
}
