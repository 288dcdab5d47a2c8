//! Worked examples from the literature, each with its source.

use assess::{EvalError, WeightMethod, agreement, weights};
use serde_json::json;

use crate::support::{close, evaluate, flat, plan, scores, table};

fn method(value: serde_json::Value) -> WeightMethod {
    serde_json::from_value(value).expect("a weighting method")
}

fn ahp(rows: &serde_json::Value) -> assess::Weights {
    let n = rows.as_array().expect("rows").len();
    let names: Vec<String> = (0..n).map(|k| format!("c{k}")).collect();
    let columns: Vec<(&str, &[f64])> = names.iter().map(|c| (c.as_str(), &[1.0][..])).collect();
    let ahp = method(json!({"ahp": {"matrices": [{"rows": rows}]}}));
    weights(&table(&columns), &ahp, None).unwrap_or_else(|error| panic!("{error}")).0
}

fn consistency(weights: &assess::Weights) -> &assess::weights::Consistency {
    let assess::weights::Diagnostics::Ahp(ahp) = &weights.diagnostics else {
        panic!("not AHP: {weights:?}");
    };
    &ahp.matrices[0]
}

/// Saaty (1977), wealth of nations: seven countries, λ = 7.608.
#[test]
fn saaty_wealth_of_nations() {
    let found = ahp(&json!([
        [1, 4, 9, 6, 6, 5, 5],
        [0.25, 1, 7, 5, 5, 3, 4],
        [0.1111, 0.1429, 1, 0.2, 0.2, 0.1429, 0.2],
        [0.1667, 0.2, 5, 1, 1, 0.3333, 0.3333],
        [0.1667, 0.2, 5, 1, 1, 0.3333, 0.3333],
        [0.2, 0.3333, 7, 3, 3, 1, 2],
        [0.2, 0.25, 5, 3, 3, 0.5, 1],
    ]));
    close(&found.values, &[0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094], 5e-4);
    close(&[consistency(&found).lambda], &[7.608], 1e-3);
    assert!(consistency(&found).ratio < 0.1);
    assert_eq!(consistency(&found).random_index, "saaty_1980");
}

/// The scale 1, 3, 5 of Saaty (1980): λ = 3.0385, CI = 0.0193, CR = 0.0332.
#[test]
fn saaty_three_by_three() {
    let found = ahp(&json!([[1, 3, 5], [null, 1, 3], [null, null, 1]]));
    close(&found.values, &[0.6370, 0.2583, 0.1047], 1e-4);
    let c = consistency(&found);
    close(&[c.lambda, c.index, c.ratio], &[3.0385, 0.019_26, 0.033_2], 1e-4);
    assert!(c.repair.is_none());
}

/// Hwang & Yoon (1981), choice of a fighter aircraft: C* = 0.643, 0.268, 0.613, 0.312.
#[test]
fn hwang_and_yoon_aircraft() {
    let table = table(&[
        ("speed", &[2.0, 2.5, 1.8, 2.2]),
        ("range", &[1500.0, 2700.0, 2000.0, 1800.0]),
        ("payload", &[20_000.0, 18_000.0, 21_000.0, 20_000.0]),
        ("cost", &[5.5, 6.5, 4.5, 5.0]),
        ("reliability", &[5.0, 3.0, 7.0, 5.0]),
        ("manoeuvre", &[9.0, 5.0, 7.0, 5.0]),
    ]);
    let weights = [0.2, 0.1, 0.1, 0.1, 0.2, 0.3];
    let names = ["speed", "range", "payload", "cost", "reliability", "manoeuvre"];
    let leaf = |(code, weight): (&&str, &f64)| {
        let direction = if **code == *"cost" { "cost" } else { "benefit" };
        json!({"code": code, "weight": weight, "leaf": {"direction": direction}})
    };
    let children: Vec<_> = names.iter().zip(&weights).map(leaf).collect();
    let plan = plan(json!({
        "name": "aircraft",
        "tree": {"code": "best", "aggregation": "topsis", "children": children},
        "steps": {"scale": [0, 1], "normalisation": "vector"},
    }));
    let found = evaluate(&table, &plan);
    close(&scores(&found, "best"), &[0.643, 0.268, 0.613, 0.312], 1e-3);
    assert_eq!(found.ranks, [Some(1.0), Some(4.0), Some(2.0), Some(3.0)]);
}

