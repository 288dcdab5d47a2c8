//! Scores at one point, and with one weight moved: a weight that moves changes every score by one product,
//! so a run costs O(m) and not O(mn). The common factor that brings the weights back to sum 1 is carried along.

use super::coordinates::Rows;
use crate::kernel::packed::{GROUP, Line, Packed, Row};
use crate::kernel::scores::{Spread, closeness};
use crate::maths::exp;
use crate::robustness::scenario::{Child, Form, Scenario};

/// Weighted sums of all towns at one point.
#[derive(Default)]
pub(crate) struct Sums {
    /// Sums of each group of the scenario, within the group; for two-part forms, the first and second part.
    groups: Vec<Vec<Row>>,
    /// Product of the weights above each group.
    above: Vec<f64>,
    weights: Vec<f64>,
}

/// A weight that moves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    /// Place in the row of local weights.
    pub(crate) place: usize,
    pub(crate) before: f64,
    pub(crate) after: f64,
}

impl Sums {
    /// Sums at a point; `false` where the weights left in a group sum to nothing.
    #[inline(always)]
    pub(crate) fn set(&mut self, scenario: &Scenario, rows: &Rows) -> bool {
        self.weights.resize(scenario.columns, 0.0);
        if !scenario.weights(&rows.local, &mut self.above, &mut self.weights) {
            return false;
        }
        match &scenario.form {
            Form::Sum(matrix) | Form::Product { logarithms: matrix, .. } => {
                self.set_nested(scenario, matrix, &rows.local);
            }
            Form::Closeness { from_best, from_worst, .. } => {
                self.set_pair(from_best, from_worst, |weight| weight * weight);
            }
            Form::Present { values, present } => self.set_pair(values, present, |weight| weight),
            Form::Tree(_) => {}
        }
        true
    }

    #[inline(always)]
    fn set_nested(&mut self, scenario: &Scenario, matrix: &Packed, local: &[f64]) {
        let groups = matrix.groups();
        if scenario.groups.is_empty() {
            self.groups = vec![(0..groups).map(|group| matrix.group(group)[0].0).collect()];
            return;
        }
        self.groups.resize_with(scenario.groups.len(), Vec::new);
        for (position, group) in scenario.groups.iter().enumerate().rev() {
            let mut sums = std::mem::take(&mut self.groups[position]);
            sums.clear();
            sums.resize(groups, [0.0; GROUP]);
            let present = group.present(local);
            for (&place, child) in group.places.iter().zip(&group.children) {
                let weight = if group.complete { local[place] } else { local[place] / present };
                match *child {
                    Child::Column(column) => {
                        for (town, sum) in sums.iter_mut().enumerate() {
                            add(sum, &matrix.group(town)[column].0, weight);
                        }
                    }
                    Child::Group(below) => {
                        for (sum, row) in sums.iter_mut().zip(&self.groups[below]) {
                            add(sum, row, weight);
                        }
                    }
                }
            }
            self.groups[position] = sums;
        }
    }

    #[inline(always)]
    fn set_pair(&mut self, first: &Packed, second: &Packed, enters: impl Fn(f64) -> f64) {
        self.groups.resize_with(2, Vec::new);
        for (sums, matrix) in self.groups.iter_mut().zip([first, second]) {
            sums.clear();
            sums.resize(matrix.groups(), [0.0; GROUP]);
            for (town, sum) in sums.iter_mut().enumerate() {
                for (Line(row), &weight) in matrix.group(town).iter().zip(&self.weights) {
                    add(sum, row, enters(weight));
                }
            }
        }
    }

    /// Scores at the point.
    #[inline(always)]
    pub(crate) fn scores(&self, scenario: &Scenario, scores: &mut Vec<Row>) {
        scores.clear();
        match &scenario.form {
            Form::Sum(_) => scores.extend_from_slice(&self.groups[0]),
            Form::Product { spread, .. } => {
                scores.extend_from_slice(&self.groups[0]);
                unlog(scores, *spread);
            }
            Form::Closeness { spread, .. } => {
                scores.extend(self.pairs(|best, worst| spread.score(closeness(best, worst))));
            }
            Form::Present { .. } => scores.extend(self.pairs(present_mean)),
            Form::Tree(_) => {}
        }
    }

    #[inline(always)]
    fn pairs(&self, score: impl Fn(f64, f64) -> f64) -> impl Iterator<Item = Row> {
        self.groups[0]
            .iter()
            .zip(&self.groups[1])
            .map(move |(first, second)| each_town(|town| score(first[town], second[town])))
    }

