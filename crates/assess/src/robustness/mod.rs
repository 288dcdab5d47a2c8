//! How firm ranks, grades and the selection are under uncertain inputs (SMAA:
//! Lahdelma & Salminen 2001; uncertainty analysis: Saisana et al. 2005).

pub(crate) mod distribution;
pub(crate) mod draws;
mod first;
mod histogram;
pub(crate) mod inputs;
pub(crate) mod keyed;
pub(crate) mod layout;
pub(crate) mod noise;
pub(crate) mod report;
mod run;
pub(crate) mod scenario;
pub(crate) mod single;
pub(crate) mod study;
pub(crate) mod tally;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod tree;
pub(crate) mod verdict;
pub(crate) mod worker;

use serde::Serialize;

use crate::control::Control;
use crate::error::{EvalError, Notice};
use crate::evaluate::check;
use crate::kernel::rank::COUNTED;
use crate::plan::Plan;
use crate::table::{CELL_LIMIT, Table, TownId};
use crate::uncertainty::{DRAW_LIMIT, Detail, UncertainInput, Uncertainty};
use inputs::Inputs;
use run::Run;
use study::Study;
use tally::Sizes;

/// Most first ranks counted on their own.
const TOP_RANKS: usize = 64;

/// Result of a robustness run. Vectors over towns keep the table's order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Robustness {
    /// Version of the engine.
    pub engine: String,
    /// SHA-256 of the canonical table, plan and uncertainty, hexadecimal.
    pub input_digest: String,
    /// SHA-256 of the canonical result without this field, hexadecimal.
    pub output_digest: String,
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
    /// Draws in which towns tie at the cut of the selection; none of them counts as selected.
    pub tied_draws: u32,
    /// What [`TownRobustness::acceptability`] counts.
    pub acceptability: RankCounts,
    /// Codes of the grades, best first, for [`TownRobustness::grades`].
    pub grades: Vec<String>,
    /// Names of the weights in [`TownRobustness::central_weights`]: `parent/child`.
    pub weights: Vec<String>,
    /// One entry a town.
    pub towns: Vec<TownRobustness>,
    /// Saisana's mean rank shift R_S against the reference ranking, in ranks.
    pub rank_shift: Option<f64>,
    /// Cross-entropy of the reference ranking, in bits a town: the mean of −log₂ P(rank = reference rank),
    /// with half a draw added to every rank; 0 is certain. `null` where not every rank is counted.
    pub cross_entropy: Option<f64>,
    /// Towns whose grade or selection flips in more than 5 % of draws.
    pub unsteady: Vec<TownId>,
    /// What the reader must know.
    pub notices: Vec<Notice>,
}

/// What the shares of a town's rank acceptability stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RankCounts {
    /// One share a rank, from 1.
    Ranks,
    /// 64 bins of equal width over all ranks, from the best.
    Bins,
    /// One share a rank, from 1, for the first ranks only and up to the last share above 0.
    First,
}

/// How firm one town stands. Probabilities are shares of the draws counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TownRobustness {
    /// The town.
    pub town: TownId,
    /// Rank of the plan as it stands; equal totals share the best rank.
    pub reference_rank: Option<f64>,
    /// Mean rank.
    pub mean_rank: Option<f64>,
    /// Ranks at 5, 25, 50, 75 and 95 %: exact up to 512 towns, to a 256th of the towns up to 8,192 and to a
    /// 64th beyond.
    pub rank_quantiles: Option<[f64; 5]>,
    /// P(rank = r) or P(bin), as [`Robustness::acceptability`] says.
    pub acceptability: Vec<f64>,
    /// P(rank = r) for the first ranks where `acceptability` holds bins, up to the last share above 0.
    pub first_ranks: Vec<f64>,
    /// P(selected); `null` without selection rules.
    pub selected: Option<f64>,
    /// Wilson 95 % interval of P(selected).
    pub selected_interval: Option<[f64; 2]>,
    /// P(grade), in the order of [`Robustness::grades`].
    pub grades: Vec<f64>,
    /// Share of draws in which grade or selection is not that of the plan as it stands.
    pub flips: f64,
    /// P(beats the town one place below in the reference ranking), ties half.
    pub beats_next: Option<f64>,
    /// Mean weights of the draws that put this town first; `null` if it never is.
    pub central_weights: Option<Vec<f64>>,
    /// P(first) with the central weights kept (confidence factor): over the combinations of choices, or over
    /// the first 200 draws where figures vary; for the 64 towns that are first most often.
    pub confidence: Option<f64>,
}

