//! Failed sign-ins: a growing wait for an account from one address, then a lock that ends by itself.
//!
//! An unknown account waits and locks just as a known one does, so that nobody learns which exist.

use super::limits;
use crate::app::App;
use crate::web::Visit;
use domain::id::{PersonId, RowId};
use domain::problem::Problem;
use kit::record::Event;
use kit::{Result, args};

/// One try, noted before the password is looked at, so that tries at once cannot slip through.
pub struct Attempt {
    login: String,
    tries: i64,
}

/// Admits a try, or says how long to wait.
pub async fn admit(visit: &Visit, login: &str) -> Result<std::result::Result<Attempt, Problem>> {
    let app = &visit.app;
    let (now, since) = (app.store().now_ms(), since(app)?);
    let from = visit.from.clone().unwrap_or_default();
    let earlier = tries(app, login, since).await?;
    if earlier >= limits::lock_after(app)? {
        return Ok(Err(locked(app, login, now).await?));
    }
    let (here, last_ms): (i64, i64) = app
        .store()
        .read()
        .one(
            "SELECT COUNT(*), COALESCE(MAX(at_ms), 0) FROM failed_sign_in \
             WHERE login = $1 AND from_address = $2 AND at_ms > $3",
            args![login, &from, since],
        )
        .await?;
    let until = if here == 0 { 0 } else { last_ms + limits::delay_ms(app, here)? };
    if now < until {
        let seconds = (until - now + 999) / 1000;
        let says = format!("刚才的用户名或口令不正确，请等待{seconds}秒后再试。");
        return Ok(Err(Problem::new("login", "wait", says)));
    }
    app.store()
        .scratch(
            "INSERT INTO failed_sign_in (id, login, from_address, at_ms) VALUES ($1, $2, $3, $4)",
            args![kit::clock::fresh::<RowId>(), login, &from, now],
        )
        .await?;
    let tries = tries(app, login, since).await?;
    if tries > limits::lock_after(app)? {
        return Ok(Err(locked(app, login, now).await?));
    }
    Ok(Ok(Attempt { login: login.to_owned(), tries }))
}

impl Attempt {
    /// The try failed; one too many locks the account, which is an act.
    pub async fn failed(self, visit: &Visit, person: Option<PersonId>) -> Result<()> {
        let app = &visit.app;
        let Some(person) = person.filter(|_| self.tries >= limits::lock_after(app).unwrap_or(i64::MAX)) else {
            return Ok(());
        };
        let mut act = app.store().act(&visit.who()).await?;
        let until_ms = act.now_ms() + limits::lock_ms(app)?;
        act.write_one("UPDATE person SET locked_until_ms = $1 WHERE id = $2", args![until_ms, person]).await?;
        act.commit(Event::new("account.locked", "person", person).note("tries", self.tries)).await?;
        Ok(())
    }

    /// The try succeeded: nothing stands against the account any more.
    pub async fn succeeded(self, app: &App) -> Result<()> {
        app.store().scratch("DELETE FROM failed_sign_in WHERE login = $1", args![&self.login]).await?;
        Ok(())
    }
}

fn since(app: &App) -> Result<i64> {
    Ok(app.store().now_ms() - limits::lock_ms(app)?)
}

async fn tries(app: &App, login: &str, since: i64) -> Result<i64> {
    app.store()
        .read()
        .int("SELECT COUNT(*) FROM failed_sign_in WHERE login = $1 AND at_ms > $2", args![login, since])
        .await
        .map_err(Into::into)
}

async fn locked(app: &App, login: &str, now: i64) -> Result<Problem> {
    let last = app
        .store()
        .read()
        .int("SELECT COALESCE(MAX(at_ms), 0) FROM failed_sign_in WHERE login = $1", args![login])
        .await?;
    let minutes = ((last + limits::lock_ms(app)? - now + 59_999) / 60_000).max(1);
    let says = format!("连续输错次数过多，此账号暂停登录，请在{minutes}分钟后再试；急需登录请联系系统管理员。");
    Ok(Problem::new("login", "locked", says))
}
