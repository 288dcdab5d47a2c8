//! Forms: reading what a browser sent, checks, progress.

mod checks;

use crate::world::pack;
use domain::clause::Clause;
use domain::form::{Answers, FileFact, Form, Progress, SectionAnswers};
use domain::pack::Pack;
use domain::problem::Problem;
use proptest::prelude::*;

const FORM: &str = r#"
code = "f"
title = "表"
edition = 1
clause = "3.4"

[[section]]
code = "plain"
title = "平表"

[[section.item]]
code = "101"
label = "镇域人口"
kind = "integer"
unit = "人"
required = true

[[section.item]]
code = "102"
label = "镇区人口"
kind = "integer"
unit = "人"
required = true
clause = "3.1"

[[section.item]]
code = "103"
label = "投资"
kind = "money"
unit = "万元"

[[section.item]]
code = "104"
label = "占比"
kind = "share"
unit = "%"

[[section.item]]
code = "105"
label = "是否批准"
kind = "yes_no"

[[section.item]]
code = "106"
label = "批准文号"
kind = "document_number"

[[section.item]]
code = "107"
label = "类型"
kind = "choices"
options = ["山区", "平原", "滨湖"]

[[section.item]]
code = "108"
label = "说明"
kind = "long_text"
max_chars = 20

[[section.item]]
code = "109"
label = "日期"
kind = "day"

[[section.item]]
code = "110"
label = "电话"
kind = "phone"

[[section]]
code = "rows"
title = "项目"
repeat = { min = 1, max = 3, row = "项目" }

[[section.item]]
code = "201"
label = "总投资"
kind = "money"
unit = "万元"
required = true

[[section.item]]
code = "202"
label = "已完成"
kind = "money"
unit = "万元"

[[section]]
code = "files"
title = "附件"

[[section.item]]
code = "301"
label = "照片"
kind = "attachment"
required = true
accept = { types = ["jpg"], min = 2, max = 3 }

[[check]]
code = "H-1"
rule = "102 <= 101"
says = "镇区人口不应大于镇域人口。"

[[check]]
code = "H-2"
rule = "if 105 == \"是\" then 106 required"
says = "已批准的请填写文号。"

[[check]]
code = "H-3"
rule = "sum(201) == 103 within 0.5%"
says = "项目总投资之和应等于投资。"

[[check]]
code = "H-4"
rule = "202 <= 201"
says = "已完成不应大于总投资。"

[[check]]
code = "V-1"
rule = "change(101) <= 50% else explain"
says = "人口变动超过一半。"

[[check]]
code = "V-2"
rule = "104 == percent(102, 101) within 0.5 or 104 < 1 else explain"
says = "占比不符。"

[[check]]
code = "H-5"
rule = "107 != \"滨湖\" or 109 >= \"2018-01-01\""
says = "滨湖类自2018年起申报。"
"#;

