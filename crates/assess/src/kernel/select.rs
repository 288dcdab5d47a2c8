//! The first K towns of each draw, found while the scores stream past.
//!
//! Only towns at or above the K-th best so far are kept, so the scores themselves are never stored.

use super::blocked::Sink;
use super::keys::Grid;
use super::packed::GROUP;
use super::scores::Tile;

/// Candidates beyond K at which a list is cut.
const CUT_AT: usize = 256;

/// The half of a candidate that holds the key.
const KEY_BITS: u64 = !(u32::MAX as u64);

/// A town and its key in one number: a greater number is a better key; the town is in the low half.
#[inline(always)]
fn candidate(key: u32, town: usize) -> u64 {
    u64::from(key) << 32 | town as u64
}

/// Keeps the first K of each draw of a block.
pub struct TopOf {
    grid: Grid,
    towns: usize,
    count: usize,
    draws: Vec<Kept>,
}

/// The towns of one draw that may still be among the first K.
#[derive(Default)]
struct Kept {
    candidates: Vec<u64>,
    /// How many places of the list are in use; there is always room for one group more.
    kept: usize,
    /// Keys below it are out.
    threshold: u32,
    /// Number of candidates at which the list is cut.
    limit: usize,
}

/// A town among the first K of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub town: u32,
    /// Competition rank, from 0: the number of towns strictly better.
    pub rank: u32,
}

impl TopOf {
    /// `count` ≥ 1 of `towns` towns in each of `draws` draws.
    pub fn new(grid: Grid, towns: usize, count: usize, draws: usize) -> Self {
        let mut top = Self { grid, towns, count: count.min(towns), draws: Vec::new() };
        top.clear(grid, draws);
        top
    }

    /// Forgets the block before and makes ready for `draws` draws on another grid.
    pub fn clear(&mut self, grid: Grid, draws: usize) {
        self.grid = grid;
        self.draws.resize_with(draws, Kept::default);
        let room = self.count + CUT_AT.min(self.towns) + GROUP;
        for kept in &mut self.draws {
            kept.kept = 0;
            kept.threshold = 0;
            kept.limit = self.count + CUT_AT;
            kept.candidates.resize(room.max(kept.candidates.len()), 0);
        }
    }

    /// The places of one draw of the block, best first; more than K where towns tie at the cut.
    pub fn places(&mut self, draw: usize, places: &mut Vec<Place>) {
        let kept = &mut self.draws[draw];
        kept.cut(self.count);
        let candidates = &mut kept.candidates[..kept.kept];
        candidates.sort_unstable_by(|left, right| right.cmp(left));
        places.clear();
        let mut last = (0, 0);
        for (position, &candidate) in candidates.iter().enumerate() {
            let key = candidate >> 32;
            if position == 0 || key != last.0 {
                last = (key, position as u32);
            }
            places.push(Place { town: candidate as u32, rank: last.1 });
        }
    }
}

impl Kept {
    /// Takes in the keys of one group. The places are written without a branch and counted afterwards: about
    /// every second group holds a candidate, so a branch a town would be guessed wrong too often.
    #[inline(always)]
    fn offer(&mut self, keys: &[u32; GROUP], first_town: usize, lanes: usize, count: usize) {
        let threshold = self.threshold;
        if !keys.iter().fold(false, |any, &key| any | (key >= threshold)) {
            return;
        }
        let room = &mut self.candidates[self.kept..][..GROUP];
        let mut taken = 0;
        for (lane, &key) in keys.iter().enumerate() {
            room[taken % GROUP] = candidate(key, first_town + lane);
            taken += usize::from((key >= threshold) & (lane < lanes));
        }
        self.kept += taken;
        if self.kept >= self.limit {
            self.cut(count);
        }
    }

    /// Drops the candidates below the K-th; ties with the K-th stay.
    #[inline(never)]
    fn cut(&mut self, count: usize) {
        let candidates = &mut self.candidates[..self.kept];
        if candidates.len() > count {
            let (_, last, _) = candidates.select_nth_unstable_by(count - 1, |left, right| right.cmp(left));
            let threshold = *last & KEY_BITS;
            self.threshold = (threshold >> 32) as u32;
            self.kept = count + move_to_front(&mut candidates[count..], threshold);
        }
        self.limit = self.kept + CUT_AT;
        self.candidates.resize(self.limit + GROUP, 0);
    }
}

/// Brings the candidates at or above the threshold to the front; says how many there are.
#[inline(always)]
fn move_to_front(candidates: &mut [u64], threshold: u64) -> usize {
    let mut kept = 0;
    for at in 0..candidates.len() {
        let candidate = candidates[at];
        candidates[kept] = candidate;
        kept += usize::from(candidate >= threshold);
    }
    kept
}

impl Sink for TopOf {
    #[inline(always)]
    fn take<const DRAWS: usize>(&mut self, first: usize, group: usize, tile: &Tile<DRAWS>) {
        let first_town = group * GROUP;
        let lanes = (self.towns - first_town).min(GROUP);
        let grid = self.grid;
        let draws = self.draws.len().saturating_sub(first).min(DRAWS);
        for (scores, kept) in tile.iter().zip(&mut self.draws[first..first + draws]) {
            let keys: [u32; GROUP] = std::array::from_fn(|lane| grid.key(scores[lane]));
            kept.offer(&keys, first_town, lanes, self.count);
        }
    }
}
