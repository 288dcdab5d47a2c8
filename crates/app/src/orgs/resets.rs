//! A lost password or telephone: the system administrator asks, the security administrator approves
//! and hands over a one-time link. Nobody learns or chooses another's password.

use super::people::{self, parse, show_link};
use super::{limits, setup, store};
use crate::web::{Acting, Fields};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{PersonId, RowId};
use domain::problem::Refusal;
use kit::record::Event;
use kit::{Error, Result};

pub async fn request(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let person: PersonId = parse(&id)?;
    store::person(acting.store().read(), person).await?;
    let mut problems = Vec::new();
    let reason = fields.need("reset_reason", "重置原因", &mut problems);
    problems.extend(fields.leftover());
    if !problems.is_empty() {
        let mut form = people::person_page(&acting, person).await?;
        form.problems = problems;
        return people::show_problems(form);
    }
    let reset: RowId = kit::clock::fresh();
    let mut act = acting.act(&fields.key).await?;
    store::insert_reset(&mut act, reset, person, acting.actor.person, &reason).await?;
    let to = format!("/people/{person}?done=reset.requested");
    act.lands_on(&to);
    act.commit(Event::new("reset.requested", "person", person).reason(reason)).await?;
    Ok(Redirect::to(&to).into_response())
}

/// Approved: the old factor and password are gone, every session ends, the link is shown once.
pub async fn approve(acting: Acting, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    fields.nothing_else()?;
    let row = store::reset(acting.store().read(), parse(&id)?).await?;
    let person: PersonId = row.person_id.parse().map_err(Error::Internal)?;
    let me = acting.actor.person;
    if me == person || row.requested_by == me.to_string() {
        let remedy = "请由另一位安全管理员批准。";
        let refusal = Refusal::by_conduct("same_person", "不能批准本人的或本人提出的账号重置", remedy);
        return Err(acting.denied(Event::new("reset.approval_denied", "person", person), refusal).await);
    }
    let mut act = acting.act(&fields.key).await?;
    let now_ms = act.now_ms();
    store::approve_reset(&mut act, &row, me).await?;
    store::clear_credential(&mut act, person).await?;
    let link = setup::issue(&mut act, person, now_ms + limits::setup_link_ms(&acting.app)?).await?;
    store::end_sessions(&mut act, person).await?;
    act.lands_on("/grants");
    act.commit(Event::new("reset.approved", "person", person).note("reset", &row.id)).await?;
    show_link(&acting, person, row.person, row.login, link)
}

pub async fn decline(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = store::reset(acting.store().read(), parse(&id)?).await?;
    let reason = fields.take("reason");
    fields.nothing_else()?;
    let mut act = acting.act(&fields.key).await?;
    store::decline_reset(&mut act, &row, acting.actor.person).await?;
    act.lands_on("/grants");
    act.commit(Event::new("reset.declined", "person", &row.person_id).reason(reason)).await?;
    Ok(Redirect::to("/grants").into_response())
}
