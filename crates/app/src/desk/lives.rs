//! The life lines of the towns within reach: some on the desk, all on a page of their own.

use super::pages::minutes;
use super::store::{self, LifeRow};
use crate::web::{Acting, page};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::role::Role;
use domain::stage::{DeclarationStage, LIFE_LINE};
use kit::Result;
use kit::page::{Empty, Frame, LifeLine, Pager, Step, StepState};
use serde::Deserialize;

/// A town's line, who has its declaration now, and where to read more.
pub struct Life {
    pub name: String,
    pub href: String,
    pub batch: String,
    pub line: LifeLine,
    /// 现由浮梁县政府办理，2018-04-20 09:00起，电话0798-…; nothing at the end of its way.
    pub holder: String,
}

/// The lines on a desk; more of them stand on a page of their own.
const ON_DESK: usize = 12;
const A_PAGE: usize = 50;

/// The lines on the desk of somebody who looks after towns.
#[derive(Default)]
pub struct OnDesk {
    pub heading: &'static str,
    pub lives: Vec<Life>,
    pub has_more: bool,
}

#[derive(Template)]
#[template(path = "desk/towns.html")]
struct LivesPage {
    page: Frame,
    lives: Vec<Life>,
    pager: Pager,
    empty: Empty,
}

/// Where the page begins: behind a county and a declaration, `360222.ID`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    after: String,
}

/// Nothing for the province's roles, who have the board.
pub async fn on_desk(acting: &Acting) -> Result<OnDesk> {
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
        | Role::Public => return Ok(OnDesk::default()),
    };
    let Some(reach) = acting.reach_in("declaration.read") else { return Ok(OnDesk::default()) };
    let mut rows = store::lives(acting.store().read(), &reach, ("", ""), ON_DESK as i64 + 1).await?;
    let has_more = rows.len() > ON_DESK;
    rows.truncate(ON_DESK);
    Ok(OnDesk { heading, lives: rows.into_iter().map(life).collect(), has_more })
}

/// All of them, page by page.
pub async fn show(acting: Acting, Query(ask): Query<Ask>) -> Result<Response> {
    let read = || acting.store().read();
    let after = ask.after.split_once('.').unwrap_or_default();
    let mut rows = store::lives(read(), &acting.reach, after, A_PAGE as i64 + 1).await?;
    let has_more = rows.len() > A_PAGE;
    rows.truncate(A_PAGE);
    let first = (!ask.after.is_empty()).then(|| "/desk/towns".to_owned());
    let next = rows.last().filter(|_| has_more);
    let next = next.map(|last| format!("/desk/towns?after={}.{}", last.county_code, last.id));
    let count = store::count_lives(read(), &acting.reach).await?;
    page(&LivesPage {
        page: acting.frame_under(&[("我的待办", "/desk")], "小镇进度"),
        lives: rows.into_iter().map(life).collect(),
        pager: Pager::new(count, first, next),
        empty: Empty::new("还没有申报过的小镇。").leading_to("查看申报件", "/declarations"),
    })
}

fn life(row: LifeRow) -> Life {
    let stage = row.stage.parse::<DeclarationStage>().ok();
    let before = row.came_from.parse().ok();
    Life {
        href: format!("/declarations/{}", row.id),
        line: LifeLine::new("", stage.map_or_else(Vec::new, |stage| steps(stage, before))),
        holder: holder(&row),
        name: row.name,
        batch: row.batch_title,
    }
}

fn holder(row: &LifeRow) -> String {
    let Some(holder) = &row.holder else { return String::new() };
    let others = if row.holders > 1 { format!("等{}家单位", row.holders) } else { String::new() };
    let since = row.since_ms.map(minutes).unwrap_or_default();
    let phone = row.phone.as_deref().filter(|phone| !phone.is_empty());
    let phone = phone.map_or_else(String::new, |phone| format!("，电话 {phone}"));
    format!("现由{holder}{others}办理，{since}起{phone}")
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
