//! Scoring rules that turn one town's figures into points, as assessment tables write
//! them: thresholds, bands, steps, checklists, alternatives, improvement, judgement.

use serde::{Deserialize, Serialize};

use super::{Change, Comparison};

/// A scoring shape, the column it reads and whether it reads the change on last year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scored {
    /// Column read; default the leaf's (treated) figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Read the change on last year instead of the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// How points follow.
    pub shape: Shape,
}

/// How points follow from a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    /// Points if the comparison holds, else `otherwise`.
    Threshold {
        /// The comparison.
        when: Comparison,
        /// Points if it holds.
        points: f64,
        /// Points if not.
        #[serde(default)]
        otherwise: f64,
    },
    /// The first band whose comparison holds gives its points; none gives `otherwise`.
    Bands {
        /// Bands in order.
        bands: Vec<Band>,
        /// Points outside all bands.
        #[serde(default)]
        otherwise: f64,
    },
    /// Straight lines between `[value, points]` knots, flat outside (分段计分).
    Piecewise {
        /// Knots with strictly rising values, at least one.
        knots: Vec<[f64; 2]>,
    },
    /// `points` at `from`, and `add` for each step of `every` beyond it.
    Steps {
        /// Figure where counting starts.
        from: f64,
        /// Points at `from`.
        points: f64,
        /// Size and direction of a step, not 0.
        every: f64,
        /// Points added (or taken, if negative) per step.
        add: f64,
        /// Which steps count.
        #[serde(default)]
        count: StepCount,
        /// Points when the figure lies on the other side of `from`; default `points`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<f64>,
        /// Least points.
        #[serde(default)]
        min: f64,
        /// Most points.
        max: f64,
    },
    /// Points by a table of values; a value not listed gives no score.
    Categories {
        /// The table.
        table: Vec<Category>,
    },
    /// Points as judged by a person, held within 0 and `cap` (flagged).
    Judged {
        /// Most points.
        cap: f64,
    },
    /// Points of every item whose column is yes (≥ 1), at most `cap`.
    Checklist {
        /// The items.
        items: Vec<CheckItem>,
        /// Most points; default the sum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cap: Option<f64>,
    },
    /// The best of several alternatives (OR); missing ones are skipped.
    Any {
        /// The alternatives.
        of: Vec<Scored>,
    },
    /// The least of several rules: points where all hold (AND); a missing one makes it missing.
    All {
        /// The rules.
        of: Vec<Scored>,
    },
    /// The sum of several rules, at most `cap`; a missing one makes the sum missing.
    Sum {
        /// The rules.
        of: Vec<Scored>,
        /// Most points.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cap: Option<f64>,
    },
}

/// A band and its points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// When the band applies.
    pub when: Comparison,
    /// Points of the band.
    pub points: f64,
}

/// A category and its points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Value of the cell.
    pub value: f64,
    /// Name on screen.
    #[serde(default)]
    pub label: String,
    /// Points.
    pub points: f64,
}

/// An item of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckItem {
    /// Column with 1 for yes and 0 for no.
    pub column: String,
    /// Points if yes.
    pub points: f64,
}

/// Which steps count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepCount {
    /// Complete steps only.
    #[default]
    Complete,
    /// Every step begun.
    Begun,
    /// Fractions of a step count in proportion.
    Proportional,
}
