//! The stages between a table and node scores, callable again with other choices:
//! figures → normalised leaf matrix → weights → scores of every node.

mod prepare;
mod screen;
mod weighing;

use std::sync::Arc;

use crate::error::Notice;
use crate::plan::{Aggregation, MissingPolicy, Normalisation, Treatment, WeightMethod};
use crate::table::{CellFlag, TownId};
use crate::weights::Weights;

pub(crate) use prepare::prepare;

/// What a draw chooses instead of what the plan says. The default changes nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Choices {
    /// Default normalisation.
    pub(crate) normalisation: Option<Normalisation>,
    /// Default treatment.
    pub(crate) treatment: Option<Treatment>,
    /// Missing policy of every node.
    pub(crate) missing: Option<MissingPolicy>,
    /// Weighting of the group under a node (`None`: every group).
    pub(crate) weighting: Vec<(Option<String>, WeightMethod)>,
    /// Aggregation of a node (`None`: every group).
    pub(crate) aggregation: Vec<(Option<String>, Aggregation)>,
    /// Nodes left out; siblings share their weight in proportion.
    pub(crate) without: Vec<String>,
}

/// A node of the tree in a flat list, children before parents, the root last.
#[derive(Debug, Clone)]
pub(crate) struct FlatNode {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) parent: Option<usize>,
    /// Positions of the children in the list; empty for a leaf.
    pub(crate) children: Vec<usize>,
    /// Positions of the children among the plan's children of this node.
    pub(crate) kept: Vec<usize>,
    /// Column of the normalised matrix, for a leaf.
    pub(crate) leaf: Option<usize>,
    pub(crate) aggregation: Aggregation,
    pub(crate) missing: MissingPolicy,
    /// Weights of the children, summing to 1; `None` for a leaf.
    pub(crate) weighting: Option<Weights>,
    /// A smaller figure is better and the normalisation kept its sign (vector, sum).
    pub(crate) cost: bool,
}

/// Everything before aggregation: robustness runs re-use it per draw of choices.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// Number of towns m.
    pub(crate) towns: usize,
    /// Identifiers of the towns.
    pub(crate) ids: Arc<[TownId]>,
    /// Towns that passed the screen.
    pub(crate) assessed: Vec<bool>,
    /// Children before parents; the root is last.
    pub(crate) nodes: Vec<FlatNode>,
    /// Normalised leaf scores, column-major m × n, NaN where missing.
    pub(crate) matrix: Vec<f64>,
    /// Figures after denominating, imputing, treating; column-major, NaN where missing.
    pub(crate) figures: Vec<f64>,
    /// Flags of the figures.
    pub(crate) flags: Vec<CellFlag>,
    /// Bottom and top of the scale.
    pub(crate) scale: [f64; 2],
    pub(crate) notices: Vec<Notice>,
}

impl Stage {
    /// Normalised scores of leaf column `j`.
    pub(crate) fn leaf(&self, j: usize) -> &[f64] {
        &self.matrix[j * self.towns..(j + 1) * self.towns]
    }

    /// Figures of leaf column `j`.
    pub(crate) fn leaf_figures(&self, j: usize) -> &[f64] {
        &self.figures[j * self.towns..(j + 1) * self.towns]
    }

    /// Local weights of the children, by node; empty for a leaf.
    pub(crate) fn weights(&self) -> Vec<Vec<f64>> {
        self.nodes
            .iter()
            .map(|node| node.weighting.as_ref().map_or(Vec::new(), |w| w.values.clone()))
            .collect()
    }

    /// Position of a node by its code.
    pub(crate) fn position(&self, code: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.code == code)
    }
}
