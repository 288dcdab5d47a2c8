//! The record on both engines.

use crate::both;
use crate::world::{Engine, World, count};
use kit::args;
use kit::record::{Event, Who, checkpoint, forget_keys, latest_root, verify};

both!(an_act_leaves_one_entry, world => {
    let store = world.store();
    let before = count(store, "SELECT COUNT(*) FROM log_entry").await;
    let mut act = store.act(&Who::console()).await.expect("begun");
    act.write_one("UPDATE person SET phone = $1 WHERE login = 'office'", args!["1"]).await.expect("written");
    let seq = act.commit(Event::new("person.changed", "person", "x")).await.expect("committed");
    assert_eq!(seq, before + 1);
    assert_eq!(count(store, "SELECT COUNT(*) FROM row_digest WHERE seq = (SELECT MAX(seq) FROM log_entry)").await, 1);
    assert_eq!(latest_root(store.read()).await.expect("a root").0, seq as u64);
});

both!(a_forms_key_is_kept_for_a_week, world => {
    let act = world.store().act_once(&Who::console(), "key").await.expect("begun");
    act.commit(Event::new("person.changed", "person", "x")).await.expect("committed");
    let keys = "SELECT COUNT(*) FROM idempotency WHERE key = 'key'";
    for (day, left) in [("2018-05-02", 1), ("2018-05-04", 0)] {
        forget_keys(world.on(day).store()).await.expect("cleared");
        assert_eq!(count(world.store(), keys).await, left, "{day}");
    }
});

both!(a_dropped_act_never_happened, world => {
    let store = world.store();
    let before = count(store, "SELECT COUNT(*) FROM log_entry").await;
    let mut act = store.act(&Who::console()).await.expect("begun");
    act.write_one("UPDATE person SET phone = $1 WHERE login = 'office'", args!["1"]).await.expect("written");
    drop(act);
    assert_eq!(count(store, "SELECT COUNT(*) FROM log_entry").await, before);
    assert_eq!(count(store, "SELECT COUNT(*) FROM person WHERE phone = '1'").await, 0);
});

