//! Outlier treatment and transformations.

use super::Figures;
use crate::error::{EvalError, Notice, NoticeCode};
use crate::maths;
use crate::plan::{Transform, Treatment};
use crate::statistics::{kurtosis, present, quantile, range, skewness};
use crate::table::{CellFlag, Table};

/// Bounds of skewness and kurtosis (JRC; COINr).
const SKEW_BOUND: f64 = 2.0;
const KURTOSIS_BOUND: f64 = 3.5;

pub(super) fn treat(code: &str, treatment: &Treatment, figures: &mut Figures, notices: &mut Vec<Notice>) {
    let before = figures.values.clone();
    let how = match treatment {
        Treatment::None => return,
        Treatment::Skew { max, offset } => by_skew(&mut figures.values, *max, *offset),
        Treatment::Percentile { lower, upper } => by_percentile(&mut figures.values, *lower, *upper),
    };
    let mut changed = 0;
    for ((now, then), flag) in figures.values.iter().zip(&before).zip(&mut figures.flags) {
        if now != then && !now.is_nan() {
            *flag = CellFlag::Treated;
            changed += 1;
        }
    }
    if changed > 0 {
        let message = format!("{how}，{changed} 个数据有变动");
        notices.push(Notice::node(NoticeCode::Treated, code, message));
    }
}

fn is_skewed(values: &[f64]) -> bool {
    let known = present(values);
    match (skewness(&known), kurtosis(&known)) {
        (Some(skew), Some(kurtosis)) => skew.abs() > SKEW_BOUND && kurtosis > KURTOSIS_BOUND,
        _ => false,
    }
}

/// Winsorises one value more each time; when `max` are not enough, takes the logarithm
/// of the original figures instead.
fn by_skew(values: &mut [f64], max: usize, offset: f64) -> &'static str {
    if !is_skewed(values) {
        return "";
    }
    let original = values.to_vec();
    for _ in 0..max {
        winsorise_one(values);
        if !is_skewed(values) {
            return "极端值缩尾";
        }
    }
    values.copy_from_slice(&original);
    let Some((low, high)) = range(values) else {
        return "";
    };
    let shift = offset * (high - low);
    for x in values.iter_mut().filter(|x| !x.is_nan()) {
        *x = maths::ln(*x - low + shift);
    }
    "缩尾不足以消除偏态，改取对数"
}

/// Brings the most extreme value (on the side of the skew) to the next one.
fn winsorise_one(values: &mut [f64]) {
    let known = present(values);
    let up = skewness(&known).is_some_and(|skew| skew > 0.0);
    let Some((low, high)) = range(&known) else {
        return;
    };
    let extreme = if up { high } else { low };
    let next = known.iter().copied().filter(|x| *x != extreme).fold(None, |best, x| {
        let better = |b: f64| if up { x > b } else { x < b };
        if best.is_none_or(better) { Some(x) } else { best }
    });
    let Some(next) = next else { return };
    for x in values.iter_mut().filter(|x| **x == extreme) {
        *x = next;
    }
}

fn by_percentile(values: &mut [f64], lower: f64, upper: f64) -> &'static str {
    let known = present(values);
    let low = quantile(&known, lower / 100.0);
    let high = quantile(&known, upper / 100.0);
    if let (Some(low), Some(high)) = (low, high) {
        for x in values.iter_mut().filter(|x| !x.is_nan()) {
            *x = x.clamp(low, high);
        }
    }
    "按百分位缩尾"
}

pub(super) fn transform(
    table: &Table,
    code: &str,
    transform: Transform,
    figures: &mut Figures,
) -> Result<(), EvalError> {
    for (i, x) in figures.values.iter_mut().enumerate() {
        if x.is_nan() {
            continue;
        }
        let shifted = match transform {
            Transform::Log { offset } => *x + offset,
            Transform::BoxCox { .. } => *x,
        };
        if shifted <= 0.0 {
            let town = &table.towns()[i].0;
            let message = format!("“{town}”的“{code}”不是正数，不能取对数，请加偏移量或不作变换");
            return Err(EvalError::value("not_positive", Some(town), Some(code), message));
        }
        *x = match transform {
            Transform::Log { .. } => maths::ln(shifted),
            Transform::BoxCox { lambda } if lambda.abs() < 1e-9 => maths::ln(shifted),
            Transform::BoxCox { lambda } => (maths::pow(shifted, lambda) - 1.0) / lambda,
        };
        if !x.is_finite() {
            let town = &table.towns()[i].0;
            let message = format!("“{town}”的“{code}”变换后过大，请更正");
            return Err(EvalError::value("overflow", Some(town), Some(code), message));
        }
    }
    Ok(())
}
