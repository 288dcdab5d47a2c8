//! Five fictional towns, two dimensions, grades with a quota: scores, ranks and reasons.
//!
//! `cargo run -p assess --example evaluate`

use assess::{Plan, Table, evaluate, explain};

const TABLE: &str = r#"{
  "year": 2018,
  "towns": ["甲镇", "乙镇", "丙镇", "丁镇", "戊镇"],
  "columns": [
    {"code": "investment", "values": [52000, 31000, 47000, 9000, 38000]},
    {"code": "jobs", "values": [2600, 1900, 3100, 700, null]},
    {"code": "housing_share", "values": [12, 35, 20, 48, 25]},
    {"code": "accident", "values": [0, 0, 0, 0, 1]}
  ]
}"#;

const PLAN: &str = r#"{
  "name": "example",
  "tree": {"code": "total", "children": [
    {"code": "industry", "weight": 60, "weights": "equal", "children": [
      {"code": "investment", "leaf": {"normalisation": {"goalposts": {"low": 0, "high": 50000}}}},
      {"code": "jobs", "leaf": {"normalisation": {"goalposts": {"low": 0, "high": 3000}}}}]},
    {"code": "housing_share", "weight": 40, "leaf": {
      "direction": "cost", "normalisation": {"goalposts": {"low": 0, "high": 60}}}}]},
  "grades": {
    "rounding": {"half_up": {"places": 2}},
    "vetoes": [{"code": "accident", "reason": "重大安全生产事故", "column": "accident",
      "when": {"is": "at_least", "value": 1}}],
    "grades": [
      {"code": "excellent", "name": "优秀", "at_least": "85", "best_share": "0.2"},
      {"code": "pass", "name": "合格", "at_least": "70"},
      {"code": "fail", "name": "不合格"}]}
}"#;

fn main() -> Result<(), assess::EvalError> {
    let (table, plan) = (Table::from_json(TABLE)?, Plan::from_json(PLAN)?);
    let found = evaluate(&table, &plan)?;
    for (i, town) in found.towns.iter().enumerate() {
        println!("{} 第 {:?} 名：{}", town.0, found.ranks[i], found.grades[i].reason);
    }
    for notice in &found.notices {
        println!("提示：{}", notice.message);
    }
    let why = explain(&table, &plan, "丙镇")?;
    for part in why.contributions {
        println!("丙镇 {}：{:?} 分", part.node, part.to_total);
    }
    Ok(())
}
