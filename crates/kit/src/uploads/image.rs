//! Pictures: size from the header, never decoded; metadata left out without encoding anew.
//!
//! Each format is walked from mark to mark and only the parts on a short list are copied, so whatever stands
//! behind the end of the picture is gone as well. Of EXIF a JPG keeps which way is up.

mod jpg;
mod png;
mod webp;

use std::borrow::Cow;

use super::{Kind, Rejection};

const MOST_PIXELS: u64 = 50_000_000;

pub struct Picture<'a> {
    pub bytes: Cow<'a, [u8]>,
    pub width: u32,
    pub height: u32,
}

/// What a walk found: the parts to keep, in order, and the largest size that any header names.
#[derive(Default)]
struct Walk {
    kept: Vec<u8>,
    width: u32,
    height: u32,
}

impl Walk {
    fn see_size(&mut self, width: u32, height: u32) {
        if u64::from(width) * u64::from(height) >= u64::from(self.width) * u64::from(self.height) {
            (self.width, self.height) = (width, height);
        }
    }
}

pub fn strip(kind: Kind, bytes: &[u8]) -> Result<Picture<'_>, Rejection> {
    let walk = match kind {
        Kind::Jpg => jpg::walk(bytes),
        Kind::Png => png::walk(bytes),
        _ => webp::walk(bytes),
    };
    let walk = walk.ok_or_else(|| Rejection::damaged(kind))?;
    let pixels = u64::from(walk.width) * u64::from(walk.height);
    if pixels == 0 {
        return Err(Rejection::damaged(kind));
    }
    if pixels > MOST_PIXELS {
        let sentence = format!("图片有 {} 万像素，超过 5000 万。请缩小后重新上传。", pixels / 10_000);
        return Err(Rejection::new("pixels", sentence));
    }
    let bytes = if walk.kept == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(walk.kept) };
    Ok(Picture { bytes, width: walk.width, height: walk.height })
}

fn big_endian(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}
