//! The page on which somebody reads a declaration and decides: content with its changes on the
//! left, what the checks and the last return say, the opinion and the button on the right.

use super::super::act_page::Told;
use super::super::store::{self, DeclarationRow};
use super::content::{Content, content};
use super::crumbs;
use super::show::form_of;
use crate::web::{Acting, fresh_key, page, page_with_problems};
use askama::Template;
use axum::response::Response;
use domain::declaration::wrong_stage;
use domain::problem::Problem;
use domain::stage::DeclarationStage;
use kit::page::{ErrorSummary, Field, Frame, Notice};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "declarations/review.html")]
pub struct ReviewPage {
    pub page: Frame,
    pub problems: Vec<Problem>,
    pub notices: Vec<Notice>,
    pub content: Content,
    /// The address that shows everything, or only what changed.
    pub switch: String,
    /// Earlier opinions on this edition: who, what he said.
    pub opinions: Vec<(String, String)>,
    pub consequences: Vec<String>,
    pub fields: Vec<Field>,
    pub hidden: Vec<(&'static str, String)>,
    pub has_file: bool,
    pub button: &'static str,
    pub return_href: Option<String>,
    pub back: String,
    pub key: String,
}

/// What one verb puts on the page.
pub struct Verb {
    /// Where a declaration stands while this can be done.
    pub at: DeclarationStage,
    pub title: &'static str,
    pub path: &'static str,
    pub button: &'static str,
    pub consequences: Vec<String>,
    pub fields: Vec<Field>,
    pub has_file: bool,
    pub may_return: bool,
}

/// The page of a verb over a declaration; `all` shows the whole content.
pub async fn review_page(
    acting: &Acting,
    row: &DeclarationRow,
    verb: Verb,
    all: bool,
    told: &Told,
) -> Result<Response> {
    if told.is_nothing() && row.stage()? != verb.at {
        return Err(wrong_stage(row.stage()?).into());
    }
    let told = &told.at("reason", "opinion").at("document_number", "document_number");
    let batches = acting.reach_in("batch.read").ok_or(Error::NotFound)?;
    let batch = store::batch(acting.store().read(), &batches, row.batch()?).await?;
    let content = content(acting, form_of(acting, &batch, row)?, row, all).await?;
    let here = format!("/declarations/{}", row.id);
    let switch = match content.only_changes {
        true => format!("{here}/{}?all=1", verb.path),
        false => format!("{here}/{}", verb.path),
    };
    let crumbs = crumbs(row);
    let crumbs: Vec<_> = crumbs.iter().map(|(words, href)| (words.as_str(), href.as_str())).collect();
    let steps = store::steps(acting.store().read(), &row.id).await?;
    let opinions = steps
        .iter()
        .take_while(|step| step.event != "declaration.handed_to_town_head")
        .filter(|step| !step.opinion.is_empty())
        .map(|step| (format!("{}·{}", step.organisation_name, step.signature), step.opinion.clone()))
        .collect();
    let mut template = ReviewPage {
        page: acting.frame_under(&crumbs, verb.title),
        problems: told.problems.clone(),
        notices: told.refusals.iter().map(Notice::refused).collect(),
        hidden: vec![("content_hash", content.content_hash.clone())],
        content,
        switch,
        opinions,
        consequences: verb.consequences,
        fields: verb.fields.into_iter().map(|field| field.told(&told.problems)).collect(),
        has_file: verb.has_file,
        button: verb.button,
        return_href: verb.may_return.then(|| format!("{here}/return")),
        back: here,
        key: fresh_key(),
    };
    if told.is_nothing() {
        return page(&template);
    }
    template.page.error = true;
    page_with_problems(&template)
}

/// Whether the whole content is asked for, not just what changed.
pub fn shows_all(query: Option<String>) -> bool {
    query.is_some_and(|query| query.split('&').any(|pair| pair == "all=1"))
}
