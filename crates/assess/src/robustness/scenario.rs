//! One combination of choices, prepared so that a draw of weights costs one or two weighted sums.
//!
//! Parts of the tree under which no weight varies are scored once and stand as columns. What is above them is
//! one weighted sum where every node allows it; otherwise the tree is scored node by node for each draw.

use std::borrow::Cow;

use super::layout::Layout;
use super::tree;
use crate::control::Control;
use crate::error::EvalError;
use crate::kernel::packed::Packed;
use crate::kernel::scores::Spread;
use crate::maths::ln;
use crate::plan::{Aggregation, MissingPolicy};
use crate::stage::{FlatNode, Stage};
use crate::statistics::range;

/// A prepared combination of choices.
pub(crate) struct Scenario {
    pub(crate) form: Form,
    /// Groups above the columns, parents before children.
    pub(crate) groups: Vec<Group>,
    pub(crate) columns: usize,
    /// Local weights of the plan under these choices, in the layout's places; 0 for a child left out.
    pub(crate) nominal: Vec<f64>,
    /// Least and greatest score a town can have.
    pub(crate) bounds: [f64; 2],
    /// Towns that have a score in every draw; in a tree scored node by node, those that may.
    pub(crate) assessed: Vec<bool>,
}

/// How weights of the columns become scores.
pub(crate) enum Form {
    /// Σ w u.
    Sum(Packed),
    /// exp Σ w ln u on [0, 1].
    Product { logarithms: Packed, spread: Spread },
    /// d⁻ / (d⁺ + d⁻).
    Closeness { from_best: Packed, from_worst: Packed, spread: Spread },
    /// Σ w u over the columns present, divided by their weights.
    Present { values: Packed, present: Packed },
    /// Node by node.
    Tree(Box<Stage>),
}

/// A sibling group whose weights are drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// Position in the stage's nodes.
    pub(crate) node: usize,
    /// Place of each child left in, in the row of local weights.
    pub(crate) places: Vec<usize>,
    pub(crate) children: Vec<Child>,
    /// Whether all children of the plan are left in, so that the weights sum to 1 already.
    pub(crate) complete: bool,
}

/// What a weight of a group goes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Child {
    Column(usize),
    Group(usize),
}

impl Scenario {
    /// Prepares a stage; `varies` says which groups of the layout have drawn weights, `node_by_node` that
    /// scores of all nodes are needed.
    ///
    /// # Errors
    /// As scoring the parts that do not vary; [`EvalError::Cancelled`].
    pub(crate) fn new(
        stage: Stage,
        layout: &Layout<'_>,
        varies: &[bool],
        node_by_node: bool,
        control: &Control,
    ) -> Result<Scenario, EvalError> {
        let mut outline = Outline::new(&stage, layout, varies);
        outline.visit(stage.nodes.len() - 1);
        let Outline { groups, cuts, nominal, .. } = outline;
        let columns = tree::columns(&stage, &cuts, control)?;
        let count = cuts.len();
        let shaper = Shaper { stage: &stage, columns: &columns, control };
        let (form, bounds, assessed) = shaper.shape(&groups, node_by_node)?;
        drop(columns);
        let form = form.unwrap_or_else(|| Form::Tree(Box::new(stage)));
        Ok(Scenario { form, groups, columns: count, nominal, bounds, assessed })
    }

    /// Weights of the columns from a row of local weights: products down the paths. `false` where the weights
    /// left in a group sum to nothing.
    #[inline(always)]
    pub(crate) fn weights(&self, local: &[f64], above: &mut Vec<f64>, out: &mut [f64]) -> bool {
        if self.groups.is_empty() {
            out.fill(1.0);
            return true;
        }
        above.clear();
        above.resize(self.groups.len(), 1.0);
        for (position, group) in self.groups.iter().enumerate() {
            let share = above[position];
            let sum = group.present(local);
            if sum.is_nan() || sum <= 0.0 {
                return false;
            }
            for (&place, child) in group.places.iter().zip(&group.children) {
                let weight = if group.complete { local[place] } else { local[place] / sum };
                match *child {
                    Child::Column(column) => out[column] = share * weight,
                    Child::Group(below) => above[below] = share * weight,
                }
            }
        }
        true
    }
}

impl Group {
    /// Sum of the weights of the children left in.
    #[inline(always)]
    pub(crate) fn present(&self, local: &[f64]) -> f64 {
        if self.complete {
            return 1.0;
        }
        self.places.iter().fold(0.0, |sum, &place| sum + local[place])
    }
}

