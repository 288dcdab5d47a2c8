//! How a long run is steered from outside: threads, a cancel flag and progress.
//! Nothing here changes a result.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::EvalError;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Units of work done (draws, model runs).
    pub done: u64,
    /// Units of work in all; a stop rule may end the run earlier.
    pub total: u64,
}

/// What is called with each step of progress; it must not block.
pub type ProgressCall = Arc<dyn Fn(Progress) + Send + Sync>;

/// Threads, cancel flag and progress callback of one run.
#[derive(Clone)]
pub struct Control {
    /// Worker threads, at least 1. The result does not depend on it.
    pub threads: usize,
    /// Set to true from anywhere to stop within 50 ms.
    pub cancel: Arc<AtomicBool>,
    /// Called from worker threads.
    pub progress: Option<ProgressCall>,
    /// Counts the checks and cancels at one of them.
    #[cfg(test)]
    pub(crate) probe: Option<Arc<Probe>>,
}

/// What a test knows of the checks of a run.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct Probe {
    /// Checks made.
    pub(crate) made: std::sync::atomic::AtomicUsize,
    /// The check, counted from 1, at which the flag goes up; 0 for none.
    pub(crate) cancel_at: usize,
}

impl Default for Control {
    fn default() -> Control {
        Control {
            threads: 1,
            cancel: Arc::new(AtomicBool::new(false)),
            progress: None,
            #[cfg(test)]
            probe: None,
        }
    }
}

impl Control {
    /// A control with `threads` workers (0 counts as 1).
    pub fn with_threads(threads: usize) -> Control {
        Control { threads: threads.max(1), ..Control::default() }
    }

    /// Fails with [`EvalError::Cancelled`] once the flag is up.
    pub fn check(&self) -> Result<(), EvalError> {
        #[cfg(test)]
        if let Some(probe) = &self.probe
            && probe.made.fetch_add(1, Ordering::Relaxed) + 1 == probe.cancel_at
        {
            self.cancel.store(true, Ordering::Relaxed);
        }
        if self.cancel.load(Ordering::Relaxed) {
            return Err(EvalError::Cancelled);
        }
        Ok(())
    }

    /// Reports progress to the callback, if there is one.
    pub fn report(&self, done: u64, total: u64) {
        if let Some(call) = &self.progress {
            call(Progress { done, total });
        }
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("threads", &self.threads)
            .field("cancel", &self.cancel)
            .field("progress", &self.progress.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests;
