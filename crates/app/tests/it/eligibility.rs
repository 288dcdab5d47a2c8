//! 三(一): who may not declare is told why, and what would make it pass.

use crate::both;
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