/// Walks the tree from the root and stops where nothing varies any more.
struct Outline<'a, 'b> {
    stage: &'a Stage,
    layout: &'a Layout<'b>,
    /// Whether a weight varies at the node or below.
    alive: Vec<bool>,
    groups: Vec<Group>,
    /// Nodes that stand as columns.
    cuts: Vec<usize>,
    nominal: Vec<f64>,
}

impl<'a, 'b> Outline<'a, 'b> {
    fn new(stage: &'a Stage, layout: &'a Layout<'b>, varies: &[bool]) -> Self {
        let mut alive = vec![false; stage.nodes.len()];
        let mut nominal = vec![0.0; layout.length];
        for (position, node) in stage.nodes.iter().enumerate() {
            let below = node.children.iter().any(|&child| alive[child]);
            let group = layout.position(&node.code);
            alive[position] = below || group.is_some_and(|group| varies[group]);
            if let (Some(group), Some(weights)) = (group, &node.weighting) {
                for (kept, weight) in node.kept.iter().zip(&weights.values) {
                    nominal[layout.groups[group].start + kept] = *weight;
                }
            }
        }
        Outline { stage, layout, alive, groups: Vec::new(), cuts: Vec::new(), nominal }
    }

    fn visit(&mut self, node: usize) -> Child {
        let flat = &self.stage.nodes[node];
        let group = self.layout.position(&flat.code).filter(|_| self.alive[node]);
        let Some(group) = group else {
            self.cuts.push(node);
            return Child::Column(self.cuts.len() - 1);
        };
        let group = &self.layout.groups[group];
        let position = self.groups.len();
        self.groups.push(Group {
            node,
            places: flat.kept.iter().map(|kept| group.start + kept).collect(),
            children: Vec::new(),
            complete: flat.kept.len() == group.children.len(),
        });
        let children = flat.children.iter().map(|&child| self.visit(child)).collect();
        self.groups[position].children = children;
        Child::Group(position)
    }
}

/// Finds the form of a stage. The control is asked before each pass over a column.
struct Shaper<'a> {
    stage: &'a Stage,
    columns: &'a [Cow<'a, [f64]>],
    control: &'a Control,
}

type Shape = (Option<Form>, [f64; 2], Vec<bool>);

impl Shaper<'_> {
    /// The fastest form that gives the same scores, none but node by node being left else, with its bounds and
    /// the towns it scores.
    fn shape(&self, groups: &[Group], node_by_node: bool) -> Result<Shape, EvalError> {
        let stage = self.stage;
        let nodes: Vec<&FlatNode> = groups.iter().map(|group| &stage.nodes[group.node]).collect();
        let found = self.found()?;
        let kind = if node_by_node { Kind::Other } else { Kind::of(&nodes, stage, &found) };
        let [bottom, top] = stage.scale;
        let spread = Spread { bottom, width: top - bottom };
        let [low, high] = found.bounds;
        let (form, bounds, complete) = match kind {
            Kind::Sum { complete, filled } => {
                let values = self.pack(|_, score| or(score, filled.unwrap_or(0.0)))?;
                let low = filled.map_or(low, |filled| low.min(filled));
                (Form::Sum(values), [low, high], complete)
            }
            Kind::Product { floor } => {
                let logarithm = |score: f64| log_unit((score - bottom).max(floor) / (top - bottom));
                let logarithms = self.pack(|_, score| or(logarithm(score), 0.0))?;
                (Form::Product { logarithms, spread }, [bottom, top.max(high)], true)
            }
            Kind::Closeness => {
                let children = &nodes[0].children;
                let cost: Vec<bool> = children.iter().map(|&child| stage.nodes[child].cost).collect();
                let from_best = self.squares(&cost, true)?;
                let from_worst = self.squares(&cost, false)?;
                (Form::Closeness { from_best, from_worst, spread }, stage.scale, true)
            }
            Kind::Present => {
                let values = self.pack(|_, score| or(score, 0.0))?;
                let present = self.pack(|_, score| f64::from(u8::from(!score.is_nan())))?;
                (Form::Present { values, present }, [low.min(0.0), high.max(0.0)], false)
            }
            Kind::Other => return Ok((None, stage.scale, stage.assessed.clone())),
        };
        Ok((Some(form), bounds, self.with_scores(complete)?))
    }

    /// Squared distances of the scores from the column's best or worst one.
    fn squares(&self, cost: &[bool], from_best: bool) -> Result<Packed, EvalError> {
        let ideals = self.columns.iter().zip(cost).map(|(column, cost)| {
            self.control.check()?;
            let [low, high] = bounds(column);
            Ok(if from_best == *cost { low } else { high })
        });
        let ideals = ideals.collect::<Result<Vec<f64>, EvalError>>()?;
        self.pack(|column, score| {
            let far = score - ideals[column];
            or(far * far, 0.0)
        })
    }

    /// The columns with every cell edited, packed.
    fn pack(&self, edit: impl Fn(usize, f64) -> f64) -> Result<Packed, EvalError> {
        let mut packed = Packed::new(self.stage.towns, self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            self.control.check()?;
            packed.put(at, column.iter().map(|&score| edit(at, score)));
        }
        Ok(packed)
    }

    fn found(&self) -> Result<Found, EvalError> {
        let mut found = Found { full: true, bounds: [f64::INFINITY, f64::NEG_INFINITY] };
        for column in self.columns {
            self.control.check()?;
            let mut towns = column.iter().zip(&self.stage.assessed);
            found.full &= !towns.any(|(score, assessed)| *assessed && score.is_nan());
            let [low, high] = bounds(column);
            found.bounds = [found.bounds[0].min(low), found.bounds[1].max(high)];
        }
        if found.bounds[0] > found.bounds[1] {
            found.bounds = [0.0, 0.0];
        }
        Ok(found)
    }

    /// Towns assessed that have every score (`complete`), or at least one.
    fn with_scores(&self, complete: bool) -> Result<Vec<bool>, EvalError> {
        let mut present = vec![0; self.stage.towns];
        for column in self.columns {
            self.control.check()?;
            let towns = present.iter_mut().zip(&**column);
            towns.for_each(|(present, score)| *present += usize::from(!score.is_nan()));
        }
        let enough = if complete { self.columns.len() } else { 1 };
        let towns = self.stage.assessed.iter().zip(present);
        Ok(towns.map(|(assessed, present)| *assessed && present >= enough).collect())
    }
}

