//! One thread's work: blocks of draws, scored, ranked, judged and counted.

use super::draws::Draws;
use super::first::First;
use super::keyed::{KeyMap, KeyRows, ScoreRows, keys_of};
use super::noise::Figures;
use super::scenario::{Form, Scenario};
use super::study::{Prepared, Study};
use super::tally::{NO_RANK, Outcome, Reference, Sizes, Tally};
use super::tree;
use super::verdict::{Totals, Verdict, Verdicts};
use crate::control::Control;
use crate::error::EvalError;
use crate::kernel::blocked::{Batch, Sink};
use crate::kernel::dispatch::{Task, dispatch};
use crate::kernel::keyed::KeyedSum;
use crate::kernel::keys::Grid;
use crate::kernel::rank::Ranker;
use crate::kernel::scores::{Closeness, GeometricMean, PresentMean, WeightedSum};

/// A thread's buffers and counts.
pub(crate) struct Worker<'s, 'a> {
    pub(super) study: &'s Study<'a>,
    reference: &'s Reference,
    pub(super) control: &'s Control,
    pub(crate) tally: Tally,
    /// The failed draw of the lowest number, and why.
    pub(crate) failure: Option<(u32, EvalError)>,
    /// Number of first towns found without ranking the rest.
    first_only: Option<usize>,
    pub(super) first: First,
    verdicts: Option<Verdicts<'s>>,
    ranker: Ranker,
    verdict: Verdict,
    pub(super) local: Vec<f64>,
    pub(super) weights: Vec<f64>,
    above: Vec<f64>,
    keys: Vec<u32>,
    ranks: Vec<u32>,
}

impl<'s, 'a> Worker<'s, 'a> {
    pub(crate) fn new(
        study: &'s Study<'a>,
        reference: &'s Reference,
        control: &'s Control,
        sizes: Sizes,
        first_only: Option<usize>,
    ) -> Worker<'s, 'a> {
        Worker {
            study,
            reference,
            control,
            tally: Tally::new(sizes),
            failure: None,
            first_only,
            first: First::default(),
            verdicts: study.simple.as_ref().map(Verdicts::new),
            ranker: Ranker::default(),
            verdict: Verdict::new(sizes.towns),
            local: Vec::new(),
            weights: Vec::new(),
            above: Vec::new(),
            keys: Vec::new(),
            ranks: Vec::new(),
        }
    }

    /// Runs the draws `first..first + count`.
    ///
    /// # Errors
    /// [`EvalError::Cancelled`]; the counts are then worthless.
    pub(crate) fn block(&mut self, first: u32, count: u32) -> Result<(), EvalError> {
        let draws = self.study.draws();
        let mut order: Vec<(u64, u32)> =
            (first..first + count).map(|draw| (draws.combination(draw), draw)).collect();
        order.sort_unstable();
        for run in order.chunk_by(|one, other| one.0 == other.0) {
            self.control.check()?;
            let numbers: Vec<u32> = run.iter().map(|(_, draw)| *draw).collect();
            if self.study.draws_figures() {
                self.run_with_figures(run[0].0, &numbers)?;
                continue;
            }
            match self.study.prepared(run[0].0) {
                Ok(prepared) => self.run(prepared, numbers)?,
                Err(EvalError::Cancelled) => return Err(EvalError::Cancelled),
                Err(error) => numbers.iter().for_each(|draw| self.fail(*draw, error)),
            }
        }
        Ok(())
    }

    fn fail(&mut self, draw: u32, error: &EvalError) {
        self.tally.failed += 1;
        if self.failure.as_ref().is_none_or(|(before, _)| draw < *before) {
            self.failure = Some((draw, error.clone()));
        }
    }

    fn run_with_figures(&mut self, combination: u64, numbers: &[u32]) -> Result<(), EvalError> {
        let study = self.study;
        for &draw in numbers {
            self.control.check()?;
            let figures = Figures::new(study.table, &study.inputs.data, study.seed, |_| draw);
            let done = study.with_figures(&figures, combination, |prepared| self.run(prepared, vec![draw]));
            match done {
                Ok(done) => done?,
                Err(EvalError::Cancelled) => return Err(EvalError::Cancelled),
                Err(error) => self.fail(draw, &error),
            }
        }
        Ok(())
    }

