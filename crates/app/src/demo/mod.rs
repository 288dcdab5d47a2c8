//! The demo: fictional people and towns in real cities and counties, made through the acts.

mod cast;

pub use cast::{Cast, Member, cast};

use crate::founding::{Founding, found};
use domain::day::Day;
use domain::pack::Pack;
use kit::clock::Clock;
use kit::{Result, Store};

/// The day the plan came out.
const FOUNDED: &str = "2016-12-27";

/// Fills an empty store with the demo, through the same acts that people use.
pub async fn load(store: &Store, _pack: &Pack, _today: Day) -> Result<()> {
    let founded: Day = FOUNDED.parse().expect("a day");
    let then = store.at(Clock::on(founded));
    let founding =
        Founding {
            name: "江西省特色小镇建设", pack: "jiangxi", division_code: "360000", from: founded
        };
    found(&then, &founding).await?;
    cast(&then, founded).await?;
    Ok(())
}