/// Tzeng & Huang (2011), Multiple Attribute Decision Making, TOPSIS with three criteria.
#[test]
fn tzeng_and_huang_topsis() {
    let table =
        table(&[("x", &[5.0, 7.0, 8.0, 7.0]), ("y", &[8.0, 6.0, 8.0, 4.0]), ("z", &[4.0, 8.0, 6.0, 6.0])]);
    let leaf = |code: &str, weight: f64| json!({"code": code, "weight": weight, "leaf": {}});
    let plan = plan(json!({
        "name": "tzeng", "steps": {"scale": [0, 1], "normalisation": "vector"},
        "tree": {"code": "best", "aggregation": "topsis",
            "children": [leaf("x", 0.3), leaf("y", 0.4), leaf("z", 0.3)]},
    }));
    let found = evaluate(&table, &plan);
    close(&scores(&found, "best"), &[0.5037, 0.6581, 0.7482, 0.3340], 1e-4);
    assert_eq!(found.ranks, [Some(3.0), Some(2.0), Some(1.0), Some(4.0)]);
}

/// Opricovic & Tzeng (2004), destinations of a climber: the compromise is the middle one.
#[test]
fn opricovic_and_tzeng_vikor() {
    let table = table(&[("risk", &[1.0, 2.0, 5.0]), ("altitude", &[3000.0, 3750.0, 4500.0])]);
    let plan = plan(json!({
        "name": "climber", "steps": {"scale": [0, 1], "weights": "equal"},
        "tree": {"code": "best", "aggregation": {"vikor": {"v": 0.5}}, "children": [
            {"code": "risk", "leaf": {"direction": "cost"}}, {"code": "altitude", "leaf": {}}]},
    }));
    close(&scores(&evaluate(&table, &plan), "best"), &[0.0, 1.0, 0.0], 1e-12);
}

/// Diakoulaki, Mavrotas & Papayannakis (1995): eight pharmaceutical firms.
#[test]
fn diakoulaki_critic() {
    let table = table(&[
        ("profitability", &[61.0, 20.7, 16.3, 9.0, 5.4, 4.0, -6.1, -34.6]),
        ("share", &[1.08, 0.26, 1.98, 3.29, 2.77, 4.12, 3.52, 3.31]),
        ("productivity", &[4.33, 4.34, 2.53, 1.65, 2.33, 1.21, 2.10, 0.98]),
    ]);
    let (found, _) = weights(&table, &method(json!({"critic": {}})), None).unwrap_or_else(|e| panic!("{e}"));
    close(&found.values, &[0.202_225_54, 0.480_901_73, 0.316_872_73], 1e-8);
}

/// Keshavarz-Ghorabaee et al. (2021), the illustrative example of MEREC.
#[test]
fn keshavarz_ghorabaee_merec() {
    let table = table(&[
        ("a", &[450.0, 10.0, 100.0, 220.0, 5.0]),
        ("b", &[8000.0, 9100.0, 8200.0, 9300.0, 8400.0]),
        ("c", &[54.0, 2.0, 31.0, 1.0, 23.0]),
        ("d", &[145.0, 160.0, 153.0, 162.0, 158.0]),
    ]);
    use assess::Direction::{Benefit, Cost};
    let directions = [Benefit, Benefit, Cost, Cost];
    let (found, _) =
        weights(&table, &WeightMethod::Merec, Some(&directions)).unwrap_or_else(|e| panic!("{e}"));
    close(&found.values, &[0.5752, 0.0141, 0.4016, 0.0091], 5e-5);
}

