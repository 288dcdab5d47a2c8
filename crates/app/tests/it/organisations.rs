//! Organisations: shown, renamed, established, and one that comes in the place of another.

use crate::both;
use crate::declarations::{BUREAUS, filled, sent_to_city, sent_to_county};
use crate::people::key;
use crate::world::count;
use kit::args;
use kit::record::{Event, Who};

both!(an_organisation_keeps_its_telephone, world => {
    let clerk = world.person("ciyuan_clerk").await;
    let own = world.cast.members["ciyuan_clerk"].organisation;
    let other = world.cast.members["yunwu_clerk"].organisation;
    clerk.get("/organisations?q=瓷源").await.shown().says("示例瓷源镇政府").says("0000-0000001");
    clerk.get(&format!("/organisations/{own}")).await.shown().says("示例·陶守正");
    let page = clerk.get(&format!("/organisations/{other}")).await.shown().says("示例云雾镇政府");
    assert!(!page.text.contains("示例·云高远"), "people of others are not his affair");
    assert_eq!(clerk.get(&format!("/organisations/{own}/edit")).await.status, 403);
    let office = world.person("office").await;
    let fields = [("name", "示例瓷源镇政府"), ("phone", "0798-7654321"), ("version", "1"), ("_key", &key())];
    office.post(&format!("/organisations/{own}"), &fields).await.done();
    clerk.get(&format!("/organisations/{own}")).await.shown().says("0798-7654321");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM log_entry WHERE act = 'organisation.changed'").await, 1);
});

both!(an_organisations_past_bears_its_name_of_the_day, world => {
    let own = world.cast.members["ciyuan_clerk"].organisation;
    world.on("2018-04-10").person("ciyuan_clerk").await;
    let admin = world.person("system_admin").await;
    let path = format!("/organisations/{own}");
    let rename = async |version: &'static str, name: &'static str, from: &'static str| {
        let fields = [("name", name), ("phone", "0798-1"), ("from", from), ("version", version)];
        admin.post(&path, &fields).await
    };
    rename("1", "示例云雾镇政府", "2018-04-20").await.refused("已有名为“示例云雾镇政府”的机构");
    rename("1", "示例瓷都镇政府", "2018-04-27").await.refused("不能晚于今天");
    rename("1", "示例瓷都镇政府", "2018-04-20").await.done();
    rename("2", "示例新瓷镇政府", "2018-04-20").await.refused("须晚于2018-04-20");
    rename("2", "示例新瓷镇人民政府", "").await.done();
    admin.get(&path).await.shown().says("示例新瓷镇人民政府").says("示例瓷源镇政府（至2018年4月19日）");
    let log = format!("/log?person={}", world.cast.members["ciyuan_clerk"].person);
    let auditor = world.person("audit_admin").await;
    let then = auditor.get(&log).await.shown().says("示例瓷源镇政府");
    assert!(!then.text.contains("示例新瓷镇人民政府"), "{}", then.words());
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM log_entry WHERE act = 'organisation.renamed'").await, 1);
});

both!(a_new_organisation_comes_in_the_place_of_another, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-26");
    let id = filled(&april, &batch, "ciyuan").await;
    sent_to_county(&april, "ciyuan", id).await;
    sent_to_city(&april, "fuliang", id).await;
    let old = world.cast.members[BUREAUS[0]].organisation;
    let before = april.person(BUREAUS[0]).await;
    let admin = april.person("system_admin").await;
    let path = format!("/organisations/{old}/successor");
    admin.get(&format!("/organisations/{old}")).await.shown().says("由新机构接替");
    let fields = |name: &'static str, from: &'static str| {
        [("name", name), ("phone", "0798-2"), ("from", from), ("why", "景发〔2018〕1号")]
    };
    admin.post(&path, &fields("景德镇市政府", "2018-04-20")).await.refused("已有名为“景德镇市政府”的机构");
    admin.post(&path, &fields("示例市住建局", "2018-04-27")).await.refused("不能晚于今天");
    april.person("office").await.post(&path, &fields("示例市住建局", "2018-04-20")).await.forbidden();
    let to = admin.post(&path, &fields("示例市住建局", "2018-04-20")).await.done().location;
    admin.get(&to).await.shown().says("示例市住建局");
    before.get("/desk").await.done();
    admin.get(&format!("/organisations/{old}")).await.shown().says("2018年4月19日以后不再办理");
    admin.post(&path, &fields("又一个住建局", "2018-04-21")).await.is_missing();
    let owing = "SELECT COUNT(*) FROM stage s JOIN organisation o ON o.id = s.owing_organisation_id \
                 WHERE s.left_ms IS NULL AND o.name = '示例市住建局' AND o.department IS NOT NULL";
    assert_eq!(count(world.store(), owing).await, 1, "what was owed is owed here");
    let city = format!("/organisations/{}/successor", world.cast.members["jdz_city"].organisation);
    admin.post(&city, &fields("示例市政府", "2018-04-20")).await.refused("不能由新机构接替");
    let verdict = kit::record::verify(world.store(), None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

both!(a_seat_nobody_holds_gets_its_organisation, world => {
    let admin = world.person("system_admin").await;
    let fields = [("seat", "department.360000.finance"), ("name", "示例财政厅"), ("phone", "0791-1"),
        ("from", "2018-04-20"), ("why", "赣编〔2018〕1号")];
    admin.post("/organisations", &fields).await.refused("请从列表中选择一个席位");
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    let sql = "UPDATE organisation SET valid_until = '2018-04-19' WHERE department = 'finance' AND kind = 'department'";
    act.write_one(sql, args![]).await.expect("ended");
    act.commit(Event::new("organisation.changed", "organisation", "x")).await.expect("committed");
    admin.get("/organisations/new").await.shown().says("department.360000.finance");
    let to = admin.post("/organisations", &fields).await.done().location;
    admin.get(&to).await.shown().says("示例财政厅").says("成员单位").says("省联席会议办公室");
    admin.get("/organisations").await.shown().says("设立机构");
    admin.post("/organisations", &fields).await.refused("请从列表中选择一个席位");
});
