//! The optional steps between the table and the tree, each recorded in the result.

use serde::{Deserialize, Serialize};

use super::{Scored, WeightMethod};

/// Defaults of the steps for every leaf and node that does not say otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Steps {
    /// Bottom and top of the scale of scores.
    pub scale: [f64; 2],
    /// Coverage thresholds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen: Option<Screen>,
    /// How missing cells are filled.
    pub imputation: Imputation,
    /// How outliers are treated.
    pub treatment: Treatment,
    /// How columns become comparable.
    pub normalisation: Normalisation,
    /// Where weights come from.
    pub weights: WeightMethod,
    /// How tied towns are ranked.
    pub ties: TieMethod,
}

impl Default for Steps {
    fn default() -> Steps {
        Steps {
            scale: [0.0, 100.0],
            screen: None,
            imputation: Imputation::None,
            treatment: Treatment::None,
            normalisation: Normalisation::MinMax,
            weights: WeightMethod::Given,
            ties: TieMethod::Min,
        }
    }
}

/// Coverage below which a town or an indicator is out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Least share of leaves a town must have, 0 to 1.
    #[serde(default)]
    pub town_coverage: f64,
    /// Least share of towns an indicator must have, 0 to 1.
    #[serde(default)]
    pub leaf_coverage: f64,
    /// Count leaves by their weight rather than by number.
    #[serde(default)]
    pub weighted: bool,
}

/// How missing cells are filled; the flag stays on the cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Imputation {
    /// Left missing.
    #[default]
    None,
    /// Mean of the towns with the same value of an attribute (all towns if none).
    GroupMean {
        /// Attribute of the table.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// Median of the towns with the same value of an attribute (all towns if none).
    GroupMedian {
        /// Attribute of the table.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// The latest earlier year that has the cell.
    LastYear,
    /// Straight line through the two nearest earlier years.
    Linear,
    /// Least-squares line on another column within the group.
    GroupModel {
        /// Attribute of the table that forms groups (all towns if none).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// Column the missing one is predicted from.
        on: String,
    },
}

/// How outliers are treated.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Treatment {
    /// Not at all.
    #[default]
    None,
    /// Winsorise one at a time while |skew| > 2 and kurtosis > 3.5, at most `max`
    /// values, else log(x − min + a·range) (COINr, sample skew G1 and kurtosis G2).
    Skew {
        /// Most values winsorised.
        #[serde(default = "default_winsor")]
        max: usize,
        /// Offset of the logarithm as a share of the range, 0 to 1.
        #[serde(default = "default_offset")]
        offset: f64,
    },
    /// Clamp to two percentiles (linear interpolation, type 7).
    Percentile {
        /// Lower percentile, 0 to 100.
        lower: f64,
        /// Upper percentile, 0 to 100.
        upper: f64,
    },
}

fn default_winsor() -> usize {
    5
}

fn default_offset() -> f64 {
    0.01
}

/// Transformation before normalising.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Transform {
    /// ln(x + offset); x + offset must be positive.
    Log {
        /// Added before the logarithm, in the column's unit.
        #[serde(default)]
        offset: f64,
    },
    /// (x^λ − 1)/λ, ln x for λ = 0; x must be positive (Box & Cox 1964).
    BoxCox {
        /// Exponent, −5 to 5.
        lambda: f64,
    },
}

/// Change on last year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// This year minus last year, in the column's unit.
    Difference,
    /// 100·(this year / last year − 1), in per cent.
    Percent,
}

/// How a column becomes comparable. Formulas are for a benefit indicator on [0, 1];
/// the result is spread over the plan's scale unless stated.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Normalisation {
    /// (x − min)/(max − min).
    #[default]
    MinMax,
    /// (x − low)/(high − low), clamped and flagged (UNDP HDI).
    Goalposts {
        /// Value that scores zero for a benefit indicator.
        low: f64,
        /// Value that scores full marks for a benefit indicator.
        high: f64,
    },
    /// 1 − |x − target| / max |x − target|.
    TargetDistance {
        /// Best value, in the column's unit.
        target: f64,
    },
    /// (x − mean)/sd with n − 1, brought to the mean and sd asked; not spread.
    ZScore {
        /// Mean of the scores.
        #[serde(default)]
        mean: f64,
        /// Standard deviation of the scores, > 0.
        #[serde(default = "one")]
        sd: f64,
    },
    /// Rank from the bottom, average for ties: 1 … m; not spread.
    Rank,
    /// (m − rank)/(m − 1).
    Borda,
    /// Share of the other towns that are not better, ties half.
    PercentileRank,
    /// x/max, min/x for a cost; x must not be negative (positive for a cost).
    RatioToBest,
    /// x/√Σx²; a cost keeps its sign and swaps the ideals; not spread.
    Vector,
    /// x/Σx; a cost keeps its sign and swaps the ideals; not spread.
    Sum,
    /// 1 above mean·(1+θ), ½ between, 0 below mean·(1−θ).
    AroundMean {
        /// Half width of the neutral band as a share of the mean, ≥ 0.
        theta: f64,
    },
    /// Points by a scoring rule, divided by the full points.
    Score {
        /// Full points, > 0.
        full: f64,
        /// The rule.
        rule: Scored,
    },
    /// The figure is already on the plan's scale; outside it is clamped and flagged.
    None,
}

fn one() -> f64 {
    1.0
}

/// How tied towns are ranked. Input order never decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieMethod {
    /// Competition ranks: 1, 2, 2, 4.
    #[default]
    Min,
    /// Dense ranks: 1, 2, 2, 3.
    Dense,
    /// Average ranks: 1, 2.5, 2.5, 4.
    Average,
}
