//! One section of a draft as a page: its questions, rows, attachments, and what is wrong with them.

use super::draft::{DraftFile, DraftSection};
use super::opened::{OpenedDraft, as_problems};
use super::questions::{explanations, questions};
use super::sealing::FaultRow;
use super::store;
use crate::web::{Acting, Fields, Taken, clock_words, page, size_words};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::form::{Accept, Item, Section, SectionAnswers};
use domain::problem::Problem;
use kit::Result;
use kit::page::{ErrorSummary, Field, Frame, Notice, Tone};

#[derive(Template)]
#[template(path = "submissions/section.html")]
pub struct SectionPage {
    pub page: Frame,
    pub code: String,
    pub help: String,
    pub problems: Vec<Problem>,
    pub notices: Vec<Notice>,
    pub action: String,
    pub autosave: String,
    pub version: i64,
    pub key: String,
    pub fields: Vec<Field>,
    pub repeated: Option<Rows>,
    pub explanations: Vec<Field>,
    pub attachments: Vec<Attachment>,
    pub done: bool,
    /// When what the page shows was saved; empty where it was not.
    pub saved: String,
    pub tasks_href: String,
    pub previous_href: Option<String>,
}

/// The rows of a section of rows.
pub struct Rows {
    /// What a row is called.
    pub word: String,
    pub rows: Vec<Row>,
    pub may_add: bool,
    pub limits: String,
}

pub struct Row {
    pub number: usize,
    pub fields: Vec<Field>,
}

/// One attachment of the section with the files it has.
pub struct Attachment {
    pub item: String,
    pub label: String,
    pub required: bool,
    pub hint: String,
    pub field: Field,
    pub files: Vec<Shown>,
    pub may_add: bool,
    pub upload: String,
    pub problem: Option<String>,
}

/// One file, as it is listed.
pub struct Shown {
    pub id: String,
    pub name: String,
    pub size: String,
    pub hash: String,
}

/// What a page shows beside what is stored.
#[derive(Default)]
pub struct Showing<'a> {
    /// What was typed, where it is not what is stored.
    pub typed: Option<&'a SectionAnswers>,
    pub problems: Vec<Problem>,
    pub notices: Vec<Notice>,
    /// Rows to show at least.
    pub rows: usize,
    pub version: Option<i64>,
    pub done: Option<bool>,
}

/// A colleague who saved within this time is named above the form.
const RECENTLY_MS: i64 = 10 * 60_000;

