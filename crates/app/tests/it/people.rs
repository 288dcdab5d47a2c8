//! Accounts, roles, resets, delegations, organisations; and the first three administrators.

use crate::both;
use crate::client::{Answer, Client};
use crate::scopes::Object;
use crate::sign_in::{PASSWORD, secret_of, send_on, with_password};
use crate::world::{World, count};
use domain::id::RowId;
use kit::args;
use kit::secret::totp_code;

/// What this slice adds to the test of scopes: everybody signed in reads an organisation's page.
pub fn objects(world: &World) -> Vec<Object> {
    let path = format!("/organisations/{}", world.cast.members["office"].organisation);
    vec![Object {
        path,
        seen_by: vec!["ciyuan_clerk", "jj_city", "auditor", "system_admin"],
        missing_for: vec![],
    }]
}

pub fn key() -> String {
    kit::clock::fresh::<RowId>().to_string()
}

/// The set-up link a page shows.
pub fn link_on(page: &Answer) -> String {
    let (_, rest) =
        page.text.split_once("<code data-address>/set-up/").unwrap_or_else(|| panic!("{}", page.words()));
    format!("/set-up/{}", rest.split('<').next().expect("a link"))
}

/// An account made by the system administrator: its id and its link.
async fn create(world: &World, login: &str, employer: &str) -> (String, String) {
    let admin = world.person("system_admin").await;
    let fields = [
        ("login", login),
        ("name", "示例·新来的"),
        ("phone", "0791-1"),
        ("employer", employer),
        ("_key", &key()),
    ];
    let page = admin.post("/people", &fields).await.shown();
    let sql = "SELECT id FROM person WHERE login = $1";
    let (id,): (String,) = world.store().read().one(sql, args![login]).await.expect("made");
    (id, link_on(&page))
}

async fn ask_for(world: &World, person: &str, role: &str, organisation: &str) -> Answer {
    let admin = world.person("system_admin").await;
    let fields = [("role", role), ("organisation", organisation), ("reason", "新到岗"), ("_key", &key())];
    admin.post(&format!("/people/{person}/grants"), &fields).await
}

async fn waiting_grant(world: &World, person: &str) -> String {
    let sql =
        "SELECT id FROM role_grant WHERE person_id = $1 AND approved_ms IS NULL AND declined_ms IS NULL";
    let (id,): (String,) = world.store().read().one(sql, args![person]).await.expect("a grant waits");
    id
}

both!(an_account_goes_from_link_to_desk, world => {
    let (id, link) = create(&world, "new.clerk", "示例瓷源镇政府").await;
    ask_for(&world, &id, "Clerk", "示例瓷源镇政府").await.done();
    let grant = waiting_grant(&world, &id).await;
    let security = world.person("security_admin").await;
    security.get("/desk").await.shown().says("件授权或账号重置等待批准").says("/grants");
    security.get("/grants").await.shown().says("示例·新来的").says("填报员");
    security.post(&format!("/grants/{grant}/approval"), &[("_key", &key())]).await.done();

    let mut owner = world.visitor();
    owner.get(&link).await.shown().says("至少15个字符").says("大写字母");
    let weak = [("password", "short"), ("repeat", "short")];
    owner.step(&link, &weak).await.refused("至少 15 个字符");
    let differing = [("password", PASSWORD), ("repeat", "Chang-Jiang/2047")];
    owner.step(&link, &differing).await.refused("不一致");
    let good = [("password", PASSWORD), ("repeat", PASSWORD)];
    assert_eq!(owner.step(&link, &good).await.done().location, "/account");
    owner.get("/desk").await.shown().says("示例瓷源镇政府·示例·新来的");
    world.visitor().get(&link).await.refused("已使用或已过期");

    let earnest = world.in_earnest();
    let mut again = earnest.visitor();
    with_password(&mut again, "new.clerk").await.done();
    again.get("/desk").await.shown();
});

both!(a_link_ends_after_three_days, world => {
    let (_, link) = create(&world, "late.one", "示例瓷源镇政府").await;
    world.visitor().get(&link).await.shown();
    world.on("2018-04-30").visitor().get(&link).await.refused("已使用或已过期");
    let good = [("password", PASSWORD), ("repeat", PASSWORD)];
    world.on("2018-04-30").visitor().post(&link, &good).await.refused("已使用或已过期");
});

