//! Every piece rendered in the states it has, and both shells around an empty page.

use super::*;
use askama::Template;
use domain::clause::Clause;
use domain::day::Day;
use domain::problem::{Problem, Refusal};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

#[derive(Template)]
#[template(ext = "html", source = r#"{% extends "shell.html" %}{% block content %}{{ body }}{% endblock %}"#)]
struct Work {
    page: Frame,
    body: Notice,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "public.html" %}{% block content %}{{ body }}{% endblock %}"#
)]
struct Public {
    page: Frame,
    body: Notice,
}

fn shells() -> Vec<String> {
    let body = || Notice::new(Tone::Busy, "", "正文");
    let work = Frame::samples().map(|page| Work { page, body: body() }.to_string());
    let public = Frame::samples().map(|page| Public { page, body: body() }.to_string());
    work.into_iter().chain(public).collect()
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn problems() -> Vec<Problem> {
    vec![
        Problem::new("town", "required", "请填写小镇名称<b>").citing(Clause::new(3, 1)),
        Problem::new("kind", "required", "请选择小镇类型"),
        Problem::new("", "too_many", "本县申报数已满"),
    ]
}

#[test]
fn a_page_has_one_heading_and_nothing_the_browser_would_refuse() {
    for html in shells() {
        assert_eq!(html.matches("<h1>").count(), 1);
        assert!(html.contains("正文") && html.contains(r##"href="#main""##));
        let refused = [" style=", "<style", " onclick=", "<script>", "http://"];
        assert_eq!(refused.iter().filter(|part| html.contains(**part)).count(), 0, "{html}");
    }
}

#[test]
fn a_page_wears_its_state() {
    let [empty, ordinary, full] = Frame::samples().map(|page| {
        let body = Notice::new(Tone::Busy, "", "正文");
        Work { page, body }.to_string()
    });
    assert!(!empty.contains(r#"id="menu""#) && !empty.contains("退出登录"));
    assert!(ordinary.contains("size-14") && !ordinary.contains("演示数据") && !ordinary.contains("切换身份"));
    for part in ["size-18", "演示数据", "切换身份", "<title>错误：", "李某 代 王某", "已保存。", "记录根"]
    {
        assert!(full.contains(part), "{part} is missing");
    }
}

#[test]
fn a_fault_is_tied_to_its_field_in_the_same_words() {
    let summary = ErrorSummary::new(&problems()).to_string();
    let town = Field::text("town", "小镇名称").hint("与审定文件一致").told(&problems()).to_string();
    let kinds = vec![Choice::new("a", "现代制造"), Choice::new("b", "商贸物流")];
    let kind = Field::radios("kind", "小镇类型", kinds).told(&problems()).to_string();

    assert!(summary.contains("有3处需要修改") && summary.contains("依据三（一）"));
    assert!(summary.contains(r##"href="#f-town""##) && summary.contains(r##"href="#f-kind""##));
    assert!(summary.contains("小镇名称&#60;b&#62;") && town.contains("小镇名称&#60;b&#62;"), "{summary}");
    assert!(town.contains(r#"aria-describedby="f-town-hint f-town-error""#) && town.contains("aria-invalid"));
    assert!(kind.contains(r#"type="radio" id="f-kind""#) && kind.contains("<fieldset"));
    assert_eq!(ErrorSummary::new(&[]).to_string().trim(), "");
}

#[test]
fn every_kind_of_field_has_a_label_and_keeps_what_was_typed() {
    let choices = || vec![Choice::new("x", "甲"), Choice::new("y", "乙").hint("说明")];
    let fields = [
        Field::text("n", "名").value("x"),
        Field::number("n", "数").value("x").unit("万元").before("1").source("上期数"),
        Field::day("n", "日").value("x"),
        Field::password("n", "密码").value("x").complete("current-password"),
        Field::paragraph("n", "段").value("x").optional().rows(6),
        Field::select("n", "选", choices()).value("x"),
        Field::radios("n", "选", choices()).value("x").clause(Clause::new(1, 3)),
        Field::checkboxes("n", "选", choices()).chosen(&["x".into()]).locked(),
        Field::file("n", "文件", ".pdf").wide(),
        Field::text("n", "第1行的名").value("x").bare(),
    ];
    for field in fields {
        let html = field.to_string();
        assert!(html.contains(r#"for="f-n""#), "{html}");
        let kept = match field.kind {
            Kind::File => r#"accept=".pdf""#,
            Kind::Paragraph => ">\nx</textarea>",
            Kind::Select => r#"value="x" selected"#,
            Kind::Radios | Kind::Checkboxes => r#"value="x" checked"#,
            Kind::Text | Kind::Number | Kind::Day | Kind::Password => r#"value="x""#,
        };
        assert!(html.contains(kept), "{html}");
    }
}

#[test]
fn a_light_turns_as_the_day_comes_nearer() {
    let light = |due: &str, left: i32| Light::new(day(due), day("2018-04-26"), left).to_string();
    assert!(light("2018-05-18", 14).contains("剩14个工作日") && !light("2018-05-18", 14).contains("tag"));
    assert!(!light("2018-05-07", 6).contains("tone-waiting"));
    assert!(light("2018-05-04", 5).contains("tone-waiting"));
    assert!(light("2018-04-26", 0).contains("今天24:00截止"));
    assert!(light("2018-04-24", 0).contains("逾期2天"));
    let ruled = Light::new(day("2018-05-02"), day("2018-04-26"), 3).because("4月30日为休息日，顺延");
    assert!(ruled.to_string().contains("怎么算的"));
}

#[test]
fn a_life_line_says_where_it_stands() {
    let step = |words: &str, state| Step::new(words, state, "");
    let steps = vec![
        step("申报", StepState::Done),
        step("初审", StepState::Current),
        step("评审", StepState::Skipped),
        step("公示", StepState::Coming),
    ];
    let html = LifeLine::new("瓷都小镇", steps).to_string();
    for part in ["第2步，共4步", r#"aria-current="step""#, "，已完成", "，未经过", "，未开始"]
    {
        assert!(html.contains(part), "{part} is missing");
    }
}

#[test]
fn lists_show_what_they_hold() {
    let pairs = Pairs::new().and("镇名", "").and_change("产业", "陶瓷", "/d/1/industry").to_string();
    assert!(pairs.contains("未填写") && pairs.contains(r#"更改<span class="aside">产业"#));

    let task = |words: &str, href: Option<&str>, tone| Task {
        words: words.into(),
        hint: String::new(),
        href: href.map(Into::into),
        tag: Tag::new(tone, "状态"),
    };
    let tasks = vec![task("产业", Some("/d/1"), Tone::Done), task("提交", None, Tone::Quiet)];
    let html = TaskList { groups: vec![TaskGroup { title: "五个方面".into(), tasks }] }.to_string();
    assert!(html.contains(r#"aria-describedby="task-0-0""#) && !html.contains(">提交</a>"));

    let said = Happening::new("4月20日", "王某", "退回", Tone::Bad).saying("缺附件").taking("用时1天");
    let html = Timeline { happenings: vec![said] }.to_string();
    assert!(html.contains("缺附件") && html.contains("用时1天"));
    assert!(Empty::new("没有").leading_to("新建", "/new").to_string().contains(r#"href="/new""#));
}

#[test]
fn a_refusal_cites_its_clause_and_the_remedy() {
    let refusal = Refusal::by(Clause::new(3, 1), "county_seat", "城关镇不在申报范围内。", "请换一个镇申报。");
    let html = Notice::refused(&refusal).to_string();
    assert!(html.contains("依据三（一）") && html.contains("请换一个镇申报。") && html.contains("alert"));
}

#[test]
fn a_count_stops_at_a_thousand() {
    let pager = |count| Pager::new(count, None, Some("?after=x".into())).to_string();
    assert!(pager(1000).contains("共1000条") && pager(1001).contains("共1000+条"));
    assert!(pager(3).contains("下一页") && !pager(3).contains("上一页"));
}

#[test]
fn the_assets_are_small_and_whole() {
    let text = |name: &str| {
        let file = assets::get(name).expect("the asset is embedded");
        String::from_utf8(file.data.into_owned()).expect("the asset is text")
    };
    let (css, script, sprite) = (text("zhenxing.css"), text("zhenxing.js"), text("icons.svg"));
    assert!(packed_bytes(&css) <= 25 * 1024 && packed_bytes(&script) <= 10 * 1024);
    assert!(sprite.matches("<symbol").count() <= 30);
    for tone in [Tone::Done, Tone::Waiting, Tone::Bad, Tone::Busy, Tone::Quiet, Tone::Watch] {
        let drawn = tone.icon().to_string();
        let name = drawn.split(['#', '"']).find(|part| sprite.contains(&format!(r#"id="{part}""#)));
        assert!(name.is_some() && css.contains(tone.class()), "{drawn}");
    }
    for used in css.split("var(").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(css.contains(&format!("{used}: ")), "{used} is used, not declared");
    }
    assert!(assets::url("zhenxing.css").starts_with("/assets/zhenxing.css?v="));
    assert_eq!((assets::url("none.css"), assets::get("none.css").is_none()), ("", true));
}

fn packed_bytes(text: &str) -> usize {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(text.as_bytes()).expect("memory takes all");
    packer.finish().expect("memory takes all").len()
}
