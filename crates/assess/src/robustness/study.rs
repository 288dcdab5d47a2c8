//! What all threads of a run share: inputs, prepared combinations of choices, rules and the reference.

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use super::distribution::Priorities;
use super::draws::Draws;
use super::inputs::Inputs;
use super::keyed::Adjust;
use super::noise;
use super::scenario::{Form, Scenario};
use crate::control::Control;
use crate::decide::{Judge, Simple};
use crate::error::EvalError;
use crate::kernel::dispatch::Width;
use crate::kernel::keys::Grid;
use crate::kernel::screen::Screen;
use crate::plan::{Ahp, Plan, WeightMethod};
use crate::rank::GRID;
use crate::stage::prepare;
use crate::table::Table;
use crate::weights::{Group, weigh_unchecked};

/// Most combinations of choices.
const COMBINATIONS: u64 = 4_096;
/// Most cells all prepared combinations hold together.
const PREPARED_CELLS: u64 = 1 << 27;

/// Everything a run reads and no draw changes.
pub(crate) struct Study<'a> {
    pub(crate) table: &'a Table,
    pub(crate) plan: &'a Plan,
    pub(crate) inputs: &'a Inputs<'a>,
    pub(crate) seed: u64,
    control: Control,
    pub(crate) width: Width,
    pub(crate) adjust: Option<Adjust>,
    /// Rules by totals alone; `None` where nodes or changed figures decide.
    pub(crate) simple: Option<Simple>,
    /// The plan as it stands.
    standing: Option<Prepared<'a>>,
    prepared: Vec<OnceLock<Result<Prepared<'a>, EvalError>>>,
}

/// One combination of choices, ready.
pub(crate) struct Prepared<'a> {
    pub(crate) scenario: Scenario,
    /// Grid of the totals, where they fit one.
    pub(crate) grid: Option<Grid>,
    /// Rules, where nodes decide.
    pub(crate) judge: Option<Judge<'a>>,
    screen: OnceLock<Option<Screen>>,
}

impl Prepared<'_> {
    /// The matrix of a weighted sum in single precision, made when first asked for.
    pub(crate) fn screen(&self, cancel: &AtomicBool) -> Option<&Screen> {
        let Form::Sum(values) = &self.scenario.form else { return None };
        self.screen.get_or_init(|| Screen::new(values, cancel)).as_ref()
    }
}

impl<'a> Study<'a> {
    /// # Errors
    /// [`EvalError::Limit`] for too many combinations; those of the plan as it stands.
    pub(crate) fn new(
        table: &'a Table,
        plan: &'a Plan,
        inputs: &'a Inputs<'a>,
        seed: u64,
        control: &Control,
    ) -> Result<Study<'a>, EvalError> {
        let combinations = inputs.combinations();
        EvalError::limit("combinations", combinations, COMBINATIONS)?;
        let cells = (table.towns().len() * table.leaves().len()) as u64;
        let kept = if inputs.data.is_empty() { combinations } else { 1 };
        EvalError::limit("prepared_cells", kept.saturating_mul(cells), PREPARED_CELLS.max(cells))?;
        let stage = prepare(table, plan, &Default::default(), control)?;
        let judge = Judge::new(table, plan, &stage);
        let adjust = (!judge.is_plain()).then(|| adjust(&judge, plan));
        let simple = if inputs.data.is_empty() { judge.simple() } else { None };
        let prepared = (0..kept).map(|_| OnceLock::new()).collect();
        let width = Width::best();
        let (standing, control) = (None, control.clone());
        let mut study =
            Study { table, plan, inputs, seed, control, width, adjust, simple, standing, prepared };
        study.standing = Some(study.finish(table, stage)?);
        Ok(study)
    }

    /// The draws of this run.
    pub(crate) fn draws(&self) -> Draws<'a> {
        Draws { inputs: self.inputs, seed: self.seed, priorities: PRIORITIES }
    }

    /// The prepared combination; the same error for each draw that has it.
    pub(crate) fn prepared(&self, combination: u64) -> Result<&Prepared<'a>, &EvalError> {
        if self.inputs.choices.is_empty() && !self.draws_figures() {
            return Ok(self.nominal());
        }
        let cell = &self.prepared[combination as usize];
        cell.get_or_init(|| self.prepare(self.table, combination)).as_ref()
    }

    /// The plan as it stands, prepared like a draw.
    pub(crate) fn nominal(&self) -> &Prepared<'a> {
        self.standing.as_ref().expect("a study begins with the plan as it stands")
    }

    fn prepare(&self, table: &'a Table, combination: u64) -> Result<Prepared<'a>, EvalError> {
        self.finish(table, prepare(table, self.plan, &self.inputs.choices(combination), &self.control)?)
    }

    fn finish(&self, table: &'a Table, stage: crate::stage::Stage) -> Result<Prepared<'a>, EvalError> {
        let judge = self.simple.is_none().then(|| Judge::new(table, self.plan, &stage));
        let scale = stage.scale;
        let scenario =
            Scenario::new(stage, &self.inputs.layout, &self.varies(), judge.is_some(), &self.control)?;
        let bounds = match &self.adjust {
            Some(adjust) => adjust.bounds(scenario.bounds),
            None => scenario.bounds,
        };
        let grid = match scenario.form {
            Form::Tree(_) => None,
            _ => Grid::new(scale[0], GRID / (scale[1] - scale[0]), bounds),
        };
        Ok(Prepared { scenario, grid, judge, screen: OnceLock::new() })
    }

    fn varies(&self) -> Vec<bool> {
        self.inputs.weights.iter().map(Option::is_some).collect()
    }

    /// Whether figures of the table are drawn.
    pub(crate) fn draws_figures(&self) -> bool {
        !self.inputs.data.is_empty()
    }

    /// Calls `use_it` with the combination prepared from the figures of one draw.
    ///
    /// # Errors
    /// As preparing the stage.
    pub(crate) fn with_figures<T>(
        &self,
        figures: &noise::Figures,
        combination: u64,
        use_it: impl FnOnce(&Prepared<'_>) -> T,
    ) -> Result<T, EvalError> {
        let table = figures.table(self.table);
        let stage = prepare(&table, self.plan, &self.inputs.choices(combination), &self.control)?;
        let judge = Judge::new(&table, self.plan, &stage);
        let scenario = Scenario::new(stage, &self.inputs.layout, &self.varies(), true, &self.control)?;
        let screen = OnceLock::new();
        Ok(use_it(&Prepared { scenario, grid: None, judge: Some(judge), screen }))
    }
}

fn adjust(judge: &Judge<'_>, plan: &Plan) -> Adjust {
    let points = judge.bonus().iter().zip(judge.deduction()).map(|(up, down)| up - down);
    Adjust {
        points: points.collect(),
        floor: plan.adjustments.floor.unwrap_or(f64::NEG_INFINITY),
        ceiling: plan.adjustments.ceiling.unwrap_or(f64::INFINITY),
    }
}

/// Weights of all children from judgements, however inconsistent noise made them.
const PRIORITIES: Priorities = |ahp: &Ahp| {
    let count = ahp.matrices.first()?.rows.len();
    let kept: Vec<usize> = (0..count).collect();
    let group = Group {
        code: "",
        names: vec![""; count],
        given: vec![None; count],
        kept: &kept,
        columns: Vec::new(),
        directions: Vec::new(),
        towns: &[],
        control: &Control::default(),
    };
    let weighed = weigh_unchecked(&WeightMethod::Ahp(ahp.clone()), &group);
    weighed.ok().map(|(weights, _)| weights.values)
};
