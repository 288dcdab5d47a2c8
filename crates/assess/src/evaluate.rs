//! The whole way from a table and a plan to an [`Evaluation`].

use std::collections::BTreeSet;

use crate::aggregate;
use crate::control::Control;
use crate::decide::{Judge, decimal};
use crate::digest::Digest;
use crate::error::{EvalError, Finding, Notice, NoticeCode};
use crate::json::{digest_of, to_json};
use crate::plan::{Aggregation, Plan};
use crate::rank::{ranks, tied};
use crate::reasons;
use crate::result::{Evaluation, LeafResult, NodeResult};
use crate::stage::{Choices, Stage, prepare};
use crate::table::{CellFlag, FINDING_LIMIT, Table, TownId};

/// Version of the engine, part of every result.
pub const ENGINE: &str = concat!("assess ", env!("CARGO_PKG_VERSION"));

/// Scores at every node, ranks, grades, selection and notices.
///
/// # Errors
/// [`EvalError::Plan`] with every finding of [`Plan::check`]; [`EvalError::Table`] for a table of another year
/// than the plan's, or with towns that lack the attribute of a quota; [`EvalError::Limit`] for too many cells;
/// [`EvalError::Value`] when a method cannot take a figure.
pub fn evaluate(table: &Table, plan: &Plan) -> Result<Evaluation, EvalError> {
    evaluate_with(table, plan, &Control::default())
}

/// As [`evaluate`], to be cancelled from outside. The control is asked before each column, node and part of a
/// digest.
///
/// # Errors
/// As [`evaluate`]; [`EvalError::Cancelled`].
pub fn evaluate_with(table: &Table, plan: &Plan, control: &Control) -> Result<Evaluation, EvalError> {
    check(table, plan)?;
    let stage = prepare(table, plan, &Choices::default(), control)?;
    let nodes = aggregate::node_scores(&stage, &stage.weights(), control)?;
    refuse_overflow(&stage, &nodes)?;
    let judge = Judge::new(table, plan, &stage);
    let totals = judge.totals(&nodes);
    let mut notices = stage.notices.clone();
    notices.extend(aggregate::notices(&stage, &nodes));
    size_notices(&stage, plan, &mut notices);
    let graded = judge.grade(&nodes, &totals);
    let positions: Vec<Option<u8>> = graded.iter().map(|g| g.grade.map(|k| k as u8)).collect();
    let placed = plan.select.is_some().then(|| judge.place(&nodes, &totals, &positions));
    reasons::decision_notices(plan, table, &graded, placed.as_ref(), &mut notices);
    let scale = stage.scale;
    let ids = table.towns();
    let mut evaluation = Evaluation {
        engine: ENGINE.to_owned(),
        plan: plan.clone(),
        input_digest: input_digest(table, plan, control)?,
        output_digest: String::new(),
        towns: ids.to_vec(),
        nodes: node_results(&stage, plan, &nodes, control)?,
        leaves: leaf_results(&stage, control)?,
        bonus: judge.bonus().to_vec(),
        deduction: judge.deduction().to_vec(),
        ranks: options(&ranks(&totals, scale, plan.steps.ties)),
        ties: plan.steps.ties,
        tied: tied(&totals, scale).into_iter().map(|group| named(ids, &group)).collect(),
        grades: graded
            .iter()
            .enumerate()
            .map(|(i, graded)| {
                let score = decimal(totals[i], plan.grades.rounding, scale);
                reasons::grade(plan, graded, judge.vetoes(i), score)
            })
            .collect(),
        selection: placed.as_ref().and_then(|placed| reasons::selection(plan, placed, &totals)),
        totals: options(&totals),
        notices,
    };
    evaluation.output_digest = digest_of(&evaluation, control)?;
    Ok(evaluation)
}

/// Fails with every finding against the plan, or against the table where the two do not fit.
pub(crate) fn check(table: &Table, plan: &Plan) -> Result<(), EvalError> {
    let findings = plan.check(&table.schema());
    if !findings.is_empty() {
        return Err(EvalError::Plan { findings });
    }
    if let (Some(planned), Some(given)) = (plan.year, table.year())
        && planned != given
    {
        let message = format!("方案用于 {planned} 年，数据表为 {given} 年，请核对");
        return Err(EvalError::table("wrong_year", "year", message));
    }
    let findings = unplaced(table, plan);
    if findings.is_empty() { Ok(()) } else { Err(EvalError::Table { findings }) }
}

/// Towns without the attribute a quota goes by.
fn unplaced(table: &Table, plan: &Plan) -> Vec<Finding> {
    let quotas = plan.select.iter().flat_map(|select| &select.quotas);
    let names: BTreeSet<&str> = quotas.map(|quota| quota.attribute.as_str()).collect();
    let blank = names.into_iter().flat_map(|name| {
        let values = table.attribute(name).unwrap_or(&[]).iter().zip(table.towns());
        values.filter(|(value, _)| value.trim().is_empty()).map(move |(_, town)| {
            let message = format!("没有填写“{name}”，不能按名额分配，请补充");
            Finding::new("missing_attribute", format!("{}/@{name}", town.0), message)
        })
    });
    blank.take(FINDING_LIMIT).collect()
}