    /// Runs draws of one combination.
    fn run(&mut self, prepared: &Prepared<'_>, mut numbers: Vec<u32>) -> Result<(), EvalError> {
        self.sample(&prepared.scenario, &mut numbers);
        match (&prepared.scenario.form, prepared.grid, self.first_only) {
            (Form::Tree(_), ..) => self.run_tree(prepared, &numbers),
            (_, Some(grid), Some(count)) => self.run_first(prepared, grid, count, numbers.len()),
            (_, Some(grid), None) => {
                let towns = self.tally.sizes.towns;
                let mut keys = std::mem::take(&mut self.keys);
                keys.resize(numbers.len() * towns, 0);
                let adjust = self.study.adjust.as_ref();
                let mut rows = KeyRows { grid, adjust, towns, keys: &mut keys };
                self.score(&prepared.scenario, Some(grid).filter(|_| adjust.is_none()), &mut rows);
                let map = KeyMap::Offset(grid.lowest());
                self.keys = keys;
                self.count(&prepared.scenario.assessed, &map, numbers.len())
            }
            (_, None, _) => self.run_wide(prepared, numbers.len()),
        }
    }

    /// Local weights and weights of the columns of each draw; failed draws leave the list.
    fn sample(&mut self, scenario: &Scenario, numbers: &mut Vec<u32>) {
        let length = self.study.inputs.layout.length;
        self.local.resize(numbers.len() * length, 0.0);
        self.weights.resize(numbers.len() * scenario.columns, 0.0);
        let task = Sample {
            draws: self.study.draws(),
            scenario,
            numbers,
            local: &mut self.local,
            weights: &mut self.weights,
            above: &mut self.above,
        };
        let failed = dispatch(self.study.width, task);
        let reason = EvalError::value("no_weight", None, None, "权重合计为零，请调整不确定性设定");
        failed.iter().for_each(|draw| self.fail(*draw, &reason));
        self.local.truncate(numbers.len() * length);
        self.weights.truncate(numbers.len() * scenario.columns);
    }

    pub(super) fn score<S: Sink>(&self, scenario: &Scenario, keys: Option<Grid>, sink: &mut S) {
        score(self.study, self.control, scenario, keys, &self.weights, sink);
    }

    /// Draws whose totals do not fit 32-bit keys.
    fn run_wide(&mut self, prepared: &Prepared<'_>, draws: usize) -> Result<(), EvalError> {
        let towns = self.tally.sizes.towns;
        let mut scores = vec![0.0; draws * towns];
        self.score(&prepared.scenario, None, &mut ScoreRows { towns, scores: &mut scores });
        let local = std::mem::take(&mut self.local);
        let length = self.study.inputs.layout.length;
        for (row, local) in scores.chunks_exact_mut(towns).zip(local.chunks_exact(length)) {
            self.control.check()?;
            for (town, score) in row.iter_mut().enumerate() {
                let total = self.study.adjust.as_ref().map(|adjust| adjust.total(town, *score));
                let total = total.unwrap_or(*score);
                *score = if prepared.scenario.assessed[town] { total } else { f64::NAN };
            }
            self.keys.resize(towns, 0);
            let map = keys_of(row, self.study.plan.steps.scale, &mut self.keys);
            self.local = local.to_vec();
            self.count(&prepared.scenario.assessed, &map, 1)?;
        }
        Ok(())
    }

    fn run_tree(&mut self, prepared: &Prepared<'_>, numbers: &[u32]) -> Result<(), EvalError> {
        let local = std::mem::take(&mut self.local);
        let length = self.study.inputs.layout.length;
        for (&draw, local) in numbers.iter().zip(local.chunks_exact(length)) {
            self.control.check()?;
            self.local = local.to_vec();
            if let Err(error) = self.run_one_tree(prepared) {
                match error {
                    EvalError::Cancelled => return Err(error),
                    _ => self.fail(draw, &error),
                }
            }
        }
        Ok(())
    }

    fn run_one_tree(&mut self, prepared: &Prepared<'_>) -> Result<(), EvalError> {
        let Form::Tree(stage) = &prepared.scenario.form else {
            return Ok(());
        };
        let nodes = tree::scores(stage, &prepared.scenario.groups, &self.local, self.control)?;
        let totals = match &prepared.judge {
            Some(judge) => judge.totals(&nodes),
            None => self.totals(&nodes[nodes.len() - 1]),
        };
        let assessed: Vec<bool> = totals.iter().map(|total| total.is_finite()).collect();
        self.keys.resize(totals.len(), 0);
        let map = keys_of(&totals, stage.scale, &mut self.keys);
        match &prepared.judge {
            None => self.count(&assessed, &map, 1),
            Some(judge) => {
                let grades = judge.grades(&nodes, &totals);
                let outcomes = judge.select(&nodes, &totals, &grades);
                self.verdict.take(&grades, &outcomes);
                self.count(&assessed, &map, 1)
            }
        }
    }

    fn totals(&self, scores: &[f64]) -> Vec<f64> {
        let total = |(town, &score): (usize, &f64)| match &self.study.adjust {
            Some(adjust) if !score.is_nan() => adjust.total(town, score),
            _ => score,
        };
        scores.iter().enumerate().map(total).collect()
    }

