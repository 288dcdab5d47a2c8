//! Counts over draws. Everything is a whole number, so the order in which draws are counted does not matter.

use std::collections::BTreeMap;

use super::histogram::{Cells, EVERY_RANK, Histogram, Split, TOGETHER};
use crate::kernel::select::Place;

/// Rank of a town without a total.
pub(crate) const NO_RANK: u32 = u32::MAX;
/// Grade of a town without a grade.
pub(crate) const NO_GRADE: u8 = u8::MAX;

/// Steps of a weight in the sums of central weights.
const WEIGHT_STEPS: f64 = (1u64 << 38) as f64;

/// Sizes of a tally.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sizes {
    pub(crate) towns: usize,
    pub(crate) grades: usize,
    /// First ranks counted on their own in the histogram form.
    pub(crate) top: usize,
    /// Length of a row of local weights.
    pub(crate) weights: usize,
    /// Whether only the first ranks are known.
    pub(crate) top_only: bool,
}

/// What is compared with each draw.
pub(crate) struct Reference {
    /// Ranks from 0, [`NO_RANK`] where there is none.
    pub(crate) ranks: Vec<u32>,
    pub(crate) grades: Vec<u8>,
    pub(crate) selected: Vec<bool>,
    /// For each town, the one next below it in the reference ranking; itself where there is none.
    pub(crate) next: Vec<u32>,
}

/// Ranks, grades and selection of one draw.
pub(crate) struct Outcome<'a> {
    pub(crate) ranks: &'a [u32],
    pub(crate) grades: &'a [u8],
    pub(crate) selected: &'a [bool],
    /// Whether towns tie at the cut of the selection.
    pub(crate) tied: bool,
    pub(crate) local: &'a [f64],
}

/// Counts of some of the draws.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tally {
    pub(crate) sizes: Sizes,
    pub(crate) draws: u64,
    pub(crate) failed: u64,
    /// Draws with a tie at the cut of the selection.
    pub(crate) tied: u64,
    /// Σ over draws and towns of |rank − reference rank|, and the number of ranks in it.
    pub(crate) shift: u64,
    pub(crate) shifts: u64,
    /// Sum of each town's ranks from 0.
    pub(crate) rank_sums: Vec<u64>,
    pub(crate) ranks: Histogram,
    pub(crate) selected: Vec<u32>,
    /// Towns × grades.
    pub(crate) grades: Vec<u32>,
    /// Draws in which grade or selection is not the reference's; not counted without grades, where it follows
    /// from `selected`.
    pub(crate) flips: Vec<u32>,
    /// Twice the draws a town beats the next one, once the draws they tie.
    pub(crate) beats: Vec<u32>,
    /// Ranks of the next ones in a draw.
    others: Vec<u32>,
    /// Sums of local weights over the draws that put a town first, and their number.
    pub(crate) first: BTreeMap<u32, (u64, Vec<u64>)>,
}

impl Tally {
    pub(crate) fn new(sizes: Sizes) -> Tally {
        let towns = sizes.towns;
        let histogram = if sizes.top_only { Histogram::of_first } else { Histogram::new };
        let wide = if sizes.top_only { 0 } else { towns };
        Tally {
            sizes,
            draws: 0,
            failed: 0,
            tied: 0,
            shift: 0,
            shifts: 0,
            rank_sums: vec![0; wide],
            ranks: histogram(towns, sizes.top),
            selected: vec![0; towns],
            grades: vec![0; towns * sizes.grades],
            flips: vec![0; towns],
            beats: vec![0; wide],
            others: Vec::new(),
            first: BTreeMap::new(),
        }
    }

    /// Whether every rank is counted on its own.
    pub(crate) fn every_rank(&self) -> bool {
        self.sizes.towns <= EVERY_RANK && !self.sizes.top_only
    }

