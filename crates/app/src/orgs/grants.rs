//! Roles: asked for by the system administrator, ended by him or the security administrator; the
//! latter's yes or no stands in `approvals`. Separation of duties is decided in `domain::account`.

use super::keyset::Keyset;
use super::people::{self, parse};
use super::store::{self, GrantRow, NewGrant, ResetRow};
use crate::web::{Acting, Fields, clock_words, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::{Held, grant_refusal};
use domain::day::Day;
use domain::id::{GrantId, OrganisationId, PersonId};
use domain::problem::{Problem, Refusal};
use domain::role::Role;
use kit::page::{Choice, Empty, ErrorSummary, Frame, Pager, Tag, Tone};
use kit::record::{Act, Event};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "orgs/grants.html")]
struct GrantsPage {
    page: Frame,
    key: String,
    problems: Vec<Problem>,
    grants: Vec<GrantLine>,
    resets: Vec<ResetLine>,
    pager: Pager,
    empty: Empty,
    may_decide: bool,
}

/// One grant as a page shows it.
pub struct GrantLine {
    pub id: String,
    pub person_id: String,
    pub person: String,
    pub login: String,
    pub organisation: String,
    pub role: &'static str,
    pub reason: String,
    pub requested: String,
    pub period: String,
    pub state: Tag,
    pub can_end: bool,
    pub key: String,
}

struct ResetLine {
    id: String,
    person_id: String,
    person: String,
    login: String,
    reason: String,
    requested: String,
    key: String,
}

/// What was typed into the form that asks for a role.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub role: String,
    pub organisation: String,
    pub until: String,
    pub reason: String,
}

impl GrantLine {
    pub fn new(row: GrantRow, today: &str) -> GrantLine {
        let is_over = row.valid_until.as_deref().is_some_and(|until| until < today);
        let state = if row.declined_ms.is_some() {
            Tag::new(Tone::Quiet, "未批准")
        } else if row.ended_ms.is_some() || is_over {
            Tag::new(Tone::Quiet, "已终止")
        } else if row.approved_ms.is_none() {
            Tag::new(Tone::Waiting, "待批准")
        } else {
            Tag::new(Tone::Done, "有效")
        };
        let until = row.valid_until.map_or("长期".to_owned(), |day| format!("至{day}"));
        let requester = row.requester.unwrap_or_else(|| "控制台".to_owned());
        GrantLine {
            can_end: row.declined_ms.is_none() && row.ended_ms.is_none(),
            id: row.id,
            person_id: row.person_id,
            person: row.person,
            login: row.login,
            organisation: row.organisation,
            role: row.role.parse::<Role>().map_or("", Role::words),
            reason: row.reason,
            requested: format!("{requester} {}", clock_words(row.requested_ms)),
            period: format!("{}起，{until}", row.valid_from),
            state,
            key: crate::web::fresh_key(),
        }
    }
}

impl ResetLine {
    fn new(row: ResetRow) -> ResetLine {
        let requester = row.requester.unwrap_or_else(|| "控制台".to_owned());
        ResetLine {
            id: row.id,
            person_id: row.person_id,
            person: row.person,
            login: row.login,
            reason: row.reason,
            requested: format!("{requester} {}", clock_words(row.requested_ms)),
            key: crate::web::fresh_key(),
        }
    }
}

/// Every role a person may be given.
pub fn role_choices() -> Vec<Choice> {
    let given = Role::ALL.iter().filter(|role| **role != Role::Public);
    given.map(|role| Choice::new(role.code(), role.words())).collect()
}

/// The kind of organisation a role is held in.
fn home_of(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Clerk | Role::TownHead => ("operator", "镇或平台"),
        Role::CountyReviewer | Role::CountyApprover => ("county", "县级政府"),
        Role::CityBureau => ("bureau", "设区市三个部门之一"),
        Role::CityApprover => ("city", "设区市政府"),
        Role::Department => ("department", "联席会议成员单位"),
        Role::Office | Role::OfficeApprover | Role::Expert => ("office", "省联席会议办公室"),
        Role::Auditor => ("audit", "审计机关"),
        Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin => ("administration", "系统管理中心"),
        Role::Public => ("", ""),
    }
}

/// What is said of a role asked for in an organisation of another kind than its own.
pub(super) fn not_at_home(role: Role, kind: &str) -> Option<String> {
    let (home, words) = home_of(role);
    (home != kind).then(|| format!("“{}”应设在{words}，请改填单位或改选身份。", role.words()))
}

/// What waits for the security administrator.
pub async fn list(acting: Acting) -> Result<Response> {
    page(&waiting(&acting, Vec::new()).await?)
}

/// The same with what could not be decided.
pub(super) async fn show_undecided(acting: &Acting, problems: Vec<Problem>) -> Result<Response> {
    page_with_problems(&waiting(acting, problems).await?)
}

async fn waiting(acting: &Acting, problems: Vec<Problem>) -> Result<GrantsPage> {
    let keys = Keyset::of(acting, &[]);
    let rows = store::grants_waiting(acting.store().read(), &keys).await?;
    let count = store::count_grants_waiting(acting.store().read()).await?;
    let (rows, pager) = keys.turn(rows, count, |row| &row.id);
    let resets = store::resets_waiting(acting.store().read()).await?;
    let today = acting.today().to_string();
    Ok(GrantsPage {
        page: Frame { error: !problems.is_empty(), ..acting.frame("授权审批") },
        key: crate::web::fresh_key(),
        problems,
        grants: rows.into_iter().map(|row| GrantLine::new(row, &today)).collect(),
        resets: resets.into_iter().map(ResetLine::new).collect(),
        pager,
        empty: Empty::new("没有待批准的授权和账号重置。"),
        may_decide: acting.may("grant.decide"),
    })
}

