//! Good files of each kind are kept; hostile ones are refused in a sentence.

mod archives;
mod fixtures;
mod images;
mod names;

use proptest::prelude::*;

use super::{Accepted, Kind, Limits, Rejection, inspect};
use fixtures::*;

const MIB: usize = 1 << 20;

fn staff() -> Limits {
    Limits { max_bytes: 20 * MIB, kinds: Kind::ALL.to_vec() }
}

fn take<'a>(name: &str, bytes: &'a [u8]) -> Result<Accepted<'a>, Rejection> {
    inspect(name, bytes, &staff())
}

#[track_caller]
fn refused(name: &str, bytes: &[u8]) -> &'static str {
    let rejection = take(name, bytes).expect_err("this file must be refused");
    assert!(rejection.sentence.ends_with('。') && rejection.sentence.contains('请'), "{rejection}");
    rejection.code
}

#[test]
fn good_files_of_each_kind_are_kept_as_they_are() {
    let files = [
        ("规划.pdf", pdf(), Kind::Pdf),
        ("现场.JPG", jpg(800, 600, &[]), Kind::Jpg),
        ("现场.jpeg", jpg(800, 600, &[]), Kind::Jpg),
        ("图.png", png(10, 10, &[]), Kind::Png),
        ("图.webp", riff(&[(b"VP8L", &vp8l(10, 10))]), Kind::Webp),
        ("方案.docx", zip(&word_parts()), Kind::Docx),
        ("报表.xlsx", excel(), Kind::Xlsx),
        ("公文.ofd", ofd(), Kind::Ofd),
        ("数据.csv", "镇名，面积\n新安镇,3\n".into(), Kind::Csv),
        ("数据.csv", b"\xd0\xc2\xb0\xb2\xd5\xf2,3\r\n\x81\x30\x81\x30".to_vec(), Kind::Csv),
    ];
    for (name, bytes, kind) in files {
        let accepted = take(name, &bytes).unwrap_or_else(|rejection| panic!("{name}: {rejection}"));
        assert_eq!((accepted.kind, accepted.display_name.as_str()), (kind, name));
        assert_eq!(accepted.media_type, kind.media_type());
        assert_eq!(accepted.bytes, bytes, "{name}");
    }
}

#[test]
fn one_byte_more_than_allowed_is_refused() {
    let mut file = pdf();
    file.resize(20 * MIB, b'\n');
    assert!(take("a.pdf", &file).is_ok());
    file.push(b'\n');
    let rejection = take("a.pdf", &file).unwrap_err();
    assert_eq!(rejection.code, "too_large");
    assert!(rejection.sentence.starts_with("文件超过 20 MB。"), "{rejection}");
    assert_eq!(refused("a.pdf", b""), "empty");
}

#[test]
fn only_the_kinds_of_the_form_are_taken() {
    let public = Limits { max_bytes: 10 * MIB, kinds: vec![Kind::Pdf, Kind::Jpg, Kind::Png] };
    let rejection = inspect("a.docx", &zip(&word_parts()), &public).unwrap_err();
    assert_eq!(rejection.code, "kind_not_allowed");
    assert!(rejection.sentence.contains("pdf、jpg、png"), "{rejection}");
    for name in ["a.exe", "a.svg", "a.html", "a.xls", "a.xlsm", "a.zip", "a.rar", "a", "pdf", ".pdf.", ""] {
        assert_eq!(refused(name, &pdf()), "kind_not_allowed", "{name}");
    }
}

#[test]
fn name_and_content_must_agree() {
    let program = [b"MZ\x90\0".as_slice(), &[0; 400]].concat();
    let rejection = take("批复.pdf", &program).unwrap_err();
    assert_eq!(rejection.code, "content_mismatch");
    assert_eq!(rejection.sentence, "扩展名是 pdf，内容却像是程序。请选择真正的 pdf 文件。");
    assert_eq!(refused("a.pdf", b"\x7fELF\x02"), "content_mismatch");
    assert_eq!(refused("a.jpg", &png(1, 1, &[])), "content_mismatch");
    assert_eq!(refused("a.pdf", &zip(&word_parts())), "content_mismatch");
    assert_eq!(refused("a.xlsx", &zip(&word_parts())), "content_mismatch");
    assert_eq!(refused("a.ofd", &zip(&word_parts())), "content_mismatch");
    assert_eq!(refused("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "content_mismatch");
    assert_eq!(refused("a.csv", &pdf()), "content_mismatch");
    assert_eq!(refused("a.webp", b"RIFF\x04\0\0\0WAVE"), "content_mismatch");
    assert_eq!(refused("a.pdf", b"<html>%PDF-1.7"), "content_mismatch");
}

#[test]
fn a_cut_off_or_doubled_pdf_is_refused() {
    let whole = pdf();
    assert_eq!(refused("a.pdf", &whole[..whole.len() - 7]), "damaged");
    assert_eq!(refused("a.pdf", b"%PDF-1.7\n%%EOF"), "damaged");
    assert!(take("a.pdf", &[whole.as_slice(), b"\r\n\0\0"].concat()).is_ok());
    assert_eq!(refused("a.pdf", &[whole.as_slice(), b"MZ"].concat()), "polyglot");
    let archive = zip(&word_parts());
    assert_eq!(refused("a.pdf", &[whole.as_slice(), &archive].concat()), "polyglot");
    assert_eq!(refused("a.pdf", &[b"%PDF-1.7 1 0 obj", archive.as_slice(), &whole].concat()), "polyglot");
}

#[test]
fn a_table_is_text() {
    for bytes in [b"a,b\n\0".as_slice(), b"\xff\xfea\0", b"a\x1b[2J", b"\xd0", b"\x80\x80", b"\x81\x30\x81"] {
        assert_eq!(refused("a.csv", bytes), "text_encoding");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn random_bytes_never_panic(noise in prop::collection::vec(any::<u8>(), 0..600), kind in 0..8_usize) {
        let kind = Kind::ALL[kind];
        let magic: &[u8] = match kind {
            Kind::Pdf => b"%PDF-1.7",
            Kind::Jpg => b"\xff\xd8\xff\xe1",
            Kind::Png => b"\x89PNG\r\n\x1a\n",
            Kind::Webp => b"RIFF\x40\0\0\0WEBP",
            Kind::Xlsx | Kind::Docx | Kind::Ofd => b"PK\x03\x04",
            Kind::Csv => b"",
        };
        let name = format!("a.{}", kind.extension());
        for bytes in [noise.clone(), [magic, &noise].concat()] {
            if let Err(rejection) = take(&name, &bytes) {
                prop_assert!(rejection.sentence.contains('请'));
            }
        }
    }

    /// A good file with a few bytes changed, cut or doubled.
    #[test]
    fn spoiled_files_never_panic(
        which in 0..6_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let animated = riff(&[(b"VP8X", &[0x0c; 10]), (b"ANMF", &[1; 16]), (b"VP8 ", &[0x9d; 10]), (b"EXIF", b"x")]);
        let pictures = [jpg(9, 9, &[(0xe1, &exif(6))]), png(9, 9, &chunk(b"tEXt", b"a\0b")), animated];
        let (name, mut bytes) = match which {
            0 => ("a.jpg", pictures[0].clone()),
            1 => ("a.png", pictures[1].clone()),
            2 => ("a.webp", pictures[2].clone()),
            3 => ("a.docx", zip(&word_parts())),
            4 => ("a.pdf", pdf()),
            _ => ("a.ofd", ofd()),
        };
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(accepted) = take(name, &bytes) {
            prop_assert!(accepted.bytes.len() <= bytes.len() + 42);
        }
    }
}
