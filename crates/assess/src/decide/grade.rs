//! Grades: vetoes first, then cut-offs, floors and quotas, never more than the quota.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Bar, Judge};
use crate::rank::grid;

/// Grade of one town by position in the plan, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Graded {
    pub(crate) grade: Option<usize>,
    /// A better grade is open to a tie at its quota's edge.
    pub(crate) undecided: bool,
    pub(crate) why: Why,
}

/// Why a town has its grade.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Why {
    /// No score or no grades.
    #[default]
    NotAssessed,
    Veto,
    /// It passes everything the grade asks.
    Passes,
    /// The last grade takes what is left.
    Rest,
    /// Passes the cut-off of the better grade `.0` but is outside its quota of `.1`.
    OutsideQuota(usize, usize),
    /// Tied at the edge of the quota of grade `.0`.
    TiedAtQuota(usize, usize),
}

impl Judge<'_> {
    /// Grade of every town.
    pub(crate) fn grade(&self, nodes: &[Vec<f64>], totals: &[f64]) -> Vec<Graded> {
        let mut graded = vec![Graded::default(); totals.len()];
        if self.grades.is_empty() {
            return graded;
        }
        let mut open = Vec::new();
        for (i, graded) in graded.iter_mut().enumerate() {
            if let Some(grade) = self.veto_grade(i) {
                graded.grade = Some(grade);
                graded.why = Why::Veto;
            } else if !totals[i].is_nan() {
                open.push(i);
            }
        }
        let assessed = totals.iter().filter(|t| !t.is_nan()).count();
        let standing = open.clone();
        for (k, bar) in self.grades.iter().enumerate() {
            open = self.fill(k, bar, assessed, &standing, open, nodes, totals, &mut graded);
        }
        graded
    }

    pub(super) fn veto_grade(&self, town: usize) -> Option<usize> {
        let last = self.grades.len() - 1;
        let position = |code: &String| self.plan.grades.grades.iter().position(|grade| grade.code == *code);
        let fell = self.vetoed[town].iter();
        fell.map(|veto| veto.grade.as_ref().and_then(position).unwrap_or(last)).max()
    }

    /// Gives grade `k` to those of `open` that pass; the others.
    #[expect(clippy::too_many_arguments, reason = "one loop's body, named")]
    fn fill(
        &self,
        k: usize,
        bar: &Bar,
        assessed: usize,
        standing: &[usize],
        open: Vec<usize>,
        nodes: &[Vec<f64>],
        totals: &[f64],
        graded: &mut [Graded],
    ) -> Vec<usize> {
        let passes = |i: usize| {
            bar.at_least.is_none_or(|cut| grid(totals[i], self.scale) >= cut)
                && self.meets(&bar.floors, nodes, i)
        };
        let within = self.within_quota(bar, assessed, standing, nodes, totals);
        let last = k + 1 == self.grades.len();
        let mut left = Vec::new();
        for i in open {
            if !passes(i) {
                left.push(i);
                continue;
            }
            match within.as_ref().map(|within| (within.places[i], within.quota)) {
                None | Some((Edge::Inside, _)) => {
                    graded[i].grade = Some(k);
                    if graded[i].why == Why::NotAssessed {
                        graded[i].why = if last { Why::Rest } else { Why::Passes };
                    }
                }
                Some((Edge::Tied, quota)) => {
                    graded[i].undecided = true;
                    graded[i].why = Why::TiedAtQuota(k, quota);
                    left.push(i);
                }
                Some((Edge::Outside, quota)) => {
                    graded[i].why = Why::OutsideQuota(k, quota);
                    left.push(i);
                }
            }
        }
        left
    }

    /// Where each town stands to a quota; `None` if the grade has none.
    fn within_quota(
        &self,
        bar: &Bar,
        assessed: usize,
        standing: &[usize],
        nodes: &[Vec<f64>],
        totals: &[f64],
    ) -> Option<Within> {
        let share = bar.share?;
        let quota = (share * Decimal::from(assessed)).floor().to_usize().unwrap_or(0);
        let mut places = vec![Edge::Outside; totals.len()];
        let mut taken = 0;
        for group in self.groups(standing, nodes, totals, &self.grade_breaks) {
            let edge = match taken + group.len() {
                end if end <= quota => Edge::Inside,
                _ if taken < quota => Edge::Tied,
                _ => Edge::Outside,
            };
            taken += group.len();
            for i in group {
                places[i] = edge;
            }
        }
        Some(Within { quota, places })
    }
}

struct Within {
    quota: usize,
    places: Vec<Edge>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Inside,
    Tied,
    Outside,
}
