//! One set of weights at a time: the reference ranking, and towns under their central weights.

use super::keyed::{ScoreRows, keys_of};
use super::scenario::Form;
use super::study::{Prepared, Study};
use super::tally::{NO_RANK, Reference};
use super::tree;
use super::verdict::{Totals, Verdict, Verdicts};
use super::worker::score;
use crate::control::Control;
use crate::error::EvalError;
use crate::kernel::rank::Ranker;

/// Ranks from 0, grades and selection under one row of local weights.
pub(crate) struct Single {
    pub(crate) ranks: Vec<u32>,
    pub(crate) verdict: Verdict,
}

/// # Errors
/// As scoring node by node; weights that sum to nothing; [`EvalError::Cancelled`].
pub(crate) fn single(
    study: &Study<'_>,
    prepared: &Prepared<'_>,
    local: &[f64],
    control: &Control,
) -> Result<Single, EvalError> {
    let scenario = &prepared.scenario;
    let scale = study.plan.steps.scale;
    let towns = scenario.assessed.len();
    let mut verdict = Verdict::new(towns);
    let totals = match &scenario.form {
        Form::Tree(stage) => {
            let nodes = tree::scores(stage, &scenario.groups, local)?;
            let root = &nodes[nodes.len() - 1];
            match &prepared.judge {
                None => adjusted(study, root),
                Some(judge) => {
                    let totals = judge.totals(&nodes);
                    let grades = judge.grades(&nodes, &totals);
                    verdict.take(&grades, &judge.select(&nodes, &totals, &grades));
                    totals
                }
            }
        }
        _ => {
            let mut weights = vec![0.0; scenario.columns];
            if !scenario.weights(local, &mut Vec::new(), &mut weights) {
                let message = "权重合计为零，请调整不确定性设定";
                return Err(EvalError::value("no_weight", None, None, message));
            }
            let mut scores = vec![0.0; towns];
            let mut rows = ScoreRows { towns, scores: &mut scores };
            score(study, control, scenario, None, &weights, &mut rows);
            control.check()?;
            let known = scores.iter_mut().zip(&scenario.assessed);
            known.filter(|(_, assessed)| !**assessed).for_each(|(score, _)| *score = f64::NAN);
            adjusted(study, &scores)
        }
    };
    let mut keys = vec![0; towns];
    let map = keys_of(&totals, scale, &mut keys);
    let assessed: Vec<bool> = totals.iter().map(|total| total.is_finite()).collect();
    let ranks = ranks(&keys, &assessed);
    if let Some(rules) = &study.simple {
        let totals = Totals {
            keys: &keys,
            map: &map,
            ranks: &ranks,
            assessed: &assessed,
            all: assessed.iter().all(|assessed| *assessed),
        };
        Verdicts::new(rules).judge(&totals, &mut verdict);
    }
    Ok(Single { ranks, verdict })
}

fn adjusted(study: &Study<'_>, scores: &[f64]) -> Vec<f64> {
    let total = |(town, &score): (usize, &f64)| match &study.adjust {
        Some(adjust) if !score.is_nan() => adjust.total(town, score),
        _ => score,
    };
    scores.iter().enumerate().map(total).collect()
}

fn ranks(keys: &[u32], assessed: &[bool]) -> Vec<u32> {
    let mut ranks = vec![0; keys.len()];
    Ranker::default().rank(keys, &mut ranks);
    let towns = ranks.iter_mut().zip(assessed);
    towns.filter(|(_, assessed)| !**assessed).for_each(|(rank, _)| *rank = NO_RANK);
    ranks
}

/// The plan as it stands: what every draw is compared with.
///
/// # Errors
/// As [`single`].
pub(crate) fn reference(study: &Study<'_>, control: &Control) -> Result<Reference, EvalError> {
    let prepared = study.nominal();
    let local = prepared.scenario.nominal.clone();
    let Single { ranks, verdict } = single(study, prepared, &local, control)?;
    let mut order: Vec<u32> =
        (0..ranks.len() as u32).filter(|&town| ranks[town as usize] != NO_RANK).collect();
    order.sort_by_key(|&town| (ranks[town as usize], town));
    let mut next: Vec<u32> = (0..ranks.len() as u32).collect();
    order.windows(2).for_each(|pair| next[pair[0] as usize] = pair[1]);
    Ok(Reference { ranks, grades: verdict.grades, selected: verdict.selected, next })
}