/// SHA-256 of plan, names, years and figures, hexadecimal.
///
/// # Errors
/// [`EvalError::Cancelled`].
pub(crate) fn input_digest(table: &Table, plan: &Plan, control: &Control) -> Result<String, EvalError> {
    let mut digest = Digest::default();
    digest.take(to_json(plan).as_bytes());
    digest.take(b"\n");
    digest.take(table.digest_with(control)?.as_bytes());
    Ok(digest.hex())
}

/// Missing values become `None`; nothing else that is not finite gets here.
pub(crate) fn options(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|x| x.is_finite().then_some(*x + 0.0)).collect()
}

pub(crate) fn named(ids: &[TownId], positions: &[usize]) -> Vec<TownId> {
    positions.iter().map(|i| ids[*i].clone()).collect()
}

/// Scores beyond every scale are refused rather than handed out as missing.
fn refuse_overflow(stage: &Stage, nodes: &[Vec<f64>]) -> Result<(), EvalError> {
    for (node, scores) in stage.nodes.iter().zip(nodes) {
        if let Some(i) = scores.iter().position(|x| x.is_infinite()) {
            let (town, code) = (&stage.ids[i].0, &node.code);
            let message = format!("“{town}”的“{code}”得分超出可表示的范围，请检查数据");
            return Err(EvalError::value("overflow", Some(town), Some(code), message));
        }
    }
    Ok(())
}

fn size_notices(stage: &Stage, plan: &Plan, notices: &mut Vec<Notice>) {
    if stage.assessed.iter().filter(|a| **a).count() == 1 {
        notices.push(Notice::run(NoticeCode::SingleTown, "只有一个城镇参加，排名没有意义"));
    }
    if stage.nodes.iter().filter(|node| node.leaf.is_some()).count() == 1 {
        notices.push(Notice::run(NoticeCode::SingleIndicator, "只有一项指标参加，权重不起作用"));
    }
    if plan.select.as_ref().is_some_and(|select| select.count >= stage.towns) {
        notices.push(Notice::run(NoticeCode::EveryTownFits, "名额不少于城镇数，请核对名额"));
    }
}

/// Positions of the flat list in the order of results: the root, then its subtrees.
fn reading_order(stage: &Stage) -> Vec<usize> {
    let mut order = Vec::with_capacity(stage.nodes.len());
    let mut open = vec![stage.nodes.len() - 1];
    while let Some(at) = open.pop() {
        order.push(at);
        open.extend(stage.nodes[at].children.iter().rev());
    }
    order
}

fn node_results(
    stage: &Stage,
    plan: &Plan,
    scores: &[Vec<f64>],
    control: &Control,
) -> Result<Vec<NodeResult>, EvalError> {
    let global = global_weights(stage);
    reading_order(stage)
        .into_iter()
        .map(|at| {
            control.check()?;
            let node = &stage.nodes[at];
            Ok(NodeResult {
                code: node.code.clone(),
                name: node.name.clone(),
                parent: node.parent.map(|p| stage.nodes[p].code.clone()),
                weight: local_weight(stage, at),
                global_weight: global[at],
                scores: options(&scores[at]),
                ranks: options(&ranks(&scores[at], stage.scale, plan.steps.ties)),
                coverage: aggregate::coverage(stage, at, scores),
                weighting: node.weighting.clone(),
            })
        })
        .collect()
}

/// Weight of a node among its siblings; 1 for the root.
pub(crate) fn local_weight(stage: &Stage, at: usize) -> f64 {
    let Some(parent) = stage.nodes[at].parent else {
        return 1.0;
    };
    let parent = &stage.nodes[parent];
    let place = parent.children.iter().position(|child| *child == at);
    match (place, &parent.weighting) {
        (Some(place), Some(weighting)) => weighting.values[place],
        _ => 0.0,
    }
}

/// Product of local weights down the path, where every node above is an arithmetic mean.
fn global_weights(stage: &Stage) -> Vec<Option<f64>> {
    let mut global = vec![None; stage.nodes.len()];
    for at in (0..stage.nodes.len()).rev() {
        global[at] = match stage.nodes[at].parent {
            None => Some(1.0),
            Some(p) if stage.nodes[p].aggregation == Aggregation::Arithmetic => {
                global[p].map(|above: f64| above * local_weight(stage, at))
            }
            Some(_) => None,
        };
    }
    global
}

fn leaf_results(stage: &Stage, control: &Control) -> Result<Vec<LeafResult>, EvalError> {
    reading_order(stage)
        .into_iter()
        .filter_map(|at| {
            let node = &stage.nodes[at];
            let j = node.leaf?;
            let flags: &[CellFlag] = &stage.flags[j * stage.towns..(j + 1) * stage.towns];
            let figures = || options(stage.leaf_figures(j));
            let result = || LeafResult { code: node.code.clone(), figures: figures(), flags: flags.to_vec() };
            Some(control.check().map(|()| result()))
        })
        .collect()
}
