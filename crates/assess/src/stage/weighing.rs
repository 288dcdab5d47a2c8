//! Weighs every sibling group of a stage, bottom-up, with the data its method needs.

use std::collections::HashMap;

use super::{Choices, Stage};
use crate::aggregate;
use crate::control::Control;
use crate::error::{EvalError, Notice};
use crate::plan::{Direction, Node, Normalisation, Plan, WeightMethod};
use crate::weights::{Group, Weights, weigh};

/// Gives every group of the stage its weights.
pub(super) fn weigh_all(
    plan: &Plan,
    choices: &Choices,
    control: &Control,
    stage: &mut Stage,
) -> Result<(), EvalError> {
    let mut by_code = HashMap::new();
    index(&plan.tree.root, &mut by_code);
    let weigher = Weigher { plan, choices, control, by_code };
    let mut scores: Vec<Option<Vec<f64>>> = vec![None; stage.nodes.len()];
    for at in 0..stage.nodes.len() {
        if stage.nodes[at].leaf.is_some() {
            continue;
        }
        let (weights, notices) = weigher.weigh_one(stage, at, &mut scores)?;
        stage.nodes[at].weighting = Some(weights);
        stage.notices.extend(notices);
    }
    Ok(())
}

fn index<'a>(node: &'a Node, by_code: &mut HashMap<&'a str, &'a Node>) {
    by_code.insert(&node.code, node);
    for child in &node.children {
        index(child, by_code);
    }
}

struct Weigher<'a> {
    plan: &'a Plan,
    choices: &'a Choices,
    control: &'a Control,
    by_code: HashMap<&'a str, &'a Node>,
}

impl Weigher<'_> {
    fn weigh_one(
        &self,
        stage: &Stage,
        at: usize,
        scores: &mut [Option<Vec<f64>>],
    ) -> Result<(Weights, Vec<Notice>), EvalError> {
        let flat = &stage.nodes[at];
        let node = self.by_code[flat.code.as_str()];
        let method = self.method(node);
        let needs_data = method.needs_data();
        if needs_data {
            for child in &flat.children {
                self.control.check()?;
                fill_score(stage, *child, scores)?;
            }
        }
        let mut columns = Vec::new();
        let mut directions = Vec::new();
        for child in flat.children.iter().filter(|_| needs_data) {
            let (column, direction) = self.column(stage, *child, scores);
            columns.push(column);
            directions.push(direction);
        }
        let group = Group {
            code: &flat.code,
            names: node.children.iter().map(|child| child.code.as_str()).collect(),
            given: node.children.iter().map(|child| child.weight).collect(),
            kept: &flat.kept,
            columns,
            directions,
            towns: &stage.ids,
            control: self.control,
        };
        weigh(method, &group)
    }

    fn method<'a>(&'a self, node: &'a Node) -> &'a WeightMethod {
        let chosen = self.choices.weighting.iter().rev();
        let mut chosen = chosen.filter(|(code, _)| code.as_ref().is_none_or(|c| *c == node.code));
        match chosen.next() {
            Some((_, method)) => method,
            None => node.weights.as_ref().unwrap_or(&self.plan.steps.weights),
        }
    }

    /// What a method that looks at data sees of a child.
    fn column<'a>(
        &self,
        stage: &'a Stage,
        child: usize,
        scores: &'a [Option<Vec<f64>>],
    ) -> (&'a [f64], Direction) {
        let flat = &stage.nodes[child];
        let Some(j) = flat.leaf else {
            let score = scores[child].as_deref().unwrap_or(&[]);
            return (score, Direction::Benefit);
        };
        let leaf = self.by_code[flat.code.as_str()].leaf.as_ref();
        let direction = leaf.map_or(Direction::Benefit, |leaf| leaf.direction);
        let chosen = self.choices.normalisation.as_ref();
        let default = chosen.unwrap_or(&self.plan.steps.normalisation);
        let method = leaf.and_then(|leaf| leaf.normalisation.as_ref()).unwrap_or(default);
        match method {
            Normalisation::Score { .. } | Normalisation::None => (stage.leaf(j), Direction::Benefit),
            _ => (stage.leaf_figures(j), direction),
        }
    }
}

/// Scores of an inner node from weights already found.
fn fill_score(stage: &Stage, at: usize, scores: &mut [Option<Vec<f64>>]) -> Result<(), EvalError> {
    let node = &stage.nodes[at];
    if node.leaf.is_some() || scores[at].is_some() {
        return Ok(());
    }
    for child in &node.children {
        fill_score(stage, *child, scores)?;
    }
    let columns: Vec<&[f64]> = node
        .children
        .iter()
        .map(|child| match stage.nodes[*child].leaf {
            Some(j) => stage.leaf(j),
            None => scores[*child].as_deref().expect("children are filled first"),
        })
        .collect();
    let weights = node.weighting.as_ref().expect("weights are found children first");
    scores[at] = Some(aggregate::node_score(stage, at, &weights.values, &columns)?);
    Ok(())
}
