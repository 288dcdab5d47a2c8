//! Every refusal of a pack names the file, the line and the reason.

mod forms;

use domain::pack::Pack;
use expect_test::{Expect, expect};

const ABOUT: &str = r#"title = "方案"
issued_by = "省政府"
in_force_from = "2016-12-27"
edition = "1"
"#;

const CHAPTER: &str = r#"[[clause]]
clause = "3.1"
title = "申报范围"
text = "两类。"

[[clause.value]]
id = "a.one"
title = "甲"
kind = "count"
status = "plan"
acts_in = ["declarations"]
values = [
  { from = "2016-12-27", value = 1, source = "三(一)" },
  { from = "2018-01-01", value = 2, source = "三(一)" },
]
"#;

const CALENDAR: &str = r#"year = 2018
notice = "国办发明电〔2017〕12号"

[[holiday]]
name = "劳动节"
off = ["2018-04-29", "2018-04-30", "2018-05-01"]
work = ["2018-04-28"]
"#;

const FORM: &str = r#"code = "f"
title = "表"
edition = 1
clause = "3.1"

[[section]]
code = "s"
title = "部分"

[[section.item]]
code = "101"
label = "甲"
kind = "integer"

[[section.item]]
code = "102"
label = "乙"
kind = "integer"
max = 50

[[section.item]]
code = "103"
label = "丙"
kind = "text"

[[check]]
code = "H-1"
rule = "102 <= 101"
says = "乙不应大于甲。"
"#;

const CASES: &str = r#"[[case]]
name = "顺延"
clause = "3.1"
rule = "deadline"
on = "2018-01-01"
given = { on = "2018-04-30" }
expect = "2018-05-02"
"#;

/// The sound pack with some text replaced in one file.
fn findings(file: &str, old: &str, new: &str) -> Vec<String> {
    let sound = [
        ("about.toml", ABOUT),
        ("3-declaration.toml", CHAPTER),
        ("calendar/2018.toml", CALENDAR),
        ("forms/f.toml", FORM),
        ("cases/c.toml", CASES),
    ];
    let files: Vec<(String, String)> = sound
        .into_iter()
        .map(|(name, text)| {
            assert!(name != file || text.contains(old), "nothing to replace in {file}");
            let text = if name == file { text.replacen(old, new, 1) } else { text.to_owned() };
            (name.to_owned(), text)
        })
        .collect();
    match Pack::read(&files) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(ToString::to_string).collect(),
    }
}

fn check(file: &str, old: &str, new: &str, expected: Expect) {
    expected.assert_eq(&findings(file, old, new).join("\n"));
}

fn chapter(old: &str, new: &str, expected: Expect) {
    check("3-declaration.toml", old, new, expected);
}

fn form(old: &str, new: &str, expected: Expect) {
    check("forms/f.toml", old, new, expected);
}

/// The check's rule replaced.
fn rule(new: &str, expected: Expect) {
    form("102 <= 101", new, expected);
}

#[test]
fn the_sound_pack_is_taken() {
    assert_eq!(findings("about.toml", "方案", "方案"), Vec::<String>::new());
}

