//! The plan: indicator tree, steps, grade and selection rules. A plan is data (JSON,
//! unknown fields refused); it is checked as a whole before anything is computed.

mod check;
mod rules;
mod score;
mod steps;
mod tree;
mod weighting;

pub(crate) use check::given_total;
pub use check::{DEPTH_LIMIT, Schema};
pub use rules::{
    Adjustment, AdjustmentKind, Adjustments, Comparison, Condition, Grade, GradeRules, Operator, Quota,
    Rounding, SelectRules, TieBreak, Veto,
};
pub use score::{Band, Category, CheckItem, Scored, Shape, StepCount};
pub use steps::{Change, Imputation, Normalisation, Screen, Steps, TieMethod, Transform, Treatment};
pub use tree::{Aggregation, ConstantPolicy, Direction, Kind, Leaf, MissingPolicy, Node, Preference, Tree};
pub use weighting::{
    Ahp, AhpMatrix, AhpMethod, CombineRule, Correlation, DataForm, GroupMethod, RandomIndex, WeightMethod,
};

use serde::{Deserialize, Serialize};

use crate::sensitivity::Target;
use crate::uncertainty::Uncertainty;

/// Everything that decides how figures become scores, grades and a selection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Name of the plan, shown on every report.
    pub name: String,
    /// Year the plan assesses, if it is bound to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Indicator tree.
    pub tree: Tree,
    /// Steps from raw figures to scores.
    #[serde(default)]
    pub steps: Steps,
    /// Bonus and deduction points on the root score.
    #[serde(default)]
    pub adjustments: Adjustments,
    /// Grade rules; without grades every town stays ungraded.
    #[serde(default)]
    pub grades: GradeRules,
    /// Selection rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub select: Option<SelectRules>,
    /// What robustness and sensitivity runs vary; the evaluation does not read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<Uncertainty>,
    /// What a sensitivity run explains; default the mean rank shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
}
