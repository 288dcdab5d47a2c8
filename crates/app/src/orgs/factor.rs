//! The second factor: a code from an app on one's telephone, single use; recovery codes for the day
//! the telephone is lost.

use super::carry::Onward;
use super::lockout;
use super::session::{self, Holder};
use super::store::{self, FactorRow};
use super::{asked, limits, steps};
use crate::web::{Fields, Visit, page, page_with};
use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use domain::id::PersonId;
use domain::problem::Problem;
use kit::page::{ErrorSummary, Field, Frame};
use kit::record::Event;
use kit::secret::{self, token_hash};
use kit::{Error, Result};

/// Asks for a code.
#[derive(Template)]
#[template(path = "orgs/factor.html")]
struct FactorPage {
    page: Frame,
    onward: Onward,
    problems: Vec<Problem>,
    /// What the code is asked for: to sign in, or before a weighty act.
    lead: String,
}

/// Shows the secret to an app, once.
#[derive(Template)]
#[template(path = "orgs/enrol.html")]
struct EnrolPage {
    page: Frame,
    onward: Onward,
    problems: Vec<Problem>,
    secret: String,
}

/// Shows the recovery codes, once.
#[derive(Template)]
#[template(path = "orgs/recovery.html")]
struct RecoveryPage {
    page: Frame,
    onward: Onward,
    codes: Vec<String>,
}

const ISSUER: &str = "镇兴";
/// Letters and digits of one recovery code.
const RECOVERY_LETTERS: usize = 10;
const TO_SIGN_IN: &str = "您的身份需要二次验证，请打开手机上的动态口令应用，输入当前的6位数字。";

/// The page that asks for a code, or that enrols a person who has none.
pub(super) async fn show(visit: &Visit, holder: &Holder, onward: Onward) -> Result<Response> {
    ask(visit, holder, onward, Vec::new(), TO_SIGN_IN).await
}

/// The same before a weighty act, with the form that asked for it.
pub(super) async fn show_again(visit: &Visit, headers: &HeaderMap, onward: Onward) -> Result<Response> {
    let holder = session::holder(&visit.app, headers).await?.ok_or(Error::Unauthenticated)?;
    let role = holder.delegation.clone().or_else(|| holder.grant.clone()).unwrap_or_default();
    let onward = Onward { role, ..onward };
    if onward.lost_files {
        let says = "这项操作需要二次验证，上传的文件未能保留；验证后会回到原页面，请重新选择文件提交。";
        return ask(visit, &holder, onward, vec![Problem::new("code", "files", says)], TO_SIGN_IN).await;
    }
    let minutes = limits::count(&visit.app, "security.step_up_minutes")?;
    let lead = format!("这项操作需要{minutes}分钟内的二次验证，请输入当前的6位动态口令；填写的内容已保留。");
    let response = ask(visit, &holder, onward, Vec::new(), &lead).await?;
    Ok((StatusCode::FORBIDDEN, response).into_response())
}

async fn ask(
    visit: &Visit,
    holder: &Holder,
    onward: Onward,
    problems: Vec<Problem>,
    lead: &str,
) -> Result<Response> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut frame = visit.frame("二次验证");
    frame.error = !problems.is_empty();
    if is_enrolled(visit, holder.person).await? {
        return page_with(status, &FactorPage { page: frame, onward, problems, lead: lead.to_owned() });
    }
    frame.title = "启用二次验证".to_owned();
    let secret = proposed_secret(&holder.token);
    page_with(status, &EnrolPage { page: frame, onward, problems, secret })
}

pub async fn show_page(visit: Visit, headers: HeaderMap) -> Result<Response> {
    let onward = Onward { role: asked(&visit, "role"), ..Onward::to(&asked(&visit, "to")) };
    match session::holder(&visit.app, &headers).await? {
        Some(holder) => show(&visit, &holder, onward).await,
        None => Ok(Redirect::to(&format!("/sign-in?{}", onward.query())).into_response()),
    }
}

/// A code was given: to finish the sign-in, to go on with an act, or to enrol.
pub async fn give(visit: Visit, headers: HeaderMap, mut fields: Fields) -> Result<Response> {
    let holder = session::holder(&visit.app, &headers).await?.ok_or(Error::Unauthenticated)?;
    let code: String = fields.take("code").chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    let onward = Onward::take(&mut fields);
    let attempt = match lockout::admit(&visit, &holder.login).await? {
        Ok(attempt) => attempt,
        Err(problem) => return wrong(&visit, &holder, onward, problem.says).await,
    };
    let row = store::factor(visit.store().read(), holder.person).await?;
    let given = match &row.totp_secret {
        Some(secret) => accept(&visit, &holder, &row, secret, &code).await?,
        None => enrol(&visit, &holder, &code).await?,
    };
    let Some(codes) = given else {
        attempt.failed(&visit, Some(holder.person)).await?;
        let says = "动态口令不正确或已用过，请输入应用中最新的6位数字，并核对手机时间。".to_owned();
        return wrong(&visit, &holder, onward, says).await;
    };
    attempt.succeeded(&visit.app).await?;
    go_on(&visit, holder, onward, codes).await
}

