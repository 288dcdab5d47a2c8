//! Standing in: an approver lends his role to a colleague for some days, and takes it back at will.

use super::people::parse;
use super::store::{self, DelegationRow};
use crate::web::{Acting, Fields, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::{Delegation, Held, delegate, grant_refusal};
use domain::day::Day;
use domain::id::{DelegationId, PersonId};
use domain::problem::{Problem, Refusal};
use kit::page::{Choice, Empty, ErrorSummary, Field, Frame, Tag, Tone};
use kit::record::Event;
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "orgs/delegations.html")]
struct DelegationsPage {
    page: Frame,
    key: String,
    role: String,
    lines: Vec<DelegationLine>,
    empty: Empty,
    colleagues: Vec<Choice>,
    days_max: i64,
    typed: Typed,
    problems: Vec<Problem>,
}

struct DelegationLine {
    id: String,
    to: String,
    role: String,
    period: String,
    reason: String,
    state: Tag,
    can_revoke: bool,
    key: String,
}

#[derive(Clone, Debug, Default)]
struct Typed {
    to: String,
    first: String,
    last: String,
    reason: String,
}

pub async fn list(acting: Acting) -> Result<Response> {
    page(&form(&acting, Typed::default(), Vec::new()).await?)
}

async fn form(acting: &Acting, typed: Typed, problems: Vec<Problem>) -> Result<DelegationsPage> {
    let actor = &acting.actor;
    let mut frame = acting.frame("委托办理");
    frame.error = !problems.is_empty();
    let role = format!("{} · {}", actor.organisation_name, actor.role.words());
    Ok(DelegationsPage {
        page: frame,
        key: crate::web::fresh_key(),
        role,
        lines: given(acting).await?,
        empty: Empty::new("还没有委托过他人。"),
        colleagues: colleagues(acting).await?,
        days_max: super::limits::count(&acting.app, "security.delegation_days_max")?,
        typed,
        problems,
    })
}

/// What the person has lent, the newest first.
async fn given(acting: &Acting) -> Result<Vec<DelegationLine>> {
    let rows = store::delegations_by(acting.store().read(), acting.actor.person).await?;
    let today = acting.today().to_string();
    Ok(rows.into_iter().map(|row| row.into_line(&today)).collect())
}

impl DelegationRow {
    fn into_line(self, today: &str) -> DelegationLine {
        let is_over = self.last_day.as_str() < today;
        let state = match (self.revoked_ms, is_over, self.first_day.as_str() > today) {
            (Some(_), _, _) => Tag::new(Tone::Quiet, "已撤回"),
            (None, true, _) => Tag::new(Tone::Quiet, "已到期"),
            (None, false, true) => Tag::new(Tone::Waiting, "未开始"),
            (None, false, false) => Tag::new(Tone::Done, "有效"),
        };
        let role = self.role.parse::<domain::role::Role>().map_or("", domain::role::Role::words);
        DelegationLine {
            can_revoke: self.revoked_ms.is_none() && !is_over,
            id: self.id,
            to: self.name,
            role: format!("{} · {role}", self.organisation),
            period: format!("{}至{}", self.first_day, self.last_day),
            reason: self.reason,
            state,
            key: crate::web::fresh_key(),
        }
    }
}

/// People of the same organisation: employed there, or with a role in it.
async fn colleagues(acting: &Acting) -> Result<Vec<Choice>> {
    let actor = &acting.actor;
    let rows = store::colleagues(acting.store().read(), actor.person, actor.organisation).await?;
    Ok(rows.into_iter().map(|(id, name, login)| Choice::new(id, format!("{name}（{login}）"))).collect())
}

pub async fn give(acting: Acting, mut fields: Fields) -> Result<Response> {
    let mut problems = Vec::new();
    let typed = Typed {
        to: fields.need("to", "受托人", &mut problems),
        first: fields.take("first"),
        last: fields.take("last"),
        reason: fields.need("reason", "委托理由", &mut problems),
    };
    let [first, last] = [("first", "开始日期", &typed.first), ("last", "结束日期", &typed.last)]
        .map(|(name, label, text)| day_of(name, label, text, &mut problems));
    problems.extend(fields.leftover());
    let checked = match (first, last) {
        (Some(first), Some(last)) => check(&acting, &typed.to, first, last, &mut problems).await?,
        _ => None,
    };
    let Some(lent) = checked.filter(|_| problems.is_empty()) else {
        return page_with_problems(&form(&acting, typed, problems).await?);
    };
    let id: DelegationId = kit::clock::fresh();
    let mut act = acting.act(&fields.key).await?;
    store::insert_delegation(&mut act, id, acting.actor.grant, &lent, &typed.reason).await?;
    act.lands_on("/delegations");
    let event = Event::new("delegation.given", "delegation", id).note("to", lent.to).reason(typed.reason);
    act.commit(event).await?;
    Ok(Redirect::to("/delegations").into_response())
}

fn day_of(name: &str, label: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Day> {
    let day = text.parse().ok();
    if day.is_none() {
        let says = format!("请填写“{label}”，格式如“2018-05-02”。");
        problems.push(Problem::new(name, "malformed", says));
    }
    day
}

/// The delegation, when both the rules of lending and the separation of duties allow it.
async fn check(
    acting: &Acting,
    to: &str,
    first: Day,
    last: Day,
    problems: &mut Vec<Problem>,
) -> Result<Option<Delegation>> {
    let actor = &acting.actor;
    let known = colleagues(acting).await?.iter().any(|colleague| colleague.value == to);
    let Some(to) = to.parse::<PersonId>().ok().filter(|_| known) else {
        if !to.is_empty() {
            problems.push(Problem::new("to", "unknown", "请从名单中选择本单位的一位同事。"));
        }
        return Ok(None);
    };
    let lent = Delegation { from: actor.person, to, role: actor.role, first, last };
    let allowed = delegate(&lent, actor.delegation.is_some(), acting.pack(), acting.today());
    let held = store::held(acting.store().read(), to, "", acting.today()).await?;
    let new = Held { role: actor.role, organisation: actor.organisation };
    let refusal = allowed.err().or_else(|| grant_refusal(&held, &new));
    if let Some(Refusal { code, says, remedy, .. }) = refusal {
        let field = if ["dates", "too_long"].contains(&code.as_str()) { "last" } else { "to" };
        problems.push(Problem::new(field, code, format!("{says}{remedy}")));
        return Ok(None);
    }
    Ok(Some(lent))
}

/// Only the giver takes back; the delegate's sessions in the role end at once.
pub async fn revoke(acting: Acting, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    fields.nothing_else()?;
    let id: DelegationId = parse(&id)?;
    if !store::is_giver(acting.store().read(), id, acting.actor.person).await? {
        return Err(Error::NotFound);
    }
    let mut act = acting.act(&fields.key).await?;
    store::revoke_delegation(&mut act, id).await?;
    store::end_sessions_under(&mut act, id).await?;
    act.lands_on("/delegations");
    act.commit(Event::new("delegation.revoked", "delegation", id)).await?;
    Ok(Redirect::to("/delegations").into_response())
}