/// `?check=1` says what is missing, `?rows=3` shows so many rows.
pub async fn show(
    acting: Acting,
    Path((id, code)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let opened = OpenedDraft::open_to_write(&acting, &id).await?;
    let section = opened.on.section(&code)?;
    let mut asked = Fields::of_query(query.as_deref());
    let rows = asked.take("rows").parse().unwrap_or(0);
    let mut showing = Showing { rows, ..Showing::default() };
    if asked.take("check") == "1" {
        let prior = opened.prior(&mut acting.store().read()).await?;
        showing.problems = opened.problems_of(section, &opened.draft.answers, prior.as_ref());
    }
    if let Some(notice) = opened.draft.section(&code).and_then(|kept| colleague(&acting, kept)) {
        showing.notices.push(notice);
    }
    page(&section_page(&acting, &opened, section, showing).await?)
}

/// The page of a section, from what is stored and what is to be shown beside it.
pub async fn section_page(
    acting: &Acting,
    opened: &OpenedDraft<'_>,
    section: &Section,
    showing: Showing<'_>,
) -> Result<SectionPage> {
    let on = &opened.on;
    let kept = opened.draft.section(&section.code);
    let stored = kept.map(DraftSection::answers).transpose()?.unwrap_or_default();
    let given = showing.typed.unwrap_or(&stored);
    let faults = store::faults(&mut acting.store().read(), on.id).await?;
    let here: Vec<FaultRow> = faults.into_iter().filter(|fault| fault.section == section.code).collect();
    let returned = as_problems(on.form, &here);
    // A field shows what is wrong with it now before what a reviewer once said.
    let told: Vec<Problem> = showing.problems.iter().chain(&returned).cloned().collect();
    let failing = opened.problems_of(section, &opened.draft.answers, None);
    let failing: Vec<Problem> = failing.into_iter().chain(showing.problems.iter().cloned()).collect();
    let mut notices = showing.notices;
    notices.extend(returned.iter().map(|problem| {
        Notice::new(Tone::Bad, "", problem.says.clone())
            .leading_to("到该处修改", format!("#f-{}", problem.field))
    }));
    let title = section.title.clone();
    Ok(SectionPage {
        page: Frame {
            crumbs: [on.crumbs(), vec![(title.clone(), None)]].concat(),
            error: !showing.problems.is_empty(),
            ..acting.frame(&title)
        },
        code: section.code.clone(),
        help: section.help.clone(),
        notices,
        action: on.section_path(&section.code),
        autosave: format!("{}/autosave", on.section_path(&section.code)),
        version: showing.version.unwrap_or_else(|| kept.map_or(0, |kept| kept.version)),
        key: crate::web::fresh_key(),
        fields: if section.repeat.is_some() { Vec::new() } else { questions(section, None, given, &told) },
        repeated: rows_of(section, given, showing.rows, &told),
        explanations: explanations(on.form, section, given, &failing, &told),
        attachments: section
            .attachments()
            .filter_map(|item| Some(attachment(acting, opened, (item, item.accept.as_ref()?), &told)))
            .collect::<Result<_>>()?,
        done: showing.done.unwrap_or_else(|| kept.is_some_and(|kept| kept.done == 1)),
        saved: match (kept, showing.typed) {
            (Some(kept), None) if kept.saved_ms > 0 => format!("已保存 {}", clock_words(kept.saved_ms)),
            _ => String::new(),
        },
        tasks_href: on.path(),
        previous_href: neighbour(opened, section, -1),
        problems: showing.problems,
    })
}

/// The section before or after.
pub fn neighbour(opened: &OpenedDraft<'_>, section: &Section, step: isize) -> Option<String> {
    let sections = &opened.on.form.sections;
    let at = sections.iter().position(|one| one.code == section.code)?;
    let next = sections.get(at.checked_add_signed(step)?)?;
    Some(opened.on.section_path(&next.code))
}

fn rows_of(section: &Section, given: &SectionAnswers, least: usize, told: &[Problem]) -> Option<Rows> {
    let repeat = section.repeat.as_ref()?;
    let count = given.rows.len().max(least).max(repeat.min).max(1).min(repeat.max);
    let row = |number| Row { number, fields: questions(section, Some(number), given, told) };
    let limits = match repeat.min {
        0 => format!("最多{}个。没有的不填，直接标为已填完。", repeat.max),
        min => format!("至少{min}个，最多{}个。", repeat.max),
    };
    Some(Rows {
        word: repeat.row.clone(),
        rows: (1..=count).map(row).collect(),
        may_add: count < repeat.max,
        limits,
    })
}

/// What the pack takes of the types that an item asks for.
pub fn taken_for(acting: &Acting, accept: &Accept) -> Result<Taken> {
    Taken::of(acting.pack(), acting.today(), &accept.types)
}

fn attachment(
    acting: &Acting,
    opened: &OpenedDraft<'_>,
    (item, accept): (&Item, &Accept),
    told: &[Problem],
) -> Result<Attachment> {
    let files: Vec<Shown> =
        opened.draft.files.iter().filter(|file| file.item == item.code).map(shown).collect();
    let taken = taken_for(acting, accept)?;
    let mut hint = item.definition.clone();
    if item.to_confirm {
        hint.push_str("（口径待核实）");
    }
    hint += &format!("格式：{}；{}。", taken.words(), count_words(accept.min, accept.max));
    let input = format!("file-{}", item.code);
    Ok(Attachment {
        label: item.label.clone(),
        required: item.required || accept.min > 0,
        hint,
        field: Field::file(input, format!("选择要上传的“{}”", item.label), taken.accept()),
        may_add: files.len() < accept.max,
        files,
        upload: format!("{}/files", opened.on.path()),
        problem: told.iter().find(|problem| problem.field == item.code).map(|problem| problem.says.clone()),
        item: item.code.clone(),
    })
}

fn count_words(min: usize, max: usize) -> String {
    match (min, max) {
        (0 | 1, 1) => "1个文件".to_owned(),
        (0, max) => format!("最多{max}个文件"),
        (min, max) => format!("{min}至{max}个文件"),
    }
}

fn shown(file: &DraftFile) -> Shown {
    Shown {
        id: file.id.clone(),
        name: file.name.clone(),
        size: size_words(file.size),
        hash: file.blob_id.clone(),
    }
}

/// Somebody else was here a few minutes ago.
fn colleague(acting: &Acting, kept: &DraftSection) -> Option<Notice> {
    let ago_ms = acting.store().now_ms() - kept.saved_ms;
    if kept.saved_by == acting.actor.person.to_string() || ago_ms > RECENTLY_MS {
        return None;
    }
    let name = kept.saved_name.as_ref()?;
    let when = &clock_words(kept.saved_ms)[11..16];
    let says = "可能正在编辑本部分。双方都改动时，后保存的人会看到两个版本并逐项选择，不会互相覆盖。";
    Some(Notice::new(Tone::Waiting, format!("{name}在{when}保存过本部分"), says))
}
