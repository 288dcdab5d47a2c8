//! The gzip-compressed tar file as a stream of members, within bounds: no line, count or total is trusted.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

use crate::Options;
use crate::report::Report;

pub(crate) struct Bundle<'a, R: Read> {
    archive: tar::Archive<Counted<MultiGzDecoder<BufReader<R>>>>,
    options: &'a Options,
}

impl<'a, R: Read> Bundle<'a, R> {
    pub fn open(input: R, options: &'a Options) -> Bundle<'a, R> {
        let inner = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, input));
        let counted = Counted { inner, left: options.max_total_bytes };
        Bundle { archive: tar::Archive::new(counted), options }
    }

    pub fn each_member(
        &mut self,
        report: &mut Report,
        mut each: impl FnMut(Member, &mut Report) -> Result<(), String>,
    ) -> Result<(), String> {
        // Raw, because long-name and extension headers would be read into memory whole.
        let entries = self.archive.entries().map_err(|error| sentence(&error))?.raw(true);
        for entry in entries {
            let mut entry = entry.map_err(|error| sentence(&error))?;
            if !entry.header().entry_type().is_file() {
                return Err("归档里有普通文件以外的条目。请重新导出后再校验。".into());
            }
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            each(Member { name, options: self.options, reader: &mut entry }, report)?;
        }
        Ok(())
    }

    /// Reads to the end, so that the checksum of the compression is held against the content.
    pub fn finish(self, report: &mut Report) -> Result<(), String> {
        let mut rest = self.archive.into_inner();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match rest.read(&mut buffer).map_err(|error| sentence(&error))? {
                0 => return Ok(()),
                length if buffer[..length].iter().any(|byte| *byte != 0) => {
                    report.fault("member", None, "归档结尾之后还有内容。");
                    return Ok(());
                }
                _ => {}
            }
        }
    }
}

/// One file of the archive.
pub(crate) struct Member<'a> {
    pub name: String,
    options: &'a Options,
    reader: &'a mut dyn Read,
}

impl Member<'_> {
    /// The whole of a small member.
    pub fn text(self) -> Result<String, String> {
        let mut text = String::new();
        let limit = self.options.max_line_bytes as u64;
        let length = Read::take(&mut *self.reader, limit + 1).read_to_string(&mut text);
        match length {
            Ok(length) if length as u64 <= limit => Ok(text),
            Ok(_) => Err(sentence(&ErrorKind::FileTooLarge.into())),
            Err(error) => Err(sentence(&error)),
        }
    }

    /// Each line without its end; a last line may lack one.
    pub fn each_line(self, mut each: impl FnMut(&str)) -> Result<(), String> {
        let mut reader = BufReader::with_capacity(1 << 16, self.reader);
        let limit = self.options.max_line_bytes as u64;
        let (mut line, mut count) = (Vec::new(), 0);
        loop {
            line.clear();
            let read = reader.by_ref().take(limit + 1).read_until(b'\n', &mut line);
            if read.map_err(|error| sentence(&error))? == 0 {
                return Ok(());
            }
            count += 1;
            if line.len() as u64 > limit || count > self.options.max_lines {
                return Err(sentence(&ErrorKind::FileTooLarge.into()));
            }
            // A line that is not text is passed on as one that no reader understands.
            each(std::str::from_utf8(line.trim_ascii_end()).unwrap_or_default());
        }
    }
}

impl Read for Member<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// Why the file cannot be read on, and what to do.
pub(crate) fn sentence(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::FileTooLarge => "文件内容超出校验程序的上限，不像正常的导出文件。请向导出单位核实。",
        _ => "文件损坏或不完整，解压时出错。请重新复制或重新导出后再校验。",
    }
    .into()
}

/// Stops a stream that inflates without end.
struct Counted<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(length as u64).ok_or(ErrorKind::FileTooLarge)?;
        Ok(length)
    }
}
