//! Choosing a password: by a set-up link, when the old one has expired, or at will. Nobody else ever
//! sees it; the last few are remembered by their hashes.

use super::carry::Onward;
use super::choice::{choices, needs_factor};
use super::session::{self, Holder};
use super::store::{self, PasswordRow};
use super::{asked, limits, lockout, steps};
use crate::web::{Fields, Visit, page, page_with_problems};
use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::{self, password_expired, password_problems};
use domain::day::Day;
use domain::id::PersonId;
use domain::problem::Problem;
use domain::role::Role;
use kit::page::{ErrorSummary, Field, Frame};
use kit::record::Act;
use kit::secret::{hash_password, password_matches, token_hash};
use kit::{Error, Result};

/// A new password, typed twice.
#[derive(Template)]
#[template(path = "orgs/password.html")]
pub(super) struct PasswordPage {
    pub page: Frame,
    pub lead: String,
    pub action: String,
    /// The one in force is asked for too.
    pub asks_current: bool,
    pub login: String,
    pub rules: Vec<String>,
    pub onward: Onward,
    pub problems: Vec<Problem>,
}

impl PasswordPage {
    pub(super) fn show(self) -> Result<Response> {
        page(&self)
    }

    pub(super) fn show_problems(mut self, problems: Vec<Problem>) -> Result<Response> {
        self.page.error = true;
        self.problems = problems;
        page_with_problems(&self)
    }
}

/// The rules, for whoever chooses a password.
pub(super) async fn rules(visit: &Visit, person: PersonId) -> Result<Vec<String>> {
    let holder = holder_of(visit, person, &store::password(visit.store().read(), person).await?).await?;
    let length = if holder.second_factor {
        "security.password_chars_min"
    } else {
        "security.password_chars_min_alone"
    };
    let days = if holder.administrator {
        "security.password_days_administrator"
    } else {
        "security.password_days_staff"
    };
    let value = |id| limits::count(&visit.app, id);
    Ok(vec![
        format!("至少{}个字符，可用空格和汉字。", value(length)?),
        format!("大写字母、小写字母、数字、其他字符中至少用{}类。", value("security.password_classes_min")?),
        "不含用户名、姓名、单位名称、年份和常见词。".to_owned(),
        format!(
            "不与最近{}次用过的口令相同，每{}天更换一次。",
            value("security.password_history")?,
            value(days)?
        ),
    ])
}

/// A new password taken from a form, hashed, or everything that is wrong with it.
pub(super) async fn take_new(
    visit: &Visit,
    person: PersonId,
    fields: &mut Fields,
    problems: &mut Vec<Problem>,
) -> Result<Option<String>> {
    let password = fields.need("password", "新口令", problems);
    let repeat = fields.take("repeat");
    if password.is_empty() {
        return Ok(None);
    }
    if password != repeat {
        problems.push(Problem::new("repeat", "differs", "两次填写的口令不一致，请重新填写。"));
    }
    let row = store::password(visit.store().read(), person).await?;
    let holder = holder_of(visit, person, &row).await?;
    let found =
        password_problems(&password, &holder, visit.pack(), visit.today()).map_err(Error::internal)?;
    problems.extend(found);
    for hash in row.remembered() {
        if problems.is_empty() && password_matches(password.clone(), Some(hash)).await? {
            let says = "新口令与近期用过的口令相同，请换一个。";
            problems.push(Problem::new("password", "used_before", says));
        }
    }
    if problems.is_empty() { Ok(Some(hash_password(password).await?)) } else { Ok(None) }
}

/// What is wrong with the password in force as it was typed; a wrong one counts as a failed sign-in.
pub(super) async fn check_current(visit: &Visit, person: PersonId, typed: String) -> Result<Option<Problem>> {
    let row = store::password(visit.store().read(), person).await?;
    let attempt = match lockout::admit(visit, &row.login).await? {
        Ok(attempt) => attempt,
        Err(problem) => return Ok(Some(Problem::new("current", "wait", problem.says))),
    };
    if password_matches(typed, row.password_hash).await? {
        attempt.passed(&visit.app).await?;
        return Ok(None);
    }
    attempt.failed(visit, Some(person)).await?;
    Ok(Some(Problem::new("current", "no_match", "现口令不正确，请重新填写。")))
}

