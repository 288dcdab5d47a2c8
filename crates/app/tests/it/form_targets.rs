//! Every form on every make of page is sent to an address that takes it, as a browser would send it.

use crate::client::Client;
use crate::world::{Engine, PACK, World};
use axum::http::{Method, StatusCode};
use domain::role::Role;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use zhenxing::routes;

/// Pages of one make that a person opens.
const OF_ONE_MAKE: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn every_form_is_sent_where_it_is_taken() {
    let world = World::new(Engine::Sqlite).await.empty().await;
    zhenxing::demo::load(world.store(), &PACK).await.expect("the demo is loaded");
    let mut faults = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (role, card) in cards(&world).await {
        let mut client = world.visitor();
        client.step("/demo/sign-in", &[("card", &card)]).await.done();
        for (page, target) in forms(&client).await {
            seen.insert(make_of(&page, Method::GET));
            if make_of(&target, Method::POST).is_none() {
                faults.insert(format!("{role}: the form on {page} is sent to {target}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(seen.len() > 30, "forms were found on {} makes of page", seen.len());
}

/// One person for each role.
async fn cards(world: &World) -> BTreeMap<Role, String> {
    let grants: Vec<(String, String)> =
        world.store().read().all("SELECT role, id FROM role_grant ORDER BY id", vec![]).await.expect("read");
    grants.into_iter().map(|(role, id)| (role.parse().expect("a role"), id)).collect()
}

/// Every page within reach by links, a few of each make, with the addresses its forms are sent to.
async fn forms(client: &Client) -> Vec<(String, String)> {
    let (mut found, mut opened) = (Vec::new(), BTreeMap::new());
    let (mut known, mut next) =
        (BTreeSet::new(), VecDeque::from(["/desk".to_owned(), "/account".to_owned()]));
    while let Some(page) = next.pop_front() {
        let Some(make) = make_of(&page, Method::GET) else { continue };
        let count: &mut usize = opened.entry(make).or_default();
        if *count == OF_ONE_MAKE {
            continue;
        }
        *count += 1;
        let answer = client.get(&page).await;
        if answer.status != StatusCode::OK || !answer.text.starts_with("<!doctype html>") {
            continue;
        }
        for form in tags(&answer.text, "<form ").filter(|form| form.contains("method=\"post\"")) {
            found.push((page.clone(), value(form, "action").unwrap_or_else(|| page.clone())));
        }
        for href in tags(&answer.text, "<a ").filter_map(|link| value(link, "href")) {
            if href.starts_with('/') && known.insert(href.clone()) {
                next.push_back(href);
            }
        }
    }
    found
}

fn tags<'a>(page: &'a str, begin: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(begin).skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
}

fn value(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    Some(rest.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&"))
}

/// The pattern of the route that an address leads to.
fn make_of(address: &str, method: Method) -> Option<&'static str> {
    let path = address.split(['?', '#']).next()?;
    let fits = |pattern: &str| {
        let (given, wanted): (Vec<_>, Vec<_>) = (path.split('/').collect(), pattern.split('/').collect());
        given.len() == wanted.len()
            && given.iter().zip(&wanted).all(|(part, want)| want.starts_with('{') || part == want)
    };
    let mut routes: Vec<_> = routes::all().into_iter().filter(|route| route.method == method).collect();
    // An address written out comes before one with a parameter, as it does in the router.
    routes.sort_by_key(|route| route.path.matches('{').count());
    routes.into_iter().map(|route| route.path).find(|pattern| fits(pattern))
}
