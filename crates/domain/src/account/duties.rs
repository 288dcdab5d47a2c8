//! Separation of duties: which roles one person may hold, and who may grant them.

use crate::id::{OrganisationId, PersonId};
use crate::problem::Refusal;
use crate::role::Role;

/// A role a person holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// The organisation it is held in.
    pub organisation: OrganisationId,
}

/// Why a person may not be given one more role; `None` where he may.
pub fn grant_refusal(held: &[Held], new: &Held) -> Option<Refusal> {
    if held.contains(new) {
        let says = format!("该人员在本单位已是{}。", new.role.words());
        return Some(Refusal::by_conduct("already_held", says, "无需重复授予。"));
    }
    held.iter().find_map(|old| exclusive(old, new))
}

fn exclusive(old: &Held, new: &Held) -> Option<Refusal> {
    let (a, b) = (old.role, new.role);
    let refuse = |code: &str, says: String, remedy: &str| Some(Refusal::by_conduct(code, says, remedy));
    let pair = format!("“{}”与“{}”", a.words(), b.words());
    if a.is_administrator() && b.is_administrator() {
        if a == b {
            return None;
        }
        return refuse("administrators", format!("{pair}不能由同一人担任。"), "三员应由三人分别担任。");
    }
    if a.is_administrator() || b.is_administrator() {
        return refuse(
            "administrator_and_business",
            format!("{pair}不能由同一人担任。"),
            "管理员不得兼任业务角色，请收回其中一项或另择人选。",
        );
    }
    if (a == Role::Auditor) != (b == Role::Auditor) {
        return refuse(
            "auditor_and_writer",
            format!("{pair}不能由同一人担任。"),
            "审计人员只读不写，请另择人选。",
        );
    }
    if (a == Role::Expert) != (b == Role::Expert) {
        return refuse(
            "expert_and_official",
            format!("{pair}不能由同一人担任。"),
            "专家不得兼任申报、审核和审定角色，请另择人选。",
        );
    }
    if old.organisation == new.organisation && fills_and_approves(a, b) {
        return refuse(
            "filler_and_approver",
            format!("同一单位的{pair}不能由同一人担任。"),
            "填报、审核与审定应由不同人员承担。",
        );
    }
    None
}

/// Filler ≠ approver within one organisation.
fn fills_and_approves(a: Role, b: Role) -> bool {
    let pairs = [
        (Role::Clerk, Role::TownHead),
        (Role::CountyReviewer, Role::CountyApprover),
        (Role::Office, Role::OfficeApprover),
    ];
    pairs.contains(&(a, b)) || pairs.contains(&(b, a))
}

/// A grant is asked for by the system administrator and approved by the security administrator.
pub fn approve_grant(
    (asked_by, asked_as): (PersonId, Role),
    (approved_by, approved_as): (PersonId, Role),
    holder: PersonId,
) -> Result<(), Refusal> {
    let refuse = |code: &str, says: &str, remedy: &str| Err(Refusal::by_conduct(code, says, remedy));
    if asked_as != Role::SystemAdmin {
        return refuse("grant_asker", "授权应由系统管理员提出。", "请由系统管理员办理。");
    }
    if approved_as != Role::SecurityAdmin {
        return refuse("grant_approver", "授权应由安全管理员批准。", "请由安全管理员办理。");
    }
    if asked_by == approved_by {
        return refuse("same_person", "提出人不能批准自己提出的授权。", "请由另一位安全管理员批准。");
    }
    if holder == approved_by || holder == asked_by {
        return refuse("own_grant", "不能给自己授权。", "请由其他管理员办理。");
    }
    Ok(())
}
