//! Weights that the figures themselves give: entropy, CRITIC, MEREC, deviation.

use std::borrow::Cow;

use super::Diagnostics;
use super::weigh::Group;
use crate::columns::{Centred, Moments, gram, log_sums, moments};
use crate::control::Control;
use crate::error::EvalError;
use crate::maths;
use crate::normalise::min_max;
use crate::plan::{Correlation, DataForm, Direction};
use crate::rank::rising_ranks;
use crate::statistics::{deviation, is_constant, present, range, sum_by};

type Raw = (Vec<f64>, Diagnostics);

/// Entropy weights: p = x/Σx, e = −Σ p ln p / ln m, w ∝ 1 − e, with 0 ln 0 = 0.
pub(super) fn entropy(group: &Group<'_>, data: DataForm) -> Result<Raw, EvalError> {
    let mut entropies = Vec::with_capacity(group.columns.len());
    for (k, column) in group.columns.iter().enumerate() {
        group.control.check()?;
        let column = match data {
            DataForm::Raw => Cow::Borrowed(*column),
            DataForm::MinMax => Cow::Owned(min_max(column, &group.directions[k])),
        };
        if let Some(i) = column.iter().position(|x| *x < 0.0) {
            let (town, code) = (group.towns[i].0.as_str(), group.name(k));
            let message = format!("“{town}”的“{code}”为负，熵权法不能使用，请改用极差标准化后的数据");
            return Err(EvalError::value("negative_in_entropy", Some(town), Some(code), message));
        }
        entropies.push(entropy_of(&column));
    }
    let raw = entropies.iter().map(|e| (1.0 - e).max(0.0)).collect();
    Ok((raw, Diagnostics::Entropy { entropies }))
}

/// e of one non-negative column; 1 (no information) when it cannot tell towns apart.
/// Σ p ln p = Σ x ln x / s − ln s with x scaled by its peak.
fn entropy_of(column: &[f64]) -> f64 {
    let known: Cow<'_, [f64]> =
        if column.iter().any(|x| x.is_nan()) { Cow::Owned(present(column)) } else { Cow::Borrowed(column) };
    let Some((low, high)) = range(&known) else {
        return 1.0;
    };
    let scale = 1.0 / high;
    if known.len() < 2 || is_constant(low, high) || !scale.is_finite() {
        return 1.0;
    }
    let (sum, logs) = log_sums(&known, scale);
    let entropy = (maths::ln(sum) - logs / sum) / maths::ln(known.len() as f64);
    entropy.clamp(0.0, 1.0)
}

/// CRITIC: c = σ Σ(1 − r) on oriented min–max data. Constant columns weigh nothing and
/// conflict with nobody.
pub(super) fn critic(group: &Group<'_>, correlation: Correlation) -> Result<Raw, EvalError> {
    let (deviations, correlations) = match (correlation, whole(group)?) {
        (Correlation::Pearson, Some(found)) => found,
        (Correlation::Pearson, None) => {
            let scaled = oriented(group)?;
            (deviations(&scaled), pairwise(&scaled, group.control)?)
        }
        (Correlation::Spearman, _) => {
            let scaled = oriented(group)?;
            let ranks = scaled.iter().map(|column| group.control.check().map(|()| rising_ranks(column)));
            let ranks = ranks.collect::<Result<Vec<_>, _>>()?;
            (deviations(&scaled), pairwise(&ranks, group.control)?)
        }
    };
    let conflicts: Vec<f64> =
        correlations.iter().map(|row| row.iter().flatten().map(|r| 1.0 - r).sum()).collect();
    let raw = deviations.iter().zip(&conflicts).map(|(s, c)| s * c).collect();
    let diagnostics = Diagnostics::Critic { deviations, conflicts, correlations };
    Ok((raw, diagnostics))
}

type Correlations = Vec<Vec<Option<f64>>>;

