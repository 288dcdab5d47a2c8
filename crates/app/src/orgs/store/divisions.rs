//! SQL for organisations that move, are renamed with their division, or come in the place of another.

use domain::day::Day;
use domain::id::{OrganisationId, RowId};
use kit::actor::division_prefix;
use kit::clock::fresh;
use kit::record::Act;
use kit::{Error, Result, args};

/// The organisations of divisions under their new codes.
pub async fn move_division(act: &mut Act, codes: &[(String, String)]) -> Result<()> {
    for (was, is) in codes {
        act.write(
            "UPDATE organisation SET division_code = $1, division_prefix = $2, version = version + 1 \
             WHERE division_prefix = $3 AND division_code = $4 AND valid_until IS NULL",
            args![is, division_prefix(is), division_prefix(was), was],
        )
        .await?;
    }
    Ok(())
}

/// Governments and their bureaus bear the name of their county or city.
pub async fn rename_governments(act: &mut Act, code: &str, was: &str, is: &str, from: Day) -> Result<()> {
    let sql = "SELECT id, name FROM organisation WHERE kind IN ('county', 'city', 'bureau') \
               AND division_code = $1 AND valid_until IS NULL ORDER BY id LIMIT 100";
    let found: Vec<(String, String)> = act.read().all(sql, args![code]).await?;
    for (id, name) in found.into_iter().filter(|(_, name)| name.contains(was)) {
        keep_former_name(act, &id, &name, from).await?;
        act.write_one(
            "UPDATE organisation SET name = $1, version = version + 1 WHERE id = $2",
            args![name.replace(was, is), id],
        )
        .await?;
    }
    Ok(())
}

/// What an organisation was called until the day before.
pub async fn keep_former_name(act: &mut Act, id: &str, name: &str, from: Day) -> Result<()> {
    act.write_one(
        "INSERT INTO former_name (id, organisation_id, name, until_ms) VALUES ($1, $2, $3, $4)",
        args![fresh::<RowId>(), id, name, from.starts_ms()],
    )
    .await
}

/// A county government goes up in another.
pub async fn merge_county(act: &mut Act, was: &str, into: &str, from: Day) -> Result<()> {
    let (old, new) = (county(act, was).await?, county(act, into).await?);
    succeed(act, old, new, from).await
}

/// An organisation comes in the place of another: it has its units and owes its steps; the other's roles
/// end, and whoever is to have one here is granted it anew.
pub async fn succeed(act: &mut Act, old: OrganisationId, new: OrganisationId, from: Day) -> Result<()> {
    let (by, now_ms) = (act.who().person.text(), act.now_ms());
    act.scratch(
        "DELETE FROM session WHERE grant_id IN (SELECT id FROM role_grant WHERE organisation_id = $1)",
        args![old],
    )
    .await?;
    act.write(
        "UPDATE role_grant SET ended_by = $1, ended_ms = $2, version = version + 1 \
         WHERE organisation_id = $3 AND ended_ms IS NULL AND declined_ms IS NULL",
        args![by, now_ms, old],
    )
    .await?;
    act.write(
        "UPDATE stage SET owing_organisation_id = $1 WHERE owing_organisation_id = $2 AND left_ms IS NULL",
        args![new, old],
    )
    .await?;
    act.write(
        "UPDATE organisation SET parent_id = $1, version = version + 1 WHERE parent_id = $2",
        args![new, old],
    )
    .await?;
    act.write_one(
        "UPDATE organisation SET valid_until = $1, version = version + 1 WHERE id = $2 AND valid_until IS NULL",
        args![from.plus_days(-1), old],
    )
    .await
}

async fn county(act: &mut Act, code: &str) -> Result<OrganisationId> {
    let sql =
        "SELECT id FROM organisation WHERE kind = 'county' AND division_code = $1 AND valid_until IS NULL";
    let found: Option<(String,)> = act.read().opt(sql, args![code]).await?;
    let (id,) = found.ok_or_else(|| Error::internal(format!("no government of the county {code}")))?;
    id.parse().map_err(Error::Internal)
}
