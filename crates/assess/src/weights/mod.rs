//! Weights of a sibling group and the diagnostics behind them.

mod ahp;
mod combine;
mod objective;
mod public;
mod repair;
mod weigh;

use serde::{Deserialize, Serialize};

pub use public::{GroupWeights, PlanWeights, plan_weights, plan_weights_with, weights};
pub(crate) use weigh::{Group, weigh, weigh_unchecked};

/// Weights of a sibling group, summing to 1, and how they came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Method, in the plan's words.
    pub method: String,
    /// One weight a child, summing to 1.
    pub values: Vec<f64>,
    /// What the method found on the way.
    pub diagnostics: Diagnostics,
}

/// What a weighting method found on the way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Diagnostics {
    /// Nothing beside the weights.
    #[default]
    None,
    /// Dispersion of experts' shares.
    Experts {
        /// Standard deviation (n − 1) a child.
        deviations: Vec<f64>,
        /// Sum of the trimmed means before it was brought to 1.
        sum: f64,
    },
    /// Consistency of judgements.
    Ahp(Box<AhpDiagnostics>),
    /// Entropy of each column.
    Entropy {
        /// e_j, 0 to 1.
        entropies: Vec<f64>,
    },
    /// Contrast and conflict of each column.
    Critic {
        /// Standard deviations σ_j.
        deviations: Vec<f64>,
        /// Σ_k (1 − r_jk).
        conflicts: Vec<f64>,
        /// Correlations r_jk, row after row; `null` where a column is constant.
        correlations: Vec<Vec<Option<f64>>>,
    },
    /// Effect of removing each column.
    Merec {
        /// E_j, ≥ 0.
        effects: Vec<f64>,
    },
    /// Standard deviation of each column.
    StandardDeviation {
        /// σ_j.
        deviations: Vec<f64>,
    },
    /// Parts of a combination.
    Combined {
        /// The parts.
        parts: Vec<Weights>,
        /// Shares of the parts (linear and game).
        shares: Vec<f64>,
    },
}

/// Consistency of AHP judgements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AhpDiagnostics {
    /// Joint matrix (AIJ) or each expert's, with its consistency.
    pub matrices: Vec<Consistency>,
    /// Whether the result may be used (every CR ≤ 0.1, or overridden).
    pub usable: bool,
    /// Why a person uses it anyway.
    pub override_reason: Option<String>,
}

/// Consistency of one matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Consistency {
    /// Expert, or `group`.
    pub expert: String,
    /// Priorities of this matrix.
    pub priorities: Vec<f64>,
    /// Principal eigenvalue λ ≥ n.
    pub lambda: f64,
    /// Consistency index (λ − n)/(n − 1).
    pub index: f64,
    /// Consistency ratio; 0 for n ≤ 2.
    pub ratio: f64,
    /// Random-index table used.
    pub random_index: String,
    /// Geometric consistency index (Aguarón & Moreno-Jiménez 2003).
    pub geometric_index: f64,
    /// Threshold of the geometric index for this n.
    pub geometric_threshold: f64,
    /// The three most inconsistent triples.
    pub triples: Vec<Triple>,
    /// Repair of least change; `null` if CR is at most 0.1 or the matrix is above 16 × 16.
    pub repair: Option<Repair>,
}

/// Three judgements that contradict each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Triple {
    /// Positions i < j < k of the children.
    pub children: [usize; 3],
    /// |ln(a_ij·a_jk / a_ik)|; 0 is consistent.
    pub error: f64,
}

/// The revision with the least change that brings CR to 0.1: of one judgement if one
/// suffices, else of all, each by the same share of the way to the priorities' ratio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// Judgements to revise.
    pub revisions: Vec<Revision>,
    /// Consistency ratio after the revision.
    pub ratio: f64,
}

/// A judgement and what it would become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Row of the judgement.
    pub row: usize,
    /// Column of the judgement.
    pub column: usize,
    /// Judgement given.
    pub from: f64,
    /// Judgement proposed.
    pub to: f64,
}
