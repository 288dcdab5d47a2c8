//! What files are taken: the kinds and sizes of the pack, and the words that say so on a page.

use domain::day::Day;
use domain::pack::Pack;
use kit::uploads::{Kind, Limits, Rejection};
use kit::{Error, Result};

/// What staff may upload, and which of it an official letter's scan may be.
const STAFF: &str = "files.staff";
const SCANS: &str = "files.scans";

/// The kinds that a form takes, each with the most bytes of one file.
#[derive(Clone, Debug)]
pub struct Taken(Vec<(Kind, usize)>);

impl Taken {
    /// What staff may upload, cut down to these extensions; none means all of it.
    pub fn of(pack: &Pack, today: Day, types: &[String]) -> Result<Taken> {
        let entries = pack.list(STAFF, today).map_err(Error::internal)?;
        let taken = |kind: &Kind| types.is_empty() || types.iter().any(|one| one == kind.extension());
        let kinds = Kind::ALL.into_iter().filter(taken).filter_map(|kind| {
            let entry = entries.iter().find(|entry| entry.code == kind.extension())?;
            Some((kind, entry.attribute("bytes").parse().ok()?))
        });
        let kinds: Vec<_> = kinds.collect();
        if kinds.is_empty() {
            return Err(Error::internal("the pack takes no such file, or names no size"));
        }
        Ok(Taken(kinds))
    }

    /// What the scan of an official letter may be.
    pub fn scans(pack: &Pack, today: Day) -> Result<Taken> {
        let types = pack.list(SCANS, today).map_err(Error::internal)?;
        Taken::of(pack, today, &types.into_iter().map(|entry| entry.code).collect::<Vec<_>>())
    }

    pub(super) fn limits(&self) -> Limits {
        Limits { max_bytes: self.max_bytes(), kinds: self.0.iter().map(|(kind, _)| *kind).collect() }
    }

    pub(super) fn max_bytes(&self) -> usize {
        self.0.iter().map(|(_, bytes)| *bytes).max().unwrap_or_default()
    }

    /// Why a file of a kind is refused that is larger than its kind may be.
    pub(super) fn too_large(&self, kind: Kind, bytes: usize) -> Option<Rejection> {
        let (_, most) = self.0.iter().find(|(one, _)| *one == kind)?;
        (bytes > *most).then(|| too_large(*most))
    }

    /// `.pdf,.jpg`: what the browser offers to choose from.
    pub fn accept(&self) -> String {
        let names: Vec<String> = self.0.iter().map(|(kind, _)| format!(".{}", kind.extension())).collect();
        names.join(",")
    }

    /// pdf、jpg，单个不超过20MB; each with its own size where they differ.
    pub fn words(&self) -> String {
        let most = self.max_bytes();
        let alike = self.0.iter().all(|(_, bytes)| *bytes == most);
        let word = |(kind, bytes): &(Kind, usize)| match alike {
            true => kind.extension().to_owned(),
            false => format!("{}不超过{}", kind.extension(), size_words(*bytes as i64)),
        };
        let words = self.0.iter().map(word).collect::<Vec<_>>().join("、");
        if alike { format!("{words}，单个不超过{}", size_words(most as i64)) } else { words }
    }
}

/// A file that is larger than it may be.
pub(super) fn too_large(most: usize) -> Rejection {
    let sentence = format!(
        "文件超过{}，没有上传。请压缩图片、降低扫描分辨率或拆分后重新上传。",
        size_words(most as i64)
    );
    Rejection { code: "too_large", sentence }
}

/// 1.2MB, 34KB.
pub fn size_words(bytes: i64) -> String {
    const KB: i64 = 1024;
    match bytes {
        bytes if bytes >= KB * KB => {
            let tenths = bytes * 10 / (KB * KB);
            let point = if tenths % 10 == 0 { String::new() } else { format!(".{}", tenths % 10) };
            format!("{}{point}MB", tenths / 10)
        }
        bytes if bytes >= KB => format!("{}KB", bytes / KB),
        bytes => format!("{bytes}字节"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Taken, too_large};
    use kit::uploads::Kind;

    const MB: usize = 1 << 20;

    #[test]
    fn the_words_say_what_is_taken() {
        let alike = Taken(vec![(Kind::Pdf, 20 * MB), (Kind::Jpg, 20 * MB)]);
        assert_eq!(
            (alike.words().as_str(), alike.accept().as_str()),
            ("pdf、jpg，单个不超过20MB", ".pdf,.jpg")
        );
        let unlike = Taken(vec![(Kind::Pdf, 20 * MB), (Kind::Xlsx, MB / 2)]);
        assert_eq!(unlike.words(), "pdf不超过20MB、xlsx不超过512KB");
    }

    #[test]
    fn each_kind_has_its_own_measure() {
        let taken = Taken(vec![(Kind::Pdf, 20 * MB), (Kind::Xlsx, MB)]);
        assert_eq!(taken.max_bytes(), 20 * MB);
        assert_eq!(taken.too_large(Kind::Xlsx, MB), None);
        assert_eq!(taken.too_large(Kind::Xlsx, MB + 1), Some(too_large(MB)));
        assert_eq!(taken.too_large(Kind::Pdf, 20 * MB), None);
    }
}
