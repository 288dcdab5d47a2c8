//! From the town to the office: who may take which step, what each refuses, and what it leaves.

use crate::batches::{call_with, path_of};
use crate::both;
use crate::client::{Answer, Client};
use crate::submissions::{FORM, fill};
use crate::world::{World, count};
use domain::id::{GrantId, SubmissionId};
use kit::args;
use kit::record::{Event, Who};

/// A scan as small as a PDF can be.
pub const SCAN: (&str, &[u8]) =
    ("公文.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n0\n%%EOF\n");

/// The three bureaus of 景德镇.
pub const BUREAUS: [&str; 3] = ["jdz_construction", "jdz_development", "jdz_finance"];

impl World {
    /// The same world on another day, under the pack with the small form.
    pub fn day(&self, today: &str) -> World {
        self.on(today).with_small_form()
    }

    /// Every county says whether it is a pilot county, as the office has confirmed.
    pub async fn settle_facts(&self) {
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        act.write("UPDATE division SET is_pilot_county = 0 WHERE level = 'county'", args![])
            .await
            .expect("settled");
        act.commit(Event::new("division.settled", "division", "36")).await.expect("committed");
    }

    /// One person of the cast in the role of another as well, acting in it.
    pub async fn in_role(&self, login: &str, of: &str) -> Client {
        let (person, other) = (self.cast.members[login].person, self.cast.members[of]);
        let grant: GrantId = kit::clock::fresh();
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        act.write_one(
            "INSERT INTO role_grant (id, person_id, organisation_id, role, requested_by, requested_ms, approved_by, \
             approved_ms, valid_from) VALUES ($1, $2, $3, $4, 'console', $5, 'console', $5, '2018-01-01')",
            args![grant, person, other.organisation, other.role, act.now_ms()],
        )
        .await
        .expect("a role");
        act.commit(Event::new("role.granted", "person", person)).await.expect("committed");
        let mut client = self.visitor();
        client.sign_in(&grant.to_string()).await;
        client
    }

    /// The second batch, called in March on the small form, with every fact settled. Its address.
    pub async fn open_batch(&self) -> String {
        self.settle_facts().await;
        call_with(&self.day("2018-03-20"), FORM).await
    }
}

/// A clerk begins his declaration and fills it in.
pub async fn filled(world: &World, batch: &str, town: &str) -> SubmissionId {
    let clerk = world.person(&format!("{town}_clerk")).await;
    let id = batch.rsplit('/').next().expect("an id");
    let answer = clerk.post("/declarations", &[("batch", id)]).await.done();
    let id = path_of(&answer.location).rsplit('/').next().expect("an id").parse().expect("an id");
    fill(&clerk, id).await;
    id
}

/// Posts to a step of a declaration.
pub async fn step(client: &Client, id: SubmissionId, verb: &str, fields: &[(&str, &str)]) -> Answer {
    client.submit(&format!("/declarations/{id}/{verb}"), fields).await
}

/// The hidden hash on a page.
pub fn hash_on(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"content_hash\" value=\"").expect("a hash");
    rest.split('"').next().expect("its end").to_owned()
}

/// The clerk hands over, the head confirms: it is before the county.
pub async fn sent_to_county(world: &World, town: &str, id: SubmissionId) {
    let clerk = world.person(&format!("{town}_clerk")).await;
    step(&clerk, id, "sending", &[("promise", "1")]).await.done();
    let head = world.person(&format!("{town}_head")).await;
    step(&head, id, "confirmation", &[("opinion", "情况属实，同意申报。")]).await.done();
}

/// The county reviews and approves: it is before the city.
pub async fn sent_to_city(world: &World, county: &str, id: SubmissionId) {
    let reviewer = world.person(&format!("{county}_reviewer")).await;
    step(&reviewer, id, "review", &[("opinion", "数据与年鉴一致，附件齐全，建议审定。")]).await.done();
    let approver = world.person(&format!("{county}_approver")).await;
    approve(&approver, id, "浮府字〔2018〕12号").await.done();
}

/// A town of 浮梁 has filled in its declaration, and its county has sent it up: the three bureaus' turn.
pub async fn at_city(world: &World, batch: &str, town: &str) -> SubmissionId {
    let id = filled(world, batch, town).await;
    sent_to_county(world, town, id).await;
    sent_to_city(world, "fuliang", id).await;
    id
}

pub async fn approve(approver: &Client, id: SubmissionId, number: &str) -> Answer {
    let path = format!("/declarations/{id}/approval");
    approver.submit_file(&path, &[("document_number", number)], "scan", SCAN).await
}

