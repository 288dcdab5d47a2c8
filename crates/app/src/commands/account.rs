//! `zhenxing account`: what whoever holds the machine can do for an account, each an act of the console.

use super::usage::say;
use crate::data::DataFolder;
use crate::founding;
use crate::orgs;
use crate::packs;
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use domain::id::PersonId;
use kit::clock::Clock;
use kit::record::{Act, Event, Who};
use std::path::PathBuf;

#[derive(Args)]
pub struct Account {
    #[command(subcommand)]
    command: AccountCommand,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// 为一个账号重新发放一次性开通链接（作废原链接，不改动原口令）
    SetUpLink(SetUpLink),
}

#[derive(Args)]
pub struct SetUpLink {
    /// 用户名
    pub login: String,
    /// 数据目录
    #[arg(long, value_name = "DIR", env = "ZHENXING_DATA")]
    pub data: PathBuf,
    /// 同时清除二次验证（手机遗失且无人可批准重置时）
    #[arg(long)]
    pub reset_factor: bool,
    /// 本系统的网址，用于打印开通链接
    #[arg(long, default_value = "http://127.0.0.1:8600")]
    pub base_url: String,
}

/// `zhenxing migrate`: brings the database's schema up to date.
#[derive(Args)]
pub struct Migrate {
    /// 数据目录
    #[arg(long, value_name = "DIR", env = "ZHENXING_DATA")]
    pub data: PathBuf,
}

impl Account {
    pub async fn run(self) -> Result<()> {
        match self.command {
            AccountCommand::SetUpLink(command) => command.run().await,
        }
    }
}

impl SetUpLink {
    pub async fn run(self) -> Result<()> {
        let link = self.issue().await?;
        announce("一次性链接", &self.login, &self.login, &self.base_url, &link);
        Ok(())
    }

    /// Makes the link and gives its path.
    pub async fn issue(&self) -> Result<String> {
        let store = DataFolder::new(&self.data).open(Clock::real()).await?;
        let pack = founding::in_force(&store, packs::jiangxi()?).await?;
        let hours = pack.count("security.setup_link_hours", store.today())?;
        let Some(person) = orgs::person_of_login(store.read(), &self.login).await? else {
            bail!("没有用户名为“{}”的可用账号，请核对后重试。", self.login);
        };
        let mut act = store.act(&Who::console()).await?;
        let until_ms = act.now_ms() + hours * 3_600_000;
        let link = link_for(&mut act, person, until_ms).await?;
        if self.reset_factor {
            orgs::clear_factor(&mut act, person).await?;
        }
        let event = Event::new("set_up_link.issued", "person", person);
        act.commit(event.note("resets_factor", i64::from(self.reset_factor))).await?;
        store.db().close().await;
        Ok(link)
    }
}

impl Migrate {
    pub async fn run(self) -> Result<()> {
        let store = DataFolder::new(&self.data).open(Clock::real()).await?;
        store.db().close().await;
        say(format_args!("数据库结构已是最新。"));
        Ok(())
    }
}

pub(super) async fn link_for(act: &mut Act, person: PersonId, until_ms: i64) -> Result<String> {
    Ok(orgs::issue_link(act, person, until_ms).await?)
}

/// Prints one link for one person.
pub(super) fn announce(words: &str, name: &str, login: &str, base_url: &str, link: &str) {
    say(format_args!("  {words} {name}（{login}）：{}{link}", base_url.trim_end_matches('/')));
}
