//! Small tables and plans, written as JSON.

use assess::{Evaluation, Plan, Table};

/// A table of towns `A`, `B`, … from columns.
pub fn table(columns: &[(&str, &[f64])]) -> Table {
    let towns: Vec<String> = (0..columns[0].1.len()).map(town).collect();
    let columns: Vec<serde_json::Value> = columns
        .iter()
        .map(|(code, values)| {
            let values: Vec<Option<f64>> = values.iter().map(|x| (!x.is_nan()).then_some(*x)).collect();
            serde_json::json!({"code": code, "values": values})
        })
        .collect();
    let text = serde_json::json!({"towns": towns, "columns": columns}).to_string();
    Table::from_json(&text).expect("a table of a test")
}

/// `A`, `B`, …, `Z`, `T26`, ….
pub fn town(i: usize) -> String {
    match u8::try_from(i) {
        Ok(small) if small < 26 => char::from(b'A' + small).to_string(),
        _ => format!("T{i}"),
    }
}

/// A plan from its JSON value.
pub fn plan(value: serde_json::Value) -> Plan {
    Plan::from_json(&value.to_string()).expect("a plan of a test")
}

/// A plan with one group of benefit leaves.
pub fn flat(codes: &[&str], aggregation: serde_json::Value, steps: serde_json::Value) -> Plan {
    let children: Vec<serde_json::Value> =
        codes.iter().map(|code| serde_json::json!({"code": code, "leaf": {}})).collect();
    plan(serde_json::json!({
        "name": "test",
        "tree": {"code": "total", "aggregation": aggregation, "children": children},
        "steps": steps,
    }))
}

/// Evaluates and fails the test with the findings.
pub fn evaluate(table: &Table, plan: &Plan) -> Evaluation {
    assess::evaluate(table, plan).unwrap_or_else(|error| panic!("{error}"))
}

/// Scores of a node, missing ones as NaN.
pub fn scores(evaluation: &Evaluation, code: &str) -> Vec<f64> {
    let node = evaluation.nodes.iter().find(|node| node.code == code);
    let scores = &node.unwrap_or_else(|| panic!("no node {code}")).scores;
    scores.iter().map(|x| x.unwrap_or(f64::NAN)).collect()
}

/// Fails unless both lists agree within `tolerance`.
#[track_caller]
pub fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?} against {expected:?}");
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance, "{found:?} against {expected:?}");
    }
}
