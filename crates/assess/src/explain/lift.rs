//! What would lift a town to the next grade: what is missing, and for each leaf the least score (and figure,
//! where it follows) that would do alone.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Explainer;
use crate::aggregate::node_scores;
use crate::control::Control;
use crate::decide::Goal;
use crate::plan::{Aggregation, Direction, Imputation, Leaf, Node, Normalisation, Treatment};
use crate::rank::GRID;
use crate::stage::Stage;
use crate::statistics::range;
use crate::table::CellFlag;

/// The next better grade and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextGrade {
    /// Code of the next better grade.
    pub grade: String,
    /// Least total it asks, if it has a cut-off.
    pub at_least: Option<Decimal>,
    /// Points missing to the cut-off, by the plan's rounding; 0 when it is reached.
    pub gap: f64,
    /// Rank needed to be within the quota, if the grade has one.
    pub within_rank: Option<usize>,
    /// Points missing to overtake the town on that rank; 0 within the quota, `null` without one or when it has
    /// no place at all.
    pub quota_gap: Option<f64>,
    /// Nodes (`bonus` and `deduction` among them) that are below the grade's floors.
    pub below: Vec<String>,
    /// Vetoes that stand in the way; nothing lifts the town while one does.
    pub vetoes: Vec<String>,
    /// Leaves that would lift the town alone, the smallest step first. Empty in trees that compare towns with
    /// each other and where one leaf is not enough.
    pub lifts: Vec<Lift>,
}

/// One leaf that would lift the town alone, all other scores unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lift {
    /// Code of the leaf.
    pub leaf: String,
    /// Score now; `null` if missing.
    pub from: Option<f64>,
    /// Least score that lifts the town.
    pub to: f64,
    /// Figure (as in [`crate::result::LeafResult::figures`]) that gives this score; only where the score is a
    /// straight line in it and nothing else moves with it.
    pub figure: Option<f64>,
}

/// Halvings of a score's step.
const HALVINGS: usize = 60;

