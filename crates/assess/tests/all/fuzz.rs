//! Plans and tables changed at random: whatever comes of them is an error or a result, never a panic, and every
//! number of a result is finite. `ASSESS_FUZZ=ROUNDS` makes a longer campaign, `ASSESS_FUZZ_FROM=ROUND` repeats
//! one from there.

use std::fmt::Debug;

use assess::{Control, Explainer, Plan, Table, Target, Uncertainty};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../../../docs/assess-plan.md");
const SEED_PLAN: &str = include_str!("../data/seed_plan.json");
const SEED_TABLE: &str = include_str!("../data/seed_table.json");
const ROUNDS: u64 = 600;
/// Figures and parameters that break sums, squares, quotients and comparisons.
const NUMBERS: [f64; 26] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    3.0,
    0.5,
    -0.5,
    0.1,
    10.0,
    40.0,
    100.0,
    1e9,
    -1e9,
    1e-9,
    1e-12,
    1e15,
    1e140,
    -1e140,
    1e150,
    1e308,
    5e-324,
    1e-300,
    255.0,
    256.0,
    4_294_967_296.0,
];

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Everything a change may put in: every example of the page, the seeds and all their parts.
struct Pool {
    parts: Vec<Value>,
    keys: Vec<String>,
    plans: Vec<Value>,
    uncertainties: Vec<Value>,
}

impl Pool {
    fn new() -> Pool {
        let seed: Value = serde_json::from_str(SEED_PLAN).expect("a seed");
        let mut pool =
            Pool { parts: Vec::new(), keys: Vec::new(), plans: vec![seed], uncertainties: Vec::new() };
        for (kind, value) in examples() {
            match kind.as_str() {
                "plan" if value["name"] != "refused" => pool.plans.push(value),
                "uncertainty" => pool.uncertainties.push(value),
                "normalisation" | "weights" | "aggregation" | "leaf" => pool.parts.push(value),
                _ => {}
            }
        }
        pool.uncertainties.extend(INPUTS.iter().map(|input| {
            let input: Value = serde_json::from_str(input).expect("an input");
            json!({"inputs": [input], "draws": 16, "seed": 3})
        }));
        let whole: Vec<Value> =
            pool.plans.iter().chain(&pool.uncertainties).chain(&pool.parts).cloned().collect();
        whole.iter().for_each(|value| pool.take(value));
        pool
    }

    fn take(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    self.keys.push(key.clone());
                    self.take(inner);
                }
            }
            Value::Array(list) => list.iter().for_each(|inner| self.take(inner)),
            _ => {}
        }
        self.parts.push(value.clone());
    }
}

const INPUTS: [&str; 14] = [
    r#"{"weights_dirichlet": {"node": "total", "concentration": 3}}"#,
    r#"{"weights_ordinal": {"node": "total", "order": ["economy", "people"]}}"#,
    r#"{"weights_interval": {"node": "total", "bounds": [[0.2, 0.7], [0.3, 0.9]]}}"#,
    r#"{"weights_bootstrap": {"node": "total", "rows": [[50, 50], [30, 70]]}}"#,
    r#"{"ahp_noise": {"node": "people", "sd": 0.3}}"#,
    r#"{"treatment": {"options": ["none", {"percentile": {"lower": 10, "upper": 90}}]}}"#,
    r#"{"missing": {"options": ["renormalise", "zero", "refuse"]}}"#,
    r#"{"weighting": {"node": "economy", "options": ["equal", {"critic": {}}, "given"]}}"#,
    r#"{"weighting": {"options": ["equal", "standard_deviation", {"ahp": {"matrices": [{"rows": [[1]]}]}}]}}"#,
    r#"{"aggregation": {"options": ["topsis", {"owa": {"order": [0.5, 0.3, 0.2]}}, "copeland"]}}"#,
    r#"{"leave_out": {"nodes": ["economy", "x"]}}"#,
    r#"{"measurement": {"column": "x", "sd": 2}}"#,
    r#"{"measurement": {"column": "z", "sd": 0.1, "relative": true}}"#,
    r#"{"imputation_draw": {"column": "y"}}"#,
];