/// A bureau opens the page, reads, and signs what it has read.
pub async fn sign(bureau: &Client, id: SubmissionId) -> Answer {
    let page = bureau.get(&format!("/declarations/{id}/signature")).await.shown();
    step(bureau, id, "signature", &[("content_hash", &hash_on(&page))]).await
}

pub async fn signed_by_all(world: &World, id: SubmissionId) {
    for bureau in BUREAUS {
        sign(&world.person(bureau).await, id).await.done();
    }
}

/// The address of the city's report that has not been sent.
pub async fn report_of(client: &Client) -> String {
    let page = client.get("/city-reports").await.shown();
    let at = page.text.rmatch_indices("href=\"/city-reports/").next().expect("a report").0;
    page.text[at + 6..].split('"').next().expect("its end").to_owned()
}

/// The city's list with these in order, before the three bureaus; its address.
pub async fn compiled(world: &World, order: &[SubmissionId]) -> String {
    let construction = world.person("jdz_construction").await;
    let report = report_of(&construction).await;
    let places: Vec<(String, String)> =
        order.iter().zip(1..).map(|(id, place)| (format!("order.{id}"), place.to_string())).collect();
    let mut fields = vec![("document_number", "景府字〔2018〕30号"), ("summary", "各县组织有序，材料齐全。")];
    fields.extend(places.iter().map(|(name, place)| (name.as_str(), place.as_str())));
    construction.submit(&format!("{report}/list"), &fields).await.done();
    report
}

/// Compiled with these in order, signed by the three, sent by the city government.
pub async fn report(world: &World, order: &[SubmissionId]) -> Answer {
    let report = compiled(world, order).await;
    for bureau in BUREAUS {
        let bureau = world.person(bureau).await;
        let page = bureau.get(&format!("{report}/signature")).await.shown();
        let hash = hash_on(&page);
        bureau.submit(&format!("{report}/signature"), &[("content_hash", &hash)]).await.done();
    }
    let city = world.person("jdz_city").await;
    city.submit_file(&format!("{report}/sending"), &[], "scan", SCAN).await
}

both!(a_clerk_begins_and_sees_what_stands_against_it, world => {
    let batch = call_with(&world.day("2018-03-20"), FORM).await;
    let world = world.day("2018-04-10");
    let clerk = world.person("ciyuan_clerk").await;
    clerk.get("/declarations/new").await.shown().says("省直管试点县").says("省办确认").says("三（四）").says("开始申报");
    let id = filled(&world, &batch, "ciyuan").await;
    clerk.get(&format!("/declarations/{id}")).await.shown().says("2018-2-001").says("填写申报书").says("顺延");
    clerk.get("/declarations/new").await.shown().says("打开已有的申报书");
    let batch_id = batch.rsplit('/').next().expect("an id");
    clerk.post("/declarations", &[("batch", batch_id)]).await.refused("本批次已有该单位的申报");
    step(&clerk, id, "sending", &[("promise", "1")]).await.done();
    let head = world.person("ciyuan_head").await;
    step(&head, id, "confirmation", &[]).await.refused("尚未确认所属县").says("省办确认");
});

both!(each_bar_of_the_scope_names_its_clause, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    act.write("UPDATE division SET is_county_seat = 1, kind = '街道' WHERE code = '360222901'", args![])
        .await
        .expect("written");
    act.write("UPDATE place SET is_industrial_park = 1, has_legal_operator = 0 WHERE track = 'Platform'", args![])
        .await
        .expect("written");
    act.commit(Event::new("division.settled", "division", "36")).await.expect("committed");
    let clerk = world.person("ciyuan_clerk").await;
    let page = clerk.get("/declarations/new").await.shown();
    page.says("城关镇不在申报范围内").says("不是建制镇").says("三（一）").says("共2条");
    let batch_id = batch.rsplit('/').next().expect("an id");
    clerk.post("/declarations", &[("batch", batch_id)]).await.refused("不是建制镇");
    let platform = world.person("dongfeng_clerk").await;
    platform.get("/declarations/new").await.shown().says("产业园区不在申报范围内").says("平台运营主体具有法人资格").says("共2条");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM declaration").await, 0);
});

both!(an_incomplete_declaration_is_not_handed_over, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let clerk = world.person("ciyuan_clerk").await;
    let id = batch.rsplit('/').next().expect("an id");
    let answer = clerk.post("/declarations", &[("batch", id)]).await.done();
    let id: SubmissionId = path_of(&answer.location)[14..].parse().expect("an id");
    step(&clerk, id, "sending", &[("promise", "1")]).await.refused("处需要补充或更正");
    fill(&clerk, id).await;
    step(&clerk, id, "sending", &[]).await.refused("请阅读并勾选承诺");
    step(&clerk, id, "sending", &[("promise", "1")]).await.done();
    step(&clerk, id, "sending", &[("promise", "1")]).await.refused("镇内复核");
});

