//! Grades and selection of one draw from the keys of its totals.

use super::keyed::KeyMap;
use super::tally::NO_GRADE;
use crate::decide::Simple;
use crate::result::Outcome as Selected;

/// Grades and selection of one draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    /// Position of the grade, [`NO_GRADE`] where there is none.
    pub(crate) grades: Vec<u8>,
    pub(crate) selected: Vec<bool>,
    /// Whether towns tie at the cut of the selection.
    pub(crate) tied: bool,
}

impl Verdict {
    pub(crate) fn new(towns: usize) -> Verdict {
        Verdict { grades: vec![NO_GRADE; towns], selected: vec![false; towns], tied: false }
    }
}

impl Verdict {
    /// Takes over what the full rules decided.
    pub(crate) fn take(&mut self, grades: &[Option<u8>], outcomes: &[Selected]) {
        let positions = grades.iter().map(|grade| grade.unwrap_or(NO_GRADE));
        self.grades.iter_mut().zip(positions).for_each(|(grade, new)| *grade = new);
        let towns = self.selected.iter_mut().zip(outcomes);
        towns.for_each(|(selected, outcome)| *selected = *outcome == Selected::Selected);
        self.tied = outcomes.contains(&Selected::Tied);
    }
}

/// Judges draws by their totals alone.
pub(crate) struct Verdicts<'a> {
    rules: &'a Simple,
    /// Whether ranks alone decide once every town is assessed.
    by_rank: bool,
    keys: Vec<u32>,
    eligible: Vec<bool>,
}

/// What a draw made of the totals.
#[derive(Clone, Copy)]
pub(crate) struct Totals<'a> {
    pub(crate) keys: &'a [u32],
    pub(crate) map: &'a KeyMap,
    /// Ranks from 0.
    pub(crate) ranks: &'a [u32],
    pub(crate) assessed: &'a [bool],
    /// Whether all towns are assessed.
    pub(crate) all: bool,
}

/// The least key inside a cut, and whether towns tie at it so that none of them is inside.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Edge {
    least: u64,
    tied: bool,
}

