//! Sign-in through the routes: cards, passwords, lock-out, roles, the second factor, carried forms.

use crate::both;
use crate::client::{Answer, Client};
use crate::world::{World, count};
use axum::http::header;
use domain::id::{DelegationId, GrantId, OrganisationId, PersonId};
use domain::role::Role;
use kit::args;
use kit::record::{Event, Who};
use kit::secret::{hash_password, totp_code};
use std::sync::{Arc, LazyLock};
use zhenxing::App;
use zhenxing::app::Settings;

pub const PASSWORD: &str = "Chang-Jiang/2046";

impl World {
    /// The same world without the demo's ease: passwords, second factor, step-up.
    pub fn in_earnest(&self) -> World {
        let settings = Settings { help_phone: "0791-86000000".to_owned(), ..Settings::default() };
        let app = App::new(self.store().clone(), pack(), settings).expect("the application starts");
        self.with_app(app)
    }

    /// Gives a member of the cast a password, as his set-up link would have.
    pub async fn give_password(&self, login: &str) {
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let hash =
            HASH.get_or_init(|| async { hash_password(PASSWORD.to_owned()).await.expect("hashed") }).await;
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        act.write_one(
            "UPDATE credential SET password_hash = $1, password_day = $2 WHERE id = $3",
            args![hash, self.store().today(), self.cast.members[login].person],
        )
        .await
        .expect("written");
        act.commit(Event::new("account.set_up", "person", login)).await.expect("committed");
    }

    /// A second role for a member of the cast: that of another.
    pub async fn also_grant(&self, login: &str, role_of: &str) -> GrantId {
        let other = self.cast.members[role_of];
        self.grant(login, other.organisation, other.role).await
    }

    /// A role for a member of the cast in his own organisation.
    pub async fn appoint(&self, login: &str, role: Role) -> GrantId {
        self.grant(login, self.cast.members[login].organisation, role).await
    }

    async fn grant(&self, login: &str, organisation: OrganisationId, role: Role) -> GrantId {
        let grant: GrantId = kit::clock::fresh();
        let person = self.cast.members[login].person;
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        act.write_one(
            "INSERT INTO role_grant (id, person_id, organisation_id, role, requested_by, requested_ms, approved_by, \
             approved_ms, valid_from) VALUES ($1, $2, $3, $4, 'console', $5, 'console', $5, '2017-01-01')",
            args![grant, person, organisation, role, act.now_ms()],
        )
        .await
        .expect("written");
        act.commit(Event::new("grant.approved", "grant", grant)).await.expect("committed");
        grant
    }

    /// One member of the cast lends his role to another for these days.
    pub async fn delegate(&self, from: &str, to: &str, first: &str, last: &str) -> DelegationId {
        let (giver, taker) = (self.cast.members[from], self.cast.members[to]);
        let id: DelegationId = kit::clock::fresh();
        let mut act = self.store().act(&Who::console()).await.expect("begun");
        act.write_one(
            "INSERT INTO delegation (id, grant_id, from_person_id, to_person_id, first_day, last_day, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, '出差')",
            args![id, giver.grant, giver.person, taker.person, first, last],
        )
        .await
        .expect("written");
        act.commit(Event::new("delegation.given", "delegation", id)).await.expect("committed");
        id
    }

    async fn end_sessions(&self, person: PersonId) {
        let sql = "DELETE FROM session WHERE person_id = $1";
        self.store().scratch(sql, args![person]).await.expect("ended");
    }
}

pub fn pack() -> Arc<domain::pack::Pack> {
    static PACK: LazyLock<Arc<domain::pack::Pack>> =
        LazyLock::new(|| Arc::new(zhenxing::packs::jiangxi().expect("the pack is whole")));
    PACK.clone()
}

pub async fn with_password(client: &mut Client, login: &str) -> Answer {
    client.step("/sign-in", &[("login", login), ("password", PASSWORD), ("_to", "/desk")]).await
}

/// Sends a page's hidden inputs with what was typed besides.
pub async fn send_on(client: &mut Client, path: &str, page: &Answer, typed: &[(&str, &str)]) -> Answer {
    let mut fields: Vec<(String, String)> = page.hidden();
    fields.retain(|(name, _)| name != "back");
    fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    client.step(path, &fields).await
}

