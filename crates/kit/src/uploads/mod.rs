//! Checks of an uploaded file before it is kept: name, magic bytes and structure must agree, nothing in it
//! may unpack without measure, reach outside or carry metadata. Nothing is ever executed or rendered here.

mod archive;
mod image;
mod kind;
mod name;
mod package;
mod pdf;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

pub use kind::Kind;
pub use name::{clean_name, content_disposition, content_disposition_inline};

/// What a form takes.
#[derive(Clone, Debug)]
pub struct Limits {
    pub max_bytes: usize,
    pub kinds: Vec<Kind>,
}

/// A file that may be kept. `bytes` are what to keep: of an image without its metadata, else as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted<'a> {
    pub kind: Kind,
    pub media_type: &'static str,
    pub display_name: String,
    pub bytes: Cow<'a, [u8]>,
    /// Width and height of an image.
    pub pixels: Option<(u32, u32)>,
}

/// Why a file is refused: a code for programs, a sentence that says what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub code: &'static str,
    pub sentence: String,
}

impl Rejection {
    fn new(code: &'static str, sentence: impl Into<String>) -> Rejection {
        Rejection { code, sentence: sentence.into() }
    }

    fn damaged(kind: Kind) -> Rejection {
        let sentence =
            format!("文件内容损坏，不是完整的{}文件。请用原软件打开检查，另存后重新上传。", kind.label());
        Rejection::new("damaged", sentence)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Rejection {}

/// Checks one file under the name its sender gave it. Needs at most a copy of the input besides it.
pub fn inspect<'a>(declared_name: &str, bytes: &'a [u8], limits: &Limits) -> Result<Accepted<'a>, Rejection> {
    if bytes.len() > limits.max_bytes {
        return Err(too_large(limits.max_bytes));
    }
    if bytes.is_empty() {
        return Err(Rejection::new("empty", "文件是空的。请检查后重新选择文件。"));
    }
    let display_name = clean_name(declared_name);
    let kind = Kind::of_name(&display_name).filter(|kind| limits.kinds.contains(kind));
    let kind = kind.ok_or_else(|| wrong_kind(&limits.kinds))?;
    kind::check_magic(kind, bytes)?;
    let (bytes, pixels) = match kind {
        Kind::Pdf => {
            pdf::check(bytes)?;
            (Cow::Borrowed(bytes), None)
        }
        Kind::Jpg | Kind::Png | Kind::Webp => {
            let picture = image::strip(kind, bytes)?;
            (picture.bytes, Some((picture.width, picture.height)))
        }
        Kind::Xlsx | Kind::Docx | Kind::Ofd => {
            package::check(kind, bytes)?;
            (Cow::Borrowed(bytes), None)
        }
        Kind::Csv => {
            table::check(bytes)?;
            (Cow::Borrowed(bytes), None)
        }
    };
    Ok(Accepted { kind, media_type: kind.media_type(), display_name, bytes, pixels })
}

fn too_large(max_bytes: usize) -> Rejection {
    let size = match max_bytes {
        bytes if bytes >= 1 << 20 => format!("{} MB", bytes >> 20),
        bytes => format!("{} KB", bytes >> 10),
    };
    Rejection::new("too_large", format!("文件超过 {size}。请压缩图片、降低扫描分辨率或拆分后重新上传。"))
}

fn wrong_kind(kinds: &[Kind]) -> Rejection {
    let list: Vec<&str> = kinds.iter().map(|kind| kind.extension()).collect();
    let sentence = format!("不接受这种文件。请上传 {} 格式的文件，并保留正确的扩展名。", list.join("、"));
    Rejection::new("kind_not_allowed", sentence)
}
