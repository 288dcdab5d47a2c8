//! Grades, quotas, adjustments and the selection, each with the case on the line.

use assess::result::Outcome::{NotEligible, NotSelected, Selected, Tied};
use assess::{Evaluation, Plan, Table};
use serde_json::{Value, json};

use crate::support::{evaluate, plan};

fn data(columns: Value, prefectures: &[&str]) -> Table {
    let n = prefectures.len();
    let towns: Vec<String> = (0..n).map(crate::support::town).collect();
    let columns: Vec<Value> = columns
        .as_object()
        .expect("columns by code")
        .iter()
        .map(|(code, values)| json!({"code": code, "values": values}))
        .collect();
    let data = json!({"towns": towns, "columns": columns, "attributes": {"prefecture": prefectures}});
    Table::from_json(&data.to_string()).unwrap_or_else(|e| panic!("{e}"))
}

/// The score is the column `x` itself.
fn rules(extra: Value) -> Plan {
    let mut value = json!({
        "name": "rules",
        "tree": {"code": "total", "children": [{"code": "x", "leaf": {}}]},
        "steps": {"weights": "equal", "normalisation": "none"},
    });
    for (key, part) in extra.as_object().expect("parts of a plan") {
        value[key] = part.clone();
    }
    plan(value)
}

fn three(best_share: Value, rounding: Value) -> Value {
    json!({
        "grades": [
            {"code": "excellent", "name": "优秀", "at_least": "85", "best_share": best_share},
            {"code": "pass", "name": "合格", "at_least": "70"},
            {"code": "fail", "name": "不合格"}],
        "rounding": rounding,
        "vetoes": [{"code": "pollution", "reason": "重大环境污染", "column": "veto",
            "when": {"is": "at_least", "value": 1}}],
    })
}

fn grades(evaluation: &Evaluation) -> Vec<&str> {
    evaluation.grades.iter().map(|g| g.grade.as_deref().unwrap_or("-")).collect()
}

#[test]
fn cut_off_quota_and_veto() {
    let table = data(
        json!({"x": [95, 90, 88, 86, 85, 84.99, 70, 69.99, 99, 10], "veto": [0, 0, 0, 0, 0, 0, 0, 0, 1, null]}),
        &["n"; 10],
    );
    let found = evaluate(&table, &rules(json!({"grades": three(json!("0.2"), json!("exact"))})));
    assert_eq!(
        grades(&found),
        ["excellent", "excellent", "pass", "pass", "pass", "pass", "pass", "fail", "fail", "fail"]
    );
    assert_eq!(found.grades[8].vetoes, ["pollution"]);
    assert!(found.grades[8].reason.contains("重大环境污染"));
    assert!(found.grades[2].reason.contains("名额 2 个已满"));
}

#[test]
fn a_tie_at_the_quota_is_left_to_a_person_unless_settled() {
    let table =
        data(json!({"x": [95, 90, 90, 80, 75], "veto": [0, 0, 0, 0, 0], "jobs": [1, 2, 3, 4, 5]}), &["n"; 5]);
    let mut part = three(json!("0.4"), json!("exact"));
    let open = evaluate(&table, &rules(json!({"grades": part})));
    assert_eq!(grades(&open), ["excellent", "pass", "pass", "pass", "pass"]);
    assert!(open.grades[1].undecided && open.grades[2].undecided && !open.grades[3].undecided);
    part["tie_breaks"] = json!([{"column": "jobs"}]);
    let settled = evaluate(&table, &rules(json!({"grades": part})));
    assert_eq!(grades(&settled), ["excellent", "pass", "excellent", "pass", "pass"]);
}

#[test]
fn rounding_is_half_up_in_decimal() {
    // 84.995 is below its decimal value in binary; half up to two places it is 85.00.
    let table = data(json!({"x": [84.995, 84.994999, 85.0], "veto": [0, 0, 0]}), &["n"; 3]);
    let of = |rounding: Value| rules(json!({"grades": three(json!("1"), rounding)}));
    let rounded = evaluate(&table, &of(json!({"half_up": {"places": 2}})));
    assert_eq!(grades(&rounded), ["excellent", "pass", "excellent"]);
    let shown: Vec<String> = rounded.grades.iter().map(|g| g.score.expect("a score").to_string()).collect();
    assert_eq!(shown, ["85.00", "84.99", "85.00"]);
    assert_eq!(grades(&evaluate(&table, &of(json!("exact")))), ["pass", "pass", "excellent"]);
}

