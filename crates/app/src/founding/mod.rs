//! Founding a programme: its divisions, its pack, and the organisations that must exist.
//!
//! `init` and the demo start here. Everything it writes is one act.

mod divisions;
mod organisations;
mod pack;

pub use divisions::{Division, divisions};
pub use organisations::{OrganisationRow, insert_organisation};
pub use pack::put_in_force;

use domain::day::Day;
use domain::id::{ProgrammeId, RowId};
use kit::record::{Event, Who};
use kit::{Error, Result, Store, args};

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
    act.write_one(
        "INSERT INTO programme (id, name, pack, division_code, valid_from) VALUES ($1, $2, $3, $4, $5)",
        args![programme, founding.name, founding.pack, founding.division_code, founding.from],
    )
    .await?;
    let running = crate::packs::jiangxi().map_err(Error::internal)?;
    pack::insert(&mut act, programme, &running, founding.from).await?;
    let divisions = divisions();
    for division in &divisions {
        act.write_one(
            "INSERT INTO division (id, code, name, level, kind, parent_code, valid_from) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![
                kit::clock::fresh::<RowId>(),
                &division.code,
                &division.name,
                &division.level,
                &division.kind,
                division.parent_code.as_deref(),
                founding.from,
            ],
        )
        .await?;
    }
    organisations::insert_all(&mut act, &running, &divisions, founding.from).await?;
    let event = Event::new("programme.founded", "programme", programme).note("pack", founding.pack);
    act.commit(event.policy(running.digest())).await?;
    Ok(programme)
}
