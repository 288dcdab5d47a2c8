//! A strict reader of ZIP archives: the central directory first, every size counted while inflating.
//!
//! Offices' programs write plain archives. Anything that two readers could understand differently (data before,
//! between or behind, names given twice, sizes that do not hold) is refused, and so is ZIP64: 20 MiB need none.

use std::collections::HashSet;
use std::io::Read;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::Rejection;

const MOST_ENTRIES: usize = 2_000;
const LONGEST_NAME: usize = 255;
const MOST_ENTRY_BYTES: u64 = 64 << 20;
const MOST_TOTAL_BYTES: u64 = 100 << 20;
const MOST_RATIO: u64 = 100;
/// Small archives of empty forms compress well; the ratio counts beyond this.
const RATIO_FLOOR_BYTES: u64 = 4 << 20;

/// An entry as the central directory describes it.
#[derive(Debug)]
pub struct Entry<'a> {
    pub name: &'a str,
    data: &'a [u8],
    is_stored: bool,
    declared_size: u64,
    declared_crc: u32,
}

/// Lists the entries after checking all that can be known without inflating.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, Rejection> {
    let directory = directory(bytes).ok_or_else(damaged)?;
    let mut rest = &bytes[directory.start..directory.end];
    let (mut entries, mut names) = (Vec::new(), HashSet::new());
    while !rest.is_empty() {
        if entries.len() == MOST_ENTRIES {
            let sentence =
                format!("文件内部超过 {MOST_ENTRIES} 个部件，不像正常文件。请另存为新文件后重新上传。");
            return Err(Rejection::new("archive_entries", sentence));
        }
        let (header, next) = header(rest).ok_or_else(damaged)?;
        check_name(header.name)?;
        check_flags(&header)?;
        if !names.insert(header.name.to_ascii_lowercase()) {
            return Err(damaged());
        }
        entries.push(entry(&bytes[..directory.start], &header).ok_or_else(damaged)?);
        rest = next;
    }
    if entries.len() != directory.count {
        return Err(damaged());
    }
    Ok(entries)
}

struct Directory {
    start: usize,
    end: usize,
    count: usize,
}

/// The end record must close the file, without a comment, and the directory must touch it.
fn directory(bytes: &[u8]) -> Option<Directory> {
    let end = bytes.len().checked_sub(22)?;
    if !bytes[end..].starts_with(b"PK\x05\x06") {
        return None;
    }
    let (disk, count) = (number(bytes, end + 4, 4)?, number(bytes, end + 10, 2)?);
    let (length, start) = (number(bytes, end + 12, 4)?, number(bytes, end + 16, 4)?);
    let is_whole = disk == 0
        && number(bytes, end + 20, 2)? == 0
        && number(bytes, end + 8, 2)? == count
        && start.checked_add(length)? == end;
    is_whole.then_some(Directory { start, end, count })
}

struct Header<'a> {
    name: &'a str,
    raw_name: &'a [u8],
    flags: usize,
    method: usize,
    crc: usize,
    compressed: usize,
    size: usize,
    attributes: usize,
    offset: usize,
}

fn header(bytes: &[u8]) -> Option<(Header<'_>, &[u8])> {
    if !bytes.starts_with(b"PK\x01\x02") {
        return None;
    }
    let field = |place, width| number(bytes, place, width);
    let name_end = 46 + field(28, 2)?;
    let next = name_end + field(30, 2)? + field(32, 2)?;
    let raw_name = bytes.get(46..name_end)?;
    let header = Header {
        // A name in another encoding is no name of any format that we take.
        name: std::str::from_utf8(raw_name).ok()?,
        raw_name,
        flags: field(8, 2)?,
        method: field(10, 2)?,
        crc: field(16, 4)?,
        compressed: field(20, 4)?,
        size: field(24, 4)?,
        attributes: field(38, 4)?,
        offset: field(42, 4)?,
    };
    Some((header, bytes.get(next..)?))
}

