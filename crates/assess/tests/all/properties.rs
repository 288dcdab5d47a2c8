//! What must not change a result does not, and nothing put in makes the crate panic or
//! hand out a number that is not finite.

use assess::{Plan, Table, evaluate, explain, swaps, to_json, weight_intervals};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{close, town};

const METHODS: [&str; 14] = [
    r#""arithmetic""#,
    r#"{"geometric":{}}"#,
    r#"{"geometric":{"floor":1}}"#,
    r#"{"harmonic":{"floor":1}}"#,
    r#"{"power":{"p":2}}"#,
    r#"{"owa":{"order":[0.5,0.25,0.25]}}"#,
    r#""minimum""#,
    r#""topsis""#,
    r#"{"vikor":{"v":0.5}}"#,
    r#"{"waspas":{"lambda":0.5}}"#,
    r#"{"promethee":{}}"#,
    r#"{"promethee":{"preference":{"linear":{"q":5,"p":20}}}}"#,
    r#""copeland""#,
    r#""borda""#,
];

const WEIGHTS: [&str; 6] = [
    r#""equal""#,
    r#"{"entropy":{}}"#,
    r#"{"critic":{}}"#,
    r#"{"critic":{"correlation":"spearman"}}"#,
    r#""standard_deviation""#,
    r#""merec""#,
];

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON of a test")
}

fn build(columns: &[Vec<f64>], towns: &[String]) -> Table {
    let columns: Vec<Value> = columns
        .iter()
        .enumerate()
        .map(|(j, values)| json!({"code": format!("c{j}"), "values": values}))
        .collect();
    Table::from_json(&json!({"towns": towns, "columns": columns}).to_string()).expect("a table")
}

fn plan_of(n: usize, method: &str, weights: &str) -> Plan {
    let children: Vec<Value> = (0..n).map(|j| json!({"code": format!("c{j}"), "leaf": {}})).collect();
    let tree = json!({"code": "t", "aggregation": parse(method), "children": children});
    crate::support::plan(json!({"name": "p", "tree": tree, "steps": {"weights": parse(weights)}}))
}

fn panel() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (3usize..12).prop_flat_map(|m| prop::collection::vec(prop::collection::vec(1.0..100.0f64, m), 3))
}

fn totals(table: &Table, plan: &Plan) -> Vec<f64> {
    let found = evaluate(table, plan).unwrap_or_else(|error| panic!("{error}"));
    found.totals.iter().map(|t| t.unwrap_or(f64::NAN)).collect()
}

proptest! {
    #[test]
    fn units_of_measurement_do_not_matter(columns in panel(), factor in 0.001..1000.0f64, k in 0..METHODS.len(), w in 0..WEIGHTS.len()) {
        let towns: Vec<String> = (0..columns[0].len()).map(town).collect();
        let plan = plan_of(3, METHODS[k], WEIGHTS[w]);
        let mut scaled = columns.clone();
        scaled[1].iter_mut().for_each(|x| *x *= factor);
        close(&totals(&build(&scaled, &towns), &plan), &totals(&build(&columns, &towns), &plan), 1e-6);
    }

    #[test]
    fn the_order_of_towns_and_columns_does_not_matter(columns in panel(), k in 0..METHODS.len(), w in 0..WEIGHTS.len()) {
        let m = columns[0].len();
        let towns: Vec<String> = (0..m).map(town).collect();
        let plan = plan_of(3, METHODS[k], WEIGHTS[w]);
        let before = totals(&build(&columns, &towns), &plan);
        let turned: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().rev().copied().collect()).collect();
        let names: Vec<String> = towns.iter().rev().cloned().collect();
        let mut after = totals(&build(&turned, &names), &plan);
        after.reverse();
        close(&after, &before, 1e-6);
        let mut swapped = plan.clone();
        swapped.tree.root.children.reverse();
        close(&totals(&build(&columns, &towns), &swapped), &before, 1e-6);
    }

    #[test]
    fn a_dominated_town_within_goalposts_changes_nobody(columns in panel()) {
        let m = columns[0].len();
        let towns: Vec<String> = (0..m + 1).map(town).collect();
        let mut plan = plan_of(3, METHODS[0], WEIGHTS[0]);
        plan.steps.normalisation = assess::Normalisation::Goalposts { low: 0.0, high: 100.0 };
        let before = totals(&build(&columns, &towns[..m]), &plan);
        let more: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().copied().chain([0.5]).collect()).collect();
        let after = totals(&build(&more, &towns), &plan);
        close(&after[..m], &before, 0.0);
        prop_assert!(after[..m].iter().all(|x| *x > after[m]));
    }

    #[test]
    fn contributions_add_up(columns in panel(), k in 0..METHODS.len()) {
        let towns: Vec<String> = (0..columns[0].len()).map(town).collect();
        let table = build(&columns, &towns);
        let plan = plan_of(3, METHODS[k], WEIGHTS[0]);
        for town in &towns {
            let found = explain(&table, &plan, town).unwrap_or_else(|e| panic!("{e}"));
            let sum: f64 = found.contributions.iter().filter_map(|c| c.to_total).sum();
            close(&[found.base + sum], &[found.total.expect("complete data")], 1e-6);
        }
    }

    #[test]
    fn the_best_k_stay_inside_an_interval_and_change_outside(columns in panel(), k in 1usize..3) {
        let towns: Vec<String> = (0..columns[0].len()).map(town).collect();
        let table = build(&columns, &towns);
        let plan = plan_of(3, METHODS[0], WEIGHTS[0]);
        let result = evaluate(&table, &plan).expect("complete data");
        let best = |weight: f64, node: usize| {
            let rest = (1.0 - weight) / 2.0;
            let mut moved = plan.clone();
            moved.steps.weights = assess::WeightMethod::Given;
            for (j, child) in moved.tree.root.children.iter_mut().enumerate() {
                child.weight = Some(if j == node { weight } else { rest });
            }
            let ranks = evaluate(&table, &moved).expect("complete data").ranks;
            let rows = (0..towns.len()).filter(|i| ranks[*i].expect("ranked") <= k as f64);
            rows.collect::<Vec<_>>()
        };
        let now = best(1.0 / 3.0, 0);
        for (node, interval) in weight_intervals(&result, k).expect("arithmetic").iter().enumerate() {
            prop_assert!(interval.low <= interval.weight && interval.weight <= interval.high);
            for inside in [interval.low + 1e-6, interval.high - 1e-6] {
                if inside > interval.low && inside < interval.high {
                    prop_assert_eq!(&best(inside, node), &now);
                }
            }
            if interval.high < 1.0 - 1e-4 {
                prop_assert_ne!(&best(interval.high + 1e-4, node), &now);
            }
            if interval.low > 1e-4 {
                prop_assert_ne!(&best(interval.low - 1e-4, node), &now);
            }
        }
        for swap in swaps(&result, &towns[0], &towns[1]).expect("both are there") {
            prop_assert!((0.0..=1.0).contains(&swap.to));
        }
    }

    #[test]
    fn damaged_text_never_panics(at in 0usize..4000, with in "[ -~]{0,6}", cut in 0usize..40) {
        for text in [SEED_PLAN, SEED_TABLE] {
            let at = at % text.len();
            let end = (at + cut).min(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(end) {
                let damaged = format!("{}{with}{}", &text[..at], &text[end..]);
                run_all(&damaged, SEED_TABLE);
                run_all(SEED_PLAN, &damaged);
            }
        }
    }

    #[test]
    fn strange_values_never_panic_or_leak(at in 0usize..400, value in strange()) {
        let mut plan = parse(SEED_PLAN);
        let places = scalars(&plan);
        *plan.pointer_mut(&places[at % places.len()]).expect("a place") = value.clone();
        run_all(&plan.to_string(), SEED_TABLE);
        let mut table = parse(SEED_TABLE);
        let places = scalars(&table);
        *table.pointer_mut(&places[at % places.len()]).expect("a place") = value;
        run_all(SEED_PLAN, &table.to_string());
    }
}

