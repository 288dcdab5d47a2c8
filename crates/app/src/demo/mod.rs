//! The demo: fictional people and towns in real cities and counties, made through the acts.

mod answers;
mod cast;
mod documents;
mod player;
mod store;
mod story;

pub use cast::{Cast, Member, cast, has_card};
pub use store::is_in;

use crate::founding::{Founding, found};
use domain::day::Day;
use domain::pack::Pack;
use kit::clock::{Clock, scripted};
use kit::record::checkpoint;
use kit::{Result, Store};
use player::Company;
use std::sync::Arc;

/// The day the plan came out.
const FOUNDED: &str = "2016-12-27";

/// Fills an empty store with the demo, through the same acts that people use; its record is the same
/// each time, down to the root.
pub async fn load(store: &Store, pack: &Arc<Pack>) -> Result<()> {
    scripted(play(store, pack)).await
}

async fn play(store: &Store, pack: &Arc<Pack>) -> Result<()> {
    let founded: Day = FOUNDED.parse().expect("a day");
    let then = store.at(Clock::on(founded));
    let founding =
        Founding {
            name: "江西省特色小镇建设", pack: "jiangxi", division_code: "360000", from: founded
        };
    let programme = found(&then, &founding).await?;
    let mut members: Vec<(String, Member)> = cast(&then, founded)
        .await?
        .members
        .into_iter()
        .map(|(name, member)| (name.to_owned(), member))
        .collect();
    members.extend(cast::extras(&then, founded).await?);
    let company = Company::new(store, pack, members.into_iter().collect());
    story::first_batch(&company, programme).await?;
    story::second_batch(&company, programme).await?;
    checkpoint(store).await?;
    Ok(())
}
