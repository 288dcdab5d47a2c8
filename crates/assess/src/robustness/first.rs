//! Draws of which only the first places are wanted.

use super::scenario::Form;
use super::study::Prepared;
use super::tally::Tally;
use super::worker::Worker;
use crate::error::EvalError;
use crate::kernel::dispatch::{Task, dispatch};
use crate::kernel::keys::Grid;
use crate::kernel::packed::Packed;
use crate::kernel::scores::plain_sum;
use crate::kernel::screen::{Reach, Screening};
use crate::kernel::select::{Place, TopOf};
use crate::kernel::shortlist::{MOST_PLACES, Shortlist};

/// Buffers of a thread; results do not depend on what they held.
#[derive(Default)]
pub(super) struct First {
    top: Option<TopOf>,
    lists: Vec<Shortlist>,
    /// Whether single precision once could not tell the towns of a draw apart.
    too_near: bool,
}

impl Worker<'_, '_> {
    /// Counts the first `count` places of the draws just sampled.
    ///
    /// # Errors
    /// [`EvalError::Cancelled`].
    pub(super) fn run_first(
        &mut self,
        prepared: &Prepared<'_>,
        grid: Grid,
        count: usize,
        draws: usize,
    ) -> Result<(), EvalError> {
        if self.run_screened(prepared, grid, count, draws)? {
            return Ok(());
        }
        let towns = self.tally.sizes.towns;
        let mut top = self.first.top.take().unwrap_or_else(|| TopOf::new(grid, towns, count, draws));
        top.clear(grid, draws);
        self.score(&prepared.scenario, Some(grid), &mut top);
        self.control.check()?;
        let length = self.study.inputs.layout.length;
        let mut places = Vec::new();
        for draw in 0..draws {
            top.places(draw, &mut places);
            count_first(&mut self.tally, &places, count, &self.local[draw * length..][..length]);
        }
        self.first.top = Some(top);
        Ok(())
    }

    /// As [`Worker::run_first`] by single-precision scores; `false`, with nothing counted, where these will not do.
    fn run_screened(
        &mut self,
        prepared: &Prepared<'_>,
        grid: Grid,
        count: usize,
        draws: usize,
    ) -> Result<bool, EvalError> {
        let Form::Sum(values) = &prepared.scenario.form else { return Ok(false) };
        if self.first.too_near || count > MOST_PLACES {
            return Ok(false);
        }
        let cancel = &*self.control.cancel;
        let Some(screen) = prepared.screen(cancel) else { return Ok(false) };
        let Some(reach) = screen.reach(grid, &self.weights) else { return Ok(false) };
        let lists = &mut self.first.lists;
        lists.resize_with(draws.max(lists.len()), || Shortlist::new(count));
        let lists = &mut lists[..draws];
        lists.iter_mut().for_each(Shortlist::clear);
        let (width, weights) = (self.study.width, &self.weights[..]);
        Screening { screen, reach, width, weights, lists, cancel }.run();
        self.control.check()?;
        self.first.too_near = lists.iter().any(Shortlist::is_given_up);
        if self.first.too_near {
            return Ok(false);
        }
        let (tally, local) = (&mut self.tally, &self.local[..]);
        dispatch(width, CountLists { lists, reach, grid, values, weights, tally, local, count });
        Ok(true)
    }
}

/// Counts one draw: its places, and its weights for the towns that are first.
#[inline(always)]
fn count_first(tally: &mut Tally, places: &[Place], count: usize, local: &[f64]) {
    tally.count_places(places, count);
    for place in places.iter().filter(|place| place.rank == 0) {
        tally.add_first(place.town, local);
    }
}

struct CountLists<'a> {
    lists: &'a mut [Shortlist],
    reach: Reach,
    grid: Grid,
    values: &'a Packed,
    weights: &'a [f64],
    tally: &'a mut Tally,
    local: &'a [f64],
    count: usize,
}

impl Task for CountLists<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) {
        let mut places = Vec::new();
        let weights = self.weights.chunks_exact(self.values.indicators());
        let length = self.tally.sizes.weights;
        for ((list, weights), draw) in self.lists.iter_mut().zip(weights).zip(0..) {
            let local = &self.local[draw * length..][..length];
            let key = |town: u32| self.grid.key(plain_sum(self.values, town as usize, weights));
            list.places(self.reach.apart, key, &mut places);
            count_first(self.tally, &places, self.count, local);
        }
    }
}