fn check_name(name: &str) -> Result<(), Rejection> {
    let is_bad_part = |part: &str| part == ".." || part == ".";
    let is_bad = name.is_empty()
        || name.len() > LONGEST_NAME
        || name.starts_with('/')
        || name.contains(['\\', ':'])
        || name.chars().any(char::is_control)
        || name.split('/').any(is_bad_part);
    match is_bad {
        true => Err(Rejection::new("archive_path", "文件内部的路径不正常。请另存为新文件后重新上传。")),
        false => Ok(()),
    }
}

fn check_flags(header: &Header) -> Result<(), Rejection> {
    // Bits 0, 6 and 13: encrypted, strongly encrypted, directory encrypted.
    if header.flags & 0x2041 != 0 {
        return Err(Rejection::new("encrypted", "文件加了密码。请去掉密码后重新上传。"));
    }
    // The Unix mode stands in the upper half: only plain files and folders, or none.
    match header.attributes >> 28 {
        0 | 4 | 8 => Ok(()),
        _ => Err(Rejection::new("archive_link", "文件内部含有链接。请另存为新文件后重新上传。")),
    }
}

/// Finds the data behind the local header, which must say the same as the directory.
fn entry<'a>(bytes: &'a [u8], header: &Header<'a>) -> Option<Entry<'a>> {
    let local = bytes.get(header.offset..)?;
    if !local.starts_with(b"PK\x03\x04") || number(local, 8, 2)? != header.method {
        return None;
    }
    if number(local, 6, 2)? & 0x2041 != 0 {
        return None;
    }
    let name_end = 30 + number(local, 26, 2)?;
    let start = name_end + number(local, 28, 2)?;
    if local.get(30..name_end)? != header.raw_name || !matches!(header.method, 0 | 8) {
        return None;
    }
    Some(Entry {
        name: header.name,
        data: local.get(start..start.checked_add(header.compressed)?)?,
        is_stored: header.method == 0,
        declared_size: header.size as u64,
        declared_crc: header.crc as u32,
    })
}

/// What may still come out of one archive.
pub struct Budget {
    archive_bytes: u64,
    inflated: u64,
}

impl Budget {
    pub fn for_archive(bytes: &[u8]) -> Budget {
        Budget { archive_bytes: bytes.len() as u64, inflated: 0 }
    }

    fn count(&mut self, length: usize, entry_bytes: u64) -> Result<(), Rejection> {
        self.inflated += length as u64;
        let too_dense = self.inflated > RATIO_FLOOR_BYTES && self.inflated > MOST_RATIO * self.archive_bytes;
        if too_dense || self.inflated > MOST_TOTAL_BYTES || entry_bytes > MOST_ENTRY_BYTES {
            let sentence = "文件解开后大得不正常，可能是恶意文件。请另存为新文件后重新上传，或拆分内容。";
            return Err(Rejection::new("archive_size", sentence));
        }
        Ok(())
    }
}

/// Inflates an entry piece by piece through a fixed buffer.
pub fn each_piece(
    entry: &Entry,
    budget: &mut Budget,
    mut each: impl FnMut(&[u8]) -> Result<(), Rejection>,
) -> Result<(), Rejection> {
    let mut stored = entry.data;
    let mut deflated = DeflateDecoder::new(entry.data);
    let reader: &mut dyn Read = if entry.is_stored { &mut stored } else { &mut deflated };
    let (mut buffer, mut crc, mut size) = (vec![0; 1 << 16], Crc::new(), 0);
    loop {
        let length = reader.read(&mut buffer).map_err(|_| damaged())?;
        if length == 0 {
            break;
        }
        size += length as u64;
        budget.count(length, size)?;
        crc.update(&buffer[..length]);
        each(&buffer[..length])?;
    }
    let is_used_up = entry.is_stored || deflated.total_in() == entry.data.len() as u64;
    match is_used_up && size == entry.declared_size && crc.sum() == entry.declared_crc {
        true => Ok(()),
        false => Err(damaged()),
    }
}

fn damaged() -> Rejection {
    Rejection::new("damaged", "文件内部结构损坏或不规范。请用 Office、WPS 或原软件打开，另存后重新上传。")
}

/// A little-endian number of two or four bytes.
fn number(bytes: &[u8], place: usize, width: usize) -> Option<usize> {
    let bytes = bytes.get(place..place.checked_add(width)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}
