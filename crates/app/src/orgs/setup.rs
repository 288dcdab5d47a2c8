//! Set-up links: shown once to whoever hands them over, used once by their owner, gone in three days.

use super::carry::Onward;
use super::password::{self, PasswordPage};
use super::sign_in;
use super::store::{self, LinkRow};
use crate::web::{Fields, Visit, clock_words};
use axum::extract::Path;
use axum::response::Response;
use domain::id::PersonId;
use domain::problem::Refusal;
use kit::record::{Act, Event, Hand, Who};
use kit::secret::{self, token_hash};
use kit::{Error, Result};
use serde_json::Value;

/// Who holds the machine, where nobody has a name.
const CONSOLE: &str = "控制台";

/// Makes a person's link within an act and gives its path. An earlier link stops working.
pub async fn issue(act: &mut Act, person: PersonId, until_ms: i64) -> Result<String> {
    let token = secret::token();
    store::save_link(act, person, &token.hash, until_ms).await?;
    Ok(format!("/set-up/{}", token.secret))
}

/// Whose link it is, and who issued it, while it holds.
async fn holding(visit: &Visit, token: &str) -> Result<(PersonId, LinkRow)> {
    let spent = "请联系系统管理员重新取得链接；已设置口令的，请直接登录。\
                 您从未用过而链接已失效的，可能被他人使用，请立即告诉安全管理员。";
    let found = store::link(visit.store().read(), &token_hash(token), visit.store().now_ms()).await?;
    let row = found.ok_or_else(|| Refusal::by_conduct("set_up_link", "开通链接已使用或已过期", spent))?;
    Ok((row.person_id.parse().map_err(Error::Internal)?, row))
}

async fn form(visit: &Visit, token: &str, person: PersonId, link: LinkRow) -> Result<PasswordPage> {
    let issuer = link.issuer.unwrap_or_else(|| CONSOLE.to_owned());
    Ok(PasswordPage {
        page: visit.frame("设置口令，启用账号"),
        lead: format!(
            "此链接由{issuer}发放，只能用一次。口令由您本人设置，任何人（包括管理员）都看不到。设置后直接进入系统。"
        ),
        action: format!("/set-up/{token}"),
        asks_current: false,
        rules: password::rules(visit, person).await?,
        login: link.login,
        onward: Onward::default(),
        problems: Vec::new(),
    })
}

pub async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response> {
    let (person, link) = holding(&visit, &token).await?;
    form(&visit, &token, person, link).await?.show()
}

/// The owner chose his password: the link is spent, older sessions end, and he goes on to his account,
/// which says when, from where and by whose link it was set up.
pub async fn set_up(visit: Visit, Path(token): Path<String>, mut fields: Fields) -> Result<Response> {
    let (person, link) = holding(&visit, &token).await?;
    let mut problems = Vec::new();
    let Some(hash) = password::take_new(&visit, person, &mut fields, &mut problems).await? else {
        return form(&visit, &token, person, link).await?.show_problems(problems);
    };
    let who = Who { person: Hand::Person(person), ..visit.who() };
    let mut act = visit.store().act(&who).await?;
    if !store::use_link(&mut act, person, &token_hash(&token)).await? {
        return Err(Error::Conflict);
    }
    password::save(&visit, &mut act, person, &hash).await?;
    store::end_sessions(&mut act, person).await?;
    store::forgive_failures(&mut act, &link.login).await?;
    let issued_by = link.issued_by.unwrap_or_else(|| Hand::Console.text());
    act.commit(Event::new("account.set_up", "person", person).note("issued_by", issued_by)).await?;
    sign_in::begin(&visit, person, &Onward::to("/account")).await
}

/// When the account was last set up, from where and by whose link; none where it never was.
pub(super) async fn words(visit: &Visit, person: PersonId) -> Result<Option<String>> {
    let Some((at_ms, body)) = store::newest_set_up(visit.store().read(), person).await? else {
        return Ok(None);
    };
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let issuer = match body["notes"]["issued_by"].as_str() {
        Some(by) => {
            store::name_of_login(visit.store().read(), by).await?.unwrap_or_else(|| CONSOLE.to_owned())
        }
        None => "未知".to_owned(),
    };
    let from = body["from"].as_str().unwrap_or("未知");
    Ok(Some(format!("{}，从地址{from}；链接由{issuer}发放", clock_words(at_ms))))
}
