//! Elementary functions of our own, so that no result depends on the platform's mathematics library.
//!
//! Only + − × ÷, √ and bit operations are used; IEEE 754 fixes each of them, so every processor gives the same
//! bytes. The functions have no data-dependent branch on ordinary arguments and vectorise inside loops.
//! Errors against the true value: `ln` and `exp` below 2 units in the last place, `normal_quantile` below
//! 1e-14 relative, `pow` below (2 + |y·ln x|) units.

const LN2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEFA_0000);
const LN2_LOW: f64 = f64::from_bits(0x3D7C_F79A_BC9E_3B39);

/// Natural logarithm. 0 gives −∞, a negative number or NaN gives NaN, ∞ gives ∞.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    if !(f64::MIN_POSITIVE..f64::INFINITY).contains(&x) {
        return ln_edge(x);
    }
    ln_normal(x)
}

fn ln_edge(x: f64) -> f64 {
    const TWO_TO_54: f64 = (1u64 << 54) as f64;
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x > 0.0 && x.is_finite() {
        ln_normal(x * TWO_TO_54) - 54.0 * std::f64::consts::LN_2
    } else if x > 0.0 {
        f64::INFINITY
    } else {
        f64::NAN
    }
}

/// Logarithm of a positive normal number; no branch, so a loop over it vectorises.
///
/// x = 2ᵏ(1+f) with 1+f in [√½, √2); with s = f/(2+f), ln(1+f) = 2·artanh s = f − (f²/2 − s(f²/2 + R)),
/// R = Σ 2s²ʲ/(2j+1).
#[inline(always)]
pub fn ln_normal(x: f64) -> f64 {
    const HALF_ROOT_BITS: u64 = 0x3FE6_A09E_667F_3BCD;
    const ONE_BITS: u64 = 0x3FF0_0000_0000_0000;
    const MANTISSA: u64 = 0x000F_FFFF_FFFF_FFFF;
    // 2⁵² + 2⁵¹ turns a small signed whole number in the low bits into a float without a conversion.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    let shifted = x.to_bits().wrapping_add(ONE_BITS - HALF_ROOT_BITS);
    let exponent = (shifted >> 52).wrapping_sub(1023);
    let scale = f64::from_bits(exponent.wrapping_add(SHIFT.to_bits())) - SHIFT;
    let fraction = f64::from_bits((shifted & MANTISSA).wrapping_add(HALF_ROOT_BITS)) - 1.0;
    let s = fraction / (2.0 + fraction);
    let square = s * s;
    let mut rest = 2.0 / 23.0;
    for divisor in [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
        rest = rest * square + 2.0 / divisor;
    }
    let half = 0.5 * fraction * fraction;
    let tail = half - (s * (half + rest * square) + scale * LN2_LOW);
    scale * LN2_HIGH - (tail - fraction)
}

/// e to the power x; overflow gives ∞, underflow goes through subnormal numbers to 0, NaN stays NaN.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    exp_bounded(x.clamp(-746.0, 710.0))
}

/// e to the power x for −746 ≤ x ≤ 710; no branch, and NaN runs through the products.
#[inline(always)]
fn exp_bounded(x: f64) -> f64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    let shifted = x * std::f64::consts::LOG2_E + SHIFT;
    let whole = shifted - SHIFT;
    let power = shifted.to_bits().wrapping_sub(SHIFT.to_bits()) as i64;
    let high = x - whole * LN2_HIGH;
    let low = whole * LN2_LOW;
    let r = high - low;
    let mut sum = 1.0 / FACTORIALS[0];
    for factorial in &FACTORIALS[1..] {
        sum = sum * r + 1.0 / factorial;
    }
    let value = 1.0 + (r + (r * r * sum + ((high - r) - low)));
    // Two steps, so that neither factor overflows and only the last product rounds into subnormals.
    let first = power >> 1;
    value * power_of_two(first) * power_of_two(power - first)
}

/// 13!, 12!, …, 2!
const FACTORIALS: [f64; 12] = [
    6_227_020_800.0,
    479_001_600.0,
    39_916_800.0,
    3_628_800.0,
    362_880.0,
    40_320.0,
    5_040.0,
    720.0,
    120.0,
    24.0,
    6.0,
    2.0,
];

#[inline(always)]
fn power_of_two(power: i64) -> f64 {
    f64::from_bits(((power + 1023) as u64) << 52)
}

/// x to the power y for x ≥ 0; a negative x gives NaN. x⁰ = 1; 0 to a negative power is ∞.
pub fn pow(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if y == 1.0 {
        return x;
    }
    if x == 0.0 {
        return if y > 0.0 { 0.0 } else { f64::INFINITY };
    }
    exp(y * ln(x))
}

