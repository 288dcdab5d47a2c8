//! `policy check` refuses a bad pack with file, line and reason; `policy show` prints a clause;
//! `policy adopt` puts a pack in force, so that a change of the rules needs no new program.

use super::usage::say;
use crate::data::DataFolder;
use crate::{audit, founding, packs};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use domain::clause::Clause;
use domain::day::Day;
use domain::pack::{Finding, Pack};
use kit::Store;
use kit::clock::Clock;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub struct Policy {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// 检查规则包并运行其中的算例；不写目录则检查内置的规则包
    Check {
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// 显示一条条文及其数值，如 3.2
    Show {
        #[arg(value_name = "CLAUSE")]
        clause: String,
        /// 数据目录：显示其中正在使用的规则包；不写则显示内置的规则包
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// 检查无误后启用规则包，重新启动服务后生效；不写目录则恢复使用内置的规则包
    Adopt(Adopt),
}

/// `zhenxing policy adopt`.
#[derive(Args)]
pub struct Adopt {
    /// 规则包目录
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// 数据目录
    #[arg(long, value_name = "DIR", env = "ZHENXING_DATA")]
    pub data: PathBuf,
}

impl Policy {
    pub async fn run(self) -> Result<ExitCode> {
        match self.command {
            PolicyCommand::Check { folder } => check(folder),
            PolicyCommand::Show { clause, data } => show(&clause, data).await,
            PolicyCommand::Adopt(adopt) => adopt.run().await,
        }
    }
}

type Files = Vec<(String, String)>;

/// A pack that may be put in force, with its files, or everything that is wrong with it.
fn tried(folder: Option<&Path>) -> Result<std::result::Result<(Pack, Files), Vec<Finding>>> {
    let files = match folder {
        Some(folder) => packs::files_in(folder).with_context(|| format!("无法读取 {}", folder.display()))?,
        None => Ok(packs::embedded_files()),
    };
    Ok(files.and_then(|files| {
        let pack = Pack::read(&files)?;
        let findings = pack.trial();
        if findings.is_empty() { Ok((pack, files)) } else { Err(findings) }
    }))
}

fn check(folder: Option<PathBuf>) -> Result<ExitCode> {
    match tried(folder.as_deref())? {
        Ok((pack, _)) => {
            say(format_args!(
                "规则包有效：{} 条条文，{} 个数值，{} 张表单，{} 个算例全部通过，摘要 {}",
                pack.clauses().len(),
                pack.values().count(),
                pack.forms().count(),
                pack.cases().len(),
                pack.digest()
            ));
            let unread: Vec<_> =
                pack.values().map(|value| value.id.as_str()).filter(|id| !pack.is_read(id)).collect();
            let (count, ids) = (unread.len(), unread.join(" "));
            say(format_args!("其中 {count} 个数值供查阅，程序尚不按它办理：{ids}"));
            Ok(ExitCode::SUCCESS)
        }
        Err(findings) => Ok(refused(&findings)),
    }
}

fn refused(findings: &[Finding]) -> ExitCode {
    for found in findings {
        say(format_args!("{found}"));
    }
    say(format_args!("规则包有误：{} 处", findings.len()));
    ExitCode::FAILURE
}

async fn show(clause: &str, data: Option<PathBuf>) -> Result<ExitCode> {
    let Ok(clause) = clause.parse::<Clause>() else {
        bail!("“{clause}”不是条文编号，请写成 3.2 这样的形式。");
    };
    let mut pack = packs::jiangxi()?;
    if let Some(data) = data {
        let store = DataFolder::new(&data).open_unchanged(Clock::real()).await?;
        pack = founding::in_force(&store, pack).await?;
    }
    let Some(found) = pack.clause(clause) else {
        bail!("规则包中没有 {}（{clause}）。", clause.words());
    };
    say(format_args!("{} {}\n{}", clause.words(), found.title, found.text));
    for value in pack.values_of(clause) {
        say(format_args!("\n{} {}（{}）", value.id, value.title, value.status.words()));
        for dated in &value.values {
            say(format_args!("  自 {} 起：{}（{}）", dated.from, dated.value.words(), dated.source));
        }
        if !value.note.is_empty() {
            say(format_args!("  {}", value.note));
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Adopt {
    pub async fn run(self) -> Result<ExitCode> {
        let (pack, files) = match tried(self.folder.as_deref())? {
            Ok(tried) => tried,
            Err(findings) => return Ok(refused(&findings)),
        };
        let store = self.open().await?;
        let missing = founding::forms_missing_in(&store, packs::jiangxi()?, &pack).await?;
        if !missing.is_empty() {
            bail!("规则包中缺少正在使用的表单：{}。请补上后再启用。", missing.join("、"));
        }
        let is_new = founding::adopt(&store, &pack, &files, self.folder.is_none()).await?;
        store.db().close().await;
        match is_new {
            true => say(format_args!("规则包 {} 已启用。正在运行的服务重新启动后按它办理。", pack.digest())),
            false => say(format_args!("规则包 {} 已在使用，不需要再次启用。", pack.digest())),
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The demo's record stands on the demo's day, not on today's.
    async fn open(&self) -> Result<Store> {
        let folder = DataFolder::new(&self.data);
        let store = folder.open(Clock::real()).await?;
        if !folder.config()?.demo {
            return Ok(store);
        }
        let newest = Day::at(audit::newest_ms(store.read()).await?);
        store.db().close().await;
        folder.open(Clock::on(newest)).await
    }
}
