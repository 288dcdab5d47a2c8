//! Kernels against plain loops, for every vector width this processor has.

use std::sync::atomic::AtomicBool;

use super::blocked::{Batch, Sink};
use super::dispatch::Width;
use super::keyed::KeyedSum;
use super::keys::Grid;
use super::packed::{GROUP, Line, Packed};
use super::rank::Ranker;
use super::scores::{Closeness, Model, Spread, Tile, WeightedSum, closeness, plain_sum};
use super::screen::{Screen, Screening};
use super::select::{Place, TopOf};
use super::shortlist::{MOST_PLACES, Shortlist};
use crate::random::{Purpose, Stream};

static RUN: AtomicBool = AtomicBool::new(false);

fn numbers(purpose: Purpose, count: usize) -> Vec<f64> {
    let stream = Stream::new(11, purpose, 0, 0);
    (0..count as u32).map(|index| stream.uniform(index)).collect()
}

struct Collect {
    towns: usize,
    scores: Vec<f64>,
}

impl Sink for Collect {
    #[inline(always)]
    fn take<const DRAWS: usize>(&mut self, first: usize, group: usize, tile: &Tile<DRAWS>) {
        for (draw, row) in (first..).zip(tile) {
            for (town, score) in (group * GROUP..self.towns).zip(row) {
                if let Some(place) = self.scores.get_mut(draw * self.towns + town) {
                    *place = *score;
                }
            }
        }
    }
}

fn packed(columns: &[f64], towns: usize, indicators: usize) -> Packed {
    let mut packed = Packed::new(towns, indicators);
    let columns = columns.chunks_exact(towns).enumerate();
    columns.for_each(|(indicator, column)| packed.put(indicator, column.iter().copied()));
    packed
}

fn scores<M: Model>(width: Width, model: &M, weights: &[f64]) -> Vec<f64> {
    let draws = weights.len() / model.indicators();
    let mut sink = Collect { towns: model.towns(), scores: vec![0.0; draws * model.towns()] };
    Batch { width, weights, cancel: &RUN }.score(model, &mut sink);
    sink.scores
}

fn widths() -> impl Iterator<Item = Width> {
    Width::ALL.into_iter().filter(|width| width.is_available())
}

const SIZES: [(usize, usize, usize); 5] = [(1, 1, 1), (5, 3, 2), (16, 7, 9), (33, 4, 17), (700, 40, 30)];

#[test]
fn sums_run_over_the_indicators_in_order_at_every_width() {
    for (towns, indicators, draws) in SIZES {
        let columns = numbers(Purpose::Measurement, towns * indicators);
        let weights = numbers(Purpose::Weights, draws * indicators);
        let plain: Vec<f64> = (0..draws * towns)
            .map(|cell| {
                let (draw, town) = (cell / towns, cell % towns);
                (0..indicators).fold(0.0, |sum, indicator| {
                    sum + columns[indicator * towns + town] * weights[draw * indicators + indicator]
                })
            })
            .collect();
        let matrix = packed(&columns, towns, indicators);
        for width in widths() {
            assert_eq!(scores(width, &WeightedSum(&matrix), &weights), plain, "{width:?} {towns}");
        }
    }
}

fn keys<M: Model>(width: Width, model: &M, weights: &[f64], grid: Grid) -> Vec<u32> {
    scores(width, model, weights).into_iter().map(|score| grid.key(score)).collect()
}

/// Scores spread evenly, scores that fall on the edge between two keys or a last bit beside it, equal towns.
fn hard_columns(towns: usize, indicators: usize, step: f64) -> [Vec<f64>; 3] {
    let spread = numbers(Purpose::Measurement, towns * indicators);
    let edge = |cell: usize| {
        let middle = ((cell % towns % 97) as f64 + 0.5) * step;
        match cell % 3 {
            0 => middle,
            1 => middle.next_up(),
            _ => middle.next_down(),
        }
    };
    let edges = (0..towns * indicators).map(edge).collect();
    let equal = (0..towns * indicators).map(|cell| (cell / towns) as f64 / 7.0).collect();
    [spread, edges, equal]
}

#[test]
fn fused_sums_have_the_keys_of_plain_ones_at_every_width() {
    for (towns, indicators, draws) in SIZES {
        let mut weights = numbers(Purpose::Weights, draws * indicators);
        for row in weights.chunks_exact_mut(indicators) {
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|weight| *weight /= sum);
        }
        for magnitude in [1.0, 1e-120, 1e120] {
            let step = magnitude * 1e-7;
            let grid = Grid::new(0.0, 1.0 / step, [0.0, 60.0 * magnitude]).expect("fits");
            for columns in hard_columns(towns, indicators, 1e-7) {
                let columns: Vec<f64> = columns.iter().map(|value| value * magnitude).collect();
                let matrix = packed(&columns, towns, indicators);
                let plain = keys(Width::Base, &WeightedSum(&matrix), &weights, grid);
                for width in widths() {
                    let model = KeyedSum::new(&matrix, grid, &weights).expect("a coarse grid");
                    assert_eq!(keys(width, &model, &weights, grid), plain, "{width:?} {towns} {magnitude}");
                }
            }
        }
    }
}