both!(nobody_approves_what_he_filled_or_reviewed, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    step(&clerk, id, "sending", &[("promise", "1")]).await.done();
    let also_head = world.in_role("ciyuan_clerk", "ciyuan_head").await;
    step(&also_head, id, "confirmation", &[]).await.refused("填报人不能审核");
    let head = world.person("ciyuan_head").await;
    step(&head, id, "confirmation", &[]).await.done();
    let approver = world.person("fuliang_approver").await;
    approve(&approver, id, "浮府字〔2018〕12号").await.refused("尚未出具审核意见");
    let reviewer = world.person("fuliang_reviewer").await;
    step(&reviewer, id, "review", &[("opinion", "好")]).await.refused("审核意见没有写明");
    step(&reviewer, id, "review", &[("opinion", "材料齐全，建议审定。")]).await.done();
    let also_approver = world.in_role("fuliang_reviewer", "fuliang_approver").await;
    approve(&also_approver, id, "浮府字〔2018〕12号").await.refused("审核人不能同时审定");
    approve(&approver, id, "浮府十二号").await.refused("不规范");
    let path = format!("/declarations/{id}/approval");
    let number = [("document_number", "浮府字〔2018〕12号")];
    approver.submit_file(&path, &number, "nothing", ("", b"")).await.refused("请上传县级政府文件的扫描件");
    approver.submit_file(&path, &number, "scan", ("公文.pdf", b"MZ program")).await.refused("扫描件");
    approve(&approver, id, "浮府字〔2018〕12号").await.done();
    let page = approver.get(&format!("/declarations/{id}")).await.shown();
    page.says("市会签").says("浮府字〔2018〕12号").says("公文.pdf").says("景德镇市建设局");
});

both!(an_edit_voids_the_three_signatures, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = at_city(&world, &batch, "ciyuan").await;
    let construction = world.person("jdz_construction").await;
    step(&construction, id, "signature", &[("content_hash", "0000")]).await.refused("有改动");
    sign(&construction, id).await.done();
    sign(&construction, id).await.refused("已经会签");
    sign(&world.person("jdz_development").await, id).await.done();
    world.person("jj_finance").await.get(&format!("/declarations/{id}/signature")).await.is_missing();
    let finance = world.person("jdz_finance").await;
    let page = finance.get(&format!("/declarations/{id}/return")).await.shown().says("补正要求");
    page.says("5个工作日");
    let page = step(&finance, id, "return", &[("opinion", "请再核实")]).await.refused("至少勾选一项");
    page.says("href=\"#f-fault\"").says("id=\"f-fault\"").says("请再核实");
    step(&finance, id, "return", &[("fault", "102")]).await.refused("写明补正要求");
    let fault = [("fault", "102"), ("says.102", "户籍人口与统计公报不一致。")];
    step(&finance, id, "return", &fault).await.done();
    let shown = finance.get(&format!("/declarations/{id}")).await.shown();
    shown.says("已作废").says("户籍人口与统计公报不一致").says("退回");
    let standing = "SELECT COUNT(*) FROM bureau_signature WHERE void_ms IS NULL";
    assert_eq!(count(world.store(), standing).await, 0);

    let clerk = world.person("ciyuan_clerk").await;
    clerk.get(&format!("/submissions/{id}")).await.shown().says("被退回");
    fill(&clerk, id).await;
    sent_to_county(&world, "ciyuan", id).await;
    let reviewer = world.person("fuliang_reviewer").await;
    let page = reviewer.get(&format!("/declarations/{id}/review")).await.shown();
    page.says("未改").says("户籍人口与统计公报不一致").says("与第1版相比");
    sent_to_city(&world, "fuliang", id).await;
    signed_by_all(&world, id).await;
    assert_eq!(count(world.store(), standing).await, 3);
    let page = world.person("jdz_city").await.get(&format!("/declarations/{id}")).await.shown();
    page.says("景德镇市政府").says("查看上报清单").says("已作废").says("第2版");
});

