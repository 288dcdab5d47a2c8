//! The forms as data: sections, items, checks; and each as a blank to print.

use crate::web::{Acting, page};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::form::{Form, Item, ItemKind, Section};
use kit::page::{Empty, Frame, Pairs};
use kit::{Error, Result};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "rules/forms.html")]
struct FormsPage {
    page: Frame,
    forms: Vec<FormLine>,
    empty: Empty,
}

struct FormLine {
    title: String,
    href: String,
    track: &'static str,
    clause: (String, String),
    edition: i64,
    sections: usize,
    items: usize,
    checks: usize,
}

#[derive(Template)]
#[template(path = "rules/form.html")]
struct FormPage {
    page: Frame,
    facts: Pairs,
    help: String,
    blank_href: String,
    sections: Vec<SectionView>,
    checks: Vec<CheckView>,
}

#[derive(Template)]
#[template(path = "rules/blank.html")]
struct BlankPage {
    page: Frame,
    help: String,
    sections: Vec<SectionView>,
}

struct SectionView {
    code: String,
    title: String,
    aspect: String,
    help: String,
    /// 每行一个项目，2至30行; empty where the section is no table.
    repeats: String,
    /// Lines to leave empty on a printed blank.
    blank_rows: usize,
    items: Vec<ItemView>,
}

struct ItemView {
    code: String,
    label: String,
    definition: String,
    unit: String,
    kind: &'static str,
    required: bool,
    limits: String,
    clause: Option<(String, String)>,
    to_confirm: bool,
    /// Room for several lines on a printed blank.
    is_long: bool,
}

struct CheckView {
    code: String,
    strictness: &'static str,
    says: String,
    rule: String,
    clause: Option<(String, String)>,
    source: String,
}

/// `?blank=1` asks for the form to print and fill in by hand.
#[derive(Deserialize)]
pub struct Ask {
    #[serde(default)]
    blank: String,
}

pub async fn list(acting: Acting) -> Result<Response> {
    let forms = acting.pack().forms().map(|form| FormLine {
        title: form.title.clone(),
        href: format!("/rules/forms/{}", form.code),
        track: form.track.map_or("各类", |track| track.words()),
        clause: cite(form.clause),
        edition: form.edition,
        sections: form.sections.len(),
        items: form.sections.iter().map(|section| section.items.len()).sum(),
        checks: form.checks.len(),
    });
    page(&FormsPage {
        page: acting.frame_under(&[("条文与数值", "/rules")], "表单"),
        forms: forms.collect(),
        empty: Empty::new("规则包中还没有表单。").leading_to("查看条文", "/rules"),
    })
}

pub async fn show(
    acting: Acting,
    Path((code,)): Path<(String,)>,
    Query(ask): Query<Ask>,
) -> Result<Response> {
    let form = acting.pack().form(&code).ok_or(Error::NotFound)?;
    let crumbs = [("条文与数值", "/rules"), ("表单", "/rules/forms")];
    let frame = acting.frame_under(&crumbs, &form.title);
    let sections = form.sections.iter().map(section).collect();
    if !ask.blank.is_empty() {
        return page(&BlankPage { page: frame, help: form.help.clone(), sections });
    }
    page(&FormPage {
        page: frame,
        facts: facts(form),
        help: form.help.clone(),
        blank_href: format!("/rules/forms/{code}?blank=1"),
        sections,
        checks: form.checks.iter().map(check).collect(),
    })
}

fn facts(form: &Form) -> Pairs {
    let (clause, _) = cite(form.clause);
    Pairs::new()
        .and("版次", form.edition.to_string())
        .and("适用", form.track.map_or("各类", |track| track.words()))
        .and("依据", format!("工作方案{clause}"))
        .and("起用日期", form.from.map_or_else(String::new, |day| day.words()))
        .and("编制参照", &form.source)
}

fn section(section: &Section) -> SectionView {
    let repeats = section
        .repeat
        .as_ref()
        .map(|repeat| format!("每行一个{}，{}至{}行", repeat.row, repeat.min, repeat.max));
    let blank_rows = section.repeat.as_ref().map_or(0, |repeat| repeat.min.clamp(5, 10));
    SectionView {
        code: section.code.clone(),
        title: section.title.clone(),
        aspect: section.aspect.as_ref().map_or(String::new(), |aspect| aspect.name.clone()),
        help: section.help.clone(),
        repeats: repeats.unwrap_or_default(),
        blank_rows,
        items: section.items.iter().map(item).collect(),
    }
}

fn item(item: &Item) -> ItemView {
    ItemView {
        code: item.code.clone(),
        label: item.label.clone(),
        definition: item.definition.clone(),
        unit: item.unit.clone(),
        kind: item.kind.words(),
        required: item.required,
        limits: limits(item),
        clause: item.clause.map(cite),
        to_confirm: item.to_confirm,
        is_long: item.kind == ItemKind::LongText,
    }
}

/// What may be answered, in words: options, range, length, files.
fn limits(item: &Item) -> String {
    let mut parts = Vec::new();
    if item.kind == ItemKind::YesNo {
        parts.push("选项：是、否".to_owned());
    }
    if !item.options.is_empty() {
        parts.push(format!("选项：{}", item.options.join("、")));
    }
    if let Some(min) = item.min {
        parts.push(format!("不小于{}", min.normalize()));
    }
    if let Some(max) = item.max {
        parts.push(format!("不大于{}", max.normalize()));
    }
    if item.kind.is_number() && item.decimals > 0 {
        parts.push(format!("至多{}位小数", item.decimals));
    }
    if matches!(item.kind, ItemKind::Text | ItemKind::LongText) && item.max_chars > 0 {
        parts.push(format!("至多{}字", item.max_chars));
    }
    if let Some(accept) = &item.accept {
        parts.push(format!("{}至{}个文件（{}）", accept.min, accept.max, accept.types.join("、")));
    }
    parts.join("；")
}

fn check(check: &domain::form::Check) -> CheckView {
    CheckView {
        code: check.code.clone(),
        strictness: if check.verify { "核实性" } else { "强制性" },
        says: check.says.clone(),
        rule: check.text.clone(),
        clause: check.clause.map(cite),
        source: check.source.clone(),
    }
}

fn cite(clause: domain::clause::Clause) -> (String, String) {
    (clause.words(), format!("/rules/{clause}"))
}
