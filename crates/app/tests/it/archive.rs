//! Backups: a true copy on either engine, whole or refused, its owner's alone.

use crate::both;
use crate::world::{Engine, World, count};
use kit::archive::{Backup, Kind, Unfit, write};
use kit::args;
use kit::db::tables_in_order;
use kit::record::{Event, Who, latest_root, verify};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use zhenxing::app::migrations;
use zhenxing::data::DataFolder;

both!(a_backup_restores_to_a_true_copy_on_either_engine, world => {
    let file = backup_of(&world).await;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let copy = world.empty_on(engine).await;
        pour(&file, &copy).await.expect("poured");
        let verdict = verify(copy.store(), None).await.expect("verified");
        assert!(verdict.is_true(), "{:?}", verdict.faults);
        let root = latest_root(world.store().read()).await.expect("a root");
        assert_eq!(latest_root(copy.store().read()).await.expect("a root"), root);
        assert!(matches!(pour(&file, &copy).await, Err(Unfit::Occupied)), "a second time is refused");
    }
});

both!(a_backup_holds_the_attachments_of_drafts, world => {
    let hash = world.store().files().keep("草稿的附件".as_bytes()).expect("kept");
    let draft = "INSERT INTO draft_file (id, submission_id, item, name, blob_id, size, media_type, position, added_ms, \
                 added_by) VALUES ('f', 's', '1308', 'a.pdf', $1, 15, 'application/pdf', 0, 0, 'p')";
    world.store().scratch(draft, args![&hash]).await.expect("a draft's file");
    let file = backup_of(&world).await;
    let copy = world.empty().await;
    pour(&file, &copy).await.expect("poured");
    assert_eq!(std::fs::read(copy.store().files().path(&hash)).expect("its content"), "草稿的附件".as_bytes());
    let opened = std::fs::File::open(&file).expect("opened");
    let report = ::verify::verify(opened, &::verify::Options::default());
    assert!(report.is_true(), "{:?} {:?}", report.faults, report.unreadable);
});

both!(a_lost_attachment_does_not_stand_in_the_way_of_a_backup, world => {
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    act.write_one("INSERT INTO blob (id, size, media_type) VALUES ('lost', 1, 'x')", args![]).await.expect("written");
    act.commit(Event::new("person.changed", "person", "x")).await.expect("committed");
    let keys = world.folder.join("keys");
    world.store().signer().save(&keys).expect("saved");
    let file = world.folder.join("all.backup");
    assert_eq!(write(world.store(), backup_with(&keys), &file).await.expect("written"), ["lost"]);
    let copy = world.empty().await;
    pour(&file, &copy).await.expect("poured");
    let told = verify(copy.store(), None).await.expect("verified").faults;
    assert_eq!(told, ["附件 lost 缺失：被删除"]);
});

both!(a_restored_checkpoint_has_the_time_of_its_entry, world => {
    let file = backup_of(&world).await;
    let copy = world.empty().await;
    pour(&file, &copy).await.expect("poured");
    let sql = "SELECT COUNT(*) FROM log_checkpoint c JOIN log_entry e ON e.seq = c.size AND e.at_ms = c.at_ms";
    assert_eq!(count(copy.store(), sql).await, 1);
});

both!(a_cut_or_changed_backup_is_refused_and_nothing_is_written, world => {
    let file = backup_of(&world).await;
    let whole = std::fs::read(&file).expect("read");
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 0x40;
    let copy = world.empty().await;
    for spoilt in [&whole[..whole.len() / 2], &whole[..whole.len() - 4], &changed] {
        std::fs::write(&file, spoilt).expect("written");
        let refusal = pour(&file, &copy).await.expect_err("refused");
        assert!(matches!(refusal, Unfit::Damaged), "{refusal}");
        assert_eq!(count(copy.store(), "SELECT COUNT(*) FROM log_entry").await, 0);
        assert_eq!(count(copy.store(), "SELECT COUNT(*) FROM person").await, 0);
    }
});

