//! From counts to the result.

use super::histogram::BINS;
use super::noise::Figures;
use super::run::{Counts, wilson};
use super::single::single;
use super::study::Study;
use super::tally::{NO_RANK, Reference, Tally};
use super::worker::score;
use super::{RankCounts, Robustness, TownRobustness};
use crate::control::Control;
use crate::digest::Digest;
use crate::error::{EvalError, Notice, NoticeCode};
use crate::evaluate::{ENGINE, input_digest};
use crate::json::{digest_of, to_json};
use crate::kernel::select::TopOf;
use crate::maths::ln;
use crate::uncertainty::{UncertainInput, Uncertainty};

/// Most towns for which every share of the rank acceptability is handed out.
const SHOWN_RANKS: usize = 256;
/// Towns whose confidence factor is found.
const CONFIDENT: usize = 64;
/// Draws of figures behind a confidence factor.
const CONFIDENT_DRAWS: u32 = 200;
/// Towns between two looks at the control.
const CHECKED: usize = 1_024;
/// Share of draws beyond which a flip is listed.
const UNSTEADY: f64 = 0.05;

pub(super) fn report(
    study: &Study<'_>,
    uncertainty: &Uncertainty,
    reference: &Reference,
    counts: Counts,
    control: &Control,
) -> Result<Robustness, EvalError> {
    let Counts { tally, failure, draws } = &counts;
    let kind = kind(tally);
    let page = Page { study, reference, tally, kind };
    let confidence = page.confidence(control)?;
    let mut towns: Vec<TownRobustness> = Vec::with_capacity(tally.sizes.towns);
    for (town, confidence) in confidence.into_iter().enumerate() {
        if town % CHECKED == 0 {
            control.check()?;
        }
        towns.push(page.town(town, confidence));
    }
    let unsteady = towns.iter().filter(|town| town.flips > UNSTEADY);
    let mut result = Robustness {
        engine: ENGINE.to_owned(),
        input_digest: digest(study, uncertainty, control)?,
        output_digest: String::new(),
        varied: uncertainty.inputs.clone(),
        fixed: fixed(study, uncertainty),
        seed: uncertainty.seed,
        draws: *draws,
        failed_draws: tally.failed as u32,
        tied_draws: tally.tied as u32,
        acceptability: kind,
        grades: study.plan.grades.grades.iter().map(|grade| grade.code.clone()).collect(),
        weights: weight_names(study),
        rank_shift: (tally.shifts > 0).then(|| tally.shift as f64 / tally.shifts as f64),
        cross_entropy: page.cross_entropy(),
        unsteady: unsteady.map(|town| town.town.clone()).collect(),
        towns,
        notices: notices(tally, failure.as_ref()),
    };
    result.output_digest = digest_of(&result, control)?;
    Ok(result)
}

/// SHA-256 of table, plan and uncertainty.
///
/// # Errors
/// [`EvalError::Cancelled`].
pub(crate) fn digest(
    study: &Study<'_>,
    uncertainty: &Uncertainty,
    control: &Control,
) -> Result<String, EvalError> {
    let mut digest = Digest::default();
    digest.take(input_digest(study.table, study.plan, control)?.as_bytes());
    digest.take(b"\n");
    digest.take(to_json(uncertainty).as_bytes());
    Ok(digest.hex())
}

fn kind(tally: &Tally) -> RankCounts {
    if tally.sizes.top_only {
        RankCounts::First
    } else if tally.sizes.towns <= SHOWN_RANKS {
        RankCounts::Ranks
    } else {
        RankCounts::Bins
    }
}

fn notices(tally: &Tally, failure: Option<&EvalError>) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Some(error) = failure {
        let message = format!("{} 次抽样未能计算，不计入结果：{error}", tally.failed);
        notices.push(Notice::run(NoticeCode::FailedDraws, message));
    }
    if tally.tied > 0 {
        let message = format!("{} 次抽样在入选分数线上并列，并列城镇不计为入选", tally.tied);
        notices.push(Notice::run(NoticeCode::TieAtCut, message));
    }
    notices
}

