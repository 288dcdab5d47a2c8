//! Sobol indices from model outputs: first order after Saltelli et al. (2010), total after Jansen (1999),
//! with bootstrap percentile intervals. All sums run in a fixed order.

use crate::control::Control;
use crate::error::EvalError;
use crate::random::{Purpose, Stream};

/// Resamples of the bootstrap.
pub(crate) const RESAMPLES: usize = 1_000;

/// Outputs of the model at the points A, B and, for each input, A with that input's coordinate from B.
pub(crate) struct Outputs {
    pub(crate) a: Vec<f64>,
    pub(crate) b: Vec<f64>,
    /// One vector an input.
    pub(crate) mixed: Vec<Vec<f64>>,
}

/// First-order and total index of one input with their 95 % intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) first: f64,
    pub(crate) first_interval: [f64; 2],
    pub(crate) total: f64,
    pub(crate) total_interval: [f64; 2],
}

/// Variance of the outputs at A and B together, divided by their number.
pub(crate) fn variance(outputs: &Outputs) -> f64 {
    let count = (outputs.a.len() + outputs.b.len()) as f64;
    let mean = mean(outputs);
    let square = |values: &[f64]| ordered_sum(values.iter().map(|value| (value - mean) * (value - mean)));
    (square(&outputs.a) + square(&outputs.b)) / count
}

fn mean(outputs: &Outputs) -> f64 {
    let sum = ordered_sum(outputs.a.iter().copied()) + ordered_sum(outputs.b.iter().copied());
    sum / (outputs.a.len() + outputs.b.len()) as f64
}

fn ordered_sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

/// Indices of every input, or `None` where the output does not vary.
///
/// # Errors
/// [`EvalError::Cancelled`].
pub(crate) fn estimate(
    outputs: &Outputs,
    seed: u64,
    control: &Control,
) -> Result<Option<Vec<Estimate>>, EvalError> {
    let variance = variance(outputs);
    if variance <= 0.0 {
        return Ok(None);
    }
    let terms = Terms::new(outputs);
    let whole = terms.indices(&vec![1.0; outputs.a.len()]);
    let resampled = resample(&terms, seed, control)?;
    let estimates = whole.iter().enumerate().map(|(input, &[first, total])| Estimate {
        first,
        first_interval: interval(&resampled, input, 0),
        total,
        total_interval: interval(&resampled, input, 1),
    });
    Ok(Some(estimates.collect()))
}

/// Products of each base row, so that an estimate is a few weighted sums.
struct Terms {
    /// Centred outputs' sum and sum of squares at A and B.
    level: Vec<f64>,
    square: Vec<f64>,
    /// f_B (f_Ai − f_A) and (f_A − f_Ai)², an input each.
    products: Vec<[Vec<f64>; 2]>,
}

impl Terms {
    fn new(outputs: &Outputs) -> Terms {
        let mean = mean(outputs);
        let rows = || outputs.a.iter().zip(&outputs.b).map(|(a, b)| (a - mean, b - mean));
        let products = outputs.mixed.iter().map(|mixed| {
            let moves = || mixed.iter().zip(&outputs.a).map(|(mixed, a)| mixed - a);
            let first = moves().zip(rows()).map(|(step, (_, b))| b * step).collect();
            [first, moves().map(|step| step * step).collect()]
        });
        Terms {
            level: rows().map(|(a, b)| a + b).collect(),
            square: rows().map(|(a, b)| a * a + b * b).collect(),
            products: products.collect(),
        }
    }

    /// First and total index of every input with each base row counted `counts` times.
    fn indices(&self, counts: &[f64]) -> Vec<[f64; 2]> {
        let rows = counts.len() as f64;
        let mean = weighted_sum(&self.level, counts) / (2.0 * rows);
        let variance = weighted_sum(&self.square, counts) / (2.0 * rows) - mean * mean;
        let index = |products: &[Vec<f64>; 2]| {
            let [first, total] = products.each_ref().map(|terms| weighted_sum(terms, counts) / rows);
            [first / variance, total / (2.0 * variance)]
        };
        self.products.iter().map(index).collect()
    }
}

/// Σ value × count in eight running sums, joined in a fixed order.
fn weighted_sum(values: &[f64], counts: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (values, value_rest) = values.as_chunks::<8>();
    let (counts, count_rest) = counts.as_chunks::<8>();
    for (values, counts) in values.iter().zip(counts) {
        for lane in 0..8 {
            sums[lane] += values[lane] * counts[lane];
        }
    }
    let rest = value_rest.iter().zip(count_rest).map(|(value, count)| value * count);
    ordered_sum(sums.into_iter()) + ordered_sum(rest)
}

