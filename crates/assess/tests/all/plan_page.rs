//! The examples of `docs/assess-plan.md` give what the page says.

use assess::{Control, Evaluation, Plan, Table, Target, Uncertainty, agreement, robustness, sensitivity};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../../../docs/assess-plan.md");

/// A fenced block: its line, what it is and its text.
struct Block {
    line: usize,
    kind: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for (line, text) in PAGE.lines().enumerate() {
        if let Some(kind) = text.strip_prefix("```json ") {
            blocks.push(Block { line: line + 1, kind: kind.to_owned(), text: String::new() });
            inside = true;
        } else if text == "```" {
            inside = false;
        } else if inside {
            let block = blocks.last_mut().expect("inside a block");
            block.text.push_str(text);
            block.text.push('\n');
        }
    }
    blocks
}

/// What the examples so far have set up.
#[derive(Default)]
struct Reader {
    table: Option<Table>,
    plan: Option<Plan>,
    result: Option<Result<Evaluation, assess::EvalError>>,
    shares: Vec<f64>,
    uncertainty: Option<Uncertainty>,
    mismatches: Vec<String>,
    checked: usize,
}

impl Reader {
    fn read(&mut self, block: &Block) {
        let value: Value =
            serde_json::from_str(&block.text).unwrap_or_else(|error| panic!("line {}: {error}", block.line));
        match block.kind.as_str() {
            "table" => self.table = Some(Table::from_json(&block.text).unwrap_or_else(|e| panic!("{e}"))),
            "plan" => {
                self.run(Plan::from_json(&block.text).unwrap_or_else(|e| panic!("line {}: {e}", block.line)))
            }
            "normalisation" => self.run(crate::support::plan(json!({"name": "n", "tree": {
                "code": "total", "weights": "equal",
                "children": [{"code": "x", "leaf": {"normalisation": value}}]}}))),
            "leaf" => self.run(crate::support::plan(json!({"name": "l", "tree": {
                "code": "total", "weights": "equal", "children": [{"code": "x", "leaf": value}]}}))),
            "aggregation" => {
                self.run(crate::support::flat(&["x", "y", "z"], value, json!({"weights": "equal"})))
            }
            "weights" => {
                let method = serde_json::from_value(value).expect("a weighting method");
                let table = self.table.as_ref().expect("a table above");
                self.shares =
                    assess::weights(table, &method, None).unwrap_or_else(|e| panic!("{e}")).0.values;
            }
            "uncertainty" => self.vary(&block.text),
            "target" => self.analyse(value),
            _ => self.expect(block, &value),
        }
    }

    fn run(&mut self, plan: Plan) {
        let table = self.table.as_ref().expect("a table above");
        self.result = Some(assess::evaluate(table, &plan));
        self.plan = Some(plan);
    }

    fn expect(&mut self, block: &Block, expected: &Value) {
        let found = match block.kind.as_str() {
            "shares" => json!(self.shares.iter().map(|x| round(*x)).collect::<Vec<_>>()),
            "intraclass" => {
                let found = agreement(self.table.as_ref().expect("a table above"));
                let icc = found.expect("ratings").intraclass.expect("ratings vary");
                let six = [
                    icc.one_single,
                    icc.two_single,
                    icc.three_single,
                    icc.one_mean,
                    icc.two_mean,
                    icc.three_mean,
                ];
                json!(six.map(|x| round(x.expect("defined"))))
            }
            "error" => {
                let Some(Err(error)) = &self.result else {
                    panic!("line {}: nothing was refused", block.line);
                };
                json!(error.findings()[0].code)
            }
            kind => self.part(kind),
        };
        self.checked += 1;
        if found != *expected {
            self.mismatches.push(format!("{} {found}", block.line));
        }
    }

    fn part(&self, kind: &str) -> Value {
        let result = self.result.as_ref().expect("a plan above");
        let found = result.as_ref().unwrap_or_else(|error| panic!("{error}"));
        let rounded = |scores: &[Option<f64>]| json!(scores.iter().map(|x| x.map(round)).collect::<Vec<_>>());
        match kind {
            "totals" => rounded(&found.totals),
            "scores" => rounded(&found.nodes[0].scores),
            "figures" => rounded(&found.leaves[0].figures),
            "grades" => json!(found.grades.iter().map(|g| g.grade.clone()).collect::<Vec<_>>()),
            "outcomes" => {
                let selection = found.selection.as_ref().expect("the plan selects");
                json!(selection.towns.iter().map(|town| town.outcome).collect::<Vec<_>>())
            }
            other => panic!("no block is called {other}"),
        }
    }

    fn vary(&mut self, text: &str) {
        let uncertainty: Uncertainty = serde_json::from_str(text).expect("uncertain inputs");
        let (table, plan) = self.subject();
        let found = robustness(table, plan, &uncertainty, &Control::default());
        let found = found.unwrap_or_else(|error| panic!("{error}"));
        let places: f64 = found.towns.iter().filter_map(|town| town.selected).sum();
        assert!(places <= 2.0 + 1e-9 && places > 1.5, "{places} places on average");
        assert_eq!(found.failed_draws, 0, "{text}");
        self.uncertainty = Some(uncertainty);
        self.checked += 1;
    }

    fn analyse(&mut self, target: Value) {
        let target: Target = serde_json::from_value(target).expect("a target");
        let uncertainty = self.uncertainty.clone().expect("uncertain inputs above");
        let (table, plan) = self.subject();
        let uncertainty = Uncertainty { draws: 64, ..uncertainty };
        let found = sensitivity(table, plan, &uncertainty, target, &Control::default());
        assert_eq!(found.unwrap_or_else(|error| panic!("{error}")).inputs.len(), uncertainty.inputs.len());
        self.checked += 1;
    }

    fn subject(&self) -> (&Table, &Plan) {
        (self.table.as_ref().expect("a table above"), self.plan.as_ref().expect("a plan above"))
    }
}

fn round(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

#[test]
fn every_example_gives_what_the_page_says() {
    let mut reader = Reader::default();
    for block in blocks() {
        reader.read(&block);
    }
    assert!(reader.checked > 80, "{} examples", reader.checked);
    assert!(reader.mismatches.is_empty(), "line and what was found:\n{}", reader.mismatches.join("\n"));
}
