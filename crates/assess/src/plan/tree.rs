//! The indicator tree and what each node says about its children.

use serde::{Deserialize, Serialize};

use super::{Change, Imputation, Normalisation, Transform, Treatment, WeightMethod};

/// A rooted tree of indicators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tree {
    /// The node that carries the total score.
    pub root: Node,
}

/// A node: either a leaf (`leaf` is set) or a group (`children` is not empty).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Unique code in the tree.
    pub code: String,
    /// Name on screen.
    #[serde(default)]
    pub name: String,
    /// Weight among siblings: shares that sum to 1, or integers that sum to 100 or 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// How the weights of the children come about; default [`super::Steps::weights`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<WeightMethod>,
    /// How the children are put together.
    #[serde(default)]
    pub aggregation: Aggregation,
    /// What a missing child means.
    #[serde(default)]
    pub missing: MissingPolicy,
    /// Children of a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
    /// Measurement of a leaf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<Leaf>,
}

/// How a leaf is measured and scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// Column of the table; default the node's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Which way is better.
    #[serde(default)]
    pub direction: Direction,
    /// Unit of the column, for reports.
    #[serde(default)]
    pub unit: String,
    /// Kind of figure, for reports.
    #[serde(default)]
    pub kind: Kind,
    /// Column to divide by first; zero or missing makes the cell missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// Replace the figure by its change on last year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// Transformation before normalising.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transform: Option<Transform>,
    /// Imputation; default that of the steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imputation: Option<Imputation>,
    /// Outlier treatment; default that of the steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<Treatment>,
    /// Normalisation or scoring rule; default that of the steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalisation: Option<Normalisation>,
    /// What a column without differences gives.
    #[serde(default)]
    pub constant: ConstantPolicy,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Direction {
    /// More is better.
    #[default]
    Benefit,
    /// Less is better.
    Cost,
    /// Best within `[lower, upper]` (适度指标), falling linearly to zero at `zero_below`
    /// and `zero_above` (default: the least and greatest value of the towns).
    Interval {
        /// Lower end of the best range, in the column's unit.
        lower: f64,
        /// Upper end of the best range, in the column's unit.
        upper: f64,
        /// Value below which the score is zero.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zero_below: Option<f64>,
        /// Value above which the score is zero.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zero_above: Option<f64>,
    },
}

/// Kind of figure, for reports and forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A measured quantity.
    #[default]
    Measured,
    /// A score given by experts.
    Expert,
    /// 1 for yes, 0 for no.
    YesNo,
    /// A count.
    Count,
}

/// What a column without differences gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstantPolicy {
    /// The score is missing.
    #[default]
    Missing,
    /// Every town gets the middle of the scale.
    Neutral,
}

/// What a missing child means at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingPolicy {
    /// Divide by the weights present; coverage is shown.
    #[default]
    Renormalise,
    /// Count the bottom of the scale.
    Zero,
    /// The node has no score for this town.
    Refuse,
}

/// How a node puts its children together. Every method yields scores on the plan's
/// scale, more is better.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Aggregation {
    /// Σ w u.
    #[default]
    Arithmetic,
    /// exp Σ w ln u; `floor` lifts scores below it (shown).
    Geometric {
        /// Least score counted, in scale units above the bottom of the scale.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        floor: Option<f64>,
    },
    /// (Σ w / u)⁻¹; `floor` as for geometric.
    Harmonic {
        /// Least score counted, in scale units above the bottom of the scale.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        floor: Option<f64>,
    },
    /// (Σ w uᵖ)^(1/p), p ≠ 0.
    Power {
        /// Exponent, −20 to 20.
        p: f64,
    },
    /// Ordered weighted averaging: `order` weighs the best child first.
    Owa {
        /// Order weights, one a child, summing to 1.
        order: Vec<f64>,
    },
    /// The least child.
    Minimum,
    /// Closeness d⁻/(d⁺+d⁻) to the ideal (Hwang & Yoon 1981).
    Topsis,
    /// 1 − Q with the weight `v` of group utility (Opricovic 1998).
    Vikor {
        /// Weight of group utility, 0 to 1, usually 0.5.
        v: f64,
    },
    /// λ weighted sum + (1−λ) weighted product (Zavadskas et al. 2012).
    Waspas {
        /// Share of the weighted sum, 0 to 1, usually 0.5.
        lambda: f64,
    },
    /// PROMETHEE II net flow (Brans & Vincke 1985).
    Promethee {
        /// Preference function for every child.
        #[serde(default)]
        preference: Preference,
    },
    /// Weighted pairwise majority: wins minus losses.
    Copeland,
    /// Weighted Borda count.
    Borda,
    /// Median of the scores given by several methods.
    Median {
        /// The methods, none of them a median.
        of: Vec<Aggregation>,
    },
}

/// PROMETHEE preference function of a difference d, thresholds in scale units.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Preference {
    /// 1 if d > 0.
    #[default]
    Usual,
    /// 0 up to `q`, 1 from `p`, linear between.
    Linear {
        /// Indifference threshold, ≥ 0.
        q: f64,
        /// Preference threshold, > q.
        p: f64,
    },
}
