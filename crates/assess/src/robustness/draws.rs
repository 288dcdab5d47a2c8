//! What a draw draws: the combination of choices and a row of local weights.

use super::distribution::Priorities;
use super::inputs::Inputs;
use super::scenario::Scenario;
use crate::random::{Purpose, Stream};

/// Draws by number; a draw is the same whoever asks for it.
#[derive(Clone, Copy)]
pub(crate) struct Draws<'a> {
    pub(crate) inputs: &'a Inputs<'a>,
    pub(crate) seed: u64,
    pub(crate) priorities: Priorities,
}

impl Draws<'_> {
    /// Number of the combination of choices of a draw.
    pub(crate) fn combination(&self, draw: u32) -> u64 {
        let choices = self.inputs.choices.iter().zip(0u32..).collect::<Vec<_>>().into_iter().rev();
        choices.fold(0, |number, (choice, input)| {
            let options = choice.options as u32;
            let option = Stream::new(self.seed, Purpose::Choice, input, draw).below(0, options);
            number * u64::from(options) + u64::from(option)
        })
    }

    /// Local weights of a draw, in the layout's places; `false` when the draw fails.
    #[inline(always)]
    pub(crate) fn local(&self, scenario: &Scenario, draw: u32, row: &mut [f64]) -> bool {
        row.copy_from_slice(&scenario.nominal);
        let groups = self.inputs.layout.groups.iter().zip(&self.inputs.weights);
        for ((group, distribution), input) in groups.zip(0u32..) {
            let Some(distribution) = distribution else {
                continue;
            };
            let stream = Stream::new(self.seed, Purpose::Weights, input, draw);
            let nominal = &scenario.nominal[group.range()];
            if !distribution.sample(&stream, nominal, self.priorities, &mut row[group.range()]) {
                return false;
            }
        }
        true
    }
}
