//! Checks of what a run may choose instead of what the plan says.

use super::{Checker, Schema};
use crate::error::Finding;
use crate::plan::{Node, Plan};
use crate::uncertainty::UncertainInput;

impl Plan {
    /// Findings against the options of an uncertain input, as if each stood in the plan.
    pub(crate) fn check_options(&self, schema: &Schema, input: &UncertainInput, place: &str) -> Vec<Finding> {
        let mut checker = Checker::new(schema, &self.steps);
        match input {
            UncertainInput::Normalisation { options } => {
                options.iter().for_each(|option| checker.normalisation(option, place));
            }
            UncertainInput::Treatment { options } => {
                options.iter().for_each(|option| checker.treatment(option, place));
            }
            UncertainInput::Weighting { node, options } => {
                for group in groups(&self.tree.root, node.as_deref()) {
                    let given: Vec<Option<f64>> = group.children.iter().map(|child| child.weight).collect();
                    options.iter().for_each(|option| checker.weight_method(option, &given, place, 0));
                }
            }
            UncertainInput::Aggregation { node, options } => {
                for group in groups(&self.tree.root, node.as_deref()) {
                    let children = group.children.len();
                    options.iter().for_each(|option| checker.aggregation(option, children, place));
                }
            }
            UncertainInput::WeightsUniform { .. }
            | UncertainInput::WeightsDirichlet { .. }
            | UncertainInput::WeightsRelative { .. }
            | UncertainInput::WeightsOrdinal { .. }
            | UncertainInput::WeightsInterval { .. }
            | UncertainInput::WeightsBootstrap { .. }
            | UncertainInput::AhpNoise { .. }
            | UncertainInput::Missing { .. }
            | UncertainInput::LeaveOut { .. }
            | UncertainInput::Measurement { .. }
            | UncertainInput::ImputationDraw { .. } => {}
        }
        checker.findings
    }
}

/// The group of this code, or every group.
fn groups<'a>(node: &'a Node, code: Option<&str>) -> Vec<&'a Node> {
    let below = node.children.iter().flat_map(|child| groups(child, code));
    let own = node.leaf.is_none() && code.is_none_or(|code| node.code == code);
    own.then_some(node).into_iter().chain(below).collect()
}
