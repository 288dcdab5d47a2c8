//! Which uncertain input moves the ranking: Sobol indices by Saltelli (2010) and
//! Jansen (1999) estimators with bootstrap intervals.

pub(crate) mod estimate;
pub(crate) mod points;

use serde::{Deserialize, Serialize};

use crate::control::Control;
use crate::error::{EvalError, Notice};
use crate::plan::Plan;
use crate::table::Table;
use crate::uncertainty::{UncertainInput, Uncertainty};

/// What the indices explain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// Mean rank shift R_S of all towns.
    RankShift,
    /// Rank of one town.
    Rank(String),
}

/// Sobol indices of every uncertain input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sobol {
    /// Version of the engine.
    pub engine: String,
    /// SHA-256 of the canonical table, plan, uncertainty and target, hexadecimal.
    pub input_digest: String,
    /// What the indices explain.
    pub target: Target,
    /// Base sample N.
    pub base: u32,
    /// Model runs N(k+2).
    pub runs: u64,
    /// Seed used.
    pub seed: u64,
    /// Variance of the output.
    pub variance: f64,
    /// One entry an input, in order.
    pub inputs: Vec<SobolIndex>,
    /// What was not varied, in words.
    pub fixed: Vec<String>,
    /// What the reader must know.
    pub notices: Vec<Notice>,
}

/// Indices of one input. `null` when the output does not vary.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SobolIndex {
    /// Name of the input.
    pub name: String,
    /// First-order index S; negative estimates are shown.
    pub first: Option<f64>,
    /// Bootstrap percentile 95 % interval of S.
    pub first_interval: Option<[f64; 2]>,
    /// Total index S_T.
    pub total: Option<f64>,
    /// Bootstrap percentile 95 % interval of S_T.
    pub total_interval: Option<[f64; 2]>,
    /// Whether both intervals are at most 0.1 wide.
    pub converged: bool,
}

// `pub fn sensitivity(table: &Table, plan: &Plan, uncertainty: &Uncertainty, target: Target,
//      control: &Control) -> Result<Sobol, EvalError>` stands here.
