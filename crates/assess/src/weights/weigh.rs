//! One sibling group: preferences are read over all children of the plan and then
//! restricted to those left in; data speak for those left in alone.

use super::{Diagnostics, Weights, ahp, combine, objective};
use crate::control::Control;
use crate::error::{EvalError, Notice, NoticeCode};
use crate::plan::{Direction, WeightMethod, given_total};
use crate::statistics;
use crate::table::TownId;

/// A sibling group as a weighting method sees it.
pub(crate) struct Group<'a> {
    pub(crate) code: &'a str,
    /// Codes of all the plan's children.
    pub(crate) names: Vec<&'a str>,
    /// Weights the plan gives its children.
    pub(crate) given: Vec<Option<f64>>,
    /// Positions of the children left in.
    pub(crate) kept: &'a [usize],
    /// Figures of the children left in; empty unless the method looks at data.
    pub(crate) columns: Vec<&'a [f64]>,
    /// Directions of `columns`.
    pub(crate) directions: Vec<Direction>,
    pub(crate) towns: &'a [TownId],
    /// Asked before each column.
    pub(crate) control: &'a Control,
}

impl Group<'_> {
    /// Code of the `k`-th child left in.
    pub(crate) fn name(&self, k: usize) -> &str {
        self.names[self.kept[k]]
    }
}

impl WeightMethod {
    /// Whether the method looks at the towns' figures.
    pub(crate) fn needs_data(&self) -> bool {
        match self {
            WeightMethod::Entropy { .. }
            | WeightMethod::Critic { .. }
            | WeightMethod::Merec
            | WeightMethod::StandardDeviation => true,
            WeightMethod::Combined { of, .. } => of.iter().any(WeightMethod::needs_data),
            WeightMethod::Given
            | WeightMethod::Points
            | WeightMethod::Equal
            | WeightMethod::Experts { .. }
            | WeightMethod::Ahp(_) => false,
        }
    }

    /// The plan's word for the method.
    pub fn code(&self) -> &'static str {
        match self {
            WeightMethod::Given => "given",
            WeightMethod::Points => "points",
            WeightMethod::Equal => "equal",
            WeightMethod::Experts { .. } => "experts",
            WeightMethod::Ahp(_) => "ahp",
            WeightMethod::Entropy { .. } => "entropy",
            WeightMethod::Critic { .. } => "critic",
            WeightMethod::Merec => "merec",
            WeightMethod::StandardDeviation => "standard_deviation",
            WeightMethod::Combined { .. } => "combined",
        }
    }
}

/// Weights of a group and what its reader must know.
///
/// # Errors
/// [`EvalError::Value`] for inconsistent judgements nobody answers for, and for figures
/// the method cannot take.
pub(crate) fn weigh(method: &WeightMethod, group: &Group<'_>) -> Result<(Weights, Vec<Notice>), EvalError> {
    let weights = weigh_unchecked(method, group)?;
    if let Diagnostics::Ahp(ahp) = &weights.0.diagnostics
        && !ahp.usable
    {
        let message = "判断矩阵一致性比率大于 0.1，请调整判断，或写明理由后采用";
        return Err(EvalError::value("inconsistent_judgements", None, Some(group.code), message));
    }
    Ok(weights)
}

/// As [`weigh`], but inconsistent judgements come back marked as unusable.
pub(crate) fn weigh_unchecked(
    method: &WeightMethod,
    group: &Group<'_>,
) -> Result<(Weights, Vec<Notice>), EvalError> {
    let mut notices = Vec::new();
    let (raw, diagnostics) = match method {
        WeightMethod::Given => (given(group), Diagnostics::None),
        WeightMethod::Points => (points(group, &mut notices), Diagnostics::None),
        WeightMethod::Equal => (vec![1.0; group.kept.len()], Diagnostics::None),
        WeightMethod::Experts { rows, trim } => experts(rows, *trim, group),
        WeightMethod::Ahp(ahp) => {
            let (priorities, diagnostics) = ahp::ahp(ahp, group.code, &mut notices)?;
            (restrict(&priorities, group), Diagnostics::Ahp(Box::new(diagnostics)))
        }
        WeightMethod::Entropy { data } => objective::entropy(group, *data)?,
        WeightMethod::Critic { correlation } => objective::critic(group, *correlation)?,
        WeightMethod::Merec => objective::merec(group)?,
        WeightMethod::StandardDeviation => objective::standard_deviation(group)?,
        WeightMethod::Combined { of, rule } => combine::combine(of, rule, group, &mut notices)?,
    };
    let values = shares(&raw, group, &mut notices);
    let weights = Weights { method: method.code().to_owned(), values, diagnostics };
    Ok((weights, notices))
}

/// Brings raw weights to a sum of 1; without any information they become equal.
fn shares(raw: &[f64], group: &Group<'_>, notices: &mut Vec<Notice>) -> Vec<f64> {
    let sum: f64 = raw.iter().sum();
    if sum > 0.0 && sum.is_finite() {
        return raw.iter().map(|w| w / sum).collect();
    }
    let message = "数据不能区分各项的轻重，按等权处理";
    notices.push(Notice::node(NoticeCode::NoInformation, group.code, message));
    vec![1.0 / raw.len() as f64; raw.len()]
}

fn restrict(all: &[f64], group: &Group<'_>) -> Vec<f64> {
    group.kept.iter().map(|k| all[*k]).collect()
}

/// Given weights stay exactly as given when nothing was left out and they sum to 1.
fn given(group: &Group<'_>) -> Vec<f64> {
    let all: Vec<f64> = group.given.iter().map(|w| w.unwrap_or(0.0)).collect();
    let total = given_total(&all).unwrap_or(1.0);
    let total = if total < 10.0 { 1.0 } else { total };
    let all: Vec<f64> = all.iter().map(|w| w / total).collect();
    restrict(&all, group)
}

fn points(group: &Group<'_>, notices: &mut Vec<Notice>) -> Vec<f64> {
    let all: Vec<f64> = group.given.iter().map(|w| w.unwrap_or(0.0)).collect();
    let sum: f64 = all.iter().sum();
    let message = format!("分值合计 {sum}，按方案折算为权重");
    notices.push(Notice::node(NoticeCode::PointsRescaled, group.code, message));
    restrict(&all, group)
}

/// Trimmed mean of the experts' shares.
fn experts(rows: &[Vec<f64>], trim: usize, group: &Group<'_>) -> (Vec<f64>, Diagnostics) {
    let mut means = Vec::new();
    let mut deviations = Vec::new();
    for k in 0..group.names.len() {
        let mut shares: Vec<f64> =
            rows.iter().map(|row| row[k] / if row.iter().sum::<f64>() > 2.0 { 100.0 } else { 1.0 }).collect();
        deviations.push(statistics::deviation(&shares).unwrap_or(0.0));
        shares.sort_by(f64::total_cmp);
        let middle = &shares[trim..shares.len() - trim];
        means.push(statistics::mean(middle).unwrap_or(0.0));
    }
    let sum = means.iter().sum();
    let means = restrict(&means, group);
    (means, Diagnostics::Experts { deviations, sum })
}
