//! Saving a section: what was typed is kept as a draft even where it is not right, unless a
//! colleague was faster or the form knows no such field.

use super::opened::OpenedDraft;
use super::section_page::{Showing, neighbour, section_page};
use super::store::{self, Editor, SectionWrite};
use super::versions;
use crate::web::{Acting, Fields, clock_words, page_with_problems};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::{Section, SectionAnswers};
use domain::limits::ROWS_MAX;
use domain::problem::Problem;
use kit::Result;
use kit::page::{Notice, Tone};
use serde_json::json;

/// What came back from a section's form.
pub(super) struct Typed {
    pub answers: SectionAnswers,
    /// What could not be read, or should not be there.
    pub problems: Vec<Problem>,
    pub version: i64,
    pub done: bool,
    /// Add a row, showing so many; or take one out; or stay.
    add: Option<usize>,
    removed: bool,
    stay: bool,
}

/// What became of it.
pub(super) enum Outcome {
    Saved(Saved),
    /// Nothing was written: the form knows no such field, or there is far too much of it.
    Refused(Vec<Problem>),
    Conflict,
}

pub(super) struct Saved {
    pub version: i64,
    pub done: bool,
    /// What is wrong; what is only missing yet counts where the section was called done.
    pub problems: Vec<Problem>,
}

/// Problems of a draft that is not finished yet.
const NOT_YET: [&str; 3] = ["required", "too_few_rows", "too_few_files"];

/// Problems that no draft may have.
const REFUSED: [&str; 3] = ["unknown_field", "unknown_section", "too_many_rows"];

impl Typed {
    pub(super) fn read(opened: &OpenedDraft<'_>, section: &Section, mut fields: Fields) -> Typed {
        let version = fields.take("version").parse().unwrap_or(-1);
        let done = fields.take("_done") == "1";
        let add = fields.take("_add").parse().ok().map(|rows: usize| rows.min(ROWS_MAX));
        let removed = fields.take("_remove").parse::<usize>().ok();
        let stay = fields.take("_go") == "stay";
        let gone = removed.map(|row| format!("row.{row}."));
        let mut raw = fields.rest();
        raw.retain(|(name, _)| gone.as_ref().is_none_or(|gone| !name.starts_with(gone.as_str())));
        let (answers, problems) = opened.on.form.read_section(&section.code, &raw);
        Typed { answers, problems, version, done, add, removed: removed.is_some(), stay }
    }
}

