//! Explanations held against the evaluation: contributions add up, and what is said to lift a town lifts it.

use assess::{Evaluation, Explanation, Plan, Table, evaluate, explain};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{close, plan, town};

const METHODS: [&str; 9] = [
    r#""arithmetic""#,
    r#"{"geometric":{"floor":1}}"#,
    r#"{"geometric":{"floor":60}}"#,
    r#"{"harmonic":{"floor":1}}"#,
    r#"{"power":{"p":2}}"#,
    r#"{"owa":{"order":[0.5,0.5]}}"#,
    r#""minimum""#,
    r#""topsis""#,
    r#""borda""#,
];

/// Two groups of two leaves.
fn tree(methods: [usize; 3], leaf: &Value, weights: [u32; 2]) -> Value {
    let method = |k: usize| serde_json::from_str::<Value>(METHODS[methods[k]]).expect("a method");
    let leaf = |code: &str| json!({"code": code, "leaf": leaf});
    json!({"code": "t", "aggregation": method(0), "weights": "points", "children": [
        {"code": "g", "weight": weights[0], "aggregation": method(1), "children": [leaf("c0"), leaf("c1")]},
        {"code": "h", "weight": weights[1], "aggregation": method(2), "children": [leaf("c2"), leaf("c3")]}]})
}

fn table(columns: &[Vec<Option<f64>>]) -> Table {
    let towns: Vec<String> = (0..columns[0].len()).map(town).collect();
    let columns: Vec<Value> =
        (0..columns.len()).map(|j| json!({"code": format!("c{j}"), "values": columns[j]})).collect();
    Table::from_json(&json!({"towns": towns, "columns": columns}).to_string()).expect("a table")
}

fn panel(gaps: bool) -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let cell = prop_oneof![
        8 => (0u32..=1_000).prop_map(|x| Some(f64::from(x) / 10.0)),
        1 => Just(Some(0.0)),
        1 => Just(if gaps { None } else { Some(100.0) }),
    ];
    (3usize..9).prop_flat_map(move |m| prop::collection::vec(prop::collection::vec(cell.clone(), m), 4))
}

fn rules() -> impl Strategy<Value = Value> {
    let cut = |low: u32| (low..low + 300).prop_map(|x| format!("{}.{}", x / 10, x % 10));
    let condition = prop_oneof![
        Just(json!([])),
        (200u32..700).prop_map(|x| json!([{"node": "h", "at_least": format!("{}.{}", x / 10, x % 10)}])),
    ];
    let share = prop_oneof![Just(Value::Null), Just(json!("0.2")), Just(json!("0.4")), Just(json!("0.7"))];
    let rounding = prop_oneof![Just(json!("exact")), Just(json!({"half_up": {"places": 0}}))];
    (cut(600), cut(300), condition, share, rounding).prop_map(|(high, low, conditions, share, rounding)| {
        json!({"rounding": rounding, "grades": [
            {"code": "a", "at_least": high, "best_share": share, "conditions": conditions},
            {"code": "b", "at_least": low}, {"code": "c"}]})
    })
}

fn grade(evaluation: &Evaluation, i: usize) -> usize {
    let code = evaluation.grades[i].grade.as_deref().expect("graded");
    ["a", "b", "c"].iter().position(|grade| *grade == code).expect("a grade of the plan")
}

fn column(leaf: &str) -> usize {
    leaf[1..].parse().expect("c0 to c3")
}

/// The table with one figure of one town changed.
fn moved(columns: &[Vec<Option<f64>>], leaf: &str, town: usize, figure: f64) -> Table {
    let mut columns = columns.to_vec();
    columns[column(leaf)][town] = Some(figure);
    table(&columns)
}

fn explained(columns: &[Vec<Option<f64>>], plan: &Plan, i: usize) -> Explanation {
    explain(&table(columns), plan, &town(i)).unwrap_or_else(|error| panic!("{error}"))
}

fn sum<'a>(parts: impl Iterator<Item = &'a Option<f64>>) -> f64 {
    parts.flatten().sum()
}

