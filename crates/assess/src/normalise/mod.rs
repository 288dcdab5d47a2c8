//! From figures to scores on the plan's scale, oriented so that more is better
//! (vector and sum keep a cost's sign and say so).

mod points;

use crate::error::{EvalError, Notice, NoticeCode};
use crate::plan::{ConstantPolicy, Direction, Leaf, Node, Normalisation};
use crate::rank::rising_ranks;
use crate::statistics::{deviation, is_constant, mean, present, range, sum_by};
use crate::table::{CellFlag, Table};

pub(crate) use points::points;

/// Scores of one leaf.
#[derive(Debug, Clone)]
pub(crate) struct Scores {
    /// Score a town, NaN where missing.
    pub(crate) values: Vec<f64>,
    /// The sign of a cost was kept.
    pub(crate) cost: bool,
}

/// What normalising a leaf needs beside its figures.
pub(crate) struct Normaliser<'a> {
    pub(crate) table: &'a Table,
    pub(crate) node: &'a Node,
    pub(crate) leaf: &'a Leaf,
    pub(crate) method: &'a Normalisation,
    pub(crate) scale: [f64; 2],
}

/// A score on [0, 1] before it is spread over the scale.
type Unit = f64;

impl Normaliser<'_> {
    /// Scores of the figures; flags of clamped cells are set.
    pub(crate) fn scores(
        &self,
        figures: &[f64],
        flags: &mut [CellFlag],
        notices: &mut Vec<Notice>,
    ) -> Result<Scores, EvalError> {
        let mut values = match self.method {
            Normalisation::Goalposts { .. } | Normalisation::None | Normalisation::Score { .. } => {
                self.fixed(figures, flags, notices)
            }
            _ => {
                self.refuse_negative(figures)?;
                self.relative(figures, notices)
            }
        };
        for value in values.iter_mut().filter(|x| !x.is_finite()) {
            *value = f64::NAN;
        }
        let keeps_sign = matches!(self.method, Normalisation::Vector | Normalisation::Sum);
        Ok(Scores { values, cost: keeps_sign && self.leaf.direction == Direction::Cost })
    }

    /// Ratios and sums have no meaning for negative figures.
    fn refuse_negative(&self, figures: &[f64]) -> Result<(), EvalError> {
        let interval = matches!(self.leaf.direction, Direction::Interval { .. });
        let bad = |x: f64| match self.method {
            _ if interval => false,
            Normalisation::RatioToBest if self.is_cost() => x <= 0.0,
            Normalisation::RatioToBest | Normalisation::Sum => x < 0.0,
            _ => false,
        };
        let Some(i) = figures.iter().position(|x| bad(*x)) else {
            return Ok(());
        };
        let (town, code) = (&self.table.towns()[i].0, &self.node.code);
        let message = format!("“{town}”的“{code}”为零或负，不能按比例计分，请改用极差法");
        Err(EvalError::value("negative_in_ratio", Some(town), Some(code), message))
    }

    /// Methods that judge each town by itself.
    fn fixed(&self, figures: &[f64], flags: &mut [CellFlag], notices: &mut Vec<Notice>) -> Vec<f64> {
        let mut clamped = 0;
        let values = (0..figures.len())
            .map(|i| {
                let (value, is_clamped) = self.fixed_one(figures[i], i);
                if is_clamped {
                    flags[i] = CellFlag::Clamped;
                    clamped += 1;
                }
                value
            })
            .collect();
        if clamped > 0 {
            let message = format!("{clamped} 个数据超出界限，按界限计分");
            notices.push(Notice::node(NoticeCode::Clamped, &self.node.code, message));
        }
        values
    }

    fn fixed_one(&self, figure: f64, town: usize) -> (f64, bool) {
        let [low, high] = self.scale;
        match self.method {
            Normalisation::Goalposts { low: g0, high: g1 } => {
                let unit = self.oriented_linear(figure, *g0, *g1);
                (self.spread(unit.clamp(0.0, 1.0)), !(0.0..=1.0).contains(&unit) && !unit.is_nan())
            }
            Normalisation::Score { full, rule } => {
                let (points, is_clamped) = points(self.table, rule, Some(figure), town);
                (self.spread(points / full), is_clamped)
            }
            _ => {
                let inside = figure.clamp(low, high);
                let oriented = match self.leaf.direction {
                    Direction::Cost => low + high - inside,
                    Direction::Benefit | Direction::Interval { .. } => inside,
                };
                (oriented, inside != figure && !figure.is_nan())
            }
        }
    }

    /// Methods that compare a town with the others.
    fn relative(&self, figures: &[f64], notices: &mut Vec<Notice>) -> Vec<f64> {
        let Some((low, high)) = range(figures) else {
            return figures.to_vec();
        };
        let zero = low == 0.0 && high == 0.0;
        if is_constant(low, high) && (self.needs_differences() || zero) {
            return self.constant(figures, notices);
        }
        let figures = &self.interval_first(figures, low, high);
        let (low, high) = range(figures).unwrap_or((low, high));
        let zero = low == 0.0 && high == 0.0;
        if is_constant(low, high) && (self.needs_differences() || zero) {
            return self.constant(figures, notices);
        }
        match self.method {
            Normalisation::ZScore { mean, sd } => self.z_scores(figures, *mean, *sd),
            Normalisation::Rank => self.ranks(figures),
            Normalisation::Vector => {
                let peak = low.abs().max(high.abs());
                let sum = sum_by(&present(figures), |x| (x / peak) * (x / peak));
                let norm = peak * sum.sqrt();
                figures.iter().map(|x| x / norm).collect()
            }
            Normalisation::Sum => {
                let total = sum_by(&present(figures), |x| x);
                figures.iter().map(|x| x / total).collect()
            }
            _ => {
                let units = self.units(figures, low, high);
                units.into_iter().map(|unit| self.spread(unit)).collect()
            }
        }
    }

    /// Whether equal figures leave the method without a meaning.
    fn needs_differences(&self) -> bool {
        !matches!(
            self.method,
            Normalisation::RatioToBest
                | Normalisation::Vector
                | Normalisation::Sum
                | Normalisation::AroundMean { .. }
        )
    }

    fn constant(&self, figures: &[f64], notices: &mut Vec<Notice>) -> Vec<f64> {
        let message = "各城镇数值相同，不能区分";
        notices.push(Notice::node(NoticeCode::ConstantIndicator, &self.node.code, message));
        let middle = match (self.leaf.constant, self.method) {
            (ConstantPolicy::Missing, _) => f64::NAN,
            (ConstantPolicy::Neutral, Normalisation::ZScore { mean, .. }) => *mean,
            (ConstantPolicy::Neutral, Normalisation::Rank) => (figures.len() + 1) as f64 / 2.0,
            (ConstantPolicy::Neutral, _) => self.spread(0.5),
        };
        let fill = |x: &f64| if x.is_nan() { f64::NAN } else { middle };
        figures.iter().map(fill).collect()
    }

    /// An interval indicator becomes its closeness to the best range, a benefit.
    fn interval_first(&self, figures: &[f64], low: f64, high: f64) -> Vec<f64> {
        match self.leaf.direction {
            Direction::Interval { .. } => {
                figures.iter().map(|x| interval(&self.leaf.direction, *x, low, high)).collect()
            }
            Direction::Benefit | Direction::Cost => figures.to_vec(),
        }
    }

    fn is_cost(&self) -> bool {
        self.leaf.direction == Direction::Cost
    }

    fn oriented_linear(&self, x: f64, low: f64, high: f64) -> Unit {
        match self.leaf.direction {
            Direction::Benefit => (x - low) / (high - low),
            Direction::Cost => 1.0 - (x - low) / (high - low),
            Direction::Interval { .. } => interval(&self.leaf.direction, x, low, high),
        }
    }

    fn units(&self, figures: &[f64], low: f64, high: f64) -> Vec<Unit> {
        match self.method {
            Normalisation::MinMax if matches!(self.leaf.direction, Direction::Interval { .. }) => {
                figures.to_vec()
            }
            Normalisation::MinMax => {
                let width = high - low;
                if self.is_cost() {
                    figures.iter().map(|x| 1.0 - (x - low) / width).collect()
                } else {
                    figures.iter().map(|x| (x - low) / width).collect()
                }
            }
            Normalisation::TargetDistance { target } => {
                let far = (low - target).abs().max((high - target).abs());
                figures.iter().map(|x| 1.0 - (x - target).abs() / far).collect()
            }
            Normalisation::RatioToBest => self.ratios(figures, low, high),
            Normalisation::AroundMean { theta } => self.around_mean(figures, *theta),
            _ => self.rank_units(figures),
        }
    }

    fn ratios(&self, figures: &[f64], low: f64, high: f64) -> Vec<Unit> {
        if self.is_cost() {
            let ratio = |x: &f64| if *x > 0.0 { low / x } else { f64::NAN };
            return figures.iter().map(ratio).collect();
        }
        let ratio = |x: &f64| if high > 0.0 { x / high } else { 0.0 * x };
        figures.iter().map(ratio).collect()
    }

    fn around_mean(&self, figures: &[f64], theta: f64) -> Vec<Unit> {
        let centre = mean(&present(figures)).unwrap_or(0.0);
        let half = theta * centre.abs();
        let unit = |x: &f64| {
            let above = if self.is_cost() { centre - x } else { x - centre };
            match above {
                d if d.is_nan() => f64::NAN,
                d if d > half => 1.0,
                d if d < -half => 0.0,
                _ => 0.5,
            }
        };
        figures.iter().map(unit).collect()
    }

    /// Borda and percentile rank.
    fn rank_units(&self, figures: &[f64]) -> Vec<Unit> {
        let others = (present(figures).len() - 1) as f64;
        let ranks = self.rising(figures);
        ranks.into_iter().map(|rank| (rank - 1.0) / others).collect()
    }

    fn ranks(&self, figures: &[f64]) -> Vec<f64> {
        self.rising(figures)
    }

    /// Average ranks from the worst (1).
    fn rising(&self, figures: &[f64]) -> Vec<f64> {
        if self.is_cost() {
            let negated: Vec<f64> = figures.iter().map(|x| -x).collect();
            return rising_ranks(&negated);
        }
        rising_ranks(figures)
    }

    fn z_scores(&self, figures: &[f64], to_mean: f64, to_sd: f64) -> Vec<f64> {
        let known = present(figures);
        let (Some(centre), Some(sd)) = (mean(&known), deviation(&known)) else {
            return vec![f64::NAN; figures.len()];
        };
        let sign = if self.is_cost() { -1.0 } else { 1.0 };
        figures.iter().map(|x| to_mean + to_sd * sign * (x - centre) / sd).collect()
    }

    fn spread(&self, unit: Unit) -> f64 {
        let [low, high] = self.scale;
        low + (high - low) * unit
    }
}

