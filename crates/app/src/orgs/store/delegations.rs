//! SQL for delegations: who lends a role to whom, from when until when.

use domain::account::Delegation;
use domain::id::{DelegationId, GrantId, OrganisationId, PersonId};
use kit::db::Read;
use kit::record::Act;
use kit::{Result, args};

#[derive(sqlx::FromRow)]
pub struct DelegationRow {
    pub id: String,
    pub name: String,
    pub role: String,
    pub organisation: String,
    pub first_day: String,
    pub last_day: String,
    pub reason: String,
    pub revoked_ms: Option<i64>,
}

/// What a person has lent, the newest first.
pub async fn delegations_by(mut read: Read<'_>, giver: PersonId) -> Result<Vec<DelegationRow>> {
    let sql = "SELECT d.id, p.name, g.role, o.name AS organisation, d.first_day, d.last_day, d.reason, d.revoked_ms \
             FROM delegation d JOIN person p ON p.id = d.to_person_id JOIN role_grant g ON g.id = d.grant_id \
             JOIN organisation o ON o.id = g.organisation_id WHERE d.from_person_id = $1 \
             ORDER BY d.id DESC LIMIT 50";
    Ok(read.all(sql, args![giver]).await?)
}

/// Id, name and login of everybody else employed in an organisation, or with a role in it.
pub async fn colleagues(
    mut read: Read<'_>,
    person: PersonId,
    organisation: OrganisationId,
) -> Result<Vec<(String, String, String)>> {
    let sql = "SELECT p.id, p.name, p.login FROM person p WHERE p.id <> $1 AND p.disabled_ms IS NULL \
             AND p.id IN (SELECT e.id FROM person e WHERE e.employer_id = $2 UNION \
               SELECT g.person_id FROM role_grant g WHERE g.organisation_id = $2 \
               AND g.approved_ms IS NOT NULL AND g.ended_ms IS NULL) \
             ORDER BY p.login LIMIT 200";
    Ok(read.all(sql, args![person, organisation]).await?)
}

pub async fn insert_delegation(
    act: &mut Act,
    id: DelegationId,
    grant: GrantId,
    lent: &Delegation,
    reason: &str,
) -> Result<()> {
    act.write_one(
        "INSERT INTO delegation (id, grant_id, from_person_id, to_person_id, first_day, last_day, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, grant, lent.from, lent.to, lent.first, lent.last, reason],
    )
    .await
}

/// Whether a delegation was given by this person.
pub async fn is_giver(mut read: Read<'_>, id: DelegationId, person: PersonId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM delegation WHERE id = $1 AND from_person_id = $2";
    Ok(read.int(sql, args![id, person]).await? > 0)
}

pub async fn revoke_delegation(act: &mut Act, id: DelegationId) -> Result<()> {
    let now_ms = act.now_ms();
    act.write_one(
        "UPDATE delegation SET revoked_ms = $1, version = version + 1 WHERE id = $2 AND revoked_ms IS NULL",
        args![now_ms, id],
    )
    .await
}
