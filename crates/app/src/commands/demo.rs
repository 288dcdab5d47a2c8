//! `zhenxing demo`: from nothing to a page that works, without a question.

use super::serve;
use crate::App;
use crate::app::{SLICES, Settings};
use crate::data::{Config, DataFolder};
use crate::demo;
use crate::founding;
use crate::packs::{self, Packs};
use anyhow::{Context, Result, bail};
use clap::Args;
use domain::day::Day;
use domain::pack::Pack;
use kit::Store;
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
fn signer() -> Signer {
    Signer::from_seed("36", *b"zhenxing demo key, known to all!")
}

/// A demo whose making was cut off: it has the demo's key, and its settings were never written.
fn is_half_made(folder: &DataFolder) -> bool {
    !folder.exists() && Signer::load(&folder.keys()).is_ok_and(|key| key.origin() == signer().origin())
}

/// Fills the folder. Its settings come last: until then it is half made.
async fn make(folder: &DataFolder, pack: &Arc<Pack>, clock: Clock) -> Result<()> {
    let config = Config { demo: true, ..Config::default() };
    folder.save_key(&signer())?;
    let (db, files) = folder.prepare(&config).await?;
    let store = Store::new(db, clock, signer(), files, SLICES);
    demo::load(&store, pack).await?;
    store.db().close().await;
    folder.write_config(&config)
}

impl Demo {
    pub async fn run(self) -> Result<()> {
        let today: Day = self
            .today
            .parse()
            .map_err(|_| anyhow::anyhow!("--today 的“{}”不是日期，请写成 2018-04-26。", self.today))?;
        let listener = serve::listen(self.port).await?;
        let folder = DataFolder::new(&self.data);
        if folder.exists() && !folder.config()?.demo {
            bail!(
                "{} 是正式数据目录，请用 zhenxing serve 启动，或用 --data 换一个目录。",
                self.data.display()
            );
        }
        folder.make()?;
        let _held = folder.hold()?;
        let (pack, clock) = (Arc::new(packs::jiangxi()?), Clock::on(today));
        if self.fresh || is_half_made(&folder) {
            folder.clear().with_context(|| format!("无法清空 {}", self.data.display()))?;
        }
        if !folder.exists() {
            make(&folder, &pack, clock).await?;
        }
        let store = folder.open(clock).await?;
        serve::refuse_earlier_day(&store, today).await?;
        let settings = Settings { demo: true, ..Settings::default() };
        let pack = founding::put_in_force(&store, packs::jiangxi()?).await?;
        let packs = Packs::kept(Arc::new(pack), &store).await?;
        let app = App::new(store, packs, settings).map_err(anyhow::Error::msg)?;
        serve::run(app, listener).await
    }
}
