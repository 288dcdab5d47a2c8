//! Accounts: made, changed, disabled and enabled by the system administrator.

use super::grants::{self, GrantLine};
use super::keyset::Keyset;
use super::store::{self, NewPerson, PersonRow};
use super::{asked, limits, setup};
use crate::web::{Acting, Fields, clock_words, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{OrganisationId, PersonId};
use domain::problem::{Problem, Refusal};
use kit::page::{Choice, Empty, ErrorSummary, Field, Frame, Pager, Pairs, Tag, Tone};
use kit::record::{Act, Event};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "orgs/people.html")]
struct PeoplePage {
    page: Frame,
    sought: String,
    people: Vec<PersonLine>,
    pager: Pager,
    empty: Empty,
    may_create: bool,
}

struct PersonLine {
    id: String,
    name: String,
    login: String,
    employer: String,
    phone: String,
    state: Tag,
}

/// A new account, or one to change.
#[derive(Template)]
#[template(path = "orgs/person_form.html")]
struct PersonForm {
    page: Frame,
    action: String,
    key: String,
    version: String,
    is_new: bool,
    login: String,
    name: String,
    phone: String,
    employer: String,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "orgs/person.html")]
pub(super) struct PersonPage {
    page: Frame,
    id: String,
    key: String,
    state: Tag,
    facts: Pairs,
    grants: Vec<GrantLine>,
    roles: Vec<Choice>,
    may_change: bool,
    may_request: bool,
    may_end: bool,
    is_disabled: bool,
    is_locked: bool,
    needs_link: bool,
    pub(super) typed: grants::Asked,
    pub(super) problems: Vec<Problem>,
}

/// A link to hand over, shown once.
#[derive(Template)]
#[template(path = "orgs/link.html")]
struct LinkPage {
    page: Frame,
    person: String,
    login: String,
    link: String,
    hours: i64,
    back: String,
}

pub async fn list(acting: Acting) -> Result<Response> {
    let keys = Keyset::of(&acting, &["q"]);
    let sought = asked(&acting, "q");
    let rows = store::people(acting.store().read(), &sought, &keys).await?;
    let count = store::count_people(acting.store().read(), &sought).await?;
    let (rows, pager) = keys.turn(rows, count, |row| &row.login);
    let people = rows
        .into_iter()
        .map(|row| PersonLine {
            state: state_of(&row, &acting),
            id: row.id,
            name: row.name,
            login: row.login,
            employer: row.employer.unwrap_or_default(),
            phone: row.phone,
        })
        .collect();
    let empty = Empty::new("没有符合条件的人员。").leading_to("查看全部人员", "/people");
    let may_create = acting.may("person.change");
    page(&PeoplePage { page: acting.frame("人员与身份"), sought, people, pager, empty, may_create })
}

fn state_of(row: &PersonRow, acting: &Acting) -> Tag {
    let now_ms = acting.store().now_ms();
    if row.disabled_ms.is_some() {
        Tag::new(Tone::Quiet, "已停用")
    } else if row.locked_until_ms.is_some_and(|until| until > now_ms) {
        Tag::new(Tone::Watch, "暂停登录")
    } else if row.password_day.is_none() && !acting.app.settings().demo {
        Tag::new(Tone::Waiting, "待启用")
    } else {
        Tag::new(Tone::Done, "正常")
    }
}

pub async fn show_new(acting: Acting) -> Result<Response> {
    let employer = match asked(&acting, "employer").parse::<OrganisationId>() {
        Ok(id) => store::organisation_name(acting.store().read(), id).await?.unwrap_or_default(),
        Err(_) => String::new(),
    };
    page(&new_form(&acting, employer))
}

fn new_form(acting: &Acting, employer: String) -> PersonForm {
    PersonForm {
        page: acting.frame_under(&[("人员与身份", "/people")], "开通账号"),
        action: "/people".to_owned(),
        key: crate::web::fresh_key(),
        version: String::new(),
        is_new: true,
        login: String::new(),
        name: String::new(),
        phone: String::new(),
        employer,
        problems: Vec::new(),
    }
}

pub async fn create(acting: Acting, mut fields: Fields) -> Result<Response> {
    let mut problems = Vec::new();
    let login = fields.need("login", "用户名", &mut problems).to_lowercase();
    let name = fields.need("name", "姓名", &mut problems);
    let phone = fields.need("phone", "电话", &mut problems);
    let employer = fields.need("employer", "工作单位", &mut problems);
    problems.extend(fields.leftover());
    check_login(&acting, &login, &mut problems).await?;
    check_lengths(&name, &phone, &mut problems);
    let employer_id = find_organisation(&acting, &employer, "employer", &mut problems).await?;
    let Some((employer_id, _)) = employer_id.filter(|_| problems.is_empty()) else {
        let mut form = PersonForm { login, name, phone, problems, ..new_form(&acting, employer) };
        form.page.error = true;
        return page_with_problems(&form);
    };
    let person: PersonId = kit::clock::fresh();
    let new = NewPerson { id: person, login: &login, name: &name, phone: &phone, employer: employer_id };
    let link = open(&acting, (&fields.key, &format!("/people/{person}")), &new).await?;
    show_link(&acting, person, name, login, link)
}