both!(withdrawal_ends_when_the_next_level_has_acted, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    sent_to_county(&world, "ciyuan", id).await;
    let head = world.person("ciyuan_head").await;
    head.get(&format!("/declarations/{id}/withdrawal")).await.shown().says("办理后");
    step(&head, id, "withdrawal", &[("reason", "错")]).await.refused("撤回理由");
    step(&head, id, "withdrawal", &[("reason", "附件传错，须更换。")]).await.done();
    let clerk = world.person("ciyuan_clerk").await;
    clerk.get(&format!("/declarations/{id}")).await.shown().says("恢复填报").says("附件传错");
    step(&clerk, id, "reopening", &[]).await.done();
    fill(&clerk, id).await;
    sent_to_county(&world, "ciyuan", id).await;
    let reviewer = world.person("fuliang_reviewer").await;
    step(&reviewer, id, "review", &[("opinion", "材料齐全，建议审定。")]).await.done();
    step(&head, id, "withdrawal", &[("reason", "附件又传错，须更换。")]).await.refused("已经开始办理");
});

both!(a_draft_withdrawn_is_taken_up_again, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    step(&clerk, id, "withdrawal", &[("reason", "今年暂不申报，以后再报。")]).await.done();
    step(&clerk, id, "reopening", &[]).await.done();
    sent_to_county(&world, "ciyuan", id).await;
});

both!(nobody_acts_on_what_he_has_not_read_nor_twice, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let id = filled(&april, &batch, "ciyuan").await;
    sent_to_county(&april, "ciyuan", id).await;
    let (reviewer, approver) =
        (april.person("fuliang_reviewer").await, april.person("fuliang_approver").await);
    let opinion = ("opinion", "数据与年鉴一致，附件齐全，建议审定。");
    step(&reviewer, id, "review", &[opinion, ("content_hash", "another")]).await.refused("您打开页面之后，内容有改动");
    let page = reviewer.get(&format!("/declarations/{id}/review")).await.shown();
    let hash = hash_on(&page);
    let done = step(&reviewer, id, "review", &[opinion, ("content_hash", &hash)]).await.done();
    let told = reviewer.get(&done.location).await.shown().says("已办理：县级审核。现由浮梁县政府（县审定人）办理");
    told.says("我的待办（0件）");
    step(&reviewer, id, "review", &[opinion]).await.refused("您已提交审核意见");
    approver.upload(&format!("/declarations/{id}/approval"), &[], "other", SCAN).await.refused("请填写“县级政府文号”");
    approve(&approver, id, "浮府字〔2018〕12号").await.done();
    approver.get(&format!("/declarations/{id}/approval")).await.refused("不能办理此事项");
});

both!(another_letter_under_a_used_key_is_refused, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    sent_to_county(&world, "ciyuan", id).await;
    let opinion = [("opinion", "数据与年鉴一致，附件齐全，建议审定。")];
    step(&world.person("fuliang_reviewer").await, id, "review", &opinion).await.done();
    let approver = world.person("fuliang_approver").await;
    let path = format!("/declarations/{id}/approval");
    let hash = hash_on(&approver.get(&path).await.shown());
    let number = ("document_number", "浮府字〔2018〕12号");
    let fields = [("_key", "one-letter"), number, ("content_hash", hash.as_str())];
    approver.upload(&path, &fields, "scan", SCAN).await.done();
    approver.upload(&path, &fields, "scan", SCAN).await.done();
    let another = [SCAN.1, b"\n"].concat();
    approver.upload(&path, &fields, "scan", (SCAN.0, &another)).await.refused("这次的内容与上次不同");
});

both!(the_office_returns_with_a_clock_of_its_own, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-27");
    let id = at_city(&april, &batch, "ciyuan").await;
    signed_by_all(&april, id).await;
    report(&april, &[id]).await.done();
    let may = world.day("2018-05-03");
    let fault = [("fault", "industry"), ("says.industry", "产业部分请补充主导产业依据。")];
    let office = may.person("office").await;
    office.get(&format!("/declarations/{id}/return")).await.shown().says("省级第1次");
    step(&office, id, "return", &fault).await.done();
    let clerk = may.person("ciyuan_clerk").await;
    clerk.get(&format!("/declarations/{id}")).await.shown().says("2018年5月10日").says("产业部分请补充");
    let later = world.day("2018-05-08");
    fill(&later.person("ciyuan_clerk").await, id).await;
    sent_to_county(&later, "ciyuan", id).await;
    sent_to_city(&later, "fuliang", id).await;
    signed_by_all(&later, id).await;
    report(&later, &[id]).await.done();
    let page = later.person("office").await.get(&format!("/declarations/{id}")).await.shown();
    page.says("第1次补正后上报");
    step(&later.person("office").await, id, "receipt", &[]).await.done();
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM declaration WHERE is_late = 1").await, 0);
});
