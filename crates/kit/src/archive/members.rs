//! What a backup holds, taken apart onto disk: a file is read once and in its own order, tables are filled
//! in theirs.

use super::unfit::Unfit;
use crate::files::{Aside, Files, create_private_dir, write_private};
use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

type Gz = GzDecoder<BufReader<File>>;
type Entry<'a> = tar::Entry<'a, Gz>;

/// What the first member of a file says, read without the rest.
pub(super) fn about(path: &Path) -> Result<String, Unfit> {
    let mut archive = open(path)?;
    let first = archive.entries().map_err(|_| Unfit::Foreign)?.next();
    let mut first = first.and_then(Result::ok).ok_or(Unfit::Foreign)?;
    if name_of(&first) != "about.json" {
        return Err(Unfit::Foreign);
    }
    text_of(&mut first)
}

/// Members in lines, and checkpoints by the size they are over.
pub(super) struct Members {
    lines: BTreeMap<String, Aside>,
    pub checkpoints: BTreeMap<i64, String>,
}

impl Members {
    /// Keeps attachments and keys where they belong, and the rest aside.
    pub fn unpack(path: &Path, files: &Files, keys: &Path, order: &[String]) -> Result<Members, Unfit> {
        let mut members = Members { lines: BTreeMap::new(), checkpoints: BTreeMap::new() };
        let mut archive = open(path)?;
        for entry in archive.entries().map_err(|_| Unfit::Damaged)? {
            let mut entry = entry.map_err(Unfit::passing)?;
            let name = name_of(&entry);
            match name.split_once('/') {
                Some(("files" | "drafts", hash)) => keep_file(&mut entry, hash, files)?,
                Some(("keys", key @ ("log.key" | "log.vkey"))) => keep_key(&mut entry, &keys.join(key))?,
                Some(("checkpoints", size)) => {
                    let size = size.trim_end_matches(".txt").parse().map_err(|_| Unfit::Damaged)?;
                    members.checkpoints.insert(size, text_of(&mut entry)?);
                }
                _ if is_in_lines(&name, order) => {
                    let mut aside = files.aside().map_err(Unfit::Unwritable)?;
                    io::copy(&mut entry, &mut aside).map_err(Unfit::passing)?;
                    members.lines.insert(name, aside);
                }
                _ => {}
            }
        }
        // To the end, so that the checksum of the compression is held against the content.
        io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(Unfit::passing)?;
        Ok(members)
    }

    /// The lines of a member, once; none where the file has no such member.
    pub fn lines(
        &mut self,
        name: &str,
    ) -> Result<impl Iterator<Item = Result<String, Unfit>> + use<>, Unfit> {
        let aside = self.lines.remove(name).map(Aside::rewound).transpose().map_err(Unfit::Unwritable)?;
        let lines = aside.map(|(file, _)| BufReader::new(file).lines());
        Ok(lines.into_iter().flatten().map(|line| line.map_err(Unfit::passing)))
    }
}

fn open(path: &Path) -> Result<tar::Archive<Gz>, Unfit> {
    let file = File::open(path).map_err(Unfit::Unopened)?;
    Ok(tar::Archive::new(GzDecoder::new(BufReader::new(file))))
}

fn name_of(entry: &Entry) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}

/// The tables that are wanted, and what the log is made of.
fn is_in_lines(name: &str, order: &[String]) -> bool {
    let table = name.strip_prefix("rows/").and_then(|name| name.strip_suffix(".jsonl"));
    ["log.jsonl", "row_digests.jsonl"].contains(&name)
        || table.is_some_and(|table| order.iter().any(|one| one == table))
}

fn text_of(entry: &mut Entry) -> Result<String, Unfit> {
    let mut text = String::new();
    entry.read_to_string(&mut text).map_err(|_| Unfit::Damaged)?;
    Ok(text)
}

fn keep_file(entry: &mut Entry, hash: &str, files: &Files) -> Result<(), Unfit> {
    let mut content = Vec::new();
    entry.read_to_end(&mut content).map_err(|_| Unfit::Damaged)?;
    match files.keep(&content).map_err(Unfit::Unwritable)? == hash {
        true => Ok(()),
        false => Err(Unfit::Damaged),
    }
}

fn keep_key(entry: &mut Entry, path: &Path) -> Result<(), Unfit> {
    let key = text_of(entry)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_dir(folder).map_err(Unfit::Unwritable)?;
    write_private(path, key.as_bytes()).map_err(Unfit::Unwritable)
}
