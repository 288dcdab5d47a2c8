//! What is wrong with a form: its items, its attachments and its rules.

use super::{ABOUT, CHAPTER, FORM, findings, form, rule};
use domain::pack::Pack;
use expect_test::expect;

#[test]
fn forms_and_items() {
    form("code = \"f\"", "code = \"g\"", expect!["forms/f.toml:1: 文件名应与表单编号“g”一致"]);
    form("clause = \"3.1\"", "clause = \"3.2\"", expect!["forms/f.toml:4: 条款 3.2 不在规则包中"]);
    form(
        "code = \"102\"",
        "code = \"101\"",
        expect![[r#"
        forms/f.toml:16: 指标代码“101”重复，已在第 10 行使用
        forms/f.toml:28: 校验“H-1”：表中没有指标“102”"#]],
    );
    form(
        "code = \"102\"",
        "code = \"12\"",
        expect![[r#"
        forms/f.toml:16: 指标代码“12”应为三至四位数字，或小写字母开头的词
        forms/f.toml:28: 校验“H-1”：表中没有指标“102”"#]],
    );
    form("max = 50", "min = 51\nmax = 50", expect!["forms/f.toml:19: min 大于 max，自相矛盾"]);
    form(
        "kind = \"text\"",
        "kind = \"choice\"",
        expect!["forms/f.toml:21: 选择题须列出 options，其他指标不得有 options"],
    );
    form(
        "kind = \"text\"",
        "kind = \"attachment\"",
        expect!["forms/f.toml:21: 附件须写明 accept，其他指标不得有 accept"],
    );
    form(
        "kind = \"text\"",
        "kind = \"prose\"",
        expect![
            "forms/f.toml:24: “kind”的值“prose”应为 text、long_text、integer、decimal、money、share、day、choice、choices、yes_no、phone、document_number、attachment 之一"
        ],
    );
    form(
        "kind = \"text\"",
        "kind = \"text\"\nmin = 1",
        expect!["forms/f.toml:25: 只有数字指标才能有 min 和 max"],
    );
    form(
        "kind = \"text\"",
        "kind = \"choice\"\noptions = [\"甲、乙\"]",
        expect!["forms/f.toml:25: 选项中不能有顿号，首尾不能有空格"],
    );
    form(
        "title = \"部分\"",
        "title = \"部分\"\nrepeat = { min = 3, max = 2, row = \"行\" }",
        expect!["forms/f.toml:9: 行数应满足 0 ≤ min ≤ max ≤ 500，且 max 大于 0"],
    );
    form(
        "kind = \"text\"",
        "kind = \"choice\"\noptions_of = \"a.one\"",
        expect![[r#"
        forms/f.toml:21: 选择题须列出 options，其他指标不得有 options
        forms/f.toml:25: “a.one”应是规则包中的清单，且不与 options 并列"#]],
    );
    form(
        "kind = \"text\"",
        "kind = \"text\"\nveto = \"safety\"",
        expect!["forms/f.toml:25: 一票否决事项只能用是否指标来问"],
    );
    form(
        "title = \"部分\"",
        "title = \"部分\"\naspect = \"sport\"",
        expect!["forms/f.toml:9: “sport”不在“plan.aspects”所列之中"],
    );
    form("says = \"乙不应大于甲。\"\n", "", expect!["forms/f.toml:26: 缺少“says”"]);
}

#[test]
fn an_attachment_takes_only_known_files() {
    let value = &CHAPTER[CHAPTER.find("[[clause.value]]").expect("a value")..];
    let start = value.find("kind = ").expect("the kind");
    let types = format!(
        "{CHAPTER}\n{}kind = \"list\"\nstatus = \"decision\"\nacts_in = [\"files\"]\nvalues = [{{ from = \
         \"2016-12-27\", source = \"本省确定\", value = [\"pdf\"] }}]\n",
        value[..start].replace("a.one", "files.staff")
    );
    let attachment = |asked: &str| {
        let accept = format!("kind = \"attachment\"\naccept = {{ types = [\"{asked}\"], max = 1 }}");
        let files = [
            ("about.toml".to_owned(), ABOUT.to_owned()),
            ("3-declaration.toml".to_owned(), types.clone()),
            ("forms/f.toml".to_owned(), FORM.replace("kind = \"text\"", &accept)),
        ];
        Pack::read(&files).err().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(attachment("pdf"), Vec::<String>::new());
    expect!["forms/f.toml:25: 附件类型“exe”不在“files.staff”所列类型中"]
        .assert_eq(&attachment("exe").join("\n"));
}

#[test]
fn malformed_rules() {
    rule("102 <=", expect!["forms/f.toml:28: 校验“H-1”：规则末尾 处应是指标代码、数字或括号"]);
    rule("102 < = 101", expect!["forms/f.toml:28: 校验“H-1”：看不懂的符号“=”"]);
    rule("(102 <= 101", expect!["forms/f.toml:28: 校验“H-1”：规则末尾 处应是“)”"]);
    rule("102 <= 101 <= 100.0", expect!["forms/f.toml:28: 校验“H-1”：比较不能连写，请用 and 分开"]);
    rule("102 <= 101 102", expect!["forms/f.toml:28: 校验“H-1”：规则在 “102” 处应已结束"]);
    rule("if 102 > 1 101 required", expect!["forms/f.toml:28: 校验“H-1”：“101” 处应是“then”"]);
    rule(
        "102 == 101 within",
        expect!["forms/f.toml:28: 校验“H-1”：within 之后应是数字或百分比，而不是 规则末尾"],
    );
    rule("102 <= 101 else block", expect!["forms/f.toml:28: 校验“H-1”：“block” 处应是“explain”"]);
    rule("average(102) <= 101", expect!["forms/f.toml:28: 校验“H-1”：没有函数“average”"]);
    rule("percent(102) <= 50%", expect!["forms/f.toml:28: 校验“H-1”：函数“percent”的指标个数不对"]);
    rule(
        "102 <= 12345",
        expect!["forms/f.toml:28: 校验“H-1”：“12345”既不是指标代码也不是数字；数字请写作 12345.0"],
    );
    rule("102 ≤ 101", expect!["forms/f.toml:28: 校验“H-1”：看不懂的符号“≤”"]);
    rule("103 == \\\"甲", expect!["forms/f.toml:28: 校验“H-1”：引号没有结束"]);
    rule(&"(".repeat(40), expect!["forms/f.toml:28: 校验“H-1”：规则嵌套过深"]);
}

#[test]
fn rules_that_make_no_sense() {
    rule("102 <= 999", expect!["forms/f.toml:28: 校验“H-1”：表中没有指标“999”"]);
    rule("1 <= 2", expect!["forms/f.toml:28: 校验“H-1”：没有提到任何指标"]);
    rule("102 + 101", expect!["forms/f.toml:28: 校验“H-1”：规则应是一个判断，例如 102 <= 101"]);
    rule("103 <= 101", expect!["forms/f.toml:28: 校验“H-1”：两边不是同一类值，无法比较"]);
    rule("103 < \\\"甲\\\"", expect!["forms/f.toml:28: 校验“H-1”：文字只能用 == 或 != 比较"]);
    rule("sum(101..103) <= 1", expect!["forms/f.toml:28: 校验“H-1”：指标“103”不是数字，不能参加计算"]);
    rule("sum(102..101) <= 1", expect!["forms/f.toml:28: 校验“H-1”：“102..101”不是一段指标代码"]);
    rule("102 and 101 <= 1", expect!["forms/f.toml:28: 校验“H-1”：and、or、not 只能连接判断"]);
}

#[test]
fn a_rule_compares_with_possible_answers() {
    let form_with = |kind: &str, rule: &str| {
        FORM.replace("kind = \"text\"", kind).replace("102 <= 101", &rule.replace('"', "\\\""))
    };
    let choice = "kind = \"choice\"\noptions = [\"山区\"]";
    form(FORM, &form_with(choice, "103 == \"山区\""), expect![[""]]);
    form(
        FORM,
        &form_with(choice, "103 == \"海边\""),
        expect!["forms/f.toml:29: 校验“H-1”：“海边”不是指标“103”可能的回答"],
    );
    form(
        FORM,
        &form_with("kind = \"yes_no\"", "\"对\" != 103"),
        expect!["forms/f.toml:28: 校验“H-1”：“对”不是指标“103”可能的回答"],
    );
    form(
        FORM,
        &form_with("kind = \"day\"", "103 >= \"2018-02-30\""),
        expect!["forms/f.toml:28: 校验“H-1”：“2018-02-30”不是指标“103”可能的回答"],
    );
}

#[test]
fn rules_that_contradict() {
    rule("102 < 102", expect!["forms/f.toml:28: 校验“H-1”：指标“102”与自身比较，没有意义"]);
    rule("102 > 50", expect!["forms/f.toml:28: 校验“H-1”：与指标“102”的取值范围或其他校验矛盾"]);
    rule("102 >= 50", expect![[""]]);
    let second = |rule: &str| {
        format!("[[check]]\ncode = \"H-0\"\nrule = \"{rule}\"\nsays = \"一。\"\n\n[[check]]\ncode = \"H-1\"")
    };
    form(
        "[[check]]\ncode = \"H-1\"",
        &second("102 > 101"),
        expect!["forms/f.toml:33: 校验“H-1”：与校验“H-0”矛盾，两者不可能同时成立"],
    );
    form(
        "[[check]]\ncode = \"H-1\"",
        &second("101 < 102"),
        expect!["forms/f.toml:33: 校验“H-1”：与校验“H-0”矛盾，两者不可能同时成立"],
    );
    form("[[check]]\ncode = \"H-1\"", &second("102 >= 101"), expect![[""]]);
    form("[[check]]\ncode = \"H-1\"", &second("102 > 101 else explain"), expect![[""]]);
    form(
        "[[check]]\ncode = \"H-1\"",
        "[[check]]\ncode = \"H-1\"\nrule = \"101 > 0\"\nsays = \"一。\"\n\n[[check]]\ncode = \"H-1\"",
        expect!["forms/f.toml:32: 校验编号“H-1”重复，已在第 26 行使用"],
    );
}

#[test]
fn rows_are_not_compared_across_sections() {
    let rows = |code: &str, item: &str| {
        format!(
            "[[section]]\ncode = \"{code}\"\ntitle = \"行\"\nrepeat = {{ min = 0, max = 3, row = \"行\" }}\n\n\
             [[section.item]]\ncode = \"{item}\"\nlabel = \"丁\"\nkind = \"integer\"\n\n"
        )
    };
    let form_with = |rule: &str| {
        let sections = rows("r", "201") + &rows("q", "301") + "[[check]]";
        FORM.replace("[[check]]", &sections).replace("102 <= 101", rule)
    };
    form(
        FORM,
        &form_with("201 <= 301"),
        expect!["forms/f.toml:48: 校验“H-1”：不能逐行比较两个不同的多行部分，请用 sum 汇总"],
    );
    form(FORM, &form_with("sum(201) <= sum(301)"), expect![[""]]);
    form(FORM, &form_with("201 <= 101"), expect![[""]]);
}

#[test]
fn rules_that_contradict_by_words_parts_and_circles() {
    let yes_no = |first: &str| {
        FORM.replace("kind = \"text\"", "kind = \"yes_no\"").replace(
            "[[check]]\ncode = \"H-1\"",
            &format!(
                "[[check]]\ncode = \"H-0\"\nrule = '{first}'\nsays = \"一。\"\n\n[[check]]\ncode = \"H-1\""
            ),
        )
    };
    let and_then =
        |first: &str, second: &str| yes_no(first).replace("\"102 <= 101\"", &format!("'{second}'"));
    let clash = "forms/f.toml:33: 校验“H-1”：与校验“H-0”矛盾，两者不可能同时成立";
    for (first, second) in [
        ("103 == \"是\"", "103 == \"否\""),
        ("103 == \"是\"", "103 != \"是\""),
        ("103 != \"否\"", "\"否\" == 103"),
    ] {
        assert_eq!(findings("forms/f.toml", FORM, &and_then(first, second)), [clash], "{first} {second}");
    }
    form(FORM, &and_then("103 != \"是\"", "103 == \"否\""), expect![[""]]);
    rule(
        "102 >= 30 and 102 <= 20",
        expect!["forms/f.toml:28: 校验“H-1”：与指标“102”的取值范围或其他校验矛盾"],
    );
    let third = "[[section.item]]\ncode = \"104\"\nlabel = \"丁\"\nkind = \"integer\"\n\n[[check]]";
    let circle = |last: &str| {
        let rules = format!("102 <= 101 and 101 < 104 and {last}");
        FORM.replacen("[[check]]", third, 1).replace("102 <= 101", &rules)
    };
    form(
        FORM,
        &circle("104 <= 102"),
        expect![
            "forms/f.toml:33: 校验“H-1”：与其他校验矛盾：按各项校验的大小关系，“104”与“102”不可能同时满足"
        ],
    );
    form(FORM, &circle("102 < 104"), expect![[""]]);
}
