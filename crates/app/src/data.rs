//! A data folder: database, keys, attachments, settings. Opened by every command.

mod making;

use crate::app::{SLICES, migrations};
use anyhow::{Context, Result, bail};
use kit::Store;
use kit::clock::Clock;
use kit::db::{Db, MigrateError, Migration, applied, check, migrate};
use kit::files::Files;
use kit::record::Signer;
pub use making::Making;
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// `DATA/zhenxing.toml`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `postgres://…`; absent, the database is `zhenxing.db` in the folder.
    pub database: Option<String>,
    /// Whom users ring for help.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help_phone: String,
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

    /// Where the signing key lies.
    pub fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// Keeps a second program from serving the same folder for as long as the file is held.
    pub fn hold(&self) -> Result<File> {
        let lock =
            kit::files::open_private(&self.path.join("serving.lock")).with_context(|| self.not_writable())?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => bail!(
                "数据目录 {} 已由另一个正在运行的程序使用，请先结束那个程序，或用 --data 换一个目录。",
                self.path.display()
            ),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| self.not_writable()),
        }
    }

    /// Makes the folder with its keys and settings. Refuses one that is in use.
    pub fn create(&self, config: &Config, signer: &Signer) -> Result<()> {
        if self.exists() {
            bail!("数据目录 {} 已有数据，请换一个目录，或直接使用它。", self.path.display());
        }
        self.make()?;
        self.save_key(signer)?;
        self.write_config(config)
    }

    pub fn save_key(&self, signer: &Signer) -> Result<()> {
        signer.save(&self.keys()).with_context(|| self.not_writable())
    }

    /// Takes away all that this program puts into a data folder, and nothing else.
    pub fn clear(&self) -> std::io::Result<()> {
        for name in ["zhenxing.toml", "zhenxing.db-shm", "zhenxing.db-wal", "zhenxing.db", "files", "keys"] {
            making::remove(&self.path.join(name))?;
        }
        Ok(())
    }

    /// Writes the settings; from then on the folder is a data folder.
    pub fn write_config(&self, config: &Config) -> Result<()> {
        let text = toml::to_string(config).expect("the settings are plain");
        kit::files::write_private(&self.config_path(), text.as_bytes()).with_context(|| self.not_writable())
    }

    pub fn config(&self) -> Result<Config> {
        let text = std::fs::read_to_string(self.config_path()).with_context(|| {
            format!("{0} 不是数据目录，请先运行 zhenxing init --data {0}。", self.path.display())
        })?;
        toml::from_str(&text).with_context(|| format!("{} 有误", self.config_path().display()))
    }

    /// Opens the store, bringing its schema up to date.
    pub async fn open(&self, clock: Clock) -> Result<Store> {
        let (db, files) = self.prepare(&self.config()?).await?;
        self.store(db, files, clock)
    }

    /// Opens the store as it is, for commands that only read; refuses an older schema.
    pub async fn open_unchanged(&self, clock: Clock) -> Result<Store> {
        let db = self.connect(&self.config()?).await?;
        let done = applied(&db).await.context("数据库尚未建立，请先启动一次服务")?;
        check(&done, &migrations())?;
        if done.len() < migrations().len() {
            bail!("数据库结构比程序旧，请先用本版本程序启动一次服务。");
        }
        self.store(db, self.files(), clock)
    }

    /// The database with the newest schema, and the folder of attachments.
    pub async fn prepare(&self, config: &Config) -> Result<(Db, Files)> {
        self.prepare_as(config, &migrations()).await
    }

    /// The same with the schema of these migrations, which may be an older one.
    pub async fn prepare_as(&self, config: &Config, schema: &[Migration]) -> Result<(Db, Files)> {
        self.make()?;
        let db = self.connect(config).await?;
        match migrate(&db, schema).await {
            Err(MigrateError::Database(error)) => return Err(error).context("无法更新数据库结构"),
            done => done?,
        }
        Ok((db, self.files()))
    }

    pub fn make(&self) -> Result<()> {
        kit::files::create_private_dir(&self.path).with_context(|| self.not_writable())
    }

    async fn connect(&self, config: &Config) -> Result<Db> {
        match &config.database {
            Some(address) => {
                Db::open_postgres(address).await.context("无法连接 PostgreSQL，请检查地址与网络")
            }
            None => {
                let file = self.path.join("zhenxing.db");
                kit::files::open_private(&file).with_context(|| self.not_writable())?;
                Db::open_sqlite(&file).await.context("无法打开数据库文件")
            }
        }
    }

    fn files(&self) -> Files {
        Files::new(self.path.join("files"))
    }

    fn store(&self, db: Db, files: Files, clock: Clock) -> Result<Store> {
        let signer = Signer::load(&self.keys()).context("无法读取签名密钥")?;
        Ok(Store::new(db, clock, signer, files, SLICES))
    }

    fn config_path(&self) -> PathBuf {
        self.path.join("zhenxing.toml")
    }

    fn not_writable(&self) -> String {
        format!("无法写入数据目录 {}，请检查权限或用 --data 换一个目录。", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::DataFolder;

    #[test]
    fn one_program_at_a_time_serves_a_folder() {
        let path = std::env::temp_dir().join(format!("zhenxing-held-{}", std::process::id()));
        let folder = DataFolder::new(&path);
        folder.make().expect("it can be made");
        let held = folder.hold().expect("nobody else holds it");
        let refusal = folder.hold().expect_err("it is held").to_string();
        assert!(refusal.contains("已由另一个正在运行的程序使用"), "{refusal}");
        drop(held);
        folder.hold().expect("it is free again");
        std::fs::remove_dir_all(path).expect("it can be removed");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("zhenxing-private-{}", std::process::id()));
        DataFolder::new(&path).make().expect("it can be made");
        let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        std::fs::remove_dir_all(path).expect("it can be removed");
    }
}
