//! A world for one test: a database of its own with the programme founded and the cast in it.
//!
//! SQLite copies a prepared file; PostgreSQL copies a prepared database. `both!` runs a test on
//! each. `ZHENXING_TEST_PG` names the server; without it the tests fail and say so.

use domain::day::Day;
use domain::pack::Pack;
use kit::Store;
use kit::args;
use kit::clock::Clock;
use kit::db::{Db, migrate};
use kit::files::Files;
use kit::record::Signer;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use tokio::sync::OnceCell;
use zhenxing::App;
use zhenxing::app::{SLICES, Settings, migrations};
use zhenxing::demo::{Cast, cast};
use zhenxing::founding::{Founding, found};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// `both!(name, world => { … })`: the same test on both engines.
#[macro_export]
macro_rules! both {
    ($name:ident, $world:ident => $body:block) => {
        async fn $name($world: $crate::world::World) $body

        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                super::$name($crate::world::World::new($crate::world::Engine::Sqlite).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$name($crate::world::World::new($crate::world::Engine::Postgres).await).await;
            }
        }
    };
}

pub struct World {
    pub app: App,
    pub cast: Cast,
    pub engine: Engine,
    pub folder: PathBuf,
    /// `postgres://…`, where the data is there.
    pub address: Option<String>,
}

pub static PACK: LazyLock<Arc<Pack>> =
    LazyLock::new(|| Arc::new(zhenxing::packs::jiangxi().expect("the pack is whole")));

/// The founded database each test copies, and the cast in it.
struct Prepared {
    sqlite_file: PathBuf,
    sqlite_cast: Cast,
    postgres_cast: Cast,
}

static PREPARED: OnceCell<Prepared> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The day the world is founded, and the day tests begin on.
const FOUNDED: &str = "2016-12-27";
pub const TODAY: &str = "2018-04-26";

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

impl World {
    pub async fn new(engine: Engine) -> World {
        let prepared = PREPARED.get_or_init(prepare).await;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = scratch_folder().join(format!("world-{number}"));
        std::fs::create_dir_all(&folder).expect("a folder for the world");
        let (db, cast, address) = match engine {
            Engine::Sqlite => {
                let file = folder.join("zhenxing.db");
                std::fs::copy(&prepared.sqlite_file, &file).expect("the prepared file is copied");
                (Db::open_sqlite(&file).await.expect("opened"), prepared.sqlite_cast.clone(), None)
            }
            Engine::Postgres => {
                let name = format!("{}_{number}", database_prefix());
                admin(&format!("CREATE DATABASE {name} TEMPLATE {}", template_name())).await;
                let address = address(&name);
                let db = Db::open_postgres(&address).await.expect("opened");
                (db, prepared.postgres_cast.clone(), Some(address))
            }
        };
        let store = store(db, &folder, Clock::on(day(TODAY)));
        World { app: app(store), cast, engine, folder, address }
    }

    pub fn store(&self) -> &Store {
        self.app.store()
    }

    /// A world with the same data, to spoil.
    pub async fn copy(&self) -> World {
        let copy = self.empty().await;
        self.pour_into(&copy, &migrations()).await;
        copy
    }

    /// Fills a world of these migrations with what this one has, as restoring a backup does.
    pub async fn pour_into(&self, other: &World, migrations: &[kit::db::Migration]) {
        let file = self.folder.join(format!("{}.backup", COUNT.fetch_add(1, Ordering::Relaxed)));
        let keys = self.folder.join("keys");
        self.store().signer().save(&keys).expect("saved");
        let kind = kit::archive::Kind::Backup { keys: &keys, help_phone: "" };
        kit::archive::write(self.store(), kind, &file).await.expect("written");
        let store = other.store();
        let order = kit::db::tables_in_order(migrations);
        let backup = kit::archive::Backup::open(&file).expect("a backup");
        backup.pour(store.db(), store.files(), &other.folder.join("keys"), &order).await.expect("poured");
    }

    /// A world with the tables and nothing in them, on the same engine.
    pub async fn empty(&self) -> World {
        self.empty_on(self.engine).await
    }

    pub async fn empty_on(&self, engine: Engine) -> World {
        let bare = self.bare_on(engine).await;
        migrate(bare.store().db(), &migrations()).await.expect("migrated");
        bare
    }

