//! Two engines behind one face: embedded SQLite and PostgreSQL, one SQL text for both.
//!
//! Everything in which the engines differ stands in this folder. Placeholders are `$1`, columns
//! are integer, text or bytes, and a statement that is not written out goes through `Sql::built`.

mod cells;
mod migrate;
mod pages;
pub mod schema;
mod value;

pub use cells::{Cell, Cells};
pub use migrate::{MigrateError, Migration, applied, check, migrate, tables_in_order};
pub(crate) use pages::Pages;
pub use value::{Args, Value};

use crate::args;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{
    Arguments, AssertSqlSafe, Connection, Encode, FromRow, PgConnection, PgPool, Postgres, SqlSafeStr,
    SqlStr, Sqlite, SqlitePool, Transaction, Type,
};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

pub type Result<T> = std::result::Result<T, sqlx::Error>;

/// A database. Cloning shares the pools.
#[derive(Clone)]
pub enum Db {
    /// One writer, so that transactions queue instead of failing, and several readers.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
    },
    Pg(PgPool),
}

/// A row type that both engines can fill: `#[derive(sqlx::FromRow)]` gives it.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement. Written out it is `'static`; a built one says so, and review finds it.
#[derive(Clone)]
pub enum Sql {
    Written(&'static str),
    Built(String),
}

impl Sql {
    /// A statement put together at run time, from our own texts only.
    pub fn built(text: String) -> Sql {
        Sql::Built(text)
    }

    pub fn text(&self) -> &str {
        match self {
            Sql::Written(text) => text,
            Sql::Built(text) => text,
        }
    }

    fn with(self, tail: &str) -> Sql {
        Sql::Built(format!("{}{tail}", self.text()))
    }
}

impl SqlSafeStr for Sql {
    fn into_sql_str(self) -> SqlStr {
        match self {
            Sql::Written(text) => text.into_sql_str(),
            Sql::Built(text) => AssertSqlSafe(text).into_sql_str(),
        }
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Sql {
        Sql::Written(text)
    }
}

/// Rows that SQLite's thread reads ahead of ours: those of a page, so that the two change places once.
const ROWS_AHEAD: usize = 256;

/// The longest a query may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);

impl Db {
    /// Opens a SQLite file, made where it is missing.
    pub async fn open_sqlite(file: &Path) -> Result<Db> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .row_buffer_size(ROWS_AHEAD)
            .pragma("trusted_schema", "OFF")
            .pragma("cell_size_check", "ON");
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Db::Sqlite { write, read })
    }

    /// Connects to `postgres://…`.
    pub async fn open_postgres(address: &str) -> Result<Db> {
        let options = PgConnectOptions::from_str(address)?
            .options([("statement_timeout", "10s"), ("idle_in_transaction_session_timeout", "30s")]);
        // The pool would hide why nobody answers, and ask for as long as its patience lasts.
        PgConnection::connect_with(&options).await?.close().await?;
        Ok(Db::Pg(
            PgPoolOptions::new().max_connections(8).acquire_timeout(PATIENCE).connect_with(options).await?,
        ))
    }

