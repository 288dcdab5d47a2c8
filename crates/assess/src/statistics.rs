//! Statistics of a column. Sums run over eight fixed lanes, so that the order of the
//! additions is the same on every machine. NaN marks a missing figure.

pub(crate) const LANES: usize = 8;

/// Sum over `f` of every figure in eight fixed lanes.
#[inline(always)]
pub(crate) fn sum_by(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for (lane, x) in lanes.iter_mut().zip(block) {
            *lane += f(*x);
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += f(*x);
    }
    fold(&lanes)
}

/// The sum of eight lanes, always in the same order.
#[inline(always)]
pub(crate) fn fold(lanes: &[f64; LANES]) -> f64 {
    ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

/// The figures that are present.
pub(crate) fn present(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|x| !x.is_nan()).collect()
}

/// Least and greatest figure; `None` if none is present.
#[inline(always)]
pub(crate) fn range(values: &[f64]) -> Option<(f64, f64)> {
    let mut low = [f64::INFINITY; LANES];
    let mut high = [f64::NEG_INFINITY; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for ((low, high), x) in low.iter_mut().zip(&mut high).zip(block) {
            *low = if *x < *low { *x } else { *low };
            *high = if *x > *high { *x } else { *high };
        }
    }
    for ((low, high), x) in low.iter_mut().zip(&mut high).zip(rest) {
        *low = if *x < *low { *x } else { *low };
        *high = if *x > *high { *x } else { *high };
    }
    let low = low.into_iter().fold(f64::INFINITY, f64::min);
    let high = high.into_iter().fold(f64::NEG_INFINITY, f64::max);
    (low <= high).then_some((low, high))
}

/// Whether figures differ by more than rounding (1e-12 of their magnitude).
pub(crate) fn is_constant(low: f64, high: f64) -> bool {
    high - low <= 1e-12 * low.abs().max(high.abs())
}

/// Mean of figures that are all present; `None` for none.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let first = sum_by(values, |x| x) / n;
    Some(first + sum_by(values, |x| x - first) / n)
}

/// Variance with n − 1, corrected two-pass; `None` for fewer than two figures.
pub(crate) fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let centre = mean(values)?;
    let squares = sum_by(values, |x| (x - centre) * (x - centre));
    let drift = sum_by(values, |x| x - centre);
    Some(((squares - drift * drift / n) / (n - 1.0)).max(0.0))
}

/// Standard deviation with n − 1.
pub(crate) fn deviation(values: &[f64]) -> Option<f64> {
    variance(values).map(f64::sqrt)
}

/// Sample skewness G1 (Excel SKEW); `None` for fewer than three or constant figures.
pub(crate) fn skewness(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let centre = mean(values)?;
    let sd = deviation(values).filter(|sd| *sd > 0.0)?;
    if n < 3.0 {
        return None;
    }
    let cubes = sum_by(values, |x| {
        let z = (x - centre) / sd;
        z * z * z
    });
    Some(n / ((n - 1.0) * (n - 2.0)) * cubes)
}

/// Sample excess kurtosis G2 (Excel KURT); `None` for fewer than four or constant figures.
pub(crate) fn kurtosis(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let centre = mean(values)?;
    let sd = deviation(values).filter(|sd| *sd > 0.0)?;
    if n < 4.0 {
        return None;
    }
    let fourths = sum_by(values, |x| {
        let z = (x - centre) / sd;
        z * z * z * z
    });
    let scale = n * (n + 1.0) / ((n - 1.0) * (n - 2.0) * (n - 3.0));
    Some(scale * fourths - 3.0 * (n - 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)))
}

/// Quantile by linear interpolation (type 7), `p` from 0 to 1; `None` for no figures.
pub(crate) fn quantile(values: &[f64], p: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    let below = at.floor() as usize;
    let [low, high] = [sorted[below], sorted[(below + 1).min(last)]];
    let part = at - below as f64;
    // Never beyond the two figures, so that a larger `p` never gives less.
    Some((low + part * (high - low)).min(high))
}

/// Median; `None` for no figures.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1e-6), "{a} is not {b}");
    }

    fn alternating(first: f64, low: f64, high: f64) -> Vec<f64> {
        let mut values = vec![first];
        for _ in 0..500 {
            values.extend([low, high]);
        }
        values
    }

    /// NIST Statistical Reference Datasets, univariate: NumAcc1 to NumAcc4.
    #[test]
    fn nist_numerical_accuracy_cases() {
        let one = [10_000_001.0, 10_000_003.0, 10_000_002.0];
        close(mean(&one).unwrap(), 10_000_002.0);
        close(deviation(&one).unwrap(), 1.0);
        let two = alternating(1.2, 1.1, 1.3);
        close(mean(&two).unwrap(), 1.2);
        close(deviation(&two).unwrap(), 0.1);
        let three = alternating(1_000_000.2, 1_000_000.1, 1_000_000.3);
        close(mean(&three).unwrap(), 1_000_000.2);
        close(deviation(&three).unwrap(), 0.1);
        let four = alternating(10_000_000.2, 10_000_000.1, 10_000_000.3);
        close(mean(&four).unwrap(), 10_000_000.2);
        assert!((deviation(&four).unwrap() - 0.1).abs() < 1e-8);
    }

    /// The worked example of Excel's help pages for SKEW and KURT.
    #[test]
    fn skew_and_kurtosis_are_the_sample_estimators() {
        let values = [3.0, 4.0, 5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 7.0];
        close(skewness(&values).unwrap(), 0.359_543_071_406_797_4);
        close(kurtosis(&values).unwrap(), -0.151_799_637_208_416_24);
    }

    #[test]
    fn small_columns_have_no_statistics() {
        assert_eq!(mean(&[]), None);
        assert_eq!(variance(&[1.0]), None);
        assert_eq!(skewness(&[1.0, 2.0]), None);
        assert_eq!(kurtosis(&[1.0, 1.0, 1.0, 1.0]), None);
        assert_eq!(quantile(&[], 0.5), None);
        for p in 0..=100 {
            assert_eq!(quantile(&[7.0; 8], f64::from(p) / 100.0), Some(7.0));
        }
        assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.5), Some(3.0));
        assert_eq!(range(&[f64::NAN]), None);
    }
}
