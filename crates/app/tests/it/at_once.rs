//! Two people act in the same moment. On PostgreSQL the second begins when the first has done
//! everything but commit; on SQLite they queue.

use crate::both;
use crate::client::{Answer, Client};
use crate::declarations::{
    BUREAUS, approve, at_city, compiled, filled, sent_to_county, sign, signed_by_all, step,
};
use crate::lateness::extension;
use crate::world::{World, count};
use domain::id::SubmissionId;
use kit::args;
use kit::db::Db;
use kit::record::{Event, Who};
use sqlx::PgPool;
use std::cell::Cell;
use std::future::Future;

/// Runs both so that they overlap, and gives both answers.
///
/// Every act ends by taking the head of the log. While that is held, the first waits with all it
/// has read and written; then the second runs until it waits too, or is through.
pub async fn at_once<A, B>(
    world: &World,
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    let Db::Pg(pool) = world.store().db() else { return (first.await, second.await) };
    let sql = "SELECT size FROM log_head FOR UPDATE";
    let mut held = pool.begin().await.expect("begun");
    sqlx::query(sql).execute(&mut *held).await.expect("held");
    let (through, begun) = (Cell::new(0), tokio::sync::Notify::new());
    let first = async { (first.await, through.set(through.get() + 1)).0 };
    let second = async {
        begun.notified().await;
        (second.await, through.set(through.get() + 1)).0
    };
    let hold = async {
        waiting(pool, 1, &through).await;
        begun.notify_one();
        waiting(pool, 2, &through).await;
        held.rollback().await.expect("let go");
    };
    let (first, second, ()) = tokio::join!(first, second, hold);
    (first, second)
}

/// Until so many wait for a lock, or somebody is through.
async fn waiting(pool: &PgPool, many: i64, through: &Cell<u32>) {
    let sql = "SELECT COUNT(*) FROM pg_stat_activity \
               WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while through.get() == 0
        && sqlx::query_scalar::<_, i64>(sql).fetch_one(pool).await.expect("counted") < many
    {}
}

async fn begin(clerk: &Client, batch: &str) -> Answer {
    let id = batch.rsplit('/').next().expect("an id");
    clerk.post("/declarations", &[("batch", id)]).await
}

both!(two_towns_begin_at_once, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    for (one, other) in [("ciyuan", "chaxiang"), ("lejiang", "yunwu")] {
        let (one, other) = (world.person(&format!("{one}_clerk")).await, world.person(&format!("{other}_clerk")).await);
        let (first, second) = at_once(&world, begin(&one, &batch), begin(&other, &batch)).await;
        first.done();
        second.done();
    }
    let numbers = "SELECT COUNT(*) FROM declaration WHERE number IN ('2018-2-001', '2018-2-002', '2018-2-003', '2018-2-004')";
    assert_eq!(count(world.store(), numbers).await, 4);
});

both!(a_town_begins_once_though_two_clerks_press, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let (one, other) = (world.person("ciyuan_clerk").await, world.colleague("ciyuan_clerk").await);
    let (first, second) = at_once(&world, begin(&one, &batch), begin(&other, &batch)).await;
    first.done();
    second.refused("本批次已有该单位的申报");
});

both!(a_town_is_registered_once_though_two_press, world => {
    let sql = "SELECT code FROM division WHERE parent_code = '360222' AND kind = '镇' \
               AND code NOT LIKE '3602229%' ORDER BY code LIMIT 1";
    let (town,): (String,) = world.store().read().one(sql, args![]).await.expect("the county has one");
    let (one, other) = (world.person("fuliang_reviewer").await, world.colleague("fuliang_reviewer").await);
    let fields = [("track", "StatutoryTown"), ("town", town.as_str()), ("phone", "0798-0000000")];
    let (first, second) = at_once(&world, one.post("/places", &fields), other.post("/places", &fields)).await;
    first.done();
    second.refused("已经登记").says("三（一）");
    let registered = "SELECT COUNT(*) FROM place p JOIN division d ON d.code = p.division_code AND d.name = p.name \
                      WHERE p.division_code LIKE '360222%' AND p.division_code NOT LIKE '3602229%' AND d.kind = '镇'";
    assert_eq!(count(world.store(), registered).await, 1);
});