    /// A reader outside any transaction: each query sees the newest committed state.
    pub fn read(&self) -> Read<'_> {
        Read(Source::Pool(self))
    }

    /// Starts a transaction that will write.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Pg(pool) => Tx::Pg(pool.begin().await?),
        })
    }

    /// Starts a transaction that only reads, and sees one state throughout.
    pub async fn begin_snapshot(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite { read, .. } => Tx::Sqlite(read.begin_with("BEGIN DEFERRED").await?),
            Db::Pg(pool) => {
                let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                // Between two queries a backup may compress for minutes, and one query may read a whole table.
                let patient =
                    "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0";
                sqlx::raw_sql(patient).execute(&mut *tx).await?;
                Tx::Pg(tx)
            }
        })
    }

    /// What is broken in the database's file, as the engine says it; PostgreSQL looks after its own.
    pub(crate) async fn damage(&self) -> Result<Option<String>> {
        let Db::Sqlite { .. } = self else { return Ok(None) };
        match self.read().one::<(String,)>("PRAGMA quick_check(1)", args![]).await {
            Ok((words,)) => Ok((words != "ok").then_some(words)),
            Err(sqlx::Error::Database(error)) => Ok(Some(error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// Ends all connections, so that the files are whole on disk.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Db::Pg(pool) => pool.close().await,
        }
    }

    /// Writes one statement in a transaction of its own. For unrecorded tables only; the record's
    /// tables are written through an `Act`.
    pub(crate) async fn exec(&self, sql: impl Into<Sql>, args: Args) -> Result<u64> {
        let mut tx = self.begin().await?;
        let count = tx.exec(sql, args).await?;
        tx.commit().await?;
        Ok(count)
    }

    /// SQL words in which the engines differ, for migrations: `{int}`, `{text}`, `{bytes}`, `{strict}`.
    fn dialect(&self) -> [(&'static str, &'static str); 5] {
        match self {
            Db::Sqlite { .. } => [
                ("{int}", "INTEGER"),
                ("{text}", "TEXT"),
                ("{bytes}", "BLOB"),
                ("{strict}", " STRICT"),
                ("{empty}", "x''"),
            ],
            Db::Pg(_) => [
                ("{int}", "BIGINT"),
                ("{text}", "TEXT COLLATE \"C\""),
                ("{bytes}", "BYTEA"),
                ("{strict}", ""),
                ("{empty}", "'\\x'"),
            ],
        }
    }
}

/// Something to read from: the pool, or a transaction that sees its own writes.
pub struct Read<'a>(Source<'a>);

enum Source<'a> {
    Pool(&'a Db),
    Tx(&'a mut Tx),
}

/// Runs one statement on whichever engine and connection it is for.
macro_rules! run {
    ($source:expr, $sql:expr, $args:expr, $query:ident::<$($row:ty)?>.$method:ident) => {{
        let (sql, args): (Sql, Args) = ($sql.into(), $args);
        match $source {
            Source::Pool(Db::Sqlite { read, .. }) => {
                sqlx::$query::<Sqlite $(, $row)?, _>(sql, bind_sqlite(args)?).$method(read).await
            }
            Source::Pool(Db::Pg(pool)) => {
                sqlx::$query::<Postgres $(, $row)?, _>(sql, bind_pg(args)?).$method(pool).await
            }
            Source::Tx(Tx::Sqlite(tx)) => {
                sqlx::$query::<Sqlite $(, $row)?, _>(sql, bind_sqlite(args)?).$method(&mut **tx).await
            }
            Source::Tx(Tx::Pg(tx)) => {
                sqlx::$query::<Postgres $(, $row)?, _>(sql, bind_pg(args)?).$method(&mut **tx).await
            }
        }
    }};
}

impl Read<'_> {
    /// The same source once more, for a function that takes it whole.
    pub fn again(&mut self) -> Read<'_> {
        match &mut self.0 {
            Source::Pool(db) => Read(Source::Pool(db)),
            Source::Tx(tx) => Read(Source::Tx(tx)),
        }
    }

    /// All rows, in the statement's order.
    pub async fn all<T: Row>(&mut self, sql: impl Into<Sql>, args: Args) -> Result<Vec<T>> {
        run!(&mut self.0, sql, args, query_as_with::<T>.fetch_all)
    }

    /// The row, if there is one.
    pub async fn opt<T: Row>(&mut self, sql: impl Into<Sql>, args: Args) -> Result<Option<T>> {
        run!(&mut self.0, sql, args, query_as_with::<T>.fetch_optional)
    }

    /// The row that must be there.
    pub async fn one<T: Row>(&mut self, sql: impl Into<Sql>, args: Args) -> Result<T> {
        run!(&mut self.0, sql, args, query_as_with::<T>.fetch_one)
    }

    /// One whole number: a count, a sum cast to BIGINT.
    pub async fn int(&mut self, sql: impl Into<Sql>, args: Args) -> Result<i64> {
        Ok(self.one::<(i64,)>(sql, args).await?.0)
    }

    /// Rows of any shape, column by column.
    pub async fn cells(&mut self, sql: impl Into<Sql>, args: Args) -> Result<Vec<Cells>> {
        let (sql, args): (Sql, Args) = (sql.into(), args);
        match &mut self.0 {
            Source::Pool(Db::Sqlite { read, .. }) => {
                let rows = sqlx::query_with(sql, bind_sqlite(args)?).fetch_all(read).await?;
                rows.iter().map(cells::from_sqlite).collect()
            }
            Source::Pool(Db::Pg(pool)) => {
                let rows = sqlx::query_with(sql, bind_pg(args)?).fetch_all(pool).await?;
                rows.iter().map(cells::from_pg).collect()
            }
            Source::Tx(Tx::Sqlite(tx)) => {
                let rows = sqlx::query_with(sql, bind_sqlite(args)?).fetch_all(&mut **tx).await?;
                rows.iter().map(cells::from_sqlite).collect()
            }
            Source::Tx(Tx::Pg(tx)) => {
                let rows = sqlx::query_with(sql, bind_pg(args)?).fetch_all(&mut **tx).await?;
                rows.iter().map(cells::from_pg).collect()
            }
        }
    }
}

