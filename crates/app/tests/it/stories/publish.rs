//! A batch from its call to the published list, as eleven people on four levels.

use crate::both;
use crate::client::Client;
use crate::declarations::{filled, report, report_of, sent_to_city, sent_to_county, signed_by_all};
use crate::world::count;
use kit::record::verify;

const REASONS: &str =
    "产业特色鲜明，三年投资落实，文化和生态基础较好，市级推荐顺序靠前，建议列入本批次名单。";

/// What the conference decided, as its fields.
fn decision(present: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![
        ("minutes_number", "赣特镇联纪〔2018〕3号"),
        ("held_on", "2018-06-11"),
        ("notice_first", "2018-06-12"),
        ("notice_days", "5"),
        ("phone", "0791-00000000"),
    ];
    fields.extend(present.iter().map(|member| ("present", *member)));
    fields
}

const PRESENT: [&str; 5] = ["housing", "development", "finance", "statistics", "land"];

async fn propose(office: &Client, declaration: &str, reasons: &str) -> crate::client::Answer {
    office.post(&format!("/selection/declarations/{declaration}"), &[("reasons", reasons)]).await
}

both!(from_the_call_to_the_published_list, world => {
    let batch = world.open_batch().await;
    let batch = batch.rsplit('/').next().expect("an id").to_owned();
    let april = world.day("2018-04-10");
    let mut ids = Vec::new();
    for town in ["ciyuan", "chaxiang"] {
        let id = filled(&april, &batch, town).await;
        sent_to_county(&april, town, id).await;
        sent_to_city(&april, "fuliang", id).await;
        signed_by_all(&april, id).await;
        ids.push(id);
    }
    let path = report_of(&april.person("jdz_construction").await).await;
    report(&april, &ids).await.done();
    april.person("office").await.post(&format!("{path}/receipt"), &[]).await.done();

    let june = world.day("2018-06-11");
    let office = june.person("office").await;
    let approver = june.person("office_approver").await;
    office.post(&format!("/batches/{batch}/closing"), &[]).await.done();
    let selection = format!("/selection/{batch}");
    approver.post(&format!("{selection}/decision"), &decision(&PRESENT)).await.refused("拟列入名单是空的");
    propose(&office, &ids[0].to_string(), "好").await.refused("请写明理由");
    propose(&office, &ids[0].to_string(), REASONS).await.done();
    office.get(&selection).await.shown().says(REASONS).says("示例茶香镇");
    office.get(&format!("{selection}/decision")).await.forbidden();
    approver.post(&format!("{selection}/decision"), &decision(&PRESENT[..2])).await.refused("到会成员单位");
    approver.post(&format!("{selection}/decision"), &decision(&PRESENT)).await.done();

    let during = world.day("2018-06-13");
    let visitor = during.visitor();
    visitor.get("/public").await.shown().says("拟列入名单的公示");
    let publication = format!("/lists/publication/{batch}");
    let approver = during.person("office_approver").await;
    approver.post(&publication, &[("effective", "2018-06-13")]).await.refused("尚未结束");

    let after = world.day("2018-06-20");
    let approver = after.person("office_approver").await;
    approver.get(&publication).await.shown().says("示例瓷源镇").says("本批次未列入1个");
    approver.post(&publication, &[("effective", "2018-06-20")]).await.done();
    let visitor = after.visitor();
    visitor.get("/public/list").await.shown().says("示例瓷源镇").says("赣特镇联纪〔2018〕3号").says("记录根");
    visitor.get("/public/list?on=2018-06-19").await.shown().says("还没有生效的名单");
    visitor.get("/public/list.csv").await.shown().says("示例瓷源镇,建制镇,建设名单,景德镇市,浮梁县");
    let store = after.store();
    assert_eq!(count(store, "SELECT COUNT(*) FROM declaration WHERE stage = 'Listed'").await, 1);
    assert_eq!(count(store, "SELECT COUNT(*) FROM declaration WHERE stage = 'NotSelected'").await, 1);
    assert_eq!(count(store, "SELECT COUNT(*) FROM membership WHERE stage = 'Listed'").await, 1);

    let auditor = after.person("auditor").await;
    let list = auditor.get("/lists/1").await.shown();
    let at = list.text.find("/lists/1/entries/").expect("a trace");
    let trace = list.text[at..].split('"').next().expect("its end").to_owned();
    auditor.get(&trace).await.shown().says("公布名单").says("联席会议决定").says("拟列入").says(REASONS);
    let verdict = verify(store, None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});