    /// Ranks, judges and counts the first `draws` rows of keys.
    fn count(&mut self, assessed: &[bool], map: &KeyMap, draws: usize) -> Result<(), EvalError> {
        self.control.check()?;
        self.ranks.resize(draws * self.tally.sizes.towns, 0);
        let (width, length) = (self.study.width, self.study.inputs.layout.length);
        let all = assessed.iter().all(|assessed| *assessed);
        dispatch(width, Count { worker: self, assessed, all, map, draws, length });
        self.control.check()?;
        dispatch(
            width,
            CountRanks { tally: &mut self.tally, ranks: &self.ranks, reference: &self.reference.ranks },
        );
        Ok(())
    }
}

/// Scores draws under a scenario that is one or two weighted sums. `keys` is the grid of a sink that looks at
/// nothing but the scores' keys.
pub(crate) fn score<S: Sink>(
    study: &Study<'_>,
    control: &Control,
    scenario: &Scenario,
    keys: Option<Grid>,
    weights: &[f64],
    sink: &mut S,
) {
    let batch = Batch { width: study.width, weights, cancel: &control.cancel };
    match &scenario.form {
        Form::Sum(values) => match keys.and_then(|grid| KeyedSum::new(values, grid, weights)) {
            Some(model) => batch.score(&model, sink),
            None => batch.score(&WeightedSum(values), sink),
        },
        Form::Product { logarithms, spread } => {
            batch.score(&GeometricMean { logarithms, spread: *spread }, sink);
        }
        Form::Closeness { from_best, from_worst, spread } => {
            batch.score(&Closeness { from_best, from_worst, spread: *spread }, sink);
        }
        Form::Present { values, present } => batch.score(&PresentMean { values, present }, sink),
        Form::Tree(_) => {}
    }
}

struct Sample<'a> {
    draws: Draws<'a>,
    scenario: &'a Scenario,
    numbers: &'a mut Vec<u32>,
    local: &'a mut [f64],
    weights: &'a mut [f64],
    above: &'a mut Vec<f64>,
}

impl Task for Sample<'_> {
    /// The draws that failed.
    type Output = Vec<u32>;

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) -> Vec<u32> {
        let length = self.draws.inputs.layout.length;
        let columns = self.scenario.columns;
        let mut failed = Vec::new();
        let mut kept = 0;
        for at in 0..self.numbers.len() {
            let draw = self.numbers[at];
            let local = &mut self.local[kept * length..][..length];
            let weights = &mut self.weights[kept * columns..][..columns];
            let drawn = self.draws.local(self.scenario, draw, local);
            if drawn && self.scenario.weights(local, self.above, weights) {
                self.numbers[kept] = draw;
                kept += 1;
            } else {
                failed.push(draw);
            }
        }
        self.numbers.truncate(kept);
        failed
    }
}

struct Count<'b, 's, 'a> {
    worker: &'b mut Worker<'s, 'a>,
    assessed: &'b [bool],
    all: bool,
    map: &'b KeyMap,
    draws: usize,
    length: usize,
}

impl Task for Count<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) {
        let worker = self.worker;
        let towns = worker.tally.sizes.towns;
        let keys = worker.keys.chunks_exact_mut(towns).take(self.draws);
        let ranks = worker.ranks.chunks_exact_mut(towns);
        for ((keys, ranks), draw) in keys.zip(ranks).zip(0..) {
            if worker.control.check().is_err() {
                return;
            }
            if !self.all {
                let towns = keys.iter_mut().zip(self.assessed);
                towns.for_each(|(key, assessed)| *key = if *assessed { *key } else { 0 });
            }
            worker.ranker.rank(keys, ranks);
            if !self.all {
                let towns = ranks.iter_mut().zip(self.assessed);
                towns.for_each(|(rank, assessed)| *rank = if *assessed { *rank } else { NO_RANK });
            }
            if let Some(verdicts) = &mut worker.verdicts {
                let totals = Totals { keys, map: self.map, ranks, assessed: self.assessed, all: self.all };
                verdicts.judge(&totals, &mut worker.verdict);
            }
            let outcome = Outcome {
                ranks,
                grades: &worker.verdict.grades,
                selected: &worker.verdict.selected,
                tied: worker.verdict.tied,
                local: &worker.local[draw * self.length..][..self.length],
            };
            worker.tally.count(&outcome, worker.reference);
        }
    }
}

struct CountRanks<'a> {
    tally: &'a mut Tally,
    ranks: &'a [u32],
    reference: &'a [u32],
}

impl Task for CountRanks<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) {
        self.tally.count_ranks(self.ranks, self.reference);
    }
}
