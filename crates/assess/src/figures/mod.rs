//! Figures of a leaf: read, denominate, compare with last year, impute, treat.
//! What was done stays in the flags and notices.

mod impute;
mod treat;

use crate::error::{EvalError, Notice, NoticeCode};
use crate::plan::{Change, Leaf, Node, Steps, Treatment};
use crate::table::{CellFlag, Table};

/// One leaf's figures (NaN is missing) and flags.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) values: Vec<f64>,
    pub(crate) flags: Vec<CellFlag>,
}

/// Figures of a leaf before screening: read, denominated, compared with last year.
pub(crate) fn read(table: &Table, node: &Node, leaf: &Leaf, notices: &mut Vec<Notice>) -> Figures {
    let column = leaf.column.as_ref().unwrap_or(&node.code);
    let j = table.column_index(column).expect("columns are checked with the plan");
    let mut figures = Figures { values: table.column(j).to_vec(), flags: table.flags_of(j).to_vec() };
    if let Some(code) = &leaf.denominator {
        let divisor = table.column_by(code).expect("columns are checked with the plan");
        denominate(&mut figures, divisor, &node.code, notices);
    }
    if let Some(change) = leaf.change {
        let past = last_year(table, column, leaf.denominator.as_deref());
        compare(&mut figures, &past, change);
    }
    figures
}

fn denominate(figures: &mut Figures, divisor: &[f64], code: &str, notices: &mut Vec<Notice>) {
    let mut lost = 0;
    for ((value, flag), d) in figures.values.iter_mut().zip(&mut figures.flags).zip(divisor) {
        let quotient = *value / d;
        if value.is_nan() || quotient.is_finite() {
            *value = quotient;
        } else {
            *value = f64::NAN;
        }
        if value.is_nan() && *flag != CellFlag::Missing {
            *flag = CellFlag::ZeroDenominator;
            lost += 1;
        }
    }
    if lost > 0 {
        let message = format!("{lost} 个城镇的分母为零或缺失，该指标按缺失处理");
        notices.push(Notice::node(NoticeCode::ZeroDenominator, code, message));
    }
}

/// Last year's denominated figures in this year's order of towns, NaN where unknown.
pub(crate) fn last_year(table: &Table, column: &str, denominator: Option<&str>) -> Vec<f64> {
    previous(table)
        .and_then(|k| earlier(table, k, column, denominator))
        .unwrap_or_else(|| vec![f64::NAN; table.towns().len()])
}

/// Last year's figure of one town, NaN where unknown.
pub(crate) fn last_year_of(table: &Table, column: &str, town: usize) -> f64 {
    let figure = || {
        let k = previous(table)?;
        let j = table.history()[k].column_index(column)?;
        table.past_figure(k, town, j, None)
    };
    figure().unwrap_or(f64::NAN)
}

/// Position of the year before in the history; without years, the newest.
fn previous(table: &Table) -> Option<usize> {
    table.history().iter().position(|past| match (table.year(), past.year()) {
        (Some(now), Some(then)) => now.checked_sub(then) == Some(1),
        _ => true,
    })
}

/// Figures of the `k`-th earlier year in this year's order of towns.
fn earlier(table: &Table, k: usize, column: &str, denominator: Option<&str>) -> Option<Vec<f64>> {
    let past = &table.history()[k];
    let j = past.column_index(column)?;
    let divisor = match denominator {
        Some(code) => Some(past.column_index(code)?),
        None => None,
    };
    let figure = |i| table.past_figure(k, i, j, divisor).unwrap_or(f64::NAN);
    Some((0..table.towns().len()).map(figure).collect())
}

fn compare(figures: &mut Figures, past: &[f64], change: Change) {
    for ((value, flag), before) in figures.values.iter_mut().zip(&mut figures.flags).zip(past) {
        *value = changed(*value, *before, change);
        if value.is_nan() {
            *flag = CellFlag::Missing;
        }
    }
}

/// The change of one figure; NaN if a part is missing or last year's is not positive
/// where per cent is asked.
pub(crate) fn changed(now: f64, before: f64, change: Change) -> f64 {
    match change {
        Change::Difference => now - before,
        Change::Percent if before > 0.0 => 100.0 * (now / before - 1.0),
        Change::Percent => f64::NAN,
    }
}

/// What completing a leaf needs beside the leaf.
pub(crate) struct Context<'a> {
    pub(crate) table: &'a Table,
    pub(crate) steps: &'a Steps,
    /// Default treatment (the plan's, or a draw's).
    pub(crate) treatment: &'a Treatment,
    /// Towns that passed the screen.
    pub(crate) assessed: &'a [bool],
}

impl Context<'_> {
    /// Imputes and treats figures that passed the screen; towns screened out go missing.
    pub(crate) fn complete(
        &self,
        node: &Node,
        leaf: &Leaf,
        figures: &mut Figures,
        notices: &mut Vec<Notice>,
    ) -> Result<(), EvalError> {
        for (value, in_it) in figures.values.iter_mut().zip(self.assessed) {
            if !in_it {
                *value = f64::NAN;
            }
        }
        impute::impute(self, node, leaf, figures, notices);
        let treatment = leaf.treatment.as_ref().unwrap_or(self.treatment);
        treat::treat(&node.code, treatment, figures, notices);
        if let Some(transform) = leaf.transform {
            treat::transform(self.table, &node.code, transform, figures)?;
        }
        Ok(())
    }
}
