//! Indices of rank shifts: two ways to one result, edges, and the promise of the same bytes.

use super::*;
use crate::digest::sha256_hex;
use crate::kernel::dispatch::Width;
use crate::random::{Purpose, Stream};
use crate::robustness::tests::{plan, table, uncertainty};

fn random_table(towns: usize, leaves: usize) -> Table {
    let stream = Stream::new(8, Purpose::Measurement, 0, 0);
    let cells: Vec<f64> = (0..(towns * leaves) as u32).map(|cell| stream.uniform(cell)).collect();
    table(&cells.chunks_exact(leaves).collect::<Vec<_>>())
}

fn analysed(plan: &Plan, inputs: &str, follow: bool, width: Width, threads: usize) -> Sobol {
    let table = random_table(60, 6);
    let uncertainty = uncertainty(inputs, 64);
    let inputs = Inputs::new(&table, plan, &uncertainty).expect("inputs");
    let mut study =
        Study::new(&table, plan, &inputs, uncertainty.seed, &Control::default()).expect("a study");
    study.width = width;
    let control = Control::with_threads(threads);
    analyse(&study, &uncertainty, Target::RankShift, &control, follow).expect("indices")
}

const RELATIVE: &str = r#"{"weights_relative":{"delta":0.5}}"#;
const UNIFORM: &str = r#"{"weights_uniform":{}}"#;
const SWITCHES: &str = r#"{"weights_uniform":{}},
    {"aggregation":{"node":"root","options":["arithmetic",{"geometric":{}},"topsis"]}},
    {"leave_out":{"nodes":["c3"]}}"#;

/// Two levels: a group of three and a group of two below the root, and a leaf beside them.
fn two_levels() -> Plan {
    let leaf = |code: &str| format!(r#"{{"code":"{code}","leaf":{{"normalisation":"none"}}}}"#);
    let group = |code: &str, leaves: &[&str]| {
        let leaves: Vec<String> = leaves.iter().map(|code| leaf(code)).collect();
        format!(r#"{{"code":"{code}","children":[{}]}}"#, leaves.join(","))
    };
    let children = [group("g", &["c0", "c1", "c2"]), group("h", &["c3", "c4"]), leaf("c5")].join(",");
    let text = format!(
        r#"{{"name":"p","tree":{{"code":"root","children":[{children}]}},
            "steps":{{"scale":[0,1],"weights":"equal"}}}}"#
    );
    serde_json::from_str(&text).expect("a plan")
}

#[test]
fn following_a_moved_weight_equals_running_anew() {
    let one_level = plan(6, "");
    for (plan, inputs) in [
        (&one_level, RELATIVE),
        (&one_level, UNIFORM),
        (&one_level, SWITCHES),
        (&two_levels(), RELATIVE),
        (&two_levels(), SWITCHES),
    ] {
        let [followed, anew] = [true, false].map(|follow| analysed(plan, inputs, follow, Width::best(), 1));
        assert_eq!(followed.inputs, anew.inputs, "{inputs}");
        assert_eq!(followed.failed_points, 0);
    }
}

#[test]
fn threads_and_widths_change_no_byte() {
    let plan = two_levels();
    let one = to_json(&analysed(&plan, SWITCHES, true, Width::Base, 1));
    for (width, threads) in [(Width::Avx2, 1), (Width::Avx512, 2), (Width::Base, 8)] {
        assert_eq!(one, to_json(&analysed(&plan, SWITCHES, true, width, threads)), "{width:?}");
    }
}

/// Each town has a mirror image, so the two weights play the same part.
#[test]
fn mirrored_towns_give_both_weights_the_same_indices() {
    let stream = Stream::new(8, Purpose::Measurement, 0, 0);
    let pair = |town: u32| stream.uniform_pair(town);
    let rows: Vec<[f64; 2]> = (0..20).flat_map(|town| [pair(town), [pair(town)[1], pair(town)[0]]]).collect();
    let table = table(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
    let uncertainty = uncertainty(UNIFORM, 4_096);
    let found = sensitivity(&table, &plan(2, ""), &uncertainty, Target::RankShift, &Control::default());
    let found = found.expect("indices");
    let [one, other] = [0, 1].map(|at| &found.inputs[at]);
    assert_eq!((found.runs, one.name.as_str()), (16_384, "weight:root/c0"));
    let near =
        |one: Option<f64>, other: Option<f64>| (one.expect("varies") - other.expect("varies")).abs() < 0.05;
    assert!(near(one.total, other.total) && near(one.first, other.first), "{one:?} {other:?}");
}

#[test]
fn a_ranking_that_cannot_move_has_null_indices() {
    let table = table(&[&[0.9, 0.9], &[0.5, 0.5], &[0.1, 0.1]]);
    let uncertainty = uncertainty(UNIFORM, 32);
    let found = sensitivity(&table, &plan(2, ""), &uncertainty, Target::RankShift, &Control::default());
    let found = found.expect("indices");
    assert!(found.inputs.iter().all(|input| input.first.is_none() && input.total.is_none()));
    assert!(found.notices.iter().any(|notice| notice.code == NoticeCode::NoVariance));
}

#[test]
fn a_town_that_only_one_input_moves_names_it() {
    let table = table(&[&[0.6, 0.5], &[0.5, 0.5], &[0.4, 0.5]]);
    let inputs = r#"{"measurement":{"column":"c0","sd":0.1}},{"weights_bootstrap":{"node":"root","rows":[[1,1],[1,1]]}}"#;
    let uncertainty = uncertainty(inputs, 256);
    let target = Target::Rank("t1".to_owned());
    let found = sensitivity(&table, &plan(2, ""), &uncertainty, target, &Control::default());
    let found = found.expect("indices");
    assert_eq!(found.inputs[0].name, "weights:root");
    assert_eq!(found.inputs[0].total, Some(0.0));
    assert_eq!(found.inputs[1].name, "measurement:c0");
    assert!(found.inputs[1].total.expect("varies") > 0.8);
}

#[test]
fn a_handful_of_points_does_not_converge() {
    let table = random_table(20, 2);
    let found =
        sensitivity(&table, &plan(2, ""), &uncertainty(UNIFORM, 2), Target::RankShift, &Control::default());
    assert!(found.expect("indices").inputs.iter().all(|input| input.first.is_none() || !input.converged));
}

#[test]
fn sizes_and_targets_beyond_the_rules_are_refused() {
    let table = random_table(5, 2);
    let refuse = |draws: u32, target: Target| {
        let uncertainty = uncertainty(UNIFORM, draws);
        sensitivity(&table, &plan(2, ""), &uncertainty, target, &Control::default()).expect_err("refused")
    };
    assert!(matches!(refuse(100, Target::RankShift), EvalError::Plan { .. }));
    assert!(matches!(refuse(64, Target::Rank("x".into())), EvalError::Plan { .. }));
    assert!(matches!(refuse(1 << 30, Target::RankShift), EvalError::Limit { .. }));
}

/// The same bytes in every build profile, on every processor: a digest of indices worked out once.
#[test]
fn indices_have_the_digest_they_always_had() {
    let found = analysed(&two_levels(), SWITCHES, true, Width::best(), 2);
    let digest = sha256_hex(to_json(&found.inputs).as_bytes());
    expect_test::expect!["2af617dd1abb82e0"].assert_eq(&digest[..16]);
}
