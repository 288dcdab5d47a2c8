//! What only the whole pack can show: clauses that exist, file types that are taken,
//! values that hold from the first day, least values below greatest.

use super::finding::Findings;
use super::value::{Dated, Value, ValueOf};
use super::{About, ClauseOf};
use crate::clause::Clause;
use crate::day::Day;
use crate::form::Form;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// The list of file types that forms may ask for.
const FILE_TYPES: &str = "files.staff";

/// Check the parts of a pack against each other.
pub(super) fn check(
    about: Option<&About>,
    clauses: &[ClauseOf],
    values: &BTreeMap<String, ValueOf>,
    forms: &BTreeMap<String, Form>,
    findings: &Findings,
) {
    let known: BTreeSet<Clause> = clauses.iter().map(|one| one.clause).collect();
    let types = values.get(FILE_TYPES);
    for form in forms.values() {
        let file = format!("forms/{}.toml", form.code);
        for (clause, line) in form.cited().filter(|(clause, _)| !known.contains(clause)) {
            findings.add(&file, line, format!("条款 {clause} 不在规则包中"));
        }
        for (asked, line) in
            form.file_types().filter(|(asked, _)| types.is_some_and(|types| !takes(types, asked)))
        {
            findings.add(&file, line, format!("附件类型“{asked}”不在“{FILE_TYPES}”所列类型中"));
        }
    }
    for value in values.values() {
        if let Some(about) = about {
            holds_from_the_start(value, about.in_force_from, findings);
        }
        least_below_greatest(value, values, findings);
    }
}

fn takes(types: &ValueOf, asked: &str) -> bool {
    types.values.iter().any(|dated| match &dated.value {
        Value::List(entries) => entries.iter().any(|entry| entry.code == asked),
        _ => false,
    })
}

fn holds_from_the_start(value: &ValueOf, start: Day, findings: &Findings) {
    let Some(first) = value.values.first().filter(|first| first.from > start) else { return };
    let reason = format!("“{}”自{}起应有值，此前为空档", value.id, start.words());
    findings.add(&value.file, first.line, reason);
}

/// `x_min` may not exceed `x` or `x_max`, nor `x` exceed `x_max`, on any day.
fn least_below_greatest(value: &ValueOf, values: &BTreeMap<String, ValueOf>, findings: &Findings) {
    let pairs = match value.id.strip_suffix("_min") {
        Some(base) => vec![(value, values.get(base)), (value, values.get(&format!("{base}_max")))],
        None => vec![(value, values.get(&format!("{}_max", value.id)))],
    };
    for (least, greatest) in pairs {
        let Some(greatest) = greatest else { continue };
        for dated in least.values.iter().chain(&greatest.values) {
            let on = |value: &ValueOf| value.on(dated.from).and_then(number);
            if let (Some(low), Some(high)) = (on(least), on(greatest))
                && low > high
            {
                let reason = format!("“{}”大于“{}”，自相矛盾", least.id, greatest.id);
                findings.add(&least.file, least.line, reason);
            }
        }
    }
}

fn number(dated: &Dated) -> Option<Decimal> {
    match dated.value {
        Value::Count(number) | Value::MoneyFen(number) => Some(Decimal::from(number)),
        Value::Days(days) => Some(Decimal::from(days)),
        Value::Share(share) => Some(share),
        Value::Text(_) | Value::List(_) | Value::Day(_) | Value::Term(_) => None,
    }
}