/// UNDP, technical notes of the Human Development Report 2014: Costa Rica, HDI 0.763.
#[test]
fn undp_human_development_index() {
    let table = table(&[
        ("life", &[79.93]),
        ("mean_years", &[8.37]),
        ("expected_years", &[13.5]),
        ("income", &[13_011.7]),
    ]);
    let goal = |low: f64, high: f64| json!({"normalisation": {"goalposts": {"low": low, "high": high}}});
    let mut income = goal(100.0_f64.ln(), 75_000.0_f64.ln());
    income["transform"] = json!({"log": {}});
    let plan = plan(json!({
        "name": "HDI", "steps": {"scale": [0, 1], "weights": "equal"},
        "tree": {"code": "hdi", "aggregation": {"geometric": {}}, "children": [
            {"code": "life", "leaf": goal(20.0, 85.0)},
            {"code": "education", "children": [
                {"code": "mean_years", "leaf": goal(0.0, 15.0)},
                {"code": "expected_years", "leaf": goal(0.0, 18.0)}]},
            {"code": "income", "leaf": income}]},
    }));
    let found = evaluate(&table, &plan);
    close(&scores(&found, "life"), &[0.922], 5e-4);
    close(&scores(&found, "education"), &[0.654], 5e-5);
    close(&scores(&found, "hdi"), &[0.763], 5e-4);
}

/// Shrout & Fleiss (1979), table 4: six targets rated by four judges.
#[test]
fn shrout_and_fleiss_intraclass() {
    let table = table(&[
        ("j1", &[9.0, 6.0, 8.0, 7.0, 10.0, 6.0]),
        ("j2", &[2.0, 1.0, 4.0, 1.0, 5.0, 2.0]),
        ("j3", &[5.0, 3.0, 6.0, 2.0, 6.0, 4.0]),
        ("j4", &[8.0, 2.0, 8.0, 6.0, 9.0, 7.0]),
    ]);
    let found = agreement(&table).unwrap_or_else(|e| panic!("{e}"));
    let icc = found.intraclass.expect("ratings vary");
    let six = [icc.one_single, icc.two_single, icc.three_single, icc.one_mean, icc.two_mean, icc.three_mean];
    let six: Vec<f64> = six.into_iter().map(|x| x.expect("defined")).collect();
    close(&six, &[0.17, 0.29, 0.71, 0.44, 0.62, 0.91], 5e-3);
    close(
        &[icc.between_towns, icc.within_towns, icc.between_raters, icc.residual],
        &[11.24, 6.26, 32.49, 1.02],
        5e-3,
    );
}

/// Siegel (1956), six applicants ranked by three executives: W = 0.16.
#[test]
fn siegel_kendall_w() {
    let table = table(&[
        ("x", &[1.0, 6.0, 3.0, 2.0, 5.0, 4.0]),
        ("y", &[1.0, 5.0, 6.0, 4.0, 2.0, 3.0]),
        ("z", &[6.0, 3.0, 2.0, 5.0, 4.0, 1.0]),
    ]);
    let found = agreement(&table).unwrap_or_else(|e| panic!("{e}"));
    close(&[found.kendall_w.expect("no ties")], &[25.5 / 157.5], 1e-12);
}

/// Kendall (1948), three rankings of ten objects with ties, as worked in Siegel (1956): W = 0.828.
#[test]
fn kendall_w_with_ties() {
    let table = table(&[
        ("p", &[1.0, 4.5, 2.0, 4.5, 3.0, 7.5, 6.0, 9.0, 7.5, 10.0]),
        ("q", &[2.5, 1.0, 2.5, 4.5, 4.5, 8.0, 9.0, 6.5, 10.0, 6.5]),
        ("r", &[2.0, 1.0, 4.5, 4.5, 4.5, 4.5, 8.0, 8.0, 8.0, 10.0]),
    ]);
    let found = agreement(&table).unwrap_or_else(|e| panic!("{e}"));
    close(&[found.kendall_w.expect("not all tied")], &[591.0 / 714.0], 1e-12);
}

