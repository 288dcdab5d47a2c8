//! Word, Excel and OFD packages: which parts must be there, which must not, and what XML may not say.
//!
//! XML is never parsed here, only searched: so depth and entities cost nothing.

use super::archive::{self, Budget, Entry};
use super::{Kind, Rejection};

/// Parts that are read whole: the list of content types and the relationships.
const LONGEST_SMALL_PART: usize = 1 << 20;
/// Longest of the forbidden words in UTF-16, less one: what must be carried from one piece to the next.
const CARRY: usize = 17;

pub fn check(kind: Kind, bytes: &[u8]) -> Result<(), Rejection> {
    let entries = archive::entries(bytes)?;
    let mut budget = Budget::for_archive(bytes);
    let mut content_types = None;
    for entry in &entries {
        check_part_name(entry.name)?;
        let is_relationships = ends_with(entry.name, ".rels");
        let is_content_types = entry.name == "[Content_Types].xml";
        let text = read(entry, &mut budget, is_relationships || is_content_types)?;
        if is_relationships {
            check_relationships(&text)?;
        }
        if is_content_types {
            content_types = Some(text);
        }
    }
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    let (main_part, main_type) = match kind {
        Kind::Docx => ("word/document.xml", "wordprocessingml.document.main+xml"),
        Kind::Xlsx => ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
        _ => ("OFD.xml", ""),
    };
    let types = content_types.unwrap_or_default();
    if types.contains("macroEnabled") || types.contains("vbaProject") {
        return Err(macros());
    }
    match has(main_part) && types.contains(main_type) {
        true => Ok(()),
        false => Err(not_of_kind(kind)),
    }
}

fn not_of_kind(kind: Kind) -> Rejection {
    let sentence =
        format!("内容不是{}文件，缺少主要部件。请用原软件另存后重新上传，不要只改扩展名。", kind.label());
    Rejection::new("content_mismatch", sentence)
}

fn macros() -> Rejection {
    Rejection::new("macro", "文件含有宏或控件。请另存为不含宏的文件后重新上传。")
}

fn external() -> Rejection {
    let sentence = "文件引用了外部的模板、图片或数据。请在软件里断开外部链接（改为嵌入），另存后重新上传。";
    Rejection::new("external", sentence)
}

fn check_part_name(name: &str) -> Result<(), Rejection> {
    let lower = name.to_ascii_lowercase();
    if lower.contains("vbaproject") || lower.contains("/activex/") || lower.contains("/macrosheets/") {
        return Err(macros());
    }
    // Links to other workbooks, data connections and DDE need no external relationship.
    if lower.starts_with("xl/externallinks/") || lower == "xl/connections.xml" {
        return Err(external());
    }
    Ok(())
}

fn ends_with(name: &str, ending: &str) -> bool {
    name.to_ascii_lowercase().ends_with(ending)
}

/// Inflates a part and searches it; gives the text of a small one.
fn read(entry: &Entry, budget: &mut Budget, is_kept: bool) -> Result<String, Rejection> {
    let is_xml = ends_with(entry.name, ".xml") || ends_with(entry.name, ".rels");
    let (mut window, mut kept, mut is_first) = (Vec::new(), Vec::new(), true);
    archive::each_piece(entry, budget, |piece| {
        if std::mem::take(&mut is_first) {
            check_beginning(piece, is_xml)?;
        }
        window.drain(..window.len().saturating_sub(CARRY));
        window.extend_from_slice(piece);
        if has_dtd(&window) {
            let sentence = "文件的 XML 含有 DTD 或实体定义，可能是恶意文件。请用原软件另存后重新上传。";
            return Err(Rejection::new("dtd", sentence));
        }
        if is_kept && kept.len() + piece.len() > LONGEST_SMALL_PART {
            return Err(Rejection::new("damaged", "文件内部的目录过大。请另存为新文件后重新上传。"));
        }
        if is_kept {
            kept.extend_from_slice(piece);
        }
        Ok(())
    })?;
    Ok(plain(&kept))
}

/// No archive within the archive, and XML only in the encodings in which it is searched.
fn check_beginning(piece: &[u8], is_xml: bool) -> Result<(), Rejection> {
    let nested: [&[u8]; 4] = [b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"];
    if nested.iter().any(|magic| piece.starts_with(magic)) {
        let sentence = "文件里嵌有压缩包或别的 Office 文件。请删除嵌入的对象，单独上传。";
        return Err(Rejection::new("archive_nested", sentence));
    }
    if !is_xml {
        return Ok(());
    }
    let text = plain(&piece[..piece.len().min(512)]);
    let declaration = text.trim_start().split("?>").next().unwrap_or_default().to_ascii_lowercase();
    let encoding = match declaration.split_once("encoding") {
        Some((_, rest)) if declaration.starts_with("<?xml") => rest
            .trim_start_matches(['=', '"', '\'', ' '])
            .split(['"', '\''])
            .next()
            .unwrap_or_default()
            .to_string(),
        _ => "utf-8".into(),
    };
    let is_known =
        matches!(encoding.as_str(), "utf-8" | "utf-16" | "us-ascii" | "gb2312" | "gbk" | "gb18030");
    match text.trim_start().starts_with('<') && is_known {
        true => Ok(()),
        false => Err(Rejection::new("damaged", "文件内部的 XML 编码不规范。请用原软件另存后重新上传。")),
    }
}

/// The text without its byte order mark; of UTF-16 its characters, of anything else its bytes as they are.
fn plain(bytes: &[u8]) -> String {
    let units = |read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>()
    };
    let text = match bytes {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] | [0, b'<', ..] => units(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    text.trim_start_matches('\u{feff}').into()
}

/// Looks for the two words in UTF-8 and in both orders of UTF-16 at once: by leaving out zero bytes.
fn has_dtd(window: &[u8]) -> bool {
    let is_here = |place: usize| {
        let letters: Vec<u8> = window[place..].iter().take(18).filter(|byte| **byte != 0).copied().collect();
        letters.starts_with(b"<!DOCTYPE") || letters.starts_with(b"<!ENTITY")
    };
    let is_mark = |(_, pair): &(usize, &[u8])| pair[0] == b'<' && (pair[1] == b'!' || pair[1] == 0);
    window.windows(2).enumerate().filter(is_mark).any(|(place, _)| is_here(place))
}

/// Every relationship that is not plainly internal must be a hyperlink, which is followed only by a click.
fn check_relationships(text: &str) -> Result<(), Rejection> {
    for tag in text.split('<').filter(|tag| tag.contains("TargetMode") || tag.contains("External")) {
        let attributes = attributes(tag).ok_or_else(external)?;
        let value = |name: &str| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let is_hyperlink = value("Type").is_some_and(|kind| kind.ends_with("/relationships/hyperlink"));
        if value("TargetMode").is_some_and(|mode| mode != "Internal") && !is_hyperlink {
            return Err(external());
        }
    }
    Ok(())
}

/// The attributes of one tag; none when it is not written as XML demands.
fn attributes(tag: &str) -> Option<Vec<(&str, &str)>> {
    let (inside, _) = tag.rsplit_once('>')?;
    let mut rest = inside.trim_end_matches('/').split_once(char::is_whitespace)?.1.trim();
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        attributes.push((name.trim(), value));
        rest = after.trim_start();
    }
    Some(attributes)
}
