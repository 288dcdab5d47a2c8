//! Attachments on disk, each under the SHA-256 of its content; and files only their owner reads.

mod looking;

pub use looking::Found;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The folder of attachments. Content is written once, whole and synced, and never changed.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
}

/// The newest signed head, among the attachments' folders.
const HEAD: &str = "head.txt";

impl Files {
    pub fn new(folder: PathBuf) -> Files {
        Files { folder }
    }

    /// Keeps content and gives its hash in hex. Content already kept is left alone.
    pub fn keep(&self, content: &[u8]) -> io::Result<String> {
        let hash = HEXLOWER.encode(&Sha256::digest(content));
        let path = self.path(&hash);
        if path.exists() {
            return Ok(hash);
        }
        let parent = path.parent().expect("a hash has a folder");
        std::fs::create_dir_all(parent)?;
        let unfinished = parent.join(format!("{hash}.{:x}.part", uuid::Uuid::now_v7().as_u128()));
        let mut file = std::fs::File::create_new(&unfinished)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &path)?;
        std::fs::File::open(parent)?.sync_all()?;
        Ok(hash)
    }

    /// A place for content that is still on its way.
    pub fn aside(&self) -> io::Result<Aside> {
        Aside::within(&self.folder)
    }

    /// Keeps the newest signed head beside the attachments, out of the database's reach.
    pub fn keep_head(&self, note: &str) -> io::Result<()> {
        create_private_dir(&self.folder)?;
        let unfinished = self.folder.join(format!("{:x}.part", uuid::Uuid::now_v7().as_u128()));
        write_private(&unfinished, note.as_bytes())?;
        std::fs::rename(&unfinished, self.folder.join(HEAD))
    }

    /// The head that was kept, if one was.
    pub fn head(&self) -> io::Result<Option<String>> {
        match std::fs::read(self.folder.join(HEAD)) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Where content of a hash lies. The hash comes from our own tables, never from a visitor.
    pub fn path(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("xx")).join(hash)
    }
}

/// Content on its way, on disk and nowhere else: a file without a name, which ends with its holder, killed
/// or not.
#[derive(Debug)]
pub struct Aside {
    file: std::fs::File,
}

impl Aside {
    pub fn within(folder: &Path) -> io::Result<Aside> {
        create_private_dir(folder)?;
        let path = folder.join(format!("{:x}.part", uuid::Uuid::now_v7().as_u128()));
        let mut options = std::fs::File::options();
        options.read(true).write(true).create_new(true);
        private(&mut options);
        let file = options.open(&path)?;
        std::fs::remove_file(&path)?;
        Ok(Aside { file })
    }

    /// All that was added.
    pub fn read(self) -> io::Result<Vec<u8>> {
        let (mut file, size) = self.rewound()?;
        let mut content = vec![0; usize::try_from(size).map_err(io::Error::other)?];
        file.read_exact(&mut content)?;
        Ok(content)
    }

    /// The file from its beginning, and its size.
    pub fn rewound(mut self) -> io::Result<(std::fs::File, u64)> {
        let size = self.file.stream_position()?;
        self.file.rewind()?;
        Ok((self.file, size))
    }
}

impl Write for Aside {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        self.file.write(content)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Opens a file for writing, made if missing so that only its owner may read it. Its content stays.
pub fn open_private(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    private(&mut options);
    options.open(path)
}

/// A file these options make is its owner's alone.
fn private(options: &mut std::fs::OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

/// Makes a folder, and those above it, that only its owner may enter. One that is there stays as it is.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = open_private(path)?;
    file.set_len(0)?;
    file.write_all(content)?;
    file.sync_all()
}
