//! The matrix over living things: every route that names a thing, everybody, and how he stands to
//! it: own, sibling, parent, child, other city. `access.toml` is read here once more, without the
//! program's own reading of it, and a page must not even name what lies outside.

use crate::both;
use crate::client::{Answer, Client};
use crate::world::{PACK, World};
use axum::http::Method;
use kit::args;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing::routes::{self, Route};

/// Somebody signed in, and where he stands.
struct Actor {
    login: String,
    role: String,
    division: String,
    place: Option<String>,
    client: Client,
}

/// A living thing: what stands for a route's parameters, and whose it is.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Thing {
    id: String,
    part: String,
    division: String,
    /// The town or platform it belongs to; empty where it belongs to more than one.
    place: String,
}

/// How far each role reaches in each action, by the words of the file.
type Extents = BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>;

fn extents() -> Extents {
    let mut extents = Extents::new();
    let mut action = "";
    for line in include_str!("../../access.toml").lines() {
        let Some((name, value)) = line.split_once(" = ") else { continue };
        let value = value.trim_matches('"');
        match name {
            "name" => action = value,
            "words" | "clause" | "factor" => {}
            role => _ = extents.entry(action).or_default().insert(role, value),
        }
    }
    extents
}

fn is_within(extent: &str, actor: &Actor, thing: &Thing) -> bool {
    match extent {
        "all" | "published" => true,
        "subtree" => thing.division.starts_with(&actor.division),
        "own" => actor.place.as_ref() == Some(&thing.place),
        other => panic!("no thing has the extent {other}"),
    }
}

/// Where the things of a route stand: the beginning of its path, whether it has a second parameter.
const THINGS: &[(&str, &str, &str)] = &[
    ("/places/{id}", "", "SELECT p.id, '' AS part, p.division_code AS division, p.id AS place FROM place p"),
    (
        "/submissions/{id}/files/{file}",
        "",
        "SELECT f.submission_id AS id, f.id AS part, p.division_code AS division, p.id AS place FROM draft_file f \
         JOIN submission s ON s.id = f.submission_id JOIN place p ON p.id = s.place_id",
    ),
    (
        "/submissions/{id}/sections/{code}",
        "",
        "SELECT s.id, (SELECT MIN(d.code) FROM draft_section d WHERE d.submission_id = s.id) AS part, \
         p.division_code AS division, p.id AS place FROM submission s JOIN place p ON p.id = s.place_id",
    ),
    (
        "/submissions/{id}",
        "1",
        "SELECT s.id, '1' AS part, p.division_code AS division, p.id AS place FROM submission s \
         JOIN place p ON p.id = s.place_id",
    ),
    (
        "/files/{id}",
        "",
        "SELECT f.id, '' AS part, p.division_code AS division, p.id AS place FROM edition_file f \
         JOIN edition e ON e.id = f.edition_id JOIN submission s ON s.id = e.submission_id \
         JOIN place p ON p.id = s.place_id",
    ),
    (
        "/declarations/{id}/documents",
        "",
        "SELECT d.id, k.id AS part, p.division_code AS division, p.id AS place FROM declaration d \
         JOIN declaration_document k ON k.subject_id = d.id JOIN place p ON p.id = d.place_id",
    ),
    (
        "/declarations/{id}",
        "",
        "SELECT d.id, '' AS part, p.division_code AS division, p.id AS place FROM declaration d \
         JOIN place p ON p.id = d.place_id",
    ),
    (
        "/city-reports/{id}/documents",
        "",
        "SELECT r.id, k.id AS part, SUBSTR(r.city_code, 1, 4) AS division, '' AS place FROM city_report r \
         JOIN declaration_document k ON k.subject_id = r.id",
    ),
    (
        "/city-reports/{id}",
        "",
        "SELECT r.id, '' AS part, SUBSTR(r.city_code, 1, 4) AS division, '' AS place FROM city_report r",
    ),
];

/// Things of one route, so chosen that everybody has near and far ones: a few of each county.
const OF_ONE_COUNTY: usize = 2;

async fn things(world: &World, route: &Route) -> Vec<Thing> {
    let Some((_, _, sql)) = THINGS.iter().find(|(begin, ..)| route.path.starts_with(begin)) else {
        return Vec::new();
    };
    let sql = kit::db::Sql::built(format!("{sql} ORDER BY 4, 1, 2"));
    let all: Vec<Thing> = world.store().read().all(sql, args![]).await.expect("read");
    let mut seen = BTreeMap::<String, BTreeSet<String>>::new();
    all.into_iter()
        .filter(|thing| {
            let county = seen.entry(thing.division.chars().take(6).collect()).or_default();
            county.len() < OF_ONE_COUNTY && county.insert(format!("{}{}", thing.place, thing.id))
        })
        .collect()
}