fn form() -> Form {
    let chapter = "[[clause]]\nclause = \"3.1\"\ntitle = \"甲\"\ntext = \"甲\"\n\n[[clause]]\nclause = \"3.4\"\ntitle = \"乙\"\ntext = \"乙\"\n";
    let about = "title = \"方案\"\nissued_by = \"省\"\nin_force_from = \"2016-12-27\"\nedition = \"1\"\n";
    let files = [("about.toml", about), ("3-a.toml", chapter), ("forms/f.toml", FORM)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    Pack::read(&files).unwrap_or_else(|findings| panic!("{findings:?}")).form("f").expect("the form").clone()
}

fn read(section: &str, raw: &[(&str, &str)]) -> (SectionAnswers, Vec<Problem>) {
    let raw: Vec<_> = raw.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect();
    form().read_section(section, &raw)
}

fn fields(problems: &[Problem]) -> Vec<(&str, &str)> {
    problems.iter().map(|problem| (problem.field.as_str(), problem.code.as_str())).collect()
}

/// Answers that pass every check.
fn sound() -> Answers {
    let (plain, wrong) = read("plain", &[("101", "1000"), ("102", "400"), ("103", "300"), ("105", "否")]);
    assert!(wrong.is_empty(), "{wrong:?}");
    let (rows, wrong) = read("rows", &[("row.1.201", "100"), ("row.1.202", "100"), ("row.2.201", "200")]);
    assert!(wrong.is_empty(), "{wrong:?}");
    Answers([("plain".to_owned(), plain), ("rows".to_owned(), rows)].into())
}

fn with(mut answers: Answers, field: &str, text: &str) -> Answers {
    let section = answers.0.get_mut("plain").expect("the section");
    match text {
        "" => section.items.remove(field),
        text => section.items.insert(field.to_owned(), text.to_owned()),
    };
    answers
}

fn photos(number: usize) -> Vec<FileFact> {
    let photo = |index| FileFact { item: "301".into(), name: format!("{index}.jpg"), sha256: "00".into() };
    (0..number).map(photo).collect()
}

fn codes(answers: &Answers) -> Vec<(String, String)> {
    let problems = form().check(answers, &photos(2));
    problems.into_iter().map(|problem| (problem.field, problem.code)).collect()
}

fn one(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

#[test]
fn what_is_typed_is_normalised() {
    for (field, typed, stored) in [
        ("101", "１，２３４", "1234"),
        ("103", " 1,234.50 ", "1234.5"),
        ("103", "0", "0"),
        ("104", "35.5%", "35.5"),
        ("104", "35.5%", "35.5"),
        ("106", "赣建村[2018]第12号", "赣建村〔2018〕12号"),
        ("109", "2018年5月2日", "2018-05-02"),
        ("109", "2018/5/2", "2018-05-02"),
        ("110", "0791-12345678", "0791-12345678"),
        ("108", " 一\r\n二 ", "一\n二"),
        ("108", "看\u{0}不\u{202e}见\t的\u{200d}🎉", "看不见 的🎉"),
        ("101", "1,234\u{200b}", "1234"),
        ("103", "1,234.5 万元", "1234.5"),
    ] {
        let (answers, problems) = read("plain", &[(field, typed)]);
        assert_eq!((answers.get(field), problems.len()), (Some(stored), 0), "{typed}");
    }
    let (answers, problems) = read("plain", &[("107", "滨湖"), ("107", "山区")]);
    assert_eq!((answers.get("107"), problems.len()), (Some("山区、滨湖"), 0), "in the form's order");
}

#[test]
fn what_cannot_be_read_is_kept_with_a_problem_that_says_what_to_do() {
    for (field, typed, code) in [
        ("101", "12.5", "too_many_decimals"),
        ("101", "-1", "too_small"),
        ("101", "很多", "not_a_number"),
        ("103", "3亿", "unit_in_number"),
        ("104", "100.01", "too_great"),
        ("105", "也许", "not_an_option"),
        ("106", "12号", "not_a_document_number"),
        ("107", "海边", "not_an_option"),
        ("108", "一二三四五六七八九十一二三四五六七八九十一", "too_long"),
        ("109", "2018-02-30", "not_a_day"),
        ("109", "0218-05-02", "not_a_day"),
        ("110", "电话", "not_a_phone"),
    ] {
        let (answers, problems) = read("plain", &[(field, typed)]);
        assert_eq!(fields(&problems), [(field, code)], "{typed}");
        assert_eq!(answers.get(field), Some(typed), "nothing typed is lost");
        assert!(problems[0].says.ends_with('。') && problems[0].clause.is_some());
    }
    let (_, problems) = read("plain", &[("104", "100"), ("108", "一二三四五六七八九十一二三四五六七八九十")]);
    assert!(problems.is_empty(), "exactly on the line");
}

#[test]
fn an_answer_that_is_none_is_held_against_nothing() {
    let wrong = with(sound(), "102", "很多");
    assert_eq!(codes(&wrong), one("102", "not_a_number"));
    let wrong = with(sound(), "101", "-1");
    assert_eq!(codes(&wrong), one("101", "too_small"), "not also greater than the whole");
}

#[test]
fn unknown_and_repeated_fields_are_problems() {
    for field in ["999", "row.1.101", "explain.H-1", "301", "row.x.201", "201"] {
        let (answers, problems) = read("plain", &[(field, "1")]);
        assert_eq!(fields(&problems), [(field, "unknown_field")]);
        assert!(answers.is_empty());
    }
    let (_, problems) = read("plain", &[("101", "1"), ("101", "2")]);
    assert_eq!(problems[0].code, "duplicate");
    let (_, problems) = form().read_section("no_such", &[]);
    assert_eq!(problems[0].code, "unknown_section");
}

#[test]
fn nought_and_blank_differ() {
    let (answers, _) = read("plain", &[("101", "0"), ("102", " ")]);
    assert_eq!((answers.get("101"), answers.get("102")), (Some("0"), None));
    assert_eq!(answers.to_json(), r#"{"items":{"101":"0"}}"#);
    assert_eq!(SectionAnswers::from_json(&answers.to_json()), Ok(answers));
    assert!(SectionAnswers::from_json(&"[".repeat(10_000)).is_err());
}

#[test]
fn blank_rows_are_dropped_and_the_rest_counted_anew() {
    let (answers, problems) =
        read("rows", &[("row.2.201", " "), ("row.5.201", "7"), ("row.9.201", "x"), ("row.9.202", "1")]);
    assert_eq!(answers.rows.len(), 2);
    assert_eq!(answers.get("row.1.201"), Some("7"));
    assert_eq!(fields(&problems), [("row.2.201", "not_a_number")]);
    let four: Vec<_> = (1..=4).map(|row| (format!("row.{row}.201"), "1".to_owned())).collect();
    assert_eq!(fields(&form().read_section("rows", &four).1), [("rows", "too_many_rows")]);
    assert!(form().read_section("rows", &four[..3]).1.is_empty(), "three rows are allowed");
}