/// Deviations and correlations of columns without gaps by one matrix product; `None` when
/// there is a gap or an interval, which need figures of their own.
fn whole(group: &Group<'_>) -> Result<Option<(Vec<f64>, Correlations)>, EvalError> {
    let (m, n) = (group.towns.len(), group.columns.len());
    if m < 2 || group.directions.iter().any(|d| matches!(d, Direction::Interval { .. })) {
        return Ok(None);
    }
    let mut found: Vec<Moments> = Vec::with_capacity(n);
    for column in &group.columns {
        group.control.check()?;
        let Some(moments) = moments(column) else { return Ok(None) };
        found.push(moments);
    }
    let mut centred = Vec::with_capacity(n);
    let mut deviations = Vec::with_capacity(n);
    for (k, (column, moment)) in group.columns.iter().zip(&found).enumerate() {
        let varies = !is_constant(moment.low, moment.high) && moment.squares > 0.0;
        let sign = if group.directions[k] == Direction::Cost { -1.0 } else { 1.0 };
        let factor = if varies { sign / moment.squares.sqrt() } else { 0.0 };
        centred.push(Centred { column, centre: moment.mean, factor });
        let deviation = (moment.squares / (m as f64 - 1.0)).sqrt();
        deviations.push(if varies { deviation / (moment.high - moment.low) } else { 0.0 });
    }
    let product = gram(&centred, &group.control.cancel);
    group.control.check()?;
    let defined = |j: usize, k: usize| deviations[j] > 0.0 && deviations[k] > 0.0;
    let cell = |j: usize, k: usize| {
        let r = if j == k { 1.0 } else { product[j * n + k].clamp(-1.0, 1.0) };
        defined(j, k).then_some(r)
    };
    let correlations = (0..n).map(|j| (0..n).map(|k| cell(j, k)).collect()).collect();
    Ok(Some((deviations, correlations)))
}

fn deviations(columns: &[Vec<f64>]) -> Vec<f64> {
    columns.iter().map(|column| deviation(&present(column)).unwrap_or(0.0)).collect()
}

fn oriented(group: &Group<'_>) -> Result<Vec<Vec<f64>>, EvalError> {
    let columns = group.columns.iter().zip(&group.directions);
    columns.map(|(column, direction)| group.control.check().map(|()| min_max(column, direction))).collect()
}

/// Pairwise correlations over the towns both columns have; `None` where undefined.
fn pairwise(columns: &[Vec<f64>], control: &Control) -> Result<Correlations, EvalError> {
    let n = columns.len();
    let mut rows = vec![vec![None; n]; n];
    for j in 0..n {
        for k in j..n {
            control.check()?;
            let r = correlation(&columns[j], &columns[k]);
            rows[j][k] = r;
            rows[k][j] = r;
        }
    }
    Ok(rows)
}

fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let both: Vec<(f64, f64)> =
        a.iter().copied().zip(b.iter().copied()).filter(|(x, y)| !x.is_nan() && !y.is_nan()).collect();
    let (xs, ys): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
    let (x0, y0) = (crate::statistics::mean(&xs)?, crate::statistics::mean(&ys)?);
    let sxx = sum_by(&xs, |x| (x - x0) * (x - x0));
    let syy = sum_by(&ys, |y| (y - y0) * (y - y0));
    let sxy: f64 = xs.iter().zip(&ys).map(|(x, y)| (x - x0) * (y - y0)).sum();
    let norm = (sxx * syy).sqrt();
    (norm > 1e-24).then(|| (sxy / norm).clamp(-1.0, 1.0))
}

/// Standard deviations of oriented min–max data.
pub(super) fn standard_deviation(group: &Group<'_>) -> Result<Raw, EvalError> {
    let deviations = deviations(&oriented(group)?);
    Ok((deviations.clone(), Diagnostics::StandardDeviation { deviations }))
}

/// MEREC: S = ln(1 + mean |ln n|), E_j = Σ_i |S without j − S|, w ∝ E; n is min/x for a
/// benefit and x/max for a cost. Towns with a missing figure do not take part.
pub(super) fn merec(group: &Group<'_>) -> Result<Raw, EvalError> {
    let count = group.columns.len() as f64;
    let mut logs = Vec::with_capacity(group.columns.len());
    for (k, column) in group.columns.iter().enumerate() {
        group.control.check()?;
        if let Some(i) = column.iter().position(|x| *x <= 0.0) {
            let (town, code) = (group.towns[i].0.as_str(), group.name(k));
            let message = format!("“{town}”的“{code}”不是正数，MEREC 不能使用，请改用其他赋权法");
            return Err(EvalError::value("not_positive_in_merec", Some(town), Some(code), message));
        }
        let (low, high) = range(column).unwrap_or((1.0, 1.0));
        let cost = group.directions[k] == Direction::Cost;
        let log = |x: &f64| maths::ln(if cost { x / high } else { low / x }).abs();
        logs.push(column.iter().map(log).collect::<Vec<f64>>());
    }
    let mut effects = vec![0.0; logs.len()];
    for i in 0..group.towns.len() {
        if i % 1_024 == 0 {
            group.control.check()?;
        }
        let total: f64 = logs.iter().map(|column| column[i]).sum();
        if total.is_nan() {
            continue;
        }
        let whole = maths::ln(1.0 + total / count);
        for (effect, column) in effects.iter_mut().zip(&logs) {
            let without = maths::ln(1.0 + (total - column[i]).max(0.0) / count);
            *effect += (without - whole).abs();
        }
    }
    Ok((effects.clone(), Diagnostics::Merec { effects }))
}
