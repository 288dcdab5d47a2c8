//! From node scores to totals, grades and the selection. A [`Judge`] reads the table once
//! and then judges as many sets of scores as a run draws.

mod goal;
mod grade;
mod order;
mod places;
mod simple;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::normalise::points;
use crate::plan::{Adjustment, AdjustmentKind, Condition, Plan, Rounding, TieBreak, Veto};
use crate::rank::{GRID, grid};
use crate::result::Outcome;
use crate::stage::Stage;
use crate::table::Table;

pub(crate) use goal::Goal;
pub(crate) use grade::{Graded, Why};
pub(crate) use places::{PlaceReason, Placed};
pub(crate) use simple::Simple;

/// What of the table and plan decides, made ready.
pub(crate) struct Judge<'a> {
    table: &'a Table,
    plan: &'a Plan,
    scale: [f64; 2],
    root: usize,
    bonus: Vec<f64>,
    deduction: Vec<f64>,
    /// Vetoes that fell, by town.
    vetoed: Vec<Vec<&'a Veto>>,
    grades: Vec<Bar>,
    /// Floors of the selection.
    floors: Vec<Floor>,
    grade_breaks: Vec<Breaker<'a>>,
    select_breaks: Vec<Breaker<'a>>,
}

/// A grade's conditions on the comparison grid.
struct Bar {
    at_least: Option<i64>,
    /// Most towns, from the share of assessed towns.
    share: Option<Decimal>,
    floors: Vec<Floor>,
}

/// A floor on the comparison grid.
struct Floor {
    of: Subject,
    at_least: i64,
}

#[derive(Clone, Copy)]
enum Subject {
    Node(usize),
    Bonus,
    Deduction,
    /// The node was left out of this draw: the condition cannot be met.
    Absent,
}

enum Breaker<'a> {
    Node(usize),
    Column(&'a [f64]),
}

impl<'a> Judge<'a> {
    /// Reads vetoes, bonus, deduction and thresholds. The plan must have been checked.
    pub(crate) fn new(table: &'a Table, plan: &'a Plan, stage: &Stage) -> Judge<'a> {
        let floor = |rounding| {
            move |condition: &Condition| Floor {
                of: subject(stage, &condition.node),
                at_least: threshold(condition.at_least, rounding, stage.scale),
            }
        };
        let rounding = plan.grades.rounding;
        let grades = plan.grades.grades.iter().map(|grade| Bar {
            at_least: grade.at_least.map(|cut| threshold(cut, rounding, stage.scale)),
            share: grade.best_share,
            floors: grade.conditions.iter().map(floor(rounding)).collect(),
        });
        let select = plan.select.as_ref();
        let breaks =
            |list: &'a [TieBreak]| list.iter().filter_map(|one| breaker(table, stage, one)).collect();
        Judge {
            table,
            plan,
            scale: stage.scale,
            root: stage.nodes.len() - 1,
            bonus: adjust(table, plan, AdjustmentKind::Bonus),
            deduction: adjust(table, plan, AdjustmentKind::Deduction),
            vetoed: vetoed(table, plan),
            grades: grades.collect(),
            floors: select.map_or(Vec::new(), |s| s.floors.iter().map(floor(rounding)).collect()),
            grade_breaks: breaks(&plan.grades.tie_breaks),
            select_breaks: select.map_or(Vec::new(), |s| breaks(&s.tie_breaks)),
        }
    }

    /// Bonus points after caps, by town.
    pub(crate) fn bonus(&self) -> &[f64] {
        &self.bonus
    }

    /// Deducted points after caps, by town.
    pub(crate) fn deduction(&self) -> &[f64] {
        &self.deduction
    }

    /// Vetoes that fell on a town.
    pub(crate) fn vetoes(&self, town: usize) -> &[&'a Veto] {
        &self.vetoed[town]
    }

    /// Whether totals are the root's scores, so that only ranks of scores count.
    pub(crate) fn is_plain(&self) -> bool {
        let adjustments = &self.plan.adjustments;
        adjustments.items.is_empty() && adjustments.floor.is_none() && adjustments.ceiling.is_none()
    }

    /// Totals: root score with bonus, deduction, floor and ceiling; NaN if not assessed.
    pub(crate) fn totals(&self, nodes: &[Vec<f64>]) -> Vec<f64> {
        self.totals_of(&nodes[self.root])
    }

    /// Totals from the root's scores.
    pub(crate) fn totals_of(&self, root: &[f64]) -> Vec<f64> {
        root.iter().enumerate().map(|(town, score)| self.total_of(town, *score)).collect()
    }

    /// Total of one town from its score at the root.
    pub(crate) fn total_of(&self, town: usize, root: f64) -> f64 {
        let rules = &self.plan.adjustments;
        let total = root + self.bonus[town] - self.deduction[town];
        let total = rules.floor.map_or(total, |floor| if total < floor { floor } else { total });
        rules.ceiling.map_or(total, |top| if total > top { top } else { total })
    }

    /// Position of each town's grade in the plan; `None` if not assessed or no grades.
    pub(crate) fn grades(&self, nodes: &[Vec<f64>], totals: &[f64]) -> Vec<Option<u8>> {
        let graded = self.grade(nodes, totals);
        graded.into_iter().map(|g| g.grade.map(|k| k as u8)).collect()
    }

    /// Outcome of the selection; everyone `NotSelected` without selection rules.
    pub(crate) fn select(&self, nodes: &[Vec<f64>], totals: &[f64], grades: &[Option<u8>]) -> Vec<Outcome> {
        let placed = self.place(nodes, totals, grades);
        placed.towns.into_iter().map(|town| town.outcome).collect()
    }

    fn meets(&self, floors: &[Floor], nodes: &[Vec<f64>], town: usize) -> bool {
        floors.iter().all(|floor| self.meets_one(floor, town, |node| nodes[node][town]))
    }

    /// Whether a town with these scores of nodes is above a floor.
    fn meets_one(&self, floor: &Floor, town: usize, score: impl Fn(usize) -> f64) -> bool {
        let value = match floor.of {
            Subject::Node(at) => score(at),
            Subject::Bonus => self.bonus[town],
            Subject::Deduction => self.deduction[town],
            Subject::Absent => f64::NAN,
        };
        !value.is_nan() && grid(value, self.scale) >= floor.at_least
    }
}

