//! The demo's role cards: one click signs in, grouped by level.

use super::store;
use crate::app::App;
use domain::id::GrantId;
use domain::role::Role;
use kit::{Error, Result};

/// The cards of one level.
pub struct Group {
    pub title: &'static str,
    pub cards: Vec<Card>,
}

#[derive(Clone)]
pub struct Card {
    pub grant: String,
    pub person: String,
    pub organisation: String,
    pub role: &'static str,
    pub shows: &'static str,
    /// How many to-dos wait on this desk.
    pub todos: i64,
}

/// The tour comes first, then the levels.
const LEVELS: [&str; 7] =
    ["五步看懂：从申报到名单", "镇（平台）", "县（市、区）", "设区市", "省", "审计与专家", "系统管理"];

/// Who shows the way of a declaration, and what to look at on his desk.
const TOUR: [(&str, &str); 5] = [
    ("chaxiang_clerk", "一、申报：接着填一份申报书，填了什么自动保存，错在哪里当场指出"),
    ("fuliang_reviewer", "二、审核：左边看内容和变化，右边写意见，或逐项退回补正"),
    ("jdz_construction", "三、会签：三个部门签同一份内容，再按推荐顺序编制上报清单"),
    ("office", "四、统筹：在“办理进度”看各市应报、已报、退回、逾期，受理和拟列入"),
    ("auditor", "五、溯源：从名单一步步回到申报、会签和日志，当场校验记录"),
];

/// All cards, by level; none outside the demo.
pub async fn groups(app: &App) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = LEVELS.iter().map(|title| Group { title, cards: Vec::new() }).collect();
    if !app.settings().demo {
        return Ok(Vec::new());
    }
    let mut tour: Vec<(usize, Card)> = Vec::new();
    let rows = store::cards(app.store().read()).await?;
    let with_card = rows.into_iter().filter(|row| crate::demo::has_card(&row.login));
    for row in with_card {
        let role: Role = row.role.parse().map_err(Error::Internal)?;
        let (level, shows) = place_of(role);
        let card = Card {
            grant: row.grant_id,
            person: row.person,
            organisation: row.organisation,
            role: role.words(),
            shows,
            todos: row.todos,
        };
        if let Some(at) = TOUR.iter().position(|(login, _)| *login == row.login) {
            tour.push((at, Card { shows: TOUR[at].1, ..card.clone() }));
        }
        groups[level].cards.push(card);
    }
    tour.sort_by_key(|(at, _)| *at);
    groups[0].cards = tour.into_iter().map(|(_, card)| card).collect();
    groups.retain(|group| !group.cards.is_empty());
    Ok(groups)
}

/// Where the person behind a card begins.
pub async fn first_page_of(app: &App, grant: GrantId) -> Result<&'static str> {
    let rows = store::cards(app.store().read()).await?;
    match rows.into_iter().find(|row| row.grant_id == grant.to_string()) {
        Some(row) => Ok(first_page(row.role.parse().map_err(Error::Internal)?)),
        None => Ok(""),
    }
}

/// Where a role that mostly owes nothing begins.
fn first_page(role: Role) -> &'static str {
    match role {
        Role::Auditor => "/lists",
        Role::AuditAdmin => "/log",
        Role::SystemAdmin => "/people",
        Role::SecurityAdmin => "/grants",
        Role::Department => "/board",
        Role::Clerk
        | Role::TownHead
        | Role::CountyReviewer
        | Role::CountyApprover
        | Role::CityBureau
        | Role::CityApprover
        | Role::Office
        | Role::OfficeApprover
        | Role::Expert
        | Role::Public => "",
    }
}

/// The level of a role, and what its card lets one see.
fn place_of(role: Role) -> (usize, &'static str) {
    match role {
        Role::Clerk => (1, "填写申报书，查看退回的问题"),
        Role::TownHead => (1, "复核并报送申报书"),
        Role::CountyReviewer => (2, "审核各镇申报材料"),
        Role::CountyApprover => (2, "审定并报送设区市"),
        Role::CityBureau => (3, "三部门会签申报件"),
        Role::CityApprover => (3, "审定推荐顺序并上报"),
        Role::Department => (4, "查阅全省申报情况"),
        Role::Office => (4, "发通知、受理、催办、拟名单"),
        Role::OfficeApprover => (4, "审定并公布名单"),
        Role::Expert => (5, "评审分配的申报件"),
        Role::Auditor => (5, "只读查阅，追溯记录"),
        Role::SystemAdmin => (6, "开通账号，申请授权"),
        Role::SecurityAdmin => (6, "审批授权与账号重置"),
        Role::AuditAdmin => (6, "查看并校验操作日志"),
        Role::Public => (6, ""),
    }
}
