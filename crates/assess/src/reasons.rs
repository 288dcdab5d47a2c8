//! Chinese reasons for grades and places.

use rust_decimal::Decimal;

use crate::decide::{Graded, PlaceReason, Placed, Why};
use crate::error::{Notice, NoticeCode};
use crate::plan::{Grade, Plan, Veto};
use crate::result::{GradeResult, Outcome, Selection, SelectionResult};
use crate::table::Table;

fn name(grade: &Grade) -> &str {
    if grade.name.is_empty() { &grade.code } else { &grade.name }
}

/// Grade of one town with its reason.
pub(crate) fn grade(plan: &Plan, graded: &Graded, vetoes: &[&Veto], score: Option<Decimal>) -> GradeResult {
    let grades = &plan.grades.grades;
    let shown = score.map_or_else(|| "无得分".to_owned(), |s| s.normalize().to_string());
    let own = graded.grade.map_or("未评定", |k| name(&grades[k]));
    let reason = match graded.why {
        Why::NotAssessed if grades.is_empty() => "方案未设等次".to_owned(),
        Why::NotAssessed => "没有总分，未评定".to_owned(),
        Why::Veto => {
            let list: Vec<&str> = vetoes.iter().map(|veto| veto.reason.as_str()).collect();
            format!("一票否决：{}；定为{own}", list.join("、"))
        }
        Why::Passes => passes(&grades[graded.grade.unwrap_or(0)], &shown),
        Why::Rest => format!("总分 {shown}，未达到更高等次的条件，为{own}"),
        Why::OutsideQuota(k, quota) => {
            let better = name(&grades[k]);
            format!("总分 {shown}，达到{better}的分数，但{better}名额 {quota} 个已满，为{own}")
        }
        Why::TiedAtQuota(k, quota) => {
            let better = name(&grades[k]);
            format!("总分 {shown}，在{better}名额 {quota} 个的边界上并列，请人工决定；暂为{own}")
        }
    };
    GradeResult {
        grade: graded.grade.map(|k| grades[k].code.clone()),
        score,
        vetoes: vetoes.iter().map(|veto| veto.code.clone()).collect(),
        undecided: graded.undecided,
        reason,
    }
}

fn passes(grade: &Grade, shown: &str) -> String {
    let mut parts = Vec::new();
    if let Some(cut) = grade.at_least {
        parts.push(format!("不低于 {}", cut.normalize()));
    }
    if let Some(share) = grade.best_share {
        let percent = share * Decimal::from(100);
        parts.push(format!("在前 {}% 之内", percent.normalize()));
    }
    if !grade.conditions.is_empty() {
        parts.push("满足其他条件".to_owned());
    }
    if parts.is_empty() {
        return format!("总分 {shown}，为{}", name(grade));
    }
    format!("总分 {shown}，{}，为{}", parts.join("，"), name(grade))
}

/// The selection with a reason for each town; `None` without selection rules.
pub(crate) fn selection(plan: &Plan, placed: &Placed, totals: &[f64]) -> Option<Selection> {
    let rules = plan.select.as_ref()?;
    let selected = (0..totals.len()).filter(|i| placed.towns[*i].outcome == Outcome::Selected);
    let cut = selected.map(|i| totals[i]).reduce(f64::min);
    let towns = placed
        .towns
        .iter()
        .map(|town| SelectionResult { outcome: town.outcome, reason: place_reason(town.reason).to_owned() })
        .collect();
    Some(Selection { count: rules.count, towns, open_places: placed.open_places, cut })
}

fn place_reason(reason: PlaceReason) -> &'static str {
    match reason {
        PlaceReason::ByScore => "按得分入选",
        PlaceReason::Reserved => "按保留名额入选",
        PlaceReason::BelowCut => "得分低于入选线",
        PlaceReason::QuotaFull => "所属地区或类型的名额已满",
        PlaceReason::Tied => "在入选线上并列，请人工决定",
        PlaceReason::NotAssessed => "没有总分，不能入选",
        PlaceReason::Vetoed => "被一票否决，不能入选",
        PlaceReason::BelowFloor => "有一项低于最低要求，不能入选",
        PlaceReason::Grade => "等次不符合入选要求",
    }
}

/// Ties left to a person and quotas nobody filled.
pub(crate) fn decision_notices(
    plan: &Plan,
    table: &Table,
    graded: &[Graded],
    placed: Option<&Placed>,
    notices: &mut Vec<Notice>,
) {
    for (town, graded) in table.towns().iter().zip(graded) {
        if let Why::TiedAtQuota(k, _) = graded.why {
            let grade = &plan.grades.grades[k].code;
            let message = "在等次名额的边界上并列，请人工决定";
            notices.push(Notice::town(NoticeCode::TieAtCut, &town.0, grade, message));
        }
    }
    let Some(placed) = placed else { return };
    for (town, place) in table.towns().iter().zip(&placed.towns) {
        if place.outcome == Outcome::Tied {
            let message = "在入选线上并列，请人工决定";
            notices.push(Notice::town(NoticeCode::TieAtCut, &town.0, "select", message));
        }
    }
    for class in &placed.unfilled {
        let message = format!("“{class}”的保留名额没有用足：符合条件的城镇或剩余名额不够，请核对");
        notices.push(Notice::run(NoticeCode::QuotaUnfilled, message));
    }
}
