//! The executable `zhenxing`: its commands.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use zhenxing::commands::usage;
use zhenxing::{assess_command, commands};

#[derive(Parser)]
#[command(name = "zhenxing", version, about = "镇兴：省特色小镇建设工作平台")]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动演示：建数据目录、载入演示数据、打印网址
    Demo(commands::demo::Demo),
    /// 建立正式系统：数据目录、机构、三员
    Init(commands::init::Init),
    /// 账号：重新发放开通链接
    Account(commands::account::Account),
    /// 更新数据库结构
    Migrate(commands::account::Migrate),
    /// 启动服务
    Serve(commands::serve::Serve),
    /// 规则包：检查、查看、启用
    Policy(commands::policy::Policy),
    /// 记录：校验
    Audit(commands::audit::Audit),
    /// 写出供外部校验的文件（不含口令等）
    Export(commands::archive::Write),
    /// 备份到一个文件；可在服务运行时进行
    Backup(commands::archive::Write),
    /// 从备份恢复到一个空目录
    Restore(commands::archive::Restore),
    /// 评价引擎：评价、权重、稳健性、敏感性、比较、一致性
    Assess(assess_command::Assess),
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let program = match usage::parse::<Program>() {
        Ok(program) => program,
        Err(code) => return code,
    };
    match run(program.command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", usage::sentence(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Demo(demo) => demo.run().await?,
        Command::Init(init) => init.run().await?,
        Command::Account(account) => account.run().await?,
        Command::Migrate(migrate) => migrate.run().await?,
        Command::Serve(serve) => serve.run().await?,
        Command::Policy(policy) => return policy.run().await,
        Command::Audit(audit) => return audit.run().await,
        Command::Assess(assess) => return assess.run().await,
        Command::Export(write) => write.export().await?,
        Command::Backup(write) => write.backup().await?,
        Command::Restore(restore) => restore.run().await?,
    }
    Ok(ExitCode::SUCCESS)
}