fn subject(stage: &Stage, node: &str) -> Subject {
    match node {
        "bonus" => Subject::Bonus,
        "deduction" => Subject::Deduction,
        code => stage.position(code).map_or(Subject::Absent, Subject::Node),
    }
}

fn breaker<'a>(table: &'a Table, stage: &Stage, one: &TieBreak) -> Option<Breaker<'a>> {
    match one {
        TieBreak::Node(code) => stage.position(code).map(Breaker::Node),
        TieBreak::Column(code) => table.column_by(code).map(Breaker::Column),
    }
}

fn vetoed<'a>(table: &Table, plan: &'a Plan) -> Vec<Vec<&'a Veto>> {
    let mut fell = vec![Vec::new(); table.towns().len()];
    for veto in &plan.grades.vetoes {
        let column = table.column_by(&veto.column).unwrap_or(&[]);
        for (fell, x) in fell.iter_mut().zip(column) {
            if veto.when.holds(*x) {
                fell.push(veto);
            }
        }
    }
    fell
}

fn adjust(table: &Table, plan: &Plan, kind: AdjustmentKind) -> Vec<f64> {
    let rules = &plan.adjustments;
    let cap = match kind {
        AdjustmentKind::Bonus => rules.bonus_cap,
        AdjustmentKind::Deduction => rules.deduction_cap,
    };
    (0..table.towns().len())
        .map(|town| {
            let items = rules.items.iter().filter(|item| item.kind == kind);
            let sum: f64 = items.map(|item| item_points(table, item, town)).sum();
            cap.map_or(sum, |cap| sum.min(cap))
        })
        .collect()
}

/// Points of one adjustment, within 0 and its cap; a missing figure gives none.
pub(crate) fn item_points(table: &Table, item: &Adjustment, town: usize) -> f64 {
    let (given, _) = points(table, &item.rule, None, town);
    let given = if given.is_nan() { 0.0 } else { given.max(0.0) };
    item.cap.map_or(given, |cap| given.min(cap))
}

/// The least grid position that passes a cut-off, found in decimal.
fn threshold(cut: Decimal, rounding: Rounding, scale: [f64; 2]) -> i64 {
    let bar = match rounding {
        Rounding::Exact => cut,
        Rounding::HalfUp { places } => {
            let up = cut.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::ToPositiveInfinity);
            up - Decimal::new(5, places + 1)
        }
    };
    let (Some(low), Some(high)) = (Decimal::from_f64(scale[0]), Decimal::from_f64(scale[1])) else {
        return i64::MAX;
    };
    let steps = Decimal::from_f64(GRID).unwrap_or(Decimal::ONE);
    let position = (bar - low).checked_mul(steps).and_then(|x| x.checked_div(high - low));
    let rounded = position.map(|x| (x - Decimal::new(1, 6)).ceil());
    rounded.and_then(|x| x.to_i64()).unwrap_or(i64::MAX)
}

/// A score as the decimal that is compared: on the grid, rounded as the plan says.
pub(crate) fn decimal(score: f64, rounding: Rounding, scale: [f64; 2]) -> Option<Decimal> {
    if score.is_nan() {
        return None;
    }
    let low = Decimal::from_f64(scale[0])?;
    let width = Decimal::from_f64(scale[1])? - low;
    let steps = Decimal::from(grid(score, scale));
    let exact = steps.checked_mul(width)?.checked_div(Decimal::from_f64(GRID)?)?;
    let exact = low.checked_add(exact)?;
    Some(match rounding {
        Rounding::Exact => exact.normalize(),
        Rounding::HalfUp { places } => {
            let strategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
            let mut rounded = exact.round_dp_with_strategy(places, strategy);
            rounded.rescale(places);
            rounded
        }
    })
}