/// Closeness to the best range: 1 inside, falling linearly to 0 at the bounds.
fn interval(direction: &Direction, x: f64, low: f64, high: f64) -> Unit {
    let Direction::Interval { lower, upper, zero_below, zero_above } = *direction else {
        return f64::NAN;
    };
    if x.is_nan() || (lower..=upper).contains(&x) {
        return if x.is_nan() { f64::NAN } else { 1.0 };
    }
    if x < lower {
        let zero = zero_below.unwrap_or(low);
        return ((x - zero) / (lower - zero)).clamp(0.0, 1.0);
    }
    let zero = zero_above.unwrap_or(high);
    ((zero - x) / (zero - upper)).clamp(0.0, 1.0)
}

/// Oriented min–max on [0, 1] of figures, as CRITIC, entropy and deviations use them;
/// a constant column gives zeros.
pub(crate) fn min_max(figures: &[f64], direction: &Direction) -> Vec<f64> {
    let Some((low, high)) = range(figures) else {
        return figures.to_vec();
    };
    if let Direction::Interval { .. } = direction {
        return figures.iter().map(|x| interval(direction, *x, low, high)).collect();
    }
    if is_constant(low, high) {
        return figures.iter().map(|x| 0.0 * x).collect();
    }
    let width = high - low;
    match direction {
        Direction::Cost => figures.iter().map(|x| (high - x) / width).collect(),
        _ => figures.iter().map(|x| (x - low) / width).collect(),
    }
}
