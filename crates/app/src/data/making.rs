//! A folder being made: a failure takes back what it put there, so that the next attempt finds what the
//! first one found.

use std::path::{Path, PathBuf};

pub struct Making {
    path: PathBuf,
    found: Found,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Empty,
    InUse,
}

impl Making {
    pub fn begin(path: &Path) -> Making {
        let found = match std::fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
            Ok(true) => Found::Empty,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Found::Nothing,
            Ok(false) | Err(_) => Found::InUse,
        };
        Making { path: path.to_owned(), found }
    }

    /// Whether nothing of anybody's is there.
    pub fn is_fresh(&self) -> bool {
        self.found != Found::InUse
    }

    /// The work is done and stays.
    pub fn keep(mut self) {
        self.found = Found::InUse;
    }

    fn undo(&self) -> std::io::Result<()> {
        match self.found {
            Found::InUse => Ok(()),
            Found::Nothing if !self.path.exists() => Ok(()),
            Found::Nothing => std::fs::remove_dir_all(&self.path),
            Found::Empty => std::fs::read_dir(&self.path)?.try_for_each(|entry| remove(&entry?.path())),
        }
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        if let Err(error) = self.undo() {
            tracing::warn!("{} could not be cleared: {error}", self.path.display());
        }
    }
}

/// Takes a file or a folder away; one that is not there is gone already.
pub(super) fn remove(path: &Path) -> std::io::Result<()> {
    let done = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match done {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::Making;
    use std::fs::{create_dir_all, read_dir, write};
    use std::path::PathBuf;

    fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("zhenxing-making-{name}-{}", std::process::id()));
        create_dir_all(&path).expect("a scratch folder");
        path
    }

    fn fill(path: &std::path::Path) {
        create_dir_all(path.join("keys")).expect("made");
        write(path.join("zhenxing.db"), "").expect("written");
    }

    #[test]
    fn what_failed_leaves_the_folder_as_it_was() {
        let path = scratch("failed");
        let (new, empty, used) = (path.join("new"), path.join("empty"), path.join("used"));
        create_dir_all(&empty).expect("made");
        fill(&used);
        for folder in [&new, &empty, &used] {
            let making = Making::begin(folder);
            assert_eq!(making.is_fresh(), folder != &used);
            fill(folder);
            drop(making);
        }
        assert!(!new.exists());
        assert_eq!(read_dir(&empty).expect("still there").count(), 0);
        assert_eq!(read_dir(&used).expect("still there").count(), 2);
        std::fs::remove_dir_all(path).expect("removed");
    }

    #[test]
    fn what_succeeded_stays() {
        let path = scratch("kept").join("new");
        let making = Making::begin(&path);
        fill(&path);
        making.keep();
        assert_eq!(read_dir(&path).expect("still there").count(), 2);
        std::fs::remove_dir_all(path.parent().expect("it has one")).expect("removed");
    }
}
