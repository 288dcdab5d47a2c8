//! `zhenxing serve`, and what the demo shares with it: listening, running, stopping cleanly.

use super::ending::Asked;
use super::usage::say;
use crate::App;
use crate::app::Settings;
use crate::audit;
use crate::data::DataFolder;
use crate::packs::{self, Packs};
use crate::{founding, routes, web};
use anyhow::{Context, Result, bail};
use clap::Args;
use domain::day::Day;
use kit::Store;
use kit::clock::Clock;
use kit::record::{checkpoint, forget_keys};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

#[derive(Args)]
pub struct Serve {
    /// 数据目录
    #[arg(long, value_name = "DIR", env = "ZHENXING_DATA")]
    data: PathBuf,
    /// 端口
    #[arg(long, default_value_t = 8600)]
    port: u16,
    /// 监听地址；本机以外的地址必须与 --behind-proxy 同用
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// 前面有提供 HTTPS 的代理
    #[arg(long)]
    behind_proxy: bool,
}

/// How long requests under way may take to end.
const GRACE: Duration = Duration::from_secs(20);

/// How often the head of the log is signed, and old keys of forms are cleared.
const TENDED_EVERY: Duration = Duration::from_secs(600);

impl Serve {
    pub async fn run(self) -> Result<()> {
        if !self.bind.is_loopback() && !self.behind_proxy {
            bail!("监听 {} 须与 --behind-proxy 同用：对外服务必须由提供 HTTPS 的代理转发。", self.bind);
        }
        let folder = DataFolder::new(&self.data);
        let config = folder.config()?;
        if config.demo {
            bail!("{} 是演示数据目录，请用 zhenxing demo 启动。", self.data.display());
        }
        let listener = listen_at(SocketAddr::new(self.bind, self.port)).await?;
        let _held = folder.hold()?;
        let store = folder.open(Clock::real()).await?;
        let settings = Settings { demo: false, secure: self.behind_proxy, help_phone: config.help_phone };
        let pack = founding::put_in_force(&store, packs::jiangxi()?).await?;
        let packs = Packs::kept(Arc::new(pack), &store).await?;
        let app = App::new(store, packs, settings).map_err(anyhow::Error::msg)?;
        run(app, listener).await
    }
}

pub(super) async fn listen(port: u16) -> Result<TcpListener> {
    listen_at(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)).await
}

async fn listen_at(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("端口 {} 已被占用或不可用，请用 --port 换一个端口。", address.port()))
}

/// Serves until Ctrl-C or a request to end, then signs the head and closes.
pub(super) async fn run(app: App, listener: TcpListener) -> Result<()> {
    let router = routes::router(&app).map_err(anyhow::Error::msg)?;
    let asked = Asked::hear()?;
    say(format_args!("镇兴已启动：http://{}/\n按 Ctrl-C 结束。", listener.local_addr()?));
    let tending = tokio::spawn(tend(app.store().clone()));
    tokio::select! {
        () = web::serve(listener, router, app.settings().secure, asked.times(1)) => {}
        // Whoever asks a second time does not wait for requests under way.
        () = asked.times(2) => {}
    }
    tending.abort();
    checkpoint(app.store()).await?;
    let _stuck = tokio::time::timeout(GRACE, app.store().db().close()).await;
    say("镇兴已结束，数据已保存。");
    Ok(())
}

/// A clock set before the newest record would put new entries behind old ones.
pub(super) async fn refuse_earlier_day(store: &Store, today: Day) -> Result<()> {
    let newest_ms = audit::newest_ms(store.read()).await?;
    let newest = Day::at(newest_ms);
    if today < newest {
        bail!(
            "记录已到 {newest}，不能回到 {today}。请用 --today {newest} 或更晚的日期，或用 --fresh 重新开始。"
        );
    }
    Ok(())
}

async fn tend(store: Store) {
    let mut every = tokio::time::interval(TENDED_EVERY);
    loop {
        every.tick().await;
        if let Err(error) = checkpoint(&store).await {
            tracing::error!("the head of the log could not be signed: {error}");
        }
        if let Err(error) = forget_keys(&store).await {
            tracing::error!("old keys of forms could not be cleared: {error}");
        }
    }
}
