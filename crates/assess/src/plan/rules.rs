//! Bonus and deduction, grades and selection.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Scored;

/// A comparison with a fixed value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The operator.
    pub is: Operator,
    /// The value compared with.
    pub value: f64,
}

/// A comparison operator; equality is on the 1e-9 grid of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// x ≥ value.
    AtLeast,
    /// x ≤ value.
    AtMost,
    /// x > value.
    Above,
    /// x < value.
    Below,
    /// x = value.
    Equal,
}

/// Bonus and deduction points on the root score, with caps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adjustments {
    /// The items.
    pub items: Vec<Adjustment>,
    /// Most bonus points in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bonus_cap: Option<f64>,
    /// Most deducted points in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deduction_cap: Option<f64>,
    /// Least score after adjusting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<f64>,
    /// Highest score after adjusting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<f64>,
}

/// One bonus or deduction; a missing figure gives no points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Unique code.
    pub code: String,
    /// Name on screen.
    #[serde(default)]
    pub name: String,
    /// Which way.
    pub kind: AdjustmentKind,
    /// Points, in scale units; the rule must name its columns.
    pub rule: Scored,
    /// Most points of this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<f64>,
}

/// Bonus (加分) or deduction (扣分).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// Points are added.
    Bonus,
    /// Points are taken away.
    Deduction,
}

/// Vetoes, cut-offs and quotas.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GradeRules {
    /// Grades, best first; the last takes every town left.
    pub grades: Vec<Grade>,
    /// What the cut-offs are compared with.
    pub rounding: Rounding,
    /// Vetoes (一票否决), judged before everything else.
    pub vetoes: Vec<Veto>,
    /// Settles ties at a quota's edge, in order.
    pub tie_breaks: Vec<TieBreak>,
}

/// A grade and what it takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Unique code, such as `excellent`.
    pub code: String,
    /// Name on screen.
    #[serde(default)]
    pub name: String,
    /// Least total score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Decimal>,
    /// Best share of the assessed towns, 0 to 1, rounded down, never more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_share: Option<Decimal>,
    /// Further floors on nodes, `bonus` or `deduction`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

/// A floor on a node's score (`bonus` and `deduction` name the adjustments).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Node code, `bonus` or `deduction`.
    pub node: String,
    /// Least score.
    pub at_least: Decimal,
}

/// Which score is compared with cut-offs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rounding {
    /// The exact score, on the 1e-9 grid of the scale.
    #[default]
    Exact,
    /// The score rounded half up in decimal.
    HalfUp {
        /// Decimal places, 0 to 9.
        places: u32,
    },
}

/// A veto: the town gets the last grade (or the one named) whatever its score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Veto {
    /// Unique code.
    pub code: String,
    /// Reason on screen, with its source.
    pub reason: String,
    /// Column of the table; a missing cell is no veto.
    pub column: String,
    /// When the veto falls.
    pub when: Comparison,
    /// Grade given; default the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
}

/// A criterion that orders towns with equal scores, more is better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TieBreak {
    /// The score of a node.
    Node(String),
    /// The figure of a column.
    Column(String),
}

/// Top K under quotas and floors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectRules {
    /// Number of places, ≥ 1.
    pub count: usize,
    /// Quotas by attribute.
    #[serde(default)]
    pub quotas: Vec<Quota>,
    /// Floors on nodes.
    #[serde(default)]
    pub floors: Vec<Condition>,
    /// Grades that may be selected; empty: all.
    #[serde(default)]
    pub grades: Vec<String>,
    /// Settles ties at the cut, in order; what stays tied is left to a person.
    #[serde(default)]
    pub tie_breaks: Vec<TieBreak>,
}

/// A quota on the towns that share an attribute's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Attribute of the table, such as `prefecture`.
    pub attribute: String,
    /// Value the quota is for; absent: each value on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Places kept for the best of these towns.
    #[serde(default)]
    pub at_least: usize,
    /// Most places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<usize>,
}
