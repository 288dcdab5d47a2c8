//! `zhenxing audit verify`: 0 on a true store, 1 on one that was changed, naming what.

use super::usage::say;
use crate::data::DataFolder;
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use kit::clock::Clock;
use kit::record::{Verdict, verify};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct Audit {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// 校验日志、数据与附件；真实返回 0，被改动返回 1
    Verify {
        /// 数据目录
        #[arg(long, value_name = "DIR", env = "ZHENXING_DATA")]
        data: PathBuf,
        /// 另外保存的检查点
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
}

impl Audit {
    pub async fn run(self) -> Result<ExitCode> {
        let AuditCommand::Verify { data, checkpoint } = self.command;
        let outside = match &checkpoint {
            Some(file) => Some(
                std::fs::read_to_string(file)
                    .with_context(|| format!("无法读取检查点文件 {}", file.display()))?,
            ),
            None => None,
        };
        let store = DataFolder::new(data).open_unchanged(Clock::real()).await?;
        let verdict = verify(&store, outside.as_deref()).await?;
        for fault in &verdict.faults {
            say(format_args!("✘ {fault}"));
        }
        for note in &verdict.notes {
            say(format_args!("注意：{note}"));
        }
        let Verdict { entries, rows, files, checkpoints, .. } = verdict;
        say(format_args!("日志 {entries} 条，检查点 {checkpoints} 个，数据 {rows} 行，附件 {files} 个"));
        say(format_args!("记录根 {}", verdict.root));
        say(format_args!("unrecorded tables: {}", verdict.unrecorded.join(", ")));
        say(format_args!("{}", result(&verdict)));
        Ok(if verdict.is_true() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn result(verdict: &Verdict) -> String {
    if verdict.is_true() {
        "校验通过".to_owned()
    } else {
        format!("校验不通过：{}处", verdict.fault_count)
    }
}
