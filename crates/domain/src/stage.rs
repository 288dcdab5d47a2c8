//! Stages and the arrows between them, as data. The day is an argument; the clock stays outside.

use crate::role::Role;
use crate::words::words;

words! {
    /// Where a batch stands.
    BatchStage {
        /// Being prepared.
        Draft = "Draft", "草稿";
        /// The call has gone out.
        Called = "Called", "已发通知";
        /// Declarations are being selected.
        Selecting = "Selecting", "评审中";
        /// The proposed list is on public notice.
        OnNotice = "OnNotice", "公示中";
        /// The list is published.
        Published = "Published", "已公布";
    }
}

words! {
    /// Where a declaration stands.
    DeclarationStage {
        /// Being filled in.
        Draft = "Draft", "草稿";
        /// Before the head of the town or platform.
        AtTownHead = "AtTownHead", "镇内复核";
        /// Before the county government.
        AtCounty = "AtCounty", "县审核";
        /// Before the city's three bureaus.
        AtCity = "AtCity", "市会签";
        /// In a city report that has been sent.
        Reported = "Reported", "已上报";
        /// Received by the office.
        Received = "Received", "省受理";
        /// Before the experts.
        UnderReview = "UnderReview", "评审中";
        /// Proposed for the list.
        Proposed = "Proposed", "拟列入";
        /// On the list.
        Listed = "Listed", "已列入";
        /// Not on the list.
        NotSelected = "NotSelected", "未列入";
        /// Sent back with the items at fault.
        Returned = "Returned", "退回";
        /// Taken back by the applicant.
        Withdrawn = "Withdrawn", "撤回";
        /// Held back by an objection.
        Held = "Held", "异议暂缓";
        /// Next in line where a listed town falls out.
        Reserve = "Reserve", "递补";
    }
}

words! {
    /// A place's part in a programme.
    MembershipStage {
        /// Has declared.
        Declared = "Declared", "申报";
        /// On the construction list.
        Listed = "Listed", "建设名单";
        /// Named at the end.
        Named = "Named", "已命名";
        /// On the watch list.
        Watched = "Watched", "观察名单";
        /// Has left.
        Exited = "Exited", "退出";
        /// Struck off.
        Revoked = "Revoked", "撤销";
    }
}

words! {
    /// Where an objection stands.
    ObjectionStage {
        /// Taken in.
        Received = "Received", "已收到";
        /// Being looked into.
        Investigating = "Investigating", "核查中";
        /// Answered.
        Answered = "Answered", "已答复";
        /// Not taken up.
        Declined = "Declined", "不予受理";
    }
}

/// One arrow of a stage graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move<S: 'static> {
    /// The stage it leaves.
    pub from: S,
    /// The act that moves it.
    pub act: &'static str,
    /// The stage it reaches.
    pub to: S,
    /// The roles that may.
    pub by: &'static [Role],
}

macro_rules! moves {
    ($stage:ident: $($from:ident -$act:literal-> $to:ident by $($role:ident)|+;)*) => {
        &[$(Move { from: $stage::$from, act: $act, to: $stage::$to, by: &[$(Role::$role),+] }),*]
    };
}

impl BatchStage {
    /// Every arrow.
    pub fn moves() -> &'static [Move<BatchStage>] {
        moves! { BatchStage:
            Draft -"call"-> Called by OfficeApprover;
            Called -"close"-> Selecting by Office;
            Selecting -"decide"-> OnNotice by OfficeApprover;
            OnNotice -"publish"-> Published by OfficeApprover;
        }
    }
}

