//! Distributions of the weights of one sibling group, sampled from a stream of random numbers.

use crate::maths::{exp, ln, ln_normal, normal_quantile, pow};
use crate::plan::Ahp;
use crate::random::Stream;

/// Attempts at drawing inside bounds before a random walk takes over.
const ATTEMPTS: u32 = 64;
/// Steps of the random walk for each weight.
const WALK: u32 = 64;

/// How the weights of a sibling group vary; weights come out non-negative and sum to 1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Distribution {
    /// Uniform on the simplex.
    Uniform,
    /// Dirichlet about the nominal weights; the parameters sum to the concentration.
    Dirichlet { concentration: f64 },
    /// Nominal weights times 1 ± δ, uniformly, brought back to sum 1.
    Relative { delta: f64 },
    /// Uniform on the simplex with weights falling in this order of children.
    Ordinal { order: Vec<usize> },
    /// Uniform on the part of the simplex within the bounds.
    Interval { bounds: Vec<[f64; 2]> },
    /// Experts' rows drawn with replacement and averaged.
    Bootstrap { rows: Vec<Vec<f64>> },
    /// Judgements times exp(sd·z).
    Judgement { ahp: Box<Ahp>, sd: f64 },
}

/// Turns judgements into weights; `None` when the method refuses them.
pub(crate) type Priorities = fn(&Ahp) -> Option<Vec<f64>>;

impl Distribution {
    /// Whether each weight follows from one uniform number of its own.
    pub(crate) fn is_separable(&self) -> bool {
        matches!(self, Distribution::Uniform | Distribution::Relative { .. })
    }

    /// The weight, before it is brought to sum 1, that a uniform number gives; separable ones only.
    #[inline(always)]
    pub(crate) fn separate(&self, nominal: f64, uniform: f64) -> f64 {
        match self {
            Distribution::Relative { delta } => nominal * (1.0 + delta * (2.0 * uniform - 1.0)),
            _ => -ln_normal(uniform),
        }
    }

    /// Draws the weights; `false` when the draw fails.
    #[inline(always)]
    pub(crate) fn sample(
        &self,
        stream: &Stream,
        nominal: &[f64],
        priorities: Priorities,
        weights: &mut [f64],
    ) -> bool {
        match self {
            Distribution::Uniform => exponentials(stream, weights),
            Distribution::Relative { delta } => relative(stream, nominal, *delta, weights),
            _ => return self.sample_rarer(stream, nominal, priorities, weights),
        }
        normalise(weights)
    }

    #[inline(never)]
    fn sample_rarer(
        &self,
        stream: &Stream,
        nominal: &[f64],
        priorities: Priorities,
        weights: &mut [f64],
    ) -> bool {
        match self {
            Distribution::Dirichlet { concentration } => {
                for (child, (weight, nominal)) in weights.iter_mut().zip(nominal).enumerate() {
                    *weight = gamma(stream, child as u32, concentration * nominal);
                }
            }
            Distribution::Ordinal { order } => ordinal(stream, order, weights),
            Distribution::Interval { bounds } => return within(stream, bounds, weights),
            Distribution::Bootstrap { rows } => bootstrap(stream, rows, weights),
            Distribution::Judgement { ahp, sd } => match priorities(&disturbed(stream, ahp, *sd)) {
                Some(found) => weights.copy_from_slice(&found),
                None => return false,
            },
            Distribution::Uniform | Distribution::Relative { .. } => {}
        }
        normalise(weights)
    }
}

/// Brings non-negative weights to sum 1; `false` when their sum is not positive.
#[inline(always)]
pub(crate) fn normalise(weights: &mut [f64]) -> bool {
    let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
    if !(sum > 0.0 && sum < f64::INFINITY) {
        return false;
    }
    weights.iter_mut().for_each(|weight| *weight /= sum);
    true
}

#[inline(always)]
fn uniforms(stream: &Stream, numbers: &mut [f64]) {
    let (pairs, rest) = numbers.as_chunks_mut::<2>();
    let last = pairs.len() as u32;
    for (pair, index) in pairs.iter_mut().zip(0u32..) {
        *pair = stream.uniform_pair(index);
    }
    rest.iter_mut().for_each(|number| *number = stream.uniform(2 * last));
}

#[inline(always)]
fn exponentials(stream: &Stream, weights: &mut [f64]) {
    uniforms(stream, weights);
    weights.iter_mut().for_each(|weight| *weight = -ln_normal(*weight));
}

#[inline(always)]
fn relative(stream: &Stream, nominal: &[f64], delta: f64, weights: &mut [f64]) {
    uniforms(stream, weights);
    for (weight, nominal) in weights.iter_mut().zip(nominal) {
        *weight = nominal * (1.0 + delta * (2.0 * *weight - 1.0));
    }
}

