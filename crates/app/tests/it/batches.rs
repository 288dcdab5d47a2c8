//! Batches: drafted by the office, called by its approver, made longer with reason and authority.

use crate::both;
use crate::client::{Answer, Client};
use crate::world::World;

/// A draft of the second batch, as the office types it.
const DRAFT: &[(&str, &str)] = &[
    ("title", "2018年江西省特色小镇申报（第二批）"),
    ("year", "2018"),
    ("ordinal", "2"),
    ("target_count", "16"),
    ("opens", "2018-03-20"),
    ("closes", "2018-04-30"),
    ("list_by", "2018-06-30"),
    ("town_form", "declaration-statutory-town"),
    ("platform_form", "declaration-platform"),
];

/// The draft with some answers changed.
fn draft_with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = DRAFT.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.copied().chain(changes.iter().copied()).collect()
}

/// The address a redirect leads to, without its query.
pub fn path_of(location: &str) -> String {
    location.split('?').next().unwrap_or_default().to_owned()
}

/// The office drafts the second batch in March. Gives its address.
pub async fn drafted(world: &World) -> String {
    let office = world.on("2018-03-20").person("office").await;
    path_of(&office.post("/batches/new", DRAFT).await.done().location)
}

/// Somebody saves the draft once more, as it is.
pub async fn redraft(client: &Client, batch: &str) -> Answer {
    let path = format!("{batch}/edit");
    let page = client.get(&path).await.shown();
    let version = page.input("version");
    client.post(&path, &draft_with(&[("version", &version)])).await
}

/// The office drafts the second batch; its approver calls it on 2018-03-20. Gives its address.
pub async fn called(world: &World) -> String {
    call_with(&world.on("2018-03-20"), "declaration-statutory-town").await
}

/// The same in a world that stands on that day, on another form for towns.
pub async fn call_with(march: &World, town_form: &str) -> String {
    let draft = draft_with(&[("town_form", town_form)]);
    let batch = path_of(&march.person("office").await.post("/batches/new", &draft).await.done().location);
    let approver = march.person("office_approver").await;
    send_call(&approver, &batch, "赣建村〔2018〕12号").await.done();
    batch
}

pub async fn send_call(approver: &Client, batch: &str, number: &str) -> Answer {
    let path = format!("{batch}/call");
    approver.submit_file(&path, &[("document_number", number)], "nothing", ("", b"")).await
}

both!(the_office_drafts_and_its_approver_calls, world => {
    let march = world.on("2018-03-20");
    let office = march.person("office").await;
    office.get("/batches/new").await.shown().says("拟定新批次").says("约").says("2018-04-30");
    let batch = path_of(&office.post("/batches/new", DRAFT).await.done().location);
    office.get(&batch).await.shown().says("草稿").says("尚未发出申报通知").says("修改批次");
    march.person("fuliang_reviewer").await.get(&batch).await.is_missing();
    assert_eq!(office.submit(&format!("{batch}/call"), &[]).await.status, 403);

    let approver = march.person("office_approver").await;
    approver.get(&format!("{batch}/call")).await.shown().says("2018年5月2日24:00").says("顺延");
    send_call(&approver, &batch, "十二号").await.refused("赣建村〔2018〕12号").says("十二号");
    send_call(&approver, &batch, "赣建村[2018]12号").await.done();
    march.person("fuliang_reviewer").await.get(&batch).await.shown().says("已发通知").says("赣建村〔2018〕12号");
    march.person("ciyuan_clerk").await.get("/batches").await.shown().says("第二批");
    send_call(&approver, &batch, "赣建村〔2018〕13号").await.refused("");
});

both!(a_new_batch_is_offered_in_days_to_come, world => {
    let page = world.on("2018-04-01").person("office").await.get("/batches/new").await.shown();
    page.says("value=\"2018-04-30\"");
    let page = world.on("2018-11-24").person("office").await.get("/batches/new").await.shown();
    page.says("value=\"2019-04-30\"").says("value=\"2019-06-30\"");
});