/// Indices of each resample of the base rows; a resample without variance is left out.
fn resample(terms: &Terms, seed: u64, control: &Control) -> Result<Vec<Vec<[f64; 2]>>, EvalError> {
    let rows = terms.level.len() as u32;
    let mut resampled = Vec::with_capacity(RESAMPLES);
    let mut counts = vec![0.0; rows as usize];
    for draw in 0..RESAMPLES as u32 {
        control.check()?;
        let stream = Stream::new(seed, Purpose::Bootstrap, 0, draw);
        counts.fill(0.0);
        (0..rows).for_each(|index| counts[stream.below(index, rows) as usize] += 1.0);
        let indices = terms.indices(&counts);
        if indices.iter().flatten().all(|value| value.is_finite()) {
            resampled.push(indices);
        }
    }
    Ok(resampled)
}

/// The 2.5 % and 97.5 % points of one index over the resamples.
fn interval(resampled: &[Vec<[f64; 2]>], input: usize, which: usize) -> [f64; 2] {
    let mut values: Vec<f64> = resampled.iter().map(|indices| indices[input][which]).collect();
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * values.len().saturating_sub(1) as f64;
        let low = place.floor() as usize;
        let part = place - place.floor();
        match (values.get(low), values.get(low + 1)) {
            (Some(low), Some(high)) => low + part * (high - low),
            (Some(low), None) => *low,
            _ => 0.0,
        }
    };
    [at(0.025), at(0.975)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::points::Points;

    fn run(inputs: usize, base: u32, seed: u64, model: impl Fn(&[f64]) -> f64) -> Outputs {
        let points = Points::new(2 * inputs, seed);
        let mut outputs = Outputs { a: vec![], b: vec![], mixed: vec![vec![]; inputs] };
        let mut point = vec![0.0; 2 * inputs];
        for index in 0..base {
            points.point(index, &mut point);
            let (a, b) = point.split_at_mut(inputs);
            outputs.a.push(model(a));
            outputs.b.push(model(b));
            for input in 0..inputs {
                let kept = std::mem::replace(&mut a[input], b[input]);
                outputs.mixed[input].push(model(a));
                a[input] = kept;
            }
        }
        outputs
    }

    fn check(outputs: &Outputs, first: &[f64], total: &[f64]) {
        let estimates = estimate(outputs, 1, &Control::default()).expect("runs").expect("varies");
        for (estimate, (first, total)) in estimates.iter().zip(first.iter().zip(total)) {
            assert!((estimate.first - first).abs() <= 0.005, "{estimate:?} {first}");
            assert!((estimate.total - total).abs() <= 0.005, "{estimate:?} {total}");
            assert!(estimate.first_interval[0] <= first + 0.005);
            assert!(estimate.first_interval[1] >= first - 0.005);
        }
    }

    /// Sobol's g-function with the coefficients of Saltelli et al. (2010); closed form V_i = 1/(3(1+a_i)²).
    #[test]
    fn g_function_is_within_five_thousandths() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let model = |x: &[f64]| -> f64 {
            x.iter().zip(a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
        };
        let parts = a.map(|a: f64| 1.0 / 3.0 / ((1.0 + a) * (1.0 + a)));
        let all: f64 = parts.iter().map(|part| 1.0 + part).product();
        let first = parts.map(|part| part / (all - 1.0));
        let total = parts.map(|part| part * all / (1.0 + part) / (all - 1.0));
        for seed in [1, 2, 3] {
            check(&run(8, 16_384, seed, model), &first, &total);
        }
    }

    /// Ishigami and Homma (1990), a = 7, b = 0.1, closed form.
    #[test]
    fn ishigami_is_within_five_thousandths() {
        use std::f64::consts::PI;
        let model = |x: &[f64]| {
            let [x1, x2, x3] = [0, 1, 2].map(|i| PI * (2.0 * x[i] - 1.0));
            x1.sin() + 7.0 * x2.sin().powi(2) + 0.1 * x3.powi(4) * x1.sin()
        };
        let one = 0.5 * (1.0 + 0.1 * PI.powi(4) / 5.0).powi(2);
        let two = 49.0 / 8.0;
        let both = 0.01 * PI.powi(8) * 8.0 / 225.0;
        let all = one + two + both;
        let first = [one / all, two / all, 0.0];
        let total = [(one + both) / all, two / all, both / all];
        check(&run(3, 16_384, 1, model), &first, &total);
    }

    #[test]
    fn an_output_that_does_not_vary_has_no_index() {
        let outputs = run(2, 64, 1, |_| 3.0);
        assert_eq!(estimate(&outputs, 1, &Control::default()).expect("runs"), None);
    }

    #[test]
    fn an_input_without_effect_has_total_zero() {
        let outputs = run(2, 256, 1, |x| x[0]);
        let estimates = estimate(&outputs, 1, &Control::default()).expect("runs").expect("varies");
        assert_eq!(estimates[1].total, 0.0);
        assert!((estimates[0].total - 1.0).abs() < 0.05);
    }
}
