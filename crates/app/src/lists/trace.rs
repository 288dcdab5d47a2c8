//! From a list entry back to what it rests on: publication, decision, proposal, receipt, report,
//! signatures, approval, the edition with its sections and files; each with its log entry.

use super::store::{self, Entry, Version};
use crate::audit::{Line, PROPOSED, lines_of};
use crate::web::Visit;
use kit::Result;

/// What the record has of the declaration behind an entry, of its batch's decision, and of the list,
/// newest first. Of a proposal of several declarations it tells the reasons of this one.
pub async fn steps(visit: &Visit, version: &Version, entry: &Entry) -> Result<Vec<Line>> {
    let store = visit.store();
    let acts = store::acts_behind(store.read(), version, entry).await?;
    let mut lines = lines_of(visit, &acts).await?;
    if let Some((seq, reasons)) = store::proposed_by_act(store.read(), &entry.declaration_id).await?
        && let Some(line) = lines.iter_mut().find(|line| line.seq == seq)
    {
        line.reason = reasons;
        line.notes.retain(|(name, _)| name != PROPOSED);
    }
    Ok(lines)
}
