//! How firm ranks, grades and the selection are under uncertain inputs (SMAA:
//! Lahdelma & Salminen 2001; uncertainty analysis: Saisana et al. 2005).

pub(crate) mod distribution;
pub(crate) mod draws;
pub(crate) mod inputs;
pub(crate) mod keyed;
pub(crate) mod layout;
pub(crate) mod noise;
pub(crate) mod scenario;
pub(crate) mod study;
pub(crate) mod tally;
pub(crate) mod tree;
pub(crate) mod verdict;
pub(crate) mod worker;

use serde::Serialize;

use crate::control::Control;
use crate::error::{EvalError, Notice};
use crate::plan::Plan;
use crate::table::{Table, TownId};
use crate::uncertainty::{UncertainInput, Uncertainty};

/// Result of a robustness run. Vectors over towns keep the table's order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Robustness {
    /// Version of the engine.
    pub engine: String,
    /// SHA-256 of the canonical table, plan and uncertainty, hexadecimal.
    pub input_digest: String,
    /// What was varied.
    pub varied: Vec<UncertainInput>,
    /// What was not varied, in words.
    pub fixed: Vec<String>,
    /// Seed used.
    pub seed: u64,
    /// Draws made.
    pub draws: u32,
    /// Draws that failed and are not in the counts.
    pub failed_draws: u32,
    /// Codes of the grades, best first, for [`TownRobustness::grades`].
    pub grades: Vec<String>,
    /// One entry a town.
    pub towns: Vec<TownRobustness>,
    /// Saisana's mean rank shift R_S against the reference ranking.
    pub rank_shift: f64,
    /// Towns whose grade or selection flips in more than 5 % of draws.
    pub unsteady: Vec<TownId>,
    /// What the reader must know.
    pub notices: Vec<Notice>,
}

/// How firm one town stands. Probabilities are shares of the draws counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TownRobustness {
    /// The town.
    pub town: TownId,
    /// Rank of the plan as it stands.
    pub reference_rank: Option<f64>,
    /// Mean rank.
    pub mean_rank: Option<f64>,
    /// Ranks at 5, 25, 50, 75 and 95 %.
    pub rank_quantiles: Option<[f64; 5]>,
    /// P(rank = r) for r = 1 … up to 64 ranks, or 64 bins of equal width beyond.
    pub acceptability: Vec<f64>,
    /// P(selected); `null` without selection rules.
    pub selected: Option<f64>,
    /// Wilson 95 % interval of P(selected).
    pub selected_interval: Option<[f64; 2]>,
    /// P(grade), in the order of [`Robustness::grades`].
    pub grades: Vec<f64>,
    /// P(beats the town one place below in the reference ranking), ties half.
    pub beats_next: Option<f64>,
    /// Mean weights of the draws that put this town first; `null` if it never is.
    pub central_weights: Option<Vec<f64>>,
    /// P(first) with the central weights kept (confidence factor).
    pub confidence: Option<f64>,
}

// `pub fn robustness(table: &Table, plan: &Plan, uncertainty: &Uncertainty,
//      control: &Control) -> Result<Robustness, EvalError>` stands here.