    /// Scores with one weight moved; `false` where the weights then sum to nothing.
    #[inline(always)]
    pub(crate) fn moved(&self, scenario: &Scenario, rows: &Rows, step: Move, scores: &mut Vec<Row>) -> bool {
        let Some(found) = Found::new(scenario, rows, step) else {
            self.scores(scenario, scores);
            return true;
        };
        if found.after.is_nan() || found.after <= 0.0 {
            return false;
        }
        scores.clear();
        match &scenario.form {
            Form::Sum(matrix) => self.nested(matrix, &found, scores),
            Form::Product { logarithms, spread } => {
                self.nested(logarithms, &found, scores);
                unlog(scores, *spread);
            }
            Form::Closeness { from_best, from_worst, spread } => {
                let [before, after] = [step.before, step.after].map(|raw| raw / found.before);
                let change = after * after - before * before;
                self.paired(from_best, from_worst, found.child, change, scores, |best, worst| {
                    spread.score(closeness(best.max(0.0), worst.max(0.0)))
                });
            }
            Form::Present { values, present } => {
                let change = (step.after - step.before) / found.before;
                self.paired(values, present, found.child, change, scores, present_mean);
            }
            Form::Tree(_) => return false,
        }
        true
    }

    /// Group sums G' = (V/V')·(G + ΔV/V · child), carried up to the root.
    #[inline(always)]
    fn nested(&self, matrix: &Packed, found: &Found, scores: &mut Vec<Row>) {
        let ratio = found.before / found.after;
        let change = (found.after - found.before) / found.before;
        let above = self.above[found.group];
        let own = &self.groups[found.group];
        for (town, own) in own.iter().enumerate() {
            let child = match found.child {
                Child::Column(column) => &matrix.group(town)[column].0,
                Child::Group(below) => &self.groups[below][town],
            };
            let mut row = [0.0; GROUP];
            for lane in 0..GROUP {
                row[lane] = ratio * (own[lane] + change * child[lane]);
            }
            scores.push(row);
        }
        if found.group > 0 {
            let rows = scores.iter_mut().zip(own).zip(&self.groups[0]);
            for ((row, own), root) in rows {
                for lane in 0..GROUP {
                    row[lane] = root[lane] + above * (row[lane] - own[lane]);
                }
            }
        }
    }

    #[inline(always)]
    fn paired(
        &self,
        first: &Packed,
        second: &Packed,
        child: Child,
        change: f64,
        scores: &mut Vec<Row>,
        score: impl Fn(f64, f64) -> f64,
    ) {
        let Child::Column(column) = child else { return };
        let sums = self.groups[0].iter().zip(&self.groups[1]);
        for (town, (one, two)) in sums.enumerate() {
            let (one_row, two_row) = (&first.group(town)[column].0, &second.group(town)[column].0);
            scores.push(each_town(|lane| {
                score(one[lane] + change * one_row[lane], two[lane] + change * two_row[lane])
            }));
        }
    }
}

/// Where a moved weight stands in the scenario, with the sums of its group's raw weights.
struct Found {
    group: usize,
    child: Child,
    before: f64,
    after: f64,
}

impl Found {
    /// `None` where the child is left out, so that nothing moves.
    fn new(scenario: &Scenario, rows: &Rows, step: Move) -> Option<Found> {
        scenario.groups.iter().enumerate().find_map(|(position, group)| {
            let at = group.places.iter().position(|&place| place == step.place)?;
            let before = group.places.iter().fold(0.0, |sum, &place| sum + rows.raw[place]);
            let after = before + (step.after - step.before);
            Some(Found { group: position, child: group.children[at], before, after })
        })
    }
}

/// Logarithms become scores.
#[inline(always)]
fn unlog(scores: &mut [Row], spread: Spread) {
    for score in scores.as_flattened_mut() {
        *score = spread.score(exp(*score));
    }
}

#[inline(always)]
fn add(sum: &mut Row, row: &Row, weight: f64) {
    for lane in 0..GROUP {
        sum[lane] += row[lane] * weight;
    }
}

#[inline(always)]
fn present_mean(value: f64, present: f64) -> f64 {
    if present > 0.0 { value / present } else { 0.0 }
}

/// A row filled town by town; a plain loop, which unlike `array::from_fn` becomes part of its caller.
#[inline(always)]
fn each_town(mut score: impl FnMut(usize) -> f64) -> Row {
    let mut row = [0.0; GROUP];
    for (town, place) in row.iter_mut().enumerate() {
        *place = score(town);
    }
    row
}
