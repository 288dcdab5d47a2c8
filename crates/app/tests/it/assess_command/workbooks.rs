//! Workbooks that mean harm or are broken: each is refused in a sentence, none fills the memory.

use super::{json, run};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="2018年" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const BOOK_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// A sheet with these rows, whose first line may say anything of its size.
fn sheet(dimension: &str, rows: &str) -> String {
    format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{dimension}\
         <sheetData>{rows}</sheetData></worksheet>"
    )
}

fn text(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// The rows of a small table that is in order.
fn good_rows() -> String {
    let head: String = [("A1", "镇"), ("B1", "y"), ("C1", "z")].iter().map(|(at, is)| text(at, is)).collect();
    format!("<row r=\"1\">{head}</row><row r=\"2\">{}<c r=\"B2\"><v>1</v></c></row>", text("A2", "甲镇"))
}

fn workbook(name: &str, sheet: &[u8], shared: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("zhenxing-{name}-{}.xlsx", std::process::id()));
    let mut zip = ZipWriter::new(std::fs::File::create(&path).expect("a file"));
    let parts: [(&str, &[u8]); 6] = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", shared),
    ];
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("whole");
    path
}

const NO_TEXTS: &[u8] = b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"></sst>";

/// The one reason a file is refused for.
fn refusal(path: &Path) -> String {
    let answer = run(&format!("evaluate --plan {{}}/plan.json --table {}", path.display()));
    let found: Value = json(&answer, 2);
    std::fs::remove_file(path).expect("removed");
    let findings = found["findings"].as_array().expect("findings");
    findings.iter().filter_map(|one| one["message"].as_str()).collect::<Vec<_>>().join("；")
}

#[test]
fn shared_texts_that_unpack_without_measure_are_refused() {
    let mut texts = NO_TEXTS[..NO_TEXTS.len() - 6].to_vec();
    texts.extend(b"<si><t/></si>".repeat(6 << 20));
    texts.extend_from_slice(b"</sst>");
    let told = refusal(&workbook("bomb", sheet("", &good_rows()).as_bytes(), &texts));
    assert!(told.contains("xl/sharedstrings.xml 解开后大得不正常"), "{told}");
}

#[test]
fn a_part_that_claims_more_texts_than_it_can_hold_is_refused() {
    for count in ["9000000000000000000", "99999999999999999999999", "1000"] {
        let texts = format!("<sst uniqueCount=\"{count}\"><si><t>镇</t></si></sst>");
        let told = refusal(&workbook("claim", sheet("", &good_rows()).as_bytes(), texts.as_bytes()));
        assert!(told.contains("所报的文字数与内容不符"), "{count}: {told}");
    }
}

#[test]
fn a_table_of_mostly_blanks_is_counted_whole() {
    let far = format!("<row r=\"1\">{}</row>", text("XFD1", "z"));
    let towns: String = (2..=3_100)
        .map(|row| format!("<row r=\"{row}\">{}</row>", text(&format!("A{row}"), &format!("镇{row}"))))
        .collect();
    let told = refusal(&workbook("blanks", sheet("", &format!("{far}{towns}")).as_bytes(), NO_TEXTS));
    assert!(told.contains("50000000 格"), "{told}");
}

#[test]
fn an_attribute_has_a_name_of_its_own() {
    let head: String = [("A1", "镇"), ("B1", "@市"), ("C1", "@市"), ("D1", "@")]
        .iter()
        .map(|(at, is)| text(at, is))
        .collect();
    let rows =
        format!("<row r=\"1\">{head}</row><row r=\"2\">{}{}</row>", text("A2", "甲镇"), text("B2", "赣州"));
    let told = refusal(&workbook("attributes", sheet("", &rows).as_bytes(), NO_TEXTS));
    assert_eq!(told, "属性列名重复，请保留一列；“@”后面没有名称，请补上");
}

/// The command with nobody at the other end of its output.
#[test]
fn a_reader_who_leaves_early_is_no_fault() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_zhenxing"))
        .args(["assess", "schema"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    assert!(ended.status.success() && ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn a_cell_without_end_is_refused() {
    let rows = format!("<row r=\"1\">{}</row>", text("A1", &"长".repeat(1 << 20)));
    let told = refusal(&workbook("long", sheet("", &rows).as_bytes(), NO_TEXTS));
    assert!(told.contains("有过长的文字"), "{told}");
}

#[test]
fn a_sheet_that_claims_to_be_huge_is_read_for_what_it_holds() {
    let path =
        workbook("huge", sheet("<dimension ref=\"A1:XFD1048576\"/>", &good_rows()).as_bytes(), NO_TEXTS);
    let answer = run(&format!("evaluate --plan {{}}/plan.json --table {}", path.display()));
    std::fs::remove_file(&path).expect("removed");
    assert!(!answer.json.contains("无法读取"), "{}", answer.json);
}

#[test]
fn a_cell_outside_the_sheet_is_refused() {
    for place in ["XFE1", "ZZZZZZ1", "A4294967295"] {
        let rows = format!("{}<row r=\"3\"><c r=\"{place}\"><v>1</v></c></row>", good_rows());
        let told = refusal(&workbook("outside", sheet("", &rows).as_bytes(), NO_TEXTS));
        assert!(told.contains("无法读取工作表"), "{place}: {told}");
    }
}

#[test]
fn broken_files_are_refused_in_a_sentence() {
    let good = sheet("", &good_rows());
    let cut = &good.as_bytes()[..good.len() / 2];
    assert!(refusal(&workbook("cut", cut, NO_TEXTS)).contains("无法读取"), "a sheet that stops");
    let wild = sheet("", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99</v></c></row>");
    assert!(refusal(&workbook("wild", wild.as_bytes(), NO_TEXTS)).contains("无法读取"), "a text nobody gave");
    let path = std::env::temp_dir().join(format!("zhenxing-letter-{}.xlsx", std::process::id()));
    std::fs::write(&path, "尊敬的……").expect("written");
    assert!(refusal(&path).contains("不是完整的 .xlsx 工作簿"));
}

#[test]
fn a_formula_without_its_result_is_named_and_one_with_it_is_read() {
    let row = |of_z: &str| {
        let formula = format!("<row r=\"3\">{}<c r=\"C3\"><f>1+1</f>{of_z}</c></row>", text("A3", "乙镇"));
        workbook("formula", sheet("", &format!("{}{formula}", good_rows())).as_bytes(), NO_TEXTS)
    };
    let path = row("");
    let answer = run(&format!("evaluate --plan {{}}/plan.json --table {}", path.display()));
    let found = json(&answer, 2);
    let named = found["findings"].as_array().expect("findings").iter().find(|one| one["cell"] == "C3");
    let said = named.and_then(|one| one["message"].as_str()).unwrap_or_default();
    assert!(said.contains("公式没有存下计算结果"), "{found}");
    let told = refusal(&row("<v>2</v>"));
    assert!(!told.contains("公式"), "{told}");
}