impl DeclarationStage {
    /// Every arrow. Acts that leave the stage as it is (review, signing, recommending) are none.
    pub fn moves() -> &'static [Move<DeclarationStage>] {
        moves! { DeclarationStage:
            Draft -"hand_to_town_head"-> AtTownHead by Clerk;
            Returned -"hand_to_town_head"-> AtTownHead by Clerk;
            AtTownHead -"town_head_confirm"-> AtCounty by TownHead;
            AtTownHead -"return"-> Returned by TownHead;
            AtCounty -"county_approve"-> AtCity by CountyApprover;
            AtCounty -"return"-> Returned by CountyReviewer | CountyApprover;
            AtCity -"city_report"-> Reported by CityApprover;
            AtCity -"return"-> Returned by CityBureau | CityApprover;
            Reported -"receive"-> Received by Office;
            Reported -"return"-> Returned by Office;
            Received -"return"-> Returned by Office;
            Received -"begin_review"-> UnderReview by Office;
            Received -"propose"-> Proposed by Office;
            UnderReview -"propose"-> Proposed by Office;
            Draft -"leave_out"-> NotSelected by OfficeApprover;
            Returned -"leave_out"-> NotSelected by OfficeApprover;
            AtTownHead -"leave_out"-> NotSelected by OfficeApprover;
            AtCounty -"leave_out"-> NotSelected by OfficeApprover;
            AtCity -"leave_out"-> NotSelected by OfficeApprover;
            Received -"leave_out"-> NotSelected by OfficeApprover;
            UnderReview -"leave_out"-> NotSelected by OfficeApprover;
            Proposed -"leave_out"-> NotSelected by OfficeApprover;
            UnderReview -"reserve"-> Reserve by OfficeApprover;
            Received -"reserve"-> Reserve by OfficeApprover;
            Proposed -"hold"-> Held by Office | OfficeApprover;
            Held -"release"-> Proposed by Office | OfficeApprover;
            Held -"leave_out"-> NotSelected by OfficeApprover;
            Reserve -"propose"-> Proposed by Office;
            Reserve -"leave_out"-> NotSelected by OfficeApprover;
            Proposed -"publish"-> Listed by OfficeApprover;
            Proposed -"take_back"-> Received by Office | OfficeApprover;
            Draft -"withdraw"-> Withdrawn by Clerk | TownHead;
            Returned -"withdraw"-> Withdrawn by Clerk | TownHead;
            AtTownHead -"withdraw"-> Withdrawn by Clerk | TownHead;
            AtCounty -"withdraw"-> Withdrawn by TownHead;
            AtCity -"withdraw"-> Withdrawn by CountyApprover;
            Reported -"withdraw"-> Withdrawn by CityApprover;
            Withdrawn -"reopen"-> Draft by Clerk;
        }
    }

    /// Whether nothing can happen to it any more.
    pub fn is_final(self) -> bool {
        DeclarationStage::moves().iter().all(|arrow| arrow.from != self)
    }

    /// Whether the town may still change what it says.
    pub fn is_editable(self) -> bool {
        matches!(self, DeclarationStage::Draft | DeclarationStage::Returned)
    }

    /// Who owes the next step; none at the end.
    pub fn owed_by(self) -> &'static [Role] {
        match self {
            DeclarationStage::Draft | DeclarationStage::Returned => &[Role::Clerk],
            DeclarationStage::AtTownHead => &[Role::TownHead],
            DeclarationStage::AtCounty => &[Role::CountyReviewer, Role::CountyApprover],
            DeclarationStage::AtCity => &[Role::CityBureau, Role::CityApprover],
            DeclarationStage::Reported
            | DeclarationStage::Received
            | DeclarationStage::UnderReview
            | DeclarationStage::Held => &[Role::Office],
            DeclarationStage::Proposed | DeclarationStage::Reserve => &[Role::OfficeApprover],
            DeclarationStage::Listed | DeclarationStage::NotSelected | DeclarationStage::Withdrawn => &[],
        }
    }

    /// The step of the life line it stands at, counted from 0.
    pub fn step(self) -> usize {
        match self {
            DeclarationStage::Draft
            | DeclarationStage::AtTownHead
            | DeclarationStage::Returned
            | DeclarationStage::Withdrawn => 0,
            DeclarationStage::AtCounty => 1,
            DeclarationStage::AtCity => 2,
            DeclarationStage::Reported | DeclarationStage::Received => 3,
            DeclarationStage::UnderReview | DeclarationStage::Reserve | DeclarationStage::NotSelected => 4,
            DeclarationStage::Proposed | DeclarationStage::Held => 5,
            DeclarationStage::Listed => 6,
        }
    }
}