    /// Counts one draw, all but the ranks.
    #[inline(always)]
    pub(crate) fn count(&mut self, outcome: &Outcome<'_>, reference: &Reference) {
        self.draws += 1;
        self.tied += u64::from(outcome.tied);
        self.count_beats(outcome.ranks, reference);
        self.count_verdicts(outcome, reference);
        self.count_first(outcome);
    }

    /// A town without a next one compares with itself; its count is not read.
    #[inline(always)]
    fn count_beats(&mut self, ranks: &[u32], reference: &Reference) {
        let Some(last) = ranks.len().checked_sub(1) else { return };
        self.others.resize(ranks.len(), 0);
        for (other, &next) in self.others.iter_mut().zip(&reference.next) {
            *other = ranks[(next as usize).min(last)];
        }
        for ((beats, &rank), &other) in self.beats.iter_mut().zip(ranks).zip(&self.others) {
            *beats += 2 * u32::from(rank < other) + u32::from(rank == other);
        }
    }

    #[inline(always)]
    fn count_verdicts(&mut self, outcome: &Outcome<'_>, reference: &Reference) {
        for (count, &selected) in self.selected.iter_mut().zip(outcome.selected) {
            *count += u32::from(selected);
        }
        if self.sizes.grades > 0 {
            let now = outcome.grades.iter().zip(outcome.selected);
            let before = reference.grades.iter().zip(&reference.selected);
            for ((flips, now), before) in self.flips.iter_mut().zip(now).zip(before) {
                *flips += u32::from((now.0 != before.0) | (now.1 != before.1));
            }
            let rows = self.grades.chunks_exact_mut(self.sizes.grades).zip(outcome.grades);
            for (row, &grade) in rows.filter(|(_, grade)| **grade != NO_GRADE) {
                row[usize::from(grade)] += 1;
            }
        }
    }

    /// Counts the first places of one draw, for runs that rank no further.
    pub(crate) fn count_places(&mut self, places: &[Place], count: usize) {
        self.draws += 1;
        let tied = places.len() > count;
        let last = places.iter().fold(0, |last, place| last.max(place.rank));
        self.tied += u64::from(tied);
        for place in places {
            let town = place.town as usize;
            self.selected[town] += u32::from(!tied || place.rank < last);
            self.ranks.add(town, place.rank);
        }
    }

    #[inline(always)]
    fn count_first(&mut self, outcome: &Outcome<'_>) {
        let (parts, rest) = outcome.ranks.as_chunks::<16>();
        for (part, start) in parts.iter().zip((0u32..).step_by(16)) {
            if part.iter().fold(false, |any, &rank| any | (rank == 0)) {
                self.add_firsts(part, start, outcome.local);
            }
        }
        self.add_firsts(rest, (outcome.ranks.len() - rest.len()) as u32, outcome.local);
    }

    fn add_firsts(&mut self, ranks: &[u32], start: u32, local: &[f64]) {
        for (town, _) in (start..).zip(ranks).filter(|(_, rank)| **rank == 0) {
            self.add_first(town, local);
        }
    }

    /// Counts the weights of a draw that puts `town` first.
    pub(crate) fn add_first(&mut self, town: u32, local: &[f64]) {
        let length = self.sizes.weights;
        let (count, sums) = self.first.entry(town).or_insert_with(|| (0, vec![0; length]));
        *count += 1;
        for (sum, weight) in sums.iter_mut().zip(local) {
            *sum += (weight * WEIGHT_STEPS) as u64;
        }
    }

    /// Counts the ranks of several draws (draws × towns).
    #[inline(always)]
    pub(crate) fn count_ranks(&mut self, ranks: &[u32], reference: &[u32]) {
        // Of so many draws sums of ranks fit 32 bits and counts 16.
        let towns = self.sizes.towns.max(1);
        let draws = (u32::MAX as usize / towns).clamp(1, u16::MAX.into());
        for ranks in ranks.chunks(draws.saturating_mul(towns)) {
            self.count_some(ranks, reference);
        }
    }

