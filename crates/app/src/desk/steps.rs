//! Where each step is done: what stands at a stage and waits for a role leads to this page.

use super::store::StepRow;
use crate::audit::{subject_link, subject_words};
use crate::web::Visit;
use domain::role::Role;
use domain::stage::{BatchStage, DeclarationStage, MembershipStage, ObjectionStage};
use kit::page::{Tag, Tone};

/// A step: the subject's kind, its stage, who owes it, the verb, the address. In the address
/// `{id}` is the subject and `{batch}` its batch.
pub struct Step {
    pub kind: &'static str,
    pub stage: &'static str,
    pub role: Role,
    pub words: &'static str,
    pub href: &'static str,
}

macro_rules! steps {
    ($($kind:literal $stage:literal $role:ident $words:literal $href:literal;)*) => {
        &[$(Step { kind: $kind, stage: $stage, role: Role::$role, words: $words, href: $href }),*]
    };
}

/// Every step that a page exists for. What is not here leads to the subject itself.
pub const STEPS: &[Step] = steps! {
    "declaration" "Draft" Clerk "填写申报书" "/submissions/{id}";
    "declaration" "Returned" Clerk "修改申报书" "/submissions/{id}";
    "declaration" "AtTownHead" TownHead "复核并报送" "/declarations/{id}/confirmation";
    "declaration" "AtCounty" CountyReviewer "审核申报书" "/declarations/{id}/review";
    "declaration" "AtCounty" CountyApprover "审定申报书" "/declarations/{id}/approval";
    "declaration" "AtCity" CityBureau "会签申报书" "/declarations/{id}/signature";
    "declaration" "Reported" Office "受理申报书" "/declarations/{id}/receipt";
    "declaration" "Received" Office "提出拟列入意见" "/selection/declarations/{id}";
    "declaration" "UnderReview" Office "提出拟列入意见" "/selection/declarations/{id}";
    "declaration" "Proposed" OfficeApprover "录入会议决定" "/selection/{batch}/decision";
    "city_report" "Draft" CityBureau "编制上报清单" "/city-reports/{id}/list";
    "city_report" "AtCity" CityBureau "会签上报清单" "/city-reports/{id}/signature";
    "city_report" "AtCity" CityApprover "上报申报件" "/city-reports/{id}/sending";
    "batch" "Draft" OfficeApprover "发出申报通知" "/batches/{id}/call";
    "batch" "Called" Office "结束申报" "/batches/{id}/closing";
    "batch" "Selecting" Office "提出拟列入名单" "/selection/{id}/proposals";
    "batch" "Selecting" OfficeApprover "录入会议决定" "/selection/{id}/decision";
    "batch" "OnNotice" OfficeApprover "公布名单" "/lists/publication/{id}";
};

/// The verb and the address of an open step.
pub fn action(visit: &Visit, row: &StepRow) -> (String, String) {
    let step = STEPS.iter().find(|step| {
        (step.kind, step.stage) == (row.subject_kind.as_str(), row.stage.as_str())
            && row.owing_role.as_deref() == Some(step.role.code())
    });
    if let Some(step) = step {
        let href = step.href.replace("{id}", &row.subject_id).replace("{batch}", &row.batch_id);
        return (step.words.to_owned(), href);
    }
    let kind = subject_words(&row.subject_kind).unwrap_or("事项");
    let href = subject_link(visit, &row.subject_kind, &row.subject_id).unwrap_or_else(|| "/desk".to_owned());
    (format!("查看{kind}"), href)
}

/// The words of a stage, whatever stands at it.
pub fn stage_words(kind: &str, stage: &str) -> &'static str {
    let words = match kind {
        "batch" => stage.parse::<BatchStage>().ok().map(BatchStage::words),
        "membership" => stage.parse::<MembershipStage>().ok().map(MembershipStage::words),
        "objection" => stage.parse::<ObjectionStage>().ok().map(ObjectionStage::words),
        _ => stage.parse::<DeclarationStage>().ok().map(DeclarationStage::words),
    };
    words.unwrap_or("办理中")
}

/// The state of an open step for whoever reads it.
pub fn state(kind: &str, stage: &str) -> Tag {
    let tone = match stage {
        "Returned" => Tone::Bad,
        "Draft" => Tone::Quiet,
        "Listed" | "Published" | "Named" => Tone::Done,
        _ => Tone::Waiting,
    };
    Tag::new(tone, stage_words(kind, stage))
}
