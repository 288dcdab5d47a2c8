//! Drafts, editions and their pages through the routes.

use crate::both;
use crate::client::Client;
use crate::world::{World, count};
use axum::http::StatusCode;
use domain::id::{GrantId, PersonId, SubmissionId};
use domain::pack::Pack;
use kit::record::{Event, Who};
use kit::{Error, args};
use std::sync::{Arc, LazyLock};
use zhenxing::app::Settings;
use zhenxing::submissions::{self, Fault, Sealed, Start};
use zhenxing::{App, packs};

pub const FORM: &str = "declaration-test";

/// The default pack with a small form of every kind of item beside its own.
static PACK: LazyLock<Arc<Pack>> = LazyLock::new(|| {
    let mut files = packs::embedded_files();
    let text = include_str!("forms/declaration-test.toml").to_owned();
    files.push((format!("forms/{FORM}.toml"), text));
    Arc::new(packs::read(files).expect("the pack with the test's form is whole"))
});

impl World {
    /// The same world under a pack that has the small form.
    pub fn with_small_form(self) -> World {
        let settings = Settings { demo: true, ..Settings::default() };
        let app = App::new(self.store().clone(), PACK.clone(), settings).expect("the application starts");
        World { app, ..self }
    }

    /// A draft of the town 示例瓷源镇.
    pub async fn start(&self, form_code: &str, place: &str) -> SubmissionId {
        let clerk = self.cast.members[format!("{place}_clerk").as_str()];
        let start = Start {
            kind: "declaration",
            form_code,
            place: self.cast.places[place],
            batch: None,
            owner: clerk.organisation,
        };
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        let id = submissions::start(&mut act, self.app.pack(), start).await.expect("started");
        act.commit(Event::new("declaration.started", "declaration", id)).await.expect("committed");
        id
    }

    /// Somebody else with the same role in the same organisation, signed in.
    pub async fn colleague(&self, login: &str) -> Client {
        let member = self.cast.members[login];
        let (person, grant): (PersonId, GrantId) = (kit::clock::fresh(), kit::clock::fresh());
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        act.write_one(
            "INSERT INTO person (id, login, name, phone, employer_id) VALUES ($1, 'colleague', '示例·同事', '0', $2)",
            args![person, member.organisation],
        )
        .await
        .expect("a person");
        act.write_one("INSERT INTO credential (id) VALUES ($1)", args![person]).await.expect("a credential");
        act.write_one(
            "INSERT INTO role_grant (id, person_id, organisation_id, role, requested_by, requested_ms, approved_by, \
             approved_ms, valid_from) VALUES ($1, $2, $3, $4, 'console', $5, 'console', $5, '2018-01-01')",
            args![grant, person, member.organisation, member.role, act.now_ms()],
        )
        .await
        .expect("a role");
        act.commit(Event::new("person.registered", "person", person)).await.expect("committed");
        let mut client = self.visitor();
        client.sign_in(&grant.to_string()).await;
        client
    }

    pub async fn seal(&self, id: SubmissionId) -> kit::Result<Sealed> {
        let pack = self.app.pack();
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        let sealed = submissions::seal(&mut act, id, pack, pack.form(FORM).expect("the form")).await?;
        submissions::release(&mut act, id).await?;
        act.commit(Event::new("declaration.sent", "declaration", id)).await.expect("committed");
        Ok(sealed)
    }

    pub async fn reopen(&self, id: SubmissionId, faults: &[Fault]) {
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        submissions::reopen(&mut act, id, faults).await.expect("opened again");
        act.commit(Event::new("declaration.returned", "declaration", id)).await.expect("committed");
    }
}

/// The version a section's form carries.
pub async fn version_of(client: &Client, path: &str) -> String {
    let page = client.get(path).await.shown();
    let (_, rest) = page.text.split_once("name=\"version\" value=\"").expect("a version");
    rest.split('"').next().expect("its end").to_owned()
}

