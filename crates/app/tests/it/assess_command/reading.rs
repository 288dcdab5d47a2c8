//! Files as offices save them, and files that are anything at all.

use super::{json, run};
use serde_json::Value;
use std::path::{Path, PathBuf};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/assess_command");

fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("zhenxing-reading-{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).expect("written");
    path
}

fn evaluated(plan: &Path, table: &Path) -> super::Answer {
    run(&format!("evaluate --plan {} --table {}", plan.display(), table.display()))
}

fn part(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(FOLDER).join(name)).expect("a file of this folder")
}

#[test]
fn texts_are_read_in_the_encodings_offices_save_them_in() {
    let (plan, table) = (part("plan.json"), part("table.csv"));
    let text = String::from_utf8(table.clone()).expect("UTF-8");
    let expected = json(&run("evaluate --plan {}/plan.json --table {}/table.csv"), 0)["totals"].clone();
    let marked = [&b"\xef\xbb\xbf"[..], &plan].concat();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let tables = [
        [&b"\xef\xbb\xbf"[..], &table].concat(),
        encoding_rs::GB18030.encode(&text).0.into_owned(),
        [&b"\xff\xfe"[..], &wide].concat(),
    ];
    let plan = written("plan.json", &marked);
    for table in tables {
        let table = written("table.csv", &table);
        let found = json(&evaluated(&plan, &table), 0);
        assert_eq!((&found["totals"], &found["towns"][0]), (&expected, &"甲镇".into()));
    }
}

#[test]
fn a_figure_a_method_cannot_take_is_found_in_its_cell() {
    let plan = r#"{"name": "p", "steps": {"weights": {"entropy": {}}}, "tree": {"code": "t", "children": [
        {"code": "money", "leaf": {"column": "investment"}}, {"code": "jobs", "leaf": {}}]}}"#;
    let plan = written("entropy.json", plan.as_bytes());
    let table =
        written("negative.csv", "镇,investment,jobs\n甲/乙镇,1,2\n丙镇,-3,1\n丁/戊镇,2,-1\n".as_bytes());
    let found = json(&evaluated(&plan, &table), 2)["findings"][0].clone();
    assert_eq!((&found["code"], &found["cell"]), (&"negative_in_entropy".into(), &"B3".into()));
    let table = written("slash.csv", "镇,investment,jobs\n甲/乙镇,1,2\n丙镇,3,1\n丁/戊镇,2,-1\n".as_bytes());
    assert_eq!(json(&evaluated(&plan, &table), 2)["findings"][0]["cell"], "C4");
}

#[test]
fn what_is_wrong_with_both_files_is_told_at_once() {
    let found = json(&run("evaluate --plan {}/none.json --table {}/none.csv"), 2);
    let told: Vec<&Value> =
        found["findings"].as_array().expect("findings").iter().map(|f| &f["message"]).collect();
    assert_eq!(told, ["无法读取文件：没有这个文件，请核对路径"; 2]);
}

/// Files damaged at random are read, or refused with findings; nothing panics.
#[test]
fn damaged_files_are_read_or_refused() {
    let mut state = 1u64;
    let mut next = move |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    for (name, ending) in [("plan.json", "json"), ("table.csv", "csv"), ("table.xlsx", "xlsx")] {
        let whole = part(name);
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=next(4) {
                let at = next(bytes.len());
                match next(3) {
                    0 => bytes[at] = next(256) as u8,
                    1 => bytes.truncate(at.max(1)),
                    _ => {
                        drop(bytes.splice(at..at, (0..next(5)).map(|_| b"\0,\"\n{[:-9e".as_slice()[at % 10])))
                    }
                }
            }
            let damaged = written(&format!("damaged.{ending}"), &bytes);
            let (plan, table) = if ending == "json" {
                (damaged, Path::new(FOLDER).join("table.csv"))
            } else {
                (Path::new(FOLDER).join("plan.json"), damaged)
            };
            let answer = evaluated(&plan, &table);
            let found: Value = serde_json::from_str(&answer.json).expect("one JSON object");
            assert!(answer.code == 0 || answer.code == 2 && found["findings"][0]["message"].is_string());
        }
    }
}
