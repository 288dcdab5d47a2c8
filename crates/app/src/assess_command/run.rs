//! What each command answers.

use super::grid::Fault;
use super::read::{self, Read, faults};
use super::schema::schema;
use super::{AssessCommand, How, Input, Pair};
use assess::{
    Control, EvalError, Evaluation, Explainer, Explanation, Interval, LeftOut, Plan, Robustness, Swap,
    Target, UncertainInput, Uncertainty, to_json,
};
use serde::Serialize;
use serde_json::json;
use std::path::Path;

/// Draws of a robustness run whose plan does not say.
const DRAWS: u32 = 10_000;
/// Base sample of a sensitivity run whose plan does not say.
const BASE: u32 = 1_024;
/// How far weights vary when the plan does not say.
const DELTA: f64 = 0.25;

/// One JSON object and the exit code it goes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub code: u8,
    pub json: String,
}

impl Answer {
    /// What a cancelled run answers.
    pub fn cancelled() -> Answer {
        Answer { code: 3, json: to_json(&EvalError::Cancelled) }
    }

    fn faults(faults: &[Fault]) -> Answer {
        Answer { code: 2, json: to_json(&json!({"findings": faults})) }
    }
}

/// Why there is no result.
enum Stop {
    Faults(Vec<Fault>),
    Cancelled,
}

impl From<Vec<Fault>> for Stop {
    fn from(faults: Vec<Fault>) -> Stop {
        Stop::Faults(faults)
    }
}

/// Runs a command; files in, one JSON object out.
pub fn execute(command: &AssessCommand, control: &Control) -> Answer {
    match answer(command, control) {
        Ok(_) | Err(Stop::Cancelled) if control.check().is_err() => Answer::cancelled(),
        Ok(json) => Answer { code: 0, json },
        Err(Stop::Cancelled) => Answer::cancelled(),
        Err(Stop::Faults(faults)) => Answer::faults(&faults),
    }
}

fn answer(command: &AssessCommand, control: &Control) -> Result<String, Stop> {
    match command {
        AssessCommand::Evaluate { input, explain } => evaluate(input, explain, control),
        AssessCommand::Weights(input) => {
            let (plan, read) = both(input)?;
            let found = assess::plan_weights_with(&read.table, &plan, control);
            found.map(|found| to_json(&found)).map_err(|e| stop(&read, e))
        }
        AssessCommand::Robustness { input, swap } => robustness(input, swap, control),
        AssessCommand::Sensitivity(input) => sensitivity(input, control),
        AssessCommand::Compare(pair) => compare(pair, control),
        AssessCommand::Agreement(ratings) => {
            let read = read::table(&ratings.table)?;
            assess::agreement(&read.table).map(|found| to_json(&found)).map_err(|e| stop(&read, e))
        }
        AssessCommand::Schema => Ok(assess::to_json_pretty(&schema())),
    }
}

fn both(input: &Input) -> Result<(Plan, Read), Stop> {
    pair(&input.plan, &input.table)
}

/// A plan and the table it is for.
fn pair(plan: &Path, table: &Path) -> Result<(Plan, Read), Stop> {
    let (plan, mut read) = match (read::plan(plan), read::table(table)) {
        (Ok(plan), Ok(read)) => (plan, read),
        (plan, table) => {
            let faults = plan.err().into_iter().chain(table.err());
            return Err(faults.flatten().collect::<Vec<Fault>>().into());
        }
    };
    read.places.name_leaves(&plan.tree.root);
    Ok((plan, read))
}

fn stop(read: &Read, error: EvalError) -> Stop {
    match error {
        EvalError::Cancelled => Stop::Cancelled,
        other => Stop::Faults(faults(&read.places, &other)),
    }
}

#[derive(Serialize)]
struct Evaluated {
    #[serde(flatten)]
    evaluation: Evaluation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    explanations: Vec<Explanation>,
}

fn evaluate(input: &Input, explain: &[String], control: &Control) -> Result<String, Stop> {
    let (plan, read) = both(input)?;
    let evaluation = assess::evaluate_with(&read.table, &plan, control).map_err(|e| stop(&read, e))?;
    let mut explanations = Vec::new();
    if !explain.is_empty() {
        let explainer = Explainer::with_control(&read.table, &plan, control).map_err(|e| stop(&read, e))?;
        for town in explain {
            let unknown = || vec![Fault::of_file("unknown_town", town, "数据表没有这个城镇，请核对")];
            explanations.push(explainer.town(town).ok_or_else(unknown)?);
        }
    }
    Ok(to_json(&Evaluated { evaluation, explanations }))
}