both!(what_is_no_backup_is_told_apart, world => {
    let export = world.folder.join("an.export");
    write(world.store(), Kind::Export, &export).await.expect("written");
    assert!(matches!(Backup::open(&export), Err(Unfit::Export)));
    let letter = world.folder.join("letter.txt");
    std::fs::write(&letter, "尊敬的……").expect("written");
    assert!(matches!(Backup::open(&letter), Err(Unfit::Foreign)));
    assert!(matches!(Backup::open(&world.folder.join("nowhere")), Err(Unfit::Unopened(_))));
});

both!(a_backup_that_fails_leaves_nothing_behind, world => {
    let file = world.folder.join("half.backup");
    write(world.store(), backup_with(Path::new("no keys here")), &file).await.expect_err("no keys");
    let left: Vec<_> = std::fs::read_dir(&world.folder).expect("read").flatten().collect();
    assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().contains("half")), "{left:?}");
});

#[cfg(unix)]
both!(a_backup_and_its_keys_are_their_owners_alone, world => {
    use std::os::unix::fs::PermissionsExt;
    let file = backup_of(&world).await;
    let copy = world.empty().await;
    pour(&file, &copy).await.expect("poured");
    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&copy.folder.join("keys")), 0o700);
    assert_eq!(mode(&copy.folder.join("keys/log.key")), 0o600);
});

/// The command, as an operator meets it: what it says, and that the folder is as before.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_restore_can_be_tried_again() {
    let world = World::new(Engine::Sqlite).await;
    let file = backup_of(&world).await;
    let whole = std::fs::read(&file).expect("read");
    let new = world.folder.join("new");
    std::fs::write(&file, &whole[..whole.len() / 2]).expect("written");
    let (told, is_done) = restore(&file, &new);
    assert!(!is_done && told.contains("恢复（原因：文件损坏或不完整"), "{told}");
    assert!(!new.exists(), "nothing is left of the attempt");
    std::fs::write(&file, &whole).expect("written");
    let (told, is_done) = restore(&file, &new);
    assert!(is_done && told.contains("校验通过"), "{told}");
    let config = DataFolder::new(&new).config().expect("settings");
    assert!(config.demo, "a demo stays a demo");
    assert_eq!(config.help_phone, "0791-86200000");
    let (told, is_done) = restore(&file, &new);
    assert!(!is_done && told.contains("不是空目录"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_nobody_answers_at_leaves_no_folder() {
    let world = World::new(Engine::Sqlite).await;
    let new = world.folder.join("new");
    let nobody = ["init", "--postgres", "postgres://nobody@127.0.0.1:1/none", "--data"];
    let (told, is_done) = run(Command::new(env!("CARGO_BIN_EXE_zhenxing")).args(nobody).arg(&new));
    assert!(!is_done && told.contains("无法连接 PostgreSQL"), "{told}");
    assert!(!new.exists(), "nothing is left of the attempt");
}

/// A reader who has seen enough, as `head` does, ends nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_may_go_away() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zhenxing"))
        .arg("help")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn backup_with(keys: &Path) -> Kind<'_> {
    Kind::Backup { keys, help_phone: "0791-86200000" }
}

async fn backup_of(world: &World) -> PathBuf {
    let keys = world.folder.join("keys");
    world.store().signer().save(&keys).expect("saved");
    let file = world.folder.join("all.backup");
    write(world.store(), backup_with(&keys), &file).await.expect("written");
    file
}

async fn pour(file: &Path, copy: &World) -> Result<(), Unfit> {
    let (store, order) = (copy.store(), tables_in_order(&migrations()));
    Backup::open(file)?.pour(store.db(), store.files(), &copy.folder.join("keys"), &order).await
}

fn restore(file: &Path, to: &Path) -> (String, bool) {
    run(Command::new(env!("CARGO_BIN_EXE_zhenxing")).arg("restore").arg(file).arg("--data").arg(to))
}

fn run(command: &mut Command) -> (String, bool) {
    let output = command.output().expect("the program runs");
    let told = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&told).into_owned(), output.status.success())
}
