//! `zhenxing init`: a data folder, the programme with its organisations, and three administrators.

use super::account::{announce, link_for};
use super::usage::say;
use crate::app::SLICES;
use crate::data::{Config, DataFolder, Making};
use crate::founding::{Founding, count_programmes, found};
use crate::orgs::{self, NewPerson};
use crate::packs;
use anyhow::{Context, Result, bail};
use clap::Args;
use domain::day::Day;
use domain::id::PersonId;
use domain::role::Role;
use kit::Store;
use kit::clock::Clock;
use kit::record::{Event, Signer, Who};
use std::path::PathBuf;

#[derive(Args)]
pub struct Init {
    /// 数据目录
    #[arg(long, value_name = "DIR", env = "ZHENXING_DATA")]
    pub data: PathBuf,
    /// PostgreSQL 地址；不填则使用数据目录中的 SQLite
    #[arg(long, value_name = "postgres://…")]
    pub postgres: Option<String>,
    /// 系统管理员，如 张三:zhangsan；姓名以后可改，用户名不可改
    #[arg(long, value_name = "姓名:用户名", default_value = "系统管理员:system.admin")]
    pub system: Named,
    /// 安全管理员
    #[arg(long, value_name = "姓名:用户名", default_value = "安全管理员:security.admin")]
    pub security: Named,
    /// 审计管理员
    #[arg(long, value_name = "姓名:用户名", default_value = "审计管理员:audit.admin")]
    pub audit: Named,
    /// 使用帮助的电话，印在每一页下方；以后可在数据目录的 zhenxing.toml 中修改
    #[arg(long, value_name = "电话", default_value = "")]
    pub help_phone: String,
    /// 本系统的网址，用于打印开通链接
    #[arg(long, default_value = "http://127.0.0.1:8600")]
    pub base_url: String,
}

/// A person as the command line names him: 张三:zhangsan.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub login: String,
}

impl std::str::FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Named, String> {
        let allowed =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
        match text.split_once(':') {
            Some((name, login))
                if !name.trim().is_empty()
                    && (3..=32).contains(&login.len())
                    && login.chars().all(allowed) =>
            {
                Ok(Named { name: name.trim().to_owned(), login: login.to_owned() })
            }
            _ => Err("请写成“姓名:用户名”，用户名为3至32个小写字母、数字或“._-”".to_owned()),
        }
    }
}

/// The province whose programme this is.
const PROVINCE: &str = "360000";

impl Init {
    pub async fn run(self) -> Result<()> {
        let logins = [&self.system.login, &self.security.login, &self.audit.login];
        if logins[0] == logins[1] || logins[1] == logins[2] || logins[0] == logins[2] {
            bail!("三员须由三人分别担任，三个用户名不能相同。");
        }
        let folder = DataFolder::new(&self.data);
        if folder.exists() {
            bail!("数据目录 {} 已有数据，请换一个目录，或用 zhenxing serve 启动它。", self.data.display());
        }
        let making = Making::begin(&self.data);
        let config = Config {
            database: self.postgres.clone(),
            help_phone: self.help_phone.trim().to_owned(),
            demo: false,
        };
        let signer = Signer::generate(PROVINCE);
        let (db, files) = folder.prepare(&config).await?;
        if count_programmes(db.read()).await? > 0 {
            bail!("该数据库中已有数据，请换一个空数据库，或用它原来的数据目录。");
        }
        signer.save(&folder.keys()).context("无法写入签名密钥，请检查数据目录的权限。")?;
        let store = Store::new(db, Clock::real(), signer, files, SLICES);
        let links = self.fill(&store).await?;
        folder.write_config(&config)?;
        store.db().close().await;
        making.keep();
        say(format_args!("数据目录 {} 已建好。请把下列一次性链接分别当面交给本人：", self.data.display()));
        for (words, named, link) in links {
            announce(words, &named.name, &named.login, &self.base_url, &link);
        }
        say(format_args!("启动服务：zhenxing serve --data {}", self.data.display()));
        Ok(())
    }

    /// The programme, its organisations and the three administrators, each with a link.
    async fn fill(&self, store: &Store) -> Result<Vec<(&'static str, Named, String)>> {
        let pack = packs::jiangxi()?;
        let from = pack.about().in_force_from;
        let founding =
            Founding { name: "江西省特色小镇建设", pack: "jiangxi", division_code: PROVINCE, from };
        found(store, &founding).await?;
        let hours = pack.count("security.setup_link_hours", store.today())?;
        self.appoint(store, from, store.now_ms() + hours * 3_600_000).await
    }

    /// One act of the console: nobody is there yet to ask for the first grants or to approve them.
    async fn appoint(
        &self,
        store: &Store,
        from: Day,
        until_ms: i64,
    ) -> Result<Vec<(&'static str, Named, String)>> {
        let mut act = store.act(&Who::console()).await?;
        let home = orgs::administration(act.read()).await?;
        let mut links = Vec::new();
        let three = [
            (Role::SystemAdmin, &self.system),
            (Role::SecurityAdmin, &self.security),
            (Role::AuditAdmin, &self.audit),
        ];
        for (role, named) in three {
            let person: PersonId = kit::clock::fresh();
            let (login, name) = (&*named.login, &*named.name);
            let new = NewPerson { id: person, login, name, phone: "待填", employer: home };
            orgs::insert_person(&mut act, &new).await?;
            orgs::insert_first_grant(&mut act, person, home, role, from).await?;
            links.push((role.words(), named.clone(), link_for(&mut act, person, until_ms).await?));
        }
        act.commit(Event::new("administrators.appointed", "organisation", home)).await?;
        Ok(links)
    }
}
