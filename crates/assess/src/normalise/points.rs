//! Points of one town by a scoring rule. NaN is "no score".

use crate::figures::{changed, last_year_of};
use crate::plan::{Comparison, Operator, Scored, Shape, StepCount};
use crate::table::Table;

/// Relative slack for figures that are decimal fractions.
const SLACK: f64 = 1e-9;

/// Points of town `town`; `own` is the leaf's figure. The flag says that a cap clamped it.
pub(crate) fn points(table: &Table, rule: &Scored, own: Option<f64>, town: usize) -> (f64, bool) {
    let figure = match &rule.column {
        None => own.unwrap_or(f64::NAN),
        Some(column) => table.column_by(column).map_or(f64::NAN, |values| values[town]),
    };
    let figure = match (rule.change, &rule.column) {
        (Some(change), Some(column)) => changed(figure, last_year_of(table, column, town), change),
        _ => figure,
    };
    shape_points(table, &rule.shape, figure, town)
}

fn shape_points(table: &Table, shape: &Shape, figure: f64, town: usize) -> (f64, bool) {
    match shape {
        Shape::Checklist { items, cap } => {
            let sum = checklist(table, items, town);
            let cap = cap.unwrap_or(f64::INFINITY);
            (if sum > cap { cap } else { sum }, sum > cap)
        }
        Shape::Any { of } => of
            .iter()
            .map(|rule| points(table, rule, Some(figure), town))
            .filter(|(points, _)| !points.is_nan())
            .fold((f64::NAN, false), |best, one| if best.0 >= one.0 { best } else { one }),
        Shape::All { of } => of
            .iter()
            .map(|rule| points(table, rule, Some(figure), town))
            .reduce(|least, one| if least.0 <= one.0 || least.0.is_nan() { least } else { one })
            .unwrap_or((f64::NAN, false)),
        Shape::Sum { of, cap } => {
            let parts: Vec<(f64, bool)> =
                of.iter().map(|rule| points(table, rule, Some(figure), town)).collect();
            let sum: f64 = parts.iter().map(|part| part.0).sum();
            let cap = cap.unwrap_or(f64::INFINITY);
            let clamped = sum > cap || parts.iter().any(|part| part.1);
            (if sum > cap { cap } else { sum }, clamped)
        }
        _ if figure.is_nan() => (f64::NAN, false),
        Shape::Judged { cap } => {
            let held = figure.clamp(0.0, *cap);
            (held, held != figure)
        }
        _ => (simple(shape, figure), false),
    }
}

/// Shapes that need the figure alone.
fn simple(shape: &Shape, figure: f64) -> f64 {
    match shape {
        Shape::Threshold { when, points, otherwise } => {
            if when.holds(figure) {
                *points
            } else {
                *otherwise
            }
        }
        Shape::Bands { bands, otherwise } => {
            bands.iter().find(|band| band.when.holds(figure)).map_or(*otherwise, |band| band.points)
        }
        Shape::Piecewise { knots } => piecewise(knots, figure),
        Shape::Steps { from, points, every, add, count, before, min, max } => {
            let steps = (figure - from) / every;
            let raw = if steps < -SLACK {
                before.unwrap_or(*points)
            } else {
                points + add * counted(steps.max(0.0), *count)
            };
            raw.clamp(*min, *max)
        }
        Shape::Categories { table } => table
            .iter()
            .find(|category| equal(category.value, figure))
            .map_or(f64::NAN, |category| category.points),
        Shape::Judged { .. }
        | Shape::Checklist { .. }
        | Shape::Any { .. }
        | Shape::All { .. }
        | Shape::Sum { .. } => f64::NAN,
    }
}

fn counted(steps: f64, count: StepCount) -> f64 {
    match count {
        StepCount::Complete => (steps * (1.0 + SLACK) + SLACK).floor(),
        StepCount::Begun => (steps * (1.0 - SLACK) - SLACK).ceil().max(0.0),
        StepCount::Proportional => steps,
    }
}

fn checklist(table: &Table, items: &[crate::plan::CheckItem], town: usize) -> f64 {
    let answer = |column: &str| table.column_by(column).map_or(f64::NAN, |values| values[town]);
    let answers: Vec<f64> = items.iter().map(|item| answer(&item.column)).collect();
    if answers.iter().all(|x| x.is_nan()) {
        return f64::NAN;
    }
    items.iter().zip(answers).filter(|(_, answer)| *answer >= 1.0).map(|(item, _)| item.points).sum()
}

fn piecewise(knots: &[[f64; 2]], x: f64) -> f64 {
    let after = knots.partition_point(|knot| knot[0] <= x);
    if after == 0 {
        return knots[0][1];
    }
    let [x0, y0] = knots[after - 1];
    match knots.get(after) {
        None => y0,
        Some([x1, y1]) => y0 + (y1 - y0) * ((x - x0) / (x1 - x0)),
    }
}

fn equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= SLACK * a.abs().max(1.0)
}

impl Comparison {
    /// Whether `x` passes; figures within 1e-9 of the value count as equal to it.
    /// A missing figure (NaN) never passes.
    pub(crate) fn holds(&self, x: f64) -> bool {
        let same = equal(self.value, x);
        match self.is {
            Operator::AtLeast => x > self.value || same,
            Operator::AtMost => x < self.value || same,
            Operator::Above => x > self.value && !same,
            Operator::Below => x < self.value && !same,
            Operator::Equal => same,
        }
    }
}
