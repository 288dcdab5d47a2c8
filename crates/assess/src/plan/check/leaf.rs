//! Checks of leaves: columns, parameters of steps, scoring rules.

use super::Checker;
use crate::plan::{
    Comparison, Direction, Imputation, Leaf, Node, Normalisation, Scored, Shape, Transform, Treatment,
};

/// Deepest nesting of alternatives and sums.
const RULE_DEPTH: usize = 4;

impl Checker<'_> {
    pub(super) fn leaf(&mut self, node: &Node, leaf: &Leaf, place: &str) {
        self.column(leaf.column.as_ref().unwrap_or(&node.code), place);
        if let Some(denominator) = &leaf.denominator {
            self.column(denominator, &format!("{place}/denominator"));
        }
        self.direction(&leaf.direction, place);
        if let Some(imputation) = &leaf.imputation {
            self.imputation(imputation, &format!("{place}/imputation"));
        }
        if let Some(treatment) = &leaf.treatment {
            self.treatment(treatment, &format!("{place}/treatment"));
        }
        if let Some(normalisation) = &leaf.normalisation {
            self.normalisation(normalisation, &format!("{place}/normalisation"));
        }
        match leaf.transform {
            Some(Transform::BoxCox { lambda }) => self.within(lambda, -5.0, 5.0, place),
            Some(Transform::Log { offset }) => self.finite(&[offset], place),
            None => {}
        }
    }

    fn direction(&mut self, direction: &Direction, place: &str) {
        let Direction::Interval { lower, upper, zero_below, zero_above } = *direction else {
            return;
        };
        let place = format!("{place}/direction");
        self.finite(&[lower, upper], &place);
        self.finite(&[zero_below.unwrap_or(lower), zero_above.unwrap_or(upper)], &place);
        let good = lower <= upper
            && zero_below.is_none_or(|zero| zero < lower)
            && zero_above.is_none_or(|zero| zero > upper);
        self.require(good, "bad_interval", &place, "适度区间应为：零分下限 < 下限 ≤ 上限 < 零分上限");
    }

    pub(super) fn imputation(&mut self, imputation: &Imputation, place: &str) {
        match imputation {
            Imputation::GroupMean { by: Some(by) } | Imputation::GroupMedian { by: Some(by) } => {
                self.attribute(by, place);
            }
            Imputation::GroupModel { by, on } => {
                self.column(on, place);
                if let Some(by) = by {
                    self.attribute(by, place);
                }
            }
            Imputation::None
            | Imputation::GroupMean { by: None }
            | Imputation::GroupMedian { by: None }
            | Imputation::LastYear
            | Imputation::Linear => {}
        }
    }

    pub(super) fn treatment(&mut self, treatment: &Treatment, place: &str) {
        match treatment {
            Treatment::None => {}
            Treatment::Skew { offset, .. } => {
                self.within(*offset, 1e-9, 1.0, place);
            }
            Treatment::Percentile { lower, upper } => {
                let good = *lower >= 0.0 && lower < upper && *upper <= 100.0;
                self.require(good, "out_of_range", place, "百分位应满足 0 ≤ 下 < 上 ≤ 100");
            }
        }
    }

    pub(super) fn normalisation(&mut self, normalisation: &Normalisation, place: &str) {
        match normalisation {
            Normalisation::Goalposts { low, high } => {
                self.finite(&[*low, *high], place);
                self.require(high > low, "bad_goalposts", place, "目标上界应大于下界");
            }
            Normalisation::TargetDistance { target } => self.finite(&[*target], place),
            Normalisation::ZScore { mean, sd } => {
                self.within(*mean, -1e9, 1e9, place);
                self.within(*sd, 1e-9, 1e9, place);
            }
            Normalisation::AroundMean { theta } => self.within(*theta, 0.0, 1e9, place),
            Normalisation::Score { full, rule } => {
                self.within(*full, 1e-9, 1e9, &format!("{place}/full"));
                self.scored(rule, &format!("{place}/rule"), 0);
            }
            Normalisation::MinMax
            | Normalisation::Rank
            | Normalisation::Borda
            | Normalisation::PercentileRank
            | Normalisation::RatioToBest
            | Normalisation::Vector
            | Normalisation::Sum
            | Normalisation::None => {}
        }
    }

    pub(super) fn scored(&mut self, scored: &Scored, place: &str, depth: usize) {
        if depth > RULE_DEPTH {
            self.find("too_deep", place, "评分规则嵌套过多，最多四层");
            return;
        }
        match &scored.column {
            Some(column) => self.column(column, place),
            None => {
                let plain = scored.change.is_none();
                self.require(plain, "missing_column", place, "与上年比较时请写明列名");
            }
        }
        match &scored.shape {
            Shape::Threshold { when, points, otherwise } => {
                self.comparison(when, place);
                self.points(&[*points, *otherwise], place);
            }
            Shape::Bands { bands, otherwise } => {
                self.require(!bands.is_empty(), "empty_rule", place, "请至少列出一段");
                self.points(&[*otherwise], place);
                for band in bands {
                    self.comparison(&band.when, place);
                    self.points(&[band.points], place);
                }
            }
            Shape::Piecewise { knots } => self.knots(knots, place),
            Shape::Steps { from, points, every, add, before, min, max, count: _ } => {
                self.finite(&[*from, *every], place);
                self.points(&[*points, *add, before.unwrap_or(0.0), *min, *max], place);
                self.require(every.abs() >= 1e-9, "out_of_range", place, "步长不能为零");
                self.require(min <= max, "out_of_range", place, "最低分不能高于最高分");
            }
            Shape::Categories { table } => {
                self.require(!table.is_empty(), "empty_rule", place, "请至少列出一类");
                for category in table {
                    self.finite(&[category.value], place);
                    self.points(&[category.points], place);
                }
            }
            Shape::Judged { cap } => self.within(*cap, 1e-9, 1e9, place),
            Shape::Checklist { items, cap } => {
                self.require(!items.is_empty(), "empty_rule", place, "请至少列出一项");
                self.points(&[cap.unwrap_or(0.0)], place);
                for item in items {
                    self.column(&item.column, place);
                    self.points(&[item.points], place);
                }
            }
            Shape::Any { of } | Shape::All { of } => self.several(of, place, depth),
            Shape::Sum { of, cap } => {
                self.points(&[cap.unwrap_or(0.0)], place);
                self.several(of, place, depth);
            }
        }
    }

    fn several(&mut self, of: &[Scored], place: &str, depth: usize) {
        self.require(!of.is_empty(), "empty_rule", place, "请至少列出一条规则");
        for (k, inner) in of.iter().enumerate() {
            self.scored(inner, &format!("{place}/{k}"), depth + 1);
        }
    }

    fn knots(&mut self, knots: &[[f64; 2]], place: &str) {
        for [value, points] in knots {
            self.finite(&[*value], place);
            self.points(&[*points], place);
        }
        let rising = knots.windows(2).all(|pair| pair[0][0] < pair[1][0]);
        self.require(rising && !knots.is_empty(), "bad_knots", place, "折点应按数值由小到大，至少一个");
    }

    pub(super) fn comparison(&mut self, comparison: &Comparison, place: &str) {
        self.finite(&[comparison.value], place);
    }

    fn points(&mut self, points: &[f64], place: &str) {
        for value in points {
            self.within(*value, -1e9, 1e9, place);
        }
    }
}