#[test]
fn bonus_and_deduction_have_caps_and_a_bonus_floor_can_be_asked() {
    let table = data(json!({"x": [86, 86, 60], "b": [20, 2, 0], "d": [0, 3, 30]}), &["n"; 3]);
    let judged = |cap: f64| json!({"judged": {"cap": cap}});
    let plan = rules(json!({
        "adjustments": {"bonus_cap": 10, "deduction_cap": 12, "floor": 0, "items": [
            {"code": "b", "kind": "bonus", "rule": {"column": "b", "shape": judged(15.0)}},
            {"code": "d", "kind": "deduction", "rule": {"column": "d", "shape": judged(100.0)}}]},
        "grades": {"grades": [
            {"code": "excellent", "at_least": "85", "conditions": [{"node": "bonus", "at_least": "8"}]},
            {"code": "pass", "at_least": "70"}, {"code": "fail"}]},
    }));
    let found = evaluate(&table, &plan);
    assert_eq!(found.bonus, [10.0, 2.0, 0.0]);
    assert_eq!(found.deduction, [0.0, 3.0, 12.0]);
    assert_eq!(found.totals, [Some(96.0), Some(85.0), Some(48.0)]);
    assert_eq!(grades(&found), ["excellent", "pass", "fail"]);
}

fn outcomes(evaluation: &Evaluation) -> Vec<assess::result::Outcome> {
    let selection = evaluation.selection.as_ref().expect("the plan selects");
    selection.towns.iter().map(|town| town.outcome).collect()
}

#[test]
fn quotas_floors_and_reserved_places() {
    let table = data(json!({"x": [90, 80, 70, 60, 50, 40]}), &["n", "n", "n", "s", "s", "w"]);
    let of = |quotas: Value, floors: Value, count: usize| {
        let select = json!({"count": count, "quotas": quotas, "floors": floors});
        evaluate(&table, &rules(json!({"select": select})))
    };
    let most = of(json!([{"attribute": "prefecture", "at_most": 2}]), json!([]), 4);
    assert_eq!(outcomes(&most), [Selected, Selected, NotSelected, Selected, Selected, NotSelected]);
    assert!(most.selection.expect("s").towns[2].reason.contains("名额已满"));
    let kept = of(json!([{"attribute": "prefecture", "value": "w", "at_least": 1}]), json!([]), 3);
    assert_eq!(outcomes(&kept), [Selected, Selected, NotSelected, NotSelected, NotSelected, Selected]);
    let floor = of(json!([]), json!([{"node": "x", "at_least": "60"}]), 6);
    assert_eq!(outcomes(&floor)[3..], [Selected, NotEligible, NotEligible]);
}

#[test]
fn reserved_places_that_nobody_can_have_are_told() {
    let table = data(json!({"x": [90, 80, 70, 60]}), &["n", "n", "s", "w"]);
    let kept = |value: &str| json!({"attribute": "prefecture", "value": value, "at_least": 1});
    let of = |count: usize| {
        let select = json!({"count": count, "quotas": [kept("s"), kept("w")]});
        evaluate(&table, &rules(json!({"select": select})))
    };
    let unfilled = |found: &Evaluation| {
        let notices = found.notices.iter();
        notices.filter(|notice| notice.code == assess::NoticeCode::QuotaUnfilled).count()
    };
    let enough = of(2);
    assert_eq!(
        (outcomes(&enough), unfilled(&enough)),
        (vec![NotSelected, NotSelected, Selected, Selected], 0)
    );
    let short = of(1);
    assert_eq!(
        (outcomes(&short), unfilled(&short)),
        (vec![NotSelected, NotSelected, Selected, NotSelected], 1)
    );
}

#[test]
fn a_town_without_the_attribute_of_a_quota_and_a_plan_of_another_year_are_refused() {
    let table = data(json!({"x": [90, 80]}), &["n", " "]);
    let quota = json!({"count": 1, "quotas": [{"attribute": "prefecture", "at_most": 1}]});
    let refused = assess::evaluate(&table, &rules(json!({"select": quota}))).expect_err("a blank attribute");
    assert_eq!(refused.findings()[0].code, "missing_attribute");
    assert_eq!(refused.findings()[0].place, "B/@prefecture");
    let dated = rules(json!({"year": 2018}));
    assert!(assess::evaluate(&table, &dated).is_ok());
    let refused = assess::evaluate(&table.with_year(2017), &dated).expect_err("another year");
    assert_eq!(refused.findings()[0].code, "wrong_year");
}

#[test]
fn earlier_years_lie_before_and_come_once() {
    let table = |years: [i32; 2]| {
        let past = years.map(|year| json!({"year": year, "towns": [], "columns": []}));
        Table::from_json(&json!({"year": 2018, "towns": [], "columns": [], "history": past}).to_string())
    };
    assert!(table([2017, 2016]).is_ok());
    for years in [[2017, 2017], [2018, 2017], [2017, 2019]] {
        assert_eq!(table(years).expect_err("refused").findings()[0].code, "wrong_year");
    }
}

