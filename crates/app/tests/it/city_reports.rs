//! 三(四): the city's list in order of recommendation, whole, signed, in time or late.

use crate::both;
use crate::declarations::{BUREAUS, SCAN, at_city, report, report_of, signed_by_all, step};
use crate::world::count;

both!(only_the_fully_signed_are_reported_in_order, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let mut ids = Vec::new();
    for town in ["ciyuan", "chaxiang"] {
        let id = at_city(&world, &batch, town).await;
        ids.push(id);
    }
    let construction = world.person("jdz_construction").await;
    let path = report_of(&construction).await;
    construction.get(&path).await.shown().says("有2件未会签齐，不能上报").says("尚缺建设局");
    signed_by_all(&world, ids[0]).await;
    let (first, second) = (format!("order.{}", ids[0]), format!("order.{}", ids[1]));
    let base = [("document_number", "景府字〔2018〕30号"), ("summary", "材料齐全，同意上报。")];
    let with = |more: &[(&'static str, &'static str)]| [base.as_slice(), more].concat();
    let list = format!("{path}/list");
    construction.submit(&list, &with(&[])).await.refused("清单是空的");
    let both_listed = [base.as_slice(), &[(first.as_str(), "1"), (second.as_str(), "2")]].concat();
    construction.submit(&list, &both_listed).await.refused("尚未会签齐");
    signed_by_all(&world, ids[1]).await;
    let gap = [base.as_slice(), &[(first.as_str(), "1"), (second.as_str(), "3")]].concat();
    construction.submit(&list, &gap).await.refused("从1排到2");
    let city = world.person("jdz_city").await;
    city.submit_file(&format!("{path}/sending"), &[], "scan", SCAN).await.refused("尚缺");
    report(&world, &[ids[1], ids[0]]).await.done();
    city.get(&path).await.shown().says("已上报").says("景府字〔2018〕30号").says("示例茶香镇");
    let office = world.person("office").await;
    office.get(&format!("/declarations/{}", ids[0])).await.shown().says("第2位").says("受理申报书");
    office.submit(&format!("{path}/receipt"), &[]).await.done();
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM declaration WHERE stage = 'Received'").await, 2);
    city.submit_file(&format!("{path}/sending"), &[], "scan", SCAN).await.refused("已经上报");
});

both!(a_declaration_that_left_the_city_is_named_when_the_report_is_sent, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let id = at_city(&april, &batch, "ciyuan").await;
    signed_by_all(&april, id).await;
    let city = april.person("jdz_city").await;
    city.get("/desk").await.shown().says("现在没有待办");
    let construction = april.person("jdz_construction").await;
    let path = report_of(&construction).await;
    let order = format!("order.{id}");
    let list =
        [("document_number", "景府字〔2018〕30号"), ("summary", "材料齐全，同意上报。"), (order.as_str(), "1")];
    construction.submit(&format!("{path}/list"), &list[1..]).await.refused("样式");
    construction.submit(&format!("{path}/list"), &list).await.done();
    for bureau in BUREAUS {
        let bureau = april.person(bureau).await;
        bureau.submit(&format!("{path}/signature"), &[]).await.done();
    }
    city.get("/desk").await.shown().says("上报申报件");
    let fault = [("fault", "industry"), ("says.industry", "产业部分请补充主导产业依据。")];
    step(&construction, id, "return", &fault).await.done();
    let sent = city.submit_file(&format!("{path}/sending"), &[], "scan", SCAN).await;
    sent.refused("“示例瓷源镇”当前状态为“退回”").says("重新编制清单");
});

both!(a_late_report_needs_leave_and_stays_marked, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-27");
    let id = at_city(&april, &batch, "ciyuan").await;
    signed_by_all(&april, id).await;
    let may = world.day("2018-05-04");
    report(&may, &[id]).await.refused("截止");
    let clerk = may.person("ciyuan_clerk").await;
    clerk.get(&format!("/declarations/{id}")).await.shown().says("申报已经截止").says("申请逾期受理");
    let due = "SELECT COUNT(*) FROM stage WHERE owing_role = 'CityApprover' AND left_ms IS NULL AND due_day = '2018-05-11'";
    assert_eq!(count(world.store(), due).await, 0);
    let asked = [
        ("whom", "division"),
        ("division", "360200"),
        ("until", "2018-05-11"),
        ("reason", "暴雨导致道路中断，材料送达推迟"),
        ("authority", "conference"),
        ("document_number", "赣建村〔2018〕20号"),
    ];
    may.person("office_approver").await.post(&format!("{batch}/extension"), &asked).await.done();
    may.person("office").await.get(&batch).await.shown().says("景德镇市").says("赣建村〔2018〕20号");
    assert_eq!(count(world.store(), due).await, 2, "the city government owes it, and its list, by the new day");
    report(&may, &[id]).await.done();
    let june = world.day("2018-06-01");
    let page = june.person("office").await.get(&format!("/declarations/{id}")).await.shown();
    page.says("逾期2天上报").says("暴雨").says("永久保留");
    june.person("office").await.get("/declarations?late=1").await.shown().says("示例瓷源镇").says("逾期上报");
    june.person("office").await.get(&batch).await.shown().says("逾期");
});

both!(what_a_report_left_out_goes_into_the_next, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let mut ids = Vec::new();
    for town in ["ciyuan", "chaxiang"] {
        let id = at_city(&april, &batch, town).await;
        signed_by_all(&april, id).await;
        ids.push(id);
    }
    report(&april, &ids[..1]).await.done();
    april.person("jdz_construction").await.get("/desk").await.shown().says("编制");
    report(&april, &ids[1..]).await.done();
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM declaration WHERE stage = 'Reported'").await, 2);
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM city_report").await, 2, "and none for nothing");
});
