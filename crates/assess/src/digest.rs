//! SHA-256 (FIPS 180-4) for the digests of inputs and results.

use crate::kernel::dispatch::{Compress, sha_compress};

const ROUND: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

const START: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// Bytes gathered before they are digested.
const PART: usize = 8_192;

/// A digest of bytes that come in parts.
pub(crate) struct Digest {
    compress: Compress,
    state: [u32; 8],
    /// Fewer than [`PART`] bytes not digested yet.
    waiting: Vec<u8>,
    /// Bytes taken.
    length: u64,
}

impl Default for Digest {
    fn default() -> Digest {
        Digest::with(sha_compress().unwrap_or(compress))
    }
}

impl Digest {
    fn with(compress: Compress) -> Digest {
        Digest { compress, state: START, waiting: Vec::with_capacity(PART), length: 0 }
    }

    /// Takes in more bytes.
    pub(crate) fn take(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        if let ([byte], true) = (bytes, self.waiting.len() + 1 < PART) {
            return self.waiting.push(*byte);
        }
        while self.waiting.len() + bytes.len() >= PART {
            let (now, later) = bytes.split_at(PART - self.waiting.len());
            self.waiting.extend_from_slice(now);
            self.digest_waiting();
            bytes = later;
        }
        self.waiting.extend_from_slice(bytes);
    }

    /// The digest of what was taken, in lower-case hexadecimal.
    pub(crate) fn hex(mut self) -> String {
        self.waiting.push(0x80);
        while self.waiting.len() % 64 != 56 {
            self.waiting.push(0);
        }
        self.waiting.extend((self.length * 8).to_be_bytes());
        self.digest_waiting();
        self.state.iter().map(|word| format!("{word:08x}")).collect()
    }

    fn digest_waiting(&mut self) {
        let (blocks, _) = self.waiting.as_chunks();
        (self.compress)(&mut self.state, blocks, &ROUND);
        self.waiting.clear();
    }
}

/// SHA-256 in lower-case hexadecimal.
#[cfg(test)]
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let mut digest = Digest::default();
    digest.take(bytes);
    digest.hex()
}

fn compress(state: &mut [u32; 8], blocks: &[[u8; 64]], constants: &[u32; 64]) {
    for block in blocks {
        let (bytes, _) = block.as_chunks();
        let mut words = [0u32; 64];
        for (word, bytes) in words.iter_mut().zip(bytes) {
            *word = u32::from_be_bytes(*bytes);
        }
        for t in 16..64 {
            let (w15, w2) = (words[t - 15], words[t - 2]);
            let s0 = w15.rotate_right(7) ^ w15.rotate_right(18) ^ (w15 >> 3);
            let s1 = w2.rotate_right(17) ^ w2.rotate_right(19) ^ (w2 >> 10);
            words[t] = words[t - 16].wrapping_add(s0).wrapping_add(words[t - 7]).wrapping_add(s1);
        }
        for (word, constant) in words.iter_mut().zip(constants) {
            *word = word.wrapping_add(*constant);
        }
        rounds(state, &words);
    }
}

/// Named words rather than a shifted array: the renaming costs nothing once compiled.
fn rounds(state: &mut [u32; 8], words: &[u32; 64]) {
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for word in words {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let first = h.wrapping_add(s1).wrapping_add(choice).wrapping_add(*word);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(s0.wrapping_add(majority)));
    }
    for (word, value) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Examples of FIPS 180-4 and the empty message.
    #[test]
    fn published_digests() {
        let check = |text: &str, digest: &str| {
            assert_eq!(sha256_hex(text.as_bytes()), digest);
            let mut plain = Digest::with(compress);
            text.bytes().for_each(|byte| plain.take(&[byte]));
            assert_eq!(plain.hex(), digest);
        };
        check("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        check("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        check(
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        );
        // A million times "a", in parts that are no multiple of a block.
        let mut long = Digest::default();
        (0..1_000).for_each(|_| long.take(&[b'a'; 1_000]));
        assert_eq!(long.hex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}
