//! Passwords, one-time codes and tokens: made, hashed and compared here alone.

use crate::error::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

/// Argon2id: memory in KiB, passes, lanes. Stored with each hash, so they can be raised later.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashing takes memory; two at once is what a small machine bears.
static HASHING: Semaphore = Semaphore::const_new(2);

/// A token for a cookie or a link, and the hash under which it is kept.
pub struct Token {
    pub secret: String,
    pub hash: String,
}

pub fn token() -> Token {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the machine gives random bytes");
    let secret = BASE64URL_NOPAD.encode(&bytes);
    let hash = token_hash(&secret);
    Token { secret, hash }
}

/// The hash a token is kept and found under.
pub fn token_hash(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret))
}

pub async fn hash_password(password: String) -> Result<String> {
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || {
        hasher().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Error::internal)
    })
    .await
    .map_err(Error::internal)?
}

/// Whether a password is the one hashed. An unknown person costs the same time: pass `None`.
pub async fn password_matches(password: String, hash: Option<String>) -> Result<bool> {
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || match hash {
        Some(hash) => hasher().verify_password(password.as_bytes(), hash.as_str()).is_ok(),
        None => {
            let _same_work = hasher().hash_password(password.as_bytes());
            false
        }
    })
    .await
    .map_err(Error::internal)
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A fresh secret for a code generator app, in base32.
pub fn totp_secret() -> String {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).expect("the machine gives random bytes");
    BASE32_NOPAD.encode(&bytes)
}

/// The time step a code belongs to, when it is a code of this secret now, give or take one step.
/// A step that was used before is spent: the caller keeps the last one.
pub fn totp_step(secret: &str, code: &str, now_ms: i64) -> Option<i64> {
    let bytes = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let totp = totp_rs::Builder::new().with_secret(bytes).build().ok()?;
    let seconds = u64::try_from(now_ms / 1000).ok()?;
    totp.check(code.trim(), seconds).and_then(|step| i64::try_from(step).ok())
}

/// The code an app shows for a secret at a time: what a test types in.
pub fn totp_code(secret: &str, now_ms: i64) -> Option<String> {
    let bytes = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let totp = totp_rs::Builder::new().with_secret(bytes).build().ok()?;
    Some(totp.generate(u64::try_from(now_ms / 1000).ok()?).to_string())
}

/// The address a code generator app reads, and its picture as an SVG drawing without style.
pub fn totp_picture(secret: &str, login: &str, issuer: &str) -> Result<(String, String)> {
    let address = format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}");
    let code = qrcode::QrCode::new(address.as_bytes()).map_err(Error::internal)?;
    let picture = code.render::<qrcode::render::svg::Color>().min_dimensions(200, 200).build();
    Ok((address, picture))
}

#[cfg(test)]
mod tests {
    use super::{hash_password, password_matches, totp_step};

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let hash = hash_password("长江后浪 2018".to_owned()).await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(password_matches("长江后浪 2018".to_owned(), Some(hash.clone())).await.expect("compared"));
        assert!(!password_matches("长江后浪 2019".to_owned(), Some(hash)).await.expect("compared"));
        assert!(!password_matches("长江后浪 2018".to_owned(), None).await.expect("compared"));
    }

    /// RFC 6238, appendix B, SHA-1, cut to six digits.
    #[test]
    fn a_code_is_of_its_half_minute() {
        let secret = data_encoding::BASE32_NOPAD.encode(b"12345678901234567890");
        assert_eq!(totp_step(&secret, "287082", 59_000), Some(1));
        assert_eq!(totp_step(&secret, "287082", 95_000), None);
        assert_eq!(totp_step(&secret, "000000", 59_000), None);
    }
}