fn filled(route: &Route, thing: &Thing) -> String {
    let mut values = [&thing.id, &thing.part].into_iter();
    let parts = route.path.split('/').map(|part| match part.starts_with('{') {
        true => values.next().expect("two parameters at most").clone(),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The demo, which has something in every stage.
async fn demo(world: &World) -> World {
    let world = world.empty().await;
    zhenxing::demo::load(world.store(), &PACK).await.expect("the demo is loaded");
    world
}

async fn actors(world: &World) -> Vec<Actor> {
    let sql = "SELECT g.id, p.login, g.role, o.division_prefix, o.place_id FROM role_grant g \
               JOIN person p ON p.id = g.person_id JOIN organisation o ON o.id = g.organisation_id \
               WHERE p.login NOT LIKE 'others%' ORDER BY g.id";
    let rows: Vec<(String, String, String, String, Option<String>)> =
        world.store().read().all(sql, args![]).await.expect("read");
    let mut actors = Vec::new();
    for (grant, login, role, division, place) in rows {
        let mut client = world.visitor();
        client.sign_in(&grant).await;
        actors.push(Actor { login, role, division, place, client });
    }
    actors
}

/// Asks as a browser would: a form that takes files is sent as one.
async fn ask(actor: &Actor, route: &Route, path: &str) -> Answer {
    if route.method == Method::GET {
        return actor.client.get(path).await;
    }
    let field = ("no_such_field", "1");
    let answer = actor.client.post(path, &[field]).await;
    match answer.text.contains("请从页面上的表单重新上传") {
        true => actor.client.upload(path, &[field], "none", ("", b"")).await,
        false => answer,
    }
}

both!(everybody_finds_what_is_within_his_reach_and_nothing_else, world => {
    let world = demo(&world).await;
    let (extents, actors) = (extents(), actors(&world).await);
    let (mut cells, mut never_found) = (0, BTreeSet::new());
    for route in routes::all().into_iter().filter(|route| route.path.contains('{')) {
        let things = things(&world, &route).await;
        let reaches = &extents[route.action];
        let mut is_found = things.is_empty();
        for thing in &things {
            for actor in &actors {
                let extent = reaches.get(actor.role.as_str());
                let is_inside = extent.is_some_and(|extent| is_within(extent, actor, thing));
                // A form that fits would change the thing: inside, only pages are asked for.
                if is_inside && route.method != Method::GET {
                    is_found = true;
                    continue;
                }
                let path = filled(&route, thing);
                let answer = ask(actor, &route, &path).await;
                let (status, what) = (answer.status.as_u16(), format!("{} {} {path}", actor.login, route.method));
                match (extent, is_inside) {
                    (None, _) => assert_eq!(status, 403, "{what} is not the role's"),
                    (Some(_), false) => assert_eq!(status, 404, "{what} is out of reach: {}", answer.words()),
                    (Some(_), true) => {
                        assert!(matches!(status, 200 | 303 | 404 | 409 | 422), "{what}: {}", answer.words());
                        is_found |= status != 404;
                    }
                }
                cells += 1;
            }
        }
        // A difference needs a second edition, which no declaration of the demo has.
        if !is_found && route.path != "/submissions/{id}/difference" {
            never_found.insert(format!("{} {}", route.method, route.path));
        }
    }
    assert!(never_found.is_empty(), "nobody finds a thing at {never_found:#?}");
    assert!(cells >= 5000, "{cells} cells");
});

/// Actions whose pages name what everybody may know: organisations, divisions, what is published.
/// The demo's cards name their people.
const OPEN: [&str; 6] =
    ["organisation.read", "division.read", "list.read", "portal.read", "rules.read", "sign_in"];

both!(no_list_names_what_is_out_of_reach, world => {
    let world = demo(&world).await;
    let (extents, actors) = (extents(), actors(&world).await);
    let sql = "SELECT p.name AS id, '' AS part, p.division_code AS division, p.id AS place FROM place p ORDER BY p.id";
    let places: Vec<Thing> = world.store().read().all(sql, args![]).await.expect("read");
    let lists = |route: &Route| {
        route.method == Method::GET && !route.path.contains('{') && !OPEN.contains(&route.action)
    };
    let mut named = 0;
    for route in routes::all().into_iter().filter(lists) {
        for actor in &actors {
            let answer = actor.client.get(route.path).await;
            for place in places.iter().filter(|place| answer.text.contains(&place.id)) {
                let extent = extents["place.read"].get(actor.role.as_str());
                let is_inside = extent.is_some_and(|extent| is_within(extent, actor, place));
                let knows_people = extents["person.read"].contains_key(actor.role.as_str());
                assert!(is_inside || knows_people, "{} names {} to {}", route.path, place.id, actor.login);
                named += 1;
            }
        }
    }
    assert!(named > 100, "{named} names were found");
});
