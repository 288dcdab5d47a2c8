//! What a form said, in one number: a second click says the same, another form under the same key does not.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A SHA-256 that is fed part by part.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Takes in a name or a text, told apart from its neighbours by its length.
    pub fn take(&mut self, part: &str) {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
    }

    /// Takes in a piece of a file, wherever the line happened to cut it.
    pub fn take_piece(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// 32 hexadecimal digits.
    pub fn end(self) -> String {
        HEXLOWER.encode(&self.0.finalize()[..16])
    }
}
