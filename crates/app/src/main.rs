//! The executable `zhenxing`: its commands.

use anyhow::Result;
use clap::{Parser, Subcommand};
use zhenxing::commands;

/// 镇兴：省特色小镇建设工作平台
#[derive(Parser)]
#[command(version, about)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动演示：建数据目录、载入演示数据、打印网址
    Demo(commands::demo::Demo),
    /// 启动服务
    Serve(commands::serve::Serve),
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    match Program::parse().command {
        Command::Demo(demo) => demo.run().await,
        Command::Serve(serve) => serve.run().await,
    }
}
