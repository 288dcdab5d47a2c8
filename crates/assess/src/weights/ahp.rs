//! Analytic hierarchy process: priorities, consistency, groups, incomplete matrices.

use std::cmp::Ordering;

use super::repair::repair;
use super::{AhpDiagnostics, Consistency, Triple};
use crate::error::{EvalError, Notice, NoticeCode};
use crate::maths::{exp, ln};
use crate::plan::{Ahp, AhpMatrix, AhpMethod, GroupMethod, RandomIndex};

/// Consistency ratio up to which judgements may be used (Saaty 1980).
pub(super) const RATIO_LIMIT: f64 = 0.1;
const TOLERANCE: f64 = 1e-13;
const STEPS: usize = 10_000;
/// Saaty's random indices for n = 1 … 10.
const SAATY: [f64; 10] = [0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49];

/// A positive reciprocal matrix; `None` where no judgement was given.
pub(super) type Matrix = Vec<Vec<Option<f64>>>;

/// Priorities of the group of experts and the consistency of what was joined.
pub(super) fn ahp(
    plan: &Ahp,
    code: &str,
    notices: &mut Vec<Notice>,
) -> Result<(Vec<f64>, AhpDiagnostics), EvalError> {
    let single: Vec<Matrix> = plan.matrices.iter().map(reciprocal).collect();
    let joined = match plan.group {
        GroupMethod::Judgements if single.len() > 1 => {
            vec![("group".to_owned(), join(&single, &plan.matrices))]
        }
        GroupMethod::Judgements | GroupMethod::Priorities => {
            plan.matrices.iter().map(|matrix| matrix.expert.clone()).zip(single).collect()
        }
    };
    let mut matrices = Vec::new();
    for (expert, matrix) in &joined {
        if !is_connected(matrix) {
            let message = format!("“{expert}”的判断不足以比较所有各项，请补充");
            return Err(EvalError::value("incomplete_judgements", None, Some(code), message));
        }
        matrices.push(consistency(expert, matrix, plan));
    }
    let priorities = if matrices.len() == 1 {
        matrices[0].priorities.clone()
    } else {
        join_priorities(&matrices, &plan.matrices)
    };
    let consistent = matrices.iter().all(|matrix| matrix.ratio <= RATIO_LIMIT);
    if let (false, Some(reason)) = (consistent, &plan.override_reason) {
        let message = format!("判断矩阵不一致，经说明理由后采用：{reason}");
        notices.push(Notice::node(NoticeCode::InconsistencyOverridden, code, message));
    } else if !consistent {
        let message = "判断矩阵一致性比率大于 0.1，不能采用";
        notices.push(Notice::node(NoticeCode::Inconsistent, code, message));
    }
    let diagnostics = AhpDiagnostics {
        matrices,
        usable: consistent || plan.override_reason.is_some(),
        override_reason: plan.override_reason.clone(),
    };
    Ok((priorities, diagnostics))
}

/// The matrix with both halves exact reciprocals; the judgement of 1 or more is kept.
fn reciprocal(given: &AhpMatrix) -> Matrix {
    let n = given.rows.len();
    let cell = |i: usize, j: usize| match i.cmp(&j) {
        Ordering::Less => judgement(given.rows[i][j], given.rows[j][i]),
        Ordering::Equal => Some(1.0),
        Ordering::Greater => judgement(given.rows[j][i], given.rows[i][j]).map(|a| 1.0 / a),
    };
    (0..n).map(|i| (0..n).map(|j| cell(i, j)).collect()).collect()
}

/// The judgement above the diagonal, from both halves.
fn judgement(above: Option<f64>, below: Option<f64>) -> Option<f64> {
    match (above, below) {
        (Some(a), Some(b)) if a < 1.0 => Some(1.0 / b),
        (Some(a), _) => Some(a),
        (None, b) => b.map(|b| 1.0 / b),
    }
}

/// Weighted geometric mean of the judgements given (AIJ; Aczél & Saaty 1983).
fn join(matrices: &[Matrix], experts: &[AhpMatrix]) -> Matrix {
    let n = matrices[0].len();
    let mut joint = vec![vec![None; n]; n];
    for i in 0..n {
        joint[i][i] = Some(1.0);
        for j in i + 1..n {
            let (mut sum, mut weight) = (0.0, 0.0);
            for (matrix, expert) in matrices.iter().zip(experts) {
                if let Some(a) = matrix[i][j] {
                    sum += expert.weight * ln(a);
                    weight += expert.weight;
                }
            }
            let mean = (weight > 0.0).then(|| exp(sum / weight));
            joint[i][j] = mean;
            joint[j][i] = mean.map(|a| 1.0 / a);
        }
    }
    joint
}

/// Weighted geometric mean of priorities (AIP), brought to a sum of 1.
fn join_priorities(matrices: &[Consistency], experts: &[AhpMatrix]) -> Vec<f64> {
    let weight: f64 = experts.iter().map(|expert| expert.weight).sum();
    let n = matrices[0].priorities.len();
    let raw: Vec<f64> = (0..n)
        .map(|k| {
            let parts = matrices.iter().zip(experts);
            let sum: f64 = parts.map(|(m, e)| e.weight * ln(m.priorities[k])).sum();
            exp(sum / weight)
        })
        .collect();
    normalised(raw)
}

/// Whether judgements link every item with every other.
fn is_connected(matrix: &Matrix) -> bool {
    let n = matrix.len();
    let mut reached = vec![false; n];
    let mut open = vec![0];
    reached[0] = true;
    while let Some(i) = open.pop() {
        for j in 0..n {
            if matrix[i][j].is_some() && !reached[j] {
                reached[j] = true;
                open.push(j);
            }
        }
    }
    reached.into_iter().all(|r| r)
}

