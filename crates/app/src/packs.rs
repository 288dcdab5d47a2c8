//! The rule packs inside the binary.

use anyhow::{Result, bail};
use domain::pack::Pack;
use rust_embed::RustEmbed;
use std::path::Path;

#[derive(RustEmbed)]
#[folder = "../../policy/jiangxi/"]
#[include = "*.toml"]
struct Jiangxi;

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

/// The files of a pack in a folder: every `.toml` below it, by relative path.
pub fn files_in(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let relative = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                files.push((relative, std::fs::read_to_string(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A pack from its files, or everything that is wrong with them.
pub fn read(files: Vec<(String, String)>) -> Result<Pack> {
    match Pack::read(&files) {
        Ok(pack) => Ok(pack),
        Err(findings) => {
            let lines: Vec<String> = findings
                .iter()
                .map(|found| format!("{}:{}: {}", found.file, found.line, found.reason))
                .collect();
            bail!("规则包有误：\n{}", lines.join("\n"))
        }
    }
}