/// Writes a new password's hash; the one before joins those remembered. A set-up link is used up.
pub(super) async fn save(visit: &Visit, act: &mut Act, person: PersonId, hash: &str) -> Result<()> {
    let keep = usize::try_from(limits::count(&visit.app, "security.password_history")?).unwrap_or_default();
    let row = store::password(visit.store().read(), person).await?;
    let former: Vec<String> = row.remembered().into_iter().take(keep).collect();
    store::save_password(act, person, hash, &former.join("\n")).await
}

impl PasswordRow {
    /// Hashes that may not come back, the present one first.
    fn remembered(&self) -> Vec<String> {
        let former = self.former_hashes.iter().flat_map(|hashes| hashes.lines()).map(str::to_owned);
        self.password_hash.iter().cloned().chain(former).collect()
    }
}

async fn holder_of(visit: &Visit, person: PersonId, row: &PasswordRow) -> Result<account::Holder> {
    let choices = choices(&visit.app, person).await?;
    let mut words = vec![row.login.clone(), row.name.clone()];
    words.extend(choices.iter().map(|choice| choice.organisation_name.clone()));
    Ok(account::Holder {
        words,
        second_factor: row.totp_secret.is_some() || choices.iter().any(|choice| needs_factor(choice.role)),
        administrator: choices.iter().any(|choice| choice.role.is_administrator()),
    })
}

/// Whether the password must be changed before the person goes on in this role.
pub(super) async fn has_expired(visit: &Visit, person: PersonId, role: Role) -> Result<bool> {
    let Some(day) = store::password(visit.store().read(), person).await?.password_day else {
        return Ok(false);
    };
    let day: Day = day.parse().map_err(Error::Internal)?;
    password_expired(day, role.is_administrator(), visit.pack(), visit.today()).map_err(Error::internal)
}

/// The page that renews an expired password on the way in.
pub(super) async fn renewal(visit: &Visit, holder: &Holder, onward: Onward) -> Result<PasswordPage> {
    Ok(PasswordPage {
        page: visit.frame("更换口令"),
        lead: "口令已到期，请设置新口令后继续。".to_owned(),
        action: "/session/password".to_owned(),
        asks_current: false,
        login: holder.login.clone(),
        rules: rules(visit, holder.person).await?,
        onward,
        problems: Vec::new(),
    })
}

pub async fn show_renewal(visit: Visit, headers: HeaderMap) -> Result<Response> {
    let onward = Onward { role: asked(&visit, "role"), ..Onward::to(&asked(&visit, "to")) };
    match session::holder(&visit.app, &headers).await? {
        Some(holder) => renewal(&visit, &holder, onward).await?.show(),
        None => Ok(Redirect::to(&format!("/sign-in?{}", onward.query())).into_response()),
    }
}

/// Only on the way in: in a role, the account page asks for the present password first.
pub async fn renew(visit: Visit, headers: HeaderMap, mut fields: Fields) -> Result<Response> {
    let holder = session::holder(&visit.app, &headers).await?.ok_or(Error::Unauthenticated)?;
    let mut problems = Vec::new();
    let hash = match holder.grant {
        None => take_new(&visit, holder.person, &mut fields, &mut problems).await?,
        Some(_) => return Ok(Redirect::to("/account/password").into_response()),
    };
    let onward = Onward::take(&mut fields);
    let Some(hash) = hash else {
        return renewal(&visit, &holder, onward).await?.show_problems(problems);
    };
    let mut act = visit.store().act(&steps::who(&visit, &holder)).await?;
    save(&visit, &mut act, holder.person, &hash).await?;
    store::end_other_sessions(&mut act, holder.person, &token_hash(&holder.token)).await?;
    act.commit(kit::record::Event::new("password.changed", "person", holder.person)).await?;
    steps::go_on(&visit, holder, &onward).await
}