/// A gamma variable of unit scale (Marsaglia and Tsang 2000); numbers of child `child` only.
fn gamma(stream: &Stream, child: u32, shape: f64) -> f64 {
    if shape <= 0.0 {
        return 0.0;
    }
    let first = child << 12;
    let lift = if shape < 1.0 { pow(stream.uniform(first), 1.0 / shape) } else { 1.0 };
    let d = if shape < 1.0 { shape + 1.0 } else { shape } - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    // Each attempt succeeds with probability above 0.95; 2,047 failures in a row do not occur.
    for attempt in 1..2_048 {
        let z = normal_quantile(stream.uniform(first + 2 * attempt));
        let cube = (1.0 + c * z) * (1.0 + c * z) * (1.0 + c * z);
        let uniform = stream.uniform(first + 2 * attempt + 1);
        if cube > 0.0 && ln(uniform) < 0.5 * z * z + d - d * cube + d * ln(cube) {
            return d * cube * lift;
        }
    }
    d * lift
}

/// Spacings added up from the least important child: uniform on the ordered simplex.
fn ordinal(stream: &Stream, order: &[usize], weights: &mut [f64]) {
    let mut sum = 0.0;
    for (place, &child) in order.iter().enumerate().rev() {
        sum += -ln_normal(stream.uniform(place as u32)) / (place + 1) as f64;
        weights[child] = sum;
    }
}

/// Uniform within the bounds: attempts first, then a random walk along pairs of weights.
fn within(stream: &Stream, bounds: &[[f64; 2]], weights: &mut [f64]) -> bool {
    let count = weights.len() as u32;
    let free = 1.0 - bounds.iter().fold(0.0, |sum, [low, _]| sum + low);
    for attempt in 0..ATTEMPTS {
        for (child, weight) in weights.iter_mut().enumerate() {
            *weight = -ln_normal(stream.uniform(attempt * count + child as u32));
        }
        normalise(weights);
        for (weight, [low, _]) in weights.iter_mut().zip(bounds) {
            *weight = low + free.max(0.0) * *weight;
        }
        if weights.iter().zip(bounds).all(|(weight, [_, high])| weight <= high) {
            return true;
        }
    }
    walk(stream, bounds, weights);
    true
}

fn walk(stream: &Stream, bounds: &[[f64; 2]], weights: &mut [f64]) {
    let count = weights.len() as u32;
    let lows = bounds.iter().fold(0.0, |sum, [low, _]| sum + low);
    let widths = bounds.iter().fold(0.0, |sum, [low, high]| sum + (high - low));
    let share = if widths > 0.0 { (1.0 - lows) / widths } else { 0.0 };
    for (weight, [low, high]) in weights.iter_mut().zip(bounds) {
        *weight = low + share * (high - low);
    }
    if count < 2 {
        return;
    }
    let first = ATTEMPTS * count;
    for step in 0..WALK * count {
        let one = stream.below(first + 3 * step, count);
        let other = (one + 1 + stream.below(first + 3 * step + 1, count - 1)) % count;
        let (one, other) = (one as usize, other as usize);
        let both = weights[one] + weights[other];
        let low = bounds[one][0].max(both - bounds[other][1]);
        let high = bounds[one][1].min(both - bounds[other][0]);
        let place = stream.uniform(first + 3 * step + 2);
        weights[one] = low + (high - low).max(0.0) * place;
        weights[other] = both - weights[one];
    }
}

fn bootstrap(stream: &Stream, rows: &[Vec<f64>], weights: &mut [f64]) {
    weights.fill(0.0);
    for index in 0..rows.len() as u32 {
        let row = &rows[stream.below(index, rows.len() as u32) as usize];
        let sum = row.iter().fold(0.0, |sum, share| sum + share);
        for (weight, share) in weights.iter_mut().zip(row) {
            *weight += share / sum;
        }
    }
}

