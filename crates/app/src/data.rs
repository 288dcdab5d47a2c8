//! A data folder: database, keys, attachments, settings. Opened by every command.

use crate::app::{UNRECORDED, migrations};
use anyhow::{Context, Result, bail};
use kit::Store;
use kit::clock::Clock;
use kit::db::{Db, migrate};
use kit::files::Files;
use kit::record::Signer;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// `DATA/zhenxing.toml`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `postgres://…`; absent, the database is `zhenxing.db` in the folder.
    pub database: Option<String>,
    /// Made-up data; `serve` refuses such a folder.
    #[serde(default)]
    pub demo: bool,
}

/// A data folder by its path.
#[derive(Clone, Debug)]
pub struct DataFolder {
    path: PathBuf,
}

impl DataFolder {
    pub fn new(path: impl Into<PathBuf>) -> DataFolder {
        DataFolder { path: path.into() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn exists(&self) -> bool {
        self.config_path().exists()
    }

    /// Makes the folder with its keys and settings. Refuses one that is in use.
    pub fn create(&self, config: &Config, signer: &Signer) -> Result<()> {
        if self.exists() {
            bail!("数据目录 {} 已有数据，请换一个目录，或直接使用它。", self.path.display());
        }
        std::fs::create_dir_all(&self.path).with_context(|| {
            format!("无法写入数据目录 {}，请检查权限或用 --data 换一个目录。", self.path.display())
        })?;
        signer.save(&self.path.join("keys")).context("无法写入签名密钥")?;
        let text = toml::to_string(config).expect("the settings are plain");
        kit::files::write_private(&self.config_path(), text.as_bytes()).with_context(|| {
            format!("无法写入数据目录 {}，请检查权限或用 --data 换一个目录。", self.path.display())
        })?;
        Ok(())
    }

    pub fn config(&self) -> Result<Config> {
        let text = std::fs::read_to_string(self.config_path()).with_context(|| {
            format!("{} 不是数据目录，请先运行 zhenxing init --data {0}。", self.path.display())
        })?;
        toml::from_str(&text).with_context(|| format!("{} 有误", self.config_path().display()))
    }

    /// Opens the store, bringing its schema up to date.
    pub async fn open(&self, clock: Clock) -> Result<Store> {
        let config = self.config()?;
        let db = match &config.database {
            Some(address) => Db::open_postgres(address).await.context("无法连接 PostgreSQL")?,
            None => Db::open_sqlite(&self.path.join("zhenxing.db")).await.context("无法打开数据库文件")?,
        };
        migrate(&db, &migrations()).await.context("无法更新数据库结构")?;
        let signer = Signer::load(&self.path.join("keys")).context("无法读取签名密钥")?;
        Ok(Store::new(db, clock, signer, Files::new(self.path.join("files")), UNRECORDED))
    }

    fn config_path(&self) -> PathBuf {
        self.path.join("zhenxing.toml")
    }
}
