//! Sign-in and sign-out.

use super::cards::{self, Group};
use super::carry::Onward;
use super::store;
use super::{asked, factor, lockout, session, steps};
use crate::web::{Fields, Visit, page, page_with, page_with_problems};
use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{GrantId, PersonId};
use domain::problem::Problem;
use kit::page::{ErrorSummary, Field, Frame, Notice, Tone};
use kit::secret::password_matches;
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "orgs/sign_in.html")]
struct SignInPage {
    page: Frame,
    onward: Onward,
    login: String,
    problems: Vec<Problem>,
    /// Why the visitor is here again with his form.
    expired: Option<Notice>,
    groups: Vec<Group>,
}

impl SignInPage {
    fn new(visit: &Visit, onward: Onward) -> SignInPage {
        let page = visit.frame("登录");
        SignInPage {
            page,
            onward,
            login: String::new(),
            problems: Vec::new(),
            expired: None,
            groups: Vec::new(),
        }
    }
}

/// The form; somebody half-way in goes on where he stopped.
pub async fn show(visit: Visit, headers: HeaderMap) -> Result<Response> {
    let onward = Onward::to(&asked(&visit, "to"));
    if let Some(holder) = session::holder(&visit.app, &headers).await?
        && holder.grant.is_none()
    {
        return Ok(Redirect::to(&format!("/session/role?{}", onward.query())).into_response());
    }
    let groups = cards::groups(&visit.app).await?;
    page(&SignInPage { groups, ..SignInPage::new(&visit, onward) })
}

/// The form for somebody whose session ended while he was typing.
pub(super) async fn show_expired(visit: &Visit, onward: Onward) -> Result<Response> {
    let notice = if onward.lost_files {
        Notice::new(
            Tone::Watch,
            "登录已超时，上传的文件未能保留",
            "请登录，之后会回到原页面，请重新选择文件提交。",
        )
    } else {
        Notice::new(
            Tone::Watch,
            "登录已超时，填写的内容已保留",
            "请重新登录，登录后点“继续提交”即可，无须重填。",
        )
    };
    let groups = cards::groups(&visit.app).await?;
    let template = SignInPage { expired: Some(notice), groups, ..SignInPage::new(visit, onward) };
    page_with(StatusCode::UNAUTHORIZED, &template)
}

pub async fn sign_in(visit: Visit, mut fields: Fields) -> Result<Response> {
    let mut problems = Vec::new();
    let login = fields.need("login", "用户名", &mut problems).to_lowercase();
    let password = fields.need("password", "口令", &mut problems);
    let onward = Onward::take(&mut fields);
    if problems.is_empty() {
        match check(&visit, &login, password).await? {
            Ok(person) => return begin(&visit, person, &onward).await,
            Err(problem) => problems.push(problem),
        }
    }
    let groups = cards::groups(&visit.app).await?;
    let mut template = SignInPage { login, problems, groups, ..SignInPage::new(&visit, onward) };
    template.page.error = true;
    page_with_problems(&template)
}

/// The person behind a login and password. One message and the same work for whoever does not exist.
async fn check(
    visit: &Visit,
    login: &str,
    password: String,
) -> Result<std::result::Result<PersonId, Problem>> {
    let attempt = match lockout::admit(visit, login).await? {
        Ok(attempt) => attempt,
        Err(problem) => return Ok(Err(problem)),
    };
    let found = store::hash_of_login(visit.store().read(), login).await?;
    let (person, hash) = found.map_or((None, None), |(person, hash)| (Some(person), hash));
    let matches = password_matches(password, hash).await?;
    match person.filter(|_| matches) {
        Some(person) => {
            match factor::is_enrolled(visit, person).await? {
                true => attempt.passed(&visit.app).await?,
                false => attempt.succeeded(&visit.app).await?,
            }
            Ok(Ok(person))
        }
        None => {
            attempt.failed(visit, person).await?;
            Ok(Err(Problem::new("login", "no_match", "用户名或口令不正确，请核对后重新输入。")))
        }
    }
}

/// Half a session for a person who is known, and the next step towards a whole one.
pub(super) async fn begin(visit: &Visit, person: PersonId, onward: &Onward) -> Result<Response> {
    let token = session::start(&visit.app, person, visit.from.clone()).await?;
    let holder = session::of_token(&visit.app, &token.secret).await?.ok_or(Error::Unauthenticated)?;
    steps::go_on(visit, holder, onward).await
}

/// A card of the demo: the person behind it, in its role.
pub async fn demo_sign_in(visit: Visit, mut fields: Fields) -> Result<Response> {
    if !visit.app.settings().demo {
        return Err(Error::NotFound);
    }
    let grant: GrantId = fields.take("card").parse().map_err(|_| Error::NotFound)?;
    let onward = Onward { role: grant.to_string(), ..Onward::take(&mut fields) };
    let person = store::person_of_grant(visit.store().read(), grant).await?;
    begin(&visit, person, &onward).await
}

pub async fn sign_out(visit: Visit, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = session::session_token(&visit.app, &headers) {
        session::end(&visit.app, &token).await?;
    }
    let cookie = session::cookie(&visit.app, None);
    let clear = ("clear-site-data", r#""cache", "storage""#.to_owned());
    Ok(([(header::SET_COOKIE.as_str(), cookie), clear], Redirect::to("/sign-in")).into_response())
}