/// The number below which a standard normal variable lies with probability `p` (Wichura 1988, AS 241).
///
/// 0 gives −∞, 1 gives ∞, anything outside [0, 1] gives NaN.
pub fn normal_quantile(p: f64) -> f64 {
    if !(p > 0.0 && p < 1.0) {
        return if p == 0.0 {
            f64::NEG_INFINITY
        } else if p == 1.0 {
            f64::INFINITY
        } else {
            f64::NAN
        };
    }
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * ratio(r, &CENTRE);
    }
    let tail = if centred < 0.0 { p } else { 1.0 - p };
    let r = (-ln(tail)).sqrt();
    let value = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) };
    if centred < 0.0 { -value } else { value }
}

/// Numerator and denominator, from the highest power down.
type Ratio = [[f64; 8]; 2];

fn ratio(r: f64, coefficients: &Ratio) -> f64 {
    let [over, under] = coefficients.map(|list| list.iter().fold(0.0, |sum, c| sum * r + c));
    over / under
}

const CENTRE: Ratio = [
    [
        2_509.080_928_730_122_7,
        33_430.575_583_588_13,
        67_265.770_927_008_7,
        45_921.953_931_549_87,
        13_731.693_765_509_46,
        1_971.590_950_306_551_3,
        133.141_667_891_784_38,
        3.387_132_872_796_366_5,
    ],
    [
        5_226.495_278_852_854,
        28_729.085_735_721_943,
        39_307.895_800_092_71,
        21_213.794_301_586_597,
        5_394.196_021_424_751,
        687.187_007_492_057_9,
        42.313_330_701_600_91,
        1.0,
    ],
];

const MIDDLE: Ratio = [
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_4e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
];

const FAR: Ratio = [
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        1.242_660_947_388_078_4e-3,
        2.653_218_952_657_612_4e-2,
        2.965_605_718_285_048_7e-1,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_103,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        1.487_536_129_085_061_5e-2,
        1.369_298_809_227_358e-1,
        5.998_322_065_558_88e-1,
        1.0,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    /// Distance in units in the last place of `right`.
    fn units(value: f64, right: f64) -> f64 {
        let unit = f64::from_bits(right.abs().to_bits() + 1) - right.abs();
        (value - right).abs() / unit
    }

    #[test]
    fn logarithm_keeps_its_bound() {
        let stream = Stream::new(1, Purpose::Bootstrap, 0, 0);
        for i in 0..200_000 {
            let bits = stream.bits(i) >> 1;
            let x = f64::from_bits(bits);
            if x.is_normal() {
                assert!(units(ln(x), x.ln()) <= 2.0, "{x:e}");
            }
            let near = 0.5 + stream.uniform(i);
            assert!(units(ln(near), near.ln()) <= 2.0, "{near}");
        }
    }

    #[test]
    fn logarithm_at_its_edges() {
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan() && ln(f64::NEG_INFINITY).is_nan());
        let tiny = f64::from_bits(3);
        assert!(units(ln(tiny), tiny.ln()) <= 2.0);
    }

    #[test]
    fn exponential_keeps_its_bound() {
        let stream = Stream::new(2, Purpose::Bootstrap, 0, 0);
        for i in 0..200_000 {
            let x = (stream.uniform(i) - 0.5) * 1_416.0;
            assert!(units(exp(x), x.exp()) <= 2.0, "{x}");
            let small = stream.uniform(i) - 0.5;
            assert!(units(exp(small), small.exp()) <= 2.0, "{small}");
        }
    }

    #[test]
    fn exponential_at_its_edges() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp(800.0), f64::INFINITY);
        assert_eq!(exp(-800.0), 0.0);
        assert!(exp(f64::NAN).is_nan());
        assert!(exp(-740.0) > 0.0);
    }

    #[test]
    fn powers_agree_with_their_logarithms() {
        assert_eq!(pow(0.0, 0.5), 0.0);
        assert_eq!(pow(0.0, -1.0), f64::INFINITY);
        assert_eq!(pow(7.0, 0.0), 1.0);
        assert!(pow(-1.0, 0.5).is_nan());
        for (x, y) in [(2.0, 10.0), (9.0, 0.5), (0.3, -2.5), (1e100, 0.1)] {
            assert!(units(pow(x, y), f64::powf(x, y)) <= 4.0 + (y * x.ln()).abs(), "{x} {y}");
        }
    }

    /// Table values of the normal distribution to fifteen digits.
    #[test]
    fn normal_quantiles_match_the_tables() {
        for (p, z) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.025, -1.959_963_984_540_054),
            (0.9995, 3.290_526_731_491_925_6),
            (1e-10, -6.361_340_902_404_056),
            (1e-300, -37.047_096_299_361_2),
        ] {
            assert!((normal_quantile(p) - z).abs() <= 1e-13 * (1.0 + z.abs()), "{p}");
        }
        assert!(normal_quantile(1.5).is_nan());
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
    }
}