both!(two_counties_approve_at_once_into_one_report, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let mut ids = Vec::new();
    for (town, county) in [("ciyuan", "fuliang"), ("lejiang", "leping")] {
        let id = filled(&world, &batch, town).await;
        sent_to_county(&world, town, id).await;
        let reviewer = world.person(&format!("{county}_reviewer")).await;
        step(&reviewer, id, "review", &[("opinion", "材料齐全，建议审定。")]).await.done();
        ids.push(id);
    }
    let (one, other) = (world.person("fuliang_approver").await, world.person("leping_approver").await);
    let first = approve(&one, ids[0], "浮府字〔2018〕12号");
    let second = approve(&other, ids[1], "乐府字〔2018〕7号");
    let (first, second) = at_once(&world, first, second).await;
    first.done();
    second.done();
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM city_report").await, 1);
});

both!(the_leading_bureau_owes_the_report_once, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let mut ids = Vec::new();
    for town in ["ciyuan", "chaxiang"] {
        let id = at_city(&world, &batch, town).await;
        for bureau in &BUREAUS[..2] {
            sign(&world.person(bureau).await, id).await.done();
        }
        ids.push(id);
    }
    let finance = world.person(BUREAUS[2]).await;
    let (first, second) = at_once(&world, sign(&finance, ids[0]), sign(&finance, ids[1])).await;
    first.done();
    second.done();
    let open = "SELECT COUNT(*) FROM stage WHERE subject_kind = 'city_report' AND left_ms IS NULL";
    assert_eq!(count(world.store(), open).await, 1);
});

/// One step is open, and it is the head's.
async fn lies_with_the_head(world: &World) {
    let open = "SELECT COUNT(*) FROM stage WHERE subject_kind = 'declaration' AND left_ms IS NULL";
    assert_eq!(count(world.store(), open).await, 1);
    let heads = "SELECT COUNT(*) FROM stage WHERE left_ms IS NULL AND owing_role = 'TownHead'";
    assert_eq!(count(world.store(), heads).await, 1);
}

async fn hand_over(clerk: &Client, id: SubmissionId) -> Answer {
    step(clerk, id, "sending", &[("promise", "1")]).await
}

both!(an_extension_leaves_alone_what_is_being_handed_over, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let office = world.person("office_approver").await;
    let (first, second) =
        at_once(&world, hand_over(&clerk, id), extension(&office, &batch, "batch", "2018-05-11")).await;
    first.done();
    second.done();
    lies_with_the_head(&world).await;
});

both!(what_is_being_extended_is_handed_over, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let office = world.person("office_approver").await;
    let (first, second) =
        at_once(&world, extension(&office, &batch, "batch", "2018-05-11"), hand_over(&clerk, id)).await;
    first.done();
    second.done();
    lies_with_the_head(&world).await;
});

both!(a_file_said_to_be_in_is_in_the_edition, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let path = format!("/submissions/{id}/files");
    let file = ("规划（二）.docx", include_bytes!("forms/good.docx").as_slice());
    let upload = clerk.upload(&path, &[("item", "901")], "file-901", file);
    let (first, second) = at_once(&world, hand_over(&clerk, id), upload).await;
    first.done();
    let is_in = count(world.store(), "SELECT COUNT(*) FROM edition_file").await == 2;
    assert_eq!(second.status == 303, is_in, "{}", second.words());
});

/// A declaration before the three bureaus, on a day in April.
async fn in_april(world: &World) -> (World, SubmissionId) {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let id = at_city(&april, &batch, "ciyuan").await;
    (april, id)
}

