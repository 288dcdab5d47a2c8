//! The towns of one draw that may be among the first K, by their single-precision scores, and their exact places.

use super::screen::Reach;
use super::select::Place;

/// Greatest K that lists are kept for.
pub const MOST_PLACES: usize = 256;
/// Towns beyond K at which a list is shortened.
const SPARE: usize = 64;
/// Towns at which a list is given up: scores too close to be told apart here.
const LONGEST: usize = 1_024;
/// Classes whose greatest scores bound the K-th best.
const CLASSES: usize = 2 * MOST_PLACES;
/// Scores looked at together.
const WORD: usize = 64;
const LANES: usize = 16;

/// Towns that may be among the first K of a draw.
pub struct Shortlist {
    count: usize,
    /// What a town needs to be listed.
    floor: f32,
    kept: usize,
    /// Scores and towns listed; there is always room for one word more.
    scores: Vec<f32>,
    towns: Vec<u32>,
}

impl Shortlist {
    /// An empty list for the first `count` ≤ [`MOST_PLACES`] towns.
    pub fn new(count: usize) -> Shortlist {
        let room = LONGEST + WORD + LANES;
        Shortlist { count, floor: f32::NEG_INFINITY, kept: 0, scores: vec![0.0; room], towns: vec![0; room] }
    }

    pub fn clear(&mut self) {
        self.floor = f32::NEG_INFINITY;
        self.kept = 0;
    }

    /// Whether more towns came near the first K than a list holds; it is then of no use.
    pub fn is_given_up(&self) -> bool {
        self.kept > LONGEST
    }

    /// Lists those of the next towns that may be among the first.
    #[inline(always)]
    pub(super) fn take(&mut self, scores: &[f32], first_town: usize, reach: Reach) {
        if self.kept < self.count {
            self.raise(bound(scores, self.count, reach.most), reach);
        }
        let floor = self.floor;
        for (word, town) in scores.chunks(WORD).zip((first_town..).step_by(WORD)) {
            let above = |bits, (at, &score): (usize, &f32)| bits | u64::from(score >= floor) << at;
            let bits = match word.as_array::<WORD>() {
                Some(word) => word.iter().enumerate().fold(0, above),
                None => word.iter().enumerate().fold(0, above),
            };
            self.list(bits, word, town);
        }
        if self.kept > self.count + SPARE && !self.is_given_up() {
            self.raise(bound(&self.scores[..self.kept], self.count, reach.most), reach);
            self.shorten();
        }
    }

    /// Lists the towns of a word whose bit is set.
    #[inline(always)]
    fn list(&mut self, mut bits: u64, word: &[f32], town: usize) {
        if self.is_given_up() {
            return;
        }
        while bits != 0 {
            let at = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            self.scores[self.kept] = word[at];
            self.towns[self.kept] = (town + at) as u32;
            self.kept += 1;
        }
    }

    /// No town further below the K-th best than scores are to be trusted is among the first K.
    #[inline(always)]
    fn raise(&mut self, bound: f32, reach: Reach) {
        self.floor = self.floor.max(bound - reach.apart);
    }

    #[inline(always)]
    fn shorten(&mut self) {
        let mut kept = 0;
        for at in 0..self.kept {
            (self.scores[kept], self.towns[kept]) = (self.scores[at], self.towns[at]);
            kept += usize::from(self.scores[at] >= self.floor);
        }
        self.kept = kept;
    }

    /// The places, in no order; more than K where towns tie at the cut. `key` is the exact key of a town.
    #[inline(always)]
    pub fn places(&mut self, apart: f32, key: impl Fn(u32) -> u32, places: &mut Vec<Place>) {
        places.clear();
        let whole = self.kept.next_multiple_of(LANES);
        self.scores[self.kept..whole].fill(f32::NEG_INFINITY);
        let (parts, _) = self.scores[..whole].as_chunks::<LANES>();
        let listed = &self.scores[..self.kept];
        for (own, first) in parts.iter().zip((0..).step_by(LANES)) {
            let [mut better, mut not_worse] = [[0u32; LANES]; 2];
            for &other in listed {
                for lane in 0..LANES {
                    better[lane] += u32::from(other > own[lane] + apart);
                    not_worse[lane] += u32::from(other >= own[lane] - apart);
                }
            }
            for lane in 0..LANES.min(self.kept - first) {
                let (at, certain) = (first + lane, better[lane]);
                if certain as usize >= self.count {
                    continue;
                }
                let near = not_worse[lane] - certain > 1;
                let rank = certain + if near { self.settled(at, apart, &key) } else { 0 };
                if (rank as usize) < self.count {
                    places.push(Place { town: self.towns[at], rank });
                }
            }
        }
    }

    /// How many of the towns too near to be told apart by their scores are better than one.
    #[inline(never)]
    fn settled(&self, at: usize, apart: f32, key: &impl Fn(u32) -> u32) -> u32 {
        let own = self.scores[at];
        let own_key = key(self.towns[at]);
        let listed = self.scores[..self.kept].iter().zip(&self.towns);
        let near = listed.filter(|(score, _)| !(**score > own + apart) && **score >= own - apart);
        near.map(|(_, &town)| u32::from(key(town) > own_key)).sum()
    }
}

/// A number that at least `count` of the scores reach, and not many more; none where there are fewer. The scores lie
/// within ±`most`.
#[inline(always)]
fn bound(scores: &[f32], count: usize, most: f32) -> f32 {
    let classes = (2 * count).next_power_of_two().clamp(LANES, CLASSES);
    let mut greatest = [f32::NEG_INFINITY; CLASSES];
    for part in scores.chunks(classes) {
        for (greatest, &score) in greatest.iter_mut().zip(part) {
            *greatest = if score > *greatest { score } else { *greatest };
        }
    }
    let (mut low, mut high) = (f32::NEG_INFINITY, most);
    let mut middle = -most;
    for _ in 0..32 {
        let reached = greatest[..classes].iter().fold(0, |all, &score| all + u32::from(score >= middle));
        let reached = reached as usize;
        if reached < count {
            high = middle;
        } else {
            low = middle;
            if reached <= count + count / 16 {
                break;
            }
        }
        if low == f32::NEG_INFINITY {
            break;
        }
        middle = low + (high - low) / 2.0;
    }
    low
}
