//! Every answer of every command fits what `assess schema` prints.

use super::{json, run, run_with};
use assess::Control;
use jsonschema::Validator;
use serde_json::Value;
use std::sync::atomic::Ordering;

fn schema() -> Value {
    json(&run("schema"), 0)
}

/// The schema of one definition alone.
fn rule(name: &str) -> Validator {
    let mut root = schema();
    root.as_object_mut().expect("an object").remove("oneOf");
    root["$ref"] = format!("#/$defs/{name}").into();
    jsonschema::validator_for(&root).expect("a schema")
}

const PLAN: &str = "--plan {}/plan.json --table {}/table.xlsx";

#[test]
fn every_answer_fits_the_schema() {
    let cancelled = Control::default();
    cancelled.cancel.store(true, Ordering::Relaxed);
    let answers = [
        ("evaluation", json(&run(&format!("evaluate {PLAN}")), 0)),
        ("evaluation", json(&run(&format!("evaluate {PLAN} --explain 丙镇")), 0)),
        ("planWeights", json(&run(&format!("weights {PLAN}")), 0)),
        ("robustness", json(&run(&format!("robustness {PLAN} --draws 64")), 0)),
        ("sobol", json(&run(&format!("sensitivity {PLAN} --draws 64")), 0)),
        ("compared", json(&run(&format!("compare {PLAN} --table {{}}/table.csv")), 0)),
        ("refusal", json(&run("evaluate --plan {}/plan.json --table {}/faulty.xlsx"), 2)),
        ("refusal", json(&run("evaluate --plan {}/none.json --table {}/table.csv"), 2)),
        ("error", json(&run_with(&format!("robustness {PLAN}"), &cancelled), 3)),
    ];
    let whole = jsonschema::validator_for(&schema()).expect("a schema");
    for (name, answer) in &answers {
        let faults: Vec<_> = rule(name)
            .iter_errors(answer)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(faults, [""; 0], "{name}");
        assert!(whole.is_valid(answer), "{name} is told apart from the other shapes");
    }
}

#[test]
fn what_is_no_answer_does_not_fit() {
    let mut answer = json(&run(&format!("robustness {PLAN} --draws 64")), 0);
    answer["leave_one_out"][0]["ranks"] = "none".into();
    assert!(!rule("robustness").is_valid(&answer));
    let mut answer = json(&run(&format!("evaluate {PLAN}")), 0);
    answer["more"] = 1.into();
    assert!(!rule("evaluation").is_valid(&answer));
}
