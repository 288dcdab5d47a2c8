//! `export`, `backup` and `restore`: the store as one file, and a store from a file.

use super::usage::say;
use crate::app::migrations;
use crate::data::{Config, DataFolder, Making};
use crate::demo;
use anyhow::{Context, Result, bail};
use clap::Args;
use kit::Store;
use kit::archive::{Backup, Kind, write};
use kit::clock::Clock;
use kit::db::{check, migrate, tables_in_order};
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
    pub async fn export(self) -> Result<()> {
        let store = self.open().await?;
        self.write(&store, Kind::Export).await
    }

    pub async fn backup(self) -> Result<()> {
        let store = self.open().await?;
        let folder = DataFolder::new(&self.data);
        let (keys, config) = (folder.keys(), folder.config()?);
        self.write(&store, Kind::Backup { keys: &keys, help_phone: &config.help_phone }).await
    }

    async fn open(&self) -> Result<Store> {
        if self.file.exists() {
            bail!("{} 已存在，请换一个文件名。", self.file.display());
        }
        DataFolder::new(&self.data).open_unchanged(Clock::real()).await
    }

    /// Runs beside a serving program: it reads one snapshot.
    async fn write(&self, store: &Store, kind: Kind<'_>) -> Result<()> {
        let missing = write(store, kind, &self.file)
            .await
            .with_context(|| format!("无法写入 {}", self.file.display()))?;
        say(format_args!("已写入 {}", self.file.display()));
        if !missing.is_empty() {
            let lost = missing.join("、");
            bail!("{}个附件在数据目录中缺失，文件中没有它们，请用 audit verify 校验：{lost}", missing.len());
        }
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
        let making = Making::begin(&self.data);
        if !making.is_fresh() {
            bail!("{} 不是空目录；恢复只写入空目录，请换一个。", self.data.display());
        }
        let folder = DataFolder::new(&self.data);
        let mut config = Config { database: self.postgres.clone(), ..Config::default() };
        config.help_phone = self
            .pour(&folder, &config)
            .await
            .with_context(|| format!("无法从 {} 恢复", self.file.display()))?;
        folder.write_config(&config)?;
        let store = folder.open_unchanged(Clock::real()).await?;
        if demo::is_in(store.read()).await? {
            folder.write_config(&Config { demo: true, ..config })?;
        }
        making.keep();
        let verdict = verify(&store, None).await?;
        for fault in &verdict.faults {
            say(format_args!("✘ {fault}"));
        }
        if !verdict.is_true() {
            bail!("数据已写入 {}，但未通过校验，请换一份备份。", self.data.display());
        }
        say(format_args!(
            "已恢复到 {}，校验通过：日志 {} 条，记录根 {}",
            self.data.display(),
            verdict.entries,
            verdict.root
        ));
        Ok(())
    }

    /// The backup in the schema it was made under, which is then brought up to date. Gives whom users
    /// rang for help.
    async fn pour(&self, folder: &DataFolder, config: &Config) -> Result<String> {
        let backup = Backup::open(&self.file)?;
        let known = migrations();
        check(&backup.schema, &known)?;
        let then = &known[..backup.schema.len().min(known.len())];
        let (db, files) = folder.prepare_as(config, then).await?;
        backup.pour(&db, &files, &folder.keys(), &tables_in_order(then)).await?;
        migrate(&db, &known).await?;
        db.close().await;
        Ok(backup.help_phone)
    }
}
