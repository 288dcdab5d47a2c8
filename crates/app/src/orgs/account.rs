//! One's own account: where one is signed in, the password, the size of letters.

use super::carry::same_site;
use super::password::{self, PasswordPage};
use super::{factor, session, setup, store};
use crate::web::{Acting, Fields, Visit, clock_words, page};
use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use kit::Result;
use kit::page::{Frame, Pairs};
use kit::record::Event;

#[derive(Template)]
#[template(path = "orgs/account.html")]
struct AccountPage {
    page: Frame,
    facts: Pairs,
    sessions: Vec<SessionLine>,
}

struct SessionLine {
    short: String,
    started: String,
    seen: String,
    address: String,
    is_this: bool,
}

pub async fn show(acting: Acting) -> Result<Response> {
    let person = store::person(acting.store().read(), acting.actor.person).await?;
    let enrolled = factor::is_enrolled(&acting, acting.actor.person).await?;
    let facts = Pairs::new()
        .and("姓名", acting.actor.person_name.clone())
        .and("用户名", person.login)
        .and("电话", person.phone)
        .and("当前身份", format!("{} · {}", acting.actor.organisation_name, acting.actor.role.words()));
    let facts = match setup::words(&acting, acting.actor.person).await? {
        Some(words) => facts.and("启用账号", words),
        None => facts,
    };
    let role = acting.actor.delegation.map_or_else(|| acting.actor.grant.to_string(), |id| id.to_string());
    let facts = match enrolled {
        true => facts.and("二次验证", "已启用"),
        false => facts.and_change("二次验证", "未启用", format!("/session/factor?to=/account&role={role}")),
    };
    page(&AccountPage { page: acting.frame("我的账号"), facts, sessions: sessions(&acting).await? })
}

async fn sessions(acting: &Acting) -> Result<Vec<SessionLine>> {
    let rows = store::sessions_of(acting.store().read(), acting.actor.person).await?;
    let lines = rows.into_iter().map(|(hash, started_ms, seen_ms, address)| {
        let short = hash[..16].to_owned();
        SessionLine {
            is_this: short == acting.actor.session,
            short,
            started: clock_words(started_ms),
            seen: clock_words(seen_ms),
            address: address.unwrap_or_else(|| "未知".to_owned()),
        }
    });
    Ok(lines.collect())
}

/// Ends one of one's own sessions.
pub async fn end_session(acting: Acting, mut fields: Fields) -> Result<Response> {
    let short = fields.take("session");
    store::delete_own_session(acting.store(), acting.actor.person, &short).await?;
    Ok(Redirect::to("/account").into_response())
}

pub async fn show_password(acting: Acting) -> Result<Response> {
    password_page(&acting).await?.show()
}

async fn password_page(acting: &Acting) -> Result<PasswordPage> {
    let login = store::person(acting.store().read(), acting.actor.person).await?.login;
    Ok(PasswordPage {
        page: acting.frame_under(&[("我的账号", "/account")], "更换口令"),
        lead: "更换后，您在其他设备上的登录会全部退出。".to_owned(),
        action: "/account/password".to_owned(),
        asks_current: true,
        login,
        rules: password::rules(acting, acting.actor.person).await?,
        onward: Default::default(),
        problems: Vec::new(),
    })
}

pub async fn change_password(acting: Acting, mut fields: Fields) -> Result<Response> {
    let person = acting.actor.person;
    let mut problems = Vec::new();
    let current = fields.need("current", "现口令", &mut problems);
    if problems.is_empty() {
        problems.extend(password::check_current(&acting, person, current).await?);
    }
    let Some(hash) = password::take_new(&acting, person, &mut fields, &mut problems).await? else {
        return password_page(&acting).await?.show_problems(problems);
    };
    let mut act = acting.act(&fields.key).await?;
    password::save(&acting, &mut act, person, &hash).await?;
    store::end_sessions(&mut act, person).await?;
    act.lands_on("/account?done=password.changed");
    act.commit(Event::new("password.changed", "person", person)).await?;
    let token = session::revive(&acting).await?;
    let cookie = session::cookie(&acting.app, Some(&token.secret));
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/account?done=password.changed")).into_response())
}

/// The size of letters: kept for a person, in a cookie for a visitor.
pub async fn text_size(visit: Visit, mut fields: Fields) -> Result<Response> {
    let size: i64 = fields.take("size").parse().ok().filter(|size| [14, 16, 18].contains(size)).unwrap_or(14);
    let back = same_site(&fields.take("back"));
    let back = Redirect::to(if back.is_empty() { "/" } else { &back });
    let Some(actor) = &visit.actor else {
        let cookie = format!("size={size}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
        return Ok(([(header::SET_COOKIE, cookie)], back).into_response());
    };
    store::save_text_size(visit.store(), actor.person, size).await?;
    Ok(back.into_response())
}
