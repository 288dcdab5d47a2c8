//! Archives that would unpack without measure, reach outside or hide something.

use super::*;

#[test]
fn a_bomb_is_refused_while_inflating() {
    let zeros = vec![0; 30 * MIB];
    let bomb = word_with(part("word/media/a.bin", &zeros));
    assert!(bomb.len() < 40_000, "1000:1");
    assert_eq!(refused("a.docx", &bomb), "archive_size");
    let mut lie = part("word/media/a.bin", &zeros);
    lie.declared_size = Some(10);
    assert_eq!(refused("a.docx", &word_with(lie)), "archive_size");
}

#[test]
fn totals_are_bounded_whatever_the_ratio() {
    let mut parts = word_parts();
    let mut noise = part("word/media/n.bin", noise(2 * MIB));
    noise.is_stored = true;
    parts.push(noise);
    parts.push(part("word/media/a.bin", vec![0; 65 * MIB]));
    assert_eq!(refused("a.docx", &zip(&parts)), "archive_size");
    parts.pop();
    parts.extend((0..3).map(|number| part(&format!("word/media/{number}.bin"), vec![0; 40 * MIB])));
    assert_eq!(refused("a.docx", &zip(&parts)), "archive_size");
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn five_thousand_entries_are_too_many() {
    let mut parts = word_parts();
    parts.extend((0..1_997).map(|number| part(&format!("word/{number}.xml"), "<a/>")));
    assert!(take("a.docx", &zip(&parts)).is_ok());
    parts.extend((0..3_000).map(|number| part(&format!("word/more/{number}.xml"), "<a/>")));
    assert_eq!(refused("a.docx", &zip(&parts)), "archive_entries");
}

#[test]
fn nested_archives_are_refused() {
    assert_eq!(refused("a.docx", &word_with(part("word/embeddings/a.xlsx", excel()))), "archive_nested");
    assert_eq!(refused("a.docx", &word_with(part("word/a.bin", b"\x1f\x8b\x08"))), "archive_nested");
}

#[test]
fn paths_links_and_passwords_are_refused() {
    for name in ["../a.xml", "word/../../a", "/etc/passwd", "C:/a.xml", "word\\a.xml", "a\0b", "a/./b"] {
        assert_eq!(refused("a.docx", &word_with(part(name, "<a/>"))), "archive_path", "{name:?}");
    }
    let mut link = part("word/a.xml", "/etc/passwd");
    link.attributes = 0o120_777 << 16;
    assert_eq!(refused("a.docx", &word_with(link)), "archive_link");
    let mut locked = part("word/a.xml", "<a/>");
    locked.flags = 1;
    assert_eq!(refused("a.docx", &word_with(locked)), "encrypted");
}

#[test]
fn a_lying_directory_is_refused() {
    let mut lie = part("word/a.xml", "<a/>");
    lie.declared_size = Some(3);
    assert_eq!(refused("a.docx", &word_with(lie)), "damaged");
    let twice = [part("WORD/document.xml", "<a/>"), part("word/document.xml", "<b/>")];
    assert_eq!(refused("a.docx", &zip(&twice)), "damaged");
    let good = zip(&word_parts());
    let end = good.len() - 22;
    for (place, value) in [(10, 9), (12, 1), (16, 1), (20, 1), (4, 1)] {
        let mut file = good.clone();
        file[end + place] = value;
        assert_eq!(refused("a.docx", &file), "damaged", "end record at {place}");
    }
    let mut renamed = good.clone();
    renamed[30] = b'X';
    assert_eq!(refused("a.docx", &renamed), "damaged");
    assert_eq!(refused("a.docx", &[good.as_slice(), b"more"].concat()), "damaged");
}

#[test]
fn dtd_and_entities_are_refused_in_every_encoding() {
    for word in ["<!DOCTYPE a SYSTEM \"file:///etc/passwd\">", "<!ENTITY a \"b\">"] {
        let xml = format!("<?xml version=\"1.0\"?>{}{word}<a/>", "<!-- -->".repeat(9_000));
        assert_eq!(refused("a.docx", &word_with(part("word/a.xml", &xml))), "dtd");
        for (is_big, has_mark) in [(false, true), (true, true), (false, false), (true, false)] {
            let xml = utf16(&xml, is_big, has_mark);
            assert_eq!(refused("a.docx", &word_with(part("word/a.xml", xml))), "dtd");
        }
    }
    let fine = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>&lt;!DOCTYPE</a>";
    assert!(take("a.docx", &word_with(part("word/a.xml", utf16(fine, false, true)))).is_ok());
}

#[test]
fn a_dtd_is_found_wherever_the_pieces_are_cut() {
    for place in 65_536 - 20..65_536 + 2 {
        let xml = format!("<a>{}<!DOCTYPE a>", " ".repeat(place - 3));
        assert_eq!(refused("a.docx", &word_with(part("word/a.xml", xml))), "dtd", "{place}");
    }
}

#[test]
fn encodings_that_hide_are_refused() {
    let seven = "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE a+AD4-<a/>";
    assert_eq!(refused("a.docx", &word_with(part("word/a.xml", seven))), "damaged");
    assert_eq!(refused("a.docx", &word_with(part("word/a.xml", b"\x4c\x6f\xa7\x94"))), "damaged");
    assert_eq!(refused("a.docx", &word_with(part("word/a.xml", b"\0\0\0<\0\0\0!"))), "damaged");
}

#[test]
fn only_hyperlinks_may_point_outside() {
    let with = |kind: &str, mode: &str| {
        let xml = relationship(kind, "http://example.cn/", mode);
        word_with(part("word/_rels/document.xml.rels", xml))
    };
    assert!(take("a.docx", &with("hyperlink", r#"TargetMode="External""#)).is_ok());
    assert!(take("a.docx", &with("image", r#"TargetMode="Internal""#)).is_ok());
    for mode in [r#"TargetMode="External""#, "TargetMode = 'External'", r#"TargetMode="&#69;xternal""#] {
        assert_eq!(refused("a.docx", &with("attachedTemplate", mode)), "external", "{mode}");
        assert_eq!(refused("a.docx", &with("image", mode)), "external", "{mode}");
    }
    let sly = r#"TargetMode="External" Note="Type='/relationships/hyperlink'""#;
    assert_eq!(refused("a.docx", &with("oleObject", sly)), "external");
    assert_eq!(refused("a.docx", &with("oleObject", "TargetMode=External")), "external");
    let wide = utf16(&relationship("image", "http://example.cn/", r#"TargetMode="External""#), true, true);
    assert_eq!(refused("a.docx", &word_with(part("word/_rels/document.xml.rels", wide))), "external");
    let link = [content_types("spreadsheetml.sheet.main+xml"), part("xl/externalLinks/a.xml", "<a/>")];
    assert_eq!(refused("a.xlsx", &zip(&link)), "external");
}

#[test]
fn macros_and_missing_parts_are_refused() {
    assert_eq!(refused("a.docx", &word_with(part("word/vbaProject.bin", b"\xd0\xcf"))), "macro");
    let parts = [
        content_types("application/vnd.ms-word.document.macroEnabled.main+xml"),
        part("word/document.xml", "<a/>"),
    ];
    assert_eq!(refused("a.docx", &zip(&parts)), "macro");
    assert_eq!(refused("a.docx", &zip(&[part("word/document.xml", "<a/>")])), "content_mismatch");
    assert_eq!(refused("a.docx", &zip(&[content_types(WORD)])), "content_mismatch");
    assert_eq!(refused("a.ofd", &zip(&[part("Doc.xml", "<a/>")])), "content_mismatch");
}
