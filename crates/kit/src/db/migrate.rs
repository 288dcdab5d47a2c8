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

/// Brings a database to the newest schema. Refuses one that is newer, or whose past was altered.
pub async fn migrate(db: &Db, migrations: &[Migration]) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.script(fill(
        db,
        "CREATE TABLE IF NOT EXISTS migration (name {text} PRIMARY KEY, checksum {text} NOT NULL)",
    ))
    .await?;
    tx.commit().await?;
    let done = applied(db).await?;
    for (name, checksum) in &done {
        match migrations.iter().find(|step| step.name == name) {
            Some(step) if step.checksum() == *checksum => {}
            Some(_) => {
                return Err(refuse(format!("migration {name} is not the one that made this database")));
            }
            None => {
                return Err(refuse(format!(
                    "migration {name} is unknown: the database is newer than the program"
                )));
            }
        }
    }
    for step in migrations.iter().filter(|step| !done.iter().any(|(name, _)| name == step.name)) {
        let mut tx = db.begin().await?;
        tx.script(fill(db, step.sql)).await?;
        tx.exec("INSERT INTO migration (name, checksum) VALUES ($1, $2)", args![step.name, step.checksum()])
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The migrations a database has had, with their checksums.
pub async fn applied(db: &Db) -> Result<Vec<(String, String)>> {
    db.read().all("SELECT name, checksum FROM migration ORDER BY name", args![]).await
}

fn fill(db: &Db, sql: &str) -> String {
    db.dialect().iter().fold(sql.to_owned(), |text, (token, words)| text.replace(token, words))
}

fn refuse(says: String) -> sqlx::Error {
    sqlx::Error::Configuration(says.into())
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
