//! Which uncertain input moves the ranking: Sobol indices by Saltelli (2010) and
//! Jansen (1999) estimators with bootstrap intervals.

mod coordinates;
mod estimate;
mod freeze;
mod points;
mod run;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::control::Control;
use crate::digest::Digest;
use crate::error::{EvalError, Notice, NoticeCode};
use crate::evaluate::{ENGINE, check};
use crate::json::{digest_of, to_json};
use crate::plan::Plan;
use crate::robustness::check_sizes;
use crate::robustness::inputs::Inputs;
use crate::robustness::report::{digest, fixed};
use crate::robustness::single::reference;
use crate::robustness::study::Study;
use crate::table::Table;
use crate::uncertainty::{RUN_LIMIT, Uncertainty};
use coordinates::Coordinates;
use estimate::{Estimate, estimate, variance};
use points::{DIMENSIONS, Points};
use run::{Made, Output, Runs};

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
    /// SHA-256 of the canonical result without this field, hexadecimal.
    pub output_digest: String,
    /// What the indices explain.
    pub target: Target,
    /// Base sample N.
    pub base: u32,
    /// Base points with a failed run; they are not in the estimates.
    pub failed_points: u32,
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
    /// Whether both intervals are at most 0.1 wide, from 32 base points or more.
    pub converged: bool,
}

/// Most uncertain inputs of one analysis.
const INPUT_LIMIT: u64 = (DIMENSIONS / 2) as u64;
/// Base points below which resampling says nothing of the width of an interval.
const LEAST_POINTS: usize = 32;
/// Width of an interval beyond which an index is marked as not converged.
const CONVERGED: f64 = 0.1;

/// First-order and total Sobol indices of every uncertain input.
///
/// # Errors
/// [`EvalError::Plan`] for a plan, inputs or target that break their rules, or a base sample that is not a
/// power of two; [`EvalError::Limit`] beyond 2³¹ cells, 10⁸ runs or 256 inputs; [`EvalError::Cancelled`]; the
/// first failed run's own error when no base point is left.
pub fn sensitivity(
    table: &Table,
    plan: &Plan,
    uncertainty: &Uncertainty,
    target: Target,
    control: &Control,
) -> Result<Sobol, EvalError> {
    check_sizes(table, uncertainty)?;
    if !uncertainty.draws.is_power_of_two() {
        return Err(EvalError::plan("not_a_power", "draws", "敏感性分析的样本数须为 2 的幂，请更正"));
    }
    check(table, plan)?;
    let inputs = Inputs::new(table, plan, uncertainty)?;
    let study = Study::new(table, plan, &inputs, uncertainty.seed, control)?;
    analyse(&study, uncertainty, target, control, true)
}

fn analyse(
    study: &Study<'_>,
    uncertainty: &Uncertainty,
    target: Target,
    control: &Control,
    follow: bool,
) -> Result<Sobol, EvalError> {
    let coordinates = Coordinates::new(study.draws());
    let count = coordinates.list.len();
    EvalError::limit("inputs", count as u64, INPUT_LIMIT)?;
    let runs = u64::from(uncertainty.draws) * (count as u64 + 2);
    EvalError::limit("runs", runs, RUN_LIMIT)?;
    let output = output(study, &target)?;
    let reference = reference(study, control)?;
    let points = Points::new(2 * count, uncertainty.seed);
    let work = Runs {
        study,
        coordinates: &coordinates,
        points: &points,
        reference: &reference.ranks,
        output,
        control,
        follow,
    };
    let made = work.outputs(uncertainty.draws)?;
    if made.outputs.a.is_empty()
        && let Some(error) = made.failure
    {
        return Err(error);
    }
    let estimates = estimate(&made.outputs, uncertainty.seed, control)?;
    let names = coordinates.list.iter().map(|one| coordinates.name(*one, study.table));
    let inputs: Vec<SobolIndex> = match &estimates {
        Some(estimates) => {
            let enough = made.outputs.a.len() >= LEAST_POINTS;
            names.zip(estimates).map(|(name, one)| index(name, one, enough)).collect()
        }
        None => names.map(SobolIndex::without_variance).collect(),
    };
    control.check()?;
    let mut inputs_digest = Digest::default();
    inputs_digest.take(digest(study, uncertainty, control)?.as_bytes());
    inputs_digest.take(b"\n");
    inputs_digest.take(to_json(&target).as_bytes());
    let mut result = Sobol {
        engine: ENGINE.to_owned(),
        input_digest: inputs_digest.hex(),
        output_digest: String::new(),
        target,
        base: uncertainty.draws,
        failed_points: made.failed,
        runs,
        seed: uncertainty.seed,
        variance: variance(&made.outputs),
        notices: notices(&inputs, &made),
        inputs,
        fixed: fixed(study, uncertainty),
    };
    result.output_digest = digest_of(&result, control)?;
    Ok(result)
}

fn output(study: &Study<'_>, target: &Target) -> Result<Output, EvalError> {
    match target {
        Target::RankShift => Ok(Output::Shift),
        Target::Rank(code) => {
            let found = study.table.towns().iter().position(|town| town.0 == *code);
            found
                .map(Output::Rank)
                .ok_or_else(|| EvalError::plan("unknown_town", "target", "数据表中没有这个城镇，请核对编码"))
        }
    }
}

fn index(name: String, estimate: &Estimate, enough: bool) -> SobolIndex {
    let narrow = |[low, high]: [f64; 2]| high - low <= CONVERGED;
    SobolIndex {
        name,
        first: Some(estimate.first),
        first_interval: Some(estimate.first_interval),
        total: Some(estimate.total),
        total_interval: Some(estimate.total_interval),
        converged: enough && narrow(estimate.first_interval) && narrow(estimate.total_interval),
    }
}

impl SobolIndex {
    fn without_variance(name: String) -> SobolIndex {
        SobolIndex {
            name,
            first: None,
            first_interval: None,
            total: None,
            total_interval: None,
            converged: true,
        }
    }
}

fn notices(inputs: &[SobolIndex], made: &Made) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Some(error) = &made.failure {
        let message = format!("{} 个样本点未能计算，不计入结果：{error}", made.failed);
        notices.push(Notice::run(NoticeCode::FailedDraws, message));
    }
    if inputs.iter().all(|input| input.first.is_none()) {
        let message = "结果不随任何因素变化，各因素均无影响";
        notices.push(Notice::run(NoticeCode::NoVariance, message));
    }
    let wide = inputs.iter().filter(|input| !input.converged).count();
    if wide > 0 {
        let message = format!("{wide} 个因素的区间宽于 0.1 或样本过少，尚未收敛，请加大样本数");
        notices.push(Notice::run(NoticeCode::NotConverged, message));
    }
    notices
}