#[test]
fn syntax() {
    chapter(
        "clause = \"3.1\"",
        "clause = 3.1.",
        expect![[r#"
            3-declaration.toml:2: TOML 语法错误：invalid float, expected nothing
            forms/f.toml:4: 条款 3.1 不在规则包中"#]],
    );
    check("about.toml", "edition = \"1\"\n", "", expect!["about.toml:1: 缺少“edition”"]);
    check(
        "about.toml",
        "edition",
        "editon",
        expect![[r#"
        about.toml:1: 缺少“edition”
        about.toml:4: 不认识的字段“editon”"#]],
    );
    check(
        "about.toml",
        "2016-12-27",
        "2016-13-27",
        expect!["about.toml:3: “in_force_from”的值“2016-13-27”不是日期，应写作 2018-05-02"],
    );
}

#[test]
fn dates_of_values() {
    chapter(
        "2018-01-01",
        "2016-12-27",
        expect!["3-declaration.toml:14: 起日2016年12月27日不晚于上一个值的起日2016年12月27日，次序不对"],
    );
    chapter("2018-01-01", "2016-12-28", expect![[""]]);
    chapter(
        "\"2016-12-27\", value",
        "\"2016-12-28\", value",
        expect!["3-declaration.toml:13: “a.one”自2016年12月27日起应有值，此前为空档"],
    );
    chapter(
        "value = 1,",
        "until = \"2018-01-01\", value = 1,",
        expect!["3-declaration.toml:14: 与上一个值重叠：上一个值到2018年1月1日为止"],
    );
    chapter(
        "value = 1,",
        "until = \"2017-12-30\", value = 1,",
        expect!["3-declaration.toml:14: 与上一个值之间有空档：上一个值到2017年12月30日为止"],
    );
    chapter("value = 1,", "until = \"2017-12-31\", value = 1,", expect![[""]]);
    chapter(
        "value = 1,",
        "until = \"2016-12-26\", value = 1,",
        expect![[r#"
        3-declaration.toml:13: 止日2016年12月26日早于起日2016年12月27日
        3-declaration.toml:14: 与上一个值之间有空档：上一个值到2016年12月26日为止"#]],
    );
}

#[test]
fn citations_and_uses() {
    chapter("value = 2, source = \"三(一)\"", "value = 2", expect!["3-declaration.toml:14: 缺少“source”"]);
    chapter(
        "value = 2, source = \"三(一)\"",
        "value = 2, source = \" \"",
        expect!["3-declaration.toml:14: “source”不能为空"],
    );
    chapter(
        "[\"declarations\"]",
        "[]",
        expect!["3-declaration.toml:11: “a.one”没有用处：请在 acts_in 中写明它在哪里起作用"],
    );
    chapter(
        "[\"declarations\"]",
        "[\"declaration\"]",
        expect!["3-declaration.toml:11: acts_in 中的“declaration”不是产品的组成部分"],
    );
    chapter(
        "status = \"plan\"",
        "status = \"sure\"",
        expect![
            "3-declaration.toml:10: “status”的值“sure”应为 plan、decision、reconstructed、to_confirm 之一"
        ],
    );
    chapter(
        "kind = \"count\"",
        "kind = \"number\"",
        expect![
            "3-declaration.toml:9: “kind”的值“number”应为 count、days、money_fen、share、text、list、day、term 之一"
        ],
    );
    chapter("kind = \"count\"", "kind = \"share\"", expect!["3-declaration.toml:14: 值不是有效的比例"]);
    chapter(
        "id = \"a.one\"",
        "id = \"A 1\"",
        expect!["3-declaration.toml:7: 编号“A 1”只能用小写字母、数字、点和下划线"],
    );
    chapter("values = [", "unknown = 1\nvalues = [", expect!["3-declaration.toml:12: 不认识的字段“unknown”"]);
    chapter(
        "clause = \"3.1\"",
        "clause = \"4.1\"",
        expect![[r#"
        3-declaration.toml:2: 条款 4.1 不属于本文件的第 3 章
        forms/f.toml:4: 条款 3.1 不在规则包中"#]],
    );
}

#[test]
fn duplicates_and_order_of_clauses() {
    let twice = format!("{CHAPTER}\n{}", &CHAPTER[CHAPTER.find("[[clause.value]]").expect("a value")..]);
    chapter(
        CHAPTER,
        &twice,
        expect!["3-declaration.toml:17: 编号“a.one”重复，已在 3-declaration.toml 第 6 行使用"],
    );
    let clauses = format!("{CHAPTER}\n[[clause]]\nclause = \"3.1\"\ntitle = \"又\"\ntext = \"又。\"\n");
    chapter(
        CHAPTER,
        &clauses,
        expect!["3-declaration.toml:18: 条款 3.1 的次序不对，应按原文顺序，且不得重复"],
    );
}

/// The value made a list.
fn list(extra: &str, entries: &str, expected: Expect) {
    let start = CHAPTER.find("kind = ").expect("the kind");
    let new = format!(
        "kind = \"list\"\n{extra}status = \"plan\"\nacts_in = [\"rules\"]\nvalues = [\n  \
         {{ from = \"2016-12-27\", source = \"三(一)\", value = [\n{entries}  ] }},\n]\n"
    );
    chapter(&CHAPTER[start..], &new, expected);
}

#[test]
fn lists() {
    let two = "    { code = \"a\", name = \"甲\", points = 40 },\n    { code = \"b\", name = \"乙\", points = 60 },\n";
    list("total = 100\n", two, expect![[""]]);
    list("total = 99\n", two, expect!["3-declaration.toml:14: 各项相加为 100，应为 99"]);
    list("total = 101\n", two, expect!["3-declaration.toml:14: 各项相加为 100，应为 101"]);
    list("", &two.replace("\"b\"", "\"a\""), expect!["3-declaration.toml:15: 清单中“a”重复"]);
    list(
        "",
        &two.replace("name = \"乙\", ", ""),
        expect!["3-declaration.toml:15: 清单中的这一项缺少 code 或 name"],
    );
    list("", &two.replace("60", "\"many\""), expect!["3-declaration.toml:15: “b”的 points 应为数字"]);
    list("", "    7,\n", expect!["3-declaration.toml:14: 清单中的每一项应为文字，或 { code, name } 的表"]);
    list("", "", expect!["3-declaration.toml:13: 清单是空的"]);
}

#[test]
fn least_and_greatest_values() {
    let value = &CHAPTER[CHAPTER.find("[[clause.value]]").expect("a value")..];
    let with = |least: &str, greatest: &str| {
        let min = value.replace("a.one", "a.one_min").replace("value = 1,", least);
        let max = value.replace("a.one", "a.one_max").replace("value = 1,", greatest);
        format!("{CHAPTER}\n{min}\n{max}")
    };
    chapter(CHAPTER, &with("value = 1,", "value = 1,"), expect![[""]]);
    chapter(
        CHAPTER,
        &with("value = 2,", "value = 1,"),
        expect![[r#"
        3-declaration.toml:17: “a.one_min”大于“a.one_max”，自相矛盾
        3-declaration.toml:17: “a.one_min”大于“a.one”，自相矛盾"#]],
    );
}

#[test]
fn calendars() {
    let calendar = |old: &str, new: &str, expected: Expect| check("calendar/2018.toml", old, new, expected);
    calendar(
        "year = 2018",
        "year = 2019",
        expect![[r#"
        calendar/2018.toml:1: 文件名应与年份 2019 一致
        calendar/2018.toml:6: 2018-04-29 不在 2019 年
        calendar/2018.toml:6: 2018-04-30 不在 2019 年
        calendar/2018.toml:6: 2018-05-01 不在 2019 年
        calendar/2018.toml:7: 2018-04-28 不在 2019 年"#]],
    );
    calendar("\"2018-05-01\"", "\"2019-05-01\"", expect!["calendar/2018.toml:6: 2019-05-01 不在 2018 年"]);
    calendar(
        "\"2018-04-28\"",
        "\"2018-04-27\"",
        expect!["calendar/2018.toml:7: 2018-04-27 不是周六或周日，不能是补班日"],
    );
    calendar("\"2018-04-28\"", "\"2018-04-29\"", expect!["calendar/2018.toml:7: 2018-04-29 重复"]);
    calendar(
        "\"2018-04-29\", \"2018-04-30\"",
        "\"2018-04-30\", \"2018-04-29\"",
        expect!["calendar/2018.toml:6: 2018-04-29 应排在 2018-04-30 之前，次序不对"],
    );
    calendar(
        "\"2018-04-29\", ",
        "\"2018-04-30\", ",
        expect![[r#"
        calendar/2018.toml:6: 2018-04-30 应排在 2018-04-30 之前，次序不对
        calendar/2018.toml:6: 2018-04-30 重复"#]],
    );
    calendar(
        "\"2018-04-29\"",
        "\"2018-04-31\"",
        expect!["calendar/2018.toml:6: “2018-04-31”不是日期，应写作 2018-05-02"],
    );
    calendar("notice = \"国办发明电〔2017〕12号\"\n", "", expect!["calendar/2018.toml:1: 缺少“notice”"]);
}

#[test]
fn cases_and_strange_files() {
    check(
        "cases/c.toml",
        "rule = \"deadline\"",
        "rule = \"magic\"",
        expect![
            "cases/c.toml:4: “rule”的值“magic”应为 value、deadline、working_days_left、notice_ends、eligibility、document_number、form_check 之一"
        ],
    );
    check("cases/c.toml", "expect = \"2018-05-02\"", "", expect!["cases/c.toml:1: 缺少“expect”"]);
    check(
        "cases/c.toml",
        "{ on = \"2018-04-30\" }",
        "{ on = [1] }",
        expect!["cases/c.toml:6: given 中的“on”应为文字、整数或 true、false"],
    );
    let strange =
        [("about.toml", ABOUT), ("notes.toml", "a = 1"), ("forms/x/y.toml", "a = 1"), ("README.md", "读我")];
    let files: Vec<_> = strange.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let found = Pack::read(&files).err().unwrap_or_default();
    let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
    expect![[r#"
        forms/x/y.toml:0: 规则包中不应有这个文件，请检查文件名
        notes.toml:0: 规则包中不应有这个文件，请检查文件名"#]]
    .assert_eq(&lines.join("\n"));
    let empty = Pack::read(&[]).err().unwrap_or_default();
    assert_eq!(empty[0].to_string(), "about.toml:0: 缺少 about.toml");
}