/// Asks for a role, on the page of the person.
pub async fn request(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let person: PersonId = parse(&id)?;
    store::person(acting.store().read(), person).await?;
    let mut problems = Vec::new();
    let typed = Asked {
        role: fields.need("role", "身份", &mut problems),
        organisation: fields.need("organisation", "单位", &mut problems),
        until: fields.take("until"),
        reason: fields.need("reason", "理由", &mut problems),
    };
    problems.extend(fields.leftover());
    let asked = check(&acting, person, &typed, &mut problems).await?;
    let Some((new, until)) = asked.filter(|_| problems.is_empty()) else {
        let mut form = people::person_page(&acting, person).await?;
        (form.typed, form.problems) = (typed, problems);
        return people::show_problems(form);
    };
    let to = format!("/people/{person}");
    ask(&acting, (&fields.key, &to), person, new, until, &typed.reason).await?;
    Ok(Redirect::to(&to).into_response())
}

/// Asks for a role that was checked, under the key of the form that led here.
pub(super) async fn ask(
    acting: &Acting,
    (key, to): (&str, &str),
    person: PersonId,
    held: Held,
    until: Option<Day>,
    reason: &str,
) -> Result<()> {
    let grant: GrantId = kit::clock::fresh();
    let mut act = acting.act(key).await?;
    let event = Event::new("grant.requested", "grant", grant).note("role", held.role).reason(reason);
    let row = NewGrant { id: grant, person, held, until, asked_by: acting.actor.person, reason };
    store::insert_grant(&mut act, &row).await?;
    act.lands_on(to);
    act.commit(event).await?;
    Ok(())
}

/// The role asked for, when the person may hold it in that organisation.
async fn check(
    acting: &Acting,
    person: PersonId,
    typed: &Asked,
    problems: &mut Vec<Problem>,
) -> Result<Option<(Held, Option<Day>)>> {
    let today = acting.today();
    let until = match typed.until.as_str() {
        "" => None,
        text => match text.parse::<Day>() {
            Ok(day) if day >= today => Some(day),
            Ok(_) => return told(problems, "until", "截止日期不能早于今天，请修改；长期有效请留空。"),
            Err(_) => return told(problems, "until", "截止日期请按“2018-12-31”的格式填写；长期有效请留空。"),
        },
    };
    let found = people::find_organisation(acting, &typed.organisation, "organisation", problems).await?;
    let Some((organisation, kind)) = found else { return Ok(None) };
    let role = typed.role.parse::<Role>().ok().filter(|role| *role != Role::Public);
    let Some(role) = role else { return told(problems, "role", "请选择一个身份。") };
    if let Some(says) = not_at_home(role, &kind) {
        return told(problems, "organisation", &says);
    }
    let new = Held { role, organisation };
    let held = store::held(acting.store().read(), person, "", today).await?;
    match grant_refusal(&held, &new) {
        Some(refusal) => {
            not_requested(acting, person, role, &refusal).await?;
            told(problems, "role", &format!("{}{}", refusal.says, refusal.remedy))
        }
        None => Ok(Some((new, until))),
    }
}

/// A request that the separation of duties forbids leaves its trace too.
async fn not_requested(acting: &Acting, person: PersonId, role: Role, refusal: &Refusal) -> Result<()> {
    let act = acting.act("").await?;
    let event = Event::new("grant.request_denied", "person", person).note("role", role).reason(&refusal.says);
    act.commit(event).await?;
    Ok(())
}

fn told<T>(problems: &mut Vec<Problem>, field: &str, says: &str) -> Result<Option<T>> {
    problems.push(Problem::new(field, "refused", says));
    Ok(None)
}

pub(super) async fn finish(mut act: Act, event: Event, to: &str) -> Result<Response> {
    act.lands_on(to);
    act.commit(event).await?;
    Ok(Redirect::to(to).into_response())
}

/// Whose grant it is, and what he is to hold.
pub(super) fn subject(row: &GrantRow) -> Result<(PersonId, Held)> {
    let role: Role = row.role.parse().map_err(Error::Internal)?;
    let organisation: OrganisationId = row.organisation_id.parse().map_err(Error::Internal)?;
    Ok((row.person_id.parse().map_err(Error::Internal)?, Held { role, organisation }))
}

/// Ends a grant at once, and every session in it.
pub async fn end(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = store::grant(acting.store().read(), parse(&id)?).await?;
    let (person, held) = subject(&row)?;
    let reason = fields.take("reason");
    fields.nothing_else()?;
    let mut act = acting.act(&fields.key).await?;
    if row.approved_ms.is_some() {
        keep_one(&mut act, held.role, person).await?;
    }
    store::end_grant(&mut act, &row).await?;
    store::end_sessions_in(&mut act, &row.id).await?;
    let event = Event::new("grant.ended", "grant", &row.id).note("role", held.role).reason(reason);
    finish(act, event, &format!("/people/{person}")).await
}

/// Each of the three administrators must remain somebody's role. Acts that take one away follow one
/// another, so that two cannot each count on the other's.
pub(super) async fn keep_one(act: &mut Act, role: Role, but: PersonId) -> Result<()> {
    if !role.is_administrator() {
        return Ok(());
    }
    store::hold_administration(act).await?;
    let today = act.today();
    let others = store::others_in_role(act.read(), role.code(), &but.to_string(), today).await?;
    if others > 0 {
        return Ok(());
    }
    let says = format!("这是唯一的{}", role.words());
    Err(Refusal::by_conduct("last_administrator", says, "请先为另一人授予这一身份，再办理。").into())
}
