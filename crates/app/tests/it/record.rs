//! The record on both engines.

use crate::both;
use crate::world::count;
use kit::args;
use kit::record::{Event, Who, latest_root};

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
