//! Where the weights of a sibling group come from.

use serde::{Deserialize, Serialize};

/// Where the weights of a sibling group come from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WeightMethod {
    /// The `weight` of each child: shares summing to 1 within 1e-9, or integers
    /// summing to 100 or 1000. Never rescaled silently.
    #[default]
    Given,
    /// The `weight` of each child is points; divided by their sum, with a notice.
    Points,
    /// The same weight for every child.
    Equal,
    /// Shares by several experts; trimmed mean, dispersion shown (Delphi, budget).
    Experts {
        /// One row an expert, one share a child, each row summing to 1 or 100.
        rows: Vec<Vec<f64>>,
        /// Highest and lowest values dropped per child, each side.
        #[serde(default)]
        trim: usize,
    },
    /// Analytic hierarchy process (Saaty 1980).
    Ahp(Ahp),
    /// Shannon entropy (熵权法).
    Entropy {
        /// Figures used; raw must not be negative.
        #[serde(default)]
        data: DataForm,
    },
    /// CRITIC (Diakoulaki et al. 1995) on oriented min–max data.
    Critic {
        /// Correlation used.
        #[serde(default)]
        correlation: Correlation,
    },
    /// MEREC (Keshavarz-Ghorabaee et al. 2021); figures must be positive.
    Merec,
    /// Standard deviation of oriented min–max data.
    StandardDeviation,
    /// Two or more methods combined.
    Combined {
        /// The methods.
        of: Vec<WeightMethod>,
        /// How they are combined.
        rule: CombineRule,
    },
}

/// How several weight vectors become one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CombineRule {
    /// w ∝ w₁·w₂·….
    Product,
    /// Σ αₖ wₖ.
    Linear {
        /// Shares of the methods, summing to 1.
        alpha: Vec<f64>,
    },
    /// Game-theory combination: least total distance to every vector.
    Game,
}

/// Correlation coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correlation {
    /// Of values.
    #[default]
    Pearson,
    /// Of average ranks.
    Spearman,
}

/// Which figures an objective method sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataForm {
    /// Treated figures before normalising.
    #[default]
    Raw,
    /// Oriented min–max on [0, 1].
    MinMax,
}

/// AHP judgements and how they are used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ahp {
    /// One matrix an expert.
    pub matrices: Vec<AhpMatrix>,
    /// How priorities are found.
    #[serde(default)]
    pub method: AhpMethod,
    /// How experts are joined.
    #[serde(default)]
    pub group: GroupMethod,
    /// Random index.
    #[serde(default)]
    pub random_index: RandomIndex,
    /// Why a person uses judgements with CR > 0.1; without it they are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

/// One expert's judgements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AhpMatrix {
    /// Name or number of the expert.
    #[serde(default)]
    pub expert: String,
    /// Weight of the expert, > 0.
    #[serde(default = "one")]
    pub weight: f64,
    /// Square matrix in child order; `null` for a judgement not given (Harker 1987).
    pub rows: Vec<Vec<Option<f64>>>,
}

fn one() -> f64 {
    1.0
}

/// How priorities are found from a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AhpMethod {
    /// Principal eigenvector.
    #[default]
    Eigenvector,
    /// Row geometric mean.
    GeometricMean,
}

/// How experts are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupMethod {
    /// Geometric mean of judgements (AIJ).
    #[default]
    Judgements,
    /// Geometric mean of priorities (AIP).
    Priorities,
}

/// Named random-index table for the consistency ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RandomIndex {
    /// Saaty (1980) for n ≤ 10, then Alonso & Lamata (2006).
    #[default]
    Saaty,
    /// CR = (λ − n)/(1.7699 n − 4.3513) for every n ≥ 3 (Alonso & Lamata 2006).
    AlonsoLamata,
}
