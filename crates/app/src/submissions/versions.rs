//! Two versions of one section, field by field: the person picks, nobody is overwritten.

use super::draft::DraftSection;
use super::merging::{Pick, as_sent, merged, picks};
use super::opened::OpenedDraft;
use super::saving::{Typed, respond};
use super::store;
use crate::web::{Acting, Fields, clock_words, page_with};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::{Section, SectionAnswers};
use kit::page::Frame;
use kit::{Error, Result};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "submissions/versions.html")]
pub struct VersionsPage {
    pub page: Frame,
    pub lead: &'static str,
    pub action: String,
    pub version: i64,
    pub theirs: String,
    pub mine: String,
    pub choices: Vec<Pick>,
    pub tasks_href: String,
}

const LEAD: &str = "您填写期间，同事保存了同一部分。两个版本都在，请逐项选择保留哪一个，然后保存。";
const OWN_LEAD: &str = "您在另一个窗口保存过同一部分。两个版本都在，请逐项选择保留哪一个，然后保存。";

/// The page after a save that came too late; what was typed has been put aside.
pub(super) async fn conflict(
    acting: &Acting,
    opened: &OpenedDraft<'_>,
    section: &Section,
) -> Result<Response> {
    let on = &opened.on;
    let fresh = OpenedDraft::open_to_write(acting, &on.row.id).await?;
    match versions_page(acting, &fresh, section).await? {
        Some(template) => page_with(StatusCode::CONFLICT, &template),
        None => Ok(Redirect::to(&on.section_path(&section.code)).into_response()),
    }
}

/// The same page by its address, for script.
pub async fn show(acting: Acting, Path((id, code)): Path<(String, String)>) -> Result<Response> {
    let opened = OpenedDraft::open_to_write(&acting, &id).await?;
    let section = opened.on.section(&code)?;
    match versions_page(&acting, &opened, section).await? {
        Some(template) => page_with(StatusCode::OK, &template),
        None => Ok(Redirect::to(&opened.on.section_path(&code)).into_response()),
    }
}

/// What was picked, saved over the version that was shown.
pub async fn pick(
    acting: Acting,
    Path((id, code)): Path<(String, String)>,
    mut fields: Fields,
) -> Result<Response> {
    let opened = OpenedDraft::open_to_write(&acting, &id).await?;
    let section = opened.on.section(&code)?;
    let version = fields.take("version");
    let aside = aside(&acting, &opened, section).await?.ok_or(Error::Conflict)?;
    let theirs = opened.draft.section(&code).map(DraftSection::answers).transpose()?.unwrap_or_default();
    let picked = fields.rest().into_iter();
    let picked: BTreeMap<String, String> =
        picked.filter_map(|(name, text)| Some((name.strip_prefix("pick.")?.to_owned(), text))).collect();
    let mut raw = vec![("version".to_owned(), version), ("_go".to_owned(), "stay".to_owned())];
    raw.extend(as_sent(&merged(section, (&theirs, &aside.0), &picked)));
    store::drop_aside(acting.store(), opened.on.id, &code, acting.actor.person).await?;
    let typed = Typed::read(&opened, section, Fields::new(raw));
    respond(&acting, &opened, section, typed).await
}

async fn versions_page(
    acting: &Acting,
    opened: &OpenedDraft<'_>,
    section: &Section,
) -> Result<Option<VersionsPage>> {
    let on = &opened.on;
    let Some((mine, mine_ms)) = aside(acting, opened, section).await? else { return Ok(None) };
    let Some(kept) = opened.draft.section(&section.code) else { return Ok(None) };
    let theirs = kept.answers()?;
    let choices = picks(on.form, section, &theirs, &mine);
    let title = "两个版本，请逐项选择";
    let is_own = kept.saved_by == acting.actor.person.to_string();
    let name = match &kept.saved_name {
        _ if is_own => "我在另一窗口",
        Some(name) => name,
        None => "其他人",
    };
    Ok(Some(VersionsPage {
        page: Frame {
            crumbs: [on.crumbs(), vec![(section.title.clone(), None)]].concat(),
            error: true,
            ..acting.frame(title)
        },
        lead: if is_own { OWN_LEAD } else { LEAD },
        action: format!("{}/versions", on.section_path(&section.code)),
        version: kept.version,
        theirs: format!("{name}的版本（{}保存）", &clock_words(kept.saved_ms)[11..16]),
        mine: format!("我的版本（{}未存上）", &clock_words(mine_ms)[11..16]),
        choices,
        tasks_href: on.path(),
    }))
}

async fn aside(
    acting: &Acting,
    opened: &OpenedDraft<'_>,
    section: &Section,
) -> Result<Option<(SectionAnswers, i64)>> {
    let mut read = acting.store().read();
    let found = store::aside(&mut read, opened.on.id, &section.code, acting.actor.person).await?;
    let read = |(text, at_ms): (String, i64)| Ok((SectionAnswers::from_json(&text)?, at_ms));
    found.map(read).transpose().map_err(|error: String| Error::internal(error))
}
