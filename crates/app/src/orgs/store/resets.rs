//! SQL for resets of accounts: asked for by one administrator, decided by another.

use domain::id::{PersonId, RowId};
use kit::db::Read;
use kit::record::Act;
use kit::{Result, args};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ResetRow {
    pub id: String,
    pub person_id: String,
    pub person: String,
    pub login: String,
    pub reason: String,
    pub requested_by: String,
    pub requester: Option<String>,
    pub requested_ms: i64,
    pub version: i64,
}

pub async fn reset(mut read: Read<'_>, id: RowId) -> Result<ResetRow> {
    let sql = "SELECT a.id, a.person_id, p.name AS person, p.login, a.reason, a.requested_by, \
               r.name AS requester, a.requested_ms, a.version \
               FROM account_reset a JOIN person p ON p.id = a.person_id \
               LEFT JOIN person r ON r.id = a.requested_by WHERE a.id = $1";
    Ok(read.one(sql, args![id]).await?)
}

/// Resets that wait for a decision, the oldest first.
pub async fn resets_waiting(mut read: Read<'_>) -> Result<Vec<ResetRow>> {
    let sql = "SELECT a.id, a.person_id, p.name AS person, p.login, a.reason, a.requested_by, \
               r.name AS requester, a.requested_ms, a.version \
               FROM account_reset a JOIN person p ON p.id = a.person_id \
               LEFT JOIN person r ON r.id = a.requested_by WHERE a.decided_ms IS NULL ORDER BY a.id LIMIT 50";
    Ok(read.all(sql, args![]).await?)
}

/// How many grants and resets wait for whoever decides on them.
pub async fn count_decisions_waiting(mut read: Read<'_>) -> Result<i64> {
    let sql = "SELECT (SELECT COUNT(*) FROM role_grant WHERE approved_ms IS NULL AND declined_ms IS NULL \
                 AND ended_ms IS NULL) \
               + (SELECT COUNT(*) FROM account_reset WHERE decided_ms IS NULL)";
    Ok(read.int(sql, args![]).await?)
}

pub async fn insert_reset(
    act: &mut Act,
    id: RowId,
    person: PersonId,
    asked_by: PersonId,
    reason: &str,
) -> Result<()> {
    let now_ms = act.now_ms();
    act.write_one(
        "INSERT INTO account_reset (id, person_id, reason, requested_by, requested_ms) VALUES ($1, $2, $3, $4, $5)",
        args![id, person, reason, asked_by, now_ms],
    )
    .await
}

pub async fn approve_reset(act: &mut Act, row: &ResetRow, by: PersonId) -> Result<()> {
    let now_ms = act.now_ms();
    act.write_one(
        "UPDATE account_reset SET decided_by = $1, decided_ms = $2, approved = 1, version = version + 1 \
         WHERE id = $3 AND version = $4 AND decided_ms IS NULL",
        args![by, now_ms, &row.id, row.version],
    )
    .await
}

pub async fn decline_reset(act: &mut Act, row: &ResetRow, by: PersonId) -> Result<()> {
    let now_ms = act.now_ms();
    act.write_one(
        "UPDATE account_reset SET decided_by = $1, decided_ms = $2, approved = 0, version = version + 1 \
         WHERE id = $3 AND version = $4 AND decided_ms IS NULL",
        args![by, now_ms, &row.id, row.version],
    )
    .await
}
