//! SQL for failed sign-ins, which stand outside the record.

use domain::id::RowId;
use kit::clock::fresh;
use kit::db::Read;
use kit::record::Act;
use kit::{Result, Store, args};

pub async fn insert_failure(store: &Store, login: &str, address: &str) -> Result<RowId> {
    let id = fresh();
    store
        .scratch(
            "INSERT INTO failed_sign_in (id, login, from_address, at_ms) VALUES ($1, $2, $3, $4)",
            args![id, login, address, store.now_ms()],
        )
        .await?;
    Ok(id)
}

pub async fn delete_failure(store: &Store, id: RowId) -> Result<()> {
    store.scratch("DELETE FROM failed_sign_in WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Those that count no more.
pub async fn delete_failures_until(store: &Store, until_ms: i64) -> Result<()> {
    store.scratch("DELETE FROM failed_sign_in WHERE at_ms <= $1", args![until_ms]).await?;
    Ok(())
}

pub async fn delete_failures(store: &Store, login: &str) -> Result<()> {
    store.scratch("DELETE FROM failed_sign_in WHERE login = $1", args![login]).await?;
    Ok(())
}

/// The same within an act.
pub async fn forgive_failures(act: &mut Act, login: &str) -> Result<()> {
    act.scratch("DELETE FROM failed_sign_in WHERE login = $1", args![login]).await?;
    Ok(())
}

/// How many failures an account has, from one address or from anywhere, and the time of the last.
pub async fn failures(mut read: Read<'_>, login: &str, address: &str, since: i64) -> Result<(i64, i64)> {
    Ok(read
        .one(
            "SELECT COUNT(*), COALESCE(MAX(at_ms), 0) FROM failed_sign_in \
             WHERE login = $1 AND at_ms > $2 AND ($3 = '' OR from_address = $3)",
            args![login, since, address],
        )
        .await?)
}

/// How many accounts have failed from an address before a try, and the time of the last failure.
pub async fn failures_from(
    mut read: Read<'_>,
    address: &str,
    before: &str,
    since: i64,
) -> Result<(i64, i64)> {
    Ok(read
        .one(
            "SELECT COUNT(DISTINCT login), COALESCE(MAX(at_ms), 0) FROM failed_sign_in \
             WHERE from_address = $1 AND at_ms > $2 AND id < $3",
            args![address, since, before],
        )
        .await?)
}
