//! What an evaluation hands back: scores at every node, ranks, grades, selection, and
//! everything an auditor needs to follow them. Missing values are `null`, never NaN.

use serde::{Deserialize, Serialize};

use crate::error::Notice;
use crate::plan::{Plan, TieMethod};
use crate::table::TownId;
use crate::weights::Weights;

/// Result of [`crate::evaluate`]. Vectors over towns keep the table's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Version of the engine.
    pub engine: String,
    /// The plan as it was used.
    pub plan: Plan,
    /// SHA-256 of the canonical table and plan, hexadecimal.
    pub input_digest: String,
    /// SHA-256 of the canonical result without this field, hexadecimal.
    pub output_digest: String,
    /// Towns in the table's order.
    pub towns: Vec<TownId>,
    /// Nodes, parents before children; the first is the root.
    pub nodes: Vec<NodeResult>,
    /// Leaves with the figures behind their scores.
    pub leaves: Vec<LeafResult>,
    /// Bonus points after caps, one a town.
    pub bonus: Vec<f64>,
    /// Deducted points after caps, one a town.
    pub deduction: Vec<f64>,
    /// Total score: root score with adjustments; `null` if not assessed.
    pub totals: Vec<Option<f64>>,
    /// Rank of the total, 1 is best.
    pub ranks: Vec<Option<f64>>,
    /// How ties were ranked.
    pub ties: TieMethod,
    /// Groups of towns with equal totals.
    pub tied: Vec<Vec<TownId>>,
    /// Grade of each town with its reason.
    pub grades: Vec<GradeResult>,
    /// Selection, if the plan has one.
    pub selection: Option<Selection>,
    /// What the reader must know.
    pub notices: Vec<Notice>,
}

/// Scores of one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeResult {
    /// Code of the node.
    pub code: String,
    /// Name of the node.
    pub name: String,
    /// Code of the parent; `null` for the root.
    pub parent: Option<String>,
    /// Local weight among siblings.
    pub weight: f64,
    /// Product of local weights down the path; only in a tree of arithmetic means.
    pub global_weight: Option<f64>,
    /// Score on the plan's scale.
    pub scores: Vec<Option<f64>>,
    /// Rank of the score, 1 is best.
    pub ranks: Vec<Option<f64>>,
    /// Share of the children's weight that is present, 0 to 1.
    pub coverage: Vec<f64>,
    /// How the children's weights came about; `null` for a leaf.
    pub weighting: Option<Weights>,
}

/// Figures behind one leaf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeafResult {
    /// Code of the leaf.
    pub code: String,
    /// Figure after denominating, imputing and treating.
    pub figures: Vec<Option<f64>>,
    /// Where each figure comes from.
    pub flags: Vec<crate::table::CellFlag>,
}

/// Grade of one town.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradeResult {
    /// Code of the grade; `null` if the town is not assessed or there are no grades.
    pub grade: Option<String>,
    /// Score compared with the cut-offs, as a decimal.
    pub score: Option<rust_decimal::Decimal>,
    /// Vetoes that fell.
    pub vetoes: Vec<String>,
    /// Whether a tie at a quota's edge is left to a person.
    pub undecided: bool,
    /// Chinese sentence: why this grade.
    pub reason: String,
}

/// Result of the selection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// Places offered.
    pub count: usize,
    /// Outcome of each town, in the table's order.
    pub towns: Vec<SelectionResult>,
    /// Places left to a person because of ties.
    pub open_places: usize,
    /// Total of the last town selected.
    pub cut: Option<f64>,
}

/// Selection outcome of one town.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectionResult {
    /// The outcome.
    pub outcome: Outcome,
    /// Chinese sentence: why.
    pub reason: String,
}

/// Whether a town is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Selected.
    Selected,
    /// Not selected.
    NotSelected,
    /// Tied at the cut; a person decides.
    Tied,
    /// Below a floor, vetoed, not assessed or of a grade that may not be selected.
    NotEligible,
}
