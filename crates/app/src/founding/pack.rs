//! The pack in force: kept whole under its digest, so that a past year can be computed again.

use domain::day::Day;
use domain::id::{ProgrammeId, RowId};
use domain::pack::Pack;
use kit::record::{Act, Event, Who};
use kit::{Error, Result, Store, args};
use std::collections::BTreeMap;

/// The pack that the program carries, once it is in force in the data: a program of a newer pack
/// puts it in force by an act of its own when it starts.
pub async fn put_in_force(store: &Store, pack: &Pack) -> Result<()> {
    let mut act = store.act(&Who::console()).await?;
    let programme: Option<(String,)> = act
        .read()
        .opt(
            "SELECT g.id FROM programme g WHERE NOT EXISTS (SELECT 1 FROM pack_version v \
             WHERE v.programme_id = g.id AND v.digest = $1) ORDER BY g.id LIMIT 1",
            args![pack.digest()],
        )
        .await?;
    let Some((programme,)) = programme else { return Ok(()) };
    let programme: ProgrammeId = programme.parse().map_err(Error::internal)?;
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
    act.write_one(
        "INSERT INTO pack_version (id, programme_id, digest, content, in_force_from) \
         VALUES ($1, $2, $3, $4, $5)",
        args![kit::clock::fresh::<RowId>(), programme, pack.digest(), content, from],
    )
    .await
}
