//! SHA-256 over parts that cannot run into each other.

use sha2::{Digest, Sha256};

/// Hashes a sequence of parts, each preceded by its length.
pub(crate) struct Parts(Sha256);

impl Parts {
    /// Begin; the label keeps the hashes of different things apart.
    pub(crate) fn new(label: &str) -> Parts {
        let mut parts = Parts(Sha256::new());
        parts.add(label);
        parts
    }

    /// One more part.
    pub(crate) fn add(&mut self, part: &str) {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part.as_bytes());
    }

    /// How many parts of a kind follow.
    pub(crate) fn count(&mut self, number: usize) {
        self.0.update((number as u64).to_be_bytes());
    }

    /// The hash in lower-case hex.
    pub(crate) fn hex(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
