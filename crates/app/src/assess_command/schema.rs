//! The JSON Schema of what goes in and out: the crate's, with what the command adds to its results.

use serde_json::{Value, json};

/// Properties beside the crate's own, by the name of the definition; and one of the command's own.
const ANSWERS: &str = include_str!("answers.json");

pub fn schema() -> Value {
    let mut schema = assess::schema();
    let answers: Value = serde_json::from_str(ANSWERS).expect("the file is tested to be JSON");
    for result in ["evaluation", "robustness"] {
        let definition = &mut schema["$defs"][result];
        for (name, rule) in answers[result]["properties"].as_object().into_iter().flatten() {
            definition["properties"][name] = rule.clone();
        }
        let added = answers[result]["required"].as_array().cloned().unwrap_or_default();
        definition["required"].as_array_mut().expect("a list of names").extend(added);
    }
    schema["$defs"]["refusal"] = answers["refusal"].clone();
    schema["oneOf"].as_array_mut().expect("a list of shapes").push(json!({ "$ref": "#/$defs/refusal" }));
    schema
}