both!(a_bad_draft_comes_back_with_its_words, world => {
    let office = world.on("2018-03-20").person("office").await;
    let typed = draft_with(&[("title", "批"), ("year", "很久以前"), ("closes", "四月底")]);
    let answer = office.post("/batches/new", &typed).await.refused("4到60个字");
    answer.says("2016到2100之间").says("很久以前").says("href=\"#f-closes\"");
    let typed = draft_with(&[("opens", "2018-05-01"), ("list_by", "2018-04-01")]);
    let answer = office.post("/batches/new", &typed).await.refused("早于“申报开始日”").says("三（二）");
    answer.says("早于“申报截止日”").says("href=\"#f-list_by\"");
    let typed = draft_with(&[("platform_form", "declaration-statutory-town")]);
    office.post("/batches/new", &typed).await.refused("请选择创新创业平台的申报表单");
    office.post("/batches/new", &draft_with(&[("colour", "red")])).await.refused("没有“colour”");
});

both!(other_days_than_the_plan_need_a_reason, world => {
    let office = world.on("2018-03-20").person("office").await;
    let later = [("closes", "2018-05-15")];
    office.post("/batches/new", &draft_with(&later)).await.refused("晚于方案日期的理由");
    let reasoned = [
        ("closes", "2018-05-15"),
        ("slip_reason", "省级机构改革，通知推迟印发"),
        ("slip_authority", "conference"),
    ];
    let batch = path_of(&office.post("/batches/new", &draft_with(&reasoned)).await.done().location);
    office.get(&batch).await.shown().says("省级机构改革").says("联席会议批准");
});

both!(a_call_leaves_time_to_fill_in, world => {
    let april = world.on("2018-04-20");
    let typed = draft_with(&[("opens", "2018-04-20")]);
    let batch = path_of(&april.person("office").await.post("/batches/new", &typed).await.done().location);
    let approver = april.person("office_approver").await;
    send_call(&approver, &batch, "赣建村〔2018〕12号").await.refused("个工作日");
});

both!(an_ordinal_stands_once, world => {
    called(&world).await;
    let office = world.person("office").await;
    office.post("/batches/new", DRAFT).await.refused("已经有了");
});

both!(a_window_grows_with_reason_and_authority, world => {
    let batch = called(&world).await;
    let approver = world.person("office_approver").await;
    let path = format!("{batch}/extension");
    let asked = [
        ("whom", "batch"),
        ("until", "2018-05-12"),
        ("reason", "暴雨导致部分县道路中断"),
        ("authority", "lead"),
        ("document_number", "赣建村〔2018〕20号"),
    ];
    assert_eq!(world.person("office").await.post(&path, &asked).await.status, 403);
    let mut wordless = asked.to_vec();
    wordless[2] = ("reason", "雨");
    approver.post(&path, &wordless).await.refused("延期理由");
    let mut backwards = asked.to_vec();
    backwards[1] = ("until", "2018-04-28");
    approver.post(&path, &backwards).await.refused("应晚于2018年5月2日");
    approver.post(&path, &asked).await.done();
    approver.get(&batch).await.shown().says("2018年5月14日").says("暴雨").says("赣建村〔2018〕20号");
    let mut nowhere = asked.to_vec();
    nowhere[0] = ("whom", "division");
    nowhere[1] = ("until", "2018-05-18");
    nowhere.push(("division", "999999"));
    approver.post(&path, &nowhere).await.refused("没有这个市或县");
});

both!(a_window_closes_after_its_last_day, world => {
    let batch = called(&world).await;
    let path = format!("{batch}/closing");
    let early = world.on("2018-05-02").person("office").await;
    early.get(&path).await.shown().says("尚未结束").says("截止日次日");
    early.submit(&path, &[]).await.refused("尚未结束");
    let after = world.on("2018-05-03");
    after.person("office").await.get(&batch).await.shown().says("申报已经截止").says("逾期1天");
    after.person("office").await.submit(&path, &[]).await.done();
    after.person("office").await.get(&batch).await.shown().says("评审中");
});

both!(a_form_sent_twice_acts_once, world => {
    let office = world.on("2018-03-20").person("office").await;
    let typed = draft_with(&[("_key", "one-key")]);
    let first = office.post("/batches/new", &typed).await.done().location;
    let second = office.post("/batches/new", &typed).await.done().location;
    assert_eq!(path_of(&first), path_of(&second));
    let another = draft_with(&[("_key", "one-key"), ("title", "另一个批次")]);
    office.post("/batches/new", &another).await.refused("这次的内容与上次不同");
    let colleague = world.on("2018-03-20").person("office_two").await;
    colleague.post("/batches/new", &typed).await.refused("这次的内容与上次不同");
});
