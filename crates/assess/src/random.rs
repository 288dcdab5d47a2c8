//! Random numbers by counter: Philox4x32-10 (Salmon et al., SC 2011).
//!
//! A number is a pure function of (seed, purpose, draw, index). No state is carried from one draw to the
//! next, so draw 7,000 is the same whichever thread makes it and however the draws are batched.

/// What a number is drawn for; two purposes never share a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// Weights of the indicators.
    Weights = 1,
    /// Choice among alternatives of a step (normalisation, aggregation, …).
    Choice = 2,
    /// Measurement error of a cell.
    Measurement = 3,
    /// Value drawn for an imputed cell.
    Imputation = 4,
    /// Scrambling of Sobol' points.
    Scramble = 5,
    /// Resamples of a bootstrap interval.
    Bootstrap = 6,
}

/// The stream of one draw for one purpose.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    key: [u32; 2],
    purpose: u32,
    draw: u32,
    input: u32,
}

impl Stream {
    /// The stream of `draw` for `purpose`; `input` tells apart several uncertain inputs of one purpose.
    pub fn new(seed: u64, purpose: Purpose, input: u32, draw: u32) -> Self {
        let key = [seed as u32, (seed >> 32) as u32];
        Self { key, purpose: purpose as u32, draw, input }
    }

    /// 64 random bits at `index`.
    #[inline(always)]
    pub fn bits(&self, index: u32) -> u64 {
        let words = self.words(index >> 1);
        let at = (index as usize & 1) * 2;
        u64::from(words[at]) | u64::from(words[at + 1]) << 32
    }

    /// A number strictly between 0 and 1, at `index`; 52 random bits, centred on their cells.
    #[inline(always)]
    pub fn uniform(&self, index: u32) -> f64 {
        unit(self.bits(index))
    }

    /// Two uniforms at once: those at indices `2·pair` and `2·pair + 1`.
    #[inline(always)]
    pub fn uniform_pair(&self, pair: u32) -> [f64; 2] {
        let [a, b, c, d] = self.words(pair);
        [unit(u64::from(a) | u64::from(b) << 32), unit(u64::from(c) | u64::from(d) << 32)]
    }

    /// A whole number below `count`, at `index`; the bias is below `count` / 2⁶⁴.
    ///
    /// # Panics
    /// When `count` is 0.
    pub fn below(&self, index: u32, count: u32) -> u32 {
        assert!(count > 0, "a choice needs at least one alternative");
        ((u128::from(self.bits(index)) * u128::from(count)) >> 64) as u32
    }

    #[inline(always)]
    fn words(&self, block: u32) -> [u32; 4] {
        philox([block, self.draw, self.input, self.purpose], self.key)
    }
}

/// Bits to a number strictly inside (0, 1): the top 52 bits select a cell, its centre is returned.
#[inline(always)]
fn unit(bits: u64) -> f64 {
    const EXPONENT_OF_ONE: u64 = 0x3FF0_0000_0000_0000;
    const HALF_CELL: f64 = 1.0 / (1u64 << 53) as f64;
    f64::from_bits(bits >> 12 | EXPONENT_OF_ONE) - 1.0 + HALF_CELL
}

/// Ten rounds of Philox on four words.
#[inline(always)]
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
    const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        let first = MULTIPLIERS[0] * u64::from(counter[0]);
        let second = MULTIPLIERS[1] * u64::from(counter[2]);
        counter = [
            (second >> 32) as u32 ^ counter[1] ^ key[0],
            second as u32,
            (first >> 32) as u32 ^ counter[3] ^ key[1],
            first as u32,
        ];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers published with the authors' Random123 library.
    #[test]
    fn philox_gives_the_published_answers() {
        let cases = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, answer) in cases {
            assert_eq!(philox(counter, key), answer);
        }
    }

    #[test]
    fn uniforms_stay_strictly_inside_the_unit_interval() {
        assert!(unit(0) > 0.0);
        assert!(unit(u64::MAX) < 1.0);
        assert_eq!(unit(1 << 63), 0.5 + 1.0 / (1u64 << 53) as f64);
    }

    #[test]
    fn pair_and_single_access_agree() {
        let stream = Stream::new(42, Purpose::Weights, 3, 17);
        for pair in 0..50 {
            let single = [stream.uniform(2 * pair), stream.uniform(2 * pair + 1)];
            assert_eq!(stream.uniform_pair(pair), single);
        }
    }

    #[test]
    fn streams_of_other_purpose_draw_input_or_seed_differ() {
        let base = Stream::new(1, Purpose::Weights, 0, 0).bits(0);
        assert_ne!(base, Stream::new(2, Purpose::Weights, 0, 0).bits(0));
        assert_ne!(base, Stream::new(1 << 32 | 1, Purpose::Weights, 0, 0).bits(0));
        assert_ne!(base, Stream::new(1, Purpose::Choice, 0, 0).bits(0));
        assert_ne!(base, Stream::new(1, Purpose::Weights, 1, 0).bits(0));
        assert_ne!(base, Stream::new(1, Purpose::Weights, 0, 1).bits(0));
    }

    #[test]
    fn moments_of_the_uniform_are_right() {
        let stream = Stream::new(9, Purpose::Bootstrap, 0, 0);
        let count = 200_000u32;
        let mean = (0..count).map(|i| stream.uniform(i)).sum::<f64>() / f64::from(count);
        let square = (0..count).map(|i| stream.uniform(i).powi(2)).sum::<f64>() / f64::from(count);
        assert!((mean - 0.5).abs() < 3e-3, "{mean}");
        assert!((square - 1.0 / 3.0).abs() < 3e-3, "{square}");
    }

    #[test]
    fn choices_cover_all_alternatives_evenly() {
        let stream = Stream::new(5, Purpose::Choice, 0, 0);
        let mut counts = [0u32; 3];
        (0..30_000).for_each(|i| counts[stream.below(i, 3) as usize] += 1);
        assert!(counts.iter().all(|&count| (9_600..10_400).contains(&count)), "{counts:?}");
    }
}
