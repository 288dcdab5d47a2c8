//! Every edge of the numeric contract gives a typed error or a value with a notice.

use assess::{EvalError, NoticeCode, Table, evaluate as run};
use serde_json::{Value, json};

use crate::support::{close, evaluate, flat, plan, scores, table};

const GAP: f64 = f64::NAN;

fn has(evaluation: &assess::Evaluation, code: NoticeCode) -> bool {
    evaluation.notices.iter().any(|notice| notice.code == code)
}

fn equal() -> Value {
    json!({"weights": "equal"})
}

fn with(aggregation: Value, columns: &[(&str, &[f64])]) -> assess::Evaluation {
    let codes: Vec<&str> = columns.iter().map(|column| column.0).collect();
    evaluate(&table(columns), &flat(&codes, aggregation, equal()))
}

#[test]
fn a_constant_indicator_is_missing_or_neutral() {
    let columns: [(&str, &[f64]); 2] = [("x", &[5.0, 5.0, 5.0]), ("y", &[0.0, 1.0, 2.0])];
    let missing = with(json!("arithmetic"), &columns);
    assert!(has(&missing, NoticeCode::ConstantIndicator));
    close(&scores(&missing, "total"), &[0.0, 50.0, 100.0], 1e-12);
    let neutral = plan(json!({"name": "n", "steps": equal(), "tree": {"code": "t", "children": [
        {"code": "x", "leaf": {"constant": "neutral"}}, {"code": "y", "leaf": {}}]}}));
    close(&scores(&evaluate(&table(&columns), &neutral), "t"), &[25.0, 50.0, 75.0], 1e-12);
}

#[test]
fn constant_columns_weigh_nothing_and_no_information_is_said() {
    let some: [(&str, &[f64]); 3] =
        [("x", &[5.0, 5.0, 5.0]), ("y", &[1.0, 2.0, 4.0]), ("z", &[4.0, 1.0, 1.0])];
    for method in [json!({"critic": {}}), json!({"entropy": {}}), json!("standard_deviation")] {
        let steps = json!({"weights": method});
        let found = evaluate(&table(&some), &flat(&["x", "y", "z"], json!("arithmetic"), steps.clone()));
        let x = found.nodes.iter().find(|node| node.code == "x").expect("x");
        assert_eq!(x.weight, 0.0, "{method}");
        let none: [(&str, &[f64]); 2] = [("x", &[5.0, 5.0]), ("y", &[1.0, 1.0])];
        let blind = evaluate(&table(&none), &flat(&["x", "y"], json!("arithmetic"), steps));
        assert!(has(&blind, NoticeCode::NoInformation), "{method}");
        assert_eq!(blind.nodes[1].weight, 0.5);
    }
}

