//! Coverage thresholds: towns and indicators with too few figures are out.

use crate::error::{Notice, NoticeCode};
use crate::figures::Figures;
use crate::plan::{Node, Screen};
use crate::table::TownId;

/// A leaf that may be screened, with its share of the total weight.
pub(super) struct Candidate<'a> {
    pub(super) node: &'a Node,
    pub(super) share: f64,
    pub(super) figures: Figures,
}

/// Leaves kept and towns assessed.
pub(super) fn screen(
    screen: Option<&Screen>,
    towns: &[TownId],
    candidates: &[Candidate<'_>],
    notices: &mut Vec<Notice>,
) -> (Vec<bool>, Vec<bool>) {
    let mut kept = vec![true; candidates.len()];
    let mut assessed = vec![true; towns.len()];
    let Some(screen) = screen else {
        return (kept, assessed);
    };
    for (candidate, kept) in candidates.iter().zip(&mut kept) {
        let known = candidate.figures.values.iter().filter(|x| !x.is_nan()).count();
        *kept = known as f64 >= screen.leaf_coverage * towns.len() as f64;
        if !*kept {
            let message = format!("只有 {known} 个城镇有数据，低于覆盖要求，该指标不参加考核");
            notices.push(Notice::node(NoticeCode::ScreenedOut, &candidate.node.code, message));
        }
    }
    for (i, assessed) in assessed.iter_mut().enumerate() {
        let (mut known, mut all) = (0.0, 0.0);
        for (candidate, _) in candidates.iter().zip(&kept).filter(|(_, kept)| **kept) {
            let share = if screen.weighted { candidate.share } else { 1.0 };
            all += share;
            if !candidate.figures.values[i].is_nan() {
                known += share;
            }
        }
        *assessed = known >= screen.town_coverage * all * (1.0 - 1e-12);
        if !*assessed {
            notices.push(Notice {
                code: NoticeCode::ScreenedOut,
                town: Some(towns[i].0.clone()),
                node: None,
                message: "数据覆盖率低于要求，该城镇不参加考核".to_owned(),
            });
        }
    }
    (kept, assessed)
}
