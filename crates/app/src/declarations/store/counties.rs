//! SQL for declarations under way whose county has another code from now on; those of published
//! batches keep the county of their time.

use kit::record::Act;
use kit::{Result, args};

pub async fn move_county(act: &mut Act, was: &str, is: &str) -> Result<()> {
    act.write(
        "UPDATE declaration SET county_code = $1, version = version + 1 WHERE county_code = $2 \
         AND batch_id IN (SELECT id FROM batch WHERE stage <> 'Published')",
        args![is, was],
    )
    .await?;
    Ok(())
}

/// Extensions for the whole county stay its own.
pub async fn move_extensions(act: &mut Act, was: &str, is: &str) -> Result<()> {
    act.write(
        "UPDATE batch_extension SET division_code = $1 WHERE division_code = $2 \
         AND batch_id IN (SELECT id FROM batch WHERE stage <> 'Published')",
        args![is, was],
    )
    .await?;
    Ok(())
}
