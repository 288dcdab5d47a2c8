//! What would lift a town to the next grade: the gap, and for each leaf the score (and
//! figure, where it follows) that would close it alone.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Explainer;
use crate::aggregate::node_scores;
use crate::control::Control;
use crate::plan::{Aggregation, Direction, Node, Normalisation};
use crate::rank::grid;
use crate::stage::Stage;
use crate::statistics::range;

/// The next better grade and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextGrade {
    /// Code of the next better grade.
    pub grade: String,
    /// Least total it asks, if it has a cut-off.
    pub at_least: Option<Decimal>,
    /// Points missing to the cut-off; 0 when the score is reached and something else
    /// (a veto, a quota, a condition) is in the way.
    pub gap: f64,
    /// Rank needed to be within the quota, if the grade has one.
    pub within_rank: Option<usize>,
    /// Leaves that would close the gap alone, the smallest step first. Empty when the gap
    /// is 0, and in trees that compare towns with each other.
    pub lifts: Vec<Lift>,
}

/// One leaf that would close the gap alone, other scores unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lift {
    /// Code of the leaf.
    pub leaf: String,
    /// Score now; `null` if missing.
    pub from: Option<f64>,
    /// Least score that closes the gap.
    pub to: f64,
    /// Figure that gives this score within today's range of figures, where the
    /// normalisation is a straight line.
    pub figure: Option<f64>,
}

/// Halvings of a score's step.
const HALVINGS: usize = 60;

impl Explainer<'_> {
    pub(super) fn next_grade(&self, i: usize) -> Option<NextGrade> {
        let now = usize::from(self.grades[i]?);
        let better = now.checked_sub(1)?;
        if self.totals[i].is_nan() {
            return None;
        }
        let grade = &self.plan.grades.grades[better];
        let target = grade.at_least.and_then(|cut| cut.to_string().parse::<f64>().ok());
        let gap = target.map_or(0.0, |target| (target - self.totals[i]).max(0.0));
        let assessed = self.totals.iter().filter(|t| !t.is_nan()).count();
        let within_rank = grade.best_share.and_then(|share| {
            use rust_decimal::prelude::ToPrimitive;
            (share * Decimal::from(assessed)).floor().to_usize()
        });
        let lifts = match target {
            Some(target) if gap > 0.0 => self.lifts(i, target),
            _ => Vec::new(),
        };
        Some(NextGrade { grade: grade.code.clone(), at_least: grade.at_least, gap, within_rank, lifts })
    }

    fn lifts(&self, i: usize, target: f64) -> Vec<Lift> {
        if self.stage.nodes.iter().any(|node| compares_towns(&node.aggregation)) {
            return Vec::new();
        }
        let alone = self.alone(i);
        let mut lifts: Vec<Lift> = self
            .stage
            .nodes
            .iter()
            .filter_map(|node| {
                let j = node.leaf?;
                let to = self.least_score(&alone, i, j, target)?;
                let from = self.stage.leaf(j)[i];
                Some(Lift {
                    leaf: node.code.clone(),
                    from: (!from.is_nan()).then_some(from),
                    to,
                    figure: self.figure(&node.code, j, to),
                })
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

    /// Least score of leaf `j` that brings the total to the target; `None` if none does.
    fn least_score(&self, alone: &Stage, i: usize, j: usize, target: f64) -> Option<f64> {
        let mut stage = alone.clone();
        let weights = stage.weights();
        let scale = self.stage.scale;
        let control = Control::default();
        let mut reaches = |score: f64| {
            stage.matrix[j] = score;
            let Ok(nodes) = node_scores(&stage, &weights, &control) else {
                return false;
            };
            let root = nodes[nodes.len() - 1][0];
            let total = root + self.judge.bonus()[i] - self.judge.deduction()[i];
            let ceiling = self.plan.adjustments.ceiling.unwrap_or(f64::INFINITY);
            !total.is_nan() && grid(total.min(ceiling), scale) >= grid(target, scale)
        };
        let now = alone.matrix[j];
        let (mut low, mut high) = (if now.is_nan() { scale[0] } else { now }, scale[1]);
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
        Some(high)
    }

    fn figure(&self, code: &str, j: usize, score: f64) -> Option<f64> {
        let node = find(&self.plan.tree.root, code)?;
        let leaf = node.leaf.as_ref()?;
        let [low, high] = self.stage.scale;
        let method = leaf.normalisation.as_ref().unwrap_or(&self.plan.steps.normalisation);
        if leaf.transform.is_some() {
            return None;
        }
        let unit = (score - low) / (high - low);
        let unit = match leaf.direction {
            Direction::Benefit => unit,
            Direction::Cost => 1.0 - unit,
            Direction::Interval { .. } => return None,
        };
        let (bottom, top) = match method {
            Normalisation::MinMax => range(self.stage.leaf_figures(j))?,
            Normalisation::Goalposts { low, high } => (*low, *high),
            Normalisation::None => (low, high),
            _ => return None,
        };
        Some(bottom + (top - bottom) * unit)
    }
}

fn find<'a>(node: &'a Node, code: &str) -> Option<&'a Node> {
    if node.code == code {
        return Some(node);
    }
    node.children.iter().find_map(|child| find(child, code))
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
