//! Composite-indicator mathematics: a table of figures and an indicator plan become
//! scores, ranks, grades and a selection, with a statement of how firm they are.
//!
//! The crate is pure: no files, no clock, no global state. The same input and seed
//! give the same bytes whatever the number of threads, vector width or build profile.

#![deny(missing_docs)]
#![deny(unsafe_code)]

pub mod control;
pub mod error;
pub mod plan;
pub mod result;
pub mod robustness;
pub mod sensitivity;
pub mod table;
pub mod uncertainty;
pub mod weights;

mod aggregate;
mod agreement;
mod columns;
mod compare;
mod decide;
mod digest;
mod evaluate;
mod explain;
mod figures;
mod intervals;
mod json;
mod kernel;
mod leave;
mod maths;
mod normalise;
mod random;
mod rank;
mod reasons;
mod schema;
mod stage;
mod statistics;
mod topsis;
mod totals;

pub use agreement::{Agreement, Intraclass, agreement};
pub use compare::{Change, Comparison, WeightChange, compare};
pub use control::{Control, Progress};
pub use error::{EvalError, Finding, Notice, NoticeCode};
pub use evaluate::{ENGINE, evaluate, evaluate_with};
pub use explain::{
    AdjustmentPoints, Contribution, Explainer, Explanation, Lift, NextGrade, ShareRule, explain,
};
pub use intervals::{Interval, Swap, swaps, weight_intervals};
pub use json::{number, to_json, to_json_pretty};
pub use leave::{LeftOut, leave_one_out};
pub use plan::{
    Aggregation, Direction, GradeRules, Leaf, MissingPolicy, Node, Normalisation, Plan, SelectRules, Steps,
    Tree, WeightMethod,
};
pub use result::Evaluation;
pub use robustness::{RankCounts, Robustness, TownRobustness, robustness};
pub use schema::schema;
pub use sensitivity::{Sobol, SobolIndex, Target, sensitivity};
pub use table::{CellFlag, LeafId, Table, TownId};
pub use topsis::topsis;
pub use totals::totals;
pub use uncertainty::{Detail, StopRule, UncertainInput, Uncertainty};
pub use weights::{Weights, plan_weights, plan_weights_with, weights};