#[test]
fn ties_at_the_cut_and_at_a_quota_are_reported() {
    let table = data(json!({"x": [90, 80, 80, 80, 50]}), &["n", "n", "n", "s", "s"]);
    let of = |quotas: Value, count: usize| {
        evaluate(&table, &rules(json!({"select": {"count": count, "quotas": quotas}})))
    };
    let cut = of(json!([]), 3);
    assert_eq!(outcomes(&cut), [Selected, Tied, Tied, Tied, NotSelected]);
    assert_eq!(cut.selection.expect("s").open_places, 2);
    let quota = of(json!([{"attribute": "prefecture", "at_most": 2}]), 4);
    assert_eq!(outcomes(&quota), [Selected, Tied, Tied, Selected, Selected]);
    assert_eq!(quota.selection.expect("s").open_places, 1);
}

#[test]
fn assessment_tables_score_as_they_are_written() {
    let table = data(
        json!({
            "minutes": [10, 15, 30, 31, 20, 5], "energy": [1.2, 1.0, 0.9, 0.7, 0.4, 0.85],
            "cover": [100, 95, 90, 71, 40, 0], "sewage": [75, 60, 60, 50, 71, 0],
            "road": [1, 1, 0, 1, 0, 0], "link": [1, 0, 1, 1, 0, 0], "hard": [1, 1, 0, 0, 0, 1],
        }),
        &["n"; 6],
    );
    let past = data(json!({"sewage": [75, 49, 51, 45, 71, 0]}), &["n"; 6]);
    let table = table.with_year(2018).with_history(vec![past.with_year(2017)]);
    let at = |is: &str, value: f64| json!({"is": is, "value": value});
    let score = |full: f64, rule: Value| json!({"normalisation": {"score": {"full": full, "rule": rule}}});
    let plan = plan(
        json!({"name": "table", "steps": {"weights": "points", "scale": [0, 100]}, "tree": {"code": "t", "children": [
        {"code": "minutes", "weight": 0.5, "leaf": score(0.5, json!({"shape": {"bands": {"bands": [
            {"when": at("at_most", 15.0), "points": 0.5}, {"when": at("at_most", 30.0), "points": 0.3}]}}}))},
        {"code": "energy", "weight": 2, "leaf": score(2.0, json!({"shape": {"steps": {
            "from": 1, "points": 0.5, "every": -0.1, "add": 0.5, "before": 0, "max": 2}}}))},
        {"code": "cover", "weight": 2, "leaf": score(2.0, json!({"shape": {"steps": {
            "from": 100, "points": 2, "every": -10, "add": -0.5, "count": "begun", "max": 2}}}))},
        {"code": "sewage", "weight": 0.5, "leaf": score(0.5, json!({"shape": {"any": {"of": [
            {"shape": {"threshold": {"when": at("at_least", 70.0), "points": 0.5}}},
            {"column": "sewage", "change": "difference", "shape": {"threshold": {"when": at("at_least", 10.0), "points": 0.5}}}]}}}))},
        {"code": "road", "weight": 0.5, "leaf": score(0.5, json!({"shape": {"checklist": {"items": [
            {"column": "road", "points": 0.2}, {"column": "link", "points": 0.2}, {"column": "hard", "points": 0.1}]}}}))}]}}),
    );
    let found = evaluate(&table, &plan);
    let points = |code: &str, full: f64| -> Vec<f64> {
        let scores = crate::support::scores(&found, code);
        scores.iter().map(|score| (score * full).round() / 100.0).collect()
    };
    assert_eq!(points("minutes", 0.5), [0.5, 0.5, 0.3, 0.0, 0.3, 0.5]);
    assert_eq!(points("energy", 2.0), [0.0, 0.5, 1.0, 2.0, 2.0, 1.0]);
    assert_eq!(points("cover", 2.0), [2.0, 1.5, 1.5, 0.5, 0.0, 0.0]);
    assert_eq!(points("sewage", 0.5), [0.5, 0.5, 0.0, 0.0, 0.5, 0.0]);
    assert_eq!(points("road", 0.5), [0.5, 0.3, 0.2, 0.4, 0.0, 0.1]);
}

#[test]
fn standing_and_improvement_by_rank_count_standing_alone_in_the_first_year() {
    let table = data(json!({"x": [10, 20, 30]}), &["n"; 3]);
    let rank = |change: Value| {
        let mut leaf = json!({"column": "x", "normalisation": "borda"});
        if !change.is_null() {
            leaf["change"] = change;
        }
        leaf
    };
    let plan = plan(json!({"name": "qingxin", "tree": {"code": "t", "children": [
        {"code": "standing", "weight": 40, "leaf": rank(Value::Null)},
        {"code": "improvement", "weight": 60, "leaf": rank(json!("percent"))}]}}));
    let first = evaluate(&table, &plan);
    assert_eq!(first.totals, [Some(0.0), Some(50.0), Some(100.0)]);
    let past = data(json!({"x": [5, 19, 30]}), &["n"; 3]);
    let second = evaluate(&table.with_year(2018).with_history(vec![past.with_year(2017)]), &plan);
    let totals: Vec<f64> = second.totals.iter().map(|t| t.expect("a total").round()).collect();
    assert_eq!(totals, [60.0, 50.0, 40.0]);
}
