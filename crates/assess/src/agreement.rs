//! Agreement of raters: Kendall's coefficient of concordance and the six intraclass
//! correlations of Shrout & Fleiss (1979).

use serde::{Deserialize, Serialize};

use crate::error::EvalError;
use crate::evaluate::ENGINE;
use crate::rank::rising_ranks;
use crate::statistics::mean;
use crate::table::Table;

/// Agreement of the raters (columns) about the towns (rows).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Version of the engine.
    pub engine: String,
    /// SHA-256 of the canonical table, hexadecimal.
    pub input_digest: String,
    /// Number of towns rated.
    pub towns: usize,
    /// Number of raters.
    pub raters: usize,
    /// Kendall's W, 0 to 1, corrected for ties; `null` when every rater ties all towns.
    pub kendall_w: Option<f64>,
    /// Friedman's χ² = k(n − 1)W, with n − 1 degrees of freedom.
    pub chi_square: Option<f64>,
    /// Degrees of freedom of χ².
    pub degrees: usize,
    /// The six intraclass correlations; `null` without variance.
    pub intraclass: Option<Intraclass>,
}

/// Intraclass correlations; at most 1, negative when raters disagree more than by chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intraclass {
    /// ICC(1,1): raters differ from town to town, one rating.
    pub one_single: Option<f64>,
    /// ICC(2,1): the same raters, drawn from many; absolute agreement of one rating.
    pub two_single: Option<f64>,
    /// ICC(3,1): these raters only; consistency of one rating.
    pub three_single: Option<f64>,
    /// ICC(1,k): mean of the raters, one-way.
    pub one_mean: Option<f64>,
    /// ICC(2,k): mean of the raters, absolute agreement.
    pub two_mean: Option<f64>,
    /// ICC(3,k): mean of the raters, consistency.
    pub three_mean: Option<f64>,
    /// Mean square between towns.
    pub between_towns: f64,
    /// Mean square within towns.
    pub within_towns: f64,
    /// Mean square between raters.
    pub between_raters: f64,
    /// Residual mean square.
    pub residual: f64,
}

/// Agreement of all columns of a table about its towns.
///
/// # Errors
/// [`EvalError::Table`] for fewer than two towns or raters, or a missing rating.
pub fn agreement(table: &Table) -> Result<Agreement, EvalError> {
    let (n, k) = (table.towns().len(), table.leaves().len());
    if n < 2 || k < 2 {
        let message = "一致性检验至少需要两个城镇和两位评分人";
        return Err(EvalError::table("too_few_ratings", "table", message));
    }
    let columns: Vec<&[f64]> = (0..k).map(|j| table.column(j)).collect();
    for (j, column) in columns.iter().enumerate() {
        if let Some(i) = column.iter().position(|x| x.is_nan()) {
            let place = format!("{}/{}", table.towns()[i].0, table.leaves()[j].0);
            return Err(EvalError::table("missing_rating", place, "缺少评分，请补充后再检验"));
        }
    }
    let kendall_w = kendall(&columns, n);
    Ok(Agreement {
        engine: ENGINE.to_owned(),
        input_digest: table.digest(),
        towns: n,
        raters: k,
        kendall_w,
        chi_square: kendall_w.map(|w| w * k as f64 * (n as f64 - 1.0)),
        degrees: n - 1,
        intraclass: intraclass(&columns, n),
    })
}

/// W = 12 S / (k²(n³ − n) − k Σ(t³ − t)).
fn kendall(columns: &[&[f64]], n: usize) -> Option<f64> {
    let k = columns.len() as f64;
    let size = n as f64;
    let mut sums = vec![0.0; n];
    let mut ties = 0.0;
    for column in columns {
        let ranks = rising_ranks(column);
        let mut sorted = ranks.clone();
        sorted.sort_by(f64::total_cmp);
        for run in sorted.chunk_by(|a, b| a == b) {
            let t = run.len() as f64;
            ties += t * t * t - t;
        }
        for (sum, rank) in sums.iter_mut().zip(ranks) {
            *sum += rank;
        }
    }
    let centre = k * (size + 1.0) / 2.0;
    let squares: f64 = sums.iter().map(|sum| (sum - centre) * (sum - centre)).sum();
    let most = k * k * (size * size * size - size) - k * ties;
    (most > 0.0).then(|| (12.0 * squares / most).clamp(0.0, 1.0))
}

/// Two-way analysis of variance without repetition.
fn intraclass(columns: &[&[f64]], n: usize) -> Option<Intraclass> {
    let (k, size) = (columns.len() as f64, n as f64);
    let all: Vec<f64> = columns.iter().flat_map(|column| column.iter().copied()).collect();
    let grand = mean(&all)?;
    let square = |x: f64| x * x;
    let town_mean = |i: usize| columns.iter().map(|column| column[i] - grand).sum::<f64>() / k;
    let towns: f64 = (0..n).map(|i| square(town_mean(i))).sum::<f64>() * k;
    let rater_means = columns.iter().map(|c| c.iter().map(|x| x - grand).sum::<f64>() / size);
    let raters: f64 = rater_means.map(square).sum::<f64>() * size;
    let whole: f64 = all.iter().map(|x| square(x - grand)).sum();
    let between = towns / (size - 1.0);
    let within = (whole - towns).max(0.0) / (size * (k - 1.0));
    let judges = raters / (k - 1.0);
    let residual = (whole - towns - raters).max(0.0) / ((size - 1.0) * (k - 1.0));
    if whole <= 0.0 || !whole.is_finite() {
        return None;
    }
    let ratio = |top: f64, bottom: f64| Some(top / bottom).filter(|icc| icc.is_finite());
    let judged = k * (judges - residual) / size;
    Some(Intraclass {
        one_single: ratio(between - within, between + (k - 1.0) * within),
        two_single: ratio(between - residual, between + (k - 1.0) * residual + judged),
        three_single: ratio(between - residual, between + (k - 1.0) * residual),
        one_mean: ratio(between - within, between),
        two_mean: ratio(between - residual, between + (judges - residual) / size),
        three_mean: ratio(between - residual, between),
        between_towns: between,
        within_towns: within,
        between_raters: judges,
        residual,
    })
}
