//! Draws × towns in blocks that stay in the caches.
//!
//! A panel of towns small enough for the second-level cache is kept while all draws of a block pass over it;
//! the weights of a few draws stay in the first-level cache meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};

use super::dispatch::{Task, Width, dispatch};
use super::packed::GROUP;
use super::scores::{Model, Tile};

/// Bytes of the matrix kept while a block of draws passes.
const PANEL_BYTES: usize = 1024 * 1024;

/// What becomes of the scores; the tiles of a draw arrive in the order of the towns.
pub trait Sink {
    /// Scores of the draws `first..first + DRAWS` of the block (the last ones may lie beyond it) for a group.
    fn take<const DRAWS: usize>(&mut self, first: usize, group: usize, tile: &Tile<DRAWS>);
}

/// Weights of the draws of one block, and how to run them.
pub struct Batch<'a> {
    pub width: Width,
    /// Row-major, draws × indicators.
    pub weights: &'a [f64],
    /// Once up, the rest of the block is skipped; the caller throws the block away.
    pub cancel: &'a AtomicBool,
}

impl Batch<'_> {
    /// Scores every draw under a model and hands the tiles to the sink.
    pub fn score<M: Model, S: Sink>(&self, model: &M, sink: &mut S) {
        dispatch(self.width, Block { model, batch: self, sink });
    }
}

struct Block<'a, M, S> {
    model: &'a M,
    batch: &'a Batch<'a>,
    sink: &'a mut S,
}

impl<M: Model, S: Sink> Task for Block<'_, M, S> {
    type Output = ();

    #[inline(always)]
    fn run<const LANES: usize, const DRAWS: usize>(self) {
        let indicators = self.model.indicators();
        let packed = pack::<M, DRAWS>(self.batch.weights, indicators);
        let groups = self.model.towns().div_ceil(GROUP);
        let panel = (PANEL_BYTES / (indicators.max(1) * GROUP * size_of::<f64>())).max(1);
        let mut tile = [[0.0; GROUP]; DRAWS];
        for start in (0..groups).step_by(panel) {
            for (part, weights) in packed.chunks_exact(indicators).enumerate() {
                if self.batch.cancel.load(Ordering::Relaxed) {
                    return;
                }
                for group in start..(start + panel).min(groups) {
                    self.model.tile::<LANES, DRAWS>(group, weights, &mut tile);
                    self.sink.take(part * DRAWS, group, &tile);
                }
            }
        }
    }
}

/// Weights of `DRAWS` draws side by side, indicator after indicator; draws beyond the block weigh nothing.
#[inline(always)]
fn pack<M: Model, const DRAWS: usize>(weights: &[f64], indicators: usize) -> Vec<[f64; DRAWS]> {
    let draws = weights.len() / indicators;
    let mut packed = vec![[0.0; DRAWS]; draws.div_ceil(DRAWS) * indicators];
    for (draw, row) in weights.chunks_exact(indicators).enumerate() {
        let part = &mut packed[draw / DRAWS * indicators..][..indicators];
        for (cell, &weight) in part.iter_mut().zip(row) {
            cell[draw % DRAWS] = M::weight(weight);
        }
    }
    packed
}
