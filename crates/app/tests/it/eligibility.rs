//! 三(一): who may not declare is told why, and what would make it pass.

use crate::both;
use crate::policy::{self, Files};
use domain::id::GrantId;
use kit::args;
use kit::record::{Event, Who};

both!(nobody_declares_on_the_other_track_or_once_listed, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let batch_id = [("batch", batch.rsplit('/').next().expect("an id"))];
    let (town, platform) = (world.person("xikou_clerk").await, world.person("dongfeng_clerk").await);
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    act.write("UPDATE place SET is_industrial_park = 0, has_legal_operator = 1, facts_confirmed_ms = 1 WHERE track = 'Platform'", args![])
        .await
        .expect("settled");
    act.write(
        "UPDATE organisation SET name = '示例溪口镇政府' WHERE kind = 'operator' AND place_id = $1",
        args![world.cast.places["dongfeng"]],
    )
    .await
    .expect("the town's government runs the platform");
    act.commit(Event::new("organisation.changed", "organisation", "36")).await.expect("committed");
    platform.get("/declarations/new").await.shown().says("建制镇不能按创新创业平台申报").says("三（一）");
    platform.post("/declarations", &batch_id).await.refused("请改按建制镇申报");
    town.get("/declarations/new").await.shown().says("开始申报");

    let mut act = world.store().act(&Who::console()).await.expect("begun");
    for (place, track) in [("dongfeng", "Platform"), ("chaxiang", "StatutoryTown")] {
        act.write_one(
            "INSERT INTO membership (id, place_id, programme_id, track, stage, since_day) \
             SELECT $1, $2, g.id, $3, 'Listed', '2018-01-01' FROM programme g",
            args![kit::clock::fresh::<GrantId>(), world.cast.places[place], track],
        )
        .await
        .expect("listed");
    }
    act.commit(Event::new("list.published", "list_version", "36")).await.expect("committed");
    town.post("/declarations", &batch_id).await.refused("已按另一类别参加").says("一个单位只能按一个类别申报");
    let listed = world.person("chaxiang_clerk").await;
    listed.get("/declarations/new").await.shown().says("已列入公布的名单").says("三（一）");
    listed.post("/declarations", &batch_id).await.refused("退出名单后方可再次申报");
    world.person("ciyuan_clerk").await.post("/declarations", &batch_id).await.done();
});

/// The tests' pack with some text of the chapter on declaring replaced.
fn files_with(changes: &[(&str, &str)]) -> Files {
    let mut files = policy::files();
    let (_, chapter) = files.iter_mut().find(|(path, _)| path == "3-declaration.toml").expect("the chapter");
    for (old, new) in changes {
        assert!(chapter.contains(old), "nothing to replace: {old}");
        *chapter = chapter.replacen(old, new, 1);
    }
    files.retain(|(path, _)| path != "cases/eligibility.toml");
    files
}

both!(another_pack_lets_other_places_register_and_declare, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let sql = "SELECT code FROM division WHERE parent_code = '360222' AND kind = '乡' ORDER BY code LIMIT 1";
    let (township,): (String,) = world.store().read().one(sql, args![]).await.expect("the county has one");
    let fields = [("track", "StatutoryTown"), ("town", township.as_str()), ("phone", "0798-0000000")];
    let county = world.person("fuliang_reviewer").await;
    county.post("/places", &fields).await.refused("申报单位是乡，不是建制镇").says("三（一）");
    let town = "{ code = \"town\", name = \"镇\" }";
    let wider = format!("{town}, {{ code = \"township\", name = \"乡\" }}");
    let seat = "{ code = \"county_seat\", name = \"县（市、区）城关镇\", remedy";
    let other = "{ code = \"pilot_county\", name = \"省直管试点县\", remedy";
    let unasked = "{ code = \"legal_operator\", name = \"运营主体是否具有法人资格\", track = \"Platform\" },";
    let required = "{ code = \"legal_operator\", name = \"平台运营主体具有法人资格\", remedy";
    let needed = "{ code = \"industrial_park\", name = \"平台是产业园区\", remedy";
    let files = files_with(&[(town, &wider), (seat, other), (unasked, ""), (required, needed)]);
    let world = world.adopting(&files).await;
    let county = world.person("fuliang_reviewer").await;
    county.get("/places/new").await.shown().says("可按建制镇申报的区划（镇、乡）");
    let place = county.post("/places", &fields).await.done().location;
    county.get(&place).await.shown().says("是否城关镇").says("所属县是否省直管试点县");
    let platform = format!("/places/{}/facts", world.cast.places["dongfeng"]);
    let page = county.get(&platform).await.shown().says("是否产业园区");
    assert!(!page.text.contains("运营主体是否具有法人资格"), "nobody asks it");

    let mut act = world.store().act(&Who::console()).await.expect("begun");
    act.write("UPDATE division SET is_county_seat = 1 WHERE code = '360222901'", args![]).await.expect("written");
    act.write("UPDATE division SET is_pilot_county = 0 WHERE code = '360222'", args![]).await.expect("written");
    act.commit(Event::new("division.settled", "division", "36")).await.expect("committed");
    let batch_id = [("batch", batch.rsplit('/').next().expect("an id"))];
    world.person("ciyuan_clerk").await.post("/declarations", &batch_id).await.done();
    let clerk = world.person("dongfeng_clerk").await;
    clerk.post("/declarations", &batch_id).await.refused("不符合“平台是产业园区”的条件").says("三（一）");
});