/// The judgements times exp(sd·z), reciprocal as before.
fn disturbed(stream: &Stream, ahp: &Ahp, sd: f64) -> Ahp {
    let mut ahp = ahp.clone();
    let mut index = 0;
    for matrix in &mut ahp.matrices {
        let size = matrix.rows.len();
        for row in 0..size {
            for column in row + 1..size {
                let factor = exp(sd * normal_quantile(stream.uniform(index)));
                index += 1;
                let above = matrix.rows[row][column].or(matrix.rows[column][row].map(|x| 1.0 / x));
                if let Some(judgement) = above {
                    matrix.rows[row][column] = Some(judgement * factor);
                    matrix.rows[column][row] = Some(1.0 / (judgement * factor));
                }
            }
        }
    }
    ahp
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    const DRAWS: u32 = 20_000;

    /// Means and variances over many draws, and the simplex kept by each.
    fn moments(distribution: &Distribution, nominal: &[f64]) -> Vec<[f64; 2]> {
        let mut sums = vec![[0.0; 2]; nominal.len()];
        let mut weights = vec![0.0; nominal.len()];
        for draw in 0..DRAWS {
            let stream = Stream::new(3, Purpose::Weights, 0, draw);
            assert!(distribution.sample(&stream, nominal, |_| None, &mut weights));
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!(weights.iter().all(|&weight| weight >= 0.0));
            for (sum, weight) in sums.iter_mut().zip(&weights) {
                *sum = [sum[0] + weight, sum[1] + weight * weight];
            }
        }
        let count = f64::from(DRAWS);
        sums.iter().map(|[one, two]| [one / count, two / count - (one / count).powi(2)]).collect()
    }

    fn check(found: &[[f64; 2]], expected: &[[f64; 2]]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found[0] - expected[0]).abs() < 0.005, "{found:?} {expected:?}");
            assert!((found[1] - expected[1]).abs() < 0.002, "{found:?} {expected:?}");
        }
    }

    /// Uniform on the simplex is Dirichlet(1, …, 1): mean 1/n, variance (n−1)/(n²(n+1)).
    #[test]
    fn uniform_weights_have_the_moments_of_the_simplex() {
        let found = moments(&Distribution::Uniform, &[0.0; 4]);
        check(&found, &[[0.25, 3.0 / 80.0]; 4]);
    }

    #[test]
    fn dirichlet_weights_have_their_moments() {
        let nominal = [0.5, 0.3, 0.2, 0.0];
        for concentration in [0.8, 20.0] {
            let expected = nominal.map(|mean| [mean, mean * (1.0 - mean) / (concentration + 1.0)]);
            check(&moments(&Distribution::Dirichlet { concentration }, &nominal), &expected);
        }
    }

    /// Means of the ordered simplex: (1/n) Σ_{j≥k} 1/j (rank-order centroid; Barron & Barrett 1996).
    #[test]
    fn ordinal_weights_average_to_the_rank_order_centroid() {
        let found = moments(&Distribution::Ordinal { order: vec![2, 0, 1] }, &[0.0; 3]);
        let means = [5.0 / 18.0, 1.0 / 9.0, 11.0 / 18.0];
        for (found, mean) in found.iter().zip(means) {
            assert!((found[0] - mean).abs() < 0.005, "{found:?} {mean}");
        }
    }

    #[test]
    fn relative_weights_stay_within_their_band() {
        let found = moments(&Distribution::Relative { delta: 0.25 }, &[0.7, 0.3]);
        assert!((found[0][0] - 0.7).abs() < 0.01 && found[0][1] < 0.01);
    }

    #[test]
    fn interval_weights_keep_loose_and_tight_bounds() {
        let loose = vec![[0.0, 0.6], [0.1, 0.9], [0.0, 1.0]];
        let tight = vec![[0.18, 0.21], [0.19, 0.22], [0.2, 0.23], [0.19, 0.2], [0.18, 0.3]];
        for bounds in [loose, tight] {
            let mut weights = vec![0.0; bounds.len()];
            for draw in 0..500 {
                let stream = Stream::new(4, Purpose::Weights, 0, draw);
                assert!(within(&stream, &bounds, &mut weights));
                assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                for (weight, [low, high]) in weights.iter().zip(&bounds) {
                    assert!(*weight >= low - 1e-12 && *weight <= high + 1e-12, "{weights:?}");
                }
            }
        }
    }

    /// Two weights with w₁ in [0.2, 0.4]: the walk must be uniform too, variance 0.04/12.
    #[test]
    fn the_walk_is_uniform_along_a_segment() {
        let bounds = [[0.2, 0.4], [0.0, 1.0]];
        let (mut one, mut two) = (0.0, 0.0);
        for draw in 0..DRAWS {
            let mut weights = [0.0; 2];
            walk(&Stream::new(5, Purpose::Weights, 0, draw), &bounds, &mut weights);
            one += weights[0] / f64::from(DRAWS);
            two += weights[0] * weights[0] / f64::from(DRAWS);
        }
        assert!((one - 0.3).abs() < 0.002, "{one}");
        assert!((two - one * one - 0.04 / 12.0).abs() < 1e-4);
    }

    #[test]
    fn experts_are_drawn_with_replacement() {
        let rows = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
        let found = moments(&Distribution::Bootstrap { rows }, &[0.5, 0.5]);
        check(&found, &[[0.5, 0.125]; 2]);
    }
}