both!(a_true_store_verifies, world => {
    let store = world.store();
    checkpoint(store).await.expect("signed");
    let verdict = verify(store, None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
    assert!(verdict.entries >= 2 && verdict.rows > 1700);
    assert!(verdict.unrecorded.iter().any(|table| table == "session"));
});

/// What a person with a database tool may do, and the words that name it.
const TAMPERINGS: &[(&str, &str)] = &[
    ("UPDATE person SET phone = '999' WHERE login = 'office'", "人员“示例·"),
    ("DELETE FROM place_name WHERE id = (SELECT MIN(id) FROM place_name)", "小镇名称（place_name"),
    (ADDED_MEMBERSHIP, "小镇身份（membership x）没有日志可凭：是用其他工具添加的"),
    (NAMELESS_MEMBERSHIP, "小镇身份（membership ）没有日志可凭"),
    ("UPDATE log_entry SET body = REPLACE(body, 'demo.cast', 'demo.past') WHERE seq = 2", "日志第2条（"),
    ("UPDATE log_entry SET act = 'other' WHERE seq = 1", "检索字段与正文不符"),
    ("DELETE FROM log_entry WHERE seq = 1", "日志第1条缺失：被删除"),
    (
        "INSERT INTO log_entry SELECT 0, at_ms, person, organisation_id, role, act, subject_kind, subject_id, \
         place_id, body, leaf FROM log_entry WHERE seq = 2",
        "日志第0条（载入演示人员）是用其他工具添加的",
    ),
    ("DELETE FROM row_digest WHERE row_id = (SELECT id FROM person WHERE login = 'office')", "摘要被改动"),
    (
        "UPDATE row_digest SET seq = 77 WHERE row_id = (SELECT id FROM person WHERE login = 'office')",
        "第77条",
    ),
    ("UPDATE row_digest SET table_name = 'people' WHERE table_name = 'person'", "它不是应记录的表"),
    ("UPDATE log_node SET level = 9", "日志树节点"),
    ("INSERT INTO log_node VALUES (9, 9, (SELECT leaf FROM log_entry WHERE seq = 1))", "日志树多出1个节点"),
    ("DELETE FROM log_entry WHERE seq = 2", "末尾被删除"),
    ("UPDATE log_head SET size = 9", "日志头"),
    ("DELETE FROM log_head", "日志头缺失"),
    ("UPDATE log_head SET at_ms = at_ms + 1", "日志头的时间或摘要与日志不符"),
    ("UPDATE row_digest SET ordinal = ordinal + 1", "摘要被改动"),
    ("UPDATE log_checkpoint SET size = 1", "两者不一致"),
    ("UPDATE log_checkpoint SET note = REPLACE(note, 'zhenxing', 'zhenxin')", "签名不符"),
    ("DROP TABLE notice_entry", "缺少表 notice_entry"),
    ("CREATE TABLE notes (words TEXT)", "多出表 notes"),
    ("CREATE VIEW everybody AS SELECT * FROM person", "多出视图 everybody"),
    ("CREATE INDEX hasty ON person (phone)", "多出索引 hasty（表 person）"),
    ("DROP INDEX log_entry_act", "缺少索引 log_entry_act（表 log_entry）"),
    ("ALTER TABLE person ADD COLUMN nickname TEXT", "表 person的定义被改动"),
    ("UPDATE division SET name = 'x'", "division：另有"),
];

const ADDED_MEMBERSHIP: &str = "INSERT INTO membership (id, place_id, programme_id, track, stage, since_day) \
    SELECT 'x', p.id, g.id, p.track, 'Listed', '2018-01-01' FROM place p, programme g LIMIT 1";
const NAMELESS_MEMBERSHIP: &str = "INSERT INTO membership (id, place_id, programme_id, track, stage, since_day) \
    SELECT '', p.id, g.id, p.track, 'Listed', '2018-01-01' FROM place p, programme g LIMIT 1";

both!(every_tampering_is_named, world => {
    checkpoint(world.store()).await.expect("signed");
    for (sql, words) in TAMPERINGS {
        let copy = world.copy().await;
        copy.tamper(sql).await;
        let verdict = verify(copy.store(), None).await.expect("verified");
        let told = verdict.faults.join("\n");
        assert!(told.contains(words), "{sql}: {told}");
        assert!(verdict.faults.len() < 200, "{sql}: {} lines", verdict.faults.len());
    }
});

// A trigger is written in each engine's own words.
both!(a_trigger_is_named, world => {
    let sql = match world.engine {
        Engine::Sqlite => "CREATE TRIGGER spoil AFTER INSERT ON person BEGIN UPDATE person SET phone = ''; END",
        Engine::Postgres => {
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.phone = NULL; RETURN NEW; END'; \
             CREATE TRIGGER spoil BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION spoil()"
        }
    };
    world.tamper(sql).await;
    let verdict = verify(world.store(), None).await.expect("verified");
    assert_eq!(verdict.faults, ["数据库结构：多出触发器 spoil（表 person）"]);
});

// A whole end of the log is cut off with all that belongs to it; a head outside the database tells.
both!(a_log_cut_short_is_betrayed_by_the_head_beside_it, world => {
    let store = world.store();
    let mut act = store.act(&Who::console()).await.expect("begun");
    act.write_one("INSERT INTO blob (id, size, media_type) VALUES ('x', 0, 'text/plain')", args![]).await.expect("written");
    let seq = act.commit(Event::new("person.changed", "person", "x")).await.expect("committed");
    let (_, before) = head(&world).await;
    checkpoint(store).await.expect("signed");
    for sql in [
        "DELETE FROM blob",
        "DELETE FROM log_checkpoint",
        "DELETE FROM row_digest WHERE seq = (SELECT MAX(seq) FROM log_entry)",
        "DELETE FROM log_entry WHERE seq = (SELECT MAX(seq) FROM log_entry)",
    ] {
        world.tamper(sql).await;
    }
    assert_eq!((seq, before), (3, head(&world).await.1), "no node stood over the third entry");
    world.tamper(FRONTIER_OF_TWO).await;
    let told = verify(store, None).await.expect("verified").faults.join("\n");
    assert!(told.contains("数据目录中的检查点证明日志曾有3条，现在只有2条：末尾被删除"), "{told}");
    assert!(told.contains("检查点 3 缺失：数据目录中有，数据库中被删除"), "{told}");
    checkpoint(store).await.expect("the shorter log is signed");
    let told = verify(store, None).await.expect("verified").faults.join("\n");
    assert!(told.contains("末尾被删除"), "the evidence stays: {told}");
});

const FRONTIER_OF_TWO: &str =
    "UPDATE log_head SET size = 2, frontier = (SELECT hash FROM log_node WHERE level = 1)";

async fn head(world: &World) -> (i64, i64) {
    let nodes = count(world.store(), "SELECT COUNT(*) FROM log_node").await;
    (count(world.store(), "SELECT size FROM log_head").await, nodes)
}

both!(what_lies_among_the_attachments_is_named, world => {
    let store = world.store();
    let hash = store.files().keep(b"%PDF kept").expect("kept");
    let mut act = store.act(&Who::console()).await.expect("begun");
    act.write_one("INSERT INTO blob (id, size, media_type) VALUES ($1, 9, 'application/pdf')", args![&hash]).await.expect("written");
    act.commit(Event::new("person.changed", "person", "x")).await.expect("committed");
    store.files().keep("草稿".as_bytes()).expect("kept");
    let verdict = verify(store, None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
    assert!(verdict.notes.join("").contains("另有1个尚未登记的附件"), "{:?}", verdict.notes);
    let path = store.files().path(&hash);
    std::fs::write(path.with_file_name("evil.exe"), "x").expect("written");
    std::fs::write(&path, b"%PDF kepT").expect("written");
    let told = verify(store, None).await.expect("verified").faults.join("\n");
    assert!(told.contains("evil.exe 不是本系统存入的"), "{told}");
    assert!(told.contains(&format!("附件 {hash} 的内容被改动")), "{told}");
    std::fs::remove_file(&path).expect("removed");
    let told = verify(store, None).await.expect("verified").faults.join("\n");
    assert!(told.contains(&format!("附件 {hash} 缺失")), "{told}");
});

both!(a_checkpoint_kept_elsewhere_betrays_a_rewritten_log, world => {
    let copy = world.copy().await;
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    act.write_one("UPDATE person SET phone = $1 WHERE login = 'office'", args!["1"]).await.expect("written");
    act.commit(Event::new("person.changed", "person", "x")).await.expect("committed");
    let outside = checkpoint(world.store()).await.expect("signed");
    let verdict = verify(copy.store(), Some(&outside)).await.expect("verified");
    assert!(verdict.faults.join("\n").contains("外部检查点"), "{:?}", verdict.faults);
});
