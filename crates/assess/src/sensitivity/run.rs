//! Model runs of a sensitivity analysis, base point by base point. The output at a base point depends on
//! nothing but its number, so threads may take them in any order.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::coordinates::{Coordinate, Coordinates, Rows};
use super::estimate::Outputs;
use super::freeze::{Move, Sums};
use super::points::Points;
use crate::control::Control;
use crate::error::EvalError;
use crate::kernel::dispatch::{Task, dispatch};
use crate::kernel::keys::Grid;
use crate::kernel::packed::Row;
use crate::kernel::rank::Ranker;
use crate::robustness::scenario::{Form, Scenario};
use crate::robustness::single::single;
use crate::robustness::study::{Prepared, Study};
use crate::robustness::tally::NO_RANK;

/// Base points a thread takes at a time.
const BLOCK: u32 = 4;

/// What the output of a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Output {
    /// Mean |rank − reference rank|.
    Shift,
    /// Rank of a town, from 1.
    Rank(usize),
}

/// Everything a thread needs to begin.
pub(crate) struct Runs<'s, 'a> {
    pub(crate) study: &'s Study<'a>,
    pub(crate) coordinates: &'s Coordinates<'a>,
    pub(crate) points: &'s Points,
    /// Reference ranks from 0.
    pub(crate) reference: &'s [u32],
    pub(crate) output: Output,
    pub(crate) control: &'s Control,
    /// Whether a moved weight is followed by O(m) steps.
    pub(crate) follow: bool,
}

/// Outputs of the base points that did not fail, in order, and the failures.
pub(crate) struct Made {
    pub(crate) outputs: Outputs,
    pub(crate) failed: u32,
    /// Error of the first failed base point.
    pub(crate) failure: Option<EvalError>,
}

/// Outputs at one base point: A, B, then A with each coordinate from B.
type Line = Result<Vec<f64>, EvalError>;

impl Runs<'_, '_> {
    /// Runs `base` base points.
    ///
    /// # Errors
    /// [`EvalError::Cancelled`].
    pub(crate) fn outputs(&self, base: u32) -> Result<Made, EvalError> {
        let next = AtomicU32::new(0);
        let done = AtomicU32::new(0);
        let runs = self.coordinates.list.len() as u64 + 2;
        let lines = Mutex::new(Vec::with_capacity(base as usize));
        let work = || -> Result<(), EvalError> {
            let mut walker = Walker::new(self);
            let mut own = Vec::new();
            loop {
                let first = next.fetch_add(BLOCK, Ordering::Relaxed);
                if first >= base {
                    break;
                }
                let end = first.saturating_add(BLOCK).min(base);
                for index in first..end {
                    own.push((index, walker.line(index)?));
                }
                let made = done.fetch_add(end - first, Ordering::Relaxed) + end - first;
                self.control.report(u64::from(made) * runs, u64::from(base) * runs);
            }
            lines.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).extend(own);
            Ok(())
        };
        let threads = self.control.threads.clamp(1, 256).min(base.div_ceil(BLOCK) as usize);
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            let joined = others.into_iter().map(|other| other.join().unwrap_or(Err(EvalError::Cancelled)));
            joined.fold(own, |all, one| all.and(one))
        })?;
        let mut lines = lines.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        lines.sort_by_key(|(index, _)| *index);
        Ok(self.gather(lines))
    }

    fn gather(&self, lines: Vec<(u32, Line)>) -> Made {
        let inputs = self.coordinates.list.len();
        let outputs = Outputs { a: Vec::new(), b: Vec::new(), mixed: vec![Vec::new(); inputs] };
        let mut made = Made { outputs, failed: 0, failure: None };
        for (_, line) in lines {
            match line {
                Ok(line) => {
                    made.outputs.a.push(line[0]);
                    made.outputs.b.push(line[1]);
                    let mixed = made.outputs.mixed.iter_mut().zip(&line[2..]);
                    mixed.for_each(|(list, value)| list.push(*value));
                }
                Err(error) => {
                    made.failed += 1;
                    made.failure.get_or_insert(error);
                }
            }
        }
        made
    }
}

/// A thread's buffers.
struct Walker<'r, 's, 'a> {
    runs: &'r Runs<'s, 'a>,
    ranker: Ranker,
    sums: Sums,
    rows: Rows,
    other_sums: Sums,
    other_rows: Rows,
    scores: Vec<Row>,
    keys: Vec<u32>,
    ranks: Vec<u32>,
}

