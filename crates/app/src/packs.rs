//! The rule packs: the one inside the binary, and those that past decisions were made by.

use crate::founding;
use anyhow::{Result, bail};
use domain::pack::{Finding, Pack};
use kit::Store;
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "../../policy/jiangxi/"]
#[include = "*.toml"]
struct Jiangxi;

/// The pack that decides now, and the earlier ones, to read what was sent under them.
#[derive(Clone, Debug)]
pub struct Packs {
    running: Arc<Pack>,
    earlier: Arc<BTreeMap<String, Pack>>,
}

impl Packs {
    /// The running pack and every version the data keeps.
    pub async fn kept(running: Arc<Pack>, store: &Store) -> Result<Packs> {
        let rows = founding::kept_packs(store.read()).await?;
        let mut earlier = BTreeMap::new();
        for (digest, content) in rows {
            let files: BTreeMap<String, String> = serde_json::from_str(&content)?;
            match Pack::read(&files.into_iter().collect::<Vec<_>>()) {
                Ok(pack) => drop(earlier.insert(digest, pack)),
                Err(findings) => {
                    tracing::warn!("the kept pack {digest} no longer reads: {} findings", findings.len());
                }
            }
        }
        Ok(Packs { running, earlier: Arc::new(earlier) })
    }

    pub fn running(&self) -> &Pack {
        &self.running
    }

    /// The pack of a digest.
    pub fn under(&self, digest: &str) -> Option<&Pack> {
        if self.running.digest() == digest { Some(&self.running) } else { self.earlier.get(digest) }
    }
}

/// A running pack alone.
impl From<Arc<Pack>> for Packs {
    fn from(running: Arc<Pack>) -> Packs {
        Packs { running, earlier: Arc::default() }
    }
}

/// The default pack, as the binary carries it.
pub fn jiangxi() -> Result<Pack> {
    read(embedded_files())
}

/// The files of the default pack: relative path and text.
pub fn embedded_files() -> Vec<(String, String)> {
    Jiangxi::iter()
        .filter_map(|path| {
            let text = String::from_utf8(Jiangxi::get(&path)?.data.into_owned()).ok()?;
            Some((path.into_owned(), text))
        })
        .collect()
}

/// Most bytes of one file of a pack, and most files: far more than any rules need.
const MOST_BYTES: u64 = 1 << 20;
const MOST_FILES: usize = 500;

/// The files of a pack, by relative path; or what cannot be read as text.
type Files = std::result::Result<Vec<(String, String)>, Vec<Finding>>;

/// The files of a pack in a folder: every `.toml` in it and in the folders directly below.
pub fn files_in(folder: &Path) -> Result<Files> {
    let mut paths = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() { paths.extend(entries(&path)?) } else { paths.push(path) }
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let (mut files, mut findings) = (Vec::new(), Vec::new());
    for path in paths {
        let file = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        match text_of(&path) {
            Ok(text) if files.len() < MOST_FILES => files.push((file, text)),
            Ok(_) => findings.push(Finding { file, line: 0, reason: "规则包的文件过多".to_owned() }),
            Err((line, reason)) => findings.push(Finding { file, line, reason }),
        }
    }
    Ok(if findings.is_empty() { Ok(files) } else { Err(findings) })
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

/// The text of a file, or the line and the reason why it has none.
fn text_of(path: &Path) -> std::result::Result<String, (usize, String)> {
    let unread = |error: std::io::Error| (0, format!("无法读取：{error}"));
    let meta = std::fs::metadata(path).map_err(unread)?;
    if !meta.is_file() || meta.len() > MOST_BYTES {
        return Err((0, format!("不是文件，或大于 {} KB", MOST_BYTES >> 10)));
    }
    let bytes = std::fs::read(path).map_err(unread)?;
    String::from_utf8(bytes).map_err(|error| {
        let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = sound.iter().filter(|byte| **byte == b'\n').count() + 1;
        (line, "不是 UTF-8 编码的文字，请另存为 UTF-8".to_owned())
    })
}

/// A pack from its files, or everything that is wrong with them.
pub fn read(files: Vec<(String, String)>) -> Result<Pack> {
    match Pack::read(&files) {
        Ok(pack) => Ok(pack),
        Err(findings) => {
            let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
            bail!("规则包有误：\n{}", lines.join("\n"))
        }
    }
}
