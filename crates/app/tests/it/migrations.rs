//! Each migration over data of the version before; and databases this program must leave alone.

use crate::both;
use crate::declarations::at_city;
use crate::world::{World, count, day};
use kit::args;
use kit::clock::Clock;
use kit::db::{Cells, Sql, migrate, tables_in_order};
use kit::record::verify;
use zhenxing::app::migrations;
use zhenxing::data::{Config, DataFolder};

both!(every_older_store_migrates_with_its_data, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    at_city(&april, &batch, "ciyuan").await;
    let all = migrations();
    for known in 1..all.len() {
        let older = world.bare_on(world.engine).await;
        migrate(older.store().db(), &all[..known]).await.expect("the older program made it");
        world.pour_into(&older, &all[..known]).await;
        migrate(older.store().db(), &all).await.expect("this program brings it up to date");
        for table in vouched_for(&world, known).await {
            let (then, now) = (rows(&world, &table).await, rows(&older, &table).await);
            assert_eq!(then, now, "{table}, migrated from {}", all[known - 1].name);
        }
        migrate(older.store().db(), &all).await.expect("a second time changes nothing");
        let sql = "SELECT COUNT(*) FROM migration";
        assert_eq!(count(older.store(), sql).await, all.len() as i64);
        if known == all.len() - 1 {
            let verdict = verify(older.store(), None).await.expect("verified");
            assert!(verdict.is_true(), "{:?}", verdict.faults);
        }
    }
});

both!(who_filled_in_an_older_draft_is_still_known, world => {
    let all = migrations();
    let before = all.iter().position(|step| step.name == "0012_editors").expect("the migration");
    let older = world.bare_on(world.engine).await;
    migrate(older.store().db(), &all[..before]).await.expect("the older program made it");
    older
        .tamper(
            "INSERT INTO draft_section (id, submission_id, code, content, version, saved_ms, saved_by) VALUES \
               ('1', 's', 'a', '', 1, 5, 'one'), ('2', 's', 'b', '', 1, 7, 'one'), ('3', 's', 'c', '', 1, 0, ''); \
             INSERT INTO draft_file (id, submission_id, item, name, blob_id, size, media_type, position, added_ms, \
               added_by) VALUES ('1', 's', 'a', '', '', 0, '', 0, 6, 'two'), ('2', 's', 'a', '', '', 0, '', 1, 0, '')",
        )
        .await;
    migrate(older.store().db(), &all).await.expect("this program brings it up to date");
    let sql = "SELECT person_id, at_ms FROM draft_editor ORDER BY person_id";
    let rows: Vec<(String, i64)> = older.store().read().all(sql, args![]).await.expect("read");
    assert_eq!(rows, [("one".to_owned(), 7), ("two".to_owned(), 6)]);
});

both!(a_database_of_a_newer_program_is_left_alone, world => {
    world.tamper("INSERT INTO migration (name, checksum) VALUES ('9999_later', 'x')").await;
    let says = "数据库已由更新版本的程序升级（本程序不认识“9999_later”），请改用该版本或更新版本的程序启动。";
    assert_eq!(refusals(&world).await, [says, says]);
});

both!(a_database_of_another_history_is_left_alone, world => {
    world.tamper("UPDATE migration SET checksum = 'x' WHERE name = '0003_places'").await;
    let says = "数据库的结构不是由本程序建立的（“0003_places”与本程序所带的不一致），请用建立它的程序启动。";
    assert_eq!(refusals(&world).await, [says, says]);
});

both!(reading_an_older_database_asks_for_a_start_first, world => {
    world.tamper("DELETE FROM migration WHERE name = '0009_indexes'").await;
    let error = folder(&world).open_unchanged(Clock::on(day("2018-04-26"))).await.err().expect("refused");
    assert_eq!(format!("{error:#}"), "数据库结构比程序旧，请先用本版本程序启动一次服务。");
});

/// Tables of the first migrations whose rows the record vouches for.
async fn vouched_for(world: &World, known: usize) -> Vec<String> {
    let recorded = world.store().recorded_tables();
    let mut tables = tables_in_order(&migrations()[..known]);
    tables.retain(|table| recorded.contains(table));
    tables
}

async fn rows(world: &World, table: &str) -> Vec<Cells> {
    let sql = Sql::built(format!("SELECT * FROM {table} ORDER BY id"));
    world.store().read().cells(sql, args![]).await.expect("read")
}

fn folder(world: &World) -> DataFolder {
    let folder = DataFolder::new(&world.folder);
    if !folder.exists() {
        let config = Config { database: world.address.clone(), demo: true, ..Config::default() };
        folder.create(&config, world.store().signer()).expect("a data folder");
    }
    folder
}

/// What the program says when it is to serve from the database, and when it is to read it.
async fn refusals(world: &World) -> [String; 2] {
    let folder = folder(world);
    let clock = Clock::on(day("2018-04-26"));
    let served = folder.open(clock).await.err().expect("refused");
    let read = folder.open_unchanged(clock).await.err().expect("refused");
    [format!("{served:#}"), format!("{read:#}")]
}
