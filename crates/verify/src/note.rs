//! Signed checkpoints: C2SP `signed-note` around a `tlog-checkpoint` body, Ed25519.

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::report::Report;
use crate::tree::{Frontier, Hash};

/// A verifier key: `name+hash+base64`.
#[derive(Clone, Debug)]
pub struct Key {
    pub name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl Key {
    pub fn parse(text: &str) -> Result<Key, String> {
        let bad = || "公钥的写法不对，应为“名称+八位十六进制+base64”。请核对另行保存的公钥。".to_string();
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        let data = BASE64.decode(data.as_bytes()).map_err(|_| bad())?;
        let bytes: [u8; 32] = match data.split_first() {
            Some((1, bytes)) => bytes.try_into().map_err(|_| bad())?,
            _ => return Err(bad()),
        };
        let hash = Sha256::digest([name.as_bytes(), b"\n", &data].concat());
        if name.is_empty() || HEXLOWER.encode(&hash[..4]) != id {
            return Err(bad());
        }
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| bad())?;
        Ok(Key { name: name.into(), id: [hash[0], hash[1], hash[2], hash[3]], key })
    }
}

/// What a checkpoint says, once its signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    /// The error is the end of a sentence that names the checkpoint.
    pub fn open(note: &str, key: &Key) -> Result<Checkpoint, String> {
        let Some((body, signatures)) = note.split_once("\n\n") else {
            return Err("写法不对，缺少签名。".into());
        };
        let signed = format!("{body}\n");
        let is_ours = |line: &str| is_signed(&signed, line, key);
        if !signatures.ends_with('\n') || !signatures.lines().any(is_ours) {
            return Err("签名不对，不是所给公钥签发的，或签发后被改动。".into());
        }
        let lines: Vec<&str> = body.split('\n').collect();
        let [origin, size, root] = lines[..] else {
            return Err("写法不对，应为来源、条数、树根三行。".into());
        };
        let number: u64 = size.parse().map_err(|_| "所记条数不是数字。")?;
        let root = BASE64.decode(root.as_bytes()).ok().and_then(|root| Hash::try_from(root).ok());
        match root {
            _ if origin != key.name => Err("来源与公钥的名称不一致。".into()),
            Some(root) if number.to_string() == size => Ok(Checkpoint { size: number, root }),
            _ => Err("条数或树根的写法不对。".into()),
        }
    }
}

fn is_signed(text: &str, line: &str, key: &Key) -> bool {
    let Some((name, data)) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')) else {
        return false;
    };
    let data = BASE64.decode(data.as_bytes()).unwrap_or_default();
    let Some((id, signature)) = data.split_at_checked(4) else { return false };
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    name == key.name && id == key.id && key.key.verify_strict(text.as_bytes(), &signature).is_ok()
}

/// A checkpoint of the file, or one that was kept outside the system.
pub(crate) struct Head {
    pub checkpoint: Checkpoint,
    pub is_outside: bool,
}

impl Head {
    fn fault(&self, inside: &str, outside: &str, report: &mut Report) {
        match self.is_outside {
            true => report.fault("outside", None, outside),
            false => report.fault(&format!("checkpoint {}.txt", self.checkpoint.size), None, inside),
        }
    }
}

/// Holds every head against the root over as many leaves as it names.
pub(crate) fn compare(mut heads: Vec<Head>, leaves: &[Hash], report: &mut Report) {
    heads.sort_by_key(|head| (head.checkpoint.size, head.is_outside));
    let (mut frontier, mut size) = (Frontier::default(), 0);
    for head in &heads {
        let signed = head.checkpoint.size;
        while size < signed.min(leaves.len() as u64) {
            frontier.push(leaves[size as usize]);
            size += 1;
        }
        if size < signed {
            let inside =
                format!("检查点 {signed}：签发时有 {signed} 条记录，现在只有 {size} 条，日志被截断。");
            let outside = format!("外部检查点签发时有 {signed} 条记录，现在只有 {size} 条，日志被截断。");
            head.fault(&inside, &outside, report);
        } else if frontier.root() != head.checkpoint.root {
            let inside = format!("检查点 {size}：与日志前 {size} 条算出的树根不符，日志在签发之后被改动。");
            let outside = format!("日志前 {size} 条与外部检查点不符：历史被改写，出现了另一份日志（分叉）。");
            head.fault(&inside, &outside, report);
        }
    }
    leaves[size as usize..].iter().for_each(|leaf| frontier.push(*leaf));
    let own: Vec<&Head> = heads.iter().filter(|head| !head.is_outside).collect();
    report.checkpoints = own.len() as u64;
    let length = leaves.len() as u64;
    match own.last().map(|head| head.checkpoint.size) {
        None if length > 0 => report.fault("checkpoint", None, "没有一个有效的检查点，日志无签名可凭。"),
        Some(newest) if newest < length => {
            report.note(format!("第 {} 条起的 {} 条记录尚无检查点。", newest + 1, length - newest));
        }
        _ => {}
    }
    report.root = BASE64.encode(&frontier.root());
}
