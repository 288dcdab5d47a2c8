//! Selection of the top K under quotas and floors. Towns that nothing stated tells apart
//! and that do not all fit are left to a person.

use super::Judge;
use crate::plan::{Quota, SelectRules};
use crate::result::Outcome;

/// Outcome of the selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) towns: Vec<PlacedTown>,
    pub(crate) open_places: usize,
    /// Values of quotas whose reserved places were not all taken.
    pub(crate) unfilled: Vec<String>,
}

/// Outcome of one town.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlacedTown {
    pub(crate) outcome: Outcome,
    pub(crate) reason: PlaceReason,
}

/// Why a town is where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceReason {
    ByScore,
    /// On a place kept for its quota group.
    Reserved,
    BelowCut,
    /// Its quota group has no place left.
    QuotaFull,
    Tied,
    NotAssessed,
    Vetoed,
    BelowFloor,
    Grade,
}

/// A quota on one set of towns.
struct Class {
    name: String,
    members: Vec<bool>,
    at_least: usize,
    room: usize,
}

struct Hall {
    classes: Vec<Class>,
    left: usize,
    open: usize,
    towns: Vec<PlacedTown>,
    /// Towns already placed or tied.
    done: Vec<bool>,
    unfilled: Vec<String>,
}

impl Judge<'_> {
    /// Places under the plan's selection rules.
    pub(crate) fn place(&self, nodes: &[Vec<f64>], totals: &[f64], grades: &[Option<u8>]) -> Placed {
        let m = totals.len();
        let below = PlacedTown { outcome: Outcome::NotSelected, reason: PlaceReason::BelowCut };
        let mut hall = Hall {
            classes: Vec::new(),
            left: 0,
            open: 0,
            towns: vec![below; m],
            done: vec![false; m],
            unfilled: Vec::new(),
        };
        if let Some(rules) = &self.plan.select {
            hall.left = rules.count;
            hall.classes = rules.quotas.iter().flat_map(|quota| self.classes(quota, m)).collect();
            let eligible = self.eligible(rules, nodes, totals, grades, &mut hall.towns);
            let groups = self.groups(&eligible, nodes, totals, &self.select_breaks);
            hall.reserve(&groups);
            for group in &groups {
                hall.seat(group);
            }
        }
        Placed { towns: hall.towns, open_places: hall.open, unfilled: hall.unfilled }
    }

    fn eligible(
        &self,
        rules: &SelectRules,
        nodes: &[Vec<f64>],
        totals: &[f64],
        grades: &[Option<u8>],
        towns: &mut [PlacedTown],
    ) -> Vec<usize> {
        let allowed = |grade: Option<u8>| {
            rules.grades.is_empty()
                || grade.is_some_and(|k| rules.grades.contains(&self.plan.grades.grades[usize::from(k)].code))
        };
        let mut eligible = Vec::new();
        for i in 0..totals.len() {
            let reason = if totals[i].is_nan() {
                PlaceReason::NotAssessed
            } else if !self.vetoed[i].is_empty() {
                PlaceReason::Vetoed
            } else if !allowed(grades[i]) {
                PlaceReason::Grade
            } else if !self.meets(&self.floors, nodes, i) {
                PlaceReason::BelowFloor
            } else {
                eligible.push(i);
                continue;
            };
            towns[i] = PlacedTown { outcome: Outcome::NotEligible, reason };
        }
        eligible
    }

    fn classes(&self, quota: &Quota, m: usize) -> Vec<Class> {
        let values = self.table.attribute(&quota.attribute).unwrap_or(&[]);
        let mut names: Vec<&str> = match &quota.value {
            Some(value) => vec![value],
            None => values.iter().map(String::as_str).collect(),
        };
        names.sort_unstable();
        names.dedup();
        let class = |name: &str| Class {
            name: name.to_owned(),
            members: (0..m).map(|i| values.get(i).is_some_and(|v| v == name)).collect(),
            at_least: quota.at_least,
            room: quota.at_most.unwrap_or(usize::MAX),
        };
        names.into_iter().map(class).collect()
    }
}

