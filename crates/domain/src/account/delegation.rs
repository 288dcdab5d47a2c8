//! A role lent for some days: 李某 代 王某.

use crate::day::Day;
use crate::id::PersonId;
use crate::pack::Pack;
use crate::problem::Refusal;
use crate::role::Role;

/// A role lent from one person to another, first and last day included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Who lends.
    pub from: PersonId,
    /// Who acts instead.
    pub to: PersonId,
    /// The role.
    pub role: Role,
    /// The first day.
    pub first: Day,
    /// The last day, until 24:00.
    pub last: Day,
}

/// Whether a delegation may be made: an approver's role, not one's own borrowed one, not for long.
pub fn delegate(delegation: &Delegation, is_borrowed: bool, pack: &Pack, today: Day) -> Result<(), Refusal> {
    let refuse = |code: &str, says: String, remedy: &str| Err(Refusal::by_conduct(code, says, remedy));
    let Delegation { from, to, role, first, last } = delegation;
    if from == to {
        return refuse("to_oneself", "不能委托给自己。".to_owned(), "请选择另一位人员。");
    }
    if !role.is_approver() || role.is_administrator() {
        let says = format!("“{}”不能委托。", role.words());
        return refuse(
            "not_delegable",
            says,
            "只有负责人、审定人、会签人可以委托；其他角色请由管理员另行授权。",
        );
    }
    if is_borrowed {
        let says = "受托的权限不能再委托。".to_owned();
        return refuse("borrowed", says, "请由本人重新委托。");
    }
    if first > last || *last < today {
        let says = "委托的起止日期不对。".to_owned();
        return refuse("dates", says, "请使起日不晚于止日，止日不早于今天。");
    }
    let most = pack.count("security.delegation_days_max", today)?;
    if i64::from(first.days_until(*last)) + 1 > most {
        let says = format!("一次委托不能超过 {most} 天。");
        return refuse("too_long", says, "请缩短委托期限，到期后可再次委托。");
    }
    Ok(())
}