/// Everything the small form needs.
pub async fn fill(client: &Client, id: SubmissionId) {
    let at = |code: &str| format!("/submissions/{id}/sections/{code}");
    let save = async |code: &str, fields: &[(&str, &str)]| {
        let version = version_of(client, &at(code)).await;
        let mut all = vec![("version", version.as_str()), ("_done", "1")];
        all.extend_from_slice(fields);
        client.post(&at(code), &all).await.done();
    };
    save(
        "basics",
        &[
            ("101", "示例瓷源镇"),
            ("102", "30,000"),
            ("103", "31000"),
            ("105", "工业发展"),
            ("105", "旅游发展"),
        ],
    )
    .await;
    save("industry", &[("201", "12000"), ("203", "50000")]).await;
    save("firms", &[("row.1.301", "示例瓷业公司"), ("row.1.302", "120")]).await;
    let file = ("规划.docx", include_bytes!("forms/good.docx").as_slice());
    let answer =
        client.upload(&format!("/submissions/{id}/files"), &[("item", "901")], "file-901", file).await;
    answer.done();
    save("papers", &[]).await;
}

both!(a_declaration_is_filled_sealed_returned_and_compared, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let tasks = format!("/submissions/{id}");
    clerk.get(&tasks).await.shown().says("未开始").says("检查并提交").says("共4个部分，已填完0个");
    clerk.get(&format!("{tasks}/check")).await.shown().says("处需要填写或修改");
    fill(&clerk, id).await;
    clerk.get(&tasks).await.shown().says("已填完4个");
    let check = clerk.get(&format!("{tasks}/check")).await.shown().says("30000人").says("工业发展、旅游发展");
    assert!(check.text.contains(&format!("/declarations/{id}/sending")), "the form leads to its host");

    let first = world.seal(id).await.expect("a whole form is sealed");
    assert_eq!(first.number, 1);
    let answer = clerk.get(&tasks).await.done();
    assert_eq!(answer.location, format!("{tasks}/editions/1"));
    clerk.get(&format!("{tasks}/sections/basics")).await.refused("已提交");

    let county = world.person("fuliang_reviewer").await;
    county.get(&format!("{tasks}/editions/1")).await.shown().says(&first.content_hash).says("规划.docx");
    county.get(&format!("{tasks}/sections/basics")).await.forbidden();
    world.person("leping_reviewer").await.get(&format!("{tasks}/editions/1")).await.is_missing();
    world.person("chaxiang_clerk").await.get(&format!("{tasks}/editions/1")).await.is_missing();

    let says = "与统计年鉴不一致，请核对。".to_owned();
    let fault = Fault { section: "basics".to_owned(), item: "102".to_owned(), says };
    world.reopen(id, &[fault]).await;
    clerk.get(&tasks).await.shown().says("被退回·1处").says("已填完3个");
    clerk.get(&format!("{tasks}/sections/basics")).await.shown().says("与统计年鉴不一致");
    let check = clerk.get(&format!("{tasks}/check")).await.shown().says("“基本情况”有退回意见").says("未改");
    assert!(!check.text.contains("/sending"), "what was sent back is not sent again as it was");
    fill_population(&clerk, id, "29000").await;
    clerk.get(&format!("{tasks}/check")).await.shown().says("已改").says("/sending");
    let second = world.seal(id).await.expect("sealed again");
    assert_eq!(second.number, 2);
    assert_ne!(second.content_hash, first.content_hash);
    county.get(&format!("{tasks}/difference?from=1&to=2")).await.shown()
        .says("<del>30000人</del>").says("<ins>29000人</ins>").says("已改").says("共有1处变化");
    county.get(&format!("{tasks}/editions/1")).await.shown().says("退回意见：与统计年鉴不一致");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM fault WHERE settled_ms IS NULL").await, 0);
});