/// Opens an account that was checked, under the key of the form that led here. Gives its link.
pub(super) async fn open(acting: &Acting, (key, to): (&str, &str), new: &NewPerson<'_>) -> Result<String> {
    let mut act = acting.act(key).await?;
    store::insert_person(&mut act, new).await?;
    let link = setup::issue(&mut act, new.id, act_until(acting)?).await?;
    act.lands_on(to);
    act.commit(Event::new("person.created", "person", new.id).note("login", new.login)).await?;
    Ok(link)
}

fn act_until(acting: &Acting) -> Result<i64> {
    Ok(acting.store().now_ms() + limits::setup_link_ms(&acting.app)?)
}

/// The page with a link; nobody can see it again.
pub(super) fn show_link(
    acting: &Acting,
    person: PersonId,
    name: String,
    login: String,
    link: String,
) -> Result<Response> {
    page(&LinkPage {
        page: acting.frame_under(&[("人员与身份", "/people")], "开通链接"),
        person: name,
        login,
        link,
        hours: limits::count(&acting.app, "security.setup_link_hours")?,
        back: format!("/people/{person}"),
    })
}

pub(super) async fn check_login(acting: &Acting, login: &str, problems: &mut Vec<Problem>) -> Result<()> {
    let allowed =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
    if !login.is_empty() && (!(3..=32).contains(&login.len()) || !login.chars().all(allowed)) {
        let says = "用户名为3至32个小写字母、数字或“._-”，请修改。";
        problems.push(Problem::new("login", "malformed", says));
    }
    if store::count_logins(acting.store().read(), login).await? > 0 {
        let says = format!("用户名“{login}”已有人使用；用户名不重复使用，请换一个。");
        problems.push(Problem::new("login", "taken", says));
    }
    Ok(())
}

pub(super) fn check_lengths(name: &str, phone: &str, problems: &mut Vec<Problem>) {
    if name.chars().count() > 40 {
        problems.push(Problem::new("name", "too_long", "姓名最多40个字，请缩短。"));
    }
    let is_phone = |letter: char| letter.is_ascii_digit() || "-+ ()（），,、转".contains(letter);
    if !phone.is_empty() && (phone.chars().count() > 40 || !phone.chars().all(is_phone)) {
        problems.push(Problem::new("phone", "malformed", "电话请填数字，如“0791-86200000”，分机用“转”。"));
    }
}

/// An organisation by its whole name, or a problem at the field.
pub(super) async fn find_organisation(
    acting: &Acting,
    name: &str,
    field: &str,
    problems: &mut Vec<Problem>,
) -> Result<Option<(OrganisationId, String)>> {
    let found = store::organisation_named(acting.store().read(), name).await?;
    if found.is_none() && !name.is_empty() {
        let says = format!("没有名为“{name}”的机构，请填写“机构”页中的全称。");
        problems.push(Problem::new(field, "unknown", says));
    }
    Ok(found)
}

pub(super) fn parse<T: std::str::FromStr>(id: &str) -> Result<T> {
    id.parse().map_err(|_| Error::NotFound)
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    page(&person_page(&acting, parse(&id)?).await?)
}

pub(super) async fn person_page(acting: &Acting, id: PersonId) -> Result<PersonPage> {
    let row = store::person(acting.store().read(), id).await?;
    let now_ms = acting.store().now_ms();
    let words = |known: bool| if known { "已启用" } else { "未启用" };
    let mut facts = Pairs::new()
        .and("用户名", row.login.clone())
        .and("工作单位", row.employer.clone().unwrap_or_default())
        .and("电话", row.phone.clone())
        .and("口令", row.password_day.as_ref().map_or("未设置".to_owned(), |day| format!("{day} 设置")))
        .and("二次验证", words(row.totp_step.is_some()));
    let locked_until_ms = row.locked_until_ms.filter(|until| *until > now_ms);
    if let Some(until_ms) = locked_until_ms {
        facts = facts.and("暂停登录至", clock_words(until_ms));
    }
    let grants = store::grants_of(acting.store().read(), id).await?;
    let today = acting.today().to_string();
    Ok(PersonPage {
        page: acting.frame_under(&[("人员与身份", "/people")], &row.name),
        id: row.id.clone(),
        key: crate::web::fresh_key(),
        state: state_of(&row, acting),
        facts,
        grants: grants.into_iter().map(|grant| GrantLine::new(grant, &today)).collect(),
        roles: grants::role_choices(),
        may_change: acting.may("person.change"),
        may_request: acting.may("grant.request"),
        may_end: acting.may("grant.end"),
        is_disabled: row.disabled_ms.is_some(),
        is_locked: locked_until_ms.is_some(),
        needs_link: row.password_day.is_none() && row.disabled_ms.is_none(),
        typed: grants::Asked { organisation: row.employer.unwrap_or_default(), ..Default::default() },
        problems: Vec::new(),
    })
}

