//! Builds a [`Stage`]: leaves left in, figures, normalised matrix, weights bottom-up.

use std::collections::HashSet;

use super::screen::{Candidate, screen};
use super::weighing::weigh_all;
use super::{Choices, FlatNode, Stage};
use crate::aggregate;
use crate::control::Control;
use crate::error::{EvalError, Notice};
use crate::figures::{self, Context, Figures};
use crate::normalise::Normaliser;
use crate::plan::{Aggregation, Leaf, Node, Plan};
use crate::table::{CELL_LIMIT, Table};

/// Everything before aggregation. The plan must have been checked against the table. The control is asked before
/// each column of each step.
///
/// # Errors
/// [`EvalError::Limit`] for too many cells, [`EvalError::Table`] without towns,
/// [`EvalError::Plan`] when nothing is left to assess, [`EvalError::Value`] when a
/// method cannot take a figure, [`EvalError::Cancelled`].
pub(crate) fn prepare(
    table: &Table,
    plan: &Plan,
    choices: &Choices,
    control: &Control,
) -> Result<Stage, EvalError> {
    if table.towns().is_empty() {
        return Err(EvalError::table("no_towns", "towns", "数据表没有城镇，请补充"));
    }
    let leaves = count_leaves(&plan.tree.root);
    EvalError::limit("cells", (table.towns().len() as u64).saturating_mul(leaves), CELL_LIMIT)?;
    let mut notices = Vec::new();
    let without: HashSet<&str> = choices.without.iter().map(String::as_str).collect();
    let mut candidates = Vec::new();
    let mut collector = Collector { table, without: &without, control, found: &mut candidates };
    collector.collect(&plan.tree.root, 1.0, &mut notices)?;
    let rule = plan.steps.screen.as_ref();
    let (kept, assessed) = screen(rule, table.towns(), &candidates, &mut notices);
    let mut leaves: Vec<Candidate<'_>> =
        candidates.into_iter().zip(kept).filter_map(|(candidate, kept)| kept.then_some(candidate)).collect();
    if leaves.is_empty() {
        return Err(EvalError::plan("nothing_left", "tree", "没有可用的指标，请检查数据覆盖率"));
    }
    let context = Context {
        table,
        steps: &plan.steps,
        treatment: choices.treatment.as_ref().unwrap_or(&plan.steps.treatment),
        assessed: &assessed,
    };
    for candidate in &mut leaves {
        control.check()?;
        let leaf = leaf_of(candidate.node);
        context.complete(candidate.node, leaf, &mut candidate.figures, &mut notices)?;
    }
    let mut stage = Stage {
        towns: table.towns().len(),
        ids: table.shared_towns(),
        assessed,
        nodes: Vec::new(),
        matrix: Vec::with_capacity(table.towns().len() * leaves.len()),
        figures: Vec::with_capacity(table.towns().len() * leaves.len()),
        flags: Vec::with_capacity(table.towns().len() * leaves.len()),
        scale: plan.steps.scale,
        notices,
    };
    let costs = normalise(table, plan, choices, control, &mut leaves, &mut stage)?;
    let flattener = Flattener { choices, leaves: &leaves, costs: &costs };
    flattener.flatten(&plan.tree.root, &mut stage.nodes);
    check_costs(&stage)?;
    weigh_all(plan, choices, control, &mut stage)?;
    Ok(stage)
}

fn count_leaves(node: &Node) -> u64 {
    u64::from(node.leaf.is_some()) + node.children.iter().map(count_leaves).sum::<u64>()
}

/// Gathers the leaves that are not left out.
struct Collector<'a, 'b> {
    table: &'b Table,
    without: &'b HashSet<&'b str>,
    control: &'b Control,
    found: &'b mut Vec<Candidate<'a>>,
}