/// A slack as wide as a step, or one that is not a number, would help nobody.
#[test]
fn sums_too_large_for_the_grid_are_not_fused() {
    let grid = Grid::new(0.0, 1e7, [0.0, 100.0]).expect("fits");
    let fuses = |value: f64, weight: f64| {
        let matrix = packed(&[value; 20], 10, 2);
        KeyedSum::new(&matrix, grid, &[weight; 2]).is_some()
    };
    assert!(fuses(100.0, 0.5));
    assert!(!fuses(1e9, 0.5));
    assert!(!fuses(1e200, 1e200));
    assert!(!fuses(f64::INFINITY, 0.5));
}

#[test]
fn closeness_is_that_of_the_definition_at_every_width() {
    for (towns, indicators, draws) in SIZES {
        let best = numbers(Purpose::Measurement, towns * indicators);
        let worst = numbers(Purpose::Imputation, towns * indicators);
        let weights = numbers(Purpose::Weights, draws * indicators);
        let square = |matrix: &[f64], draw: usize, town: usize| {
            (0..indicators).fold(0.0, |sum, indicator| {
                let weight = weights[draw * indicators + indicator];
                sum + matrix[indicator * towns + town] * (weight * weight)
            })
        };
        let plain: Vec<f64> = (0..draws * towns)
            .map(|cell| {
                let (draw, town) = (cell / towns, cell % towns);
                closeness(square(&best, draw, town), square(&worst, draw, town))
            })
            .collect();
        let [best, worst] = [best, worst].map(|matrix| packed(&matrix, towns, indicators));
        let model =
            Closeness { from_best: &best, from_worst: &worst, spread: Spread { bottom: 0.0, width: 1.0 } };
        for width in widths() {
            assert_eq!(scores(width, &model, &weights), plain, "{width:?} {towns}");
        }
    }
}

#[test]
fn equal_towns_are_half_close() {
    assert_eq!(closeness(0.0, 0.0), 0.5);
    assert_eq!(closeness(0.0, 4.0), 1.0);
}

fn plain_ranks(keys: &[u32]) -> Vec<u32> {
    keys.iter().map(|key| keys.iter().filter(|other| *other > key).count() as u32).collect()
}

#[test]
fn ranking_counts_the_better_towns_whatever_the_keys() {
    let mut ranker = Ranker::default();
    for towns in [1usize, 2, 100, 192, 193, 500, 516, 3_000] {
        let stream = Stream::new(1, Purpose::Choice, 0, towns as u32);
        let draw = |index: u32, below: u32| stream.below(index, below);
        let shapes: [Box<dyn Fn(u32) -> u32>; 5] = [
            Box::new(|index| draw(index, u32::MAX)),
            Box::new(|index| 7 + draw(index, 5)),
            Box::new(|_| 9),
            Box::new(|index| if index == 0 { u32::MAX } else { draw(index, 900) }),
            Box::new(|index| index.wrapping_mul(3)),
        ];
        for shape in shapes {
            let keys: Vec<u32> = (0..towns as u32).map(shape).collect();
            let mut ranks = vec![0; towns];
            ranker.rank(&keys, &mut ranks);
            assert_eq!(ranks, plain_ranks(&keys), "{towns}");
        }
    }
}

fn plain_places(scores: &[f64], grid: Grid, count: usize) -> Vec<Place> {
    let keys: Vec<u32> = scores.iter().map(|score| grid.key(*score)).collect();
    let ranks = plain_ranks(&keys);
    let mut places: Vec<Place> = (0u32..).zip(ranks).map(|(town, rank)| Place { town, rank }).collect();
    places.retain(|place| (place.rank as usize) < count);
    places.sort_by_key(|place| (place.rank, std::cmp::Reverse(place.town)));
    places
}

