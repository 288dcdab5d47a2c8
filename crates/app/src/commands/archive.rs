//! `export`, `backup` and `restore`: the store as one file, and a store from a file.

use crate::app::migrations;
use crate::data::{Config, DataFolder};
use anyhow::{Context, Result, bail};
use clap::Args;
use kit::archive::{Kind, restore, write};
use kit::clock::Clock;
use kit::db::tables_in_order;
use kit::record::verify;
use std::path::PathBuf;

#[derive(Args)]
pub struct Write {
    /// 数据目录
    #[arg(long, value_name = "DIR", env = "ZHENXING_DATA")]
    data: PathBuf,
    /// 写到哪个文件
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Write {
    /// Runs beside a serving program: it reads one snapshot.
    pub async fn run(self, kind: Kind) -> Result<()> {
        if self.file.exists() {
            bail!("{} 已存在，请换一个文件名。", self.file.display());
        }
        let folder = DataFolder::new(self.data);
        let store = folder.open_unchanged(Clock::real()).await?;
        write(&store, kind, &folder.keys(), &self.file)
            .await
            .with_context(|| format!("无法写入 {}", self.file.display()))?;
        println!("已写入 {}", self.file.display());
        Ok(())
    }
}

#[derive(Args)]
pub struct Restore {
    /// 备份文件
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 新的数据目录，必须为空
    #[arg(long, value_name = "NEWDIR")]
    data: PathBuf,
    /// 恢复到 PostgreSQL：postgres://…，其中的库必须为空；不写则用 SQLite
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
}

impl Restore {
    pub async fn run(self) -> Result<()> {
        let folder = DataFolder::new(&self.data);
        let is_empty = std::fs::read_dir(&self.data).map_or(true, |mut entries| entries.next().is_none());
        if folder.exists() || !is_empty {
            bail!("{} 不是空目录；恢复只写入空目录，请换一个。", self.data.display());
        }
        let config = Config { database: self.postgres, demo: false };
        let (db, files) = folder.prepare(&config).await?;
        let order = tables_in_order(&migrations());
        restore(&self.file, &db, &files, &folder.keys(), &order)
            .await
            .with_context(|| format!("无法从 {} 恢复", self.file.display()))?;
        db.close().await;
        folder.write_config(&config)?;
        let verdict = verify(&folder.open_unchanged(Clock::real()).await?, None).await?;
        for fault in &verdict.faults {
            println!("✘ {fault}");
        }
        if !verdict.is_true() {
            bail!("恢复的数据未通过校验，请换一份备份。");
        }
        println!(
            "已恢复到 {}，校验通过：日志 {} 条，记录根 {}",
            self.data.display(),
            verdict.entries,
            verdict.root
        );
        Ok(())
    }
}
