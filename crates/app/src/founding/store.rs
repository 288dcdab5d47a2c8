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
use kit::{Result, args};

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

/// The newest pack of a programme, and whose it is.
#[derive(sqlx::FromRow)]
pub struct Deciding {
    pub programme: String,
    pub pack: String,
    pub digest: String,
    pub content: String,
}

pub async fn deciding(mut read: Read<'_>) -> Result<Option<Deciding>> {
    Ok(read
        .opt(
            "SELECT g.id AS programme, g.pack, v.digest, v.content FROM programme g \
             JOIN pack_version v ON v.programme_id = g.id ORDER BY v.in_force_from DESC, v.id DESC LIMIT 1",
            args![],
        )
        .await?)
}

pub async fn set_pack(act: &mut Act, programme: &str, pack: &str) -> Result<()> {
    act.write_one(
        "UPDATE programme SET pack = $1, version = version + 1 WHERE id = $2",
        args![pack, programme],
    )
    .await
}

/// The codes of the forms that something was begun on.
pub async fn forms_in_use(mut read: Read<'_>) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = read
        .all(
            "SELECT form_code AS code FROM submission UNION SELECT town_form FROM batch \
             UNION SELECT platform_form FROM batch ORDER BY code LIMIT 500",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

pub async fn insert_pack_version(
    act: &mut Act,
    programme: &str,
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
