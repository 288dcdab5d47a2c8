//! The life lines of the towns within reach.

use super::store::{self, LifeRow};
use crate::web::Acting;
use domain::role::Role;
use domain::stage::{DeclarationStage, LIFE_LINE};
use kit::Result;
use kit::page::{LifeLine, Step, StepState};

/// A town's line, and where to read more.
pub struct Life {
    pub name: String,
    pub href: String,
    pub batch: String,
    pub line: LifeLine,
}

/// More lines than this belong on the list of declarations.
const MOST: i64 = 12;

/// The heading and the lines for those who look after towns; nothing for the province's roles,
/// who have the board.
pub async fn lives(acting: &Acting) -> Result<(&'static str, Vec<Life>)> {
    let heading = match acting.actor.role {
        Role::Clerk | Role::TownHead => "本镇进度",
        Role::CountyReviewer | Role::CountyApprover => "我县小镇进度",
        Role::CityBureau | Role::CityApprover => "我市小镇进度",
        Role::Department
        | Role::Office
        | Role::OfficeApprover
        | Role::Expert
        | Role::Auditor
        | Role::SystemAdmin
        | Role::SecurityAdmin
        | Role::AuditAdmin
        | Role::Public => return Ok(("", Vec::new())),
    };
    let Some(reach) = acting.reach_in("declaration.read") else { return Ok((heading, Vec::new())) };
    let rows = store::lives(acting.store().read(), &reach, MOST).await?;
    Ok((heading, rows.into_iter().map(life).collect()))
}

fn life(row: LifeRow) -> Life {
    let stage = row.stage.parse::<DeclarationStage>().ok();
    Life {
        href: format!("/declarations/{}", row.id),
        line: LifeLine::new(
            "",
            stage.map_or_else(Vec::new, |stage| steps(stage, row.came_from.parse().ok())),
        ),
        name: row.name,
        batch: row.batch_title,
    }
}

fn steps(stage: DeclarationStage, before: Option<DeclarationStage>) -> Vec<Step> {
    let ended = matches!(stage, DeclarationStage::NotSelected | DeclarationStage::Withdrawn);
    let at = stage.step_after(before);
    let of = |(index, words): (usize, &&str)| match index {
        index if index < at => Step::new(*words, StepState::Done, ""),
        index if index == at => Step::new(*words, StepState::Current, stage.words()),
        _ if ended => Step::new(*words, StepState::Skipped, ""),
        _ => Step::new(*words, StepState::Coming, ""),
    };
    LIFE_LINE.iter().enumerate().map(of).collect()
}
