//! How often each town has each rank: the first ranks one by one, those behind them in bins.

/// Largest number of towns for which every rank is counted on its own: the counts then fit the cache.
pub(crate) const EVERY_RANK: usize = 512;
/// Largest number of towns for which ranks are counted in fine bins.
const FINE_RANK: usize = 8_192;
/// Bins handed out beyond the towns whose every rank is.
pub(crate) const BINS: usize = 64;
/// Fine bins, a multiple of those handed out.
const FINE_BINS: usize = 256;
/// Towns counted together.
pub(crate) const TOGETHER: usize = 16;

/// Counts of the ranks of every town. A row holds the first ranks, the bins of the others, and those without one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Histogram {
    split: Split,
    counts: Vec<u32>,
}

/// Which cell of a row a rank is counted in.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Split {
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
        ((u64::from(rank) * self.multiplier) >> self.shift) as u32
    }

    /// The last cell for a town without a rank.
    #[inline(always)]
    fn cell(&self, rank: u32) -> u32 {
        let binned = (self.first + self.bin(rank)).min(self.first + self.bins);
        if rank < self.first { rank } else { binned }
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
        Histogram { split, counts: vec![0; towns * split.row()] }
    }

    /// For the first `top` ranks alone.
    pub(crate) fn of_first(towns: usize, top: usize) -> Histogram {
        let split = Split::new(towns, top, 0);
        Histogram { split, counts: vec![0; towns * split.row()] }
    }

    /// Counts one rank of one town.
    #[inline(always)]
    pub(crate) fn add(&mut self, town: usize, rank: u32) {
        self.counts[town * self.split.row() + self.split.cell(rank) as usize] += 1;
    }

    /// Counts one rank of each of the towns from `start`.
    #[inline(always)]
    pub(crate) fn add_together(&mut self, start: usize, ranks: &[u32; TOGETHER]) {
        let row = self.split.row();
        let rows = &mut self.counts[start * row..][..TOGETHER * row];
        let cells: [u32; TOGETHER] = std::array::from_fn(|at| self.split.cell(ranks[at]) + (at * row) as u32);
        for cell in cells {
            rows[cell as usize] += 1;
        }
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

    /// Adds the counts of other draws.
    pub(crate) fn merge(&mut self, other: &Histogram) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, other)| *count += other);
    }

    fn row(&self, town: usize) -> &[u32] {
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
    fn ranks_fall_into_their_cells_alone_or_together() {
        for (towns, top) in [(100, 60), (600, 60), (9_000, 64)] {
            let mut one = Histogram::new(towns, top);
            let mut many = one.clone();
            for step in 0..500u32 {
                let mut ranks: [u32; TOGETHER] =
                    std::array::from_fn(|at| step * (at as u32 + 1) % towns as u32);
                ranks[3] = NO_RANK;
                many.add_together(5, &ranks);
                ranks.iter().enumerate().for_each(|(at, &rank)| one.add(5 + at, rank));
            }
            assert_eq!(one, many);
            assert_eq!(one.unranked(8), 500);
            assert_eq!(one.first(5)[..3], [1 + u32::from(towns == 100) * 4; 3][..]);
            let binned: u32 = one.bins(6).iter().sum();
            assert_eq!(binned, if towns == 100 { 0 } else { 500 });
        }
    }
}
