//! The JSON Schema accepts what the crate reads and writes, and refuses what it refuses.

use assess::{Plan, Table, schema, to_json};
use jsonschema::Validator;
use serde_json::{Value, json};

/// A definition of the schema as a schema of its own.
fn rule(name: &str) -> Validator {
    let mut root = schema();
    root.as_object_mut().expect("an object").remove("oneOf");
    root["$ref"] = json!(format!("#/$defs/{name}"));
    jsonschema::validator_for(&root).expect("the schema is one")
}

fn is(name: &str, value: &Value) -> bool {
    rule(name).is_valid(value)
}

/// Every place at fault.
fn faults(name: &str, value: &Value) -> Vec<String> {
    rule(name).iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn seeds_and_their_evaluation_fit() {
    let texts = [include_str!("../data/seed_plan.json"), include_str!("../data/seed_table.json")];
    let [plan, table] = texts.map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
    assert!(is("plan", &plan));
    assert!(is("table", &table));
    assert!(!is("plan", &table) && !is("table", &plan));
    let found = crate::support::evaluate(
        &Table::from_json(texts[1]).expect("a table"),
        &Plan::from_json(texts[0]).expect("a plan"),
    );
    let written: Value = serde_json::from_str(&to_json(&found)).expect("JSON");
    assert_eq!(faults("evaluation", &written), [""; 0]);
}

#[test]
fn every_result_fits() {
    let table = Table::from_json(include_str!("../data/seed_table.json")).expect("a table");
    let plan = Plan::from_json(include_str!("../data/seed_plan.json")).expect("a plan");
    let control = assess::Control::default();
    let vary = json!({"inputs": [{"weights_relative": {"delta": 0.2}}], "draws": 64});
    let vary: assess::Uncertainty = serde_json::from_value(vary).expect("uncertainty");
    let found = crate::support::evaluate(&table, &plan);
    let robust = assess::robustness(&table, &plan, &vary, &control).unwrap_or_else(|e| panic!("{e}"));
    let sobol = assess::sensitivity(&table, &plan, &vary, assess::Target::RankShift, &control);
    let ratings = crate::support::table(&[("a", &[1.0, 2.0, 3.0]), ("b", &[1.0, 3.0, 2.0])]);
    for (name, text) in [
        ("robustness", to_json(&robust)),
        ("sobol", to_json(&sobol.unwrap_or_else(|e| panic!("{e}")))),
        ("compared", to_json(&assess::compare(&found, &found))),
        ("agreement", to_json(&assess::agreement(&ratings).expect("ratings"))),
        ("explanation", to_json(&assess::explain(&table, &plan, "C").expect("a town"))),
        ("planWeights", to_json(&assess::plan_weights(&table, &plan).expect("a plan"))),
    ] {
        let written: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(faults(name, &written), [""; 0], "{name}");
    }
}

#[test]
fn unknown_fields_and_wrong_words_do_not_fit() {
    let node = json!({"code": "t", "children": [{"code": "x", "leaf": {}}]});
    assert!(is("plan", &json!({"name": "p", "tree": node})));
    for wrong in [
        json!({"name": "p", "tree": node, "colour": 1}),
        json!({"tree": node}),
        json!({"name": "p", "tree": node, "steps": {"normalisation": "minmax"}}),
        json!({"name": "p", "tree": node, "select": {"count": 0}}),
    ] {
        assert!(!is("plan", &wrong), "{wrong}");
    }
    let error = assess::EvalError::plan("json", "1:1", "x");
    assert!(is("error", &serde_json::to_value(error).expect("JSON")));
}

/// The addresses of properties without a sentence of their own.
fn undescribed(value: &Value, place: &str, found: &mut Vec<String>) {
    for (name, rule) in value["properties"].as_object().into_iter().flatten() {
        if rule["description"].as_str().is_none_or(str::is_empty) {
            found.push(format!("{place}/{name}"));
        }
    }
    match value {
        Value::Object(parts) => {
            parts.iter().for_each(|(name, part)| undescribed(part, &format!("{place}/{name}"), found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| undescribed(part, place, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_property_says_what_it_is() {
    let mut found = Vec::new();
    undescribed(&schema()["$defs"], "", &mut found);
    assert_eq!(found, [""; 0]);
}
