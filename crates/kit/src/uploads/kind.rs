//! The kinds of file we keep, told apart by extension and by their first bytes.

use super::Rejection;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Pdf,
    Jpg,
    Png,
    Webp,
    Xlsx,
    Docx,
    Ofd,
    Csv,
}

impl Kind {
    pub const ALL: [Kind; 8] =
        [Kind::Pdf, Kind::Jpg, Kind::Png, Kind::Webp, Kind::Xlsx, Kind::Docx, Kind::Ofd, Kind::Csv];

    /// The kind that a file's name claims.
    pub fn of_name(name: &str) -> Option<Kind> {
        let (stem, extension) = name.rsplit_once('.')?;
        let extension = if extension.eq_ignore_ascii_case("jpeg") { "jpg" } else { extension };
        let is_claimed = |kind: &Kind| !stem.is_empty() && kind.extension().eq_ignore_ascii_case(extension);
        Kind::ALL.into_iter().find(is_claimed)
    }

    pub fn extension(self) -> &'static str {
        match self {
            Kind::Pdf => "pdf",
            Kind::Jpg => "jpg",
            Kind::Png => "png",
            Kind::Webp => "webp",
            Kind::Xlsx => "xlsx",
            Kind::Docx => "docx",
            Kind::Ofd => "ofd",
            Kind::Csv => "csv",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Pdf => "application/pdf",
            Kind::Jpg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Webp => "image/webp",
            Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Kind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Kind::Ofd => "application/ofd",
            Kind::Csv => "text/csv",
        }
    }

    /// The kind in the words of a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Pdf => " PDF ",
            Kind::Jpg => " JPG 图片",
            Kind::Png => " PNG 图片",
            Kind::Webp => " WebP 图片",
            Kind::Xlsx => " Excel（xlsx）",
            Kind::Docx => " Word（docx）",
            Kind::Ofd => " OFD ",
            Kind::Csv => " CSV ",
        }
    }
}

/// What a file begins with, whatever its name says.
const MAGIC: [(&[u8], &str); 14] = [
    (b"%PDF-", "PDF 文件"),
    (b"\xff\xd8\xff", "JPG 图片"),
    (b"\x89PNG\r\n\x1a\n", "PNG 图片"),
    (b"RIFF", "WebP 图片"),
    (b"PK\x03\x04", "压缩包（docx、xlsx、ofd 也属此类）"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文件或加了密码的文件"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"<", "网页或 XML 文件"),
];

pub fn check_magic(kind: Kind, bytes: &[u8]) -> Result<(), Rejection> {
    let is_right = match kind {
        Kind::Pdf => bytes.starts_with(b"%PDF-"),
        Kind::Jpg => bytes.starts_with(b"\xff\xd8\xff"),
        Kind::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        Kind::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        Kind::Xlsx | Kind::Docx | Kind::Ofd => bytes.starts_with(b"PK\x03\x04"),
        Kind::Csv => !MAGIC[..6].iter().any(|(magic, _)| bytes.starts_with(magic)),
    };
    if is_right {
        return Ok(());
    }
    let found = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, label)| *label);
    let extension = kind.extension();
    let sentence = match found {
        Some(label) if label.starts_with("旧版") => {
            format!("扩展名是 {extension}，内容却是{label}。请去掉密码，另存为 {extension} 后重新上传。")
        }
        Some(label) => format!("扩展名是 {extension}，内容却像是{label}。请选择真正的 {extension} 文件。"),
        None => {
            format!("内容不是 {extension} 文件。请用原软件另存为 {extension} 后重新上传，不要只改扩展名。")
        }
    };
    Err(Rejection::new("content_mismatch", sentence))
}

/// Refuses a file that is a ZIP archive besides what it claims to be: such archives are read from their end.
pub fn check_no_hidden_archive(bytes: &[u8]) -> Result<(), Rejection> {
    let tail = &bytes[bytes.len().saturating_sub(22 + 65_535)..];
    match tail.windows(4).any(|window| window == b"PK\x05\x06") {
        false => Ok(()),
        true => Err(Rejection::new("polyglot", "文件尾部混有压缩包。请用原软件打开并另存后重新上传。")),
    }
}