impl Hall {
    /// Fills the places kept for quota groups, best towns first.
    fn reserve(&mut self, groups: &[Vec<usize>]) {
        for c in 0..self.classes.len() {
            let mut wanted = self.classes[c].at_least;
            for group in groups {
                let members: Vec<usize> =
                    group.iter().copied().filter(|i| self.classes[c].members[*i]).collect();
                wanted -= members.iter().filter(|i| self.is_selected(**i)).count().min(wanted);
                let free: Vec<usize> =
                    members.into_iter().filter(|i| !self.done[*i] && self.has_room(*i)).collect();
                if wanted == 0 {
                    break;
                }
                if free.is_empty() {
                    continue;
                }
                let places = wanted.min(self.left);
                if places == 0 {
                    break;
                }
                if free.len() <= places && self.fits(&free) {
                    wanted -= free.len();
                    for i in free {
                        self.select(i, PlaceReason::Reserved);
                    }
                } else {
                    self.tie(&free, places.min(free.len()));
                    wanted = 0;
                }
            }
            if wanted > 0 {
                let name = self.classes[c].name.clone();
                self.unfilled.push(name);
            }
        }
    }

    /// Seats one group of equals as far as places and quotas allow.
    fn seat(&mut self, group: &[usize]) {
        let mut open: Vec<usize> = Vec::new();
        for i in group.iter().copied().filter(|i| !self.done[*i]) {
            if self.left == 0 {
                continue;
            }
            if self.has_room(i) {
                open.push(i);
            } else {
                self.towns[i].reason = PlaceReason::QuotaFull;
            }
        }
        let (sure, crowded): (Vec<usize>, Vec<usize>) =
            open.iter().copied().partition(|i| !self.is_crowded(*i, &open));
        let spare = self.room_for(&crowded);
        if open.is_empty() {
            return;
        }
        if sure.len() + spare > self.left {
            let places = self.left;
            self.tie(&open, places);
            return;
        }
        for i in sure {
            self.select(i, PlaceReason::ByScore);
        }
        if !crowded.is_empty() {
            self.tie(&crowded, spare);
        }
    }

    fn is_selected(&self, town: usize) -> bool {
        self.towns[town].outcome == Outcome::Selected
    }

    fn has_room(&self, town: usize) -> bool {
        self.classes.iter().all(|class| !class.members[town] || class.room > 0)
    }

    fn fits(&self, towns: &[usize]) -> bool {
        !towns.iter().any(|i| self.is_crowded(*i, towns))
    }

    /// Whether a quota of this town has less room than towns of the group.
    fn is_crowded(&self, town: usize, group: &[usize]) -> bool {
        self.classes.iter().any(|class| {
            class.members[town] && group.iter().filter(|i| class.members[**i]).count() > class.room
        })
    }

    /// Most places the crowded towns can take together.
    fn room_for(&self, crowded: &[usize]) -> usize {
        let mut rest: Vec<usize> = crowded.to_vec();
        let mut places = 0;
        for class in &self.classes {
            let inside = rest.iter().filter(|i| class.members[**i]).count();
            if inside > class.room {
                places += class.room;
                rest.retain(|i| !class.members[*i]);
            }
        }
        places + rest.len()
    }

    fn select(&mut self, town: usize, reason: PlaceReason) {
        self.towns[town] = PlacedTown { outcome: Outcome::Selected, reason };
        self.done[town] = true;
        self.left -= 1;
        for class in self.classes.iter_mut().filter(|class| class.members[town]) {
            class.room = class.room.saturating_sub(1);
        }
    }

    /// Leaves `places` among these towns to a person.
    fn tie(&mut self, towns: &[usize], places: usize) {
        if places == 0 {
            return;
        }
        self.left -= places;
        self.open += places;
        for i in towns {
            self.towns[*i] = PlacedTown { outcome: Outcome::Tied, reason: PlaceReason::Tied };
            self.done[*i] = true;
        }
        for class in &mut self.classes {
            let inside = towns.iter().filter(|i| class.members[**i]).count();
            class.room = class.room.saturating_sub(inside.min(places));
        }
    }
}
