//! How often each town has each rank: the first ranks one by one, those behind them in bins.

/// Largest number of towns for which every rank is counted on its own: the counts then fit the cache.
pub(crate) const EVERY_RANK: usize = 512;
/// Largest number of towns for which ranks are counted in fine bins.
const FINE_RANK: usize = 8_192;
/// Bins handed out beyond the towns whose every rank is.
pub(crate) const BINS: usize = 64;
/// Fine bins, a multiple of those handed out.
const FINE_BINS: usize = 256;
/// Most cells that wait, so that counting them keeps nobody waiting for more than some 10 ms.
const MOST_WAITING: usize = 1 << 22;
/// Towns counted together.
pub(crate) const TOGETHER: usize = 16;
/// More cells than a row has: a power of two, which spares the check of each access.
const CELLS: usize = 1024;
/// Counts kept for a row while its cells are counted: rows a power of two apart would get in each other's way.
const STRIDE: usize = CELLS + 160;

/// Counts of the ranks of every town. A row holds the first ranks, the bins of the others, and those without one.
///
/// The counts of many towns do not fit the caches, and one draw touches a row of each. So the cells of many draws
/// wait, two bytes each, those of a few towns side by side, and are counted together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Histogram {
    split: Split,
    counts: Vec<u32>,
    /// Cells of draws not counted yet: for each few towns those of `room` draws, of which `held` are in use.
    waiting: Vec<Cells>,
    room: usize,
    held: usize,
}

/// Cells of a few towns in one draw.
pub(crate) type Cells = [u16; TOGETHER];

/// Which cell of a row a rank is counted in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Split {
    towns: u64,
    /// First ranks counted one by one.
    first: u32,
    bins: u32,
    /// ⌊2^shift × bins ÷ towns⌋ + 1, or 0 where the product would not be exact.
    multiplier: u64,
    shift: u32,
}

impl Split {
    fn new(towns: usize, first: usize, bins: usize) -> Split {
        let shift = 31 + (towns / bins.max(1)).max(1).ilog2();
        // Below 2³¹ ÷ (2 × bins) towns the excess of the multiplier never reaches the next bin.
        let exact = towns * bins < 1 << 30;
        let multiplier = if exact { ((bins as u64) << shift) / towns.max(1) as u64 + 1 } else { 0 };
        Split { towns: towns as u64, first: first as u32, bins: bins as u32, multiplier, shift }
    }

    /// ⌊rank × bins ÷ towns⌋.
    #[inline(always)]
    fn bin(&self, rank: u32) -> u32 {
        if self.multiplier == 0 {
            return (u64::from(rank) * u64::from(self.bins) / self.towns) as u32;
        }
        self.bin_by_product(rank)
    }

    #[inline(always)]
    fn bin_by_product(&self, rank: u32) -> u32 {
        ((u64::from(rank) * self.multiplier) >> self.shift) as u32
    }

    /// The last cell for a town without a rank.
    #[inline(always)]
    fn cell(&self, rank: u32, bin: u32) -> u32 {
        let binned = (self.first + bin).min(self.first + self.bins);
        if rank < self.first { rank } else { binned }
    }

    /// Cells of the ranks of a few towns.
    #[inline(always)]
    pub(crate) fn cells(&self, ranks: &[u32; TOGETHER]) -> Cells {
        let mut bins = [0; TOGETHER];
        for (bin, &rank) in bins.iter_mut().zip(ranks) {
            *bin = self.bin_by_product(rank);
        }
        if self.multiplier == 0 {
            bins = ranks.map(|rank| self.bin(rank));
        }
        let mut cells = [0; TOGETHER];
        for ((cell, &rank), &bin) in cells.iter_mut().zip(ranks).zip(&bins) {
            *cell = self.cell(rank, bin) as u16;
        }
        cells
    }

    fn row(&self) -> usize {
        (self.first + self.bins) as usize + 1
    }
}

impl Histogram {
    /// For ranks below `towns`, of which the first `top` are always told apart.
    pub(crate) fn new(towns: usize, top: usize) -> Histogram {
        let split = match towns {
            0..=EVERY_RANK => Split::new(towns, towns, 0),
            _ if towns <= FINE_RANK => Split::new(towns, top, FINE_BINS),
            _ => Split::new(towns, top, BINS),
        };
        Histogram::empty(split)
    }

    /// For the first `top` ranks alone.
    pub(crate) fn of_first(towns: usize, top: usize) -> Histogram {
        let split = Split::new(towns, top, 0);
        Histogram::empty(split)
    }

    fn empty(split: Split) -> Histogram {
        let counts = vec![0; split.towns as usize * split.row()];
        Histogram { split, counts, waiting: Vec::new(), room: 0, held: 0 }
    }

    /// Counts one rank of one town.
    #[inline(always)]
    pub(crate) fn add(&mut self, town: usize, rank: u32) {
        self.counts[town * self.split.row() + self.split.cell(rank, self.split.bin(rank)) as usize] += 1;
    }

