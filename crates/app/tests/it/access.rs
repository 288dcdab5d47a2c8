//! The whole matrix: every route, every role and nobody; headers and same-origin checks on each.

use crate::both;
use crate::client::{Answer, Client};
use crate::world::World;
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::id::RowId;
use domain::role::Role;
use zhenxing::routes::{self, Route};

/// Headers that no response may lack.
const HEADERS: [&str; 6] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "cache-control",
];

/// The route's path with an id that nothing has in the place of each parameter.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => kit::clock::fresh::<RowId>().to_string(),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(client: &mut Client, route: &Route) -> Answer {
    let path = filled(route.path);
    let answer = match route.method {
        Method::GET => client.get(&path).await,
        _ => client.step(&path, &[]).await,
    };
    for name in HEADERS {
        assert!(answer.headers.contains_key(name), "{} {} lacks {name}", route.method, route.path);
    }
    assert!(answer.status.as_u16() < 500, "{} {}: {}", route.method, route.path, answer.words());
    answer
}

fn is_allowed(world: &World, route: &Route, role: Role) -> bool {
    let rule = world.app.access().rule(route.action).expect("routes are checked against the table");
    rule.roles().any(|allowed| allowed == role || allowed == Role::Public)
}

/// Somebody in each role; an expert has no card in the cast, so one is appointed.
async fn in_role(world: &World, role: Role) -> Client {
    if let Some((login, _)) = world.cast.members.iter().find(|(_, member)| member.role == role) {
        return world.person(login).await;
    }
    let grant = world.appoint("office_two", role).await;
    let mut client = world.visitor();
    client.step("/demo/sign-in", &[("card", &grant.to_string())]).await.done();
    client
}

both!(every_role_may_do_what_the_table_says_and_no_more, world => {
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::Public) {
        let mut client = in_role(&world, role).await;
        for route in routes::all() {
            let answer = ask(&mut client, &route).await;
            let (status, what) = (answer.status.as_u16(), format!("{role} {} {}", route.method, route.path));
            if !is_allowed(&world, &route, role) {
                assert_eq!(status, 403, "{what} is not the role's: {}", answer.words());
                continue;
            }
            assert!(status != 401 && status != 403, "{what} is the role's: {}", answer.words());
            if route.path.contains('{') {
                assert!(matches!(status, 404 | 422), "{what} of nothing: {}", answer.words());
            }
            if route.path == "/sign-out" {
                client = in_role(&world, role).await;
            }
        }
    }
});

both!(nobody_gets_past_the_public_pages, world => {
    let mut nobody = world.visitor();
    for route in routes::all() {
        let answer = ask(&mut nobody, &route).await;
        let (status, what) = (answer.status.as_u16(), format!("{} {}", route.method, route.path));
        if is_allowed(&world, &route, Role::Public) {
            assert!(status != 403, "{what}: {}", answer.words());
        } else if route.method == Method::GET {
            assert_eq!(status, 303, "{what}");
            assert!(answer.location.starts_with("/sign-in?to=/"), "{what} leads to {}", answer.location);
        } else {
            assert_eq!(status, 401, "{what}: {}", answer.words());
        }
    }
});

both!(a_form_from_another_site_is_refused, world => {
    let office = world.person("office").await;
    for route in routes::all().into_iter().filter(|route| route.method != Method::GET) {
        let request = Request::builder()
            .method(route.method.clone())
            .uri(filled(route.path))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .body(Body::empty())
            .expect("a request");
        let answer = office.send(request).await;
        assert_eq!(answer.status, 403, "{} {}", route.method, route.path);
    }
    office.get("/desk").await.shown();
});

both!(what_is_not_sent_from_our_pages_is_told_so, world => {
    let visitor = world.visitor();
    let post = |name: &'static str, value: &'static str| {
        let request = Request::post("/sign-in").header(name, value).body(Body::empty());
        visitor.send(request.expect("a request"))
    };
    for (name, value) in [("sec-fetch-site", "same-site"), ("origin", "http://elsewhere.example"), ("origin", "null")] {
        let answer = post(name, value).await.forbidden();
        answer.says("不是从本系统的页面提交的");
    }
    post("origin", "http://localhost").await.refused("请填写“用户名”");
    let rebound = Request::get("http://elsewhere.example/sign-in").body(Body::empty());
    visitor.send(rebound.expect("a request")).await.has_status(421).says("请用本机网址打开");
});

both!(a_null_is_in_no_text, world => {
    let earnest = world.in_earnest();
    earnest.visitor().post("/sign-in", &[("login", "a\0b"), ("password", "x")]).await.refused("无法识别");
    let office = world.person("office").await;
    for path in ["/organisations?q=%00", "/places?q=%00", "/places?after=%00", "/declarations?q=%00", "/divisions?code=%00"] {
        office.get(path).await.is_missing();
    }
});

both!(an_address_that_is_nothing_has_the_headers_too, world => {
    let answer = world.visitor().get("/no/such/page").await;
    assert_eq!(answer.status, 404);
    for name in HEADERS {
        assert!(answer.headers.contains_key(name), "{name}");
    }
});