impl<'a> Collector<'a, '_> {
    /// Leaves of the subtree with their share of the given weights.
    fn collect(&mut self, node: &'a Node, share: f64, notices: &mut Vec<Notice>) -> Result<(), EvalError> {
        if self.without.contains(node.code.as_str()) {
            return Ok(());
        }
        if let Some(leaf) = &node.leaf {
            self.control.check()?;
            let figures = figures::read(self.table, node, leaf, notices);
            self.found.push(Candidate { node, share, figures });
            return Ok(());
        }
        let sum: f64 = node.children.iter().map(|c| c.weight.unwrap_or(0.0)).sum();
        for child in &node.children {
            let part =
                if sum > 0.0 { child.weight.unwrap_or(0.0) / sum } else { 1.0 / node.children.len() as f64 };
            self.collect(child, share * part, notices)?;
        }
        Ok(())
    }
}

fn leaf_of(node: &Node) -> &Leaf {
    node.leaf.as_ref().expect("candidates are leaves")
}

/// Fills the matrix and figures of the stage; says which leaves kept a cost's sign.
fn normalise(
    table: &Table,
    plan: &Plan,
    choices: &Choices,
    control: &Control,
    leaves: &mut [Candidate<'_>],
    stage: &mut Stage,
) -> Result<Vec<bool>, EvalError> {
    let default = choices.normalisation.as_ref().unwrap_or(&plan.steps.normalisation);
    let mut costs = Vec::with_capacity(leaves.len());
    for candidate in leaves {
        control.check()?;
        let leaf = leaf_of(candidate.node);
        let Figures { values, flags } = &mut candidate.figures;
        let normaliser = Normaliser {
            table,
            node: candidate.node,
            leaf,
            method: leaf.normalisation.as_ref().unwrap_or(default),
            scale: plan.steps.scale,
        };
        let mut scores = normaliser.scores(values, flags, &mut stage.notices)?;
        for (score, in_it) in scores.values.iter_mut().zip(&stage.assessed) {
            if !in_it {
                *score = f64::NAN;
            }
        }
        stage.matrix.extend_from_slice(&scores.values);
        stage.figures.extend_from_slice(values);
        stage.flags.extend_from_slice(flags);
        costs.push(scores.cost);
    }
    Ok(costs)
}

struct Flattener<'a> {
    choices: &'a Choices,
    leaves: &'a [Candidate<'a>],
    costs: &'a [bool],
}

impl Flattener<'_> {
    /// Adds the subtree, children first; its position, or `None` if nothing is left of it.
    fn flatten(&self, node: &Node, nodes: &mut Vec<FlatNode>) -> Option<usize> {
        let leaf = match &node.leaf {
            Some(_) => Some(self.leaves.iter().position(|c| c.node.code == node.code)?),
            None => None,
        };
        let mut children = Vec::new();
        let mut kept = Vec::new();
        for (k, child) in node.children.iter().enumerate() {
            if let Some(at) = self.flatten(child, nodes) {
                children.push(at);
                kept.push(k);
            }
        }
        if leaf.is_none() && children.is_empty() {
            return None;
        }
        let at = nodes.len();
        for child in &children {
            nodes[*child].parent = Some(at);
        }
        nodes.push(FlatNode {
            code: node.code.clone(),
            name: node.name.clone(),
            parent: None,
            children,
            kept,
            leaf,
            aggregation: self.aggregation(node),
            missing: self.choices.missing.unwrap_or(node.missing),
            weighting: None,
            cost: leaf.is_some_and(|j| self.costs[j]),
        });
        Some(at)
    }

    fn aggregation(&self, node: &Node) -> Aggregation {
        let chosen = self.choices.aggregation.iter().rev();
        let chosen = chosen.filter(|(code, _)| code.as_ref().is_none_or(|c| *c == node.code));
        chosen.map(|(_, a)| a).next().unwrap_or(&node.aggregation).clone()
    }
}

/// Only methods with ideals can take a cost that kept its sign.
fn check_costs(stage: &Stage) -> Result<(), EvalError> {
    for node in &stage.nodes {
        let cost = node.children.iter().find(|child| stage.nodes[**child].cost);
        if let Some(child) = cost
            && !aggregate::takes_costs(&node.aggregation)
        {
            let message = "逆向指标按向量法或比重法标准化后，只能用于 TOPSIS 等方法，请改用极差法";
            return Err(EvalError::plan("cost_needs_ideal", &stage.nodes[*child].code, message));
        }
    }
    Ok(())
}