pub async fn fill_population(clerk: &Client, id: SubmissionId, people: &str) {
    let path = format!("/submissions/{id}/sections/basics");
    let version = version_of(clerk, &path).await;
    let fields = [
        ("version", version.as_str()),
        ("_done", "1"),
        ("101", "示例瓷源镇"),
        ("102", people),
        ("103", "31000"),
    ];
    let more = [fields.as_slice(), &[("105", "工业发展"), ("105", "旅游发展")]].concat();
    clerk.post(&path, &more).await.done();
}

both!(a_row_put_before_another_does_not_change_it, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    fill(&clerk, id).await;
    world.seal(id).await.expect("sealed");
    world.reopen(id, &[]).await;
    let path = format!("/submissions/{id}/sections/firms");
    let version = version_of(&clerk, &path).await;
    let rows = [("row.1.301", "新办公司"), ("row.1.302", "5"), ("row.2.301", "示例瓷业公司"), ("row.2.302", "130")];
    clerk.post(&path, &[&[("version", version.as_str()), ("_done", "1")], rows.as_slice()].concat()).await.done();
    world.seal(id).await.expect("sealed again");
    let page = clerk.get(&format!("/submissions/{id}/difference?from=1&to=2")).await.shown();
    let page = page.says("企业1（新增） · ").says("<ins>新办公司</ins>").says("企业2（原企业1） · ");
    assert!(!page.text.contains("<del>示例瓷业公司</del>"), "the firm is the same");
    page.says("共有3处变化");
});

both!(an_incomplete_form_is_not_sealed_and_stays_open, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let Err(Error::Invalid(problems)) = world.seal(id).await else { panic!("an empty form was sealed") };
    assert!(problems.iter().any(|problem| problem.field == "101"));
    world.person("ciyuan_clerk").await.get(&format!("/submissions/{id}/sections/basics")).await.shown();
});

both!(a_later_submission_begins_with_what_was_sent_before, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    fill(&clerk, id).await;
    world.seal(id).await.expect("sealed");
    let next = world.start(FORM, "ciyuan").await;
    clerk.get(&format!("/submissions/{next}/sections/basics")).await.shown().says("30000");
    clerk.get(&format!("/submissions/{next}/sections/papers")).await.shown().says("规划.docx");
    let other = world.start(FORM, "chaxiang").await;
    let neighbour = world.person("chaxiang_clerk").await;
    let page = neighbour.get(&format!("/submissions/{other}/sections/basics")).await.shown();
    assert!(!page.text.contains("30000"), "a neighbour's figures are not his");
});

both!(wrong_answers_are_kept_and_shown, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let path = format!("/submissions/{id}/sections/basics");
    let fields = [("version", "1"), ("_done", "0"), ("101", "示例瓷源镇"), ("102", "很多")];
    clerk.post(&path, &fields).await.refused("应为数字").says("很多").says("内容已存为草稿");
    clerk.get(&path).await.shown().says("很多");
    let fields = [("version", "2"), ("_done", "1"), ("101", "示例瓷源镇")];
    clerk.post(&path, &fields).await.refused("请填写“常住人口”");
    clerk.get(&format!("/submissions/{id}")).await.shown().says("填写中·缺1项");
});

both!(a_check_that_asks_for_an_explanation_takes_one, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let path = format!("/submissions/{id}/sections/basics");
    let fields = [("version", "1"), ("_done", "1"), ("101", "示例瓷源镇"), ("102", "1000"), ("103", "9000")];
    clerk.post(&path, &fields).await.refused("不足户籍人口的一半").says("explain.V-01");
    let fields = [fields.as_slice(), &[("explain.V-01", "大部分人口外出务工。")]].concat();
    let fields: Vec<_> = fields.into_iter().map(|(name, value)| (name, if name == "version" { "2" } else { value })).collect();
    clerk.post(&path, &fields).await.done();
    clerk.get(&format!("/submissions/{id}")).await.shown().says("已填完1个");
});

