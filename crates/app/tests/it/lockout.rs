//! Failed sign-ins: who must wait, who is locked, what is forgiven, and from where a try came.

use crate::both;
use crate::people::key;
use crate::sign_in::{PASSWORD, pack, send_on, with_password};
use crate::world::count;
use axum::body::Body;
use axum::http::{Request, header};
use kit::args;
use kit::record::{Event, Who};
use zhenxing::App;
use zhenxing::app::Settings;

both!(five_wrong_passwords_lock_for_a_while, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_clerk").await;
    let later = async |ms: i64| {
        let sql = "UPDATE failed_sign_in SET at_ms = at_ms - $1";
        world.store().scratch(sql, args![ms]).await.expect("aged");
    };
    for _ in 0..5 {
        let wrong = [("login", "ciyuan_clerk"), ("password", "wrong")];
        world.visitor().post("/sign-in", &wrong).await.refused("用户名或口令不正确");
        later(20_000).await;
    }
    let mut clerk = world.visitor();
    with_password(&mut clerk, "ciyuan_clerk").await.refused("暂停登录");
    let sql = "SELECT COUNT(*) FROM log_entry WHERE act = 'account.locked'";
    assert_eq!(count(world.store(), sql).await, 1);
    later(15 * 60_000).await;
    with_password(&mut clerk, "ciyuan_clerk").await.done();
});

both!(an_address_from_which_many_accounts_failed_waits, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_clerk").await;
    let fail = async |accounts: std::ops::Range<i64>| {
        for account in accounts {
            let sql = "INSERT INTO failed_sign_in (id, login, from_address, at_ms) VALUES ($1, $1, '', $2)";
            let row = args![format!("0{account:02}"), world.store().now_ms()];
            world.store().scratch(sql, row).await.expect("failed");
        }
    };
    fail(0..9).await;
    with_password(&mut world.visitor(), "ciyuan_clerk").await.done();
    fail(9..20).await;
    let mut clerk = world.visitor();
    with_password(&mut clerk, "ciyuan_clerk").await.refused("从您所在的网络登录失败的账号较多");
    let noted = "SELECT COUNT(*) FROM failed_sign_in WHERE login = 'ciyuan_clerk'";
    assert_eq!(count(world.store(), noted).await, 0, "what was not heard does not count");
    let sql = "UPDATE failed_sign_in SET at_ms = at_ms - 31000";
    world.store().scratch(sql, args![]).await.expect("aged");
    with_password(&mut clerk, "ciyuan_clerk").await.done();
});

both!(a_right_password_does_not_forgive_wrong_codes, world => {
    let world = world.in_earnest();
    world.give_password("ciyuan_head").await;
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    let sql = "UPDATE credential SET totp_secret = 'JBSWY3DPEHPK3PXP' WHERE id = $1";
    act.write_one(sql, args![world.cast.members["ciyuan_head"].person]).await.expect("written");
    act.commit(Event::new("factor.enrolled", "person", "ciyuan_head")).await.expect("committed");
    let mut thief = world.visitor();
    for _ in 0..5 {
        let to = with_password(&mut thief, "ciyuan_head").await.done().location;
        let page = thief.get(&to).await.shown();
        send_on(&mut thief, "/session/factor", &page, &[("code", "00000")]).await.refused("动态口令不正确");
        let sql = "UPDATE failed_sign_in SET at_ms = at_ms - 20000";
        world.store().scratch(sql, args![]).await.expect("aged");
    }
    with_password(&mut thief, "ciyuan_head").await.refused("暂停登录");
});

both!(a_password_in_force_is_not_guessed_from_within, world => {
    let mut clerk = world.person("ciyuan_clerk").await;
    let typed = [("current", "wrong"), ("password", PASSWORD), ("repeat", PASSWORD)];
    clerk.step("/account/password", &typed).await.refused("现口令不正确");
    clerk.step("/account/password", &typed).await.refused("请等待1秒后再试");
});

both!(behind_a_proxy_the_address_is_what_the_proxy_says, world => {
    let settings = Settings { secure: true, ..Settings::default() };
    let behind = world.with_app(App::new(world.store().clone(), pack(), settings).expect("starts"));
    for (world, login) in [(&behind, "behind"), (&world, "alone")] {
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", "203.0.113.9, 192.0.2.7")
            .body(Body::from(format!("login={login}&password=wrong")));
        world.visitor().send(request.expect("a request")).await.refused("用户名或口令不正确");
    }
    let sql = "SELECT login, from_address FROM failed_sign_in ORDER BY login DESC";
    let tries: Vec<(String, String)> = world.store().read().all(sql, args![]).await.expect("read");
    assert_eq!(tries, [("behind".to_owned(), "192.0.2.7".to_owned()), ("alone".to_owned(), String::new())]);
    let strict = "strict-transport-security";
    assert!(behind.visitor().get("/sign-in").await.headers.contains_key(strict));
    assert!(!world.visitor().get("/sign-in").await.headers.contains_key(strict));
});

both!(a_failed_try_is_forgotten_when_it_counts_no_more, world => {
    let earnest = world.in_earnest();
    let wrong = [("login", "nobody_here"), ("password", "wrong")];
    earnest.visitor().post("/sign-in", &wrong).await.refused("用户名或口令不正确");
    let tomorrow = world.on("2018-04-27").in_earnest();
    let another = [("login", "nobody_there"), ("password", "wrong")];
    tomorrow.visitor().post("/sign-in", &another).await.refused("用户名或口令不正确");
    let sql = "SELECT COUNT(*) FROM failed_sign_in WHERE login = 'nobody_here'";
    assert_eq!(count(world.store(), sql).await, 0);
});

both!(a_lock_is_ended_before_its_time, world => {
    let earnest = world.in_earnest();
    earnest.give_password("ciyuan_clerk").await;
    for _ in 0..5 {
        let wrong = [("login", "ciyuan_clerk"), ("password", "wrong")];
        earnest.visitor().post("/sign-in", &wrong).await.refused("不正确");
        world.store().scratch("UPDATE failed_sign_in SET at_ms = at_ms - 20000", args![]).await.expect("aged");
    }
    let mut clerk = earnest.visitor();
    with_password(&mut clerk, "ciyuan_clerk").await.refused("暂停登录");
    let admin = world.person("system_admin").await;
    let path = format!("/people/{}", world.cast.members["ciyuan_clerk"].person);
    admin.get(&path).await.shown().says("解除暂停登录");
    admin.post(&format!("{path}/unlocked"), &[("_key", &key())]).await.done();
    with_password(&mut clerk, "ciyuan_clerk").await.done();
    assert!(!admin.get(&path).await.shown().text.contains("解除暂停登录"));
});
