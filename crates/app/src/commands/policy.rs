//! `policy check` refuses a bad pack with file, line and reason; `policy show` prints a clause.

use crate::packs;
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use domain::clause::Clause;
use domain::pack::Pack;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct Policy {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// 检查规则包；不写目录则检查内置的规则包
    Check {
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// 显示一条条文及其数值，如 3.2
    Show {
        #[arg(value_name = "CLAUSE")]
        clause: String,
    },
}

impl Policy {
    pub fn run(self) -> Result<ExitCode> {
        match self.command {
            PolicyCommand::Check { folder } => check(folder),
            PolicyCommand::Show { clause } => show(&clause),
        }
    }
}

fn check(folder: Option<PathBuf>) -> Result<ExitCode> {
    let files = match &folder {
        Some(folder) => packs::files_in(folder).with_context(|| format!("无法读取 {}", folder.display()))?,
        None => packs::embedded_files(),
    };
    match Pack::read(&files) {
        Ok(pack) => {
            let (clauses, values) = (pack.clauses().len(), pack.values().count());
            println!(
                "规则包有效：{clauses} 条条文，{values} 个数值，{} 张表单，摘要 {}",
                pack.forms().count(),
                pack.digest()
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(findings) => {
            for found in &findings {
                println!("{}:{}: {}", found.file, found.line, found.reason);
            }
            println!("规则包有误：{} 处", findings.len());
            Ok(ExitCode::FAILURE)
        }
    }
}

fn show(clause: &str) -> Result<ExitCode> {
    let Ok(clause) = clause.parse::<Clause>() else {
        bail!("“{clause}”不是条文编号，请写成 3.2 这样的形式。");
    };
    let pack = packs::jiangxi()?;
    let Some(found) = pack.clause(clause) else {
        bail!("规则包中没有 {}（{clause}）。", clause.words());
    };
    println!("{} {}\n{}", clause.words(), found.title, found.text);
    for value in pack.values_of(clause) {
        println!("\n{} {}", value.id, value.title);
        for dated in &value.values {
            println!("  自 {} 起：{}（{}）", dated.from, dated.value.words(), dated.source);
        }
    }
    Ok(ExitCode::SUCCESS)
}