/// The secret an enrolment page shows.
pub fn secret_of(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("密钥 <code>").unwrap_or_else(|| panic!("{}", page.words()));
    rest.split('<').next().expect("a secret").to_owned()
}

both!(a_card_opens_the_desk, world => {
    let office = world.person("office").await;
    office.get("/desk").await.shown().says("我的待办").says("演示数据").says("示例·省办实");
    world.visitor().get("/sign-in").await.shown().says("涉密信息禁止上传").says("填写申报书").says("设区市");
    let sql = "SELECT COUNT(*) FROM log_entry WHERE act = 'session.started' AND role = 'Office'";
    assert_eq!(count(world.store(), sql).await, 1);
});

both!(nobody_reads_a_desk, world => {
    let answer = world.visitor().get("/desk").await.done();
    assert_eq!(answer.location, "/sign-in?to=/desk");
});

both!(a_role_without_the_function_is_told_so, world => {
    let answer = world.person("ciyuan_clerk").await.get("/log").await;
    assert_eq!(answer.status, 403);
    answer.says("没有这项功能");
});

both!(outside_the_demo_no_card_signs_in, world => {
    let world = world.in_earnest();
    let grant = world.cast.members["office"].grant.to_string();
    world.visitor().post("/demo/sign-in", &[("card", &grant)]).await.is_missing();
    let page = world.visitor().get("/sign-in").await.shown();
    assert!(!page.text.contains("/demo/sign-in"));
});

both!(a_password_opens_the_desk, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_clerk").await;
    let mut clerk = world.visitor();
    assert_eq!(with_password(&mut clerk, "ciyuan_clerk").await.done().location, "/desk");
    clerk.get("/desk").await.shown().says("示例·陶小窑");
    let old = clerk.twin();
    let out = clerk.step("/sign-out", &[]).await.done();
    assert!(out.headers.contains_key("clear-site-data"));
    assert_eq!(old.get("/desk").await.location, "/sign-in?to=/desk");
});

both!(the_cookie_is_for_this_site_and_the_server_alone, world => {
    let grant = world.cast.members["office"].grant.to_string();
    let cookie = |answer: &Answer| answer.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
    let plain = cookie(&world.visitor().post("/demo/sign-in", &[("card", &grant)]).await);
    assert!(plain.starts_with("zx=") && plain.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{plain}");
    let settings = Settings { demo: true, secure: true, ..Settings::default() };
    let app = App::new(world.store().clone(), pack(), settings).expect("the application starts");
    let secure = world.with_app(app);
    let cookie = cookie(&secure.visitor().post("/demo/sign-in", &[("card", &grant)]).await);
    assert!(cookie.starts_with("__Host-zx=") && cookie.contains("; Secure"), "{cookie}");
});

both!(a_wrong_password_and_an_unknown_name_read_alike, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_clerk").await;
    let try_as = async |login| {
        world.visitor().post("/sign-in", &[("login", login), ("password", "wrong")]).await.refused("用户名或口令不正确")
    };
    let (known, unknown) = (try_as("ciyuan_clerk").await, try_as("nobody_here").await);
    assert_eq!(known.text.replace("ciyuan_clerk", "nobody_here"), unknown.text);
    let soon = [("login", "nobody_here"), ("password", "wrong")];
    world.visitor().post("/sign-in", &soon).await.refused("请等待1秒后再试");
});

both!(a_return_path_stays_on_this_site, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_clerk").await;
    for away in ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere"] {
        let fields = [("login", "ciyuan_clerk"), ("password", PASSWORD), ("_to", away)];
        assert_eq!(world.visitor().post("/sign-in", &fields).await.done().location, "/desk");
    }
});

both!(a_fourth_session_ends_the_oldest, world => {
    let first = world.person("ciyuan_clerk").await;
    for _ in 0..3 {
        world.store().scratch("UPDATE session SET seen_ms = seen_ms - 1000", args![]).await.expect("aged");
        world.person("ciyuan_clerk").await.get("/desk").await.shown();
    }
    assert_eq!(first.get("/desk").await.location, "/sign-in?to=/desk");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM session").await, 3);
});