/// What the columns hold.
struct Found {
    /// No town assessed has a gap.
    full: bool,
    /// Least and greatest score; a mean with weights that sum to 1 stays between.
    bounds: [f64; 2],
}

/// Stands for ln 0: far below any sum of logarithms of positive scores, yet finite.
const ZERO_LOGARITHM: f64 = -1e250;

fn log_unit(unit: f64) -> f64 {
    if unit > 0.0 { ln(unit) } else { ZERO_LOGARITHM }
}

fn or(score: f64, instead: f64) -> f64 {
    if score.is_nan() { instead } else { score }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// `filled`: what a missing score counts as; `complete`: a town with a gap has no score.
    Sum {
        complete: bool,
        filled: Option<f64>,
    },
    Product {
        floor: f64,
    },
    Closeness,
    Present,
    Other,
}

impl Kind {
    fn of(nodes: &[&FlatNode], stage: &Stage, found: &Found) -> Kind {
        let Some(top) = nodes.first() else {
            return Kind::Sum { complete: true, filled: None };
        };
        let full = found.full;
        let same = nodes.iter().all(|node| node.aggregation == top.aggregation);
        let policy = nodes.iter().all(|node| node.missing == top.missing).then_some(top.missing);
        let above = found.bounds[0] >= stage.scale[0];
        let cost = nodes.iter().flat_map(|node| &node.children).any(|&at| stage.nodes[at].cost);
        match top.aggregation {
            Aggregation::Topsis if nodes.len() == 1 && full => Kind::Closeness,
            _ if !same || cost => Kind::Other,
            Aggregation::Arithmetic if full => Kind::Sum { complete: true, filled: None },
            Aggregation::Arithmetic => match policy {
                Some(MissingPolicy::Refuse) => Kind::Sum { complete: true, filled: None },
                Some(MissingPolicy::Zero) => Kind::Sum { complete: false, filled: Some(stage.scale[0]) },
                Some(MissingPolicy::Renormalise) if nodes.len() == 1 => Kind::Present,
                _ => Kind::Other,
            },
            Aggregation::Geometric { floor } if full && (above || floor.is_some()) => {
                Kind::Product { floor: floor.unwrap_or(0.0) }
            }
            _ => Kind::Other,
        }
    }
}

/// Least and greatest score of a column; infinite the wrong way round where it has none.
fn bounds(column: &[f64]) -> [f64; 2] {
    range(column).map_or([f64::INFINITY, f64::NEG_INFINITY], |(low, high)| [low, high])
}