/// Names of the local weights in their row: `parent/child`.
pub(crate) fn weight_names(study: &Study<'_>) -> Vec<String> {
    let groups = study.inputs.layout.groups.iter();
    let names = groups.flat_map(|group| group.children.iter().map(|child| format!("{}/{child}", group.code)));
    names.collect()
}

/// What stayed as the plan says, in words.
pub(crate) fn fixed(study: &Study<'_>, uncertainty: &Uncertainty) -> Vec<String> {
    use UncertainInput as Input;
    let has = |wanted: fn(&Input) -> bool| uncertainty.inputs.iter().any(wanted);
    let groups = study.inputs.layout.groups.iter().zip(&study.inputs.weights);
    let weighed = groups.filter(|(_, distribution)| distribution.is_none());
    let mut fixed: Vec<String> = weighed.map(|(group, _)| format!("“{}”下各项权重", group.code)).collect();
    fixed.extend(methods(study, uncertainty, "赋权方法", |input| match input {
        Input::Weighting { node, .. } => Some(node),
        _ => None,
    }));
    fixed.extend(methods(study, uncertainty, "合成方法", |input| match input {
        Input::Aggregation { node, .. } => Some(node),
        _ => None,
    }));
    let aspects: [(bool, &str); 5] = [
        (has(|input| matches!(input, Input::Normalisation { .. })), "标准化方法"),
        (has(|input| matches!(input, Input::Missing { .. })), "缺失值规则"),
        (has(|input| matches!(input, Input::Treatment { .. })), "异常值处理"),
        (has(|input| matches!(input, Input::LeaveOut { .. })), "指标取舍"),
        (has(|input| matches!(input, Input::ImputationDraw { .. })), "填补值"),
    ];
    fixed.extend(aspects.iter().filter(|(varied, _)| !varied).map(|(_, name)| (*name).to_owned()));
    let measured = |column: &str| {
        let varies = |input: &Input| matches!(input, Input::Measurement { column: one, .. } if one == column);
        uncertainty.inputs.iter().any(varies)
    };
    let columns = study.table.leaves().iter().filter(|column| !measured(&column.0)).count();
    if columns > 0 {
        fixed.push(format!("{columns} 列数据的测量误差"));
    }
    fixed
}

/// A method that stays: at all, or at the groups no input names.
fn methods(
    study: &Study<'_>,
    uncertainty: &Uncertainty,
    name: &str,
    node_of: fn(&UncertainInput) -> Option<&Option<String>>,
) -> Vec<String> {
    let nodes: Vec<&Option<String>> = uncertainty.inputs.iter().filter_map(node_of).collect();
    if nodes.is_empty() {
        return vec![name.to_owned()];
    }
    let varies = |code: &str| nodes.iter().any(|node| node.as_deref().is_none_or(|node| node == code));
    let left = study.inputs.layout.groups.iter().filter(|group| !varies(group.code));
    left.map(|group| format!("“{}”的{name}", group.code)).collect()
}

struct Page<'s, 'a> {
    study: &'s Study<'a>,
    reference: &'s Reference,
    tally: &'s Tally,
    kind: RankCounts,
}

impl Page<'_, '_> {
    fn share(&self, count: u32) -> f64 {
        if self.tally.draws == 0 { 0.0 } else { f64::from(count) / self.tally.draws as f64 }
    }

    fn town(&self, town: usize, confidence: Option<f64>) -> TownRobustness {
        let tally = self.tally;
        let rank = self.reference.ranks[town];
        let selects = self.study.plan.select.is_some();
        let count = u64::from(tally.selected[town]);
        let grades = tally.sizes.grades;
        TownRobustness {
            town: self.study.table.towns()[town].clone(),
            reference_rank: (rank != NO_RANK).then(|| f64::from(rank) + 1.0),
            mean_rank: self.mean_rank(town),
            rank_quantiles: self.quantiles(town),
            acceptability: self.acceptability(town),
            first_ranks: self.first_ranks(town),
            selected: selects.then(|| self.share(tally.selected[town])),
            selected_interval: selects.then(|| wilson(count, tally.draws)),
            grades: tally.grades[town * grades..][..grades].iter().map(|&count| self.share(count)).collect(),
            flips: self.flips(town),
            beats_next: self.beats_next(town),
            central_weights: tally.central(town as u32),
            confidence,
        }
    }

