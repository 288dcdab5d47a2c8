//! One combination of choices, prepared so that a draw of weights costs one or two weighted sums.
//!
//! Parts of the tree under which no weight varies are scored once and stand as columns. What is above them is
//! one weighted sum where every node allows it; otherwise the tree is scored node by node for each draw.

use super::layout::Layout;
use super::tree;
use crate::error::EvalError;
use crate::kernel::packed::Packed;
use crate::maths::ln;
use crate::plan::{Aggregation, MissingPolicy};
use crate::stage::{FlatNode, Stage};

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
    /// exp Σ w ln u.
    Product(Packed),
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
    /// Prepares a stage; `varies` says which groups of the layout have drawn weights.
    ///
    /// # Errors
    /// As scoring the parts that do not vary.
    pub(crate) fn new(
        stage: Stage,
        layout: &Layout<'_>,
        varies: &[bool],
    ) -> Result<Scenario, EvalError> {
        let mut outline = Outline::new(&stage, layout, varies);
        outline.visit(stage.nodes.len() - 1);
        let Outline { groups, cuts, nominal, .. } = outline;
        let columns = tree::columns(&stage, &cuts)?;
        let (form, bounds, assessed) = shape(stage, &groups, columns);
        Ok(Scenario { form, groups, columns: cuts.len(), nominal, bounds, assessed })
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
            let sum = group.sum(local);
            if !(sum > 0.0) {
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
    #[inline(always)]
    fn sum(&self, local: &[f64]) -> f64 {
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

/// The fastest form that gives the same scores, with its bounds and the towns it scores.
fn shape(stage: Stage, groups: &[Group], columns: Vec<Vec<f64>>) -> (Form, [f64; 2], Vec<bool>) {
    let nodes: Vec<&FlatNode> = groups.iter().map(|group| &stage.nodes[group.node]).collect();
    let signed = nodes.iter().flat_map(|node| &node.children).any(|&child| stage.nodes[child].cost);
    let kind = if signed { Kind::Other } else { Kind::of(&nodes, &stage, &columns) };
    let assessed = match kind {
        Kind::Other => stage.assessed.clone(),
        _ => scored(&columns, &stage.assessed),
    };
    let towns = stage.towns;
    let packed = |columns: &[Vec<f64>], edit: &dyn Fn(f64) -> f64| {
        let cells: Vec<f64> = columns.iter().flatten().map(|&score| edit(score)).collect();
        Packed::new(&cells, towns, columns.len())
    };
    let bounds = bounds(&columns);
    let form = match kind {
        Kind::Sum { filled } => {
            Form::Sum(packed(&columns, &|score| if score.is_nan() { filled } else { score }))
        }
        Kind::Product => Form::Product(packed(&columns, &|score| {
            if score.is_nan() { 0.0 } else { ln(score) }
        })),
        Kind::Present => Form::Present {
            values: packed(&columns, &|score| if score.is_nan() { 0.0 } else { score }),
            present: packed(&columns, &|score| f64::from(u8::from(!score.is_nan()))),
        },
        Kind::Other => Form::Tree(Box::new(stage)),
    };
    (form, bounds, assessed)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Sum { filled: f64 },
    Product,
    Present,
    Other,
}

impl Kind {
    fn of(nodes: &[&FlatNode], stage: &Stage, columns: &[Vec<f64>]) -> Kind {
        let all = |wanted: fn(&Aggregation) -> bool| nodes.iter().all(|node| wanted(&node.aggregation));
        let policy = |wanted| nodes.iter().all(|node| node.missing == wanted);
        let assessed = |column: &Vec<f64>| {
            column.iter().zip(&stage.assessed).all(|(score, assessed)| !assessed || !score.is_nan())
        };
        let full = columns.iter().all(assessed);
        let positive = columns.iter().flatten().all(|score| score.is_nan() || *score > 0.0);
        if all(|aggregation| matches!(aggregation, Aggregation::Arithmetic)) {
            if full || nodes.is_empty() {
                return Kind::Sum { filled: 0.0 };
            } else if policy(MissingPolicy::Zero) {
                return Kind::Sum { filled: stage.scale[0] };
            } else if policy(MissingPolicy::Renormalise) && nodes.len() == 1 {
                return Kind::Present;
            }
        }
        let plain = |aggregation: &Aggregation| {
            matches!(aggregation, Aggregation::Geometric { floor: None })
        };
        if all(plain) && full && positive && stage.scale[0] == 0.0 {
            return Kind::Product;
        }
        Kind::Other
    }
}

/// Towns assessed that have at least one score.
fn scored(columns: &[Vec<f64>], assessed: &[bool]) -> Vec<bool> {
    let has_score = |town: usize| columns.iter().any(|column| !column[town].is_nan());
    assessed.iter().enumerate().map(|(town, &assessed)| assessed && has_score(town)).collect()
}

/// Least and greatest score of the columns; a mean with weights that sum to 1 stays between.
fn bounds(columns: &[Vec<f64>]) -> [f64; 2] {
    let scores = columns.iter().flatten().filter(|score| !score.is_nan());
    let start = [f64::INFINITY, f64::NEG_INFINITY];
    let found = scores.fold(start, |[low, high], &score| [low.min(score), high.max(score)]);
    if found[0] <= found[1] { found } else { [0.0, 0.0] }
}
