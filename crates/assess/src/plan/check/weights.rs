//! Checks of weighting methods against the children they weigh.

use super::{Checker, Schema};
use crate::error::Finding;
use crate::plan::{Ahp, AhpMatrix, CombineRule, Steps, WeightMethod};

/// Largest AHP matrix.
const AHP_LIMIT: usize = 60;
/// How far a_ij·a_ji may lie from 1, for fractions written with few digits.
const RECIPROCAL_TOLERANCE: f64 = 0.02;

/// What given weights are divided by: 1, 100 or 1000; `None` if they fit none.
pub(crate) fn given_total(weights: &[f64]) -> Option<f64> {
    let sum: f64 = weights.iter().sum();
    if (sum - 1.0).abs() <= 1e-9 {
        return Some(sum);
    }
    let whole = weights.iter().all(|w| w.fract() == 0.0);
    (whole && (sum == 100.0 || sum == 1000.0)).then_some(sum)
}

impl WeightMethod {
    /// Findings against the method for a group of `count` children without given weights.
    pub(crate) fn check(&self, count: usize) -> Vec<Finding> {
        let (schema, steps) = (Schema::default(), Steps::default());
        let mut checker = Checker::new(&schema, &steps);
        checker.weight_method(self, &vec![None; count], "weights", 0);
        checker.findings
    }
}

impl Checker<'_> {
    pub(super) fn weight_method(
        &mut self,
        method: &WeightMethod,
        given: &[Option<f64>],
        place: &str,
        depth: usize,
    ) {
        match method {
            WeightMethod::Given => self.given(given, place),
            WeightMethod::Points => {
                let sum: f64 = given.iter().flatten().sum();
                let good = given.iter().all(Option::is_some) && sum > 0.0;
                self.require(good, "missing_weight", place, "请为每个下级填写分值，合计大于零");
            }
            WeightMethod::Experts { rows, trim } => {
                self.experts(rows, *trim, given.len(), place);
            }
            WeightMethod::Ahp(ahp) => self.ahp(ahp, given.len(), place),
            WeightMethod::Combined { of, rule } => {
                let good = of.len() >= 2 && of.len() <= 16 && depth == 0;
                self.require(good, "bad_combination", place, "组合赋权需要两种以上方法，且不再嵌套");
                if depth == 0 {
                    for inner in of {
                        self.weight_method(inner, given, place, depth + 1);
                    }
                }
                if let CombineRule::Linear { alpha } = rule {
                    self.shares(alpha, of.len(), place);
                }
            }
            WeightMethod::Equal
            | WeightMethod::Entropy { .. }
            | WeightMethod::Critic { .. }
            | WeightMethod::Merec
            | WeightMethod::StandardDeviation => {}
        }
    }

    fn given(&mut self, given: &[Option<f64>], place: &str) {
        let weights: Vec<f64> = given.iter().copied().flatten().collect();
        if weights.len() < given.len() {
            self.find("missing_weight", place, "请为每个下级填写权重，或改用等权");
        } else if given_total(&weights).is_none() {
            // Digits of the binary fraction beyond the tolerance say nothing.
            let sum = (weights.iter().sum::<f64>() * 1e9).round() / 1e9;
            let message = format!("权重合计为 {sum}，应为 1，或为合计 100、1000 的整数");
            self.find("weights_do_not_sum", place, &message);
        }
    }

    fn shares(&mut self, shares: &[f64], count: usize, place: &str) {
        let sum: f64 = shares.iter().sum();
        let good = shares.len() == count
            && shares.iter().all(|w| (0.0..=1.0).contains(w))
            && (sum - 1.0).abs() <= 1e-9;
        self.require(good, "bad_shares", place, "各方法的份额应与方法个数相同，合计为 1");
    }

    fn experts(&mut self, rows: &[Vec<f64>], trim: usize, children: usize, place: &str) {
        let enough = trim < rows.len() && rows.len() - trim > trim;
        self.require(enough, "too_few_experts", place, "去掉最高、最低后应至少留一位专家");
        for (k, row) in rows.iter().enumerate() {
            let sum: f64 = row.iter().sum();
            let good = row.len() == children
                && row.iter().all(|w| *w >= 0.0)
                && ((sum - 1.0).abs() <= 1e-9 || (sum - 100.0).abs() <= 1e-7);
            if !good {
                let message = "每位专家的权重应逐项填写，合计为 1 或 100";
                self.find("bad_expert_row", &format!("{place}/{k}"), message);
            }
        }
    }

    fn ahp(&mut self, ahp: &Ahp, children: usize, place: &str) {
        let good = !ahp.matrices.is_empty() && children <= AHP_LIMIT;
        self.require(good, "bad_matrix", place, "请给出判断矩阵，阶数不超过六十");
        if let Some(reason) = &ahp.override_reason {
            let given = !reason.trim().is_empty();
            self.require(given, "empty_reason", place, "采用不一致的判断应写明理由");
        }
        for (k, matrix) in ahp.matrices.iter().enumerate() {
            self.within(matrix.weight, 1e-9, 1e9, place);
            self.matrix(matrix, children, &format!("{place}/{k}"));
        }
    }

    fn matrix(&mut self, matrix: &AhpMatrix, n: usize, place: &str) {
        if matrix.rows.len() != n || matrix.rows.iter().any(|row| row.len() != n) {
            self.find("bad_matrix", place, "判断矩阵的阶数应与下级个数相同");
            return;
        }
        for i in 0..n {
            for j in i..n {
                let good = match (matrix.rows[i][j], matrix.rows[j][i]) {
                    (Some(a), Some(b)) if i == j => a == 1.0 && b == 1.0,
                    (Some(a), Some(b)) => a > 0.0 && b > 0.0 && (a * b - 1.0).abs() <= RECIPROCAL_TOLERANCE,
                    (Some(a), None) | (None, Some(a)) => a > 0.0,
                    (None, None) => true,
                };
                let bounded = [matrix.rows[i][j], matrix.rows[j][i]]
                    .into_iter()
                    .flatten()
                    .all(|a| (1e-6..=1e6).contains(&a));
                if !good || !bounded {
                    let message = "判断应为正数且互为倒数，对角线为 1";
                    self.find("not_reciprocal", &format!("{place}/{i}/{j}"), message);
                }
            }
        }
    }
}