    fn mean_rank(&self, town: usize) -> Option<f64> {
        let ranked = self.tally.ranked(town)?;
        (ranked > 0).then(|| self.tally.rank_sums[town] as f64 / f64::from(ranked) + 1.0)
    }

    /// Times the town had each rank, or a rank in each bin.
    fn cells(&self, town: usize) -> Vec<u32> {
        let ranks = &self.tally.ranks;
        if self.tally.every_rank() { ranks.first(town).to_vec() } else { ranks.bins(town) }
    }

    fn quantiles(&self, town: usize) -> Option<[f64; 5]> {
        let ranked = self.tally.ranked(town).filter(|ranked| *ranked > 0)?;
        let cells = self.cells(town);
        let every = self.tally.every_rank();
        let width = self.tally.sizes.towns as f64 / cells.len() as f64;
        Some([0.05, 0.25, 0.5, 0.75, 0.95].map(|share| {
            let wanted = ((share * f64::from(ranked)).ceil() as u64).max(1);
            let (mut before, mut cell) = (0, 0);
            while before + u64::from(cells[cell]) < wanted {
                before += u64::from(cells[cell]);
                cell += 1;
            }
            if every {
                return cell as f64 + 1.0;
            }
            let part = (wanted - before) as f64 / f64::from(cells[cell]);
            (1.0 + width * (cell as f64 + part)).min(self.tally.sizes.towns as f64)
        }))
    }

    fn acceptability(&self, town: usize) -> Vec<f64> {
        let shares = |counts: &[u32]| counts.iter().map(|&count| self.share(count)).collect();
        match self.kind {
            RankCounts::Ranks => shares(&self.cells(town)),
            RankCounts::First => self.shares_without_tail(self.first(town)),
            RankCounts::Bins => {
                let mut bins = [0; BINS];
                let cells = self.cells(town);
                for (cell, count) in cells.iter().enumerate() {
                    bins[cell * BINS / cells.len()] += count;
                }
                shares(&bins)
            }
        }
    }

    /// Times the town had each of the first ranks.
    fn first(&self, town: usize) -> &[u32] {
        &self.tally.ranks.first(town)[..self.tally.sizes.top]
    }

    fn first_ranks(&self, town: usize) -> Vec<f64> {
        match self.kind {
            RankCounts::Bins => self.shares_without_tail(self.first(town)),
            _ => Vec::new(),
        }
    }

    /// Shares up to the last one above 0: most towns never reach the first ranks.
    fn shares_without_tail(&self, counts: &[u32]) -> Vec<f64> {
        let length = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        counts[..length].iter().map(|&count| self.share(count)).collect()
    }

    fn flips(&self, town: usize) -> f64 {
        if self.tally.sizes.grades > 0 {
            return self.share(self.tally.flips[town]);
        }
        let selected = self.tally.selected[town];
        let flipped =
            if self.reference.selected[town] { self.tally.draws as u32 - selected } else { selected };
        self.share(flipped)
    }

    fn beats_next(&self, town: usize) -> Option<f64> {
        if self.reference.next[town] as usize == town {
            return None;
        }
        let beats = *self.tally.beats.get(town)?;
        (self.tally.draws > 0).then(|| f64::from(beats) / (2 * self.tally.draws) as f64)
    }

    /// With every rank counted: Σ over the ranked towns of −log₂ P(reference rank), divided by their number.
    fn cross_entropy(&self) -> Option<f64> {
        if !self.tally.every_rank() {
            return None;
        }
        let towns = self.tally.sizes.towns as f64;
        let surprise = |town: usize| {
            let rank = self.reference.ranks[town];
            let ranked = self.tally.ranked(town).unwrap_or(0);
            let counted = ranked > 0 && rank != NO_RANK;
            counted.then(|| {
                let count = f64::from(self.cells(town)[rank as usize]) + 0.5;
                let all = f64::from(ranked) + 0.5 * towns;
                -ln(count / all) / std::f64::consts::LN_2
            })
        };
        let found: Vec<f64> = (0..self.tally.sizes.towns).filter_map(surprise).collect();
        (!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64)
    }