async fn wrong(visit: &Visit, holder: &Holder, onward: Onward, says: String) -> Result<Response> {
    ask(visit, holder, onward, vec![Problem::new("code", "no_match", says)], TO_SIGN_IN).await
}

/// A new token with the factor's time; recovery codes of a fresh enrolment are shown before going on.
async fn go_on(visit: &Visit, mut holder: Holder, onward: Onward, codes: Vec<String>) -> Result<Response> {
    let now = visit.store().now_ms();
    let token = session::renew(&visit.app, &holder, None, Some(now)).await?;
    holder.token = token.secret;
    holder.factor_ms = Some(now);
    if !codes.is_empty() {
        let response = page(&RecoveryPage { page: visit.frame("保存恢复码"), onward, codes })?;
        return Ok(steps::with_cookie(visit, &holder.token, response));
    }
    let in_role = holder.delegation.as_ref().or(holder.grant.as_ref());
    if in_role.is_some_and(|role| onward.role.is_empty() || *role == onward.role) {
        return Ok(steps::with_cookie(visit, &holder.token, steps::arrive(visit, &onward)?));
    }
    steps::go_on(visit, holder, &onward).await
}

/// After the recovery codes were written down.
pub async fn codes_saved(visit: Visit, headers: HeaderMap, mut fields: Fields) -> Result<Response> {
    let holder = session::holder(&visit.app, &headers).await?.ok_or(Error::Unauthenticated)?;
    let onward = Onward::take(&mut fields);
    steps::go_on(&visit, holder, &onward).await
}

/// The picture an app reads. It belongs to this session alone and is never kept.
pub async fn picture(visit: Visit, headers: HeaderMap) -> Result<Response> {
    let holder = session::holder(&visit.app, &headers).await?.ok_or(Error::NotFound)?;
    if is_enrolled(&visit, holder.person).await? {
        return Err(Error::NotFound);
    }
    let (_, drawing) = secret::totp_picture(&proposed_secret(&holder.token), &holder.login, ISSUER)?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], drawing).into_response())
}

/// The secret proposed to a session: made from its token, so nothing is kept before the person has
/// shown that his app has it, and nobody but the token's bearer can make it.
fn proposed_secret(token: &str) -> String {
    let hash = HEXLOWER.decode(token_hash(&format!("totp {token}")).as_bytes()).expect("a hash is hex");
    BASE32_NOPAD.encode(&hash[..20])
}

pub(super) async fn is_enrolled(visit: &Visit, person: PersonId) -> Result<bool> {
    Ok(store::factor(visit.store().read(), person).await?.totp_secret.is_some())
}

/// A code of this half minute that was not used before, or one of the recovery codes, used up.
async fn accept(
    visit: &Visit,
    holder: &Holder,
    row: &FactorRow,
    secret: &str,
    code: &str,
) -> Result<Option<Vec<String>>> {
    if let Some(step) = secret::totp_step(secret, code, visit.store().now_ms())
        && row.totp_step.is_none_or(|last| step > last)
    {
        let mut act = visit.store().act(&steps::who(visit, holder)).await?;
        if !store::use_step(&mut act, holder.person, step).await? {
            return Ok(None);
        }
        act.commit(Event::new("factor.given", "person", holder.person)).await?;
        return Ok(Some(Vec::new()));
    }
    let kept = row.recovery_hashes.clone().unwrap_or_default();
    let used = token_hash(&code.to_lowercase());
    if code.len() != RECOVERY_LETTERS || !kept.lines().any(|hash| hash == used) {
        return Ok(None);
    }
    let rest: Vec<&str> = kept.lines().filter(|hash| *hash != used).collect();
    let mut act = visit.store().act(&steps::who(visit, holder)).await?;
    if !store::use_recovery(&mut act, holder.person, &kept, &rest.join("\n")).await? {
        return Ok(None);
    }
    let event = Event::new("factor.recovery_used", "person", holder.person).note("left", rest.len());
    act.commit(event).await?;
    Ok(Some(Vec::new()))
}

/// The app showed that it has the proposed secret: keep it, with fresh recovery codes.
async fn enrol(visit: &Visit, holder: &Holder, code: &str) -> Result<Option<Vec<String>>> {
    let proposed = proposed_secret(&holder.token);
    let Some(step) = secret::totp_step(&proposed, code, visit.store().now_ms()) else { return Ok(None) };
    let codes: Vec<String> =
        (0..limits::count(&visit.app, "security.recovery_codes")?).map(|_| recovery_code()).collect();
    let hashes: Vec<String> = codes.iter().map(|code| token_hash(code)).collect();
    let mut act = visit.store().act(&steps::who(visit, holder)).await?;
    store::save_factor(&mut act, holder.person, (&proposed, step), &hashes.join("\n")).await?;
    act.commit(Event::new("factor.enrolled", "person", holder.person)).await?;
    Ok(Some(codes))
}

fn recovery_code() -> String {
    secret::totp_secret()[..RECOVERY_LETTERS].to_lowercase()
}