both!(two_bureaus_sign_a_declaration_at_once, world => {
    let (april, id) = in_april(&world).await;
    let [one, two, three] = BUREAUS.map(|bureau| april.person(bureau));
    let (one, two) = (one.await, two.await);
    sign(&three.await, id).await.done();
    let (first, second) = at_once(&april, sign(&one, id), sign(&two, id)).await;
    first.done();
    second.done();
    let owing = "SELECT COUNT(*) FROM stage WHERE subject_kind = 'city_report' AND left_ms IS NULL AND owing_role = 'CityBureau'";
    assert_eq!(count(world.store(), owing).await, 1, "one bureau owes the list, once");
});

both!(two_bureaus_sign_the_list_at_once, world => {
    let (april, id) = in_april(&world).await;
    signed_by_all(&april, id).await;
    let path = format!("{}/signature", compiled(&april, &[id]).await);
    let [one, two, three] = BUREAUS.map(|bureau| april.person(bureau));
    let (one, two) = (one.await, two.await);
    three.await.submit(&path, &[]).await.done();
    let (first, second) = at_once(&april, one.submit(&path, &[]), two.submit(&path, &[])).await;
    first.done();
    second.done();
    let owing = "SELECT COUNT(*) FROM stage WHERE subject_kind = 'city_report' AND left_ms IS NULL AND owing_role = 'CityApprover'";
    assert_eq!(count(world.store(), owing).await, 1, "the city government has it");
});

both!(two_administrators_do_not_remove_each_other, world => {
    let (one, other) = (world.person("system_admin").await, world.colleague("system_admin").await);
    let sql = "SELECT g.id FROM role_grant g JOIN person p ON p.id = g.person_id WHERE p.login = 'colleague'";
    let (grant,): (String,) = world.store().read().one(sql, args![]).await.expect("the other's role");
    let end = format!("/grants/{grant}/end");
    let disable = format!("/people/{}/disabled", world.cast.members["system_admin"].person);
    let (first, _) =
        at_once(&world, one.post(&end, &[]), other.post(&disable, &[("disable_reason", "调离")])).await;
    first.done();
    let left = "SELECT COUNT(*) FROM role_grant g JOIN person p ON p.id = g.person_id \
                WHERE g.role = 'SystemAdmin' AND g.ended_ms IS NULL AND p.disabled_ms IS NULL";
    assert_eq!(count(world.store(), left).await, 1);
});

both!(a_form_sent_twice_at_once_is_done_once, world => {
    let (april, id) = in_april(&world).await;
    let bureau = april.person(BUREAUS[0]).await;
    let path = format!("/declarations/{id}/signature");
    let page = bureau.get(&path).await.shown();
    let (key, seen) = (page.input("_key"), page.input("content_hash"));
    let fields = [("_key", key.as_str()), ("content_hash", seen.as_str())];
    let (first, second) = at_once(&april, bureau.post(&path, &fields), bureau.post(&path, &fields)).await;
    let (first, second) = (first.done(), second.done());
    assert_eq!(first.location, second.location);
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM bureau_signature").await, 1);
});

both!(two_administrators_give_a_seat_once, world => {
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    let sql = "UPDATE organisation SET valid_until = '2018-04-19' WHERE department = 'finance' AND kind = 'department'";
    act.write_one(sql, args![]).await.expect("ended");
    act.commit(Event::new("organisation.changed", "organisation", "x")).await.expect("committed");
    let (one, other) = (world.person("system_admin").await, world.colleague("system_admin").await);
    let fields = |name: &'static str| {
        [("seat", "department.360000.finance"), ("name", name), ("phone", "0791-1"), ("from", "2018-04-20"),
            ("why", "赣编〔2018〕1号")]
    };
    let (mine, others) = (fields("示例财政厅"), fields("示例财政局"));
    let (first, second) =
        at_once(&world, one.post("/organisations", &mine), other.post("/organisations", &others)).await;
    first.done();
    second.refused("席位");
    let held = "SELECT COUNT(*) FROM organisation WHERE department = 'finance' AND kind = 'department' \
                AND valid_until IS NULL";
    assert_eq!(count(world.store(), held).await, 1);
});