/// A transaction. Dropped without `commit`, it never happened.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

impl Tx {
    /// Reads that see what this transaction wrote.
    pub fn read(&mut self) -> Read<'_> {
        Read(Source::Tx(self))
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) async fn exec(&mut self, sql: impl Into<Sql>, args: Args) -> Result<u64> {
        let sql = sql.into();
        Ok(match self {
            Tx::Sqlite(tx) => {
                sqlx::query_with(sql, bind_sqlite(args)?).execute(&mut **tx).await?.rows_affected()
            }
            Tx::Pg(tx) => sqlx::query_with(sql, bind_pg(args)?).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Runs several statements at once, as migrations do.
    async fn script(&mut self, text: String) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await.map(|_| ()),
            Tx::Pg(tx) => sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await.map(|_| ()),
        }
    }

    /// Runs a write and gives back every row it wrote, whole.
    pub(crate) async fn write_returning(&mut self, sql: Sql, args: Args) -> Result<Vec<Cells>> {
        self.read().cells(sql.with(" RETURNING *"), args).await
    }

    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await,
            Tx::Pg(tx) => tx.commit().await,
        }
    }
}

/// Whether an error says that a row with this key is there already.
pub fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

/// Whether PostgreSQL ended this act because it and another waited for each other.
pub fn is_deadlock(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("40P01"))
}

fn bind_sqlite(args: Args) -> Result<SqliteArguments> {
    let mut bound = SqliteArguments::default();
    for value in args {
        add(&mut bound, value)?;
    }
    Ok(bound)
}

fn bind_pg(args: Args) -> Result<PgArguments> {
    let mut bound = PgArguments::default();
    for value in args {
        add(&mut bound, value)?;
    }
    Ok(bound)
}

fn add<'q, A: Arguments>(bound: &mut A, value: Value) -> Result<()>
where
    i64: Encode<'q, A::Database> + Type<A::Database>,
    String: Encode<'q, A::Database> + Type<A::Database>,
    Vec<u8>: Encode<'q, A::Database> + Type<A::Database>,
    Option<i64>: Encode<'q, A::Database> + Type<A::Database>,
    Option<String>: Encode<'q, A::Database> + Type<A::Database>,
    Option<Vec<u8>>: Encode<'q, A::Database> + Type<A::Database>,
{
    match value {
        Value::Int(value) => bound.add(value),
        Value::Text(value) => bound.add(value),
        Value::Bytes(value) => bound.add(value),
        Value::NoInt => bound.add(None::<i64>),
        Value::NoText => bound.add(None::<String>),
        Value::NoBytes => bound.add(None::<Vec<u8>>),
    }
    .map_err(sqlx::Error::Encode)
}

/// The tables of the database, by name.
pub async fn tables(db: &Db) -> Result<Vec<String>> {
    let sql = match db {
        Db::Sqlite { .. } => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        }
        Db::Pg(_) => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
        }
    };
    Ok(db.read().all::<(String,)>(sql, Vec::new()).await?.into_iter().map(|(name,)| name).collect())
}
