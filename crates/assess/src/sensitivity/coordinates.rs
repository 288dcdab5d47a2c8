//! What each coordinate of a Sobol' point moves.

use crate::random::{Purpose, Stream};
use crate::robustness::distribution::normalise;
use crate::robustness::draws::Draws;
use crate::robustness::inputs::DataKind;
use crate::robustness::noise::Figures;
use crate::robustness::scenario::Scenario;
use crate::table::Table;

/// What one coordinate moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Coordinate {
    /// One weight of a group whose weights follow each from a number of its own.
    Weight { group: usize, child: usize },
    /// All weights of a group together: the coordinate picks one of 2³² draws.
    Group(usize),
    /// A choice among alternatives.
    Choice(usize),
    /// The figures of one data input: the coordinate picks one of 2³² draws.
    Data(usize),
}

/// The coordinates of a study, in order.
pub(crate) struct Coordinates<'a> {
    pub(crate) list: Vec<Coordinate>,
    draws: Draws<'a>,
}

/// Weights of one point before and after they are brought to sum 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows {
    pub(crate) raw: Vec<f64>,
    pub(crate) local: Vec<f64>,
}

impl<'a> Coordinates<'a> {
    pub(crate) fn new(draws: Draws<'a>) -> Coordinates<'a> {
        let inputs = draws.inputs;
        let mut list = Vec::new();
        for (group, distribution) in inputs.weights.iter().enumerate() {
            match distribution {
                Some(distribution) if distribution.is_separable() => {
                    let children = 0..inputs.layout.groups[group].children.len();
                    list.extend(children.map(|child| Coordinate::Weight { group, child }));
                }
                Some(_) => list.push(Coordinate::Group(group)),
                None => {}
            }
        }
        list.extend((0..inputs.choices.len()).map(Coordinate::Choice));
        list.extend((0..inputs.data.len()).map(Coordinate::Data));
        Coordinates { list, draws }
    }

    /// Name of a coordinate in the result.
    pub(crate) fn name(&self, coordinate: Coordinate, table: &Table) -> String {
        let inputs = self.draws.inputs;
        match coordinate {
            Coordinate::Weight { group, child } => {
                let group = &inputs.layout.groups[group];
                format!("weight:{}/{}", group.code, group.children[child])
            }
            Coordinate::Group(group) => format!("weights:{}", inputs.layout.groups[group].code),
            Coordinate::Choice(choice) => inputs.choices[choice].name.clone(),
            Coordinate::Data(data) => {
                let input = &inputs.data[data];
                let column = &table.leaves()[input.column].0;
                match input.kind {
                    DataKind::Measurement { .. } => format!("measurement:{column}"),
                    DataKind::Imputation => format!("imputation:{column}"),
                }
            }
        }
    }

    /// The combination of choices at a point.
    pub(crate) fn combination(&self, point: &[f64]) -> u64 {
        let coordinates = self.list.iter().zip(point).rev();
        coordinates.fold(0, |number, (coordinate, &at)| match coordinate {
            Coordinate::Choice(choice) => {
                let options = self.draws.inputs.choices[*choice].options as u64;
                number * options + ((at * options as f64) as u64).min(options - 1)
            }
            _ => number,
        })
    }

    /// Weights of all groups at a point; `false` where they cannot be drawn.
    pub(crate) fn rows(&self, scenario: &Scenario, point: &[f64], rows: &mut Rows) -> bool {
        let inputs = self.draws.inputs;
        rows.raw.clear();
        rows.raw.extend_from_slice(&scenario.nominal);
        for (&coordinate, &at) in self.list.iter().zip(point) {
            match coordinate {
                Coordinate::Weight { group, child } => {
                    let place = inputs.layout.groups[group].start + child;
                    rows.raw[place] = self.raw(scenario, group, child, at);
                }
                Coordinate::Group(group) => {
                    let range = inputs.layout.groups[group].range();
                    let Some(distribution) = &inputs.weights[group] else {
                        continue;
                    };
                    let seed = self.draws.seed;
                    let stream = Stream::new(seed, Purpose::Weights, group as u32, pick(at));
                    let nominal = &scenario.nominal[range.clone()];
                    let weights = &mut rows.raw[range];
                    if !distribution.sample(&stream, nominal, self.draws.priorities, weights) {
                        return false;
                    }
                }
                Coordinate::Choice(_) | Coordinate::Data(_) => {}
            }
        }
        rows.local.clear();
        rows.local.extend_from_slice(&rows.raw);
        let separable = inputs
            .layout
            .groups
            .iter()
            .zip(&inputs.weights)
            .filter(|(_, one)| one.as_ref().is_some_and(|distribution| distribution.is_separable()));
        separable.fold(true, |all, (group, _)| normalise(&mut rows.local[group.range()]) && all)
    }

    /// One weight before it is brought to sum 1.
    pub(crate) fn raw(&self, scenario: &Scenario, group: usize, child: usize, at: f64) -> f64 {
        let inputs = self.draws.inputs;
        let nominal = scenario.nominal[inputs.layout.groups[group].start + child];
        let distribution = inputs.weights[group].as_ref();
        distribution.map_or(nominal, |distribution| distribution.separate(nominal, at))
    }

    /// Figures at a point.
    pub(crate) fn figures(&self, table: &Table, point: &[f64]) -> Figures {
        let first = self.list.len() - self.draws.inputs.data.len();
        Figures::new(table, &self.draws.inputs.data, self.draws.seed, |input| pick(point[first + input]))
    }
}

/// The draw a coordinate picks.
fn pick(at: f64) -> u32 {
    (at * 4_294_967_296.0) as u32
}
