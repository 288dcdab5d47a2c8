//! The demo's role cards: one click signs in, grouped by level.

use super::store;
use crate::app::App;
use domain::role::Role;
use kit::{Error, Result};

/// The cards of one level.
pub struct Group {
    pub title: &'static str,
    pub cards: Vec<Card>,
}

pub struct Card {
    pub grant: String,
    pub person: String,
    pub organisation: String,
    pub role: &'static str,
    pub shows: &'static str,
}

const LEVELS: [&str; 6] = ["镇（平台）", "县（市、区）", "设区市", "省", "审计与专家", "系统管理"];

/// All cards, by level; none outside the demo.
pub async fn groups(app: &App) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = LEVELS.iter().map(|title| Group { title, cards: Vec::new() }).collect();
    if !app.settings().demo {
        return Ok(Vec::new());
    }
    let rows = store::cards(app.store().read()).await?;
    let with_card = rows.into_iter().filter(|(_, login, ..)| crate::demo::has_card(login));
    for (grant, _, person, organisation, role) in with_card {
        let role: Role = role.parse().map_err(Error::Internal)?;
        let (level, shows) = place_of(role);
        groups[level].cards.push(Card { grant, person, organisation, role: role.words(), shows });
    }
    groups.retain(|group| !group.cards.is_empty());
    Ok(groups)
}

/// The level of a role, and what its card lets one see.
fn place_of(role: Role) -> (usize, &'static str) {
    match role {
        Role::Clerk => (0, "填写申报书，查看退回的问题"),
        Role::TownHead => (0, "复核并报送申报书"),
        Role::CountyReviewer => (1, "审核各镇申报材料"),
        Role::CountyApprover => (1, "审定并报送设区市"),
        Role::CityBureau => (2, "三部门会签申报件"),
        Role::CityApprover => (2, "审定推荐顺序并上报"),
        Role::Department => (3, "查阅全省申报情况"),
        Role::Office => (3, "发通知、受理、催办、拟名单"),
        Role::OfficeApprover => (3, "审定并公布名单"),
        Role::Expert => (4, "评审分配的申报件"),
        Role::Auditor => (4, "只读查阅，追溯记录"),
        Role::SystemAdmin => (5, "开通账号，申请授权"),
        Role::SecurityAdmin => (5, "审批授权与账号重置"),
        Role::AuditAdmin => (5, "查看并校验操作日志"),
        Role::Public => (5, ""),
    }
}