    /// Where the cells of `draws` ≥ 1 more draws are to be put, for each few towns. They are counted by and by, at
    /// the latest by [`Histogram::settle`].
    #[inline(always)]
    pub(crate) fn room(&mut self, draws: usize) -> (Split, impl Iterator<Item = &mut [Cells]>) {
        if self.held + draws > self.room {
            self.settle();
        }
        if draws > self.room {
            let parts = (self.split.towns as usize).div_ceil(TOGETHER);
            self.room = (2 * self.split.row()).min(MOST_WAITING / (parts * TOGETHER).max(1)).max(draws);
            self.waiting = vec![[0; TOGETHER]; parts * self.room];
        }
        let held = self.held;
        self.held += draws;
        (self.split, self.waiting.chunks_exact_mut(self.room).map(move |few| &mut few[held..][..draws]))
    }

    /// Counts what was taken in.
    #[inline(always)]
    pub(crate) fn settle(&mut self) {
        if self.held == 0 {
            return;
        }
        let row = self.split.row();
        let mut sums = Box::new([[0; STRIDE]; TOGETHER]);
        let rows = self.counts.chunks_mut(TOGETHER * row);
        for (rows, few) in rows.zip(self.waiting.chunks_exact(self.room)) {
            for cells in &few[..self.held] {
                for (sums, &cell) in sums.iter_mut().zip(cells) {
                    sums[usize::from(cell) % CELLS] += 1u16;
                }
            }
            for (row, sums) in rows.chunks_exact_mut(row).zip(&mut *sums) {
                for (count, sum) in row.iter_mut().zip(sums) {
                    *count += u32::from(std::mem::take(sum));
                }
            }
        }
        self.held = 0;
    }

    /// Times the town had each of the first ranks, from 0.
    pub(crate) fn first(&self, town: usize) -> &[u32] {
        &self.row(town)[..self.split.first as usize]
    }

    /// Times the town's rank was in each bin, from the best; none where every rank has its own count.
    pub(crate) fn bins(&self, town: usize) -> Vec<u32> {
        let (first, bins) = (self.split.first as usize, self.split.bins as usize);
        let row = self.row(town);
        let mut counts = row[first..first + bins].to_vec();
        if bins > 0 {
            let ranks = (0u32..).zip(&row[..first]);
            ranks.for_each(|(rank, count)| counts[self.split.bin(rank) as usize] += count);
        }
        counts
    }

    /// Times the town had no rank.
    pub(crate) fn unranked(&self, town: usize) -> u32 {
        self.row(town)[self.split.row() - 1]
    }

    /// Adds the counts of other draws, which must be settled.
    pub(crate) fn merge(&mut self, other: &Histogram) {
        debug_assert!(other.held == 0, "settled before it is merged");
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, other)| *count += other);
    }

    fn row(&self, town: usize) -> &[u32] {
        debug_assert!(self.held == 0, "settled before it is read");
        let length = self.split.row();
        &self.counts[town * length..][..length]
    }
}

#[cfg(test)]
mod tests {
    use super::super::tally::NO_RANK;
    use super::*;

    #[test]
    fn bins_are_those_of_the_division() {
        for (towns, bins) in [(513, 256), (700, 256), (8_192, 256), (8_193, 64), (40_000, 64), (999_983, 64)]
        {
            let split = Split::new(towns, 0, bins);
            assert!(split.multiplier > 0);
            let edges = (0..bins).flat_map(|bin| {
                let edge = (bin * towns).div_ceil(bins);
                [edge.saturating_sub(1), edge, edge + 1]
            });
            for rank in edges.filter(|rank| *rank < towns) {
                assert_eq!(split.bin(rank as u32) as usize, rank * bins / towns, "{towns} {rank}");
            }
        }
        assert_eq!(Split::new(1 << 30, 0, 64).bin((1 << 30) - 1), 63);
    }

    #[test]
    fn ranks_fall_into_their_cells_one_by_one_or_by_the_draw() {
        for (towns, top) in [(1, 1), (100, 60), (600, 60), (9_000, 64)] {
            let mut one = Histogram::new(towns, top);
            let mut all = one.clone();
            let mut merged = one.clone();
            for step in 0..500u32 {
                let rank = |town: u32| if town == 3 { NO_RANK } else { step * (town + 1) % towns as u32 };
                let ranks: Vec<u32> = (0..towns as u32).map(rank).collect();
                let (split, parts) = all.room(1);
                for (cells, ranks) in parts.zip(ranks.chunks(TOGETHER)) {
                    let mut few = [NO_RANK; TOGETHER];
                    few[..ranks.len()].copy_from_slice(ranks);
                    cells[0] = split.cells(&few);
                }
                ranks.iter().enumerate().for_each(|(town, &rank)| one.add(town, rank));
            }
            all.settle();
            merged.merge(&all);
            assert_eq!(one, merged);
            assert_eq!(one.counts.iter().sum::<u32>() as usize, 500 * towns);
        }
        let mut every = Histogram::new(100, 60);
        (0..200).for_each(|step| every.add(8, step % 100));
        assert_eq!((every.first(8), every.unranked(8), every.bins(8).len()), (&[2; 100][..], 0, 0));
    }
}