impl<'r, 's, 'a> Walker<'r, 's, 'a> {
    fn new(runs: &'r Runs<'s, 'a>) -> Walker<'r, 's, 'a> {
        Walker {
            runs,
            ranker: Ranker::default(),
            sums: Sums::default(),
            rows: Rows::default(),
            other_sums: Sums::default(),
            other_rows: Rows::default(),
            scores: Vec::new(),
            keys: Vec::new(),
            ranks: Vec::new(),
        }
    }

    /// Outputs at one base point; the inner error is that point's alone.
    fn line(&mut self, index: u32) -> Result<Line, EvalError> {
        let coordinates = self.runs.coordinates;
        let count = coordinates.list.len();
        let mut point = vec![0.0; 2 * count];
        self.runs.points.point(index, &mut point);
        let (a, b) = point.split_at_mut(count);
        let mut line = Vec::with_capacity(count + 2);
        for at in 0..count + 2 {
            self.runs.control.check()?;
            let value = match at {
                0 => self.base(a),
                1 => self.elsewhere(b),
                _ => self.mixed(a, at - 2, b[at - 2]),
            };
            match value {
                Ok(value) => line.push(value),
                Err(EvalError::Cancelled) => return Err(EvalError::Cancelled),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(line))
    }

    /// Output at A, whose sums are kept.
    fn base(&mut self, point: &[f64]) -> Result<f64, EvalError> {
        let Some(prepared) = self.fast(point)? else {
            return self.slow(point);
        };
        let (mut sums, mut rows) = (std::mem::take(&mut self.sums), std::mem::take(&mut self.rows));
        let value = self.at(prepared, point, &mut sums, &mut rows);
        (self.sums, self.rows) = (sums, rows);
        value
    }

    /// Output at a point that shares nothing with A.
    fn elsewhere(&mut self, point: &[f64]) -> Result<f64, EvalError> {
        let Some(prepared) = self.fast(point)? else {
            return self.slow(point);
        };
        let mut sums = std::mem::take(&mut self.other_sums);
        let mut rows = std::mem::take(&mut self.other_rows);
        let value = self.at(prepared, point, &mut sums, &mut rows);
        (self.other_sums, self.other_rows) = (sums, rows);
        value
    }

    /// Output at A with one coordinate moved.
    fn mixed(&mut self, point: &mut [f64], at: usize, to: f64) -> Result<f64, EvalError> {
        if let Coordinate::Weight { group, child } = self.runs.coordinates.list[at]
            && self.runs.follow
            && let Some(prepared) = self.fast(point)?
        {
            return self.moved(prepared, group, child, to);
        }
        let from = std::mem::replace(&mut point[at], to);
        let value = self.elsewhere(point);
        point[at] = from;
        value
    }

    /// The prepared combination at a point where the sums can be followed.
    fn fast(&self, point: &[f64]) -> Result<Option<&'s Prepared<'a>>, EvalError> {
        if self.runs.study.draws_figures() {
            return Ok(None);
        }
        let combination = self.runs.coordinates.combination(point);
        let prepared = self.runs.study.prepared(combination).map_err(EvalError::clone)?;
        let fast = prepared.grid.is_some() && !matches!(prepared.scenario.form, Form::Tree(_));
        Ok(fast.then_some(prepared))
    }

    fn at(
        &mut self,
        prepared: &Prepared<'_>,
        point: &[f64],
        sums: &mut Sums,
        rows: &mut Rows,
    ) -> Result<f64, EvalError> {
        let scenario = &prepared.scenario;
        if !self.runs.coordinates.rows(scenario, point, rows) {
            return Err(no_weight());
        }
        let task = Full { walker: self, scenario, grid: prepared.grid, sums, rows };
        dispatch(task.walker.runs.study.width, task)
    }

    fn moved(
        &mut self,
        prepared: &Prepared<'_>,
        group: usize,
        child: usize,
        to: f64,
    ) -> Result<f64, EvalError> {
        let scenario = &prepared.scenario;
        let place = self.runs.study.inputs.layout.groups[group].start + child;
        let after = self.runs.coordinates.raw(scenario, group, child, to);
        let step = Move { place, before: self.rows.raw[place], after };
        let task = Moved { walker: self, scenario, grid: prepared.grid, step };
        dispatch(task.walker.runs.study.width, task)
    }

    /// Output of the scores just found.
    #[inline(always)]
    fn output(&mut self, scenario: &Scenario, grid: Option<Grid>) -> Result<f64, EvalError> {
        let Some(grid) = grid else {
            return Err(no_weight());
        };
        let towns = scenario.assessed.len();
        self.keys.resize(towns, 0);
        self.ranks.resize(towns, 0);
        let scores = self.scores.as_flattened();
        match &self.runs.study.adjust {
            None => {
                let towns = self.keys.iter_mut().zip(scores);
                towns.for_each(|(key, &score)| *key = grid.key(score));
            }
            Some(adjust) => {
                for (town, (key, &score)) in self.keys.iter_mut().zip(scores).enumerate() {
                    *key = grid.key(adjust.total(town, score));
                }
            }
        }
        let all = scenario.assessed.iter().all(|assessed| *assessed);
        if !all {
            let towns = self.keys.iter_mut().zip(&scenario.assessed);
            towns.for_each(|(key, assessed)| *key = if *assessed { *key } else { 0 });
        }
        self.ranker.rank(&self.keys, &mut self.ranks);
        if !all {
            let towns = self.ranks.iter_mut().zip(&scenario.assessed);
            towns.for_each(|(rank, assessed)| *rank = if *assessed { *rank } else { NO_RANK });
        }
        self.runs.judge(&self.ranks)
    }

    /// Output at a point scored node by node.
    fn slow(&mut self, point: &[f64]) -> Result<f64, EvalError> {
        let runs = self.runs;
        let combination = runs.coordinates.combination(point);
        let rows = &mut self.other_rows;
        let mut ranks = |prepared: &Prepared<'_>| {
            if !runs.coordinates.rows(&prepared.scenario, point, rows) {
                return Err(no_weight());
            }
            single(runs.study, prepared, &rows.local, runs.control).map(|single| single.ranks)
        };
        let ranks = if runs.study.draws_figures() {
            let figures = runs.coordinates.figures(runs.study.table, point);
            runs.study.with_figures(&figures, combination, ranks)??
        } else {
            ranks(runs.study.prepared(combination).map_err(EvalError::clone)?)?
        };
        runs.judge(&ranks)
    }
}

impl Runs<'_, '_> {
    #[inline(always)]
    fn judge(&self, ranks: &[u32]) -> Result<f64, EvalError> {
        let no_rank = || EvalError::value("no_rank", None, None, "城镇没有名次，无法分析，请检查数据");
        match self.output {
            Output::Rank(town) => match ranks[town] {
                NO_RANK => Err(no_rank()),
                rank => Ok(f64::from(rank) + 1.0),
            },
            Output::Shift => {
                let (mut sum, mut count) = (0u64, 0u64);
                for (&rank, &before) in ranks.iter().zip(self.reference) {
                    let both = (rank != NO_RANK) & (before != NO_RANK);
                    sum += if both { u64::from(rank.abs_diff(before)) } else { 0 };
                    count += u64::from(both);
                }
                if count == 0 { Err(no_rank()) } else { Ok(sum as f64 / count as f64) }
            }
        }
    }
}

fn no_weight() -> EvalError {
    EvalError::value("no_weight", None, None, "权重合计为零，请调整不确定性设定")
}

struct Full<'w, 'r, 's, 'a> {
    walker: &'w mut Walker<'r, 's, 'a>,
    scenario: &'w Scenario,
    grid: Option<Grid>,
    sums: &'w mut Sums,
    rows: &'w Rows,
}

impl Task for Full<'_, '_, '_, '_> {
    type Output = Result<f64, EvalError>;

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) -> Self::Output {
        if !self.sums.set(self.scenario, self.rows) {
            return Err(no_weight());
        }
        self.sums.scores(self.scenario, &mut self.walker.scores);
        self.walker.output(self.scenario, self.grid)
    }
}

struct Moved<'w, 'r, 's, 'a> {
    walker: &'w mut Walker<'r, 's, 'a>,
    scenario: &'w Scenario,
    grid: Option<Grid>,
    step: Move,
}

impl Task for Moved<'_, '_, '_, '_> {
    type Output = Result<f64, EvalError>;

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) -> Self::Output {
        let walker = self.walker;
        let mut scores = std::mem::take(&mut walker.scores);
        let moved = walker.sums.moved(self.scenario, &walker.rows, self.step, &mut scores);
        walker.scores = scores;
        if !moved {
            return Err(no_weight());
        }
        walker.output(self.scenario, self.grid)
    }
}
