//! Shares of a parent's score, child by child, for one town.

use super::{Explainer, ShareRule};
use crate::plan::{Aggregation, MissingPolicy};
use crate::statistics::range;

/// One child that takes part: its place, weight and score above the base on [0, 1].
struct Part {
    place: usize,
    weight: f64,
    unit: f64,
}

impl Explainer<'_> {
    /// What each child adds to its parent at town `i`, in child order; NaN where the child
    /// takes no part. The parts present add up to the parent's score above the base.
    pub(super) fn shares(&self, at: usize, i: usize) -> (Vec<f64>, ShareRule) {
        let node = &self.stage.nodes[at];
        let rule = rule_of(&node.aggregation);
        let mut shares = vec![f64::NAN; node.children.len()];
        let [low, high] = self.stage.scale;
        let above = self.nodes[at][i] - low;
        let parts = self.parts(at, i);
        if parts.is_empty() || above.is_nan() {
            return (shares, rule);
        }
        let raw: Vec<f64> = match rule {
            ShareRule::Proportion => self.standings(at, i, &parts),
            _ => parts.iter().map(|part| slope(&node.aggregation, part, &parts)).collect(),
        };
        let width = high - low;
        let sum: f64 = raw.iter().sum();
        let exact = (sum * width - above).abs() <= 1e-9 * width;
        for (part, raw) in parts.iter().zip(&raw) {
            shares[part.place] = if exact {
                raw * width
            } else if sum.abs() > 0.0 {
                above * raw / sum
            } else {
                above / parts.len() as f64
            };
        }
        (shares, rule)
    }

    fn parts(&self, at: usize, i: usize) -> Vec<Part> {
        let node = &self.stage.nodes[at];
        let weights = node.weighting.as_ref().map_or(&[][..], |w| &w.values);
        let [low, high] = self.stage.scale;
        let mut parts = Vec::new();
        for (place, (child, weight)) in node.children.iter().zip(weights).enumerate() {
            let score = self.nodes[*child][i];
            let score = if score.is_nan() && node.missing == MissingPolicy::Zero { low } else { score };
            if !score.is_nan() {
                let unit = (score - low) / (high - low);
                parts.push(Part { place, weight: *weight, unit });
            }
        }
        let sum: f64 = parts.iter().map(|part| part.weight).sum();
        if sum > 0.0 {
            for part in &mut parts {
                part.weight /= sum;
            }
        }
        parts
    }

    /// Weighted standing between the worst and the best town, for each part.
    fn standings(&self, at: usize, i: usize, parts: &[Part]) -> Vec<f64> {
        let node = &self.stage.nodes[at];
        let standing = |part: &Part| {
            let child = node.children[part.place];
            let (low, high) = range(&self.nodes[child]).unwrap_or((0.0, 0.0));
            if high <= low {
                return 0.5 * part.weight;
            }
            let unit = (self.nodes[child][i] - low) / (high - low);
            part.weight * if self.stage.nodes[child].cost { 1.0 - unit } else { unit }
        };
        parts.iter().map(standing).collect()
    }
}

fn rule_of(aggregation: &Aggregation) -> ShareRule {
    match aggregation {
        Aggregation::Arithmetic => ShareRule::Term,
        Aggregation::Geometric { .. }
        | Aggregation::Harmonic { .. }
        | Aggregation::Power { .. }
        | Aggregation::Owa { .. }
        | Aggregation::Minimum
        | Aggregation::Waspas { .. } => ShareRule::Slope,
        Aggregation::Topsis
        | Aggregation::Vikor { .. }
        | Aggregation::Promethee { .. }
        | Aggregation::Copeland
        | Aggregation::Borda
        | Aggregation::Median { .. } => ShareRule::Proportion,
    }
}

/// Value times slope of the mean along one part, up to a common factor.
fn slope(aggregation: &Aggregation, part: &Part, parts: &[Part]) -> f64 {
    use crate::maths::pow;
    match aggregation {
        Aggregation::Arithmetic => part.weight * part.unit,
        Aggregation::Geometric { .. } => part.weight,
        Aggregation::Harmonic { .. } => part.weight / part.unit.max(1e-12),
        Aggregation::Power { p } => part.weight * pow(part.unit.max(1e-12), *p),
        Aggregation::Waspas { lambda } => {
            let product: f64 = parts.iter().map(|p| pow(p.unit.max(0.0), p.weight)).product();
            part.weight * (lambda * part.unit + (1.0 - lambda) * product)
        }
        Aggregation::Owa { order } => {
            let ahead =
                parts.iter().filter(|p| p.unit > part.unit || (p.unit == part.unit && p.place < part.place));
            order.get(ahead.count()).copied().unwrap_or(0.0) * part.unit
        }
        _ => {
            let least = parts.iter().map(|p| p.unit).fold(f64::INFINITY, f64::min);
            let tied = parts.iter().filter(|p| p.unit == least).count();
            if part.unit == least { 1.0 / tied as f64 } else { 0.0 }
        }
    }
}