fn examples() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for block in PAGE.split("```json ").skip(1) {
        let (kind, rest) = block.split_once('\n').expect("a block has lines");
        let text = rest.split("```").next().expect("a block ends");
        found.push((kind.to_owned(), serde_json::from_str(text).expect("JSON on the page")));
    }
    found
}

/// Pointers to every value below this one.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, inner)| places(inner, &format!("{at}/{key}"), found))
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(k, inner)| places(inner, &format!("{at}/{k}"), found));
        }
        _ => {}
    }
    found.push(at.to_owned());
}

fn change(random: &mut Random, pool: &Pool, value: &mut Value) {
    let mut all = Vec::new();
    places(value, "", &mut all);
    let place = value.pointer_mut(random.one(&all[..]).as_str()).expect("a place");
    match random.below(8) {
        0 | 1 => *place = json!(random.one(&NUMBERS)),
        2 | 3 => *place = random.one(&pool.parts).clone(),
        4 => grow(random, pool, place),
        5 => shrink(random, place),
        6 => nudge(random, place),
        _ => *place = Value::Null,
    }
}

fn grow(random: &mut Random, pool: &Pool, place: &mut Value) {
    match place {
        Value::Object(map) => {
            map.insert(random.one(&pool.keys).clone(), random.one(&pool.parts).clone());
        }
        Value::Array(list) if !list.is_empty() => list.push(random.one(&list.clone()).clone()),
        Value::Array(list) => list.push(random.one(&pool.parts).clone()),
        other => *other = json!([other.clone()]),
    }
}

fn shrink(random: &mut Random, place: &mut Value) {
    match place {
        Value::Object(map) => {
            let keys: Vec<String> = map.keys().cloned().collect();
            if !keys.is_empty() {
                map.remove(random.one(&keys));
            }
        }
        Value::Array(list) if !list.is_empty() => {
            list.remove(random.below(list.len()));
        }
        other => *other = json!({}),
    }
}

fn nudge(random: &mut Random, place: &mut Value) {
    if let Some(number) = place.as_f64() {
        let changed =
            [-number, 0.1 * number, 10.0 * number, number + 1.0, number - 1.0, number * 1.000_000_1];
        *place = json!(random.one(&changed));
    } else if let Some(text) = place.as_str() {
        *place = json!(format!("{text}{text}"));
    }
}

/// A table with the columns of a seed, some of them hostile.
fn table(random: &mut Random, columns: &[String]) -> Value {
    let towns = *random.one(&[1, 2, 2, 3, 4, 5, 5, 8, 12]);
    let kinds: Vec<usize> = columns.iter().map(|_| random.below(12)).collect();
    let mut cell = |kind: usize| match (kind, random.below(12)) {
        (0..=7, _) => json!((random.next() % 1_000) as f64 / 10.0 + 0.1),
        (8, _) => json!(7),
        (9, 1..) => json!((random.next() % 5) as f64),
        (10, 0..=4) | (_, 0) => Value::Null,
        (10, _) => json!((random.next() % 7) as f64 - 2.0),
        _ => json!(random.one(&NUMBERS[..19])),
    };
    let written: Vec<Value> = columns
        .iter()
        .zip(&kinds)
        .map(|(code, kind)| json!({"code": code, "values": (0..towns).map(|_| cell(*kind)).collect::<Vec<_>>()}))
        .collect();
    let names: Vec<String> = (0..towns).map(crate::support::town).collect();
    let area: Vec<&str> = (0..towns).map(|i| ["n", "s", "w"][i % 3]).collect();
    let mut past: Value = json!({"year": 2017, "towns": names, "columns": written});
    past["columns"].as_array_mut().expect("columns").reverse();
    json!({"year": 2018, "towns": names, "columns": written, "attributes": {"prefecture": area}, "history": [past]})
}

