//! How far a city's declarations are: which are before it, and which bureaus have not signed.

use super::super::store::{self, DeclarationRow, ReportRow, SignatureRow};
use super::case::standing;
use crate::web::Acting;
use domain::problem::Refusal;
use domain::stage::DeclarationStage;
use kit::Result;
use std::collections::HashMap;

/// One declaration before a city.
pub struct Standing {
    pub row: DeclarationRow,
    /// The bureaus whose signature is wanting, by name.
    pub unsigned: Vec<String>,
}

impl Standing {
    /// Everything before the city of a report, in the order of the numbers.
    pub async fn of_city(acting: &Acting, report: &ReportRow) -> Result<Vec<Standing>> {
        let store = acting.store();
        let bureaus = acting.pack().list("city.bureaus", acting.today()).map_err(Refusal::from)?;
        let (batch, city) = (report.batch_id.as_str(), report.city_code.as_str());
        let rows = store::declarations_of_city(store.read(), batch, city, DeclarationStage::AtCity).await?;
        let mut signatures: HashMap<String, Vec<SignatureRow>> = HashMap::new();
        for one in store::signatures_at_city(store.read(), batch, city).await? {
            signatures.entry(one.declaration_id.clone()).or_default().push(one);
        }
        let mut standings = Vec::with_capacity(rows.len());
        for row in rows {
            let signed = standing(signatures.get(&row.id).map_or(&[], Vec::as_slice))?;
            let wants = |code: &str| {
                signed.iter().all(|one| one.bureau != code || one.content_hash != row.content_hash)
            };
            let unsigned = bureaus.iter().filter(|bureau| wants(&bureau.code));
            let unsigned = unsigned.map(|bureau| bureau.name.clone()).collect();
            standings.push(Standing { row, unsigned });
        }
        Ok(standings)
    }
}
