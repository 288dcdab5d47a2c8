//! The ASEM Sustainable Connectivity panel of 2018: 51 countries, 49 indicators.
//! Data: European Commission, Joint Research Centre, by way of the R package COINr 1.1.14
//! (MIT, William Becker). Expected scores: the package's page "Presenting Results".

use assess::{Plan, Table};
use serde_json::{Value, json};

use crate::support::{close, evaluate, plan, scores};

pub fn panel() -> Value {
    serde_json::from_str(include_str!("../data/asem_2018.json")).expect("the panel is JSON")
}

pub fn table() -> Table {
    let panel = panel();
    let units = panel["units"].as_array().expect("units");
    let indicators = panel["indicators"].as_array().expect("indicators");
    let mut columns: Vec<Value> = indicators
        .iter()
        .enumerate()
        .map(|(j, indicator)| {
            let values: Vec<&Value> = units.iter().map(|unit| &unit["values"][j]).collect();
            json!({"code": indicator["code"], "values": values})
        })
        .collect();
    for code in ["Area", "Energy", "GDP", "Population"] {
        let values: Vec<&Value> = units.iter().map(|unit| &unit["denominators"][code]).collect();
        columns.push(json!({"code": code, "values": values}));
    }
    let towns: Vec<&Value> = units.iter().map(|unit| &unit["code"]).collect();
    let groups: Vec<&Value> = units.iter().map(|unit| &unit["group"]).collect();
    let data = json!({"towns": towns, "columns": columns, "attributes": {"group": groups}});
    Table::from_json(&data.to_string()).unwrap_or_else(|error| panic!("{error}"))
}

fn leaf(indicator: &Value) -> Value {
    let direction = if indicator["direction"] == 1 { "benefit" } else { "cost" };
    let mut leaf = json!({"direction": direction});
    if !indicator["denominator"].is_null() {
        leaf["denominator"] = indicator["denominator"].clone();
    }
    json!({"code": indicator["code"], "name": indicator["name"], "leaf": leaf})
}

fn group(panel: &Value, code: &str) -> Value {
    let list = |key: &str| panel[key].as_array().expect("a list").clone();
    let below = |one: &Value| one["parent"] == code;
    let groups = list("aggregates").into_iter().filter(below);
    let mut children: Vec<Value> =
        groups.map(|one| group(panel, one["code"].as_str().expect("a code"))).collect();
    children.extend(list("indicators").iter().filter(|one| below(one)).map(leaf));
    json!({"code": code, "children": children})
}

pub fn plan_with(steps: Value) -> Plan {
    plan(json!({"name": "ASEM 2018", "tree": group(&panel(), "Index"), "steps": steps}))
}

pub fn steps() -> Value {
    json!({
        "imputation": {"group_mean": {"by": "group"}},
        "treatment": {"skew": {"max": 5, "offset": 0.01}},
        "normalisation": "min_max",
        "weights": "equal",
    })
}

#[test]
fn published_scores_of_the_six_best_countries() {
    let table = table();
    let result = evaluate(&table, &plan_with(steps()));
    let nodes = ["Index", "Conn", "Sust", "Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ"];
    let published: [(&str, [f64; 9]); 6] = [
        ("CHE", [68.38, 62.79, 73.98, 63.41, 32.87, 74.78, 85.94, 56.93, 77.21]),
        ("NLD", [64.82, 61.94, 67.70, 64.87, 46.62, 84.55, 71.74, 41.92, 58.73]),
        ("DNK", [64.80, 57.10, 72.51, 50.52, 30.43, 78.13, 75.35, 51.04, 69.83]),
        ("NOR", [64.47, 57.44, 71.50, 58.18, 25.70, 80.03, 89.46, 33.80, 70.90]),
        ("BEL", [63.54, 63.99, 63.09, 71.97, 48.22, 80.84, 75.60, 43.32, 53.01]),
        ("SWE", [63.00, 53.87, 72.12, 51.51, 23.87, 80.98, 74.51, 38.50, 66.37]),
    ];
    for (rank, (country, expected)) in published.iter().enumerate() {
        let i = table.towns().iter().position(|t| t.0 == *country).expect("a country");
        assert_eq!(result.ranks[i], Some((rank + 1) as f64), "{country}");
        let found: Vec<f64> = nodes.iter().map(|node| scores(&result, node)[i]).collect();
        close(&found, expected, 0.005_001);
    }
}

#[test]
fn every_country_has_a_score_and_every_step_its_notice() {
    let result = evaluate(&table(), &plan_with(steps()));
    assert_eq!(result.totals.iter().flatten().count(), 51);
    let seen = |code| result.notices.iter().any(|notice| notice.code == code);
    assert!(seen(assess::NoticeCode::Imputed));
    assert!(seen(assess::NoticeCode::Treated));
    let index = &result.nodes[0];
    assert_eq!((index.code.as_str(), index.parent.as_deref()), ("Index", None));
    let leaves = result.nodes.iter().filter(|node| node.weighting.is_none());
    let global: f64 = leaves.filter_map(|leaf| leaf.global_weight).sum();
    close(&[global], &[1.0], 1e-12);
}
