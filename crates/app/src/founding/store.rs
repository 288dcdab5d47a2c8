//! The statements that found a programme, and those that keep its packs.

use super::Founding;
use super::divisions::Division;
use super::organisations::OrganisationRow;
use domain::day::Day;
use domain::id::{OrganisationId, ProgrammeId, RowId};
use kit::actor::division_prefix;
use kit::clock::fresh;
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};

pub async fn insert_programme(act: &mut Act, id: ProgrammeId, founding: &Founding<'_>) -> Result<()> {
    act.write_one(
        "INSERT INTO programme (id, name, pack, division_code, valid_from) VALUES ($1, $2, $3, $4, $5)",
        args![id, founding.name, founding.pack, founding.division_code, founding.from],
    )
    .await
}

pub async fn insert_division(act: &mut Act, division: &Division, from: Day) -> Result<()> {
    act.write_one(
        "INSERT INTO division (id, code, name, level, kind, parent_code, valid_from) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            fresh::<RowId>(),
            &division.code,
            &division.name,
            &division.level,
            &division.kind,
            division.parent_code.as_deref(),
            from,
        ],
    )
    .await
}

pub async fn insert_organisation(act: &mut Act, row: &OrganisationRow<'_>) -> Result<OrganisationId> {
    let id: OrganisationId = fresh();
    act.write_one(
        "INSERT INTO organisation (id, kind, name, department, division_code, division_prefix, parent_id, place_id, \
         phone, valid_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            id,
            row.kind,
            row.name,
            row.department,
            row.division_code,
            division_prefix(row.division_code),
            row.parent,
            row.place,
            row.phone,
            row.from,
        ],
    )
    .await?;
    Ok(id)
}

/// How many programmes the data holds.
pub async fn count_programmes(mut read: Read<'_>) -> Result<i64> {
    Ok(read.int("SELECT COUNT(*) FROM programme", args![]).await?)
}

/// A programme in which the pack was never in force.
pub async fn programme_without(mut read: Read<'_>, digest: &str) -> Result<Option<ProgrammeId>> {
    let found: Option<(String,)> = read
        .opt(
            "SELECT g.id FROM programme g WHERE NOT EXISTS (SELECT 1 FROM pack_version v \
             WHERE v.programme_id = g.id AND v.digest = $1) ORDER BY g.id LIMIT 1",
            args![digest],
        )
        .await?;
    found.map(|(id,)| id.parse().map_err(Error::internal)).transpose()
}

pub async fn insert_pack_version(
    act: &mut Act,
    programme: ProgrammeId,
    digest: &str,
    content: &str,
    from: Day,
) -> Result<()> {
    act.write_one(
        "INSERT INTO pack_version (id, programme_id, digest, content, in_force_from) \
         VALUES ($1, $2, $3, $4, $5)",
        args![fresh::<RowId>(), programme, digest, content, from],
    )
    .await
}

/// Digest and files of every pack that was ever in force.
pub async fn kept_packs(mut read: Read<'_>) -> Result<Vec<(String, String)>> {
    Ok(read.all("SELECT digest, content FROM pack_version ORDER BY id", args![]).await?)
}
