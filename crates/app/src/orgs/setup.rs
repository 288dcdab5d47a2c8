//! Set-up links: shown once to whoever hands them over, used once by their owner, gone in three days.

use super::carry::Onward;
use super::password::{self, PasswordPage};
use super::{sign_in, store};
use crate::web::{Fields, Visit};
use axum::extract::Path;
use axum::response::Response;
use domain::id::PersonId;
use domain::problem::Refusal;
use kit::record::{Act, Event, Hand, Who};
use kit::secret::{self, token_hash};
use kit::{Error, Result};

/// Makes a person's link within an act and gives its path. An earlier link stops working.
pub async fn issue(act: &mut Act, person: PersonId, until_ms: i64) -> Result<String> {
    let token = secret::token();
    store::save_link(act, person, &token.hash, until_ms).await?;
    Ok(format!("/set-up/{}", token.secret))
}

/// Whose link it is, while it holds.
async fn owner(visit: &Visit, token: &str) -> Result<(PersonId, String)> {
    let spent = "请联系系统管理员重新取得链接；已设置口令的，请直接登录。";
    store::link_owner(visit.store().read(), &token_hash(token), visit.store().now_ms())
        .await?
        .ok_or_else(|| Refusal::by_conduct("set_up_link", "开通链接已使用或已过期", spent).into())
}

async fn form(visit: &Visit, token: &str, person: PersonId, login: String) -> Result<PasswordPage> {
    Ok(PasswordPage {
        page: visit.frame("设置口令，启用账号"),
        lead: "口令由您本人设置，任何人（包括管理员）都看不到。设置后直接进入系统。",
        action: format!("/set-up/{token}"),
        asks_current: false,
        rules: password::rules(visit, person).await?,
        login,
        onward: Onward::default(),
        problems: Vec::new(),
    })
}

pub async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response> {
    let (person, login) = owner(&visit, &token).await?;
    form(&visit, &token, person, login).await?.show()
}

/// The owner chose his password: the link is spent, older sessions end, and he goes on to his role.
pub async fn set_up(visit: Visit, Path(token): Path<String>, mut fields: Fields) -> Result<Response> {
    let (person, login) = owner(&visit, &token).await?;
    let mut problems = Vec::new();
    let Some(hash) = password::take_new(&visit, person, &mut fields, &mut problems).await? else {
        return form(&visit, &token, person, login).await?.show_problems(problems);
    };
    let who = Who { person: Hand::Person(person), ..visit.who() };
    let mut act = visit.store().act(&who).await?;
    if !store::use_link(&mut act, person, &token_hash(&token)).await? {
        return Err(Error::Conflict);
    }
    password::save(&visit, &mut act, person, &hash).await?;
    store::end_sessions(&mut act, person).await?;
    store::forgive_failures(&mut act, &login).await?;
    act.commit(Event::new("account.set_up", "person", person)).await?;
    sign_in::begin(&visit, person, &Onward::default()).await
}