both!(idle_and_absolute_limits_end_a_session, world => {
    let minutes = 60_000;
    for (login, idle) in [("ciyuan_clerk", 30), ("security_admin", 15)] {
        let person = world.person(login).await;
        let sql = "UPDATE session SET seen_ms = seen_ms - $1";
        world.store().scratch(sql, args![(idle - 1) * minutes]).await.expect("aged");
        person.get("/desk").await.shown();
        world.store().scratch(sql, args![(idle + 1) * minutes]).await.expect("aged");
        person.get("/desk").await.done();
    }
    let person = world.person("ciyuan_clerk").await;
    let sql = "UPDATE session SET started_ms = started_ms - $1";
    world.store().scratch(sql, args![12 * 60 * minutes + 1]).await.expect("aged");
    person.get("/desk").await.done();
});

both!(a_person_with_two_roles_chooses_one, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_clerk").await;
    let second = world.also_grant("ciyuan_clerk", "chaxiang_clerk").await;
    let mut clerk = world.visitor();
    let to = with_password(&mut clerk, "ciyuan_clerk").await.done().location;
    assert_eq!(to, "/session/role?to=%2Fdesk");
    assert_eq!(clerk.get("/desk").await.location, "/sign-in?to=/desk", "no role yet, so no desk");
    let page = clerk.get(&to).await.shown().says("示例瓷源镇政府").says("示例茶香镇政府");
    let before = clerk.twin();
    let done = send_on(&mut clerk, "/session/role", &page, &[("role", &second.to_string())]).await.done();
    assert_eq!(done.location, "/desk");
    assert_eq!(before.get("/session/role").await.status, 303, "the old token is dead");
    let desk = clerk.get("/desk").await.shown().says("示例茶香镇政府·示例·陶小窑");
    assert!(!desk.text.contains("示例瓷源镇政府·"), "never a union");
    let first = world.cast.members["ciyuan_clerk"].grant.to_string();
    clerk.step("/session/role", &[("role", &first)]).await.done();
    clerk.get("/desk").await.shown().says("示例瓷源镇政府·示例·陶小窑");
});

both!(a_role_of_somebody_else_cannot_be_chosen, world => {
    let mut clerk = world.person("ciyuan_clerk").await;
    world.also_grant("ciyuan_clerk", "chaxiang_clerk").await;
    let other = world.cast.members["office"].grant.to_string();
    clerk.step("/session/role", &[("role", &other)]).await;
    clerk.get("/desk").await.shown().says("示例瓷源镇政府·示例·陶小窑");
});

both!(a_delegate_acts_for_another_on_its_days_only, world => {
    let lent = world.delegate("ciyuan_head", "chaxiang_head", "2018-04-26", "2018-04-27").await;
    let mut head = world.person("chaxiang_head").await;
    head.get("/session/role").await.shown().says("示例·茶满园 代 示例·陶守正").says("委托至2018年4月27日");
    head.step("/session/role", &[("role", &lent.to_string())]).await.done();
    head.get("/desk").await.shown().says("示例瓷源镇政府·示例·茶满园 代 示例·陶守正");
    let sql = "SELECT COUNT(*) FROM log_entry WHERE act = 'session.role_chosen' AND body LIKE '%\"for\":%'";
    assert_eq!(count(world.store(), sql).await, 1);
    let later = world.on("2018-04-28");
    let mut head = later.person("chaxiang_head").await;
    head.step("/session/role", &[("role", &lent.to_string())]).await.done();
    head.get("/desk").await.shown().says("示例茶香镇政府·示例·茶满园");
});