impl MembershipStage {
    /// Every arrow.
    pub fn moves() -> &'static [Move<MembershipStage>] {
        moves! { MembershipStage:
            Declared -"publish"-> Listed by OfficeApprover;
            Listed -"watch"-> Watched by OfficeApprover;
            Watched -"recheck_passed"-> Listed by OfficeApprover;
            Watched -"exit"-> Exited by OfficeApprover;
            Listed -"name"-> Named by OfficeApprover;
            Listed -"exit"-> Exited by OfficeApprover;
            Listed -"revoke"-> Revoked by OfficeApprover;
            Watched -"revoke"-> Revoked by OfficeApprover;
            Named -"revoke"-> Revoked by OfficeApprover;
            Exited -"declare"-> Declared by Clerk;
        }
    }
}

impl ObjectionStage {
    /// Every arrow.
    pub fn moves() -> &'static [Move<ObjectionStage>] {
        moves! { ObjectionStage:
            Received -"investigate"-> Investigating by Office;
            Received -"decline"-> Declined by OfficeApprover;
            Investigating -"answer"-> Answered by OfficeApprover;
        }
    }
}

/// The steps of a town's life line, as the page shows them.
pub const LIFE_LINE: [&str; 9] =
    ["申报", "县报送", "市初审", "省受理", "评审", "公示", "建设", "考核", "验收"];

#[cfg(test)]
mod tests {
    use super::{BatchStage, DeclarationStage, LIFE_LINE, MembershipStage, Move, ObjectionStage};
    use std::fmt::Debug;

    /// From the first stage every stage can be reached, and no arrow stands twice.
    fn closed<S: Copy + PartialEq + Debug>(all: &[S], moves: &[Move<S>]) {
        let mut reached = vec![all[0]];
        for _ in all {
            for arrow in moves {
                if reached.contains(&arrow.from) && !reached.contains(&arrow.to) {
                    reached.push(arrow.to);
                }
            }
        }
        for stage in all {
            assert!(reached.contains(stage), "{stage:?} is never reached");
        }
        for (index, arrow) in moves.iter().enumerate() {
            assert!(!arrow.by.is_empty() && arrow.from != arrow.to, "{arrow:?}");
            let twin =
                moves[index + 1..].iter().any(|other| (other.from, other.act) == (arrow.from, arrow.act));
            assert!(!twin, "{arrow:?} stands twice");
        }
    }

    #[test]
    fn every_graph_is_closed() {
        closed(BatchStage::ALL, BatchStage::moves());
        closed(DeclarationStage::ALL, DeclarationStage::moves());
        closed(MembershipStage::ALL, MembershipStage::moves());
        closed(ObjectionStage::ALL, ObjectionStage::moves());
    }

    #[test]
    fn whoever_owes_a_step_can_take_one() {
        for stage in DeclarationStage::ALL {
            assert!(stage.step() < LIFE_LINE.len());
            for role in stage.owed_by() {
                let can = DeclarationStage::moves()
                    .iter()
                    .any(|arrow| arrow.from == *stage && arrow.by.contains(role));
                assert!(can, "{role} owes a step at {stage} and has none");
            }
        }
    }

    #[test]
    fn the_end_is_the_end() {
        assert!(DeclarationStage::Listed.is_final());
        assert!(DeclarationStage::NotSelected.is_final());
        assert!(!DeclarationStage::Withdrawn.is_final(), "a withdrawn declaration may be opened again");
    }
}
