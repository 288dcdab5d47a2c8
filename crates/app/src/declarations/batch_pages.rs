//! Pages of batches: the list, one batch with its cities, and the page of each act.

mod draft;
mod forms;
mod show;

pub use draft::{change, create, show_change, show_new};
pub use forms::{call, close, extend, show_call, show_close, show_extension};
pub use show::{authority_words, document, list, show};

use super::store::{self, BatchRow};
use crate::web::Acting;
use domain::clause::Clause;
use domain::id::BatchId;
use domain::stage::BatchStage;
use kit::page::{Choice, Field, Tag, Tone};
use kit::{Error, Result};

const CRUMBS: [(&str, &str); 1] = [("批次", "/batches")];
const TIME: Clause = Clause::new(3, 2);

/// The state of a batch as a tag.
pub fn stage_tag(stage: BatchStage) -> Tag {
    let tone = match stage {
        BatchStage::Draft => Tone::Quiet,
        BatchStage::Called => Tone::Busy,
        BatchStage::Selecting | BatchStage::OnNotice => Tone::Waiting,
        BatchStage::Published => Tone::Done,
    };
    Tag::new(tone, stage.words())
}

/// Who may allow a later day, from the pack.
fn authority_field(name: &str, acting: &Acting) -> Field {
    let known = acting.pack().list("declaration.late_authorities", acting.today()).unwrap_or_default();
    let choices = known.into_iter().map(|entry| Choice::new(entry.code, entry.name)).collect();
    Field::select(name, "批准机关", choices)
}

/// The batch of a route, within the reach of the route's action.
async fn load(acting: &Acting, id: &str) -> Result<BatchRow> {
    let id: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    store::batch(acting.store().read(), &acting.reach, id).await
}
