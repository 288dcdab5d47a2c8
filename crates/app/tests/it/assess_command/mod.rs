//! `zhenxing assess` over the files of this folder, through the function the executable calls.

mod reading;
mod schema;
mod workbooks;

use assess::Control;
use clap::Parser;
use serde_json::Value;
use std::sync::atomic::Ordering;
use zhenxing::assess_command::{Answer, Assess, execute};

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    assess: Assess,
}

/// Runs a command line; `{}` stands for this folder.
fn run(line: &str) -> Answer {
    run_with(line, &Control::default())
}

fn run_with(line: &str, control: &Control) -> Answer {
    let line = line.replace("{}", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/assess_command"));
    let program = Program::try_parse_from(std::iter::once("assess").chain(line.split(' ')));
    execute(&program.unwrap_or_else(|error| panic!("{error}")).assess.command, control)
}

fn json(answer: &Answer, code: u8) -> Value {
    assert_eq!(answer.code, code, "{}", answer.json);
    serde_json::from_str(&answer.json).expect("one JSON object")
}

#[test]
fn csv_and_workbook_give_the_same_scores_and_the_workbook_its_past_year() {
    let csv = json(&run("evaluate --plan {}/plan.json --table {}/table.csv --explain 丙镇"), 0);
    assert_eq!(csv["ranks"], serde_json::json!([1.0, 3.0, 2.0]));
    assert_eq!(csv["leaves"][1]["flags"][1], "missing");
    assert_eq!(csv["explanations"][0]["town"], "丙镇");
    let book = json(&run("evaluate --plan {}/plan.json --table {}/table.xlsx"), 0);
    assert_eq!(book["leaves"][1]["flags"][1], "imputed");
    assert_eq!(book["leaves"][1]["figures"][1], 1500.0);
    assert_eq!(book["totals"][0], csv["totals"][0]);
    assert_eq!(book["selection"]["towns"][0]["outcome"], "selected");
}

#[test]
fn findings_name_sheet_cell_and_reason() {
    let found = json(&run("evaluate --plan {}/plan.json --table {}/faulty.xlsx"), 2);
    let findings = found["findings"].as_array().expect("findings");
    let cells: Vec<&str> = findings.iter().filter_map(|f| f["cell"].as_str()).collect();
    assert_eq!(cells, ["B2", "C3", "B4", "C4"]);
    assert!(findings.iter().all(|f| f["sheet"] == "2018年"));
    assert_eq!(findings[0]["message"], "不是数字，请更正，或留空表示缺失");
    let missing = json(&run("evaluate --plan {}/none.json --table {}/table.csv"), 2);
    assert_eq!(missing["findings"][0]["code"], "file");
    let unknown = json(&run("evaluate --plan {}/plan.json --table {}/table.csv --explain 无名镇"), 2);
    assert_eq!(unknown["findings"][0]["code"], "unknown_town");
}

#[test]
fn every_command_answers_and_threads_do_not_matter() {
    for command in ["weights", "robustness", "sensitivity"] {
        let line = format!("{command} --plan {{}}/plan.json --table {{}}/table.xlsx");
        let one = run(&format!("{line} --threads 1"));
        json(&one, 0);
        let more = Control::with_threads(4);
        assert_eq!(run_with(&line, &more), one, "{command}");
    }
    let firm = json(&run("robustness --plan {}/plan.json --table {}/table.xlsx --seed 9 --draws 64"), 0);
    assert_eq!((&firm["seed"], &firm["draws"]), (&9.into(), &64.into()));
    assert_eq!(firm["weight_intervals"].as_array().map(Vec::len), Some(2));
    assert_eq!(firm["leave_one_out"].as_array().map(Vec::len), Some(2));
    assert_eq!(firm["swapped"], serde_json::json!(["甲镇", "丙镇"]));
    let both = "compare --plan {}/plan.json --table {}/table.csv --table {}/table.xlsx";
    assert_eq!(json(&run(both), 0)["towns"].as_array().map(Vec::len), Some(3));
    json(&run("compare --plan {}/plan.json --table {}/table.csv"), 2);
    let agreement = json(&run("agreement --table {}/table.csv"), 2);
    assert_eq!(agreement["findings"][0]["cell"], "D3");
}

#[test]
fn a_cancelled_run_answers_three() {
    let control = Control::default();
    control.cancel.store(true, Ordering::Relaxed);
    let answer = run_with("robustness --plan {}/plan.json --table {}/table.csv", &control);
    assert_eq!(json(&answer, 3)["error"], "cancelled");
}
