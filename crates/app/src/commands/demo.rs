//! `zhenxing demo`: from nothing to a page that works, without a question.

use super::serve;
use crate::App;
use crate::app::Settings;
use crate::data::{Config, DataFolder};
use crate::demo;
use crate::founding;
use crate::packs::{self, Packs};
use anyhow::{Context, Result, bail};
use clap::Args;
use domain::day::Day;
use kit::clock::Clock;
use kit::record::Signer;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Args)]
pub struct Demo {
    /// 数据目录
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// 端口
    #[arg(long, default_value_t = 8620)]
    port: u16,
    /// 演示中的“今天”
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "2018-04-26")]
    today: String,
    /// 清空原有演示数据，重新开始
    #[arg(long)]
    fresh: bool,
}

/// The demo's key is no secret: the same installation every time.
const SEED: [u8; 32] = *b"zhenxing demo key, known to all!";

impl Demo {
    pub async fn run(self) -> Result<()> {
        let today: Day = self
            .today
            .parse()
            .map_err(|_| anyhow::anyhow!("--today 的“{}”不是日期，请写成 2018-04-26。", self.today))?;
        let listener = serve::listen(self.port).await?;
        let folder = DataFolder::new(&self.data);
        if self.fresh && folder.exists() {
            if !folder.config()?.demo {
                bail!("{} 不是演示数据目录，不能用 --fresh 清空。", self.data.display());
            }
            folder.hold()?;
            std::fs::remove_dir_all(&self.data)
                .with_context(|| format!("无法清空 {}", self.data.display()))?;
        }
        let is_new = !folder.exists();
        if is_new {
            folder.create(&Config { demo: true, ..Config::default() }, &Signer::from_seed("36", SEED))?;
        } else if !folder.config()?.demo {
            bail!("{} 是正式数据目录，请用 zhenxing serve 启动。", self.data.display());
        }
        let _held = folder.hold()?;
        let store = folder.open(Clock::on(today)).await?;
        let pack = Arc::new(packs::jiangxi()?);
        if is_new {
            demo::load(&store, &pack).await?;
        }
        serve::refuse_earlier_day(&store, today).await?;
        let settings = Settings { demo: true, ..Settings::default() };
        let pack = founding::put_in_force(&store, packs::jiangxi()?).await?;
        let packs = Packs::kept(Arc::new(pack), &store).await?;
        let app = App::new(store, packs, settings).map_err(anyhow::Error::msg)?;
        serve::run(app, listener).await
    }
}
