//! The record on both engines.

use crate::both;
use crate::world::count;
use kit::args;
use kit::record::{Event, Who, checkpoint, latest_root, verify};

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
    ("UPDATE person SET phone = '999' WHERE login = 'office'", "person 的"),
    ("DELETE FROM place_name WHERE id = (SELECT MIN(id) FROM place_name)", "place_name 的"),
    (
        "INSERT INTO membership (id, place_id, programme_id, track, stage, since_day) \
         SELECT 'x', p.id, g.id, p.track, 'Listed', '2018-01-01' FROM place p, programme g LIMIT 1",
        "是用其他工具添加的",
    ),
    ("UPDATE log_entry SET body = REPLACE(body, 'demo.cast', 'demo.past') WHERE seq = 2", "第 2 条"),
    ("UPDATE log_entry SET act = 'other' WHERE seq = 1", "检索字段与正文不符"),
    ("DELETE FROM log_entry WHERE seq = 1", "第 1 条缺失"),
    ("DELETE FROM row_digest WHERE row_id = (SELECT id FROM person WHERE login = 'office')", "摘要被改动"),
    (
        "UPDATE row_digest SET seq = 77 WHERE row_id = (SELECT id FROM person WHERE login = 'office')",
        "第 77 条",
    ),
    ("UPDATE log_node SET level = 9", "日志树节点"),
    ("DELETE FROM log_entry WHERE seq = 2", "末尾被删除"),
    ("UPDATE log_head SET size = 9", "日志头"),
];

both!(every_tampering_is_named, world => {
    checkpoint(world.store()).await.expect("signed");
    for (sql, words) in TAMPERINGS {
        let copy = world.copy().await;
        copy.tamper(sql).await;
        let verdict = verify(copy.store(), None).await.expect("verified");
        let told = verdict.faults.join("\n");
        assert!(told.contains(words), "{sql}: {told}");
    }
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