both!(an_account_form_says_all_that_is_wrong, world => {
    let admin = world.person("system_admin").await;
    admin.get("/people/new").await.shown();
    let fields = [("login", "OFFICE"), ("name", ""), ("phone", "abc"), ("employer", "不存在的单位"), ("_key", "k")];
    let page = admin.post("/people", &fields).await.refused("已有人使用").says("请填写“姓名”").says("没有名为“不存在的单位”的机构");
    assert_eq!(page.input("_key").len(), 26);
    page.says("value=\"office\"").says("电话请填数字");
});

both!(duties_are_kept_apart, world => {
    let person = |login: &str| world.cast.members[login].person.to_string();
    let cases = [
        ("ciyuan_clerk", "TownHead", "示例瓷源镇政府", "应由不同人员承担"),
        ("office", "OfficeApprover", "省联席会议办公室", "应由不同人员承担"),
        ("system_admin", "SecurityAdmin", "系统管理中心", "三员应由三人分别担任"),
        ("system_admin", "Office", "省联席会议办公室", "管理员不得兼任业务角色"),
        ("auditor", "Office", "省联席会议办公室", "审计人员只读不写"),
        ("ciyuan_clerk", "Clerk", "示例瓷源镇政府", "已是填报员"),
        ("ciyuan_clerk", "CountyReviewer", "示例瓷源镇政府", "应设在县级政府"),
        ("ciyuan_clerk", "Public", "示例瓷源镇政府", "请选择一个身份"),
    ];
    for (login, role, organisation, says) in cases {
        ask_for(&world, &person(login), role, organisation).await.refused(says);
    }
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM role_grant WHERE approved_ms IS NULL").await, 0);
});

both!(whoever_asks_does_not_approve, world => {
    let (id, _) = create(&world, "new.clerk", "示例瓷源镇政府").await;
    ask_for(&world, &id, "Clerk", "示例瓷源镇政府").await.done();
    let grant = waiting_grant(&world, &id).await;
    let path = format!("/grants/{grant}/approval");
    assert_eq!(world.person("system_admin").await.post(&path, &[]).await.status, 403);
    assert_eq!(world.person("audit_admin").await.post(&path, &[]).await.status, 403);
    world.store().scratch("DELETE FROM session", args![]).await.expect("out");
    let mut act = world.store().act(&kit::record::Who::console()).await.expect("begun");
    let security = world.cast.members["security_admin"].person;
    act.write_one("UPDATE role_grant SET requested_by = $1 WHERE id = $2", args![security, &grant]).await.expect("written");
    act.commit(kit::record::Event::new("grant.requested", "grant", &grant)).await.expect("committed");
    world.person("security_admin").await.post(&path, &[]).await.refused("不能批准自己提出的授权");
    let sql = "SELECT COUNT(*) FROM log_entry WHERE act = 'grant.approval_denied'";
    assert_eq!(count(world.store(), sql).await, 1);
});

both!(a_declined_grant_gives_nothing, world => {
    let (id, _) = create(&world, "new.clerk", "示例瓷源镇政府").await;
    ask_for(&world, &id, "Clerk", "示例瓷源镇政府").await.done();
    let grant = waiting_grant(&world, &id).await;
    let security = world.person("security_admin").await;
    security.post(&format!("/grants/{grant}/refusal"), &[("_key", &key())]).await.done();
    let late = security.post(&format!("/grants/{grant}/approval"), &[]).await;
    assert_eq!(late.status, 409);
    let mut somebody = world.visitor();
    let page = somebody.step("/demo/sign-in", &[("card", &grant)]).await.done();
    somebody.get(&page.location).await.shown().says("还没有可用的身份");
});

both!(an_account_says_by_whose_link_it_was_set_up, world => {
    let (id, link) = create(&world, "new.clerk", "示例瓷源镇政府").await;
    ask_for(&world, &id, "Clerk", "示例瓷源镇政府").await.done();
    let path = format!("/grants/{}/approval", waiting_grant(&world, &id).await);
    world.person("security_admin").await.post(&path, &[]).await.done();
    let mut clerk = world.visitor();
    clerk.get(&link).await.shown().says("此链接由示例·");
    let chosen = [("password", PASSWORD), ("repeat", PASSWORD)];
    assert_eq!(clerk.step(&link, &chosen).await.done().location, "/account");
    clerk.get("/account").await.shown().says("链接由示例·");
    world.visitor().get(&link).await.refused("可能被他人使用");
    let noted = "SELECT COUNT(*) FROM log_entry WHERE act = 'account.set_up' AND body LIKE '%\"issued_by\":\"system_admin\"%'";
    assert_eq!(count(world.store(), noted).await, 1);
});