impl<'a> Verdicts<'a> {
    pub(crate) fn new(rules: &'a Simple) -> Verdicts<'a> {
        let by_rank = rules.bars.is_empty() && !rules.vetoed.contains(&true) && rules.allowed.is_none();
        Verdicts { rules, by_rank, keys: Vec::new(), eligible: Vec::new() }
    }

    /// Judges one draw.
    #[inline(always)]
    pub(crate) fn judge(&mut self, totals: &Totals<'_>, verdict: &mut Verdict) {
        if !self.rules.bars.is_empty() {
            self.grade(totals.keys, totals.map, totals.assessed, &mut verdict.grades);
        }
        verdict.tied = false;
        if self.by_rank && totals.all {
            let places = self.rules.places.map(|places| (places, &mut verdict.selected));
            verdict.tied =
                places.is_some_and(|(places, selected)| select_by_rank(totals.ranks, places, selected));
        } else if let Some(places) = self.rules.places {
            verdict.tied = self.select(totals, places, verdict);
        }
    }

    fn grade(&mut self, keys: &[u32], map: &KeyMap, assessed: &[bool], grades: &mut [u8]) {
        let rules = self.rules;
        let count = assessed.iter().filter(|assessed| **assessed).count();
        self.eligible.clear();
        self.eligible
            .extend(assessed.iter().zip(&rules.vetoes).map(|(in_it, veto)| *in_it && veto.is_none()));
        for (grade, veto) in grades.iter_mut().zip(&rules.vetoes) {
            *grade = veto.unwrap_or(NO_GRADE);
        }
        for (position, bar) in rules.bars.iter().enumerate() {
            let cut = bar.at_least.map_or(0, |steps| u64::from(map.cut(steps)));
            let edge = bar.quota(count).map_or(0, |quota| self.edge(keys, quota).least);
            let least = cut.max(edge);
            for ((grade, &key), eligible) in grades.iter_mut().zip(keys).zip(&self.eligible) {
                if *eligible && *grade == NO_GRADE && u64::from(key) >= least {
                    *grade = position as u8;
                }
            }
        }
    }

    fn select(&mut self, totals: &Totals<'_>, places: usize, verdict: &mut Verdict) -> bool {
        let rules = self.rules;
        let Totals { keys, assessed, .. } = *totals;
        let allowed = |grade: u8| match &rules.allowed {
            Some(allowed) => allowed.get(usize::from(grade)).copied().unwrap_or(false),
            None => true,
        };
        self.eligible.clear();
        let towns = assessed.iter().zip(&rules.vetoed).zip(&verdict.grades);
        self.eligible
            .extend(towns.map(|((assessed, vetoed), &grade)| *assessed && !vetoed && allowed(grade)));
        let edge = self.edge(keys, places);
        for ((selected, &key), eligible) in verdict.selected.iter_mut().zip(keys).zip(&self.eligible) {
            *selected = *eligible & (u64::from(key) >= edge.least);
        }
        edge.tied
    }

    /// Where the best `places` of the eligible end; a group of equals that does not fit is outside.
    fn edge(&mut self, keys: &[u32], places: usize) -> Edge {
        self.keys.clear();
        let eligible = keys.iter().zip(&self.eligible).filter(|(_, eligible)| **eligible);
        self.keys.extend(eligible.map(|(&key, _)| key));
        if places >= self.keys.len() {
            return Edge { least: 0, tied: false };
        }
        if places == 0 {
            return Edge { least: u64::MAX, tied: false };
        }
        let (before, &mut last, after) =
            self.keys.select_nth_unstable_by(places - 1, |one, other| other.cmp(one));
        let fits = !after.contains(&last);
        debug_assert!(before.iter().all(|key| *key >= last));
        Edge { least: u64::from(last) + u64::from(!fits), tied: !fits }
    }
}

/// Selects by competition ranks; the towns that tie at the cut are outside. Says whether some do.
#[inline(always)]
fn select_by_rank(ranks: &[u32], places: usize, selected: &mut [bool]) -> bool {
    let places = places.min(u32::MAX as usize) as u32;
    let inside = ranks.iter().fold(0, |count, &rank| count + u32::from(rank < places));
    let tied = inside > places;
    let last = || ranks.iter().filter(|rank| **rank < places).max().copied();
    let cut = if tied { last().unwrap_or(places) } else { places };
    for (selected, &rank) in selected.iter_mut().zip(ranks) {
        *selected = rank < cut;
    }
    tied
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(places: usize, vetoed: &[bool]) -> Simple {
        Simple {
            bars: Vec::new(),
            vetoes: vec![None; vetoed.len()],
            vetoed: vetoed.to_vec(),
            places: Some(places),
            allowed: None,
        }
    }

    fn selected(keys: &[u32], places: usize, vetoed: &[bool]) -> (Vec<bool>, bool) {
        let rules = rules(places, vetoed);
        let mut verdict = Verdict::new(keys.len());
        let ranks: Vec<u32> =
            keys.iter().map(|key| keys.iter().filter(|other| *other > key).count() as u32).collect();
        let assessed = vec![true; keys.len()];
        let map = KeyMap::Offset(0);
        let totals = Totals { keys, map: &map, ranks: &ranks, assessed: &assessed, all: true };
        Verdicts::new(&rules).judge(&totals, &mut verdict);
        (verdict.selected, verdict.tied)
    }

    #[test]
    fn the_best_are_selected_and_a_tie_at_the_cut_is_left_open() {
        let no = [false; 4];
        assert_eq!(selected(&[9, 7, 5, 3], 2, &no), (vec![true, true, false, false], false));
        assert_eq!(selected(&[9, 7, 7, 3], 2, &no), (vec![true, false, false, false], true));
        assert_eq!(selected(&[7, 7, 7, 7], 3, &no), (vec![false; 4], true));
        assert_eq!(selected(&[7, 7, 3, 2], 2, &no), (vec![true, true, false, false], false));
        assert_eq!(selected(&[1, 2, 3, 4], 9, &no), (vec![true; 4], false));
    }

    #[test]
    fn a_vetoed_town_leaves_its_place_to_the_next() {
        let vetoed = [true, false, false, false];
        assert_eq!(selected(&[9, 7, 5, 3], 2, &vetoed), (vec![false, true, true, false], false));
        assert_eq!(selected(&[9, 7, 5, 5], 2, &vetoed), (vec![false, true, false, false], true));
    }
}