proptest! {
    /// Scores stand as figures, so a score said to lift a town can be written into the table.
    #[test]
    fn what_is_said_to_lift_a_town_lifts_it_and_less_does_not(
        columns in panel(true), methods in [0usize..7, 0..7, 0..7], weights in [1u32..9, 1..9], rules in rules(),
    ) {
        let tree = tree(methods, &json!({"normalisation": "none"}), weights);
        let plan = plan(json!({"name": "p", "steps": {"weights": "equal"}, "tree": tree, "grades": rules}));
        let found = evaluate(&table(&columns), &plan).unwrap_or_else(|error| panic!("{error}"));
        for i in (0..columns[0].len()).filter(|i| found.totals[*i].is_some()) {
            let Some(next) = explained(&columns, &plan, i).next else {
                prop_assert_eq!(grade(&found, i), 0);
                continue;
            };
            let better = grade(&found, i) - 1;
            prop_assert_eq!(&next.grade, ["a", "b", "c"][better]);
            prop_assert!(next.gap > 0.0 || next.quota_gap.is_some_and(|gap| gap > 0.0) || !next.below.is_empty()
                || next.within_rank == Some(0), "{:?}", next);
            for lift in &next.lifts {
                let after = evaluate(&moved(&columns, &lift.leaf, i, lift.to), &plan).expect("a result");
                prop_assert!(grade(&after, i) <= better, "{:?} {}", lift, found.grades[i].reason);
                let figure = lift.figure.expect("scores stand as figures");
                prop_assert!((figure - lift.to).abs() < 1e-9, "{:?}", lift);
                let less = lift.to - 1e-4;
                if less > lift.from.unwrap_or(0.0) {
                    let after = evaluate(&moved(&columns, &lift.leaf, i, less), &plan).expect("a result");
                    prop_assert!(grade(&after, i) > better, "less is enough: {:?}", lift);
                }
            }
        }
    }

    /// A figure is only named where writing it into the table does what is said.
    #[test]
    fn a_figure_said_to_lift_a_town_lifts_it(
        columns in panel(false), cost in any::<bool>(), weights in [1u32..9, 1..9], rules in rules(),
    ) {
        let direction = if cost { "cost" } else { "benefit" };
        let tree = tree([0, 4, 0], &json!({"direction": direction}), weights);
        let plan = plan(json!({"name": "p", "steps": {"weights": "equal"}, "tree": tree, "grades": rules}));
        let Ok(found) = evaluate(&table(&columns), &plan) else { return Ok(()) };
        for i in (0..columns[0].len()).filter(|i| found.totals[*i].is_some()) {
            let lifts = explained(&columns, &plan, i).next.map_or(Vec::new(), |next| next.lifts);
            for (lift, figure) in lifts.iter().filter_map(|lift| Some((lift, lift.figure?))) {
                // A hair more than the least, for the way from score to figure and back.
                let figure = figure + if cost { -1e-6 } else { 1e-6 };
                let after = evaluate(&moved(&columns, &lift.leaf, i, figure), &plan).expect("a result");
                prop_assert!(grade(&after, i) < grade(&found, i), "{:?}", lift);
            }
        }
    }

    #[test]
    fn contributions_add_up_at_every_level(
        columns in panel(true), methods in [0usize..9, 0..9, 0..9], weights in [0u32..3, 1..4], z in any::<bool>(),
        policy in prop::sample::select(vec!["renormalise", "zero"]),
    ) {
        let scores = if z { json!({"z_score": {}}) } else { json!("none") };
        let methods = if z { [0, 0, 0] } else { methods };
        let mut tree = tree(methods, &json!({"normalisation": scores}), weights);
        for place in ["/missing", "/children/0/missing", "/children/1/missing"] {
            let (at, key) = place.rsplit_once('/').expect("a key");
            tree.pointer_mut(at).expect("a node")[key] = json!(policy);
        }
        let plan = plan(json!({"name": "p", "steps": {"weights": "equal"}, "tree": tree}));
        let found = evaluate(&table(&columns), &plan).unwrap_or_else(|error| panic!("{error}"));
        for i in (0..columns[0].len()).filter(|i| found.totals[*i].is_some()) {
            let why = explained(&columns, &plan, i);
            let below = |parent: &'static str| why.contributions.iter().filter(move |c| c.parent == parent);
            let score = |node: &str| found.nodes.iter().find(|n| n.code == node).expect("a node").scores[i];
            for parent in ["t", "g", "h"] {
                if let Some(score) = score(parent) {
                    close(&[sum(below(parent).map(|c| &c.to_parent))], &[score], 1e-6);
                }
            }
            let total = found.totals[i].expect("a total");
            close(&[sum(below("t").map(|c| &c.to_total))], &[total], 1e-6);
            let leaves = ["g", "h"].into_iter().flat_map(below).map(|c| &c.to_total);
            close(&[sum(leaves)], &[total], 1e-6);
        }
    }
}

#[test]
fn a_veto_and_a_floor_stand_in_the_way() {
    let columns = [vec![Some(90.0), Some(80.0)], vec![Some(90.0), Some(80.0)], vec![Some(90.0), Some(10.0)]];
    let columns: Vec<Vec<Option<f64>>> = columns.into_iter().chain([vec![Some(1.0), Some(0.0)]]).collect();
    let leaf = |code: &str| json!({"code": code, "leaf": {"normalisation": "none"}});
    let plan = plan(json!({"name": "p", "steps": {"weights": "equal"},
        "tree": {"code": "t", "children": [leaf("c0"), leaf("c1"), leaf("c2")]},
        "grades": {
            "vetoes": [{"code": "v", "reason": "r", "column": "c3", "when": {"is": "at_least", "value": 1}}],
            "grades": [{"code": "a", "at_least": "50", "conditions": [{"node": "c2", "at_least": "60"}]}, {"code": "b"}]}}));
    let vetoed = explained(&columns, &plan, 0).next.expect("vetoed down");
    assert_eq!((vetoed.vetoes, vetoed.gap, vetoed.lifts.len()), (vec!["v".to_owned()], 0.0, 0));
    let low = explained(&columns, &plan, 1).next.expect("below a floor");
    assert_eq!((low.gap, &low.below[..]), (0.0, &["c2".to_owned()][..]));
    let lifts: Vec<(&str, f64)> = low.lifts.iter().map(|lift| (lift.leaf.as_str(), lift.to)).collect();
    assert_eq!(lifts.len(), 1);
    assert_eq!(lifts[0].0, "c2");
    close(&[lifts[0].1], &[60.0], 1e-6);
}
