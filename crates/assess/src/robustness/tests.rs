//! Small cases with known answers, and the promise of the same bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::control::Control;
use crate::digest::sha256_hex;
use crate::json::to_json;
use crate::kernel::dispatch::Width;
use crate::random::{Purpose, Stream};
use crate::table::{LeafId, TownId};

/// A table of figures already on [0, 1], town after town.
pub(crate) fn table(rows: &[&[f64]]) -> Table {
    let towns = (0..rows.len()).map(|town| TownId(format!("t{town}"))).collect();
    let leaves = (0..rows[0].len()).map(|leaf| LeafId(format!("c{leaf}"))).collect();
    let cells = (0..rows[0].len())
        .flat_map(|leaf| rows.iter().map(move |row| (!row[leaf].is_nan()).then_some(row[leaf])));
    Table::new(towns, leaves, cells.collect()).expect("a table")
}

/// A plan of leaves under one root; `more` are further members of the plan.
pub(crate) fn plan(leaves: usize, more: &str) -> Plan {
    plan_with(leaves, r#","leaf":{"normalisation":"none"}"#, more)
}

/// As [`plan`], with other words in each leaf.
fn plan_with(leaves: usize, leaf: &str, more: &str) -> Plan {
    let children: Vec<String> = (0..leaves).map(|at| format!(r#"{{"code":"c{at}"{leaf}}}"#)).collect();
    let text = format!(
        r#"{{"name":"p","tree":{{"code":"root","children":[{}]}},
            "steps":{{"scale":[0,1],"weights":"equal"}}{more}}}"#,
        children.join(",")
    );
    serde_json::from_str(&text).expect("a plan")
}

pub(crate) fn uncertainty(inputs: &str, draws: u32) -> Uncertainty {
    let text = format!(r#"{{"inputs":[{inputs}],"draws":{draws},"seed":7}}"#);
    serde_json::from_str(&text).expect("an uncertainty")
}

fn run_it(table: &Table, plan: &Plan, uncertainty: &Uncertainty) -> Robustness {
    robustness(table, plan, uncertainty, &Control::default()).expect("a result")
}

const UNIFORM: &str = r#"{"weights_uniform":{}}"#;

fn random_table(towns: usize, leaves: usize) -> Table {
    let stream = Stream::new(5, Purpose::Measurement, 0, 0);
    let cells: Vec<f64> = (0..(towns * leaves) as u32).map(|cell| stream.uniform(cell)).collect();
    table(&cells.chunks_exact(leaves).collect::<Vec<_>>())
}

/// Uniform weights: P(i beats j) = Σ over d_a > 0 of Π_{b≠a} d_a / (d_a − d_b), d = u_i − u_j.
#[test]
fn pairwise_winning_agrees_with_the_closed_form() {
    let rows = [[0.9, 0.2, 0.5], [0.4, 0.65, 0.6]];
    let found = run_it(&table(&[&rows[0], &rows[1]]), &plan(3, ""), &uncertainty(UNIFORM, 40_000));
    let d: Vec<f64> = rows[0].iter().zip(rows[1]).map(|(one, other)| one - other).collect();
    let term = |a: usize| -> f64 { (0..3).filter(|&b| b != a).map(|b| d[a] / (d[a] - d[b])).product() };
    let exact: f64 = (0..3).filter(|&a| d[a] > 0.0).map(term).sum();
    let first = found.towns[0].acceptability[0];
    assert!((first - exact).abs() < 0.01, "{first} {exact}");
    let better = found.towns.iter().find_map(|town| town.beats_next).expect("a neighbour");
    assert!((better - exact.max(1.0 - exact)).abs() < 0.01, "{better} {exact}");
}

/// Two criteria, weights (w, 1 − w) with w uniform: every index follows by hand from the crossing points
/// (definitions of Lahdelma & Salminen 2001).
#[test]
fn acceptability_and_central_weights_agree_with_two_criteria_by_hand() {
    // Scores: a = w, b = 1 − w, c = 0.6. a is first for w > 0.6, b for w < 0.4, c between.
    let found = run_it(
        &table(&[&[1.0, 0.0], &[0.0, 1.0], &[0.6, 0.6]]),
        &plan(2, r#","select":{"count":2}"#),
        &uncertainty(UNIFORM, 40_000),
    );
    let expected = [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]];
    for (town, expected) in found.towns.iter().zip(expected) {
        for (share, expected) in town.acceptability.iter().zip(expected) {
            assert!((share - expected).abs() < 0.01, "{town:?}");
        }
        assert!((town.acceptability.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    let selected: Vec<f64> = found.towns.iter().filter_map(|town| town.selected).collect();
    assert!((selected.iter().sum::<f64>() - 2.0).abs() < 1e-12);
    assert_eq!(selected[2], 1.0);
    let central = |town: usize| found.towns[town].central_weights.clone().expect("first at times");
    assert!((central(0)[0] - 0.8).abs() < 0.005 && (central(1)[0] - 0.2).abs() < 0.005);
    assert!((central(2)[0] - 0.5).abs() < 0.005);
    assert!(found.towns.iter().all(|town| town.confidence == Some(1.0)));
    assert_eq!(found.towns[2].reference_rank, Some(1.0));
    assert_eq!(found.weights, ["root/c0", "root/c1"]);
}

#[test]
fn a_dominated_town_is_never_first_and_a_dominating_one_always() {
    let found =
        run_it(&table(&[&[0.9, 0.8], &[0.1, 0.2], &[0.5, 0.5]]), &plan(2, ""), &uncertainty(UNIFORM, 1_000));
    assert_eq!(found.towns[0].acceptability, [1.0, 0.0, 0.0]);
    assert_eq!(found.towns[1].acceptability, [0.0, 0.0, 1.0]);
    assert_eq!(found.towns[1].central_weights, None);
    assert_eq!(found.rank_shift, Some(0.0));
    assert!(found.cross_entropy.expect("every rank") < 0.01);
    assert_eq!(found.towns[2].rank_quantiles, Some([2.0; 5]));
    assert!(found.unsteady.is_empty());
}

#[test]
fn equal_towns_tie_and_neither_is_selected() {
    let found = run_it(
        &table(&[&[0.5, 0.5], &[0.5, 0.5], &[0.1, 0.1]]),
        &plan(2, r#","select":{"count":1}"#),
        &uncertainty(UNIFORM, 500),
    );
    assert_eq!(found.tied_draws, 500);
    assert!(found.towns.iter().all(|town| town.selected == Some(0.0)));
    assert_eq!(found.towns[0].beats_next, Some(0.5));
    assert_eq!(found.towns[1].mean_rank, Some(1.0));
}

/// With first places only, what is counted is what a full run counts.
#[test]
fn first_places_agree_with_full_ranking() {
    let table = random_table(700, 9);
    let plan = plan(9, r#","select":{"count":20}"#);
    let mut uncertainty = uncertainty(UNIFORM, 600);
    let all = run_it(&table, &plan, &uncertainty);
    uncertainty.detail = Detail::First;
    let first = run_it(&table, &plan, &uncertainty);
    assert_eq!(first.acceptability, RankCounts::First);
    for (all, first) in all.towns.iter().zip(&first.towns) {
        assert_eq!(all.selected, first.selected);
        assert_eq!(all.first_ranks, first.acceptability);
        assert_eq!(all.central_weights, first.central_weights);
        assert_eq!(all.flips, first.flips);
    }
}

/// The kernels and scoring node by node are two ways to one result.
#[test]
fn fast_forms_agree_with_scoring_node_by_node() {
    let table = random_table(40, 5);
    let methods = ["\"arithmetic\"", r#"{"geometric":{}}"#, "\"topsis\""];
    for method in methods {
        let text = to_json(&plan(5, r#","select":{"count":7}"#));
        let text = text.replacen("\"arithmetic\"", method, 1);
        let fast: Plan = serde_json::from_str(&text).expect("a plan");
        let mut slow = fast.clone();
        // A floor nobody can miss makes the nodes' scores count.
        let floor = r#"{"node":"c0","at_least":"0"}"#;
        let rules = slow.select.as_mut().expect("selects");
        rules.floors = vec![serde_json::from_str(floor).expect("a floor")];
        let uncertainty = uncertainty(UNIFORM, 400);
        let [fast, slow] = [fast, slow].map(|plan| run_it(&table, &plan, &uncertainty));
        assert_eq!(fast.towns, slow.towns, "{method}");
    }
}

const MIXED: &str = r#"{"weights_relative":{"delta":0.4}},
    {"normalisation":{"options":["min_max",{"z_score":{"mean":0.5,"sd":0.1}},"rank"]}},
    {"aggregation":{"options":["arithmetic","topsis",{"power":{"p":2}}]}},
    {"leave_out":{"nodes":["c1","c2"]}}"#;

fn mixed_plan() -> Plan {
    let more = r#","select":{"count":5},"grades":{"grades":[
        {"code":"a","best_share":"0.2"},{"code":"b","at_least":"0.4"},{"code":"c"}]}"#;
    plan_with(6, r#","leaf":{}"#, more)
}

#[test]
fn mixed_choices_count_every_draw_once() {
    let found = run_it(&random_table(30, 6), &mixed_plan(), &uncertainty(MIXED, 3_000));
    assert_eq!(found.draws, 3_000);
    let counted = 1.0 - f64::from(found.failed_draws) / 3_000.0;
    assert!(counted > 0.5);
    for town in &found.towns {
        assert!((town.acceptability.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!((town.grades.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
    let best: f64 = found.towns.iter().map(|town| town.grades[0]).sum();
    assert!(best <= 6.0 + 1e-9, "never more than the quota: {best}");
    assert!(found.fixed.iter().any(|line| line == "缺失值规则"));
}

#[test]
fn what_stays_as_the_plan_says_is_listed_group_by_group() {
    let leaf = |code: &str| format!(r#"{{"code":"{code}","leaf":{{"normalisation":"none"}}}}"#);
    let text = format!(
        r#"{{"name":"p","steps":{{"scale":[0,1],"weights":"equal"}},"tree":{{"code":"root","children":[
            {{"code":"g","children":[{},{}]}},{}]}}}}"#,
        leaf("c0"),
        leaf("c1"),
        leaf("c2")
    );
    let plan: Plan = serde_json::from_str(&text).expect("a plan");
    let inputs = r#"{"weights_uniform":{"node":"root"}},{"aggregation":{"node":"g","options":["minimum"]}}"#;
    let found = run_it(&random_table(5, 3), &plan, &uncertainty(inputs, 20));
    let has = |line: &str| found.fixed.iter().any(|one| one == line);
    assert!(
        has("“g”下各项权重") && has("“root”的合成方法") && has("赋权方法") && has("标准化方法"),
        "{:?}",
        found.fixed
    );
    assert!(!has("“root”下各项权重") && !has("“g”的合成方法") && !has("合成方法"), "{:?}", found.fixed);
}

#[test]
fn figures_with_error_and_drawn_imputations_run() {
    let gap = f64::NAN;
    let table = table(&[&[0.9, 0.5], &[0.5, gap], &[0.2, 0.4], &[0.1, 0.6]]);
    let inputs = r#"{"measurement":{"column":"c0","sd":0.05}},{"imputation_draw":{"column":"c1"}}"#;
    let found = run_it(&table, &plan(2, r#","select":{"count":1}"#), &uncertainty(inputs, 400));
    assert!(found.towns[0].selected.expect("selects") > 0.9);
    assert!(found.towns[1].acceptability[1] > 0.5);
    assert!(found.towns[0].confidence.is_some());
}

#[test]
fn threads_widths_and_blocks_change_no_byte() {
    let table = random_table(300, 6);
    let plan = mixed_plan();
    let uncertainty = uncertainty(MIXED, 700);
    let one = to_json(&run_it(&table, &plan, &uncertainty));
    for threads in [2, 8] {
        let control = Control::with_threads(threads);
        let other = robustness(&table, &plan, &uncertainty, &control).expect("a result");
        assert_eq!(one, to_json(&other), "{threads} threads");
    }
    let inputs = Inputs::new(&table, &plan, &uncertainty).expect("inputs");
    for width in Width::ALL.into_iter().filter(|width| width.is_available()) {
        let mut study =
            Study::new(&table, &plan, &inputs, uncertainty.seed, &Control::default()).expect("a study");
        study.width = width;
        let other = run(&study, &uncertainty, &Control::default()).expect("a result");
        assert_eq!(one, to_json(&other), "{width:?}");
    }
}

#[test]
fn the_stop_rule_ends_early_and_keeps_the_first_draws() {
    let table = random_table(20, 3);
    let plan = plan(3, r#","select":{"count":5}"#);
    let mut uncertainty = uncertainty(UNIFORM, 100_000);
    uncertainty.stop = Some(crate::uncertainty::StopRule { half_width: 0.02 });
    let stopped = run_it(&table, &plan, &uncertainty);
    assert!(stopped.draws < 4_000 && stopped.draws >= 1_024, "{}", stopped.draws);
    uncertainty.stop = None;
    uncertainty.draws = stopped.draws;
    assert_eq!(stopped.towns, run_it(&table, &plan, &uncertainty).towns);
}

#[test]
fn a_cancelled_run_gives_nothing() {
    let table = random_table(200, 5);
    let control = Control::default();
    let flag = Arc::clone(&control.cancel);
    let seen = AtomicBool::new(false);
    let seen_flag = Arc::new(seen);
    let mark = Arc::clone(&seen_flag);
    let control = Control {
        progress: Some(Arc::new(move |_| {
            mark.store(true, Ordering::Relaxed);
            flag.store(true, Ordering::Relaxed);
        })),
        ..control
    };
    let found = robustness(&table, &plan(5, ""), &uncertainty(UNIFORM, 1_000_000), &control);
    assert_eq!(found, Err(EvalError::Cancelled));
    assert!(seen_flag.load(Ordering::Relaxed));
}

#[test]
fn sizes_and_inputs_beyond_the_rules_are_refused() {
    let table = random_table(5, 2);
    let refuse = |inputs: &str, draws: u32| {
        robustness(&table, &plan(2, ""), &uncertainty(inputs, draws), &Control::default())
            .expect_err("refused")
    };
    assert!(matches!(refuse(UNIFORM, 10_000_001), EvalError::Limit { .. }));
    for (inputs, code) in [
        ("", "no_inputs"),
        (r#"{"weights_relative":{"delta":0}}"#, "delta"),
        (r#"{"weights_dirichlet":{"concentration":-1}}"#, "concentration"),
        (r#"{"weights_uniform":{"node":"x"}}"#, "unknown_node"),
        (r#"{"weights_uniform":{}},{"weights_uniform":{"node":"root"}}"#, "weights_twice"),
        (r#"{"weights_ordinal":{"node":"root","order":["c0"]}}"#, "order"),
        (r#"{"weights_interval":{"node":"root","bounds":[[0,0.2],[0,0.3]]}}"#, "bounds"),
        (r#"{"weights_bootstrap":{"node":"root","rows":[[1]]}}"#, "rows"),
        (r#"{"ahp_noise":{"node":"root","sd":0.1}}"#, "not_ahp"),
        (r#"{"leave_out":{"nodes":["root"]}}"#, "unknown_node"),
        (r#"{"measurement":{"column":"x","sd":1}}"#, "unknown_column"),
        (r#"{"missing":{"options":[]}}"#, "no_options"),
        (r#"{"measurement":{"column":"c0","sd":1e150}}"#, "sd"),
        (r#"{"aggregation":{"options":[{"owa":{"order":[1]}}]}}"#, "bad_order_weights"),
        (r#"{"weighting":{"options":["equal",{"ahp":{"matrices":[]}}]}}"#, "bad_matrix"),
        (r#"{"weighting":{"node":"root","options":[{"experts":{"rows":[],"trim":1}}]}}"#, "too_few_experts"),
        (r#"{"treatment":{"options":[{"percentile":{"lower":90,"upper":10}}]}}"#, "out_of_range"),
        (r#"{"normalisation":{"options":[{"goalposts":{"low":5,"high":5}}]}}"#, "bad_goalposts"),
    ] {
        let EvalError::Plan { findings } = refuse(inputs, 10) else { panic!("{code}") };
        assert!(
            findings.iter().all(|finding| finding.place.starts_with("uncertainty/inputs")),
            "{findings:?}"
        );
        assert!(findings.iter().any(|finding| finding.code == code), "{code} {findings:?}");
    }
}

#[test]
fn draws_that_fail_are_counted_and_named() {
    let table = table(&[&[0.5, -0.5], &[0.2, 0.4], &[0.3, 0.1]]);
    let plan = plan_with(2, r#","leaf":{"normalisation":{"z_score":{}}}"#, "");
    let inputs = r#"{"weights_uniform":{}},{"aggregation":{"options":["arithmetic",{"geometric":{}}]}}"#;
    let found = run_it(&table, &plan, &uncertainty(inputs, 1_000));
    assert!((400..600).contains(&found.failed_draws), "{}", found.failed_draws);
    assert!(found.notices.iter().any(|notice| notice.code == crate::error::NoticeCode::FailedDraws));
    let all = run_it(&table, &plan, &uncertainty(UNIFORM, 1_000));
    assert_eq!(all.failed_draws, 0);
}

/// The same bytes in every build profile, on every processor: digests of results worked out once.
#[test]
fn results_have_the_digests_they_always_had() {
    let table = random_table(220, 6);
    let digest_of = |seed: u64| {
        let mut uncertainty = uncertainty(MIXED, 300);
        uncertainty.seed = seed;
        let found = run_it(&table, &mixed_plan(), &uncertainty);
        sha256_hex(to_json(&found.towns).as_bytes())
    };
    let found: Vec<String> = (0..4).map(digest_of).map(|digest| digest[..16].to_owned()).collect();
    expect_test::expect![[r#"
        2a694a7c7ad472c1
        234a4e5292bbf8f2
        81cb8b0bb0f98c5b
        aabbc2e5ea5d3e3d"#]]
    .assert_eq(&found.join("\n"));
}

#[test]
fn many_seeds_give_the_same_bytes_on_two_threads() {
    let table = random_table(50, 6);
    let mut seen = std::collections::HashSet::new();
    for seed in 0..50 {
        let mut uncertainty = uncertainty(MIXED, 60);
        uncertainty.seed = seed;
        let one = run_it(&table, &mixed_plan(), &uncertainty);
        let two = robustness(&table, &mixed_plan(), &uncertainty, &Control::with_threads(2));
        assert_eq!(to_json(&one), to_json(&two.expect("a result")), "seed {seed}");
        assert!(seen.insert(one.output_digest), "seed {seed} repeats another's result");
    }
}
