//! Founding a programme: its divisions, its pack, and the organisations that must exist.
//!
//! `init` and the demo start here. Everything it writes is one act.

mod divisions;
mod organisations;
mod pack;
mod store;

pub use divisions::{Division, divisions};
pub use organisations::OrganisationRow;
pub use pack::{adopt, forms_missing_in, in_force, put_in_force};
pub use store::{count_programmes, insert_organisation, kept_packs};

use domain::day::Day;
use domain::id::ProgrammeId;
use kit::record::{Event, Who};
use kit::{Error, Result, Store};

/// What a programme is founded with.
pub struct Founding<'a> {
    pub name: &'a str,
    pub pack: &'a str,
    pub division_code: &'a str,
    pub from: Day,
}

/// Writes the programme, its divisions and its organisations.
pub async fn found(store: &Store, founding: &Founding<'_>) -> Result<ProgrammeId> {
    let mut act = store.act(&Who::console()).await?;
    let programme: ProgrammeId = kit::clock::fresh();
    store::insert_programme(&mut act, programme, founding).await?;
    let running = crate::packs::jiangxi().map_err(Error::internal)?;
    pack::insert(&mut act, programme, &running, founding.from).await?;
    let divisions = divisions();
    for division in &divisions {
        store::insert_division(&mut act, division, founding.from).await?;
    }
    organisations::insert_all(&mut act, &running, &divisions, founding.from).await?;
    let event = Event::new("programme.founded", "programme", programme).note("pack", founding.pack);
    act.commit(event.policy(running.digest())).await?;
    Ok(programme)
}