impl Explainer<'_> {
    pub(super) fn next_grade(&self, i: usize) -> Option<NextGrade> {
        let better = usize::from(self.grades[i]?).checked_sub(1)?;
        if self.totals[i].is_nan() {
            return None;
        }
        let grade = &self.plan.grades.grades[better];
        let goal = self.judge.goal(better, i, &self.totals);
        let missed = goal.missed(|node| self.nodes[node][i]);
        let vetoes: Vec<String> = self.judge.vetoes(i).iter().map(|veto| veto.code.clone()).collect();
        Some(NextGrade {
            grade: grade.code.clone(),
            at_least: grade.at_least,
            gap: goal.gap(self.totals[i]),
            within_rank: goal.within_rank,
            quota_gap: goal.quota_gap(self.totals[i]),
            below: missed.into_iter().map(|place| grade.conditions[place].node.clone()).collect(),
            lifts: if vetoes.is_empty() { self.lifts(i, &goal) } else { Vec::new() },
            vetoes,
        })
    }

    fn lifts(&self, i: usize, goal: &Goal<'_>) -> Vec<Lift> {
        if self.stage.nodes.iter().any(|node| compares_towns(&node.aggregation)) {
            return Vec::new();
        }
        let alone = self.alone(i);
        let leaves = self.stage.nodes.iter().filter_map(|node| Some((&node.code, node.leaf?)));
        let mut lifts: Vec<Lift> = leaves
            .filter_map(|(code, j)| {
                let to = self.least_score(&alone, j, goal)?;
                let from = self.stage.leaf(j)[i];
                let from = (!from.is_nan()).then_some(from);
                Some(Lift { leaf: code.clone(), from, to, figure: self.figure(code, j, i, to) })
            })
            .collect();
        let step = |lift: &Lift| lift.to - lift.from.unwrap_or(self.stage.scale[0]);
        lifts.sort_by(|a, b| step(a).total_cmp(&step(b)));
        lifts
    }

    /// The stage with this town alone.
    fn alone(&self, i: usize) -> Stage {
        let leaves = self.stage.matrix.len() / self.stage.towns;
        Stage {
            towns: 1,
            ids: [self.stage.ids[i].clone()].into(),
            assessed: vec![true],
            nodes: self.stage.nodes.clone(),
            matrix: (0..leaves).map(|j| self.stage.leaf(j)[i]).collect(),
            figures: Vec::new(),
            flags: Vec::new(),
            scale: self.stage.scale,
            notices: Vec::new(),
        }
    }

    /// Least score of leaf `j` that reaches the goal; `None` if none does.
    fn least_score(&self, alone: &Stage, j: usize, goal: &Goal<'_>) -> Option<f64> {
        let mut stage = alone.clone();
        let weights = stage.weights();
        let control = Control::default();
        let mut reaches = |score: f64| {
            stage.matrix[j] = score;
            let nodes = node_scores(&stage, &weights, &control);
            nodes.is_ok_and(|nodes| goal.is_reached(|node| nodes[node][0]))
        };
        let [bottom, top] = self.stage.scale;
        let now = alone.matrix[j];
        let (mut low, mut high) = (if now.is_nan() { bottom } else { now }, top);
        if low >= high || !reaches(high) {
            return None;
        }
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if reaches(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        // A step of the comparison grid more, so that rounding on another way to the total does not undo it.
        Some((high + (top - bottom) / GRID).min(top))
    }

    /// The figure of town `i` that gives a score of leaf `j`.
    fn figure(&self, code: &str, j: usize, i: usize, score: f64) -> Option<f64> {
        let leaf = find(&self.plan.tree.root, code)?.leaf.as_ref()?;
        let [low, high] = self.stage.scale;
        let method = leaf.normalisation.as_ref().unwrap_or(&self.plan.steps.normalisation);
        if !self.moves_alone(code, leaf, j) {
            return None;
        }
        let unit = (score - low) / (high - low);
        let unit = match leaf.direction {
            Direction::Benefit => unit,
            Direction::Cost => 1.0 - unit,
            Direction::Interval { .. } => return None,
        };
        let (bottom, top) = match method {
            Normalisation::MinMax => self.range_without(j, i)?,
            Normalisation::Goalposts { low, high } => (*low, *high),
            Normalisation::None => (low, high),
            _ => return None,
        };
        Some(bottom + (top - bottom) * unit)
    }

    /// Whether another figure of the leaf changes nothing but its own score.
    fn moves_alone(&self, code: &str, leaf: &Leaf, j: usize) -> bool {
        let steps = &self.plan.steps;
        let column = leaf.column.as_deref().unwrap_or(code);
        let flags = &self.stage.flags[j * self.stage.towns..(j + 1) * self.stage.towns];
        leaf.transform.is_none()
            && leaf.change.is_none()
            && *leaf.treatment.as_ref().unwrap_or(&steps.treatment) == Treatment::None
            && (*leaf.imputation.as_ref().unwrap_or(&steps.imputation) == Imputation::None
                || !flags.contains(&CellFlag::Imputed))
            && self.reads.get(column) == Some(&1)
            && !self.weighs_by_data()
    }

    /// Whether the towns' figures decide weights.
    fn weighs_by_data(&self) -> bool {
        let by_data = |node: &Node| {
            node.leaf.is_none() && node.weights.as_ref().unwrap_or(&self.plan.steps.weights).needs_data()
        };
        any(&self.plan.tree.root, &by_data)
    }

    /// The range of a leaf's figures, if it stays the same without town `i`.
    fn range_without(&self, j: usize, i: usize) -> Option<(f64, f64)> {
        let figures = self.stage.leaf_figures(j);
        let mut others = figures.to_vec();
        others[i] = f64::NAN;
        range(figures).filter(|whole| range(&others) == Some(*whole))
    }
}

fn find<'a>(node: &'a Node, code: &str) -> Option<&'a Node> {
    if node.code == code {
        return Some(node);
    }
    node.children.iter().find_map(|child| find(child, code))
}

fn any(node: &Node, holds: &dyn Fn(&Node) -> bool) -> bool {
    holds(node) || node.children.iter().any(|child| any(child, holds))
}

/// Whether a town's score depends on the other towns' scores.
fn compares_towns(aggregation: &Aggregation) -> bool {
    match aggregation {
        Aggregation::Topsis
        | Aggregation::Vikor { .. }
        | Aggregation::Promethee { .. }
        | Aggregation::Copeland
        | Aggregation::Borda => true,
        Aggregation::Median { of } => of.iter().any(compares_towns),
        Aggregation::Arithmetic
        | Aggregation::Geometric { .. }
        | Aggregation::Harmonic { .. }
        | Aggregation::Power { .. }
        | Aggregation::Owa { .. }
        | Aggregation::Minimum
        | Aggregation::Waspas { .. } => false,
    }
}
