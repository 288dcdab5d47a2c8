//! Who sees which declarations, and how the list of them narrows.

use crate::both;
use crate::declarations::{filled, sent_to_county, step};
use kit::args;
use kit::record::{Event, Who};

both!(outside_his_reach_a_declaration_is_not_there, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    sent_to_county(&world, "ciyuan", id).await;
    let path = format!("/declarations/{id}");
    for inside in ["ciyuan_clerk", "ciyuan_head", "fuliang_reviewer", "jdz_finance", "jdz_city", "office", "auditor"] {
        world.person(inside).await.get(&path).await.shown().says("示例瓷源镇");
    }
    for outside in ["chaxiang_clerk", "leping_reviewer", "jj_city", "jj_finance", "yunwu_head"] {
        let client = world.person(outside).await;
        client.get(&path).await.is_missing();
        let list = client.get("/declarations").await.shown();
        assert!(!list.text.contains("示例瓷源镇"), "{outside} sees it in the list");
        let export = client.get("/declarations/export").await.shown();
        assert!(!export.text.contains("示例瓷源镇"), "{outside} exports it");
    }
    let stranger = world.person("leping_reviewer").await;
    for verb in ["review", "return"] {
        stranger.get(&format!("{path}/{verb}")).await.is_missing();
        step(&stranger, id, verb, &[("opinion", "材料齐全，建议审定。")]).await.is_missing();
    }
    world.visitor().get(&path).await.done();
    assert_eq!(world.person("system_admin").await.get(&path).await.status, 403);
    world.person("office").await.get("/declarations/not-an-id").await.is_missing();
});

both!(the_list_narrows_and_exports_what_it_shows, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    filled(&world, &batch, "chaxiang").await;
    sent_to_county(&world, "ciyuan", id).await;
    let office = world.person("office").await;
    office.get("/declarations").await.shown().says("共2条").says("示例瓷源镇").says("示例茶香镇");
    let narrowed = office.get("/declarations?stage=AtCounty").await.shown().says("状态：县审核").says("共1条");
    assert!(!narrowed.text.contains("示例茶香镇"));
    office.get("/declarations?stage=Listed").await.shown().says("清除筛选");
    let export = office.get("/declarations/export?stage=AtCounty").await.shown().says("2018-2-001").says("县审核");
    assert!(!export.text.contains("示例茶香镇"));
    let first = office.get(&format!("/declarations?after={id}")).await.shown();
    assert!(!first.text.contains("示例茶香镇"), "only older ones follow");
});

both!(a_division_goes_by_its_newest_name, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let id = filled(&april, &batch, "ciyuan").await;
    let approver = april.person("office_approver").await;
    crate::lateness::extension(&approver, &batch, "360222", "2018-05-11").await.done();
    let mut act = april.store().act(&Who::console()).await.expect("begun");
    let old = "UPDATE division SET valid_until = '2018-04-20' WHERE code = '360222'";
    act.write_one(old, args![]).await.expect("ended");
    act.write_one(
        "INSERT INTO division (id, code, name, level, kind, parent_code, is_pilot_county, valid_from) \
         VALUES ('new', '360222', '龙珠区', 'county', '市辖区', '360200', 0, '2018-04-21')",
        args![],
    )
    .await
    .expect("renamed");
    act.commit(Event::new("division.renamed", "division", "new")).await.expect("committed");
    let later = world.day("2018-04-23");
    let office = later.person("office").await;
    for page in ["/declarations", "/declarations/export", batch.as_str()] {
        let page = office.get(page).await.shown().says("龙珠区");
        assert!(!page.text.contains("浮梁县<") && !page.text.contains(",浮梁县,"), "{}", page.words());
    }
    office.get(&format!("/declarations/{id}")).await.shown();
});