fn consistency(expert: &str, matrix: &Matrix, plan: &Ahp) -> Consistency {
    let n = matrix.len();
    let (vector, lambda) = eigen(matrix, STEPS);
    let priorities = match plan.method {
        AhpMethod::Eigenvector => vector,
        AhpMethod::GeometricMean => geometric(matrix),
    };
    let lambda = lambda.max(n as f64);
    let index = if n > 1 { (lambda - n as f64) / (n as f64 - 1.0) } else { 0.0 };
    Consistency {
        expert: expert.to_owned(),
        lambda,
        index,
        ratio: ratio(n, lambda, plan.random_index),
        random_index: index_name(n, plan.random_index).to_owned(),
        geometric_index: geometric_index(matrix, &priorities),
        geometric_threshold: match n {
            0..=3 => 0.31,
            4 => 0.35,
            _ => 0.37,
        },
        triples: worst_triples(matrix),
        repair: repair(matrix, plan.random_index),
        priorities,
    }
}

/// Principal eigenvector (sum 1) and eigenvalue by power iteration; a judgement not
/// given counts 0 with one more on the diagonal (Harker 1987).
pub(super) fn eigen(matrix: &Matrix, steps: usize) -> (Vec<f64>, f64) {
    let n = matrix.len();
    let full: Vec<Vec<f64>> = matrix
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let absent = row.iter().filter(|a| a.is_none()).count() as f64;
            (0..n).map(|j| if i == j { 1.0 + absent } else { row[j].unwrap_or(0.0) }).collect()
        })
        .collect();
    let mut vector = vec![1.0 / n as f64; n];
    let mut lambda = n as f64;
    for _ in 0..steps {
        let next: Vec<f64> =
            full.iter().map(|row| row.iter().zip(&vector).map(|(a, w)| a * w).sum()).collect();
        lambda = next.iter().sum();
        let next = normalised(next);
        let moved = next.iter().zip(&vector).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        vector = next;
        if moved <= TOLERANCE {
            break;
        }
    }
    (vector, lambda)
}

/// Row geometric means (logarithmic least squares for an incomplete matrix).
fn geometric(matrix: &Matrix) -> Vec<f64> {
    let n = matrix.len();
    if matrix.iter().flatten().all(Option::is_some) {
        let mean = |row: &Vec<Option<f64>>| exp(row.iter().flatten().map(|a| ln(*a)).sum::<f64>() / n as f64);
        return normalised(matrix.iter().map(mean).collect());
    }
    least_squares(matrix)
}

/// Gauss–Seidel on the graph Laplacian of the judgements given.
fn least_squares(matrix: &Matrix) -> Vec<f64> {
    let n = matrix.len();
    let mut logs = vec![0.0; n];
    for _ in 0..STEPS {
        let mut moved: f64 = 0.0;
        for i in 1..n {
            let (mut sum, mut count) = (0.0, 0.0);
            for j in (0..n).filter(|j| *j != i) {
                if let Some(a) = matrix[i][j] {
                    sum += ln(a) + logs[j];
                    count += 1.0;
                }
            }
            let next = sum / count;
            moved = moved.max((next - logs[i]).abs());
            logs[i] = next;
        }
        if moved <= TOLERANCE {
            break;
        }
    }
    normalised(logs.into_iter().map(exp).collect())
}

fn normalised(raw: Vec<f64>) -> Vec<f64> {
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|w| w / sum).collect()
}

/// Consistency ratio by the table named; 0 for fewer than three items.
pub(super) fn ratio(n: usize, lambda: f64, table: RandomIndex) -> f64 {
    let size = n as f64;
    match (n, table) {
        (0..=2, _) => 0.0,
        (3..=10, RandomIndex::Saaty) => (lambda - size) / (size - 1.0) / SAATY[n - 1],
        _ => (lambda - size) / (1.7699 * size - 4.3513),
    }
    .max(0.0)
}

fn index_name(n: usize, table: RandomIndex) -> &'static str {
    match (n, table) {
        (0..=10, RandomIndex::Saaty) => "saaty_1980",
        _ => "alonso_lamata_2006",
    }
}

/// 2/((n−1)(n−2)) Σ_{i<j} ln²(a_ij w_j / w_i).
fn geometric_index(matrix: &Matrix, priorities: &[f64]) -> f64 {
    let n = matrix.len();
    if n < 3 {
        return 0.0;
    }
    let mut sum = 0.0;
    for i in 0..n {
        for j in i + 1..n {
            if let Some(a) = matrix[i][j] {
                let error = ln(a * priorities[j] / priorities[i]);
                sum += error * error;
            }
        }
    }
    2.0 * sum / ((n as f64 - 1.0) * (n as f64 - 2.0))
}

fn worst_triples(matrix: &Matrix) -> Vec<Triple> {
    let n = matrix.len();
    let mut triples = Vec::new();
    for i in 0..n {
        for j in i + 1..n {
            for k in j + 1..n {
                if let (Some(a), Some(b), Some(c)) = (matrix[i][j], matrix[j][k], matrix[i][k]) {
                    let error = ln(a * b / c).abs();
                    if error > 1e-12 {
                        triples.push(Triple { children: [i, j, k], error });
                    }
                }
            }
        }
    }
    triples.sort_by(|x, y| y.error.total_cmp(&x.error).then(x.children.cmp(&y.children)));
    triples.truncate(3);
    triples
}
