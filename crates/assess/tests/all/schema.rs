//! The JSON Schema accepts what the crate reads and writes, and refuses what it refuses.

use assess::{Plan, Table, schema, to_json};
use serde_json::{Value, json};

/// Checks `value` against the keywords the schema uses.
fn fits(root: &Value, rule: &Value, value: &Value) -> bool {
    if let Some(name) = rule["$ref"].as_str() {
        let pointer = name.strip_prefix('#').expect("a local reference");
        return fits(root, root.pointer(pointer).expect("a definition"), value);
    }
    let count = |key: &str| {
        let options = rule[key].as_array()?;
        Some(options.iter().filter(|option| fits(root, option, value)).count())
    };
    count("oneOf").is_none_or(|n| n == 1)
        && count("anyOf").is_none_or(|n| n >= 1)
        && rule["enum"].as_array().is_none_or(|words| words.contains(value))
        && has_type(&rule["type"], value)
        && within(rule, value)
        && object_fits(root, rule, value)
        && array_fits(root, rule, value)
}

fn has_type(types: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    };
    match types {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().any(|name| is(name.as_str().expect("a type"))),
        _ => true,
    }
}

fn within(rule: &Value, value: &Value) -> bool {
    let Some(x) = value.as_f64() else { return true };
    rule["minimum"].as_f64().is_none_or(|low| x >= low - 1e-12)
        && rule["maximum"].as_f64().is_none_or(|high| x <= high + 1e-12)
}

fn object_fits(root: &Value, rule: &Value, value: &Value) -> bool {
    let Some(map) = value.as_object() else { return true };
    let required = rule["required"].as_array();
    let complete =
        required.is_none_or(|keys| keys.iter().all(|key| map.contains_key(key.as_str().expect("a key"))));
    complete
        && map.iter().all(|(key, inner)| match (&rule["properties"][key], &rule["additionalProperties"]) {
            (Value::Null, Value::Bool(allowed)) => *allowed,
            (Value::Null, Value::Null) => true,
            (Value::Null, other) => fits(root, other, inner),
            (property, _) => fits(root, property, inner),
        })
}

fn array_fits(root: &Value, rule: &Value, value: &Value) -> bool {
    let Some(list) = value.as_array() else { return true };
    let length = list.len() as u64;
    rule["minItems"].as_u64().is_none_or(|n| length >= n)
        && rule["maxItems"].as_u64().is_none_or(|n| length <= n)
        && (rule["items"].is_null() || list.iter().all(|inner| fits(root, &rule["items"], inner)))
}

fn is(name: &str, value: &Value) -> bool {
    let root = schema();
    fits(&root, &json!({"$ref": format!("#/$defs/{name}")}), value)
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
    for (key, part) in written.as_object().expect("an object") {
        let rule = &schema()["$defs"]["evaluation"]["properties"][key];
        assert!(fits(&schema(), rule, part), "{key}: {part}");
    }
    assert!(is("evaluation", &written));
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
        assert!(is(name, &written), "{name}: {text}");
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
