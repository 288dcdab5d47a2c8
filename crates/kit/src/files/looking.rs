//! Looking at what lies in the folder of attachments, whoever put it there.

use super::{Files, HEAD};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{File, read_dir, symlink_metadata};
use std::io::{self, Read};
use std::path::Path;

/// What lies where the content of a hash should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    True,
    Altered,
    Nothing,
    /// A link, a folder, a pipe: nothing that is read.
    Foreign,
}

/// No attachment is larger; a larger file is not read.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

impl Files {
    /// Holds content against its hash and its size, in little memory.
    pub fn look(&self, hash: &str, size: u64) -> Found {
        let path = self.path(hash);
        match symlink_metadata(&path) {
            Err(_) => Found::Nothing,
            Ok(facts) if !facts.is_file() => Found::Foreign,
            Ok(facts) if facts.len() == size && is_content_of(&path, hash) => Found::True,
            Ok(_) => Found::Altered,
        }
    }

    /// Everything but the content of these hashes: its name in the folder, and whether this program
    /// may have put it there, which is content under its own hash or still on its way.
    pub fn others(&self, known: &BTreeSet<&str>) -> io::Result<Vec<(String, bool)>> {
        let mut others = Vec::new();
        for (name, path, is_folder) in entries(&self.folder)? {
            if !is_folder || name.len() != 2 {
                if name != HEAD {
                    others.push((name.clone(), is_unfinished(&name)));
                }
                continue;
            }
            for (inner, path, is_folder) in entries(&path)? {
                if self.path(&inner) != path || !known.contains(inner.as_str()) {
                    let is_ours = !is_folder && (is_unfinished(&inner) || self.is_whole(&inner, &path));
                    others.push((format!("{name}/{inner}"), is_ours));
                }
            }
        }
        others.sort();
        Ok(others)
    }

    /// Whether a file lies under the hash of its content, in its place.
    fn is_whole(&self, name: &str, path: &Path) -> bool {
        let is_small = symlink_metadata(path).is_ok_and(|facts| facts.is_file() && facts.len() <= MOST_BYTES);
        is_small && self.path(name) == path && is_content_of(path, name)
    }
}

fn is_content_of(path: &Path, hash: &str) -> bool {
    hash_of(path).is_ok_and(|is| is == hash)
}

fn hash_of(path: &Path) -> io::Result<String> {
    let (mut file, mut hasher, mut piece) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(HEXLOWER.encode(&hasher.finalize())),
            length => hasher.update(&piece[..length]),
        }
    }
}

/// A name that only content on its way has.
fn is_unfinished(name: &str) -> bool {
    name.strip_suffix(".part")
        .is_some_and(|stem| stem.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'.'))
}

type Entry = (String, std::path::PathBuf, bool);

/// What a folder holds; one that is not there holds nothing.
fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let entries = match read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let described = |entry: io::Result<std::fs::DirEntry>| -> io::Result<Entry> {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        Ok((name, entry.path(), entry.file_type()?.is_dir()))
    };
    entries.map(described).collect()
}