both!(a_denied_reset_leaves_its_trace, world => {
    let path = format!("/people/{}/resets", world.cast.members["security_admin"].person);
    let admin = world.person("system_admin").await;
    admin.post(&path, &[("reset_reason", "手机遗失")]).await.done();
    let sql = "SELECT id FROM account_reset WHERE decided_ms IS NULL";
    let (reset,): (String,) = world.store().read().one(sql, args![]).await.expect("it waits");
    let security = world.person("security_admin").await;
    security.post(&format!("/resets/{reset}/approval"), &[]).await.refused("不能批准本人的");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM log_entry WHERE act = 'reset.approval_denied'").await, 1);
});

both!(a_request_that_was_taken_back_waits_no_more, world => {
    let (id, _) = create(&world, "new.clerk", "示例瓷源镇政府").await;
    ask_for(&world, &id, "Clerk", "示例瓷源镇政府").await.done();
    let grant = waiting_grant(&world, &id).await;
    world.person("system_admin").await.post(&format!("/grants/{grant}/end"), &[("_key", &key())]).await.done();
    let page = world.person("security_admin").await.get("/grants").await.shown();
    page.says("没有待批准的授权和账号重置");
});

both!(an_ended_grant_ends_its_sessions, world => {
    let clerk = world.person("ciyuan_clerk").await;
    clerk.get("/desk").await.shown();
    let grant = world.cast.members["ciyuan_clerk"].grant;
    let security = world.person("security_admin").await;
    security.post(&format!("/grants/{grant}/end"), &[("_key", &key())]).await.done();
    clerk.get("/desk").await.done();
    let last = world.cast.members["system_admin"].grant;
    security.post(&format!("/grants/{last}/end"), &[("_key", &key())]).await.refused("唯一的系统管理员");
});

both!(a_disabled_person_is_out_at_once, world => {
    let clerk = world.person("ciyuan_clerk").await;
    let admin = world.person("system_admin").await;
    let id = world.cast.members["ciyuan_clerk"].person;
    admin.post(&format!("/people/{id}/disabled"), &[("_key", &key())]).await.refused("请填写“停用原因”");
    let fields = [("disable_reason", "调离"), ("_key", &key())];
    admin.post(&format!("/people/{id}/disabled"), &fields).await.done();
    assert_eq!(clerk.get("/desk").await.location, "/sign-in?to=/desk");
    let card = world.cast.members["ciyuan_clerk"].grant.to_string();
    world.visitor().post("/demo/sign-in", &[("card", &card)]).await.is_missing();
    admin.post(&format!("/people/{id}/enabled"), &[("_key", &key())]).await.done();
    world.person("ciyuan_clerk").await.get("/desk").await.shown();
    let me = world.cast.members["system_admin"].person;
    let fields = [("disable_reason", "误操作"), ("_key", &key())];
    admin.post(&format!("/people/{me}/disabled"), &fields).await.refused("不能停用本人账号");
});

both!(a_reset_takes_two_and_gives_a_link, world => {
    let earnest = world.in_earnest();
    earnest.give_password("ciyuan_clerk").await;
    let id = world.cast.members["ciyuan_clerk"].person;
    let admin = world.person("system_admin").await;
    let fields = [("reset_reason", "手机遗失"), ("_key", &key())];
    admin.post(&format!("/people/{id}/resets"), &fields).await.done();
    let (reset,): (String,) = world.store().read().one("SELECT id FROM account_reset", args![]).await.expect("asked");
    assert_eq!(admin.post(&format!("/resets/{reset}/approval"), &[]).await.status, 403);
    let page = world.person("security_admin").await.post(&format!("/resets/{reset}/approval"), &[("_key", &key())]).await;
    let link = link_on(&page.shown());
    let mut owner = earnest.visitor();
    with_password(&mut owner, "ciyuan_clerk").await.refused("不正确");
    let fresh = "Gan-Jiang/2046-xin";
    owner.step(&link, &[("password", fresh), ("repeat", fresh)]).await.done();
    owner.get("/desk").await.shown();
});

both!(people_are_listed_for_administrators_alone, world => {
    world.person("audit_admin").await.get("/people?q=ciyuan").await.shown().says("示例·陶小窑").says("示例·陶守正");
    for login in ["fuliang_reviewer", "jdz_city", "office", "ciyuan_clerk"] {
        let somebody = world.person(login).await;
        for path in ["/people", "/grants", &format!("/people/{}", world.cast.members["office"].person)] {
            assert_eq!(somebody.get(path).await.status, 403, "{login} {path}");
        }
    }
    let audit = world.person("audit_admin").await;
    let page = audit.get(&format!("/people/{}", world.cast.members["office"].person)).await.shown();
    assert!(!page.text.contains("停用账号"), "he reads and changes nothing");
});