pub(super) fn show_problems(mut form: PersonPage) -> Result<Response> {
    form.page.error = true;
    page_with_problems(&form)
}

pub async fn show_edit(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let row = store::person(acting.store().read(), parse(&id)?).await?;
    page(&edit_form(&acting, row))
}

fn edit_form(acting: &Acting, row: PersonRow) -> PersonForm {
    let path = format!("/people/{}", row.id);
    PersonForm {
        page: acting.frame_under(&[("人员与身份", "/people"), (&row.name, &path)], "修改人员信息"),
        action: path,
        version: row.version.to_string(),
        is_new: false,
        login: row.login,
        name: row.name,
        phone: row.phone,
        employer: row.employer.unwrap_or_default(),
        ..new_form(acting, String::new())
    }
}

pub async fn change(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = store::person(acting.store().read(), parse(&id)?).await?;
    let mut problems = Vec::new();
    let name = fields.need("name", "姓名", &mut problems);
    let phone = fields.need("phone", "电话", &mut problems);
    let employer = fields.need("employer", "工作单位", &mut problems);
    let version: Option<i64> = fields.parse("version", "版本", "1", &mut problems);
    problems.extend(fields.leftover());
    check_lengths(&name, &phone, &mut problems);
    let employer_id = find_organisation(&acting, &employer, "employer", &mut problems).await?;
    let (Some((employer_id, _)), Some(version), true) = (employer_id, version, problems.is_empty()) else {
        let mut form = PersonForm { name, phone, employer, problems, ..edit_form(&acting, row) };
        form.page.error = true;
        return page_with_problems(&form);
    };
    let mut act = acting.act(&fields.key).await?;
    store::save_person(&mut act, &row, (&name, &phone), employer_id, version).await?;
    finish(act, Event::new("person.changed", "person", &row.id), &row.id).await
}

async fn finish(mut act: Act, event: Event, id: &str) -> Result<Response> {
    let to = format!("/people/{id}");
    act.lands_on(&to);
    act.commit(event).await?;
    Ok(Redirect::to(&to).into_response())
}

/// Disables an account at once: every session of the person ends.
pub async fn disable(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let person: PersonId = parse(&id)?;
    let mut problems = Vec::new();
    let reason = fields.need("disable_reason", "停用原因", &mut problems);
    problems.extend(fields.leftover());
    if !problems.is_empty() {
        let form = PersonPage { problems, ..person_page(&acting, person).await? };
        return show_problems(form);
    }
    if person == acting.actor.person {
        return Err(Refusal::by_conduct("oneself", "不能停用本人账号", "请由另一位系统管理员办理。").into());
    }
    let mut act = acting.act(&fields.key).await?;
    keep_administrators(&mut act, person).await?;
    store::disable_person(&mut act, person).await?;
    store::end_sessions(&mut act, person).await?;
    finish(act, Event::new("person.disabled", "person", person).reason(reason), &id).await
}

/// Nobody may disable the last of the three administrators.
async fn keep_administrators(act: &mut Act, person: PersonId) -> Result<()> {
    let today = act.today();
    for held in store::held(act.read(), person, "", today).await? {
        grants::keep_one(act, held.role, person).await?;
    }
    Ok(())
}

/// Ends a lock before its time, for somebody who has rung up and is known.
pub async fn unlock(acting: Acting, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    fields.nothing_else()?;
    let person: PersonId = parse(&id)?;
    let row = store::person(acting.store().read(), person).await?;
    let mut act = acting.act(&fields.key).await?;
    store::unlock_person(&mut act, person).await?;
    store::forgive_failures(&mut act, &row.login).await?;
    finish(act, Event::new("account.unlocked", "person", person), &id).await
}

pub async fn enable(acting: Acting, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    fields.nothing_else()?;
    let person: PersonId = parse(&id)?;
    store::person(acting.store().read(), person).await?;
    let mut act = acting.act(&fields.key).await?;
    store::enable_person(&mut act, person).await?;
    finish(act, Event::new("person.enabled", "person", person), &id).await
}

/// A fresh link for an account that was never set up; a lost password takes a reset by two.
pub async fn fresh_link(acting: Acting, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    fields.nothing_else()?;
    let person: PersonId = parse(&id)?;
    let row = store::person(acting.store().read(), person).await?;
    if row.password_day.is_some() || row.disabled_ms.is_some() {
        let remedy = "已启用的账号请用“申请账号重置”，由安全管理员批准后发放链接。";
        return Err(Refusal::by_conduct("set_up", "此账号不能重新发放开通链接", remedy).into());
    }
    let until_ms = act_until(&acting)?;
    let mut act = acting.act(&fields.key).await?;
    let link = setup::issue(&mut act, person, until_ms).await?;
    act.lands_on(format!("/people/{person}"));
    act.commit(Event::new("set_up_link.issued", "person", person)).await?;
    show_link(&acting, person, row.name, row.login, link)
}
