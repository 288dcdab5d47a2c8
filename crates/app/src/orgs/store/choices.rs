//! SQL for the roles a person may act in today.

use domain::day::Day;
use domain::id::PersonId;
use kit::db::Read;
use kit::{Result, args};

/// One role to act in: a grant of one's own, or one delegated.
#[derive(sqlx::FromRow)]
pub struct ChoiceRow {
    pub grant_id: String,
    pub delegation_id: Option<String>,
    pub role: String,
    pub organisation_id: String,
    pub organisation_name: String,
    pub for_id: Option<String>,
    pub for_name: Option<String>,
    pub last_day: Option<String>,
}

/// Grants in force, the person's own first.
pub async fn choices(mut read: Read<'_>, person: PersonId, today: Day) -> Result<Vec<ChoiceRow>> {
    let mut rows: Vec<ChoiceRow> = read
        .all(
            "SELECT g.id AS grant_id, CAST(NULL AS TEXT) AS delegation_id, g.role, o.id AS organisation_id, \
               o.name AS organisation_name, CAST(NULL AS TEXT) AS for_id, CAST(NULL AS TEXT) AS for_name, \
               CAST(NULL AS TEXT) AS last_day \
             FROM role_grant g JOIN organisation o ON o.id = g.organisation_id \
             WHERE g.person_id = $1 AND g.approved_ms IS NOT NULL AND g.ended_ms IS NULL AND g.valid_from <= $2 \
               AND (g.valid_until IS NULL OR g.valid_until >= $2) ORDER BY g.id LIMIT 50",
            args![person, today],
        )
        .await?;
    let delegated: Vec<ChoiceRow> = read
        .all(
            "SELECT g.id AS grant_id, d.id AS delegation_id, g.role, o.id AS organisation_id, \
               o.name AS organisation_name, f.id AS for_id, f.name AS for_name, d.last_day \
             FROM delegation d JOIN role_grant g ON g.id = d.grant_id AND g.person_id = d.from_person_id \
             JOIN organisation o ON o.id = g.organisation_id JOIN person f ON f.id = d.from_person_id \
             WHERE d.to_person_id = $1 AND d.revoked_ms IS NULL AND d.first_day <= $2 AND d.last_day >= $2 \
               AND g.approved_ms IS NOT NULL AND g.ended_ms IS NULL AND g.valid_from <= $2 \
               AND (g.valid_until IS NULL OR g.valid_until >= $2) AND f.disabled_ms IS NULL \
             ORDER BY d.id LIMIT 50",
            args![person, today],
        )
        .await?;
    rows.extend(delegated);
    Ok(rows)
}