    /// As [`Tally::count_ranks`], a few towns at a time so that their sums stay in registers.
    #[inline(always)]
    fn count_some(&mut self, ranks: &[u32], reference: &[u32]) {
        let towns = self.sizes.towns;
        let (split, parts) = self.ranks.room(ranks.len() / towns);
        for (cells, start) in parts.zip((0..).step_by(TOGETHER)) {
            let mut few = Few::new(&reference[start..]);
            for (row, cells) in ranks.chunks_exact(towns).zip(cells) {
                *cells = match row[start..].first_chunk() {
                    Some(ranks) => few.add(ranks, split),
                    None => few.add(&first_of(&row[start..]), split),
                };
            }
            for (sum, &few) in self.rank_sums[start..].iter_mut().zip(&few.sums) {
                *sum += u64::from(few);
            }
            self.shift += few.shift.iter().map(|&shift| u64::from(shift)).sum::<u64>();
            self.shifts += few.shifts.iter().map(|&count| u64::from(count)).sum::<u64>();
        }
    }

    /// Times a town had a rank; `None` where ranks are not counted.
    pub(crate) fn ranked(&self, town: usize) -> Option<u32> {
        (!self.sizes.top_only).then(|| self.draws as u32 - self.ranks.unranked(town))
    }

    /// Counts what still waits; to be called before the counts are read or merged.
    pub(crate) fn settle(&mut self) {
        self.ranks.settle();
    }

    /// Adds the counts of other draws, which must be settled.
    pub(crate) fn merge(&mut self, other: &Tally) {
        self.draws += other.draws;
        self.failed += other.failed;
        self.tied += other.tied;
        self.shift += other.shift;
        self.shifts += other.shifts;
        add(&mut self.rank_sums, &other.rank_sums);
        self.ranks.merge(&other.ranks);
        add(&mut self.selected, &other.selected);
        add(&mut self.grades, &other.grades);
        add(&mut self.flips, &other.flips);
        add(&mut self.beats, &other.beats);
        for (town, (count, sums)) in &other.first {
            let length = sums.len();
            let entry = self.first.entry(*town).or_insert_with(|| (0, vec![0; length]));
            entry.0 += count;
            add(&mut entry.1, sums);
        }
    }

    /// Mean local weights of the draws that put the town first.
    pub(crate) fn central(&self, town: u32) -> Option<Vec<f64>> {
        let (count, sums) = self.first.get(&town)?;
        let mean = |sum: &u64| *sum as f64 / WEIGHT_STEPS / *count as f64;
        Some(sums.iter().map(mean).collect())
    }
}

/// Sums over draws for a few neighbouring towns.
struct Few {
    reference: [u32; TOGETHER],
    sums: [u32; TOGETHER],
    /// |rank − reference rank|.
    shift: [u32; TOGETHER],
    shifts: [u32; TOGETHER],
}

impl Few {
    #[inline(always)]
    fn new(reference: &[u32]) -> Few {
        let none = [0; TOGETHER];
        Few { reference: first_of(reference), sums: none, shift: none, shifts: [0; TOGETHER] }
    }

    /// Adds the ranks of a draw, and puts their cells where they are to wait.
    #[inline(always)]
    fn add(&mut self, ranks: &[u32; TOGETHER], split: Split) -> Cells {
        for (at, &rank) in ranks.iter().enumerate() {
            let before = self.reference[at];
            let both = (rank != NO_RANK) & (before != NO_RANK);
            self.sums[at] += if rank == NO_RANK { 0 } else { rank };
            self.shift[at] += if both { rank.abs_diff(before) } else { 0 };
            self.shifts[at] += u32::from(both);
        }
        split.cells(ranks)
    }
}

/// Ranks of the next few towns; those beyond the end have none.
#[inline(always)]
fn first_of(ranks: &[u32]) -> [u32; TOGETHER] {
    let mut first = [NO_RANK; TOGETHER];
    for (first, &rank) in first.iter_mut().zip(ranks) {
        *first = rank;
    }
    first
}

fn add<T: Copy + std::ops::AddAssign>(sums: &mut [T], others: &[T]) {
    sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += *other);
}
