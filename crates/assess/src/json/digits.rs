//! The 17 significant digits nearest to a number, halves to even.
//!
//! Between 10⁻⁵ and 10¹⁷ a number times the power of ten that leaves 17 digits is a fraction of 128-bit whole
//! numbers whose denominator is a power of two: one product and one shift. The standard library does the rest.

use std::io::Write;

/// Digits wanted.
pub(super) const COUNT: usize = 17;

const TEN_TO_16: u64 = 10_000_000_000_000_000;
const TEN_TO_17: u64 = 10 * TEN_TO_16;

/// Powers of ten that 53 bits may be multiplied with in 128.
const POWERS: [u128; 23] = {
    let mut powers = [1; 23];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// The digits of a positive finite number, and the power of ten of the first.
pub(super) fn of(value: f64) -> ([u8; COUNT], i32) {
    match whole(value) {
        Some((digits, exponent)) => (text(digits), exponent),
        None => by_library(value),
    }
}

/// The digits as one whole number.
fn whole(value: f64) -> Option<(u64, i32)> {
    if !(1e-5..1e17).contains(&value) {
        return None;
    }
    let bits = value.to_bits();
    let mantissa = (bits & ((1 << 52) - 1)) | 1 << 52;
    let binary = (bits >> 52) as i32 - 1075;
    // ⌊log₁₀ value⌋ or one less, by 1233/4096 a little below log₁₀ 2.
    let mut exponent = ((binary + 52) * 1233) >> 12;
    let mut digits = scaled(mantissa, binary, COUNT as i32 - 1 - exponent)?;
    if digits >= TEN_TO_17 {
        exponent += 1;
        digits = scaled(mantissa, binary, COUNT as i32 - 1 - exponent)?;
    }
    (TEN_TO_16..TEN_TO_17).contains(&digits).then_some((digits, exponent))
}

/// mantissa × 2^binary × 10^decimal to the nearest whole number; `None` where 128 bits do not hold it.
fn scaled(mantissa: u64, binary: i32, decimal: i32) -> Option<u64> {
    let product = u128::from(mantissa) * POWERS.get(usize::try_from(decimal).ok()?)?;
    if binary >= 0 {
        return u64::try_from(product.checked_mul(1 << binary)?).ok();
    }
    let shift = binary.unsigned_abs();
    let (whole, rest, half) = (product >> shift, product & ((1 << shift) - 1), 1u128 << (shift - 1));
    let up = rest > half || rest == half && whole % 2 == 1;
    u64::try_from(whole + u128::from(up)).ok()
}

fn text(digits: u64) -> [u8; COUNT] {
    const HALF: u64 = 100_000_000;
    let (mut high, mut low) = ((digits / HALF) as u32, (digits % HALF) as u32);
    let mut text = [b'0'; COUNT];
    // Eight digits each, one chain of divisions beside the other.
    for place in (0..8).rev() {
        text[1 + place] += (high % 10) as u8;
        text[9 + place] += (low % 10) as u8;
        (high, low) = (high / 10, low / 10);
    }
    text[0] += high as u8;
    text
}

fn by_library(value: f64) -> ([u8; COUNT], i32) {
    let mut buffer = [0u8; 32];
    let mut rest = &mut buffer[..];
    rest.write_fmt(format_args!("{value:.16e}")).expect("32 bytes hold 17 digits and an exponent");
    let room = rest.len();
    let written = &buffer[..buffer.len() - room];
    // One digit, a point, sixteen digits, `e`, the exponent.
    let mut digits = [0u8; COUNT];
    digits[0] = written[0];
    digits[1..].copy_from_slice(&written[2..18]);
    let exponent = std::str::from_utf8(&written[19..]).ok().and_then(|text| text.parse().ok());
    (digits, exponent.expect("scientific form has an exponent"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_ways_agree_at_the_edges() {
        let mut edges =
            vec![0.1, 0.3, 1.0, 1.0 + 2f64.powi(-17), 9.5, 99.5, 1e16, 1e17 - 16.0, 5e-324, f64::MAX];
        for power in -6..18 {
            let ten: f64 = format!("1e{power}").parse().expect("a number");
            edges.extend([ten, ten.next_up(), ten.next_down(), 9.999_999_999_999_999 * ten]);
        }
        for edge in edges {
            assert_eq!(of(edge), by_library(edge), "{edge:e}");
        }
    }

    proptest! {
        #[test]
        fn both_ways_agree(value in prop_oneof![1e-6..1.0, 1.0..1e5, 1e5..2e17, 0.0..f64::MAX]) {
            prop_assume!(value > 0.0);
            prop_assert_eq!(of(value), by_library(value));
        }

        #[test]
        fn both_ways_agree_on_shares_and_halves(count in 1u64..1 << 40, shift in 0u32..60, draws in 1u32..100_000) {
            for value in [count as f64 / f64::from(draws), count as f64 / 2f64.powi(shift as i32)] {
                prop_assert_eq!(of(value), by_library(value));
            }
        }
    }
}
