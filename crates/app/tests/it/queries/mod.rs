//! Every statement of the program, planned by both engines over the demo and a crowd of rows: none
//! walks through a large table, but those named here with their reason.
//!
//! Statements written out are read from the sources; those put together are heard while the demo is
//! made and everybody's pages are opened.

mod crowd;
mod plan;
mod reasons;
mod recorder;
mod statements;

use crate::client::Client;
use crate::world::{Engine, PACK, World};
use kit::args;
use plan::Planner;
use reasons::{REASONS, SMALL};
use recorder::Recorder;
use statements::statements;
use std::collections::{BTreeSet, VecDeque};

#[tokio::test]
async fn no_statement_walks_through_a_large_table() {
    let recorder = Recorder::default();
    let worlds = [demo(Engine::Sqlite).await, demo(Engine::Postgres).await];
    for world in &worlds {
        let listening = recorder.listen();
        zhenxing::demo::load(world.store(), &PACK).await.expect("the demo is made");
        drop(listening);
        let cards = cards(world).await;
        let _listening = recorder.listen();
        open_all_pages(world, &cards).await;
    }
    let statements = statements(&recorder.statements());
    let mut used = BTreeSet::new();
    let mut faults = Vec::new();
    for world in worlds {
        crowd::crowd(&world).await;
        let planner = Planner::of(&world).await;
        for (sql, from) in &statements {
            match planner.walks(sql).await {
                Ok(walks) => faults.extend(
                    without_reason(sql, &walks, &mut used)
                        .map(|table| format!("{:?} walks through {table}: {sql} ({from})", world.engine)),
                ),
                Err(error) => faults.push(format!("{:?} cannot plan: {sql} ({from}): {error}", world.engine)),
            }
        }
    }
    for (at, (part, table, _)) in REASONS.iter().enumerate() {
        if !used.contains(&at) {
            faults.push(format!("nothing walks through {table} any more: strike out {part}"));
        }
    }
    assert!(faults.is_empty(), "{} of {} statements\n{}", faults.len(), statements.len(), faults.join("\n"));
}

async fn demo(engine: Engine) -> World {
    World::new(engine).await.empty().await
}

/// The walked tables that are large and that no reason excuses.
fn without_reason<'a>(
    sql: &'a str,
    walks: &'a [String],
    used: &'a mut BTreeSet<usize>,
) -> impl Iterator<Item = &'a String> + 'a {
    walks.iter().filter(move |table| {
        let reason = REASONS.iter().position(|(part, about, _)| sql.contains(part) && about == *table);
        used.extend(reason);
        reason.is_none() && !SMALL.contains(&table.as_str())
    })
}

/// The card of one person of each role and kind of organisation.
async fn cards(world: &World) -> Vec<String> {
    let sql = "SELECT MIN(g.id) FROM role_grant g JOIN organisation o ON o.id = g.organisation_id \
               GROUP BY g.role, o.kind ORDER BY 1";
    let rows: Vec<(String,)> = world.store().read().all(sql, args![]).await.expect("read");
    rows.into_iter().map(|(card,)| card).collect()
}

/// Each of them follows every link, once for each kind of page; and so does the public.
async fn open_all_pages(world: &World, cards: &[String]) {
    open_pages(&world.visitor()).await;
    for card in cards {
        let mut client = world.visitor();
        client.sign_in(card).await;
        open_pages(&client).await;
    }
}

async fn open_pages(client: &Client) {
    let mut waiting = VecDeque::from(["/".to_owned(), "/desk".to_owned()]);
    let mut kinds = BTreeSet::new();
    while let Some(path) = waiting.pop_front() {
        let answer = client.get(&path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.words());
        for link in links(&answer.text) {
            if kinds.insert(kind(&link)) {
                waiting.push_back(link);
            }
        }
    }
}

fn links(page: &str) -> Vec<String> {
    page.split(" href=\"/")
        .skip(1)
        .filter_map(|rest| rest.split(['"', '#']).next())
        .map(|link| format!("/{}", link.replace("&amp;", "&").replace("&#38;", "&")))
        .collect()
}

/// The address without ids, numbers and values: pages of one kind ask the same of the store.
fn kind(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let part = |part: &str| {
        if part.contains(|letter: char| letter.is_ascii_digit()) { "0".to_owned() } else { part.to_owned() }
    };
    let path: Vec<String> = path.split('/').map(part).collect();
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", path.join("/"), names.join("&"))
}
