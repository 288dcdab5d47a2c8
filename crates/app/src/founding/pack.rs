//! The pack in force: kept whole under its digest, so that a past year can be computed again.

use super::store;
use domain::day::Day;
use domain::id::ProgrammeId;
use domain::pack::Pack;
use kit::record::{Act, Event, Who};
use kit::{Error, Result, Store};
use std::collections::BTreeMap;

/// The pack that the program carries, once it is in force in the data: a program of a newer pack
/// puts it in force by an act of its own when it starts.
pub async fn put_in_force(store: &Store, pack: &Pack) -> Result<()> {
    let mut act = store.act(&Who::console()).await?;
    let Some(programme) = store::programme_without(act.read(), pack.digest()).await? else { return Ok(()) };
    insert(&mut act, programme, pack, store.today()).await?;
    act.commit(Event::new("pack.put_in_force", "programme", programme).policy(pack.digest())).await?;
    Ok(())
}

/// Writes the version with the files that the program carries.
pub(super) async fn insert(act: &mut Act, programme: ProgrammeId, pack: &Pack, from: Day) -> Result<()> {
    let files = crate::packs::embedded_files();
    let content: BTreeMap<&str, &str> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let content = serde_json::to_string(&content).map_err(Error::internal)?;
    store::insert_pack_version(act, programme, pack.digest(), &content, from).await
}