#[test]
fn selection_finds_the_first_towns_and_their_ties() {
    for (steps, count) in [(1e9, 60), (20.0, 60), (1.0, 3), (1e9, 1), (1e9, 5_000)] {
        let (towns, indicators, draws) = (1_000, 6, 20);
        let matrix = packed(&numbers(Purpose::Measurement, towns * indicators), towns, indicators);
        let weights = numbers(Purpose::Weights, draws * indicators);
        let grid = Grid::new(0.0, steps, [0.0, 6.0f64.min(4e9 / steps)]).expect("fits");
        let all = scores(Width::Base, &WeightedSum(&matrix), &weights);
        for width in widths() {
            let mut top = TopOf::new(grid, towns, count, draws);
            for _ in 0..2 {
                top.clear(grid, draws);
                let batch = Batch { width, weights: &weights, cancel: &RUN };
                batch.score(&WeightedSum(&matrix), &mut top);
            }
            let mut places = Vec::new();
            for (draw, scores) in all.chunks_exact(towns).enumerate() {
                top.places(draw, &mut places);
                assert_eq!(places, plain_places(scores, grid, count), "{width:?} {steps} {count}");
            }
        }
    }
}

/// Places by single precision, as [`plain_places`] gives them; `None` where the towns are too near each other.
fn listed(
    width: Width,
    screen: &Screen,
    matrix: &Packed,
    weights: &[f64],
    grid: Grid,
) -> Option<Vec<[Vec<Place>; 3]>> {
    let draws = weights.len() / matrix.indicators();
    let reach = screen.reach(grid, weights).expect("weights within reach");
    let mut found = vec![[const { Vec::new() }; 3]; draws];
    for (at, count) in PLACES.into_iter().enumerate() {
        let mut lists: Vec<Shortlist> = (0..draws).map(|_| Shortlist::new(count)).collect();
        Screening { screen, reach, width, weights, lists: &mut lists, cancel: &RUN }.run();
        let rows = weights.chunks_exact(matrix.indicators());
        for ((list, row), found) in lists.iter_mut().zip(rows).zip(&mut found) {
            if list.is_given_up() {
                return None;
            }
            let key = |town: u32| grid.key(plain_sum(matrix, town as usize, row));
            list.places(reach.apart, key, &mut found[at]);
            found[at].sort_by_key(|place| (place.rank, std::cmp::Reverse(place.town)));
        }
    }
    Some(found)
}

const PLACES: [usize; 3] = [1, 60, MOST_PLACES];

#[test]
fn places_by_single_precision_are_the_exact_ones_at_every_width() {
    for (towns, indicators, draws) in [(1, 1, 1), (33, 4, 17), (900, 6, 9), (5_000, 40, 5)] {
        let weights = numbers(Purpose::Weights, draws * indicators);
        for (step, columns) in [1e-9, 1e-6, 1e-3].into_iter().zip(hard_columns(towns, indicators, 1e-6)) {
            for offset in [0.0, 1e4] {
                let columns: Vec<f64> = columns.iter().map(|value| value + offset).collect();
                let matrix = packed(&columns, towns, indicators);
                let most = (offset + 1.0) * indicators as f64;
                let Some(grid) = Grid::new(0.0, 1.0 / step, [0.0, most]).or(Grid::new(0.0, 1e3, [0.0, most]))
                else {
                    panic!("fits")
                };
                let Some(screen) = Screen::new(&matrix, &RUN) else { continue };
                if screen.reach(grid, &weights).is_none() {
                    continue;
                }
                let all = scores(Width::Base, &WeightedSum(&matrix), &weights);
                for width in widths() {
                    let found = listed(width, &screen, &matrix, &weights, grid);
                    for (found, scores) in found.iter().flatten().zip(all.chunks_exact(towns)) {
                        for (found, count) in found.iter().zip(PLACES) {
                            assert_eq!(found, &plain_places(scores, grid, count), "{width:?} {towns} {step}");
                        }
                    }
                    assert!(found.is_some() || offset > 0.0 || step > 1e-9, "{width:?} {towns} {step}");
                }
            }
        }
    }
}

#[test]
fn equal_towns_and_immense_weights_are_not_screened() {
    assert!(Screen::new(&packed(&[7.0; 60], 20, 3), &RUN).is_none());
    let grid = Grid::new(0.0, 1e9, [0.0, 1.0]).expect("fits");
    let screen = Screen::new(&packed(&numbers(Purpose::Measurement, 60), 20, 3), &RUN).expect("towns differ");
    for (weight, within) in [(0.3, true), (1e300, false), (0.0, false), (f64::NAN, false)] {
        assert_eq!(screen.reach(grid, &[weight; 3]).is_some(), within, "{weight}");
    }
}

#[test]
fn packing_keeps_every_value_and_fills_with_zero() {
    let columns = numbers(Purpose::Measurement, 37 * 3);
    let matrix = packed(&columns, 37, 3);
    assert_eq!((matrix.towns(), matrix.indicators(), matrix.groups()), (37, 3, 3));
    for (cell, value) in columns.iter().enumerate() {
        assert_eq!(matrix.group(cell % 37 / GROUP)[cell / 37].0[cell % 37 % GROUP], *value);
    }
    assert!(matrix.group(2).iter().all(|Line(row)| row[5..].iter().all(|value| *value == 0.0)));
}
