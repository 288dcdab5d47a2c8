//! A batch from its call to the published list, as eleven people on four levels.

use crate::both;
use crate::client::Client;
use crate::declarations::{at_city, filled, report, report_of, signed_by_all};
use crate::lateness::extension;
use crate::world::{World, count};
use domain::id::SubmissionId;
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

const WHY: &str = "复核发现面积数据有误，需要核实。";

/// A batch with two declarations that the office has received; the batch and their ids.
async fn two_received(world: &World) -> (String, Vec<SubmissionId>) {
    let batch = world.open_batch().await;
    let batch = batch.rsplit('/').next().expect("an id").to_owned();
    let april = world.day("2018-04-10");
    let mut ids = Vec::new();
    for town in ["ciyuan", "chaxiang"] {
        let id = at_city(&april, &batch, town).await;
        signed_by_all(&april, id).await;
        ids.push(id);
    }
    let path = report_of(&april.person("jdz_construction").await).await;
    report(&april, &ids).await.done();
    april.person("office").await.submit(&format!("{path}/receipt"), &[]).await.done();
    (batch, ids)
}

both!(from_the_call_to_the_published_list, world => {
    let (batch, ids) = two_received(&world).await;
    let june = world.day("2018-06-11");
    let office = june.person("office").await;
    let approver = june.person("office_approver").await;
    office.submit(&format!("/batches/{batch}/closing"), &[]).await.done();
    let selection = format!("/selection/{batch}");
    approver.submit(&format!("{selection}/decision"), &decision(&PRESENT)).await.refused("拟列入名单是空的");
    propose(&office, &ids[0].to_string(), "好").await.refused("请写明理由");
    propose(&office, &ids[0].to_string(), REASONS).await.done();
    office.get(&selection).await.shown().says(REASONS).says("示例茶香镇");
    office.get(&format!("{selection}/decision")).await.forbidden();
    approver.submit(&format!("{selection}/decision"), &decision(&PRESENT[..2])).await.refused("到会成员单位");
    approver.submit(&format!("{selection}/decision"), &decision(&PRESENT)).await.done();

    let during = world.day("2018-06-13");
    let visitor = during.visitor();
    visitor.get("/public").await.shown().says("拟列入名单的公示");
    let publication = format!("/lists/publication/{batch}");
    let approver = during.person("office_approver").await;
    approver.submit(&publication, &[("effective", "2018-06-13")]).await.refused("尚未结束");

    let after = world.day("2018-06-20");
    let approver = after.person("office_approver").await;
    approver.get(&publication).await.shown().says("示例瓷源镇").says("本批次未列入1个");
    approver.submit(&publication, &[("effective", "2018-06-20")]).await.done();
    let visitor = after.visitor();
    visitor.get("/public/list").await.shown().says("示例瓷源镇").says("赣特镇联纪〔2018〕3号").says("记录根");
    visitor.get("/public/list?on=2018-06-19").await.shown().says("还没有生效的名单");
    visitor.get("/public/list.csv").await.shown().says("示例瓷源镇,建制镇,建设名单,景德镇市,浮梁县");
    visitor.get("/public/list?on=2018-02-30").await.shown().says("格式填写日期").says("日期无法识别");
    visitor.get("/public/list?on=2099-01-01").await.shown().says("尚未到来").says("on=2099-01-01");
    visitor.get("/public/list.csv?on=2018-06-20").await.shown().says("示例瓷源镇");
    visitor.get("/public/list.csv?on=2018-06-19").await.is_missing();
    visitor.get("/public/list.csv?on=never").await.refused("格式填写日期");
    let store = after.store();
    assert_eq!(count(store, "SELECT COUNT(*) FROM declaration WHERE stage = 'Listed'").await, 1);
    assert_eq!(count(store, "SELECT COUNT(*) FROM declaration WHERE stage = 'NotSelected'").await, 1);
    assert_eq!(count(store, "SELECT COUNT(*) FROM membership WHERE stage = 'Listed'").await, 1);

    let auditor = after.person("auditor").await;
    let list = auditor.get("/lists/1").await.shown();
    let at = list.text.find("/lists/1/entries/").expect("a trace");
    let trace = list.text[at..].split('"').next().expect("its end").to_owned();
    auditor.get(&trace).await.shown().says("公布名单").says("联席会议决定").says("拟列入").says(REASONS);
    auditor.get("/log?kind=list").await.shown().says("名单版本 第1版");
    let verdict = verify(store, None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

both!(a_version_takes_effect_no_sooner_than_the_one_before, world => {
    let (batch, ids) = two_received(&world).await;
    let june = world.day("2018-06-11");
    let (office, approver) = (june.person("office").await, june.person("office_approver").await);
    office.submit(&format!("/batches/{batch}/closing"), &[]).await.done();
    propose(&office, &ids[0].to_string(), REASONS).await.done();
    approver.submit(&format!("/selection/{batch}/decision"), &decision(&PRESENT)).await.done();
    world
        .tamper(
            "INSERT INTO list_version (id, programme_id, version, batch_id, decision_id, title, minutes_number, \
               decided_day, published_day, effective_day, filing_due, filing_why, published_by, signature) \
             SELECT '1', b.programme_id, 1, b.id, d.id, 't', 'm', '2018-06-01', '2018-06-12', '2018-06-25', \
               '2018-09-12', '', '', '' FROM batch b JOIN decision d ON d.batch_id = b.id",
        )
        .await;
    let approver = world.day("2018-06-20").person("office_approver").await;
    let publish = async |day: &str| {
        approver.submit(&format!("/lists/publication/{batch}"), &[("effective", day)]).await
    };
    publish("2018-06-24").await.refused("早于上一版名单的生效日期（2018年6月25日）").says("三（三）");
    publish("2018-06-25").await.done();
});

both!(publication_ends_whatever_is_under_way, world => {
    let (batch, ids) = two_received(&world).await;
    let slow = filled(&world.day("2018-04-26"), &format!("/batches/{batch}"), "lejiang").await;
    let june = world.day("2018-06-11");
    let (office, approver) = (june.person("office").await, june.person("office_approver").await);
    office.get(&format!("/batches/{batch}/closing")).await.shown().says("尚未上报").says("1件");
    office.submit(&format!("/batches/{batch}/closing"), &[]).await.done();
    propose(&office, &ids[0].to_string(), REASONS).await.done();
    approver.submit(&format!("/selection/{batch}/decision"), &decision(&PRESENT)).await.done();
    let after = world.day("2018-06-20");
    let approver = after.person("office_approver").await;
    let publication = format!("/lists/publication/{batch}");
    approver.get(&publication).await.shown().says("示例乐江镇").says("1个尚未经省办受理");
    approver.submit(&publication, &[("effective", "2018-06-20")]).await.done();
    approver.get(&publication).await.refused("不能办理此事项");
    let store = after.store();
    let owed = "SELECT COUNT(*) FROM stage WHERE left_ms IS NULL AND owing_organisation_id IS NOT NULL";
    assert_eq!(count(store, owed).await, 0, "nobody owes a step of a batch that is over");
    assert_eq!(count(store, "SELECT COUNT(*) FROM submission WHERE is_open = 1").await, 0);
    let clerk = after.person("lejiang_clerk").await;
    clerk.get(&format!("/declarations/{slow}")).await.shown().says("申报未办结").says("第1步，共9步");
    clerk.get("/desk").await.shown().says("未列入");
    let verdict = verify(store, None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

both!(the_conference_decides_on_what_it_has_before_it, world => {
    let batch = world.open_batch().await;
    let batch = batch.rsplit('/').next().expect("an id").to_owned();
    let april = world.day("2018-04-10");
    let id = at_city(&april, &batch, "ciyuan").await;
    signed_by_all(&april, id).await;
    report(&april, &[id]).await.done();
    let june = world.day("2018-06-11");
    let (office, approver) = (june.person("office").await, june.person("office_approver").await);
    let path = format!("/selection/{batch}/decision");
    approver.get(&path).await.refused("不能办理此事项");
    office.submit(&format!("/batches/{batch}/closing"), &[]).await.done();
    approver.submit(&path, &decision(&PRESENT)).await.refused("尚未受理");
    office.submit(&format!("/declarations/{id}/receipt"), &[]).await.done();
    propose(&office, &id.to_string(), REASONS).await.done();
    let with = |name: &str, value: &'static str| {
        let change = |(field, was)| (field, if field == name { value } else { was });
        decision(&PRESENT).into_iter().map(change).collect::<Vec<_>>()
    };
    approver.submit(&path, &with("held_on", "2018-05-02")).await.refused("不晚于申报截止日");
    approver.submit(&path, &with("held_on", "1999-01-01")).await.refused("请核对会议日期");
    for phone in ["随便", "13912345678"] {
        approver.submit(&path, &with("phone", phone)).await.refused("不是办公电话");
    }
    approver.submit(&path, &decision(&PRESENT)).await.done();
    approver.get(&format!("/selection/{batch}")).await.shown().says("2018年6月20日起可以公布名单");
    approver.get(&path).await.refused("不能办理此事项");
});

both!(a_proposal_is_withdrawn_before_the_decision_and_made_again, world => {
    let (batch, ids) = two_received(&world).await;
    let june = world.day("2018-06-11");
    let office = june.person("office").await;
    let selection = format!("/selection/{batch}");
    let withdrawal = format!("/selection/declarations/{}/withdrawal", ids[0]);
    office.submit(&format!("/batches/{batch}/closing"), &[]).await.done();
    office.post(&withdrawal, &[("reason", WHY)]).await.refused("没有可以撤回的拟列入意见");
    propose(&office, &ids[0].to_string(), REASONS).await.done();
    office.get(&selection).await.shown().says("撤回拟列入");
    office.get(&withdrawal).await.shown().says(REASONS).says("可以重新提出");
    office.post(&withdrawal, &[("reason", "错")]).await.refused("请用5至500字写明");
    for login in ["ciyuan_clerk", "fuliang_approver", "jdz_city", "finance_department", "auditor"] {
        june.person(login).await.post(&withdrawal, &[("reason", WHY)]).await.forbidden();
    }
    office.post(&withdrawal, &[("reason", WHY)]).await.done();
    office.get("/desk").await.shown().says(&format!("/selection/declarations/{}", ids[0]));
    office.get(&selection).await.shown().says(WHY).says("撤回的拟列入意见").says(REASONS);
    let page = office.get(&format!("/declarations/{}", ids[0])).await.shown();
    page.says("撤回拟列入").says(WHY).says("省受理").says("退回补正");
    let store = june.store();
    assert_eq!(count(store, "SELECT COUNT(*) FROM proposal").await, 0);
    assert_eq!(count(store, "SELECT COUNT(*) FROM proposal_withdrawal").await, 1);
    let approver = june.person("office_approver").await;
    approver.submit(&format!("{selection}/decision"), &decision(&PRESENT)).await.refused("拟列入名单是空的");
    propose(&office, &ids[0].to_string(), REASONS).await.done();
    approver.submit(&format!("{selection}/decision"), &decision(&PRESENT)).await.done();
    let verdict = verify(store, None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

both!(a_notice_is_put_right_and_a_name_taken_off_it, world => {
    let (batch, ids) = two_received(&world).await;
    let june = world.day("2018-06-11");
    let (office, approver) = (june.person("office").await, june.person("office_approver").await);
    let (selection, first) = (format!("/selection/{batch}"), ids[0].to_string());
    let (withdrawal, correction) =
        (format!("/selection/declarations/{first}/withdrawal"), format!("{selection}/correction"));
    office.submit(&format!("/batches/{batch}/closing"), &[]).await.done();
    approver.get(&correction).await.refused("没有进行中的公示");
    for id in &ids {
        propose(&office, &id.to_string(), REASONS).await.done();
    }
    approver.submit(&format!("{selection}/decision"), &decision(&PRESENT)).await.done();

    let during = world.day("2018-06-13");
    let (office, approver) = (during.person("office").await, during.person("office_approver").await);
    let by_minutes = [("reason", WHY), ("document_number", "赣特镇联纪〔2018〕4号")];
    office.post(&withdrawal, &by_minutes).await.refused("联席会议已经议定");
    office.get(&correction).await.forbidden();
    approver.post(&withdrawal, &[("reason", WHY)]).await.refused("不规范");
    approver.get(&withdrawal).await.shown().says("会议纪要编号");
    approver.post(&withdrawal, &by_minutes).await.done();
    propose(&office, &first, REASONS).await.refused("不能再提出拟列入意见");
    let right = |phone: &'static str, name: &'static str, reason: &'static str| {
        [("document_number", "赣特镇联纪〔2018〕3号"), ("phone", phone), ("name.2", name), ("reason", reason)]
    };
    approver.get(&correction).await.shown().says("示例茶香镇");
    approver.post(&correction, &right("0791-00000000", "示例茶香镇", WHY)).await.refused("没有改动任何内容");
    approver.post(&correction, &right("0791-00000001", "示例茶乡镇", "错")).await.refused("请用5至500字写明");
    approver.post(&correction, &right("0791-00000001", "示例茶乡镇", WHY)).await.done();
    let public = during.visitor().get("/public").await.shown();
    let at = public.text.find("/public/notices/").expect("the notice");
    let notice = public.text[at..].split('"').next().expect("its end").to_owned();
    let notice = during.visitor().get(&notice).await.shown();
    let notice = notice.says("示例瓷源镇经联席会议复核，不再拟列入").says("“示例茶香镇”更正为“示例茶乡镇”");
    assert!(!notice.text.contains(WHY), "reasons stay inside");

    let after = world.day("2018-06-20");
    let approver = after.person("office_approver").await;
    approver.submit(&format!("/lists/publication/{batch}"), &[("effective", "2018-06-20")]).await.done();
    after.visitor().get("/public/list").await.shown().says("示例茶乡镇");
    let store = after.store();
    assert_eq!(count(store, "SELECT COUNT(*) FROM list_entry").await, 1);
    assert_eq!(count(store, "SELECT COUNT(*) FROM declaration WHERE stage = 'NotSelected'").await, 1);
    for id in &ids {
        let withdrawal = format!("/selection/declarations/{id}/withdrawal");
        approver.post(&withdrawal, &by_minutes).await.refused("名单已经公布，不能撤回拟列入");
    }
    approver.post(&correction, &right("0791-00000002", "示例茶香镇", WHY)).await.refused("没有进行中的公示");
    let verdict = verify(store, None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

both!(several_are_proposed_at_once_or_none, world => {
    let (batch, ids) = two_received(&world).await;
    let june = world.day("2018-06-11");
    let office = june.person("office").await;
    office.submit(&format!("/batches/{batch}/closing"), &[]).await.done();
    let path = format!("/selection/{batch}/proposals");
    let (first, second) = (ids[0].to_string(), ids[1].to_string());
    let own = format!("reasons.{second}");
    let page = office.get(&path).await.shown();
    page.says("示例瓷源镇").says("示例茶香镇").says("常住人口：30000人").says("市推荐顺序");
    office.get(&format!("/selection/declarations/{first}")).await.shown().says("30000人").says("第1位");
    office.submit(&path, &[("reasons", REASONS)]).await.refused("请先勾选").says(REASONS);
    let unticked = [("pick", first.as_str()), ("reasons", REASONS), (own.as_str(), "第二件的理由")];
    office.submit(&path, &unticked).await.refused("没有勾选").says("第二件的理由").says(" checked");
    let one_short = [("pick", first.as_str()), ("pick", second.as_str()), ("reasons", REASONS), (own.as_str(), "好")];
    office.submit(&path, &one_short).await.refused("“示例茶香镇”：拟列入理由只有 1 字").says(&format!("#f-{own}"));
    let store = june.store();
    assert_eq!(count(store, "SELECT COUNT(*) FROM proposal").await, 0, "all or none");
    let entries = count(store, "SELECT COUNT(*) FROM log_entry").await;
    const OTHER: &str = "茶产业链完整，合作社带动明显，三年投资已经落实，建议列入本批次名单。";
    let both = [("pick", first.as_str()), ("pick", second.as_str()), ("reasons", REASONS), (own.as_str(), OTHER)];
    office.submit(&path, &[&both[..], &[("colour", "red")]].concat()).await.refused("没有“colour”");
    office.submit(&path, &both).await.done();
    assert_eq!(count(store, "SELECT COUNT(*) FROM proposal").await, 2);
    assert_eq!(count(store, "SELECT COUNT(*) FROM log_entry").await, entries + 1, "one act");
    office.get(&format!("/selection/{batch}")).await.shown().says(REASONS).says(OTHER).says("已拟列入2个");
    office.get(&path).await.shown().says("没有待提出意见的申报件");
    office.submit(&path, &both).await.refused("不能拟列入").says("示例瓷源镇");
    let verdict = verify(store, None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

both!(a_trace_says_names_and_only_what_is_the_towns, world => {
    let (batch, ids) = two_received(&world).await;
    let path = format!("/batches/{batch}");
    let april = world.day("2018-04-26");
    let approver = april.person("office_approver").await;
    extension(&approver, &path, "360400", "2018-05-11").await.done();
    extension(&approver, &path, "360222", "2018-05-15").await.done();
    let june = world.day("2018-06-11");
    let (office, approver) = (june.person("office").await, june.person("office_approver").await);
    office.submit(&format!("{path}/closing"), &[]).await.done();
    const OTHER: &str = "茶产业链完整，合作社带动明显，三年投资已经落实，建议列入本批次名单。";
    let (first, second) = (ids[0].to_string(), ids[1].to_string());
    let own = format!("reasons.{second}");
    let both = [("pick", first.as_str()), ("pick", second.as_str()), ("reasons", REASONS), (own.as_str(), OTHER)];
    office.submit(&format!("/selection/{batch}/proposals"), &both).await.done();
    approver.submit(&format!("/selection/{batch}/decision"), &decision(&PRESENT)).await.done();
    let after = world.day("2018-06-20");
    let approver = after.person("office_approver").await;
    approver.submit(&format!("/lists/publication/{batch}"), &[("effective", "2018-06-20")]).await.done();
    let auditor = after.person("auditor").await;
    let list = auditor.get("/lists/1").await.shown();
    let trace = list.text.split("href=\"").find(|link| link.starts_with("/lists/1/entries/")).expect("a trace");
    let trace = auditor.get(trace.split('"').next().expect("its end")).await.shown();
    let trace = trace.says("批准机关：省特色小镇建设工作联席会议").says("对象：浮梁县").says("2018年5月15日");
    let trace = trace.says(REASONS).says("成批提出拟列入意见").says("省住房和城乡建设厅");
    for hidden in ["conference", "360222", "360400", "九江", "2018年5月11日", OTHER] {
        assert!(!trace.text.contains(hidden), "{hidden}: {}", trace.words());
    }
    let log = auditor.get("/log?act=batch.extended").await.shown();
    log.says("对象：九江市").says("批准机关：省特色小镇建设工作联席会议");
});