both!(unknown_fields_are_refused_and_nothing_is_written, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let path = format!("/submissions/{id}/sections/basics");
    let fields = [("version", "1"), ("_done", "0"), ("101", "示例瓷源镇"), ("is_admin", "1")];
    let page = clerk.post(&path, &fields).await.refused("表单中没有的内容").says("示例瓷源镇");
    assert!(!page.text.contains("#f-is_admin"), "a link would lead nowhere");
    assert_eq!(version_of(&clerk, &path).await, "1");
    clerk.post(&format!("{path}/autosave"), &fields).await.refused("表单中没有的内容");
});

both!(ten_megabytes_of_brackets_are_refused_in_a_sentence, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let path = format!("/submissions/{id}/sections/basics");
    let brackets = "[".repeat(10 * 1024 * 1024);
    clerk.post(&path, &[("version", "1"), ("101", &brackets)]).await.refused("太长");
    assert_eq!(version_of(&clerk, &path).await, "1");
});

both!(two_people_in_one_section_see_both_versions, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let (one, other) = (world.person("ciyuan_clerk").await, world.colleague("ciyuan_clerk").await);
    let path = format!("/submissions/{id}/sections/basics");
    let typed = |people: &'static str| [("version", "1"), ("_done", "0"), ("101", "示例瓷源镇"), ("102", people)];
    one.post(&path, &typed("30000")).await.done();
    let answer = other.post(&path, &typed("28000")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let answer = answer.says("30000人").says("28000人").says("两个版本，请逐项选择");
    assert!(!answer.text.contains("pick.101"), "what both say need not be picked");
    other.get(&path).await.shown().says("30000").says("保存过本部分");
    let picks = [("version", "2"), ("pick.102", "mine")];
    other.post(&format!("{path}/versions"), &picks).await.done();
    one.get(&path).await.shown().says("28000");
    one.post(&format!("{path}/autosave"), &typed("1")).await.has_status(409).says("/versions");
    one.get(&format!("{path}/versions")).await.shown().says("28000人");
    one.post(&format!("{path}/versions"), &[("version", "3"), ("pick.102", "theirs")]).await.done();
    one.get(&path).await.shown().says("28000");
});

both!(a_row_a_colleague_put_first_is_one_choice, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let (one, other) = (world.person("ciyuan_clerk").await, world.colleague("ciyuan_clerk").await);
    let path = format!("/submissions/{id}/sections/firms");
    let firm = |row: usize, name: &'static str, people: &'static str| {
        [(format!("row.{row}.301"), name), (format!("row.{row}.302"), people)]
    };
    let send = |version: &'static str, rows: Vec<[(String, &'static str); 2]>| {
        let mut fields = vec![("version".to_owned(), version), ("_done".to_owned(), "0")];
        fields.extend(rows.into_iter().flatten());
        fields
    };
    let post = async |client: &Client, fields: Vec<(String, &'static str)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        client.post(&path, &fields).await
    };
    post(&one, send("1", vec![firm(1, "甲公司", "10"), firm(2, "乙公司", "20")])).await.done();
    let theirs = vec![firm(1, "新办公司", "5"), firm(2, "甲公司", "10"), firm(3, "乙公司", "20")];
    post(&one, send("2", theirs)).await.done();
    let mine = vec![firm(1, "甲公司", "11"), firm(2, "乙公司", "20"), firm(3, "丙公司", "30")];
    let answer = post(&other, send("2", mine)).await.has_status(409);
    let picks = answer.text.matches("<fieldset").count();
    assert_eq!(picks, 3, "one figure, one row each: {}", answer.words());
    let answer = answer.says("只在对方版本里").says("只在我的版本里").says("name=\"pick.row.2.302\"");
    assert!(!answer.text.contains("pick.row.3"), "an untouched row is no choice: {}", answer.words());
    let picked = [("version", "3"), ("pick.row.2.302", "mine"), ("pick.theirs.1", "theirs"), ("pick.mine.3", "mine")];
    other.post(&format!("{path}/versions"), &picked).await.done();
    let page = one.get(&path).await.shown();
    let at = |words: &str| page.text.find(words).unwrap_or_else(|| panic!("{words}: {}", page.words()));
    assert!(at("新办公司") < at("甲公司") && at("甲公司") < at("乙公司") && at("乙公司") < at("丙公司"));
    page.says("value=\"11\"");
});

