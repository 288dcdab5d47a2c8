//! Failed sign-ins: a growing wait for an account from one address, then a lock that ends by itself; and a
//! wait for an address from which many accounts have failed, which never locks.
//!
//! An unknown account waits and locks just as a known one does, so that nobody learns which exist.

use super::{limits, store};
use crate::app::App;
use crate::web::Visit;
use domain::account::Delay;
use domain::id::{PersonId, RowId};
use domain::problem::Problem;
use kit::Result;
use kit::record::Event;
use std::net::{IpAddr, Ipv6Addr};

/// One try, noted before the password is looked at, so that tries made at once cannot slip through.
pub struct Attempt {
    id: RowId,
    login: String,
    tries: i64,
}

/// After every id there is.
const LAST: &str = "~";

/// Admits a try, or says how long to wait. Failures that count no more are cleared away.
pub async fn admit(visit: &Visit, login: &str) -> Result<std::result::Result<Attempt, Problem>> {
    let app = &visit.app;
    let address = visit.from.as_deref().map_or(String::new(), network);
    if let Some(problem) = must_wait(app, login, &address).await? {
        return Ok(Err(problem));
    }
    let since = since(app)?;
    store::delete_failures_until(app.store(), since).await?;
    let id = store::insert_failure(app.store(), login, &address).await?;
    if let Some(problem) = address_waits(app, &address, &id.to_string()).await? {
        store::delete_failure(app.store(), id).await?;
        return Ok(Err(problem));
    }
    let tries = store::failures(app.store().read(), login, "", since).await?.0;
    match limits::delay(app, tries - 1)? {
        Delay::Locked(seconds) => Ok(Err(locked(seconds))),
        Delay::None | Delay::Wait(_) => Ok(Ok(Attempt { id, login: login.to_owned(), tries })),
    }
}

/// The account may be locked for everybody, or this address may have to wait.
async fn must_wait(app: &App, login: &str, address: &str) -> Result<Option<Problem>> {
    let (now, since) = (app.store().now_ms(), since(app)?);
    let (anywhere, last_ms) = store::failures(app.store().read(), login, "", since).await?;
    if let delay @ Delay::Locked(_) = limits::delay(app, anywhere)? {
        return Ok(Some(locked((last_ms + delay.seconds() * 1000 - now) / 1000)));
    }
    let (here, last_ms) = store::failures(app.store().read(), login, address, since).await?;
    let seconds = if here == 0 { 0 } else { limits::delay(app, here)?.seconds() };
    match waits(last_ms, seconds, now, "刚才的输入不正确") {
        None => address_waits(app, address, LAST).await,
        some => Ok(some),
    }
}

/// Many accounts have failed from this address, before a try, and the wait is not over.
async fn address_waits(app: &App, address: &str, before: &str) -> Result<Option<Problem>> {
    let (accounts, last_ms) = store::failures_from(app.store().read(), address, before, since(app)?).await?;
    let seconds = limits::address_delay(app, accounts)?;
    Ok(waits(last_ms, seconds, app.store().now_ms(), "从您所在的网络登录失败的账号较多"))
}

/// What is said until so many seconds after the last failure.
fn waits(last_ms: i64, seconds: i64, now_ms: i64, why: &str) -> Option<Problem> {
    let left_ms = last_ms + seconds * 1000 - now_ms;
    let says = || format!("{why}，请等待{}秒后再试。", (left_ms + 999) / 1000);
    (seconds > 0 && left_ms > 0).then(|| Problem::new("login", "wait", says()))
}

/// Whoever has one address of IPv6 has the 2^64 beside it.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(long)) if long.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = long.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        _ => address.to_owned(),
    }
}

impl Attempt {
    /// The try failed; one too many locks the account, which is an act.
    pub async fn failed(self, visit: &Visit, person: Option<PersonId>) -> Result<()> {
        let Delay::Locked(seconds) = limits::delay(&visit.app, self.tries)? else { return Ok(()) };
        let Some(person) = person else { return Ok(()) };
        let mut act = visit.store().act(&visit.who()).await?;
        let until_ms = act.now_ms() + seconds * 1000;
        store::lock_person(&mut act, person, until_ms).await?;
        act.commit(Event::new("account.locked", "person", person).note("tries", self.tries)).await?;
        Ok(())
    }

    /// The try was right, but a code must still be given: failures before it go on counting, or
    /// whoever knows the password could guess codes for ever.
    pub async fn passed(self, app: &App) -> Result<()> {
        store::delete_failure(app.store(), self.id).await
    }

    /// The try succeeded: nothing stands against the account any more.
    pub async fn succeeded(self, app: &App) -> Result<()> {
        store::delete_failures(app.store(), &self.login).await
    }
}

/// Failures older than a lock are forgotten.
fn since(app: &App) -> Result<i64> {
    Ok(app.store().now_ms() - limits::lock_ms(app)?)
}

fn locked(seconds: i64) -> Problem {
    let minutes = ((seconds + 59) / 60).max(1);
    let says =
        format!("连续输错次数过多，此账号暂停登录，请在{minutes}分钟后再试；急需登录请联系系统管理员。");
    Problem::new("login", "locked", says)
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn one_line_of_ipv6_is_one_address() {
        let one = network("2001:db8:1:2:aaaa::1");
        assert_eq!(one, "2001:db8:1:2::/64");
        assert_eq!(one, network("2001:db8:1:2::ffff"));
        for alone in ["192.0.2.7", "::ffff:192.0.2.7", ""] {
            assert_eq!(network(alone), alone);
        }
    }
}
