//! Fills missing cells as the plan says; every filled cell keeps its flag.

use std::collections::HashMap;

use super::{Context, Figures, earlier};
use crate::error::{Notice, NoticeCode};
use crate::plan::{Imputation, Leaf, Node};
use crate::statistics::{mean, median};
use crate::table::{CellFlag, Table};

pub(super) fn impute(
    context: &Context<'_>,
    node: &Node,
    leaf: &Leaf,
    figures: &mut Figures,
    notices: &mut Vec<Notice>,
) {
    let (table, assessed) = (context.table, context.assessed);
    let imputation = leaf.imputation.as_ref().unwrap_or(&context.steps.imputation);
    let missing = |values: &[f64], i: usize| assessed[i] && values[i].is_nan();
    if *imputation == Imputation::None || !(0..assessed.len()).any(|i| missing(&figures.values, i)) {
        return;
    }
    let column = leaf.column.as_ref().unwrap_or(&node.code);
    let guesses = match imputation {
        Imputation::None => return,
        Imputation::GroupMean { by } => by_group(table, by.as_deref(), &figures.values, mean),
        Imputation::GroupMedian { by } => by_group(table, by.as_deref(), &figures.values, median),
        Imputation::LastYear => latest(table, column, leaf),
        Imputation::Linear => linear(table, column, leaf),
        Imputation::GroupModel { by, on } => model(table, by.as_deref(), on, &figures.values),
    };
    let mut filled = 0;
    for (i, guess) in guesses.iter().enumerate() {
        if missing(&figures.values, i) && guess.is_finite() {
            figures.values[i] = *guess;
            figures.flags[i] = CellFlag::Imputed;
            filled += 1;
        }
    }
    if filled > 0 {
        let message = format!("{filled} 个缺失数据按方案插补");
        notices.push(Notice::node(NoticeCode::Imputed, &node.code, message));
    }
}

/// Positions of towns by the value of an attribute; one group without one.
fn groups(table: &Table, by: Option<&str>) -> Vec<Vec<usize>> {
    let Some(values) = by.and_then(|name| table.attribute(name)) else {
        return vec![(0..table.towns().len()).collect()];
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (i, value) in values.iter().enumerate() {
        let at = *places.entry(value).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push(i);
    }
    groups
}

fn by_group(
    table: &Table,
    by: Option<&str>,
    values: &[f64],
    centre: impl Fn(&[f64]) -> Option<f64>,
) -> Vec<f64> {
    let mut guesses = vec![f64::NAN; values.len()];
    for group in groups(table, by) {
        let known: Vec<f64> = group.iter().map(|i| values[*i]).filter(|x| !x.is_nan()).collect();
        let guess = centre(&known).unwrap_or(f64::NAN);
        for i in group {
            guesses[i] = guess;
        }
    }
    guesses
}

fn past_years(table: &Table, column: &str, leaf: &Leaf) -> Vec<(Option<i32>, Vec<f64>)> {
    (0..table.history().len())
        .filter_map(|k| {
            let values = earlier(table, k, column, leaf.denominator.as_deref())?;
            Some((table.history()[k].year(), values))
        })
        .collect()
}

fn latest(table: &Table, column: &str, leaf: &Leaf) -> Vec<f64> {
    let past = past_years(table, column, leaf);
    (0..table.towns().len())
        .map(|i| {
            let known = past.iter().map(|(_, values)| values[i]).find(|x| !x.is_nan());
            known.unwrap_or(f64::NAN)
        })
        .collect()
}

/// Through the two newest years that have the cell; without years they count as
/// one and two years ago.
fn linear(table: &Table, column: &str, leaf: &Leaf) -> Vec<f64> {
    let past = past_years(table, column, leaf);
    let now = f64::from(table.year().unwrap_or(0));
    let years: Vec<f64> =
        past.iter().enumerate().map(|(k, (year, _))| year.map_or(now - 1.0 - k as f64, f64::from)).collect();
    (0..table.towns().len())
        .map(|i| {
            let mut known = (0..past.len()).filter(|k| !past[*k].1[i].is_nan());
            let (Some(new), Some(old)) = (known.next(), known.next()) else {
                return f64::NAN;
            };
            let (y1, y0) = (past[new].1[i], past[old].1[i]);
            y1 + (y1 - y0) / (years[new] - years[old]) * (now - years[new])
        })
        .collect()
}

/// Least-squares line on another column within each group of three known towns or more.
fn model(table: &Table, by: Option<&str>, on: &str, values: &[f64]) -> Vec<f64> {
    let mut guesses = vec![f64::NAN; values.len()];
    let Some(predictor) = table.column_by(on) else {
        return guesses;
    };
    for group in groups(table, by) {
        let known: Vec<(f64, f64)> = group
            .iter()
            .map(|i| (predictor[*i], values[*i]))
            .filter(|(x, y)| !x.is_nan() && !y.is_nan())
            .collect();
        let Some((slope, x0, y0)) = line(&known) else {
            continue;
        };
        for i in group {
            guesses[i] = y0 + slope * (predictor[i] - x0);
        }
    }
    guesses
}

fn line(points: &[(f64, f64)]) -> Option<(f64, f64, f64)> {
    if points.len() < 3 {
        return None;
    }
    let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let (x0, y0) = (mean(&xs)?, mean(&ys)?);
    let sxx: f64 = xs.iter().map(|x| (x - x0) * (x - x0)).sum();
    let sxy: f64 = points.iter().map(|(x, y)| (x - x0) * (y - y0)).sum();
    (sxx > 0.0).then(|| (sxy / sxx, x0, y0))
}
