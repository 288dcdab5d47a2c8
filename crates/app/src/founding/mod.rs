//! Founding a programme: its divisions, its pack, and the organisations that must exist.
//!
//! `init` and the demo start here. Everything it writes is one act.

mod divisions;
mod organisations;

pub use divisions::{Division, divisions};
pub use organisations::{OrganisationRow, insert_organisation};

use domain::day::Day;
use domain::id::{ProgrammeId, RowId};
use kit::record::{Act, Event, Who};
use kit::{Error, Result, Store, args};
use std::collections::BTreeMap;

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
    let digest = put_pack_in_force(&mut act, programme, founding.from).await?;
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
    organisations::insert_all(&mut act, &divisions, founding.from).await?;
    let event = Event::new("programme.founded", "programme", programme).note("pack", founding.pack);
    act.commit(event.policy(&digest)).await?;
    Ok(programme)
}

/// Keeps the pack whole under its digest, so that a past year can be computed again.
async fn put_pack_in_force(act: &mut Act, programme: ProgrammeId, from: Day) -> Result<String> {
    let files = crate::packs::embedded_files();
    let content: BTreeMap<&str, &str> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let content = serde_json::to_string(&content).map_err(Error::internal)?;
    let digest = crate::packs::jiangxi().map_err(Error::internal)?.digest().to_owned();
    act.write_one(
        "INSERT INTO pack_version (id, programme_id, digest, content, in_force_from) \
         VALUES ($1, $2, $3, $4, $5)",
        args![kit::clock::fresh::<RowId>(), programme, &digest, content, from],
    )
    .await?;
    Ok(digest)
}