#[test]
fn the_seeds_of_the_fuzz_tests_are_evaluated() {
    let table = Table::from_json(SEED_TABLE).unwrap_or_else(|e| panic!("{e}"));
    let plan = Plan::from_json(SEED_PLAN).unwrap_or_else(|e| panic!("{e}"));
    let found = crate::support::evaluate(&table, &plan);
    assert_eq!(found.totals.iter().flatten().count(), 5);
    assert_eq!(to_json(&found), to_json(&crate::support::evaluate(&table, &plan)));
}

fn strange() -> impl Strategy<Value = Value> {
    let numbers =
        [0.0, -0.0, 1.0, -1.0, 1e150, -1e150, 1e-300, 5e-324, 1e9, -1e9, 0.5, 100.0, 1e300, 16.0, 3.0];
    let words = [
        "",
        "x",
        "y",
        "total",
        "bonus",
        "topsis",
        "copeland",
        "borda",
        "minimum",
        "zero",
        "cost",
        "rank",
        "borda",
        "percentile_rank",
        "ratio_to_best",
        "vector",
        "sum",
        "none",
        "min_max",
        "entropy",
        "merec",
        "exact",
    ];
    prop_oneof![
        prop::sample::select(numbers.to_vec()).prop_map(|x| json!(x)),
        prop::sample::select(words.to_vec()).prop_map(|x| json!(x)),
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!(true)),
        Just(json!({"z_score": {}})),
        Just(json!({"geometric": {}})),
        Just(json!({"power": {"p": -3}})),
        Just(json!({"log": {}})),
        Just(json!({"box_cox": {"lambda": -2}})),
    ]
}

/// Pointers to every scalar of a JSON value.
fn scalars(value: &Value) -> Vec<String> {
    let below = |key: String, inner: &Value| -> Vec<String> {
        scalars(inner).into_iter().map(|rest| format!("/{key}{rest}")).collect()
    };
    match value {
        Value::Object(map) => map.iter().flat_map(|(key, inner)| below(key.clone(), inner)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().flat_map(|(k, inner)| below(k.to_string(), inner)).collect()
        }
        _ => vec![String::new()],
    }
}

/// Reads and runs everything; whatever comes out must be JSON without a lost number.
fn run_all(plan: &str, table: &str) {
    let (Ok(plan), Ok(table)) = (Plan::from_json(plan), Table::from_json(table)) else {
        return;
    };
    let Ok(found) = evaluate(&table, &plan) else {
        return;
    };
    let text = to_json(&found);
    assert!(serde_json::from_str::<assess::Evaluation>(&text).is_ok(), "{text}");
    for numbers in [&found.bonus, &found.deduction] {
        assert!(numbers.iter().all(|x| x.is_finite()));
    }
    for town in found.towns.iter().take(2) {
        let explained = explain(&table, &plan, &town.0).expect("an evaluated table can be explained");
        to_json(&explained);
    }
    if let Ok(intervals) = weight_intervals(&found, 2) {
        assert!(intervals.iter().all(|i| i.low.is_finite() && i.high.is_finite()));
    }
}

const SEED_TABLE: &str = include_str!("../data/seed_table.json");
const SEED_PLAN: &str = include_str!("../data/seed_plan.json");
