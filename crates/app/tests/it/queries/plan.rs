//! Asks an engine how it would run a statement, and which tables it would walk through whole.

use crate::world::World;
use kit::db::Db;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};

/// An engine to ask, and the names of its tables.
pub struct Planner {
    asked: Asked,
    tables: Vec<String>,
}

enum Asked {
    Sqlite(SqlitePool),
    /// One connection of its own, that prefers any index to none and plans for unknown values.
    Pg(PgPool),
}

impl Planner {
    pub async fn of(world: &World) -> Planner {
        let tables = kit::db::tables(world.store().db()).await.expect("read");
        let asked = match world.store().db() {
            Db::Sqlite { read, .. } => Asked::Sqlite(read.clone()),
            Db::Pg(_) => {
                let options = sqlx::postgres::PgPoolOptions::new().max_connections(1);
                let pool = options.connect(world.address.as_deref().expect("an address")).await;
                let pool = pool.expect("connected");
                for setting in [
                    "plan_cache_mode = force_generic_plan",
                    "enable_seqscan = off",
                    "enable_hashjoin = off",
                    "enable_mergejoin = off",
                    "enable_material = off",
                    "jit = off",
                ] {
                    let sql = AssertSqlSafe(format!("SET {setting}"));
                    sqlx::raw_sql(sql).execute(&pool).await.expect("set");
                }
                Asked::Pg(pool)
            }
        };
        Planner { asked, tables }
    }

    /// The tables a statement walks through whole; the engine's words where it cannot be planned.
    pub async fn walks(&self, sql: &str) -> Result<Vec<String>, String> {
        match &self.asked {
            Asked::Sqlite(pool) => self.walks_in_sqlite(pool, sql).await,
            Asked::Pg(pool) => walks_in_postgres(pool, sql).await,
        }
        .map_err(|error| error.to_string())
    }

    async fn walks_in_sqlite(&self, pool: &SqlitePool, sql: &str) -> sqlx::Result<Vec<String>> {
        let explained = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::raw_sql(explained).fetch_all(pool).await?;
        let mut walks = Vec::new();
        for row in rows {
            let detail: String = row.try_get("detail")?;
            if let Some(rest) = detail.strip_prefix("SCAN ") {
                walks.extend(self.table_called(sql, rest.split(' ').next().expect("a name")));
            }
        }
        Ok(walks)
    }

    /// The table behind the short name a statement gives it; none for a subquery of that name.
    fn table_called(&self, sql: &str, name: &str) -> Option<String> {
        let words: Vec<&str> =
            sql.split([' ', '(', ')', ',']).filter(|word| !word.is_empty() && *word != "AS").collect();
        let named =
            words.windows(2).find(|pair| pair[1] == name && self.tables.iter().any(|table| table == pair[0]));
        match named {
            Some(pair) => Some(pair[0].to_owned()),
            None => self.tables.iter().find(|table| *table == name).cloned(),
        }
    }
}

async fn walks_in_postgres(pool: &PgPool, sql: &str) -> sqlx::Result<Vec<String>> {
    let run = |sql: String| sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool);
    run(format!("PREPARE asked AS {sql}")).await?;
    let count = (1..100).take_while(|number| sql.contains(&format!("${number}"))).count();
    let unknown = match count {
        0 => String::new(),
        count => format!("({})", vec!["NULL"; count].join(", ")),
    };
    let explained = AssertSqlSafe(format!("EXPLAIN (FORMAT JSON) EXECUTE asked{unknown}"));
    let answer = sqlx::raw_sql(explained).fetch_one(pool).await;
    run("DEALLOCATE asked".to_owned()).await?;
    let text: String = answer?.try_get_unchecked(0)?;
    let plan: Value = serde_json::from_str(&text).expect("a plan is JSON");
    let mut walks = Vec::new();
    collect(&plan[0]["Plan"], None, &mut walks);
    Ok(walks)
}

/// A scan without a condition on its index walks through everything.
fn collect(node: &Value, heap: Option<&str>, walks: &mut Vec<String>) {
    let table = node["Relation Name"].as_str().or(heap);
    let kind = node["Node Type"].as_str().unwrap_or_default();
    let whole = match kind {
        "Seq Scan" => true,
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => node["Index Cond"].is_null(),
        _ => false,
    };
    if whole {
        walks.extend(table.map(str::to_owned));
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        collect(below, table, walks);
    }
}
