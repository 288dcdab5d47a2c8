//! Signed heads of the log: C2SP `tlog-checkpoint` in a signed note.

use super::tree::Frontier;
use crate::args;
use crate::db::{Read, Tx};
use crate::error::{Error, Result};
use crate::store::Store;
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// The key that signs checkpoints, and the origin it signs for.
#[derive(Clone)]
pub struct Signer {
    origin: Arc<str>,
    key: Arc<SigningKey>,
}

/// The C2SP signature type of Ed25519.
const ED25519: u8 = 1;

impl Signer {
    /// Makes a key for an installation of the programme of a division.
    pub fn generate(division: &str) -> Signer {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the machine gives random bytes");
        Signer::from_seed(division, seed)
    }

    /// The key of a seed: the same installation every time, as the demo wants it.
    pub fn from_seed(division: &str, seed: [u8; 32]) -> Signer {
        let key = SigningKey::from_bytes(&seed);
        let installation = HEXLOWER.encode(&Sha256::digest(key.verifying_key().as_bytes())[..4]);
        let origin = format!("zhenxing/{division}/{installation}/sha256-ed25519");
        Signer { origin: origin.into(), key: Arc::new(key) }
    }

    /// Reads the key kept in a folder by `save`.
    pub fn load(keys: &Path) -> std::io::Result<Signer> {
        let text = std::fs::read_to_string(keys.join("log.key"))?;
        let bad = || std::io::Error::other("keys/log.key is damaged");
        let (origin, seed) = text.trim().split_once(' ').ok_or_else(bad)?;
        let seed: [u8; 32] =
            BASE64.decode(seed.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad)?;
        Ok(Signer { origin: origin.into(), key: Arc::new(SigningKey::from_bytes(&seed)) })
    }

    /// Keeps the key, readable by its owner alone, and the verifier key beside it.
    pub fn save(&self, keys: &Path) -> std::io::Result<()> {
        crate::files::create_private_dir(keys)?;
        let secret = format!("{} {}\n", self.origin, BASE64.encode(&self.key.to_bytes()));
        crate::files::write_private(&keys.join("log.key"), secret.as_bytes())?;
        std::fs::write(keys.join("log.vkey"), format!("{}\n", self.verifier_key()))
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The public key in C2SP form: `name+hash+base64`.
    pub fn verifier_key(&self) -> String {
        let public = [&[ED25519][..], self.key.verifying_key().as_bytes()].concat();
        format!("{}+{}+{}", self.origin, HEXLOWER.encode(&self.key_hash()), BASE64.encode(&public))
    }

    /// The signed note over a head.
    pub fn sign(&self, size: u64, root: &[u8; 32]) -> String {
        let text = format!("{}\n{size}\n{}\n", self.origin, BASE64.encode(root));
        let signature = [&self.key_hash()[..], &self.key.sign(text.as_bytes()).to_bytes()].concat();
        format!("{text}\n— {} {}\n", self.origin, BASE64.encode(&signature))
    }

    /// Size and root (base64) of a note this key signed; `None` for any other text.
    pub fn open(&self, note: &str) -> Option<(u64, String)> {
        let (text, signature) = note.split_once("\n\n")?;
        let text = format!("{text}\n");
        let line = signature.lines().find_map(|line| line.strip_prefix(&format!("— {} ", self.origin)))?;
        let bytes = BASE64.decode(line.trim().as_bytes()).ok()?;
        let (hash, signed) = bytes.split_at_checked(4)?;
        let signature = ed25519_dalek::Signature::from_slice(signed).ok()?;
        let is_ours = hash == self.key_hash()
            && self.key.verifying_key().verify_strict(text.as_bytes(), &signature).is_ok();
        let mut lines = text.lines();
        let origin = lines.next()?;
        let size = lines.next()?.parse().ok()?;
        let root = lines.next()?.to_owned();
        (is_ours && origin == &*self.origin).then_some((size, root))
    }

    fn key_hash(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(self.origin.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.verifying_key().as_bytes())
            .finalize();
        digest[..4].try_into().expect("four bytes")
    }
}

/// Size and root of the log as it stands.
pub async fn latest_root(mut read: Read<'_>) -> Result<(u64, [u8; 32])> {
    let (size, kept): (i64, Vec<u8>) =
        read.one("SELECT size, frontier FROM log_head WHERE id = 1", args![]).await?;
    let frontier = Frontier::from_bytes(size as u64, &kept)
        .ok_or_else(|| Error::internal("the head of the log is damaged: run `audit verify`"))?;
    Ok((frontier.size(), frontier.root()))
}

/// Signs the head, keeps the note in the database and beside the attachments, and gives it. Signing the same head twice changes nothing.
pub async fn checkpoint(store: &Store) -> Result<String> {
    let mut tx = store.db().begin().await?;
    let note = checkpoint_in(&mut tx, store).await?;
    tx.commit().await?;
    keep_beside(store, &note).await?;
    Ok(note)
}

/// The newest head also stands outside the database: whoever reaches that alone cannot cut the log's
/// end. One that the database knows nothing of is evidence, and stays.
async fn keep_beside(store: &Store, note: &str) -> Result<()> {
    if let Some(kept) = store.files().head()? {
        let known =
            store.read().int("SELECT COUNT(*) FROM log_checkpoint WHERE note = $1", args![&kept]).await?;
        let size = |note: &str| store.signer().open(note).map(|(size, _)| size);
        if known == 0 || size(&kept) >= size(note) {
            return Ok(());
        }
    }
    Ok(store.files().keep_head(note)?)
}

async fn checkpoint_in(tx: &mut Tx, store: &Store) -> Result<String> {
    let (size, root) = latest_root(tx.read()).await?;
    let note = store.signer().sign(size, &root);
    tx.exec(
        "INSERT INTO log_checkpoint (size, at_ms, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING",
        args![size as i64, store.now_ms(), &note],
    )
    .await?;
    Ok(note)
}
