//! The pack on show, for those who work here and for everybody.

use crate::both;
use crate::world::count;

both!(a_clause_shows_its_values_and_sources, world => {
    let office = world.person("office").await;
    office.get("/rules").await.shown().says("申报范围").says("赣府字〔2016〕100号");
    office.get("/rules/3.1").await.shown().says("可按建制镇申报的区划类型").says("工作方案三（一）").says("今天有效");
    office.get("/rules/9.9").await.is_missing();
    office.get("/rules/three").await.is_missing();
});

both!(the_public_reads_clauses_and_the_calendar, world => {
    let visitor = world.visitor();
    visitor.get("/rules").await.shown().says("申报时间");
    visitor.get("/rules/3.2").await.shown().says("申报时间");
    visitor.get("/rules/calendar").await.shown().says("2018年工作日历");
    assert_eq!(visitor.get("/rules/versions").await.done().location, "/sign-in?to=/rules/versions");
    let page = visitor.get("/rules/3.2").await.shown();
    assert!(!page.text.contains("近期按本条办理"), "the log is not for the public");
    page.says("href=\"/sign-in\"").says("工作人员登录");
});

both!(the_calendar_knows_make_up_days_and_admits_what_is_unpublished, world => {
    let visitor = world.visitor();
    let page = visitor.get("/rules/calendar?year=2018").await.shown();
    page.says("国办发明电〔2017〕12号").says("4月28日").says("补班").says("劳动节放假");
    visitor.get("/rules/calendar?year=2031").await.shown().says("2031年放假安排未公布");
});

both!(the_calculator_explains_a_deadline, world => {
    let visitor = world.visitor();
    let page = visitor.get("/rules/calendar?year=2017&from=2017-08-04&term=3&unit=months").await.shown();
    page.says("2017年11月6日").says("顺延");
    let page = visitor.get("/rules/calendar?from=2017-08-99&term=x").await;
    page.refused("请填写起算日").says("value=\"2017-08-99\"");
});

both!(the_pack_in_force_is_kept_whole, world => {
    let digest = world.app.pack().digest().to_owned();
    let auditor = world.person("auditor").await;
    auditor.get("/rules/versions").await.shown().says(&digest).says("正在使用").says("启用记录");
    let kept = auditor.get(&format!("/rules/versions/{digest}")).await.shown();
    let files: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&kept.text).expect("the content is JSON");
    let again = zhenxing::packs::read(files.into_iter().collect()).expect("the content is a pack");
    assert_eq!(again.digest(), digest);
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM pack_version").await, 1);
    auditor.get("/rules/versions/none").await.is_missing();
});

both!(forms_show_all_that_the_pack_says, world => {
    let clerk = world.person("ciyuan_clerk").await;
    let page = clerk.get("/rules/forms").await.shown();
    for form in world.app.pack().forms() {
        page.text.contains(&form.title).then_some(()).expect("every form is listed");
        let shown = clerk.get(&format!("/rules/forms/{}", form.code)).await.shown();
        for item in form.sections.iter().flat_map(|section| &section.items) {
            assert!(shown.text.contains(&format!("{} ", item.code)), "{} lacks {}", form.code, item.code);
        }
        clerk.get(&format!("/rules/forms/{}?blank=1", form.code)).await.shown().says("打印空白表");
    }
    clerk.get("/rules/forms/none").await.is_missing();
});
