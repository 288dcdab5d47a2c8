//! What can be wrong with input, and what the reader of a result must be told.
//! Codes are stable and English; messages are for the screen and Chinese.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing wrong with a plan or a table, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Stable snake_case code.
    pub code: String,
    /// Where: a path in the plan (`tree/economy/gdp`) or `town/column` of the table.
    pub place: String,
    /// Chinese sentence: what is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding with code, place and message.
    pub fn new(code: &str, place: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding { code: code.to_owned(), place: place.into(), message: message.into() }
    }
}

/// Why nothing was computed. No variant carries a partial result.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum EvalError {
    /// The plan breaks its own rules.
    Plan {
        /// Every finding, in tree order.
        findings: Vec<Finding>,
    },
    /// The table breaks its rules or does not fit the plan.
    Table {
        /// Every finding, in column order, at most 1,000.
        findings: Vec<Finding>,
    },
    /// A method cannot take this value.
    Value {
        /// Stable snake_case code, such as `negative_in_geometric`.
        code: String,
        /// Town concerned.
        town: Option<String>,
        /// Indicator or node concerned.
        indicator: Option<String>,
        /// Chinese sentence: what is wrong and what to do.
        message: String,
    },
    /// Beyond a stated limit; refused before allocating.
    Limit {
        /// What is counted: `cells`, `draws`, `runs`, …
        what: String,
        /// The size asked for.
        asked: u64,
        /// The largest size allowed.
        limit: u64,
    },
    /// Stopped through [`crate::Control::cancel`].
    Cancelled,
}

impl EvalError {
    /// One finding against the plan.
    pub fn plan(code: &str, place: impl Into<String>, message: impl Into<String>) -> EvalError {
        EvalError::Plan { findings: vec![Finding::new(code, place, message)] }
    }

    /// One finding against the table.
    pub fn table(code: &str, place: impl Into<String>, message: impl Into<String>) -> EvalError {
        EvalError::Table { findings: vec![Finding::new(code, place, message)] }
    }

    /// A value a method cannot take.
    pub fn value(
        code: &str,
        town: Option<&str>,
        indicator: Option<&str>,
        message: impl Into<String>,
    ) -> EvalError {
        EvalError::Value {
            code: code.to_owned(),
            town: town.map(str::to_owned),
            indicator: indicator.map(str::to_owned),
            message: message.into(),
        }
    }

    /// Refuses `asked` when it exceeds `limit`.
    pub fn limit(what: &str, asked: u64, limit: u64) -> Result<(), EvalError> {
        if asked <= limit {
            return Ok(());
        }
        Err(EvalError::Limit { what: what.to_owned(), asked, limit })
    }

    /// The same problem as findings, for a caller that lists them.
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            EvalError::Plan { findings } | EvalError::Table { findings } => findings.clone(),
            EvalError::Value { code, town, indicator, message } => {
                let place = [town.as_deref(), indicator.as_deref()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join("/");
                vec![Finding::new(code, place, message.clone())]
            }
            EvalError::Limit { what, .. } => {
                vec![Finding::new("limit", what.clone(), self.to_string())]
            }
            EvalError::Cancelled => vec![Finding::new("cancelled", "", self.to_string())],
        }
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvalError::Plan { findings } | EvalError::Table { findings } => {
                let lines: Vec<String> =
                    findings.iter().map(|x| format!("{}：{}", x.place, x.message)).collect();
                f.write_str(&lines.join("；"))
            }
            EvalError::Value { message, .. } => f.write_str(message),
            EvalError::Limit { what, asked, limit } => {
                write!(f, "规模超出限制：{what} 为 {asked}，上限 {limit}，请缩小后重试")
            }
            EvalError::Cancelled => f.write_str("计算已取消"),
        }
    }
}

impl std::error::Error for EvalError {}

/// Kinds of notice. A notice never stops a run; it must be shown with the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeCode {
    /// Every town has the same value: the score is missing, or neutral if so asked.
    ConstantIndicator,
    /// No column tells towns apart: weights are equal.
    NoInformation,
    /// A zero made a geometric or harmonic mean zero.
    ZeroInProduct,
    /// A zero or negative score was lifted to the stated floor.
    FloorApplied,
    /// TOPSIS, VIKOR or another method found all towns equal.
    AllEqual,
    /// A denominator was zero or missing; the cell became missing.
    ZeroDenominator,
    /// A unit or indicator fell below the coverage threshold.
    ScreenedOut,
    /// A cell was imputed.
    Imputed,
    /// Outliers were winsorised or the column was transformed.
    Treated,
    /// A value outside the goalposts or cap was clamped.
    Clamped,
    /// A missing child was skipped and weights were renormalised.
    Renormalised,
    /// A missing child counted as zero.
    MissingAsZero,
    /// A node refused to be computed because a child is missing.
    MissingRefused,
    /// Only one town takes part.
    SingleTown,
    /// Only one indicator takes part.
    SingleIndicator,
    /// As many places as towns, or more.
    EveryTownFits,
    /// Towns are tied where a grade or the selection is cut.
    TieAtCut,
    /// AHP judgements are too inconsistent to use.
    Inconsistent,
    /// The person responsible uses inconsistent judgements and says why.
    InconsistencyOverridden,
    /// A quota could not be filled.
    QuotaUnfilled,
    /// Weights are points; they were divided by their sum as the plan asks.
    PointsRescaled,
    /// Some draws failed and are not in the counts.
    FailedDraws,
    /// A bootstrap interval is wider than 0.1.
    NotConverged,
    /// The output does not vary: no input matters.
    NoVariance,
}

/// Something the reader of a result must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Kind of notice.
    pub code: NoticeCode,
    /// Town concerned, if one.
    pub town: Option<String>,
    /// Node, leaf or column concerned, if one.
    pub node: Option<String>,
    /// Chinese sentence.
    pub message: String,
}

impl Notice {
    /// A notice about a node as a whole.
    pub fn node(code: NoticeCode, node: &str, message: impl Into<String>) -> Notice {
        Notice { code, town: None, node: Some(node.to_owned()), message: message.into() }
    }

    /// A notice about one town at one node.
    pub fn town(code: NoticeCode, town: &str, node: &str, message: impl Into<String>) -> Notice {
        Notice { code, town: Some(town.to_owned()), node: Some(node.to_owned()), message: message.into() }
    }

    /// A notice about the whole run.
    pub fn run(code: NoticeCode, message: impl Into<String>) -> Notice {
        Notice { code, town: None, node: None, message: message.into() }
    }
}