/// Ranks, grades and selection of many draws of what is uncertain.
///
/// # Errors
/// [`EvalError::Plan`] for a plan or inputs that break their rules; [`EvalError::Limit`] beyond 2³¹ cells or
/// 10⁷ draws; [`EvalError::Cancelled`]; the first draw's own error when every draw fails.
pub fn robustness(
    table: &Table,
    plan: &Plan,
    uncertainty: &Uncertainty,
    control: &Control,
) -> Result<Robustness, EvalError> {
    check_sizes(table, uncertainty)?;
    check(table, plan)?;
    let inputs = Inputs::new(table, plan, uncertainty)?;
    let study = Study::new(table, plan, &inputs, uncertainty.seed, control)?;
    run(&study, uncertainty, control)
}

pub(crate) fn check_sizes(table: &Table, uncertainty: &Uncertainty) -> Result<(), EvalError> {
    let cells = table.towns().len() as u64 * table.leaves().len() as u64;
    EvalError::limit("cells", cells, CELL_LIMIT)?;
    EvalError::limit("draws", u64::from(uncertainty.draws), DRAW_LIMIT)?;
    if uncertainty.draws == 0 {
        return Err(EvalError::plan("no_draws", "draws", "抽样次数须为正整数，请更正"));
    }
    let width = uncertainty.stop.map_or(1.0, |rule| rule.half_width);
    if !(width > 0.0 && width <= 1.0) {
        return Err(EvalError::plan("half_width", "stop", "停止精度须大于 0 且不超过 1，请更正"));
    }
    Ok(())
}

fn run(study: &Study<'_>, uncertainty: &Uncertainty, control: &Control) -> Result<Robustness, EvalError> {
    control.check()?;
    let reference = single::reference(study, control)?;
    let first_only = first_only(study, uncertainty);
    let towns = study.table.towns().len();
    let places = study.plan.select.as_ref().map_or(TOP_RANKS, |rules| rules.count);
    let sizes = Sizes {
        towns,
        grades: study.plan.grades.grades.len(),
        top: places.min(towns).min(TOP_RANKS),
        weights: study.inputs.layout.length,
        top_only: first_only.is_some(),
    };
    let counts = Run { study, reference: &reference, control, sizes, first_only };
    let counts = counts.counts(uncertainty)?;
    if counts.tally.draws == 0
        && let Some(error) = counts.failure
    {
        return Err(error);
    }
    report::report(study, uncertainty, &reference, counts, control)
}

/// Places looked for when the caller asks for no more and nothing but ranks decides.
fn first_only(study: &Study<'_>, uncertainty: &Uncertainty) -> Option<usize> {
    let rules = study.simple.as_ref()?;
    let plain = study.adjust.is_none()
        && rules.bars.is_empty()
        && !rules.vetoed.contains(&true)
        && rules.allowed.is_none();
    let fits = |combination| {
        study.prepared(combination).is_ok_and(|prepared| {
            prepared.grid.is_some() && prepared.scenario.assessed.iter().all(|town| *town)
        })
    };
    let many = study.table.towns().len() > COUNTED;
    let wanted = uncertainty.detail == Detail::First && plain && many;
    rules.places.filter(|_| wanted && (0..study.inputs.combinations()).all(fits))
}
