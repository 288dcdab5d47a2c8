//! Judgement by totals alone, for runs of many draws: no floor on a node, no quota by attribute and no
//! tie-break decides. It gives what [`Judge`] gives, from whole keys and without reasons.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Judge;

/// What decides where only totals do.
pub(crate) struct Simple {
    pub(crate) bars: Vec<SimpleBar>,
    /// Grade by veto of each town.
    pub(crate) vetoes: Vec<Option<u8>>,
    /// Towns a veto keeps out of the selection.
    pub(crate) vetoed: Vec<bool>,
    /// Places of the selection.
    pub(crate) places: Option<usize>,
    /// Grades that may be selected; `None`: all, and towns without a grade.
    pub(crate) allowed: Option<Vec<bool>>,
}

/// What a grade asks of the total.
pub(crate) struct SimpleBar {
    /// Least total, in steps of the comparison grid above the bottom of the scale.
    pub(crate) at_least: Option<i64>,
    share: Option<Decimal>,
}

impl SimpleBar {
    /// Most towns of `assessed` that may have the grade.
    pub(crate) fn quota(&self, assessed: usize) -> Option<usize> {
        let share = self.share?;
        Some((share * Decimal::from(assessed)).floor().to_usize().unwrap_or(0))
    }
}

impl Judge<'_> {
    /// The same rules for totals alone, where they need no more.
    pub(crate) fn simple(&self) -> Option<Simple> {
        let select = self.plan.select.as_ref();
        let by_totals = self.grades.iter().all(|bar| bar.floors.is_empty())
            && self.floors.is_empty()
            && self.grade_breaks.is_empty()
            && self.select_breaks.is_empty()
            && select.is_none_or(|rules| rules.quotas.is_empty());
        if !by_totals {
            return None;
        }
        let bars = self.grades.iter();
        let towns = 0..self.vetoed.len();
        let allowed = select.filter(|rules| !rules.grades.is_empty()).map(|rules| {
            let grades = self.plan.grades.grades.iter();
            grades.map(|grade| rules.grades.contains(&grade.code)).collect()
        });
        Some(Simple {
            bars: bars.map(|bar| SimpleBar { at_least: bar.at_least, share: bar.share }).collect(),
            vetoes: towns.map(|town| self.grade_by_veto(town)).collect(),
            vetoed: self.vetoed.iter().map(|vetoes| !vetoes.is_empty()).collect(),
            places: select.map(|rules| rules.count),
            allowed,
        })
    }

    fn grade_by_veto(&self, town: usize) -> Option<u8> {
        if self.grades.is_empty() {
            return None;
        }
        self.veto_grade(town).map(|grade| grade as u8)
    }
}
