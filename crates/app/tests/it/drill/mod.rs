//! Drills: the real program in a process of its own, killed, flooded and measured.

mod kill;
mod memory;
mod program;
mod workers;

use crate::world::World;
use domain::day::Day;
use kit::Store;
use kit::args;
use kit::clock::Clock;
use std::collections::BTreeMap;
use std::path::PathBuf;
use zhenxing::data::{Config, DataFolder};

/// A data folder with the demo in it, closed, for the program to serve.
pub struct Stage {
    pub folder: PathBuf,
    pub today: Day,
    /// `postgres://…`, where the data is there.
    pub address: Option<String>,
    /// Each person's card, by login.
    cards: BTreeMap<String, String>,
}

impl Stage {
    /// Sets the demo up on the engine of a world.
    pub async fn set(world: &World) -> Stage {
        let world = world.empty().await;
        let store = world.store();
        zhenxing::demo::load(store, &crate::world::PACK).await.expect("the demo is loaded");
        let cards: Vec<(String, String)> = store
            .read()
            .all("SELECT p.login, g.id FROM role_grant g JOIN person p ON p.id = g.person_id", args![])
            .await
            .expect("the cards are read");
        let config = Config { database: world.address.clone(), demo: true, ..Config::default() };
        DataFolder::new(&world.folder).create(&config, store.signer()).expect("a data folder");
        store.db().close().await;
        let (folder, address) = (world.folder.clone(), world.address.clone());
        Stage { folder, today: store.today(), address, cards: cards.into_iter().collect() }
    }

    pub fn card(&self, login: &str) -> &str {
        self.cards.get(login).unwrap_or_else(|| panic!("the demo has no {login}"))
    }

    /// The id of a place's declaration.
    pub async fn declaration(&self, place: &str) -> String {
        let store = self.store().await;
        let sql = "SELECT id FROM declaration WHERE name = $1";
        let found: (String,) = store.read().one(sql, args![place]).await.expect("its declaration");
        store.db().close().await;
        found.0
    }

    /// The store of the folder, opened beside the program.
    pub async fn store(&self) -> Store {
        DataFolder::new(&self.folder).open_unchanged(Clock::on(self.today)).await.expect("the store opens")
    }
}
