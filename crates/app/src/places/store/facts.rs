//! SQL for what a platform says of itself and the office confirms.

use domain::id::PlaceId;
use kit::record::Act;
use kit::{Result, args};

/// The platform's own facts; whatever the office confirmed before is open again.
pub async fn set_facts(
    act: &mut Act,
    place: PlaceId,
    (park, legal): (Option<i64>, Option<i64>),
    version: i64,
) -> Result<()> {
    act.write_one(
        "UPDATE place SET is_industrial_park = $1, has_legal_operator = $2, facts_confirmed_by = NULL, \
         facts_confirmed_ms = NULL, version = version + 1 WHERE id = $3 AND version = $4",
        args![park, legal, place, version],
    )
    .await
}

pub async fn confirm_facts(act: &mut Act, place: PlaceId, version: i64) -> Result<()> {
    act.write_one(
        "UPDATE place SET facts_confirmed_by = $1, facts_confirmed_ms = $2, version = version + 1 \
         WHERE id = $3 AND version = $4 AND facts_confirmed_ms IS NULL",
        args![act.who().person.text(), act.now_ms(), place, version],
    )
    .await
}

/// What the office confirmed for the county's places is open again, for their county is another.
pub async fn reopen_facts(act: &mut Act, county: &str) -> Result<()> {
    let sql = "UPDATE place SET facts_confirmed_by = NULL, facts_confirmed_ms = NULL, version = version + 1 \
               WHERE county_code = $1 AND facts_confirmed_ms IS NOT NULL";
    act.write(sql, args![county]).await?;
    Ok(())
}
