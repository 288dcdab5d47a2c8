//! Migrations: numbered, forward only, each one transaction, with its checksum kept.

use super::{Db, Result};
use crate::args;
use sha2::{Digest, Sha256};

/// One step of the schema, in the portable subset with the tokens of `Db::dialect`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// `0003_declarations`: its place in the order and what it is about.
    pub name: &'static str,
    pub sql: &'static str,
}

impl Migration {
    fn checksum(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.sql))
    }
}

/// Why a database cannot be brought to the newest schema, in words for whoever runs the program.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("数据库已由更新版本的程序升级（本程序不认识“{0}”），请改用该版本或更新版本的程序启动。")]
    Newer(String),
    #[error("数据库的结构不是由本程序建立的（“{0}”与本程序所带的不一致），请用建立它的程序启动。")]
    Altered(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Brings a database to the newest schema. Refuses one that is newer, or whose past was altered.
pub async fn migrate(db: &Db, migrations: &[Migration]) -> std::result::Result<(), MigrateError> {
    let mut tx = db.begin().await?;
    tx.script(first_table(db)).await?;
    tx.commit().await?;
    let done = applied(db).await?;
    check(&done, migrations)?;
    for step in migrations.iter().filter(|step| !done.iter().any(|(name, _)| name == step.name)) {
        let mut tx = db.begin().await?;
        tx.script(fill(db, step.sql)).await?;
        tx.exec("INSERT INTO migration (name, checksum) VALUES ($1, $2)", args![step.name, step.checksum()])
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whether everything a database has had is known to this program, word for word.
pub fn check(done: &[(String, String)], migrations: &[Migration]) -> std::result::Result<(), MigrateError> {
    for (name, checksum) in done {
        match migrations.iter().find(|step| step.name == name) {
            Some(step) if step.checksum() == *checksum => {}
            Some(_) => return Err(MigrateError::Altered(name.clone())),
            None => return Err(MigrateError::Newer(name.clone())),
        }
    }
    Ok(())
}

/// The migrations a database has had, with their checksums.
pub async fn applied(db: &Db) -> Result<Vec<(String, String)>> {
    db.read().all("SELECT name, checksum FROM migration ORDER BY name", args![]).await
}

/// The table that stands before any migration.
pub(super) fn first_table(db: &Db) -> String {
    fill(db, "CREATE TABLE IF NOT EXISTS migration (name {text} PRIMARY KEY, checksum {text} NOT NULL)")
}

pub(super) fn fill(db: &Db, sql: &str) -> String {
    db.dialect().iter().fold(sql.to_owned(), |text, (token, words)| text.replace(token, words))
}

/// The tables in the order the migrations make them: each after those it refers to.
pub fn tables_in_order(migrations: &[Migration]) -> Vec<String> {
    migrations
        .iter()
        .flat_map(|step| step.sql.split("CREATE TABLE ").skip(1))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}