#[test]
fn zeros_and_negatives_in_entropy() {
    let zeros: [(&str, &[f64]); 2] = [("x", &[0.0, 1.0, 3.0]), ("y", &[2.0, 2.0, 3.0])];
    let steps = json!({"weights": {"entropy": {}}});
    let found = evaluate(&table(&zeros), &flat(&["x", "y"], json!("arithmetic"), steps.clone()));
    let p: [f64; 2] = [0.25, 0.75];
    let e_x = -p.iter().map(|p| p * p.ln()).sum::<f64>() / 3f64.ln();
    let assess::weights::Diagnostics::Entropy { entropies } =
        &found.nodes[0].weighting.as_ref().expect("a group").diagnostics
    else {
        panic!("entropy has entropies");
    };
    close(&entropies[..1], &[e_x], 1e-12);
    let negative: [(&str, &[f64]); 2] = [("x", &[0.0, -1.0, 3.0]), ("y", &[2.0, 2.0, 3.0])];
    let refused = run(&table(&negative), &flat(&["x", "y"], json!("arithmetic"), steps));
    let Err(EvalError::Value { code, town, indicator, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        (code.as_str(), town.as_deref(), indicator.as_deref()),
        ("negative_in_entropy", Some("B"), Some("x"))
    );
    let offered = json!({"weights": {"entropy": {"data": "min_max"}}});
    evaluate(&table(&negative), &flat(&["x", "y"], json!("arithmetic"), offered));
}

#[test]
fn zeros_in_a_geometric_mean() {
    let columns: [(&str, &[f64]); 2] = [("x", &[0.0, 1.0, 2.0]), ("y", &[1.0, 0.0, 2.0])];
    let zero = with(json!({"geometric": {}}), &columns);
    assert!(has(&zero, NoticeCode::ZeroInProduct));
    close(&scores(&zero, "total"), &[0.0, 0.0, 100.0], 1e-9);
    let floored = with(json!({"geometric": {"floor": 1.0}}), &columns);
    assert!(has(&floored, NoticeCode::FloorApplied));
    close(&scores(&floored, "total"), &[50f64.sqrt(), 50f64.sqrt(), 100.0], 1e-9);
    let harmonic = with(json!({"harmonic": {}}), &columns);
    close(&scores(&harmonic, "total"), &[0.0, 0.0, 100.0], 1e-9);
}

#[test]
fn negative_scores_in_a_product_name_town_and_indicator() {
    let columns: [(&str, &[f64]); 2] = [("x", &[0.0, 1.0, 2.0]), ("y", &[1.0, 0.0, 2.0])];
    let steps = json!({"weights": "equal", "normalisation": {"z_score": {}}});
    let refused = run(&table(&columns), &flat(&["x", "y"], json!({"geometric": {}}), steps));
    assert!(matches!(refused, Err(EvalError::Value { code, town: Some(town), indicator: Some(_), .. })
        if code == "negative_in_geometric" && town == "A"));
}

#[test]
fn missing_values_follow_the_policy_of_the_node() {
    let columns: [(&str, &[f64]); 2] = [("x", &[0.0, 1.0, 2.0]), ("y", &[1.0, GAP, 2.0])];
    let of = |policy: &str, aggregation: Value| {
        let plan = plan(json!({"name": "m", "steps": equal(), "tree": {
            "code": "t", "missing": policy, "aggregation": aggregation,
            "children": [{"code": "x", "leaf": {}}, {"code": "y", "leaf": {}}]}}));
        evaluate(&table(&columns), &plan)
    };
    let renormalised = of("renormalise", json!("arithmetic"));
    close(&scores(&renormalised, "t"), &[0.0, 50.0, 100.0], 1e-12);
    assert_eq!(renormalised.nodes[0].coverage, [1.0, 0.5, 1.0]);
    close(&scores(&of("zero", json!("arithmetic")), "t"), &[0.0, 25.0, 100.0], 1e-12);
    let refused = of("refuse", json!("arithmetic"));
    assert_eq!(refused.totals, [Some(0.0), None, Some(100.0)]);
    assert_eq!(refused.ranks[1], None);
    assert!(has(&refused, NoticeCode::MissingRefused));
    for method in ["topsis", "copeland", "borda", "minimum"] {
        assert!(of("renormalise", json!(method)).totals[1].is_some(), "{method}");
    }
}

#[test]
fn towns_that_are_all_equal_get_the_middle() {
    let plan = |aggregation: Value| {
        plan(json!({"name": "e", "steps": {"weights": "equal", "normalisation": "none"},
        "tree": {"code": "t", "aggregation": aggregation,
            "children": [{"code": "x", "leaf": {}}, {"code": "y", "leaf": {}}]}}))
    };
    let columns: [(&str, &[f64]); 2] = [("x", &[40.0, 40.0]), ("y", &[70.0, 70.0])];
    for method in [
        json!("topsis"),
        json!({"vikor": {"v": 0.5}}),
        json!({"promethee": {}}),
        json!("copeland"),
        json!("borda"),
    ] {
        let found = evaluate(&table(&columns), &plan(method.clone()));
        close(&scores(&found, "t"), &[50.0, 50.0], 1e-12);
        assert!(has(&found, NoticeCode::AllEqual), "{method}");
    }
}

#[test]
fn decimal_fractions_tie_and_are_never_ordered_by_input() {
    let plan =
        plan(json!({"name": "t", "steps": {"scale": [0, 1], "weights": "equal", "normalisation": "none"},
        "tree": {"code": "t", "children": [{"code": "x", "leaf": {}}]},
        "select": {"count": 1}}));
    let found = evaluate(&table(&[("x", &[0.3, 0.1 + 0.2, 0.2])]), &plan);
    assert_eq!(found.ranks, [Some(1.0), Some(1.0), Some(3.0)]);
    let selection = found.selection.expect("the plan selects");
    assert_eq!(selection.open_places, 1);
    use assess::result::Outcome::{NotSelected, Tied};
    let outcomes: Vec<_> = selection.towns.iter().map(|town| town.outcome).collect();
    assert_eq!(outcomes, [Tied, Tied, NotSelected]);
}

#[test]
fn figures_that_are_not_finite_are_refused_at_input() {
    for text in [
        r#"{"towns":["A"],"columns":[{"code":"x","values":[1e308]}]}"#,
        r#"{"towns":["A"],"columns":[{"code":"x","values":[1e999]}]}"#,
        r#"{"towns":["A"],"columns":[{"code":"x","values":[NaN]}]}"#,
        r#"{"towns":["A","A"],"columns":[]}"#,
        r#"{"towns":["A"],"columns":[{"code":"x","values":[1,2]}]}"#,
        r#"{"towns":["A"],"columns":[{"code":"x","values":[1]}],"colour":1}"#,
    ] {
        assert!(matches!(Table::from_json(text), Err(EvalError::Table { .. })), "{text}");
    }
    let towns = vec![assess::TownId("A".to_owned())];
    let leaves = vec![assess::LeafId("x".to_owned())];
    assert!(Table::new(towns, leaves, vec![Some(f64::INFINITY)]).is_err());
}

#[test]
fn one_town_one_indicator_and_more_places_than_towns_are_defined() {
    let one = plan(json!({"name": "1", "steps": {"weights": "equal", "normalisation": "none"},
        "tree": {"code": "t", "aggregation": "topsis", "children": [{"code": "x", "leaf": {}}]},
        "select": {"count": 5}}));
    let found = evaluate(&table(&[("x", &[10.0])]), &one);
    assert_eq!(found.ranks, [Some(1.0)]);
    for code in [NoticeCode::SingleTown, NoticeCode::SingleIndicator, NoticeCode::EveryTownFits] {
        assert!(has(&found, code), "{code:?}");
    }
    let empty = r#"{"towns":[],"columns":[{"code":"x","values":[]}]}"#;
    let refused = run(&Table::from_json(empty).expect("a table without towns"), &one);
    assert!(matches!(refused, Err(EvalError::Table { .. })));
}

#[test]
fn a_zero_denominator_makes_the_cell_missing_and_flagged() {
    let plan = plan(json!({"name": "d", "steps": equal(), "tree": {"code": "t",
        "children": [{"code": "x", "leaf": {"denominator": "d"}}]}}));
    let found = evaluate(&table(&[("x", &[4.0, 3.0, 2.0]), ("d", &[0.0, 1.0, 2.0])]), &plan);
    assert_eq!(found.leaves[0].figures, [None, Some(3.0), Some(1.0)]);
    assert_eq!(found.leaves[0].flags[0], assess::CellFlag::ZeroDenominator);
    assert!(has(&found, NoticeCode::ZeroDenominator));
}

#[test]
fn weights_are_never_rescaled_silently() {
    let of = |a: f64, b: f64, weights: &str| {
        let plan = plan(json!({"name": "w", "steps": {"weights": weights}, "tree": {"code": "t",
            "children": [{"code": "x", "weight": a, "leaf": {}}, {"code": "y", "weight": b, "leaf": {}}]}}));
        run(&table(&[("x", &[1.0, 2.0]), ("y", &[2.0, 1.0])]), &plan)
    };
    assert!(of(0.5, 0.5, "given").is_ok());
    assert!(of(25.0, 75.0, "given").is_ok());
    assert!(of(250.0, 750.0, "given").is_ok());
    for (a, b) in [(0.5, 0.4), (25.0, 74.0), (33.3, 66.7)] {
        let refused = of(a, b, "given");
        assert!(
            matches!(refused, Err(EvalError::Plan { findings }) if findings[0].code == "weights_do_not_sum")
        );
    }
    let points = of(0.5, 2.0, "points").expect("points are divided by their sum");
    assert!(has(&points, NoticeCode::PointsRescaled));
    assert_eq!(points.nodes[1].weight, 0.2);
}

#[test]
fn a_cost_that_keeps_its_sign_needs_a_method_with_ideals() {
    let of = |aggregation: &str| {
        let plan = plan(json!({"name": "c", "steps": {"weights": "equal", "normalisation": "vector"},
            "tree": {"code": "t", "aggregation": aggregation, "children": [
                {"code": "x", "leaf": {"direction": "cost"}}, {"code": "y", "leaf": {}}]}}));
        run(&table(&[("x", &[1.0, 2.0]), ("y", &[2.0, 3.0])]), &plan)
    };
    assert!(of("topsis").is_ok());
    assert!(
        matches!(of("arithmetic"), Err(EvalError::Plan { findings }) if findings[0].code == "cost_needs_ideal")
    );
}
