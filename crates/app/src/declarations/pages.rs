//! Pages of declarations: the list, one declaration's life, and the page of each verb.

mod content;
mod county;
mod list;
mod marks;
mod opinions;
mod returns;
mod review;
mod show;
mod start;
mod town;

pub use county::{approve, show_approval};
pub use list::{export, list};
pub use marks::mark_tags;
pub use opinions::{
    confirm, receive, review, show_confirmation, show_receipt, show_review, show_signature, sign,
};
pub use returns::{send_back, show_return};
pub use show::{document, short, show};
pub use start::{begin, show_start};
pub use town::{hand_over, reopen, show_reopening, show_sending, show_withdrawal, withdraw};

use super::store::{self, DeclarationRow};
use crate::web::Acting;
use domain::day::Day;
use domain::id::SubmissionId;
use domain::stage::DeclarationStage;
use kit::page::{Light, Tag, Tone};
use kit::{Error, Result};

/// The state of a declaration as a tag.
pub fn stage_tag(stage: DeclarationStage) -> Tag {
    let tone = match stage {
        DeclarationStage::Draft | DeclarationStage::Withdrawn | DeclarationStage::NotSelected => Tone::Quiet,
        DeclarationStage::AtTownHead
        | DeclarationStage::AtCounty
        | DeclarationStage::AtCity
        | DeclarationStage::Reported => Tone::Waiting,
        DeclarationStage::Received
        | DeclarationStage::UnderReview
        | DeclarationStage::Proposed
        | DeclarationStage::Reserve => Tone::Busy,
        DeclarationStage::Listed => Tone::Done,
        DeclarationStage::Returned | DeclarationStage::Held => Tone::Bad,
    };
    Tag::new(tone, stage.words())
}

/// The light of an open step.
pub fn light(acting: &Acting, due: Option<&str>, why: Option<&str>) -> Option<Light> {
    let due: Day = due?.parse().ok()?;
    let left = acting.pack().calendar().working_days_left(acting.today(), due);
    let light = Light::new(due, acting.today(), left);
    Some(why.map_or(light.clone(), |why| light.because(why.to_owned())))
}

/// The declaration of a route, within the reach of the route's action.
async fn load(acting: &Acting, id: &str) -> Result<DeclarationRow> {
    let id: SubmissionId = id.parse().map_err(|_| Error::NotFound)?;
    store::declaration(acting.store().read(), &acting.reach, id).await
}

/// The crumbs of a page below a declaration.
fn crumbs(row: &DeclarationRow) -> Vec<(String, String)> {
    vec![
        ("申报件".to_owned(), "/declarations".to_owned()),
        (row.name.clone(), format!("/declarations/{}", row.id)),
    ]
}

/// An act page below a declaration.
fn act_page(acting: &Acting, row: &DeclarationRow, title: &str, button: &str) -> super::act_page::ActPage {
    let crumbs = crumbs(row);
    let crumbs: Vec<_> = crumbs.iter().map(|(words, href)| (words.as_str(), href.as_str())).collect();
    super::act_page::ActPage::new(acting, &crumbs, title, button, &format!("/declarations/{}", row.id))
}