pub async fn save(
    acting: Acting,
    Path((id, code)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let opened = OpenedDraft::open_to_write(&acting, &id).await?;
    let section = opened.on.section(&code)?;
    let typed = Typed::read(&opened, section, fields);
    respond(&acting, &opened, section, typed).await
}

/// Saves and answers with the next page.
pub(super) async fn respond(
    acting: &Acting,
    opened: &OpenedDraft<'_>,
    section: &Section,
    typed: Typed,
) -> Result<Response> {
    let path = opened.on.section_path(&section.code);
    match write(acting, opened, section, &typed).await? {
        Outcome::Conflict => versions::conflict(acting, opened, section).await,
        Outcome::Refused(problems) => {
            let showing = Showing {
                typed: Some(&typed.answers),
                problems,
                version: Some(typed.version),
                done: Some(typed.done),
                ..Showing::default()
            };
            page_with_problems(&section_page(acting, opened, section, showing).await?)
        }
        Outcome::Saved(_) if typed.add.is_some() => {
            let rows = typed.add.unwrap_or_default();
            Ok(Redirect::to(&format!("{path}?rows={rows}#row-{rows}")).into_response())
        }
        Outcome::Saved(_) if typed.removed => Ok(Redirect::to(&path).into_response()),
        Outcome::Saved(saved) if !saved.problems.is_empty() => {
            let says = "请按下面的提示修改；也可以先去填其他部分，回来再改。";
            let showing = Showing {
                typed: Some(&typed.answers),
                problems: saved.problems,
                notices: vec![Notice::new(Tone::Waiting, "内容已存为草稿，但还有问题", says)],
                version: Some(saved.version),
                done: Some(saved.done),
                ..Showing::default()
            };
            page_with_problems(&section_page(acting, opened, section, showing).await?)
        }
        Outcome::Saved(_) if typed.stay => Ok(Redirect::to(&path).into_response()),
        Outcome::Saved(_) => {
            let next = neighbour(opened, section, 1).unwrap_or_else(|| opened.on.path());
            Ok(Redirect::to(&next).into_response())
        }
    }
}

/// The endpoint that script calls while a person types.
pub async fn autosave(
    acting: Acting,
    Path((id, code)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let opened = OpenedDraft::open_to_write(&acting, &id).await?;
    let section = opened.on.section(&code)?;
    let typed = Typed::read(&opened, section, fields);
    let says = |problems: &[Problem]| -> Vec<_> {
        problems.iter().map(|problem| json!({ "field": problem.field, "says": problem.says })).collect()
    };
    Ok(match write(&acting, &opened, section, &typed).await? {
        Outcome::Saved(saved) => {
            let saved_at = clock_words(acting.store().now_ms())[11..].to_owned();
            let problems = says(&saved.problems);
            Json(json!({ "saved_at": saved_at, "version": saved.version, "problems": problems }))
                .into_response()
        }
        Outcome::Refused(problems) => {
            let first = problems.first().map(|problem| problem.says.clone()).unwrap_or_default();
            (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "says": first }))).into_response()
        }
        Outcome::Conflict => {
            let address = format!("{}/versions", opened.on.section_path(&section.code));
            (StatusCode::CONFLICT, Json(json!({ "conflict_url": address }))).into_response()
        }
    })
}

/// What the form does not know is nowhere on the page: the summary says it, and leads to nothing.
fn nowhere(problem: Problem) -> Problem {
    match problem.code.as_str() {
        "unknown_field" => Problem { field: String::new(), ..problem },
        _ => problem,
    }
}

/// One statement where all is well.
async fn write(
    acting: &Acting,
    opened: &OpenedDraft<'_>,
    section: &Section,
    typed: &Typed,
) -> Result<Outcome> {
    let refused = typed.problems.iter().filter(|problem| REFUSED.contains(&problem.code.as_str()));
    let refused: Vec<Problem> = refused.cloned().map(nowhere).collect();
    if !refused.is_empty() {
        return Ok(Outcome::Refused(refused));
    }
    let mut answers = opened.draft.answers.clone();
    answers.0.insert(section.code.clone(), typed.answers.clone());
    let mut problems = opened.problems_of(section, &answers, None);
    let known: Vec<Problem> = typed
        .problems
        .iter()
        .filter(|problem| !problems.iter().any(|other| other.field == problem.field))
        .cloned()
        .collect();
    problems.extend(known);
    let done = typed.done && problems.is_empty();
    if !typed.done {
        problems.retain(|problem| {
            !NOT_YET.contains(&problem.code.as_str()) && !problem.code.starts_with("verify:")
        });
    }
    let content = typed.answers.to_json();
    let by = Editor::of(&acting.actor);
    let mut version = typed.version;
    loop {
        let write = SectionWrite { content: &content, done, by, version };
        if store::save_section(acting.store(), opened.on.id, &section.code, &write).await? {
            return Ok(Outcome::Saved(Saved { version: version + 1, done, problems }));
        }
        // The same words saved twice, by script and by the button, say, are no two versions.
        let mut read = acting.store().read();
        match store::version_with(&mut read, opened.on.id, &section.code, &content).await? {
            Some(found) if found != version => version = found,
            _ => break,
        }
    }
    store::put_aside(acting.store(), opened.on.id, &section.code, by.person, &content).await?;
    Ok(Outcome::Conflict)
}