/// NIST Statistical Reference Datasets, analysis of variance, SiRstv: five instruments, five measurements each.
#[test]
fn nist_si_resistivity() {
    let rows = [
        [196.3052, 196.1240, 196.1890, 196.2569, 196.3403],
        [196.3042, 196.3825, 196.1669, 196.3257, 196.0422],
        [196.1303, 196.2005, 196.2889, 196.0343, 196.1811],
        [196.2795, 196.1748, 196.1494, 196.1485, 195.9885],
        [196.2119, 196.1051, 196.1850, 196.0052, 196.2090],
    ];
    let columns: Vec<Vec<f64>> = (0..5).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
    let names = ["m1", "m2", "m3", "m4", "m5"];
    let named: Vec<(&str, &[f64])> = names.into_iter().zip(columns.iter().map(Vec::as_slice)).collect();
    let icc = agreement(&table(&named)).unwrap_or_else(|e| panic!("{e}")).intraclass.expect("varies");
    close(&[icc.between_towns], &[1.278_656_54e-2], 1e-14);
    close(&[icc.within_towns], &[1.083_182_80e-2], 1e-14);
}

/// Alonso & Lamata (2006): CR = (λ − n)/(1.7699 n − 4.3513). Aguarón & Moreno-Jiménez (2003): for three items
/// each error is a third of ln(a₁₂ a₂₃ / a₁₃), thresholds 0.31, 0.35, 0.37.
#[test]
fn alonso_and_lamata_ratio_and_geometric_index() {
    let table = table(&[("a", &[1.0]), ("b", &[1.0]), ("c", &[1.0])]);
    let rows = json!([[1, 3, 5], [null, 1, 3], [null, null, 1]]);
    let other = method(json!({"ahp": {"matrices": [{"rows": rows}], "random_index": "alonso_lamata"}}));
    let (found, _) = weights(&table, &other, None).unwrap_or_else(|e| panic!("{e}"));
    let c = consistency(&found);
    assert_eq!(c.random_index, "alonso_lamata_2006");
    close(&[c.ratio], &[(c.lambda - 3.0) / (1.7699 * 3.0 - 4.3513)], 1e-12);
    close(&[c.geometric_index], &[1.8_f64.ln().powi(2) / 3.0], 1e-9);
    let thresholds = [3usize, 4, 5, 9].map(|n| {
        let rows: Vec<Vec<f64>> = vec![vec![1.0; n]; n];
        let found = ahp(&json!(rows));
        consistency(&found).geometric_threshold
    });
    assert_eq!(thresholds, [0.31, 0.35, 0.37, 0.37]);
}

/// Aczél & Saaty (1983): weighted geometric means of judgements; with two items those of priorities agree.
#[test]
fn groups_of_experts_are_joined_by_geometric_means() {
    let table = table(&[("a", &[1.0]), ("b", &[1.0])]);
    for group in ["judgements", "priorities"] {
        let experts = json!([{"rows": [[1, 2], [null, 1]], "weight": 3}, {"rows": [[1, 8], [null, 1]]}]);
        let ahp = method(json!({"ahp": {"matrices": experts, "group": group}}));
        let (found, _) = weights(&table, &ahp, None).unwrap_or_else(|e| panic!("{e}"));
        let joint = 2f64.powf(1.5);
        close(&found.values, &[joint / (1.0 + joint), 1.0 / (1.0 + joint)], 1e-12);
    }
}

/// Harker (1987): consistent judgements with one missing give the exact priorities.
#[test]
fn harker_incomplete_matrix() {
    let found = ahp(&json!([[1, 2, null], [null, 1, 2], [null, null, 1]]));
    close(&found.values, &[4.0 / 7.0, 2.0 / 7.0, 1.0 / 7.0], 1e-10);
    close(&[consistency(&found).lambda], &[3.0], 1e-9);
}