    /// P(first) under the town's own central weights, for the towns that are first most often.
    fn confidence(&self, control: &Control) -> Result<Vec<Option<f64>>, EvalError> {
        let mut confidence = vec![None; self.tally.sizes.towns];
        let mut firsts: Vec<(u64, u32)> =
            self.tally.first.iter().map(|(town, (count, _))| (*count, *town)).collect();
        firsts.sort_by_key(|&(count, town)| (std::cmp::Reverse(count), town));
        firsts.truncate(CONFIDENT);
        let centres = firsts.iter().filter_map(|&(_, town)| Some((town, self.tally.central(town)?)));
        let centres: Vec<(u32, Vec<f64>)> = centres.collect();
        if let Some(shares) = self.first_together(&centres, control)? {
            for ((town, _), share) in centres.iter().zip(shares) {
                confidence[*town as usize] = Some(share);
            }
            return Ok(confidence);
        }
        for (town, weights) in &centres {
            confidence[*town as usize] = self.first_under(*town as usize, weights, control)?;
        }
        Ok(confidence)
    }

    /// As [`Page::first_under`] for all towns in one pass over the matrix, where every combination allows it.
    fn first_together(
        &self,
        centres: &[(u32, Vec<f64>)],
        control: &Control,
    ) -> Result<Option<Vec<f64>>, EvalError> {
        let study = self.study;
        if study.draws_figures() || study.adjust.is_some() {
            return Ok(None);
        }
        let mut firsts = vec![0u32; centres.len()];
        let combinations = study.inputs.combinations();
        for combination in 0..combinations {
            control.check()?;
            let Ok(prepared) = study.prepared(combination) else { return Ok(None) };
            let scenario = &prepared.scenario;
            let Some(grid) = prepared.grid.filter(|_| scenario.assessed.iter().all(|town| *town)) else {
                return Ok(None);
            };
            let mut weights = vec![0.0; centres.len() * scenario.columns];
            let rows = weights.chunks_exact_mut(scenario.columns).zip(centres);
            for (row, (_, local)) in rows {
                if !scenario.weights(local, &mut Vec::new(), row) {
                    return Ok(None);
                }
            }
            let mut top = TopOf::new(grid, self.tally.sizes.towns, 1, centres.len());
            score(study, control, scenario, Some(grid), &weights, &mut top);
            control.check()?;
            let mut places = Vec::new();
            for (draw, (town, _)) in centres.iter().enumerate() {
                top.places(draw, &mut places);
                firsts[draw] += u32::from(places.iter().any(|place| place.town == *town));
            }
        }
        let all = combinations as f64;
        Ok(Some(firsts.into_iter().map(|first| f64::from(first) / all).collect()))
    }

    fn first_under(&self, town: usize, weights: &[f64], control: &Control) -> Result<Option<f64>, EvalError> {
        let (mut first, mut all) = (0u32, 0u32);
        let mut add = |ranks: Result<Vec<u32>, EvalError>| match ranks {
            Ok(ranks) => {
                first += u32::from(ranks[town] == 0);
                all += 1;
                Ok(())
            }
            Err(EvalError::Cancelled) => Err(EvalError::Cancelled),
            Err(_) => Ok(()),
        };
        let study = self.study;
        if study.draws_figures() {
            for draw in 0..CONFIDENT_DRAWS.min(self.tally.draws as u32) {
                control.check()?;
                let figures = Figures::new(study.table, &study.inputs.data, study.seed, |_| draw);
                let combination = study.draws().combination(draw);
                let ranks = study.with_figures(&figures, combination, |prepared| {
                    single(study, prepared, weights, control).map(|single| single.ranks)
                });
                add(ranks.and_then(|ranks| ranks))?;
            }
        } else {
            for combination in 0..study.inputs.combinations() {
                control.check()?;
                if let Ok(prepared) = study.prepared(combination) {
                    add(single(study, prepared, weights, control).map(|single| single.ranks))?;
                }
            }
        }
        Ok((all > 0).then(|| f64::from(first) / f64::from(all)))
    }
}
