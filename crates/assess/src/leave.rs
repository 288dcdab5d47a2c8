//! Leave one out: how the ranking moves without each node.

use serde::{Deserialize, Serialize};

use crate::aggregate;
use crate::control::Control;
use crate::decide::Judge;
use crate::error::EvalError;
use crate::evaluate::{check, named, options};
use crate::plan::{Plan, TieMethod};
use crate::rank::ranks;
use crate::stage::{Choices, prepare};
use crate::table::{Table, TownId};

/// The ranking without one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Code of the node left out.
    pub node: String,
    /// Mean |rank − rank with everything| (Saisana et al. 2005); `null` if it failed.
    pub rank_shift: Option<f64>,
    /// Ranks without the node, in the table's order; empty if it failed.
    pub ranks: Vec<Option<f64>>,
    /// Towns selected only without the node.
    pub enter: Vec<TownId>,
    /// Towns selected only with the node.
    pub leave: Vec<TownId>,
    /// Why it failed: the plan cannot do without the node.
    pub failure: Option<String>,
}

/// Leaves out every node below the root in turn, in tree order.
///
/// # Errors
/// As [`crate::evaluate`]; [`EvalError::Cancelled`].
pub fn leave_one_out(table: &Table, plan: &Plan, control: &Control) -> Result<Vec<LeftOut>, EvalError> {
    check(table, plan)?;
    let whole = run(table, plan, &Choices::default(), control)?;
    let codes = codes(plan);
    let mut found = Vec::with_capacity(codes.len());
    for (k, code) in codes.iter().enumerate() {
        control.check()?;
        control.report(k as u64, codes.len() as u64);
        let choices = Choices { without: vec![code.clone()], ..Choices::default() };
        found.push(match run(table, plan, &choices, control) {
            Ok(part) => compare(table, code, &whole, &part),
            Err(EvalError::Cancelled) => return Err(EvalError::Cancelled),
            Err(error) => LeftOut {
                node: code.clone(),
                rank_shift: None,
                ranks: Vec::new(),
                enter: Vec::new(),
                leave: Vec::new(),
                failure: Some(error.to_string()),
            },
        });
    }
    control.report(codes.len() as u64, codes.len() as u64);
    Ok(found)
}

struct Outcome {
    ranks: Vec<f64>,
    selected: Vec<bool>,
}

fn run(table: &Table, plan: &Plan, choices: &Choices, control: &Control) -> Result<Outcome, EvalError> {
    let stage = prepare(table, plan, choices, control)?;
    let nodes = aggregate::node_scores(&stage, &stage.weights(), control)?;
    let judge = Judge::new(table, plan, &stage);
    let totals = judge.totals(&nodes);
    let grades = judge.grades(&nodes, &totals);
    let places = judge.select(&nodes, &totals, &grades);
    Ok(Outcome {
        ranks: ranks(&totals, stage.scale, TieMethod::Average),
        selected: places.iter().map(|p| *p == crate::result::Outcome::Selected).collect(),
    })
}

fn compare(table: &Table, code: &str, whole: &Outcome, part: &Outcome) -> LeftOut {
    let pick = |in_it: &dyn Fn(usize) -> bool| {
        let rows: Vec<usize> = (0..table.towns().len()).filter(|i| in_it(*i)).collect();
        named(table.towns(), &rows)
    };
    let shifts: Vec<f64> =
        whole.ranks.iter().zip(&part.ranks).map(|(a, b)| (a - b).abs()).filter(|d| !d.is_nan()).collect();
    LeftOut {
        node: code.to_owned(),
        rank_shift: crate::statistics::mean(&shifts),
        ranks: options(&part.ranks),
        enter: pick(&|i| part.selected[i] && !whole.selected[i]),
        leave: pick(&|i| whole.selected[i] && !part.selected[i]),
        failure: None,
    }
}

fn codes(plan: &Plan) -> Vec<String> {
    let mut codes = Vec::new();
    let mut open: Vec<_> = plan.tree.root.children.iter().rev().collect();
    while let Some(node) = open.pop() {
        codes.push(node.code.clone());
        open.extend(node.children.iter().rev());
    }
    codes
}
