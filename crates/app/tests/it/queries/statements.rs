//! What there is to plan: statements written out in the sources, and those heard while they ran.

use super::recorder::one_line;
use crate::sources::{files, literals, name, read};
use std::collections::BTreeMap;

/// What an engine says of itself is not ours to plan.
const CATALOGUES: [&str; 4] =
    ["FROM sqlite_schema", "FROM pg_", "FROM information_schema", "current_schema()"];

/// Everything that is to be planned, with where it comes from. A text that was heard with more
/// behind it is the beginning of a statement; in one that was never heard, a gap stands for a value.
pub fn statements(heard: &[String]) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> =
        heard.iter().filter(|sql| is_planned(sql)).map(|sql| (sql.clone(), "heard".to_owned())).collect();
    for file in ["crates/app/src", "crates/kit/src"].iter().flat_map(|folder| files(folder, "rs")) {
        for literal in literals(&read(&file)) {
            let sql = one_line(&literal.text);
            let begins = sql.split('{').next().expect("a beginning");
            let goes_on = |whole: &&String| whole.len() > begins.len() && whole.starts_with(begins);
            if is_planned(&sql) && !heard.iter().any(|whole| goes_on(&whole)) {
                all.entry(sql.replace("{}", "$1"))
                    .or_insert_with(|| format!("{}:{}", name(&file), literal.line));
            }
        }
    }
    all
}

/// An insertion of values has nothing to look for.
fn is_planned(sql: &str) -> bool {
    ["SELECT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|verb| sql.starts_with(verb))
        && !CATALOGUES.iter().any(|catalogue| sql.contains(catalogue))
}