both!(a_person_edited_twice_at_once_is_a_conflict, world => {
    let admin = world.person("system_admin").await;
    let path = format!("/people/{}", world.cast.members["office"].person);
    admin.get(&format!("{path}/edit")).await.shown().says("示例·省办实");
    let fields = |name, key| vec![("name", name), ("phone", "0791-2"), ("employer", "省联席会议办公室"), ("version", "1"), ("_key", key)];
    let (one, two) = (key(), key());
    admin.post(&path, &fields("示例·改名", &one)).await.done();
    assert_eq!(admin.post(&path, &fields("示例·又改", &two)).await.status, 409);
    admin.get(&path).await.shown().says("示例·改名");
});

async fn lend(client: &Client, to: &str, first: &str, last: &str) -> Answer {
    let fields = [("to", to), ("first", first), ("last", last), ("reason", "赴省开会"), ("_key", &key())];
    client.post("/delegations", &fields).await
}

both!(a_role_is_lent_used_and_taken_back, world => {
    let (id, link) = create(&world, "deputy", "示例瓷源镇政府").await;
    let mut deputy = world.visitor();
    deputy.step(&link, &[("password", PASSWORD), ("repeat", PASSWORD)]).await.done();
    let head = world.person("ciyuan_head").await;
    head.get("/delegations").await.shown().says("示例·新来的");
    lend(&head, &id, "2018-04-26", "2018-05-30").await.refused("不能超过 30 天");
    lend(&head, &id, "2018-04-26", "2018-04-25").await.refused("起止日期不对");
    let clerk = world.cast.members["ciyuan_clerk"].person.to_string();
    lend(&head, &clerk, "2018-04-26", "2018-04-27").await.refused("应由不同人员承担");
    let stranger = world.cast.members["chaxiang_head"].person.to_string();
    lend(&head, &stranger, "2018-04-26", "2018-04-27").await.refused("本单位的一位同事");
    lend(&head, &id, "2018-04-26", "2018-05-10").await.done();
    deputy.step("/session/role", &[]).await.done();
    deputy.get("/desk").await.shown().says("示例瓷源镇政府·示例·新来的 代 示例·陶守正");
    lend(&deputy, &clerk, "2018-04-26", "2018-04-27").await.refused("受托的权限不能再委托");
    let (lent,): (String,) = world.store().read().one("SELECT id FROM delegation", args![]).await.expect("lent");
    let path = format!("/delegations/{lent}/revocation");
    world.person("chaxiang_head").await.post(&path, &[]).await.is_missing();
    head.post(&path, &[("_key", &key())]).await.done();
    deputy.get("/desk").await.done();
});

both!(lists_turn_their_pages_both_ways, world => {
    let clerk = world.person("ciyuan_clerk").await;
    let first = clerk.get("/organisations?level=county").await.shown().says("共100条");
    let next = link_after(&first, "after=");
    let second = clerk.get(&next).await.shown();
    assert_ne!(first.text, second.text);
    let back = clerk.get(&link_after(&second, "before=")).await.shown();
    let rows = |page: &Answer| page.text.split("<a href=\"/organisations/").skip(1).map(|rest| rest[..26].to_owned()).collect::<Vec<_>>();
    assert_eq!(rows(&first), rows(&back));
    assert_eq!(rows(&first).len() + rows(&second).len(), 100);
});

fn link_after(page: &Answer, part: &str) -> String {
    let at = page.text.find(part).unwrap_or_else(|| panic!("no {part} in\n{}", page.words()));
    let start = page.text[..at].rfind('"').expect("a link") + 1;
    page.text[start..].split('"').next().expect("a link").replace("&#38;", "&").replace("&amp;", "&")
}

both!(the_size_of_letters_stays_with_the_person, world => {
    let clerk = world.person("ciyuan_clerk").await;
    assert_eq!(clerk.post("/text-size", &[("size", "18"), ("back", "/account")]).await.done().location, "/account");
    world.person("ciyuan_clerk").await.get("/account").await.shown().says("class=\"size-18\"");
    let mut visitor = world.visitor();
    visitor.step("/text-size", &[("size", "16"), ("back", "//elsewhere")]).await.done();
    visitor.get("/sign-in").await.shown().says("class=\"size-16\"");
});

