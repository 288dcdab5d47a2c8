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

/// SHA-256 over whole blocks, given the round constants: the state is changed in place.
pub type Compress = fn(&mut [u32; 8], &[[u8; 64]], &[u32; 64]);

/// The processor's own SHA-256, where it has one; the bytes are those of any other way.
pub fn sha_compress() -> Option<Compress> {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1") {
        // SAFETY: both features of the callee have just been found, and with them those before SSE 4.1.
        return Some(|state, blocks, constants| unsafe { sha_compress_x86(state, blocks, constants) });
    }
    None
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn sha_compress_x86(state: &mut [u32; 8], blocks: &[[u8; 64]], constants: &[u32; 64]) {
    use std::arch::x86_64::{
        __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi32, _mm_sha256msg1_epu32,
        _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi32,
    };
    let four = |[w0, w1, w2, w3]: [u32; 4]| _mm_set_epi32(w3 as i32, w2 as i32, w1 as i32, w0 as i32);
    let (constants, _) = constants.as_chunks::<4>();
    let [a, b, c, d, e, f, g, h] = *state;
    let (mut abef, mut cdgh) = (four([f, e, b, a]), four([h, g, d, c]));
    for block in blocks {
        let (words, _) = block.as_chunks::<4>();
        let word = |at: usize| u32::from_be_bytes(words[at]);
        let mut next: [__m128i; 4] =
            [0, 4, 8, 12].map(|at| four([word(at), word(at + 1), word(at + 2), word(at + 3)]));
        let (before_abef, before_cdgh) = (abef, cdgh);
        for constants in constants {
            let [w0, w1, w2, w3] = next;
            let words = _mm_add_epi32(w0, four(*constants));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32::<0x0E>(words));
            let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8::<4>(w3, w2));
            next = [w1, w2, w3, _mm_sha256msg2_epu32(sum, w3)];
        }
        abef = _mm_add_epi32(abef, before_abef);
        cdgh = _mm_add_epi32(cdgh, before_cdgh);
    }
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