/// Circular judgements are refused in a plan until a person answers for them, and a
/// repair is proposed.
#[test]
fn inconsistent_judgements_need_a_reason() {
    let rows = json!([[1, 9, 0.2, 1], [null, 1, 5, 1], [null, null, 1, 1], [null, null, null, 1]]);
    let mut judged = flat(&["a", "b", "c", "d"], json!("arithmetic"), json!({}));
    let columns: [(&str, &[f64]); 4] =
        [("a", &[1.0, 2.0]), ("b", &[1.0, 3.0]), ("c", &[2.0, 1.0]), ("d", &[1.0, 2.0])];
    judged.steps.weights = method(json!({"ahp": {"matrices": [{"rows": rows}]}}));
    let refused = assess::evaluate(&table(&columns), &judged);
    assert!(matches!(refused, Err(EvalError::Value { code, .. }) if code == "inconsistent_judgements"));
    judged.steps.weights =
        method(json!({"ahp": {"matrices": [{"rows": rows}], "override_reason": "专家会议纪要第三号"}}));
    let accepted = evaluate(&table(&columns), &judged);
    let weighting = accepted.nodes[0].weighting.as_ref().expect("the root is a group");
    let c = consistency(weighting);
    assert!(c.ratio > 0.1);
    let worst: Vec<[usize; 3]> = c.triples.iter().map(|triple| triple.children).collect();
    assert_eq!(worst, [[0, 1, 2], [0, 1, 3], [0, 2, 3]]);
    let errors: Vec<f64> = c.triples.iter().map(|triple| triple.error).collect();
    close(&errors, &[225_f64.ln(), 9_f64.ln(), 5_f64.ln()], 1e-9);
    let repair = c.repair.as_ref().expect("a repair is proposed");
    assert!(repair.ratio <= 0.1 + 1e-9);
    assert_eq!(repair.revisions.len(), 6, "one judgement does not suffice here");
    let one = weights(
        &table(&[("a", &[1.0]), ("b", &[1.0]), ("c", &[1.0])]),
        &method(json!({"ahp": {"matrices": [{"rows": [[1, 2, 8], [null, 1, 1], [null, null, 1]]}]}})),
        None,
    );
    let one = one.unwrap_or_else(|e| panic!("{e}")).0;
    let repair = consistency(&one).repair.as_ref().expect("CR is above 0.1");
    // With three items λ = 1 + 2 cosh(s), s a third of |ln(a₁₂ a₂₃ / a₁₃)|; CR = 0.1 leaves 3 acosh 1.058 of it.
    let least = 4_f64.ln() - 3.0 * 1.058_f64.acosh();
    let [revision] = &repair.revisions[..] else { panic!("one judgement suffices") };
    close(&[(revision.to / revision.from).ln().abs()], &[least], 1e-5);
}

/// Brans & Vincke (1985): with the usual criterion the net flow counts towns beaten.
/// Copeland and Borda on the same small profile, counted by hand.
#[test]
fn majorities_counted_by_hand() {
    let table =
        table(&[("x", &[3.0, 2.0, 1.0, 0.0]), ("y", &[3.0, 1.0, 2.0, 0.0]), ("z", &[0.0, 3.0, 1.0, 2.0])]);
    let codes = ["x", "y", "z"];
    let steps = json!({"scale": [0, 1], "weights": "equal"});
    let of = |aggregation| scores(&evaluate(&table, &flat(&codes, aggregation, steps.clone())), "total");
    // Borda points of 3: A 3+3+0, B 2+1+3, C 1+2+1, D 0+0+2, over 9.
    close(&of(json!("borda")), &[6.0 / 9.0, 6.0 / 9.0, 4.0 / 9.0, 2.0 / 9.0], 1e-9);
    close(&of(json!({"promethee": {}})), &[6.0 / 9.0, 6.0 / 9.0, 4.0 / 9.0, 2.0 / 9.0], 1e-9);
    // Majorities: A beats B, C, D; B beats C and D; C beats D.
    close(&of(json!("copeland")), &[1.0, 2.0 / 3.0, 1.0 / 3.0, 0.0], 1e-9);
}
