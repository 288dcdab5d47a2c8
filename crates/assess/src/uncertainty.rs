//! Uncertain inputs of a robustness or sensitivity run, each a typed distribution.

use serde::{Deserialize, Serialize};

use crate::plan::{Aggregation, MissingPolicy, Normalisation, Treatment, WeightMethod};

/// Most draws of a run.
pub const DRAW_LIMIT: u64 = 10_000_000;
/// Most model runs N(k+2) of a sensitivity analysis.
pub const RUN_LIMIT: u64 = 100_000_000;

/// What varies, how often it is drawn, and the seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// The uncertain inputs, at least one.
    pub inputs: Vec<UncertainInput>,
    /// Number of draws, 1 to 10⁷; base N (a power of two) for sensitivity.
    pub draws: u32,
    /// Seed of the counter-based generator.
    #[serde(default)]
    pub seed: u64,
    /// Ends the run early once P(selected) is known well enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopRule>,
    /// How much is worked out.
    #[serde(default)]
    pub detail: Detail,
}

/// How much a robustness run works out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Every rank of every town.
    #[default]
    All,
    /// The first places only, up to the number of places of the selection: several times faster with many
    /// towns. All ranks are worked out nevertheless where grades, vetoes, points or missing scores need them.
    First,
}

/// Stop when the Wilson 95 % half-width of P(selected) at the cut is small enough.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopRule {
    /// Largest half-width, such as 0.01.
    pub half_width: f64,
}

/// One uncertain input. `node` names a sibling group by its parent; absent: every group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum UncertainInput {
    /// Weights uniform on the simplex.
    WeightsUniform {
        /// Parent of the sibling group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<String>,
    },
    /// Weights Dirichlet about the nominal ones.
    WeightsDirichlet {
        /// Parent of the sibling group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<String>,
        /// Sum of the Dirichlet parameters, > 0; larger is tighter.
        concentration: f64,
    },
    /// Nominal weights times 1 ± δ uniformly, renormalised within the group.
    WeightsRelative {
        /// Parent of the sibling group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<String>,
        /// Relative half-width, 0 to 1.
        delta: f64,
    },
    /// Uniform weights with w₁ ≥ w₂ ≥ … in the order named.
    WeightsOrdinal {
        /// Parent of the sibling group.
        node: String,
        /// Child codes, most important first.
        order: Vec<String>,
    },
    /// Uniform weights within bounds.
    WeightsInterval {
        /// Parent of the sibling group.
        node: String,
        /// One `[low, high]` a child, in child order.
        bounds: Vec<[f64; 2]>,
    },
    /// Experts' weights drawn with replacement and averaged.
    WeightsBootstrap {
        /// Parent of the sibling group.
        node: String,
        /// One row an expert, one share a child.
        rows: Vec<Vec<f64>>,
    },
    /// AHP judgements of the plan times exp(sd·z), z standard normal.
    AhpNoise {
        /// Parent whose weights come from AHP.
        node: String,
        /// Standard deviation of the logarithm of a judgement, > 0.
        sd: f64,
    },
    /// Default normalisation, each option equally likely.
    Normalisation {
        /// The options.
        options: Vec<Normalisation>,
    },
    /// Weighting method of a group, each option equally likely.
    Weighting {
        /// Parent of the sibling group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<String>,
        /// The options.
        options: Vec<WeightMethod>,
    },
    /// Aggregation of a node, each option equally likely.
    Aggregation {
        /// The node; absent: every group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<String>,
        /// The options.
        options: Vec<Aggregation>,
    },
    /// Missing policy of every node, each option equally likely.
    Missing {
        /// The options.
        options: Vec<MissingPolicy>,
    },
    /// Default outlier treatment, each option equally likely.
    Treatment {
        /// The options.
        options: Vec<Treatment>,
    },
    /// One node (indicator or dimension) left out, or none, each equally likely.
    LeaveOut {
        /// Codes of the nodes.
        nodes: Vec<String>,
    },
    /// Measurement error of a column: x + sd·z, or x·(1 + sd·z) if relative.
    Measurement {
        /// Column of the table.
        column: String,
        /// Standard deviation in the column's unit, or as a share.
        sd: f64,
        /// Whether `sd` is a share of the figure.
        #[serde(default)]
        relative: bool,
    },
    /// Cells the plan imputes are drawn from the observed cells of their column.
    ImputationDraw {
        /// Column of the table.
        column: String,
    },
}
