//! What can be undone before publication: a proposal withdrawn, a public notice put right.

use super::{CONFERENCE, LIST, number};
use crate::day::Day;
use crate::declaration::{Who, need_role};
use crate::document_number::DocumentNumber;
use crate::pack::Pack;
use crate::problem::Refusal;
use crate::reason::reason;
use crate::role::Role;
use crate::stage::{BatchStage, DeclarationStage};

/// A proposal that is to be withdrawn.
#[derive(Clone, Copy, Debug)]
pub struct Taking<'a> {
    /// Where the batch stands.
    pub batch: BatchStage,
    /// Where the declaration stands.
    pub stage: DeclarationStage,
    /// Why.
    pub why: &'a str,
    /// The minutes by which the conference takes its decision back; asked for in the notice alone.
    pub minutes_number: &'a str,
}

/// A proposal that is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// Where the declaration stands now.
    pub stage: DeclarationStage,
    /// The minutes, once the conference had decided.
    pub minutes_number: Option<DocumentNumber>,
    /// Why, trimmed.
    pub why: String,
}

/// 三(三), 四(二): the office takes its proposal back before the conference decides; after that
/// the conference does, by its minutes; after publication nobody does.
pub fn take_back(taking: &Taking<'_>, who: &Who, pack: &Pack, today: Day) -> Result<TakenBack, Refusal> {
    if taking.batch == BatchStage::Published || taking.stage == DeclarationStage::Listed {
        return Err(published("撤回拟列入"));
    }
    let arrow =
        DeclarationStage::moves().iter().find(|arrow| arrow.from == taking.stage && arrow.act == "take_back");
    let Some(arrow) = arrow else {
        let says = format!("申报书当前状态为“{}”，没有可以撤回的拟列入意见。", taking.stage.words());
        return Err(Refusal::by(LIST, "wrong_stage", says, "只有“拟列入”的申报书可以撤回拟列入。"));
    };
    need_role(who, arrow.by)?;
    let minutes_number = match taking.batch {
        BatchStage::OnNotice => Some(by_conference(who, taking.minutes_number)?),
        _ => None,
    };
    let why = reason(taking.why, "撤回理由", pack, today)?;
    Ok(TakenBack { stage: arrow.to, minutes_number, why })
}

fn by_conference(who: &Who, minutes_number: &str) -> Result<DocumentNumber, Refusal> {
    if who.role != Role::OfficeApprover {
        let says = "联席会议已经议定拟列入名单，省办经办人不能撤回。";
        let remedy = "请由省审定人依据会议纪要办理。";
        return Err(Refusal::by(CONFERENCE, "decided", says, remedy));
    }
    number(minutes_number)
}

/// One thing put right in a notice: what stood there, and what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeChange {
    /// The input it comes from.
    pub field: String,
    /// What stood there.
    pub was: String,
    /// What is to stand there.
    pub becomes: String,
}

/// 四(二): before publication the provincial approver puts slips of the pen in the notice right.
pub fn correct_notice(
    batch: BatchStage,
    who: &Who,
    (changes, why): (&[NoticeChange], &str),
    pack: &Pack,
    today: Day,
) -> Result<String, Refusal> {
    need_role(who, &[Role::OfficeApprover])?;
    match batch {
        BatchStage::OnNotice => {}
        BatchStage::Published => return Err(published("更正公示")),
        BatchStage::Draft | BatchStage::Called | BatchStage::Selecting => {
            let says = format!("本批次当前状态为“{}”，还没有公示。", batch.words());
            return Err(Refusal::by(CONFERENCE, "no_notice", says, "登记联席会议决定、开始公示后再更正。"));
        }
    }
    if changes.is_empty() {
        let says = "没有改动任何内容。";
        return Err(Refusal::by(
            CONFERENCE,
            "nothing_changed",
            says,
            "请改正有误的内容后保存，无误的请返回。",
        ));
    }
    reason(why, "更正理由", pack, today)
}

fn published(what: &str) -> Refusal {
    let says = format!("名单已经公布，不能{what}。");
    Refusal::by(CONFERENCE, "published", says, "公布后的名单只能由联席会议以新版本调整。")
}
