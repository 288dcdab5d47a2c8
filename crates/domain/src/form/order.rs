//! Which items must stand below which, through any number of checks; a circle cannot be filled in.

use super::expression::Comparison;
use std::collections::BTreeSet;

/// The steps up that the checks demand: from an item to one that may not be less.
#[derive(Default)]
pub(super) struct Order {
    steps: Vec<Step>,
}

struct Step {
    from: String,
    to: String,
    /// The upper one must be greater, not just no less.
    strict: bool,
}

impl Order {
    /// Take one more comparison, or say that it closes a circle that climbs.
    pub(super) fn admit(&mut self, one: &str, other: &str, comparison: Comparison) -> bool {
        match comparison {
            Comparison::Less => self.step(one, other, true),
            Comparison::AtMost => self.step(one, other, false),
            Comparison::Greater => self.step(other, one, true),
            Comparison::AtLeast => self.step(other, one, false),
            Comparison::Equal => self.step(one, other, false) && self.step(other, one, false),
            Comparison::Unequal => true,
        }
    }

    fn step(&mut self, from: &str, to: &str, strict: bool) -> bool {
        if self.climbs(to, from, strict, &mut BTreeSet::new()) {
            return false;
        }
        self.steps.push(Step { from: from.to_owned(), to: to.to_owned(), strict });
        true
    }

    /// Whether the steps lead from one item to another with a strict one among them.
    fn climbs(&self, from: &str, to: &str, strict: bool, seen: &mut BTreeSet<(String, bool)>) -> bool {
        if from == to && strict {
            return true;
        }
        if !seen.insert((from.to_owned(), strict)) {
            return false;
        }
        let onward: Vec<&Step> = self.steps.iter().filter(|step| step.from == from).collect();
        onward.into_iter().any(|step| self.climbs(&step.to, to, strict || step.strict, seen))
    }
}