    /// A world without even the tables.
    pub async fn bare_on(&self, engine: Engine) -> World {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = scratch_folder().join(format!("world-{number}"));
        std::fs::create_dir_all(&folder).expect("a folder for the world");
        let address = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let name = format!("{}_{number}", database_prefix());
                admin(&format!("CREATE DATABASE {name}")).await;
                Some(address(&name))
            }
        };
        let db = match &address {
            None => Db::open_sqlite(&folder.join("zhenxing.db")).await.expect("opened"),
            Some(address) => Db::open_postgres(address).await.expect("opened"),
        };
        let store = store(db, &folder, Clock::on(day(TODAY)));
        World { app: app(store), cast: self.cast.clone(), engine, folder, address }
    }

    /// Changes the data behind the program's back, as a database tool can.
    pub async fn tamper(&self, sql: &'static str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self.store().db() {
            Db::Sqlite { write, .. } => sqlx::raw_sql(sql).execute(write).await.map(|_| ()),
            Db::Pg(pool) => sqlx::raw_sql(sql).execute(pool).await.map(|_| ()),
        }
        .expect("the tool's statement runs");
    }

    /// The same world on another day.
    pub fn on(&self, today: &str) -> World {
        self.with_app(app(self.store().at(Clock::on(day(today)))))
    }

    /// The same world served otherwise.
    pub fn with_app(&self, app: App) -> World {
        World {
            app,
            cast: self.cast.clone(),
            engine: self.engine,
            folder: self.folder.clone(),
            address: self.address.clone(),
        }
    }
}

fn app(store: Store) -> App {
    App::new(store, PACK.clone(), Settings { demo: true, ..Settings::default() })
        .expect("the application starts")
}

fn store(db: Db, folder: &Path, clock: Clock) -> Store {
    Store::new(db, clock, Signer::from_seed("36", [7; 32]), Files::new(folder.join("files")), SLICES)
}

async fn prepare() -> Prepared {
    let folder = scratch_folder();
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("what an older process of this number left is removed");
    }
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    let sqlite_file = folder.join("prepared.db");
    let db = Db::open_sqlite(&sqlite_file).await.expect("opened");
    let sqlite_cast = furnish(db, &folder).await;
    admin(&format!("DROP DATABASE IF EXISTS {}", template_name())).await;
    admin(&format!("CREATE DATABASE {}", template_name())).await;
    let db = Db::open_postgres(&address(&template_name())).await.expect("opened");
    let postgres_cast = furnish(db, &folder).await;
    Prepared { sqlite_file, sqlite_cast, postgres_cast }
}

async fn furnish(db: Db, folder: &Path) -> Cast {
    migrate(&db, &migrations()).await.expect("migrated");
    let store = store(db.clone(), folder, Clock::on(day(FOUNDED)));
    let founding =
        Founding {
            name: "江西省特色小镇建设", pack: "jiangxi", division_code: "360000", from: day(FOUNDED)
        };
    found(&store, &founding).await.expect("founded");
    let cast = cast(&store, day(FOUNDED)).await.expect("cast");
    db.close().await;
    cast
}

fn scratch_folder() -> PathBuf {
    std::env::temp_dir().join(format!("zhenxing-test-{}", std::process::id()))
}

fn database_prefix() -> String {
    format!("zx_{}", std::process::id())
}

fn template_name() -> String {
    format!("{}_template", database_prefix())
}

fn server() -> String {
    std::env::var("ZHENXING_TEST_PG").expect("ZHENXING_TEST_PG names a PostgreSQL server: run bin/test")
}

fn address(database: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').expect("postgres://user@host:port/database");
    format!("{base}/{database}")
}

async fn admin(sql: &str) {
    let pool = sqlx::PgPool::connect(&server()).await.expect("the PostgreSQL server answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&pool).await.expect("the statement runs");
    pool.close().await;
}

/// Waits until nobody is connected to a database: its server has ended what a dead program asked.
pub async fn nobody_is_at(address: &str) {
    let pool = sqlx::PgPool::connect(&server()).await.expect("the PostgreSQL server answers");
    let (_, name) = address.rsplit_once('/').expect("an address ends in the database's name");
    let there = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1";
    while sqlx::query_scalar::<_, i64>(there).bind(name).fetch_one(&pool).await.expect("counted") > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    pool.close().await;
}

/// Every test database is one of ours and thrown away with its server; a count shows it is alive.
pub async fn count(store: &Store, sql: &'static str) -> i64 {
    store.read().int(sql, args![]).await.expect("counted")
}
