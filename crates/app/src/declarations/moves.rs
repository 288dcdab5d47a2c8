//! The steps that selection and lists take with what stands here: through this slice alone.

use super::store;
use domain::id::{BatchId, PlaceId, SubmissionId};
use domain::stage::{BatchStage, DeclarationStage};
use kit::record::{Act, Next};
use kit::{Error, Result};

/// A declaration that another slice moves on.
pub struct Moved<'a> {
    pub id: &'a str,
    pub place: &'a str,
    pub version: i64,
    pub to: DeclarationStage,
    /// Why, for the declaration's own page.
    pub remark: &'a str,
    /// Who owes what follows, and until when; nobody, where the batch's stage says it.
    pub owed: Next,
}

/// Moves a declaration that the office has received.
pub async fn move_on(act: &mut Act, moved: &Moved<'_>) -> Result<()> {
    let may = DeclarationStage::moves().iter().any(|arrow| arrow.to == moved.to);
    assert!(may, "no arrow leads to {}", moved.to);
    store::set_stage(act, moved.id, moved.version, moved.to).await?;
    store::insert_move(act, moved.id, event_of(moved.to), moved.to, moved.remark).await?;
    let place: PlaceId = moved.place.parse().map_err(Error::internal)?;
    let id: SubmissionId = moved.id.parse().map_err(Error::internal)?;
    let remark = (!moved.remark.is_empty()).then(|| moved.remark.to_owned());
    let next = Next { stage: moved.to.code(), place: Some(place), remark, ..moved.owed.clone() };
    act.enter_stage("declaration", id, next).await
}

/// The reports that a batch leaves unsent are nobody's any more.
pub async fn end_reports(act: &mut Act, batch: BatchId) -> Result<()> {
    for report in store::unsent_reports(act.read(), &batch.to_string()).await? {
        act.leave_stages("city_report", &report, None).await?;
    }
    Ok(())
}

/// What a move is called in the declaration's own history.
fn event_of(to: DeclarationStage) -> &'static str {
    match to {
        DeclarationStage::Received => "declaration.proposal_withdrawn",
        DeclarationStage::UnderReview => "declaration.review_begun",
        DeclarationStage::Proposed => "declaration.proposed",
        DeclarationStage::Listed => "declaration.listed",
        DeclarationStage::NotSelected => "declaration.left_out",
        DeclarationStage::Held => "declaration.held",
        DeclarationStage::Reserve => "declaration.reserved",
        DeclarationStage::Draft
        | DeclarationStage::AtTownHead
        | DeclarationStage::AtCounty
        | DeclarationStage::AtCity
        | DeclarationStage::Reported
        | DeclarationStage::Returned
        | DeclarationStage::Withdrawn => "declaration.moved",
    }
}

/// Moves a batch on, with what it waits for next.
pub async fn move_batch(act: &mut Act, id: BatchId, version: i64, to: BatchStage, next: Next) -> Result<()> {
    store::save_batch_stage(act, &id.to_string(), version, to).await?;
    act.enter_stage("batch", id, Next { stage: to.code(), ..next }).await
}
