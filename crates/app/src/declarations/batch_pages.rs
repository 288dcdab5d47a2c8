//! Pages of batches: the list, one batch with its cities, and the page of each act.

mod forms;
mod show;

pub use forms::{
    call, change, close, create, extend, show_call, show_change, show_close, show_extension, show_new,
};
pub use show::{authority_words, document, list, show};

use domain::stage::BatchStage;
use kit::page::{Tag, Tone};

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
