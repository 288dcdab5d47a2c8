//! What one town lacks to a grade, the other towns standing where they are.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Bar, Judge};
use crate::rank::{GRID, grid};

/// A grade as one town has to reach it.
pub(crate) struct Goal<'a> {
    judge: &'a Judge<'a>,
    bar: &'a Bar,
    town: usize,
    /// Rank to be reached, if the grade has a quota.
    pub(crate) within_rank: Option<usize>,
    /// Position of the town to be overtaken; `None` where nobody is in the way.
    rival: Option<i64>,
}

impl<'a> Judge<'a> {
    /// The grade `k` as a goal of `town`.
    pub(crate) fn goal(&'a self, k: usize, town: usize, totals: &[f64]) -> Goal<'a> {
        let bar = &self.grades[k];
        let assessed = totals.iter().filter(|total| !total.is_nan()).count();
        let quota = |share: Decimal| (share * Decimal::from(assessed)).floor().to_usize().unwrap_or(0);
        let within_rank = bar.share.map(quota);
        let rival = within_rank.and_then(|rank| match rank.checked_sub(1) {
            None => Some(i64::MAX),
            Some(place) => self.rivals(town, totals).get(place).copied(),
        });
        Goal { judge: self, bar, town, within_rank, rival }
    }

    /// Positions of the other towns that stand for a grade, best first.
    fn rivals(&self, town: usize, totals: &[f64]) -> Vec<i64> {
        let stands = |i: &usize| *i != town && !totals[*i].is_nan() && self.vetoed[*i].is_empty();
        let others = (0..totals.len()).filter(stands);
        let mut positions: Vec<i64> = others.map(|i| grid(totals[i], self.scale)).collect();
        positions.sort_unstable_by(|a, b| b.cmp(a));
        positions
    }
}

impl Goal<'_> {
    /// Points from a total to the cut-off; 0 where it is reached or there is none.
    pub(crate) fn gap(&self, total: f64) -> f64 {
        self.bar.at_least.map_or(0.0, |least| self.points(total, least))
    }

    /// Points from a total to a place within the quota; `None` without a quota, or with no place in it.
    pub(crate) fn quota_gap(&self, total: f64) -> Option<f64> {
        self.within_rank.filter(|rank| *rank > 0)?;
        Some(self.rival.map_or(0.0, |rival| self.points(total, rival + 1)))
    }

    /// Places in the grade's list of floors that a town with these scores misses.
    pub(crate) fn missed(&self, score: impl Fn(usize) -> f64) -> Vec<usize> {
        let floors = self.bar.floors.iter().enumerate();
        let missed = floors.filter(|(_, floor)| !self.judge.meets_one(floor, self.town, &score));
        missed.map(|(place, _)| place).collect()
    }

    /// Whether these scores reach the grade.
    pub(crate) fn is_reached(&self, score: impl Fn(usize) -> f64) -> bool {
        let total = self.judge.total_of(self.town, score(self.judge.root));
        let position = grid(total, self.judge.scale);
        !total.is_nan()
            && self.bar.at_least.is_none_or(|least| position >= least)
            && self.rival.is_none_or(|rival| position > rival)
            && self.missed(score).is_empty()
    }

    fn points(&self, total: f64, position: i64) -> f64 {
        let [low, high] = self.judge.scale;
        (low + (high - low) * (position as f64 / GRID) - total).max(0.0)
    }
}
