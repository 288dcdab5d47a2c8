//! The weights of one table by several methods.
//!
//! `cargo run -p assess --example weights`

use assess::plan::{Correlation, DataForm};
use assess::{Table, WeightMethod, weights};

const TABLE: &str = r#"{
  "towns": ["甲镇", "乙镇", "丙镇", "丁镇"],
  "columns": [
    {"code": "investment", "values": [52, 31, 47, 9]},
    {"code": "jobs", "values": [26, 19, 31, 7]},
    {"code": "visitors", "values": [40, 55, 12, 30]}
  ]
}"#;

fn main() -> Result<(), assess::EvalError> {
    let table = Table::from_json(TABLE)?;
    for method in [
        WeightMethod::Equal,
        WeightMethod::Entropy { data: DataForm::Raw },
        WeightMethod::Critic { correlation: Correlation::Pearson },
        WeightMethod::Merec,
        WeightMethod::StandardDeviation,
    ] {
        let (found, _) = weights(&table, &method, None)?;
        println!("{:20} {:.4?}", found.method, found.values);
    }
    Ok(())
}
