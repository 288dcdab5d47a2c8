//! 三(一): may this place declare? Everything that stands against it at once, or the way in.

use super::super::act_page::Told;
use super::super::acts;
use super::super::deed::{Deed, need_none};
use super::super::store;
use crate::web::{Acting, Fields, fresh_key, page, page_with_problems};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use domain::declaration::may_begin;
use domain::eligibility::{Track, refusals};
use domain::id::BatchId;
use domain::problem::Refusal;
use kit::page::{Frame, Notice, Pairs, Tone};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "declarations/start.html")]
pub struct StartPage {
    pub page: Frame,
    pub notices: Vec<Notice>,
    pub facts: Pairs,
    /// The batches that are open to it: id, title, last day, whether it is the one chosen.
    pub batches: Vec<(String, String, String)>,
    /// What keeps it from declaring at all.
    pub barred: Vec<Notice>,
    /// What must be settled before it is sent.
    pub unsettled: Vec<Notice>,
    pub existing: Option<String>,
    pub key: String,
}

pub async fn show_start(acting: Acting, RawQuery(_): RawQuery) -> Result<Response> {
    page(&start_page(&acting, &Told::default()).await?)
}

pub async fn begin(acting: Acting, mut fields: Fields) -> Result<Response> {
    let batch: BatchId = fields.take("batch").parse().map_err(|_| Error::NotFound)?;
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        need_none(fields.leftover())?;
        acts::start(&deed, batch).await
    };
    match result.await {
        Ok(id) => Ok(Redirect::to(&format!("/declarations/{id}?done=declaration.started")).into_response()),
        Err(error) => {
            let mut template = start_page(&acting, &Told::of(error)?).await?;
            template.page.error = true;
            page_with_problems(&template)
        }
    }
}

async fn start_page(acting: &Acting, told: &Told) -> Result<StartPage> {
    let place_id = acting.actor.place.ok_or(Error::Forbidden)?;
    let store = acting.store();
    let today = acting.today();
    let place = store::place(store.read(), place_id, today).await?;
    let reach = acting.reach_in("batch.read").ok_or(Error::Forbidden)?;
    let mut open = Vec::new();
    let mut existing = None;
    let leaves = store::late_leaves(store.read(), place.covered()).await?;
    let declared = store::declarations_of_place(store.read(), place_id).await?;
    for batch in store::batches(store.read(), &reach).await? {
        let leave = leaves.get(&batch.id);
        if may_begin(&batch.state()?, leave, today).is_err() {
            continue;
        }
        let closes = batch.closes()?;
        let last = leave.map_or(closes, |leave| leave.until.max(closes));
        match declared.get(&batch.id) {
            Some(id) => existing = Some(format!("/declarations/{id}")),
            None => open.push((batch.id.clone(), batch.title.clone(), last.words())),
        }
    }
    let elsewhere = existing.is_none() && store::underway_elsewhere(store.read(), "", place_id).await?;
    let all =
        refusals(&place.applicant(existing.is_some() && open.is_empty(), elsewhere)?, acting.pack(), today);
    let all = all.map_err(Refusal::from)?;
    let (unsettled, barred): (Vec<Refusal>, Vec<Refusal>) =
        all.into_iter().partition(|refusal| refusal.code.starts_with("unknown_"));
    let mut notices: Vec<_> = told.refusals.iter().map(Notice::refused).collect();
    notices.extend(told.problems.iter().map(|problem| Notice::new(Tone::Bad, "", problem.says.clone())));
    if open.is_empty() && existing.is_none() {
        let says = "目前没有可以申报的批次，请等待省联席会议办公室发出申报通知。";
        notices.push(Notice::new(Tone::Quiet, "", says));
    }
    Ok(StartPage {
        page: acting.frame_under(&[("申报件", "/declarations")], "开始申报"),
        notices,
        facts: Pairs::new()
            .and("申报单位", &acting.actor.organisation_name)
            .and("镇（平台）", &place.name)
            .and("类别", Track::words_of(&place.track)),
        batches: open,
        barred: barred.iter().map(Notice::refused).collect(),
        unsettled: unsettled.iter().map(Notice::refused).collect(),
        existing,
        key: fresh_key(),
    })
}
