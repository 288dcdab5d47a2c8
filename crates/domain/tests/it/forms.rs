//! Forms: reading what a browser sent, checks, progress, difference.

use crate::world::pack;
use domain::clause::Clause;
use domain::form::{Answers, FileFact, Form, Progress, SectionAnswers, difference};
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
        ("108", "看\u{0}不见", "control"),
        ("108", "看\u{202e}反了", "control"),
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

#[test]
fn sound_answers_pass() {
    assert_eq!(codes(&sound()), []);
}

#[test]
fn required_answers_rows_and_files() {
    assert_eq!(codes(&with(sound(), "102", "")), one("102", "required"));
    let mut no_rows = with(sound(), "103", "");
    no_rows.0.remove("rows");
    assert_eq!(codes(&no_rows), one("rows", "too_few_rows"));
    let counts: Vec<_> = (0..=4).map(|number| form().check(&sound(), &photos(number))).collect();
    let found: Vec<_> = counts.iter().map(|problems| problems.first().map(|one| one.code.as_str())).collect();
    assert_eq!(found, [Some("required"), Some("too_few_files"), None, None, Some("too_many_files")]);
    let problem = &form().check(&with(sound(), "102", ""), &photos(2))[0];
    assert_eq!((problem.clause, problem.says.as_str()), (Some(Clause::new(3, 1)), "请填写“镇区人口”。"));
}

#[test]
fn a_draft_with_wrong_answers_does_not_pass() {
    assert_eq!(codes(&with(sound(), "103", "3亿")), one("103", "unit_in_number"));
    assert_eq!(codes(&with(sound(), "999", "1")), one("999", "unknown_field"));
}

#[test]
fn a_comparison_fails_holds_and_holds_on_the_line() {
    assert_eq!(codes(&with(sound(), "102", "1001")), one("102", "check:H-1"));
    assert_eq!(codes(&with(sound(), "102", "1000")), []);
    let problem = &form().check(&with(sound(), "102", "1001"), &photos(2))[0];
    assert_eq!(problem.says, "镇区人口不应大于镇域人口。（当前：镇区人口 1001人，镇域人口 1000人）");
}

#[test]
fn a_sum_over_rows_has_its_tolerance() {
    for (total, passes) in
        [("298.5", false), ("298.51", true), ("300", true), ("301.5", true), ("301.51", false)]
    {
        let found = codes(&with(sound(), "103", total));
        assert_eq!(found.is_empty(), passes, "{total}: {found:?}");
    }
    let mut on_the_line = with(sound(), "103", "200");
    let rows = &mut on_the_line.0.get_mut("rows").expect("rows").rows;
    rows[1].insert("201".to_owned(), "101".to_owned());
    assert_eq!(codes(&on_the_line), [], "201 is 200 and half a percent");
}

#[test]
fn a_condition_asks_only_when_it_holds() {
    assert_eq!(codes(&with(sound(), "105", "是")), one("106", "check:H-2"));
    assert_eq!(codes(&with(with(sound(), "105", "是"), "106", "赣建村〔2018〕12号")), []);
    assert_eq!(codes(&with(sound(), "105", "")), [], "a blank condition asks nothing");
}

#[test]
fn rows_are_checked_one_by_one() {
    let mut answers = sound();
    let rows = &mut answers.0.get_mut("rows").expect("rows").rows;
    rows[1].insert("202".to_owned(), "200.01".to_owned());
    assert_eq!(codes(&answers), one("row.2.202", "check:H-4"));
    let says = &form().check(&answers, &photos(2))[0].says;
    assert!(says.starts_with("第 2 行：已完成不应大于总投资。"), "{says}");
}

#[test]
fn a_verify_check_is_settled_by_an_explanation() {
    let answers = with(sound(), "104", "50");
    assert_eq!(codes(&answers), one("explain.V-2", "verify:V-2"));
    let mut explained = answers;
    let (said, problems) = read("plain", &[("explain.V-2", "按户籍人口计算。")]);
    assert!(problems.is_empty());
    explained.0.get_mut("plain").expect("the section").explanations = said.explanations;
    assert_eq!(codes(&explained), []);
    assert_eq!(codes(&with(sound(), "104", "40.5")), [], "exactly on the tolerance");
    assert_eq!(codes(&with(sound(), "104", "0")), [], "the other side of `or`");
}