fn columns(table: &Value) -> Vec<String> {
    let columns = table["columns"].as_array().expect("columns");
    columns.iter().map(|column| column["code"].as_str().expect("a code").to_owned()).collect()
}

/// The text of a value as the debugger sees it names every number, also those JSON cannot write.
fn finite<T: Debug>(value: &T, context: &dyn Fn() -> String) {
    let text = format!("{value:?}");
    let mut outside = text.split('"').step_by(2);
    let bad = outside
        .any(|part| part.split(|c: char| !c.is_alphanumeric()).any(|word| word == "NaN" || word == "inf"));
    assert!(!bad, "{}\n{text}", context());
}

/// Runs everything; says whether there was a result.
fn run(plan: &Value, table: &Value, uncertainty: &Value) -> bool {
    let context = || format!("plan: {plan}\ntable: {table}\nuncertainty: {uncertainty}");
    let (Ok(plan), Ok(table)) = (Plan::from_json(&plan.to_string()), Table::from_json(&table.to_string()))
    else {
        return false;
    };
    let control = Control::default();
    let found = assess::evaluate(&table, &plan);
    finite(&assess::agreement(&table), &context);
    finite(&assess::plan_weights(&table, &plan), &context);
    finite(&assess::leave_one_out(&table, &plan, &control), &context);
    if let Ok(uncertainty) = serde_json::from_value::<Uncertainty>(uncertainty.clone()) {
        let few = Uncertainty { draws: uncertainty.draws.min(16), ..uncertainty };
        finite(&assess::robustness(&table, &plan, &few, &control), &context);
        let few = Uncertainty { draws: few.draws.min(4), ..few };
        finite(&assess::sensitivity(&table, &plan, &few, Target::RankShift, &control), &context);
    }
    let Ok(found) = found else {
        assert!(assess::totals(&table, &plan).is_err(), "{}", context());
        return false;
    };
    finite(&found, &context);
    assert_eq!(assess::totals(&table, &plan).as_ref(), Ok(&found.totals), "{}", context());
    finite(&assess::compare(&found, &found), &context);
    finite(&assess::weight_intervals(&found, 2), &context);
    let names = table.towns();
    let (first, last) = (&names[0].0, &names[names.len() - 1].0);
    finite(&assess::swaps(&found, first, last), &context);
    let explainer = Explainer::new(&table, &plan).expect("an evaluated table can be explained");
    for town in names.iter().take(3) {
        finite(&explainer.town(&town.0), &context);
    }
    true
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn nothing_put_in_at_random_panics_or_comes_out_infinite() {
    let pool = Pool::new();
    let seed: Value = serde_json::from_str(SEED_TABLE).expect("a seed");
    let page = examples().into_iter().find(|(kind, _)| kind == "table").expect("a table").1;
    let codes: Vec<String> = columns(&seed).into_iter().chain(columns(&page)).collect();
    let codes: Vec<String> =
        codes.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let (from, rounds) = (setting("ASSESS_FUZZ_FROM").unwrap_or(0), setting("ASSESS_FUZZ").unwrap_or(ROUNDS));
    let mut results = 0;
    for round in from..from + rounds {
        let mut random = Random(round);
        if rounds != ROUNDS {
            eprintln!("round {round}");
        }
        let mut plan = random.one(&pool.plans).clone();
        let mut uncertainty = random.one(&pool.uncertainties).clone();
        (0..random.below(3)).for_each(|_| change(&mut random, &pool, &mut plan));
        (0..random.below(3)).for_each(|_| change(&mut random, &pool, &mut uncertainty));
        let mut table = match random.below(3) {
            0 => seed.clone(),
            _ => table(&mut random, &codes),
        };
        if random.below(4) == 0 {
            change(&mut random, &pool, &mut table);
        }
        results += u64::from(run(&plan, &table, &uncertainty));
    }
    assert!(results * 20 > rounds, "only {results} of {rounds} rounds gave a result");
}
