//! The file while it is written: its owner's alone, and there whole or not at all.

use crate::files::{Aside, open_private};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};

pub(super) struct Bundle {
    tar: tar::Builder<GzEncoder<BufWriter<File>>>,
    path: Unfinished,
    to: PathBuf,
}

impl Bundle {
    pub fn begin(to: &Path) -> io::Result<Bundle> {
        let mut name = to.as_os_str().to_owned();
        name.push(".part");
        let path = Unfinished(name.into());
        let file = open_private(&path.0)?;
        file.set_len(0)?;
        let tar = tar::Builder::new(GzEncoder::new(BufWriter::new(file), Compression::default()));
        Ok(Bundle { tar, path, to: to.to_owned() })
    }

    pub fn put(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.tar.append_data(&mut header(content.len() as u64), name, content)
    }

    pub fn put_file(&mut self, name: &str, file: File) -> io::Result<()> {
        self.tar.append_data(&mut header(file.metadata()?.len()), name, file)
    }

    /// Lines for a member whose size is known only at its end.
    pub fn lines(&self) -> io::Result<Lines> {
        let folder = self.to.parent().filter(|folder| !folder.as_os_str().is_empty());
        Ok(Lines(BufWriter::new(Aside::within(folder.unwrap_or(Path::new(".")))?)))
    }

    pub fn put_lines(&mut self, name: &str, lines: Lines) -> io::Result<()> {
        let (file, size) = lines.0.into_inner().map_err(IntoInnerError::into_error)?.rewound()?;
        self.tar.append_data(&mut header(size), name, file)
    }

    /// Only now does the file have its name.
    pub fn finish(self) -> io::Result<()> {
        let file = self.tar.into_inner()?.finish()?.into_inner().map_err(IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&self.path.0, &self.to)
    }
}

/// Lines on disk, so that no table need fit into memory.
pub(super) struct Lines(BufWriter<Aside>);

impl Lines {
    pub fn add(&mut self, line: &str) -> io::Result<()> {
        self.0.write_all(line.as_bytes())?;
        self.0.write_all(b"\n")
    }
}

/// The file under its passing name, which does not outlive the writing.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!("{} could not be removed: {error}", self.0.display());
            }
            _ => {}
        }
    }
}

fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header
}