#[derive(Serialize)]
struct Firmness {
    #[serde(flatten)]
    robustness: Robustness,
    /// Exact intervals of weights that keep the selected; absent where totals are not straight lines in them.
    weight_intervals: Option<Vec<Interval>>,
    /// Why there are no intervals and swaps.
    no_intervals: Option<String>,
    /// Moves of one weight that swap the two towns asked for, or those next to the cut.
    swaps: Vec<Swap>,
    /// The two towns.
    swapped: Vec<String>,
    leave_one_out: Vec<LeftOut>,
}

fn robustness(input: &Input, swap: &[String], control: &Control) -> Result<String, Stop> {
    let (plan, read) = both(input)?;
    let stop = |error| stop(&read, error);
    let uncertainty = uncertainty(&plan, input.how, DRAWS);
    let robustness = assess::robustness(&read.table, &plan, &uncertainty, control).map_err(stop)?;
    let evaluation = assess::evaluate_with(&read.table, &plan, control).map_err(stop)?;
    let leave_one_out = assess::leave_one_out(&read.table, &plan, control).map_err(stop)?;
    let count = plan.select.as_ref().map_or(1, |select| select.count);
    let intervals = assess::weight_intervals(&evaluation, count);
    let swapped = if swap.is_empty() { at_cut(&evaluation, count) } else { swap.to_vec() };
    let (weight_intervals, no_intervals) = match intervals {
        Ok(intervals) => (Some(intervals), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let swaps = match (&swapped[..], &no_intervals) {
        ([a, b], None) => assess::swaps(&evaluation, a, b).map_err(stop)?,
        _ => Vec::new(),
    };
    Ok(to_json(&Firmness { robustness, weight_intervals, no_intervals, swaps, swapped, leave_one_out }))
}

/// The towns on both sides of the cut by score; none where a tie or the end leaves no pair.
fn at_cut(evaluation: &Evaluation, count: usize) -> Vec<String> {
    let mut order: Vec<(f64, usize)> =
        evaluation.totals.iter().enumerate().filter_map(|(i, total)| Some(((*total)?, i))).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    match (order.get(count.wrapping_sub(1)), order.get(count)) {
        (Some(last), Some(next)) => [last, next].map(|town| evaluation.towns[town.1].0.clone()).to_vec(),
        _ => Vec::new(),
    }
}

fn sensitivity(input: &Input, control: &Control) -> Result<String, Stop> {
    let (plan, read) = both(input)?;
    let uncertainty = uncertainty(&plan, input.how, BASE);
    let target = plan.target.clone().unwrap_or(Target::RankShift);
    let found = assess::sensitivity(&read.table, &plan, &uncertainty, target, control);
    found.map(|found| to_json(&found)).map_err(|error| stop(&read, error))
}

/// What varies by the plan, with the command line's seed and number of draws.
fn uncertainty(plan: &Plan, how: How, draws: u32) -> Uncertainty {
    let mut uncertainty = plan.uncertainty.clone().unwrap_or_else(|| Uncertainty {
        inputs: vec![UncertainInput::WeightsRelative { node: None, delta: DELTA }],
        draws,
        seed: 0,
        stop: None,
        detail: assess::uncertainty::Detail::All,
    });
    uncertainty.seed = how.seed.unwrap_or(uncertainty.seed);
    uncertainty.draws = how.draws.unwrap_or(uncertainty.draws);
    uncertainty
}

fn compare(given: &Pair, control: &Control) -> Result<String, Stop> {
    if given.plan.len() > 2 || given.table.len() > 2 || given.plan.len() + given.table.len() < 3 {
        let message = "请写两个方案，或两张数据表，或各两个";
        return Err(vec![Fault::of_file("arguments", "compare", message)].into());
    }
    let last = |files: &[std::path::PathBuf]| files[files.len() - 1].clone();
    let first = one(&given.plan[0], &given.table[0], control)?;
    let second = one(&last(&given.plan), &last(&given.table), control)?;
    Ok(to_json(&assess::compare(&first, &second)))
}

fn one(plan: &Path, table: &Path, control: &Control) -> Result<Evaluation, Stop> {
    let (plan, read) = pair(plan, table)?;
    assess::evaluate_with(&read.table, &plan, control).map_err(|error| stop(&read, error))
}
