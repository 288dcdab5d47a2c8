//! Why a town has its score: contributions that add up, and what would lift it.

mod lift;
mod share;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::aggregate;
use crate::control::Control;
use crate::decide::{Judge, item_points};
use crate::error::EvalError;
use crate::evaluate::{check, local_weight};
use crate::plan::{AdjustmentKind, Plan};
use crate::stage::{Choices, Stage, prepare};
use crate::table::{Table, TownId};

pub use lift::{Lift, NextGrade};

/// Why one town has its score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The town.
    pub town: TownId,
    /// Total score; `null` if not assessed.
    pub total: Option<f64>,
    /// Bottom of the scale: the total is this plus the contributions of the root's
    /// children plus `bonus` minus `deduction`, within floor and ceiling.
    pub base: f64,
    /// Every node below the root, parents before children.
    pub contributions: Vec<Contribution>,
    /// Bonus and deduction items that gave points, before the joint caps.
    pub adjustments: Vec<AdjustmentPoints>,
    /// Bonus after caps.
    pub bonus: f64,
    /// Deduction after caps.
    pub deduction: f64,
    /// What would lift the town to the next grade; `null` at the best grade, without
    /// grades or when not assessed.
    pub next: Option<NextGrade>,
}

/// What a node adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Code of the node.
    pub node: String,
    /// Code of its parent.
    pub parent: String,
    /// Score of the node.
    pub score: Option<f64>,
    /// Local weight.
    pub weight: f64,
    /// What it adds to its parent; siblings add up to the parent's score above the base.
    pub to_parent: Option<f64>,
    /// What it adds to the root; leaves add up to the root's score above the base.
    pub to_total: Option<f64>,
    /// How the parent's score was shared out.
    pub rule: ShareRule,
}

/// How a parent's score is shared out among its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareRule {
    /// The score is a sum and each child has its term.
    Term,
    /// The score grows in proportion with its children (Euler's theorem): each child has
    /// its value times the slope of the score along it.
    Slope,
    /// The score is no such function; it is shared in proportion to each child's weighted
    /// standing among the towns.
    Proportion,
}

/// Points of one bonus or deduction item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdjustmentPoints {
    /// Code of the item.
    pub code: String,
    /// Which way.
    pub kind: AdjustmentKind,
    /// Points after the item's own cap.
    pub points: f64,
}

/// Explains town after town from one preparation of the table.
pub struct Explainer<'a> {
    table: &'a Table,
    plan: &'a Plan,
    stage: Stage,
    nodes: Vec<Vec<f64>>,
    judge: Judge<'a>,
    totals: Vec<f64>,
    grades: Vec<Option<u8>>,
    /// How many places of the plan read each column.
    reads: HashMap<String, usize>,
}

impl<'a> Explainer<'a> {
    /// Evaluates once.
    ///
    /// # Errors
    /// As [`crate::evaluate`].
    pub fn new(table: &'a Table, plan: &'a Plan) -> Result<Explainer<'a>, EvalError> {
        Explainer::with_control(table, plan, &Control::default())
    }

    /// As [`Explainer::new`], to be cancelled from outside.
    ///
    /// # Errors
    /// As [`Explainer::new`]; [`EvalError::Cancelled`].
    pub fn with_control(
        table: &'a Table,
        plan: &'a Plan,
        control: &Control,
    ) -> Result<Explainer<'a>, EvalError> {
        check(table, plan)?;
        let stage = prepare(table, plan, &Choices::default(), control)?;
        let nodes = aggregate::node_scores(&stage, &stage.weights(), control)?;
        let judge = Judge::new(table, plan, &stage);
        let totals = judge.totals(&nodes);
        let grades = judge.grades(&nodes, &totals);
        let reads = plan.reads(&table.schema());
        Ok(Explainer { table, plan, stage, nodes, judge, totals, grades, reads })
    }

    /// The explanation of one town; `None` if the table has no such town.
    pub fn town(&self, town: &str) -> Option<Explanation> {
        let i = self.table.towns().iter().position(|t| t.0 == town)?;
        Some(self.row(i))
    }

    /// The explanation of the town in row `i` of the table.
    fn row(&self, i: usize) -> Explanation {
        Explanation {
            town: self.table.towns()[i].clone(),
            total: finite(self.totals[i]),
            base: self.stage.scale[0],
            contributions: self.contributions(i),
            adjustments: self.adjustments(i),
            bonus: self.judge.bonus()[i],
            deduction: self.judge.deduction()[i],
            next: self.next_grade(i),
        }
    }

    fn contributions(&self, i: usize) -> Vec<Contribution> {
        let base = self.stage.scale[0];
        let root = self.stage.nodes.len() - 1;
        let width = self.stage.scale[1] - base;
        let above = |at: usize| {
            let points = self.nodes[at][i] - base;
            if points.abs() <= 1e-9 * width { 0.0 } else { points }
        };
        let mut to_total = vec![f64::NAN; self.stage.nodes.len()];
        to_total[root] = above(root);
        // What a point of a node adds to the root; siblings share by weight what has no points behind it.
        let mut rates = vec![1.0; self.stage.nodes.len()];
        let mut found = Vec::new();
        let mut open = vec![root];
        while let Some(at) = open.pop() {
            let node = &self.stage.nodes[at];
            let (shares, rule) = self.shares(at, i);
            let weights = self.present_weights(at, &shares);
            let bare = if above(at) == 0.0 { to_total[at] } else { 0.0 };
            for ((child, share), weight) in node.children.iter().zip(&shares).zip(weights) {
                to_total[*child] = rates[at] * share + bare * weight;
                let points = above(*child);
                rates[*child] = rates[at] * if points == 0.0 { weight } else { share / points };
                found.push(Contribution {
                    node: self.stage.nodes[*child].code.clone(),
                    parent: node.code.clone(),
                    score: finite(self.nodes[*child][i]),
                    weight: local_weight(&self.stage, *child),
                    to_parent: finite(*share),
                    to_total: finite(to_total[*child]),
                    rule,
                });
            }
            open.extend(node.children.iter().rev());
        }
        found
    }

    /// Weights of the children that take part, summing to 1.
    fn present_weights(&self, at: usize, shares: &[f64]) -> Vec<f64> {
        let children = self.stage.nodes[at].children.iter().zip(shares);
        let weight = |(child, share): (&usize, &f64)| {
            if share.is_nan() { 0.0 } else { local_weight(&self.stage, *child) }
        };
        let weights: Vec<f64> = children.map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let present = shares.iter().filter(|share| !share.is_nan()).count() as f64;
        let part = |weight: f64| if sum > 0.0 { weight / sum } else { 1.0 / present };
        weights.into_iter().map(part).collect()
    }

    fn adjustments(&self, i: usize) -> Vec<AdjustmentPoints> {
        let items = self.plan.adjustments.items.iter();
        items
            .map(|item| AdjustmentPoints {
                code: item.code.clone(),
                kind: item.kind,
                points: item_points(self.table, item, i),
            })
            .filter(|item| item.points > 0.0)
            .collect()
    }
}

fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// Explains one town: contributions that add up, and what would lift it.
///
/// # Errors
/// As [`crate::evaluate`]; [`EvalError::Table`] if the table has no such town.
pub fn explain(table: &Table, plan: &Plan, town: &str) -> Result<Explanation, EvalError> {
    let explainer = Explainer::new(table, plan)?;
    let found = explainer.town(town);
    found.ok_or_else(|| EvalError::table("unknown_town", town, "数据表没有这个城镇，请核对"))
}
