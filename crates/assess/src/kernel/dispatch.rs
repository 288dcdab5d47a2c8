//! Picks the widest vectors the processor has, and compiles the loops for each width.
//!
//! This is the one module of the crate with `unsafe`: calling a function compiled for a processor feature is
//! only sound where the feature is present, which `Width::is_available` asks before each call.
#![expect(unsafe_code, reason = "a call into code compiled for a feature, after the feature was detected")]

/// A vector width the loops are compiled for. The results are the same bytes for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// The instructions every processor of the platform has (128-bit vectors on x86-64).
    Base,
    /// 256-bit vectors.
    Avx2,
    /// 512-bit vectors.
    Avx512,
}

impl Width {
    pub const ALL: [Width; 3] = [Width::Base, Width::Avx2, Width::Avx512];

    /// The widest one this processor has.
    pub fn best() -> Width {
        Width::ALL.into_iter().rev().find(|width| width.is_available()).unwrap_or(Width::Base)
    }

    /// Whether this processor can run it.
    pub fn is_available(self) -> bool {
        match self {
            Width::Base => true,
            #[cfg(target_arch = "x86_64")]
            Width::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Width::Avx512 => {
                Width::Avx2.is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Width::Avx2 | Width::Avx512 => false,
        }
    }
}

/// A loop to be compiled for each width.
pub trait Task {
    type Output;

    /// Runs with `LANES` towns a step and `DRAWS` draws held in registers. Mark it `#[inline(always)]`.
    fn run<const LANES: usize, const DRAWS: usize>(self) -> Self::Output;
}

/// Whether code compiled for this many lanes has a fused multiply-add of its own.
pub const fn fuses(lanes: usize) -> bool {
    lanes > 2
}

/// Runs the task at the given width, or at the base width where the processor lacks it.
pub fn dispatch<T: Task>(width: Width, task: T) -> T::Output {
    #[cfg(target_arch = "x86_64")]
    if width.is_available() {
        // SAFETY: `is_available` has just found every feature the callee is compiled for.
        match width {
            Width::Avx512 => return unsafe { avx512(task) },
            Width::Avx2 => return unsafe { avx2(task) },
            Width::Base => {}
        }
    }
    task.run::<2, 4>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
fn avx512<T: Task>(task: T) -> T::Output {
    task.run::<8, 8>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<T: Task>(task: T) -> T::Output {
    task.run::<4, 4>()
}

/// The rounds of SHA-256 over one block: message words plus round constants in, state changed in place.
pub type Rounds = fn(&mut [u32; 8], &[u32; 64]);

/// The processor's own SHA-256 rounds, where it has them; the bytes are those of any other way.
pub fn sha_rounds() -> Option<Rounds> {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1") {
        // SAFETY: both features of the callee have just been found.
        return Some(|state, words| unsafe { sha_rounds_x86(state, words) });
    }
    None
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn sha_rounds_x86(state: &mut [u32; 8], words: &[u32; 64]) {
    use std::arch::x86_64::{
        _mm_add_epi32, _mm_extract_epi32, _mm_set_epi32, _mm_sha256rnds2_epu32, _mm_shuffle_epi32,
    };
    let [a, b, c, d, e, f, g, h] = state.map(|word| word as i32);
    let (mut abef, mut cdgh) = (_mm_set_epi32(a, b, e, f), _mm_set_epi32(c, d, g, h));
    let (first_abef, first_cdgh) = (abef, cdgh);
    let (fours, _) = words.as_chunks::<4>();
    for four in fours {
        let [w0, w1, w2, w3] = four.map(|word| word as i32);
        let words = _mm_set_epi32(w3, w2, w1, w0);
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32::<0x0E>(words));
    }
    abef = _mm_add_epi32(abef, first_abef);
    cdgh = _mm_add_epi32(cdgh, first_cdgh);
    *state = [
        _mm_extract_epi32::<3>(abef),
        _mm_extract_epi32::<2>(abef),
        _mm_extract_epi32::<3>(cdgh),
        _mm_extract_epi32::<2>(cdgh),
        _mm_extract_epi32::<1>(abef),
        _mm_extract_epi32::<0>(abef),
        _mm_extract_epi32::<1>(cdgh),
        _mm_extract_epi32::<0>(cdgh),
    ]
    .map(|word| word as u32);
}
