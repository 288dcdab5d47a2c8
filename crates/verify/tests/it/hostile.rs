//! Files made to hurt the reader: the answer is a sentence, in bounded memory.

use std::io::{self, Read};

use serde_json::json;
use verify::{Options, verify};

use crate::writer::{Dice, Writer, gzip, pack, sample};

fn unreadable(file: impl Read, options: &Options) -> String {
    let report = verify(file, options);
    assert_eq!(report.exit_code(), 2, "{report}");
    report.to_string()
}

#[test]
fn other_files_are_told_apart() {
    let options = Options::default();
    assert!(unreadable(&b""[..], &options).contains("请重新"));
    assert!(unreadable(&b"PK\x03\x04 not ours"[..], &options).contains("损坏或不完整"));
    assert!(unreadable(gzip(b"").as_slice(), &options).contains("没有内容"));
    assert!(unreadable(gzip(&[7; 4000]).as_slice(), &options).contains("损坏或不完整"));
    let other = pack(&[("hello.txt".into(), b"hello".to_vec())]);
    assert!(unreadable(other.as_slice(), &options).contains("不是镇兴的导出文件"));
    let mut parts = Writer::default().finish();
    parts.about["format"] = json!("zhenxing-export/9");
    assert!(unreadable(parts.pack().as_slice(), &options).contains("换用较新的校验程序"));
    parts.about = json!([1, 2]);
    assert!(unreadable(parts.pack().as_slice(), &options).contains("about.json 读不懂"));
}

#[test]
fn a_bad_key_is_said_before_reading() {
    let options = Options { key: Some("key".into()), ..Options::default() };
    assert!(unreadable(io::empty(), &options).contains("公钥的写法不对"));
}

#[test]
fn a_line_without_end_is_refused() {
    let mut parts = sample(1).finish();
    parts.log.push("x".repeat(300_000));
    let options = Options { max_line_bytes: 100_000, ..Options::default() };
    assert!(unreadable(parts.pack().as_slice(), &options).contains("超出校验程序的上限"));
    let mut parts = sample(1).finish();
    parts.checkpoints.push(("9.txt".into(), "x".repeat(300_000)));
    assert!(unreadable(parts.pack().as_slice(), &options).contains("超出校验程序的上限"));
}

#[test]
fn a_bomb_is_refused_by_its_total_and_by_its_lines() {
    let mut parts = sample(1).finish();
    parts.files.push(("00".repeat(32), vec![0; 40 << 20]));
    let bomb = parts.pack();
    assert!(bomb.len() < 1 << 20);
    let options = Options { max_total_bytes: 8 << 20, ..Options::default() };
    assert!(unreadable(bomb.as_slice(), &options).contains("超出校验程序的上限"));
    let mut parts = sample(1).finish();
    parts.digests.extend((0..3000).map(|_| String::new()));
    let options = Options { max_lines: 1000, ..Options::default() };
    assert!(unreadable(parts.pack().as_slice(), &options).contains("超出校验程序的上限"));
}

#[test]
fn links_and_long_names_are_refused() {
    for kind in [tar::EntryType::Symlink, tar::EntryType::GNULongName, tar::EntryType::XHeader] {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(0);
        tar.append_data(&mut header, "about.json", io::empty()).unwrap();
        let file = gzip(&tar.into_inner().unwrap());
        assert!(unreadable(file.as_slice(), &Options::default()).contains("普通文件以外的条目"));
    }
}

#[test]
fn text_of_the_file_cannot_steer_the_terminal() {
    let mut parts = sample(1).finish();
    let id = "a\r\n错误：b\u{1b}[2J\u{202e}";
    parts.rows.get_mut("plan").unwrap().push(json!({ "id": id }).to_string());
    parts.about["unrecorded"] = json!(["x\ny"]);
    let report = verify(parts.pack().as_slice(), &Options::default()).to_string();
    assert!(report.lines().all(|line| !line.chars().any(char::is_control)), "{report:?}");
    assert!(!report.contains('\u{202e}') && report.contains("没有任何记录写过它"), "{report}");
}

#[test]
fn absurd_numbers_and_nesting_do_no_harm() {
    let mut parts = sample(1).finish();
    parts.log.push(format!(r#"{{"seq":{},"leaf":"","body":"{{}}"}}"#, u64::MAX));
    parts.log.push("[".repeat(100_000));
    parts
        .digests
        .push(r#"{"seq":18446744073709551615,"ordinal":0,"table":"plan","id":"a","digest":""}"#.into());
    parts.rows.get_mut("plan").unwrap().push(r#"{"id":"a","x":1e400}"#.into());
    parts.rows.get_mut("plan").unwrap().push(r#"{"id":"a","x":{"b64":"?"}}"#.into());
    parts.checkpoints.push(("1.txt".into(), "\n\n\n".into()));
    assert_eq!(verify(parts.pack().as_slice(), &Options::default()).exit_code(), 1);
}

#[test]
fn noise_never_panics() {
    let mut dice = Dice(11);
    for _ in 0..300 {
        let noise: Vec<u8> = (0..dice.roll(4000)).map(|_| dice.roll(256) as u8).collect();
        assert_ne!(verify(gzip(&noise).as_slice(), &Options::default()).exit_code(), 0);
        assert_ne!(verify(noise.as_slice(), &Options::default()).exit_code(), 0);
        let lines = String::from_utf8_lossy(&noise).into_owned();
        let mut parts = sample(2).finish();
        parts.log.push(lines.clone());
        parts.digests.push(lines.clone());
        parts.rows.get_mut("section").unwrap().push(lines);
        assert_ne!(verify(parts.pack().as_slice(), &Options::default()).exit_code(), 0);
    }
}
