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
            Width::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Width::Avx512 => {
                is_x86_feature_detected!("avx2")
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
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512dq,avx512vl")]
fn avx512<T: Task>(task: T) -> T::Output {
    task.run::<8, 8>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<T: Task>(task: T) -> T::Output {
    task.run::<4, 4>()
}