both!(a_password_is_changed_and_not_reused, world => {
    let earnest = world.in_earnest();
    earnest.give_password("ciyuan_clerk").await;
    let mut clerk = earnest.visitor();
    with_password(&mut clerk, "ciyuan_clerk").await.done();
    let mut elsewhere = earnest.visitor();
    with_password(&mut elsewhere, "ciyuan_clerk").await.done();
    let change = |current: &'static str, new: &'static str| vec![("current", current), ("password", new), ("repeat", new)];
    clerk.step("/account/password", &change("wrong", "Gan-Jiang/2046-xin")).await.refused("现口令不正确");
    world.store().scratch("DELETE FROM failed_sign_in", args![]).await.expect("forgiven");
    clerk.step("/account/password", &change(PASSWORD, PASSWORD)).await.refused("近期用过的口令相同");
    clerk.step("/account/password", &change(PASSWORD, "Gan-Jiang/2046-xin")).await.done();
    clerk.get("/account").await.shown();
    elsewhere.get("/account").await.done();
    clerk.step("/account/password", &change("Gan-Jiang/2046-xin", PASSWORD)).await.refused("近期用过的口令相同");
});

both!(an_old_password_is_renewed_on_the_way_in, world => {
    let elsewhere = world.on("2018-07-30").person("ciyuan_clerk").await;
    world.in_earnest().give_password("ciyuan_clerk").await;
    let later = world.on("2018-07-30").in_earnest();
    let mut clerk = later.visitor();
    let to = with_password(&mut clerk, "ciyuan_clerk").await.done().location;
    let page = clerk.get(&to).await.shown().says("口令已到期");
    clerk.get("/desk").await.done();
    elsewhere.get("/desk").await.shown();
    let new = [("password", "Gan-Jiang/2046-xin"), ("repeat", "Gan-Jiang/2046-xin")];
    assert_eq!(send_on(&mut clerk, "/session/password", &page, &new).await.done().location, "/desk");
    clerk.get("/desk").await.shown();
    elsewhere.get("/desk").await.done();
});

both!(a_weighty_act_asks_for_a_fresh_code_and_keeps_the_form, world => {
    let (id, _) = create(&world, "new.clerk", "示例瓷源镇政府").await;
    ask_for(&world, &id, "Clerk", "示例瓷源镇政府").await.done();
    let path = format!("/grants/{}/approval", waiting_grant(&world, &id).await);
    let world = world.in_earnest();
    world.give_password("security_admin").await;
    let mut security = world.visitor();
    let to = with_password(&mut security, "security_admin").await.done().location;
    let page = security.get(&to).await.shown();
    let secret = secret_of(&page);
    let now = world.store().now_ms();
    let first = totp_code(&secret, now - 30_000).expect("a code");
    let codes = send_on(&mut security, "/session/factor", &page, &[("code", &first)]).await.shown();
    send_on(&mut security, "/session/factor/saved", &codes, &[]).await.done();
    let old = "UPDATE session SET factor_ms = factor_ms - 301000";
    world.store().scratch(old, args![]).await.expect("aged");
    let key = key();
    let page = security.step(&path, &[("_key", &key)]).await;
    assert_eq!(page.status, 403);
    let page = page.says("二次验证").says("填写的内容已保留");
    let code = totp_code(&secret, now).expect("a code");
    let page = send_on(&mut security, "/session/factor", &page, &[("code", &code)]).await.shown().says("继续提交");
    assert!(page.hidden().contains(&("_key".to_owned(), key)));
    send_on(&mut security, &path, &page, &[]).await.done();
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM log_entry WHERE act = 'grant.approved'").await, 1);
});

both!(a_role_for_nobody_is_refused, world => {
    let nobody = kit::clock::fresh::<RowId>().to_string();
    ask_for(&world, &nobody, "Clerk", "示例瓷源镇政府").await.is_missing();
});

both!(a_button_brings_nothing_but_itself, world => {
    let admin = world.person("system_admin").await;
    let person = world.cast.members["ciyuan_clerk"].person;
    for path in [format!("/people/{person}/enabled"), format!("/people/{person}/set-up-link")] {
        admin.post(&path, &[("role", "Office")]).await.refused("表单中没有“role”这一项");
    }
    let grant = world.cast.members["ciyuan_clerk"].grant;
    let security = world.person("security_admin").await;
    for verb in ["approval", "refusal", "end"] {
        security.post(&format!("/grants/{grant}/{verb}"), &[("role", "Office")]).await.refused("role");
    }
});