both!(autosave_says_when_and_what_is_wrong, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let path = format!("/submissions/{id}/sections/industry/autosave");
    let fields = [("version", "1"), ("_done", "0"), ("201", "9"), ("203", "3")];
    clerk.post(&path, &fields).await.shown().says("\"version\":2").says("不应大于").says("saved_at");
});

both!(rows_are_added_and_removed_without_script, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let path = format!("/submissions/{id}/sections/firms");
    let answer = clerk.post(&path, &[("version", "1"), ("row.1.301", "甲公司"), ("_add", "2")]).await.done();
    assert_eq!(answer.location, format!("{path}?rows=2#row-2"));
    clerk.get(&format!("{path}?rows=2")).await.shown().says("row.2.301").says("甲公司");
    let rows = [("version", "2"), ("row.1.301", "甲公司"), ("row.2.301", "乙公司"), ("_remove", "1")];
    clerk.post(&path, &rows).await.done();
    let page = clerk.get(&path).await.shown().says("乙公司");
    assert!(!page.text.contains("甲公司") && !page.text.contains("row.2.301"));
    let many: Vec<(String, &str)> = (1..=6).map(|row| (format!("row.{row}.301"), "某公司")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    clerk.post(&path, &[&[("version", "3")], many.as_slice()].concat()).await.refused("最多填写 5 个企业");
});

both!(a_draft_is_its_own_towns_affair, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let head = world.person("ciyuan_head").await;
    head.get(&format!("/submissions/{id}")).await.shown();
    head.get(&format!("/submissions/{id}/check")).await.shown();
    head.get(&format!("/submissions/{id}/sections/basics")).await.forbidden();
    world.person("chaxiang_clerk").await.get(&format!("/submissions/{id}/sections/basics")).await.is_missing();
    world.person("fuliang_reviewer").await.get(&format!("/submissions/{id}")).await.is_missing();
    world.person("office").await.get(&format!("/submissions/{id}/check")).await.forbidden();
    world.person("ciyuan_clerk").await.get("/submissions/nothing").await.is_missing();
});

both!(every_form_of_the_pack_has_its_pages, world => {
    let codes: Vec<String> = world.app.pack().forms().map(|form| form.code.clone()).collect();
    assert!(!codes.is_empty());
    let clerk = world.person("ciyuan_clerk").await;
    for code in codes {
        let id = world.start(&code, "ciyuan").await;
        clerk.get(&format!("/submissions/{id}")).await.shown();
        clerk.get(&format!("/submissions/{id}/check")).await.shown();
        for section in &world.app.pack().form(&code).expect("a form").sections {
            let path = format!("/submissions/{id}/sections/{}", section.code);
            clerk.get(&format!("{path}?check=1")).await.shown().says(&section.title);
        }
    }
});

both!(the_record_holds_editions_and_no_drafts, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    let before = count(world.store(), "SELECT COUNT(*) FROM log_entry").await;
    fill(&clerk, id).await;
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM log_entry").await, before);
    world.seal(id).await.expect("sealed");
    let digests = count(world.store(), "SELECT COUNT(*) FROM row_digest WHERE table_name IN ('edition', 'section', 'edition_file', 'blob')").await;
    assert_eq!(digests, 1 + 4 + 1 + 1);
    let hash: Option<String> = submissions::content_hash(world.store().read(), id).await.expect("read");
    let stored: (String,) = world.store().read().one("SELECT content_hash FROM edition", args![]).await.expect("one");
    assert_eq!(hash, Some(stored.0));
});
