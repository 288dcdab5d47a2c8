//! The tables as they stand against the tables the migrations make: made anew beside them, compared,
//! and taken away again.

use super::migrate::{Migration, fill, first_table};
use super::{Db, Result, Tx};
use crate::args;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use std::collections::{BTreeMap, BTreeSet};

/// A thing of the schema by its kind, name and table.
type Key = (String, String, String);
type Things = BTreeMap<Key, String>;

/// What is added, missing or altered, each in a sentence; `None` where the account may not look.
pub async fn differences(db: &Db, migrations: &[Migration]) -> Result<Option<Vec<String>>> {
    let (due, is) = match db {
        Db::Sqlite { .. } => (sqlite_due(migrations).await?, sqlite_things(db).await?),
        Db::Pg(_) => match pg_things(db, migrations).await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(NOT_ALLOWED) => {
                return Ok(None);
            }
            things => things?,
        },
    };
    let missing = due.keys().filter(|key| !is.contains_key(*key)).map(|key| format!("缺少{}", words(key)));
    let added = is.keys().filter(|key| !due.contains_key(*key)).map(|key| format!("多出{}", words(key)));
    let altered = due
        .iter()
        .filter(|(key, definition)| is.get(*key).is_some_and(|other| other != *definition))
        .map(|(key, _)| format!("{}的定义被改动", words(key)));
    Ok(Some(missing.chain(added).chain(altered).collect()))
}

/// PostgreSQL's code for a right that an account lacks.
const NOT_ALLOWED: &str = "42501";

fn words((kind, name, table): &Key) -> String {
    let kind = match kind.as_str() {
        "table" => "表",
        "index" => "索引",
        "trigger" => "触发器",
        "view" => "视图",
        "constraint" => "约束",
        "rule" => "重写规则",
        other => other,
    };
    if name == table { format!("{kind} {name}") } else { format!("{kind} {name}（表 {table}）") }
}

/// The tables that have a column of a name.
pub async fn tables_with(db: &Db, column: &str) -> Result<BTreeSet<String>> {
    let sql = match db {
        Db::Sqlite { .. } => {
            "SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = $1"
        }
        Db::Pg(_) => {
            "SELECT table_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = $1"
        }
    };
    let rows: Vec<(String,)> = db.read().all(sql, args![column]).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

type Line = (String, String, String, String);

fn things(lines: Vec<Line>) -> Things {
    lines.into_iter().map(|(kind, name, table, definition)| ((kind, name, table), definition)).collect()
}

/// All that a database in memory has after the same steps.
async fn sqlite_due(migrations: &[Migration]) -> Result<Things> {
    let options = SqliteConnectOptions::new().in_memory(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    let db = Db::Sqlite { write: pool.clone(), read: pool };
    let mut tx = db.begin().await?;
    make(&db, &mut tx, migrations).await?;
    tx.commit().await?;
    sqlite_things(&db).await
}

async fn sqlite_things(db: &Db) -> Result<Things> {
    let sql = "SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_schema \
               WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'";
    Ok(things(db.read().all(sql, args![]).await?))
}

async fn make(db: &Db, tx: &mut Tx, migrations: &[Migration]) -> Result<()> {
    tx.script(first_table(db)).await?;
    for step in migrations {
        tx.script(fill(db, step.sql)).await?;
    }
    Ok(())
}

/// What should be and what is. The schema beside ours goes with its transaction.
async fn pg_things(db: &Db, migrations: &[Migration]) -> Result<(Things, Things)> {
    let beside = format!("beside_{:x}", uuid::Uuid::now_v7().as_u128());
    let mut tx = db.begin().await?;
    let (ours,): (String,) = tx.read().one("SELECT current_schema()::text", args![]).await?;
    tx.script(format!("CREATE SCHEMA {beside}; SET LOCAL search_path = {beside}")).await?;
    make(db, &mut tx, migrations).await?;
    let due = pg_lines(&mut tx, &beside).await?;
    let is = pg_lines(&mut tx, &ours).await?;
    Ok((things(due), things(is)))
}

async fn pg_lines(tx: &mut Tx, schema: &str) -> Result<Vec<Line>> {
    let lines: Vec<Line> = tx.read().all(PG_THINGS, args![schema]).await?;
    let qualified = [format!("{schema}."), format!("\"{schema}\".")];
    let plain = |text: String| qualified.iter().fold(text, |text, name| text.replace(name, ""));
    Ok(lines
        .into_iter()
        .map(|(kind, name, table, definition)| (kind, name, table, plain(definition)))
        .collect())
}

/// Tables with their columns, indexes, constraints, triggers, views and rules of a schema; what an
/// extension brought is not counted.
const PG_THINGS: &str = "\
WITH ours AS (
  SELECT c.oid, c.relname::text AS name, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
)
SELECT CASE WHEN t.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, t.name, t.name,
  string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text
    || COALESCE(' ' || c.collname, '') || COALESCE(' ' || pg_get_expr(d.adbin, d.adrelid), ''), ', '
    ORDER BY a.attnum)
FROM ours t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_collation c ON c.oid = a.attcollation
LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
GROUP BY t.relkind, t.name
UNION ALL
SELECT 'index', i.relname::text, t.name, pg_get_indexdef(i.oid)
FROM ours t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
UNION ALL
SELECT 'constraint', c.conname::text, t.name, pg_get_constraintdef(c.oid)
FROM ours t JOIN pg_constraint c ON c.conrelid = t.oid
UNION ALL
SELECT 'trigger', g.tgname::text, t.name, pg_get_triggerdef(g.oid)
FROM ours t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
UNION ALL
SELECT 'rule', r.rulename::text, t.name, pg_get_ruledef(r.oid)
FROM ours t JOIN pg_rewrite r ON r.ev_class = t.oid WHERE r.rulename <> '_RETURN'";