both!(an_approver_enrols_a_second_factor_first, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_head").await;
    let mut head = world.visitor();
    let to = with_password(&mut head, "ciyuan_head").await.done().location;
    let page = head.get(&to).await.shown().says("启用二次验证");
    let picture = head.get("/account/factor/picture").await.shown();
    assert_eq!(picture.headers[header::CONTENT_TYPE], "image/svg+xml");
    assert!(!picture.text.contains("style"), "the policy forbids inline style");
    head.get("/desk").await.done();
    send_on(&mut head, "/session/factor", &page, &[("code", "000000")]).await.refused("动态口令不正确");
    world.store().scratch("DELETE FROM failed_sign_in", args![]).await.expect("forgiven");
    let secret = secret_of(&page);
    let code = totp_code(&secret, world.store().now_ms()).expect("a code");
    let codes = send_on(&mut head, "/session/factor", &page, &[("code", &code)]).await.shown().says("恢复码");
    let recovery: Vec<&str> = codes.text.split("<li><code>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(recovery.len(), 10);
    assert_eq!(send_on(&mut head, "/session/factor/saved", &codes, &[]).await.done().location, "/desk");
    head.get("/desk").await.shown().says("示例·陶守正");
    head.get("/account/factor/picture").await.is_missing();

    let mut again = world.visitor();
    let to = with_password(&mut again, "ciyuan_head").await.done().location;
    let page = again.get(&to).await.shown().says("动态口令");
    assert!(!page.text.contains(&secret), "the secret is shown once");
    send_on(&mut again, "/session/factor", &page, &[("code", &code)]).await.refused("已用过");
    world.store().scratch("DELETE FROM failed_sign_in", args![]).await.expect("forgiven");
    send_on(&mut again, "/session/factor", &page, &[("code", recovery[3])]).await.done();
    again.get("/desk").await.shown();

    let mut third = world.visitor();
    with_password(&mut third, "ciyuan_head").await.done();
    send_on(&mut third, "/session/factor", &page, &[("code", recovery[3])]).await.refused("动态口令不正确");
    world.store().scratch("DELETE FROM failed_sign_in", args![]).await.expect("forgiven");
    let next = totp_code(&secret, world.store().now_ms() + 30_000).expect("a code");
    send_on(&mut third, "/session/factor", &page, &[("code", &next)]).await.done();
    third.get("/desk").await.shown();
});

both!(a_form_is_carried_through_sign_in, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_clerk").await;
    let mut clerk = world.visitor();
    with_password(&mut clerk, "ciyuan_clerk").await.done();
    world.end_sessions(world.cast.members["ciyuan_clerk"].person).await;
    let typed = "第一行 <b>\"引号\" & 其他\r\n第二行";
    let page = clerk.post("/account/sessions/end", &[("size", "16"), ("size", "18"), ("_key", "k1"), ("words", typed)]).await;
    assert_eq!(page.status, 401);
    let page = page.says("填写的内容已保留");
    let wrong = send_on(&mut clerk, "/sign-in", &page, &[("login", "ciyuan_clerk"), ("password", "no")]).await.refused("不正确");
    world.store().scratch("DELETE FROM failed_sign_in", args![]).await.expect("forgiven");
    let page = send_on(&mut clerk, "/sign-in", &wrong, &[("login", "ciyuan_clerk"), ("password", PASSWORD)]).await.shown();
    let page = page.says("继续提交").says("action=\"/account/sessions/end\"");
    let kept = page.hidden();
    for (name, value) in [("size", "16"), ("size", "18"), ("_key", "k1"), ("words", typed)] {
        assert!(kept.contains(&(name.to_owned(), value.to_owned())), "{name} in {kept:?}");
    }
});

both!(a_card_takes_the_form_along_too, world => {
    let mut clerk = world.person("ciyuan_clerk").await;
    world.end_sessions(world.cast.members["ciyuan_clerk"].person).await;
    let page = clerk.post("/account/sessions/end", &[("session", "abc")]).await;
    let card = world.cast.members["ciyuan_clerk"].grant.to_string();
    let page = send_on(&mut clerk, "/demo/sign-in", &page, &[("card", &card)]).await.shown().says("继续提交");
    assert!(page.hidden().contains(&("session".to_owned(), "abc".to_owned())));
    clerk.get("/desk").await.shown();
});

both!(files_cannot_be_carried_and_the_page_says_so, world => {
    let clerk = world.person("ciyuan_clerk").await;
    world.end_sessions(world.cast.members["ciyuan_clerk"].person).await;
    let page = clerk.upload("/account/sessions/end", &[("size", "16")], "file", ("a.pdf", b"%PDF-1.7")).await;
    assert_eq!(page.status, 401);
    page.says("上传的文件未能保留");
});