#[test]
fn a_change_is_judged_only_where_there_is_a_prior() {
    let now = with(sound(), "101", "1501");
    assert_eq!(codes(&now), []);
    let against = |now: &str, prior: &str| {
        let (now, prior) = (with(sound(), "101", now), with(sound(), "101", prior));
        let problems = form().check_against(&now, Some(&prior), &photos(2));
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(against("1501", "1000"), ["verify:V-1"]);
    assert_eq!(against("1500", "1000"), Vec::<String>::new(), "half is on the line");
    assert_eq!(against("499", "1000"), ["verify:V-1"], "a fall counts as well");
    assert_eq!(against("1500", "0"), Vec::<String>::new(), "no change on nothing");
}

#[test]
fn days_and_choices_compare() {
    let lake = |day: &str| with(with(sound(), "107", "山区、滨湖"), "109", day);
    assert_eq!(codes(&lake("2017-12-31")), one("107", "check:H-5"));
    assert_eq!(codes(&lake("2018-01-01")), []);
}

#[test]
fn progress_says_what_is_missing() {
    let states = |answers: &Answers, files: &[FileFact]| {
        let form = form();
        form.progress(answers, files).into_iter().map(|(_, state)| state).collect::<Vec<_>>()
    };
    assert_eq!(states(&Answers::default(), &[]), [Progress::NotStarted; 3]);
    assert_eq!(states(&sound(), &photos(2)), [Progress::Done; 3]);
    let partial = with(with(sound(), "102", ""), "103", "3亿");
    assert_eq!(states(&partial, &photos(1)), [Progress::Partial(2), Progress::Done, Progress::Partial(1)]);
    assert_eq!(Progress::Partial(2).words(), "还差 2 项");
}

#[test]
fn the_difference_names_each_changed_answer() {
    let old = sound();
    let mut new = with(with(sound(), "102", "500"), "108", "新的说明");
    new.0.get_mut("rows").expect("rows").rows.push([("201".to_owned(), "9".to_owned())].into());
    let changes = difference(&form(), &old, &new);
    let shown: Vec<_> = changes
        .iter()
        .map(|change| format!("{} {} {}→{}", change.item, change.label, change.old, change.new))
        .collect();
    assert_eq!(shown, ["102 镇区人口 400→500", "108 说明 →新的说明", "row.3.201 项目3 · 总投资 →9"]);
    assert!(difference(&form(), &old, &old).is_empty());
}

#[test]
fn a_problem_finds_its_page() {
    let form = form();
    let page = |field: &str| form.section_of(field).map(|section| section.code.as_str());
    assert_eq!(page("102"), Some("plain"));
    assert_eq!(page("row.2.201"), Some("rows"));
    assert_eq!(page("explain.V-1"), Some("plain"));
    assert_eq!(page("rows"), Some("rows"));
    assert_eq!(page("999"), None);
}

#[test]
fn the_declaration_forms_are_complete() {
    for (code, least) in [("declaration-statutory-town", 120), ("declaration-platform", 120)] {
        let form = pack().form(code).expect("the form");
        let items: Vec<_> = form.sections.iter().flat_map(|section| &section.items).collect();
        assert!(items.len() >= least, "{code} has {} items", items.len());
        assert!(items.iter().all(|item| item.clause.is_some()), "each item cites its clause");
        let aspects = pack().list("plan.aspects", crate::world::day("2018-01-01")).expect("the aspects");
        for aspect in aspects {
            let explained = form.sections.iter().any(|section| {
                section.aspect.is_some_and(|one| one.code() == aspect.code)
                    && section.items.iter().any(|item| item.label.ends_with("说明") && item.required)
            });
            assert!(explained, "{code} explains {}", aspect.name);
        }
        let unit = |item: &&domain::form::Item| item.kind.is_number() && item.unit.is_empty();
        assert_eq!(items.iter().find(|item| unit(item)).map(|item| &item.code), None, "numbers have units");
        assert!(!form.check(&Answers::default(), &[]).is_empty());
    }
}

proptest! {
    #[test]
    fn reading_never_fails_and_reads_its_own_words_alike(texts in proptest::collection::vec(".{0,24}", 10)) {
        let form = form();
        let names = ["101", "102", "103", "104", "105", "106", "107", "108", "109", "110"];
        let raw: Vec<_> = names.iter().zip(texts).map(|(name, text)| ((*name).to_owned(), text)).collect();
        let (answers, problems) = form.read_section("plain", &raw);
        let again: Vec<_> = answers.items.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        let (same, problems_again) = form.read_section("plain", &again);
        prop_assert_eq!(&answers, &same);
        prop_assert_eq!(problems.len(), problems_again.len());
    }

    #[test]
    fn a_rule_of_any_text_is_parsed_or_refused(rule in "[0-9a-z <>=.%()+*/\"-]{0,60}") {
        let _ = domain::form::expression::parse(&rule, &|_, _| None);
    }
}
