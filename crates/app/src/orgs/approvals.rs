//! The security administrator's yes or no to roles that were asked for: one, or several at once.

use super::grants::{self, finish, subject};
use super::people::parse;
use super::store::{self, GrantRow};
use crate::web::{Acting, Fields};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::{approve_grant, grant_refusal};
use domain::id::PersonId;
use domain::problem::Problem;
use domain::role::Role;
use kit::record::Event;
use kit::{Error, Result};

pub async fn approve(acting: Acting, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    fields.nothing_else()?;
    let row = store::grant(acting.store().read(), parse(&id)?).await?;
    decide(&acting, &row, &fields.key).await?;
    Ok(Redirect::to("/grants").into_response())
}

/// Each for itself: what the rules forbid or another has decided meanwhile is said, the rest is done.
pub async fn approve_several(acting: Acting, mut fields: Fields) -> Result<Response> {
    let mut problems = Vec::new();
    let chosen = fields.take_all("grant");
    if chosen.is_empty() {
        problems.push(Problem::new("grant", "required", "请先勾选要批准的授权。"));
    }
    problems.extend(fields.leftover());
    let chosen = if problems.is_empty() { chosen } else { Vec::new() };
    for id in &chosen {
        let row = store::grant(acting.store().read(), parse(id)?).await?;
        let says = match decide(&acting, &row, "").await {
            Ok(()) => continue,
            Err(Error::Refused(refusal)) => format!("{}{}", refusal.says, refusal.remedy),
            Err(Error::Conflict) => "已有人办理。".to_owned(),
            Err(error) => return Err(error),
        };
        problems.push(Problem::new("grant", "refused", format!("{}的授权没有批准：{says}", row.person)));
    }
    match problems.is_empty() {
        true => Ok(Redirect::to("/grants?done=grant.approved").into_response()),
        false => grants::show_undecided(&acting, problems).await,
    }
}

/// The second person says yes: the duties are held against each other once more.
async fn decide(acting: &Acting, row: &GrantRow, key: &str) -> Result<()> {
    let (person, new) = subject(row)?;
    let asked_by: PersonId = row.requested_by.parse().map_err(|_| Error::Conflict)?;
    let actor = &acting.actor;
    let mut act = acting.act(key).await?;
    let allowed = approve_grant((asked_by, Role::SystemAdmin), (actor.person, actor.role), person);
    let held = store::held(act.read(), person, &row.id, acting.today()).await?;
    if let Some(refusal) = allowed.err().or_else(|| grant_refusal(&held, &new)) {
        drop(act);
        return Err(acting.denied(Event::new("grant.approval_denied", "grant", &row.id), refusal).await);
    }
    store::approve_grant(&mut act, row).await?;
    act.lands_on("/grants");
    let event = Event::new("grant.approved", "grant", &row.id).note("role", new.role).note("person", person);
    act.commit(event).await?;
    Ok(())
}

pub async fn decline(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = store::grant(acting.store().read(), parse(&id)?).await?;
    let reason = fields.take("reason");
    fields.nothing_else()?;
    let mut act = acting.act(&fields.key).await?;
    store::decline_grant(&mut act, &row).await?;
    finish(act, Event::new("grant.declined", "grant", &row.id).reason(reason), "/grants").await
}
