//! Names of files, to show and to send.

use proptest::prelude::*;

use crate::uploads::{clean_name, content_disposition, content_disposition_inline};

#[test]
fn names_are_made_safe() {
    let cases = [
        ("规划（报批稿）.pdf", "规划（报批稿）.pdf"),
        ("C:\\资料\\规划.pdf", "规划.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\0.pdf", "ab.pdf"),
        ("\u{202e}fdp.exe", "fdp.exe"),
        ("a\u{200b}\u{feff}.pdf", "a.pdf"),
        ("a<b>|?.pdf", "a_b___.pdf"),
        ("  . a.pdf . ", "a.pdf"),
        (".pdf", "未命名.pdf"),
        // Cut within a space, it does not end with it.
        (".0123456 9", "未命名.0123456"),
        ("", "未命名"),
        ("///", "未命名"),
        ("\u{202e}", "未命名"),
    ];
    for (declared, shown) in cases {
        assert_eq!(clean_name(declared), shown, "{declared:?}");
    }
}

#[test]
fn a_long_name_keeps_its_extension() {
    let name = clean_name(&format!("{}.docx", "镇".repeat(300)));
    assert_eq!(name.chars().count(), 120);
    assert!(name.ends_with("镇.docx"));
    assert_eq!(clean_name(&"a.".repeat(300)).chars().count(), 120);
}

#[test]
fn the_header_carries_the_name_twice() {
    assert_eq!(
        content_disposition("规划 1.pdf"),
        "attachment; filename=\"___1.pdf\"; filename*=UTF-8''%E8%A7%84%E5%88%92%201.pdf"
    );
    assert_eq!(content_disposition_inline("a.pdf"), "inline; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
}

proptest! {
    #[test]
    fn any_name_becomes_a_safe_one(declared in any::<String>()) {
        let name = clean_name(&declared);
        prop_assert!(!name.is_empty() && name.chars().count() <= 120);
        prop_assert!(!name.contains(['/', '\\']) && !name.contains(char::is_control));
        prop_assert_eq!(clean_name(&name), name.clone());
        prop_assert!(content_disposition(&declared).bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
}
