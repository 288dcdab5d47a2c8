//! Checks of adjustments, grades and selection.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::Checker;
use crate::plan::{Adjustments, Condition, GradeRules, Plan, Rounding, SelectRules, Shape, TieBreak};

/// Most grades; results count them in a byte.
const GRADE_LIMIT: usize = 60;

impl Checker<'_> {
    pub(super) fn rules(&mut self, plan: &Plan) {
        self.adjustments(&plan.adjustments);
        self.grades(&plan.grades);
        if let Some(select) = &plan.select {
            self.select(select, &plan.grades);
        }
    }

    fn adjustments(&mut self, adjustments: &Adjustments) {
        let mut codes = HashSet::new();
        for item in &adjustments.items {
            let place = format!("adjustments/{}", item.code);
            let fresh = codes.insert(item.code.as_str());
            self.require(fresh, "repeated_code", &place, "编码重复，请改为不同的编码");
            let named = item.rule.column.is_some() || names_columns(&item.rule.shape);
            self.require(named, "missing_column", &place, "请写明规则读取哪一列");
            self.scored(&item.rule, &place, 0);
            if let Some(cap) = item.cap {
                self.within(cap, 0.0, 1e9, &place);
            }
        }
        for cap in [adjustments.bonus_cap, adjustments.deduction_cap] {
            self.within(cap.unwrap_or(0.0), 0.0, 1e9, "adjustments");
        }
        let floor = adjustments.floor.unwrap_or(-1e9);
        let ceiling = adjustments.ceiling.unwrap_or(1e9);
        let good = (-1e9..=1e9).contains(&floor) && ceiling <= 1e9 && floor < ceiling;
        self.require(good, "out_of_range", "adjustments", "总分下限应低于上限");
    }

    fn grades(&mut self, rules: &GradeRules) {
        let few = rules.grades.len() <= GRADE_LIMIT;
        self.require(few, "too_many_grades", "grades", "等次过多，最多六十个");
        let mut codes = HashSet::new();
        for grade in &rules.grades {
            let place = format!("grades/{}", grade.code);
            let fresh = !grade.code.is_empty() && codes.insert(grade.code.clone());
            self.require(fresh, "repeated_code", &place, "等次编码为空或重复，请更正");
            if let Some(share) = grade.best_share {
                let good = share >= Decimal::ZERO && share <= Decimal::ONE;
                self.require(good, "out_of_range", &place, "名额比例应在 0 与 1 之间");
            }
            self.decimal(grade.at_least, &place);
            self.conditions(&grade.conditions, &place);
        }
        if let Rounding::HalfUp { places } = rules.rounding {
            self.require(places <= 9, "out_of_range", "grades/rounding", "小数位数最多九位");
        }
        if let Some(last) = rules.grades.last() {
            let open = last.at_least.is_none() && last.best_share.is_none() && last.conditions.is_empty();
            self.require(open, "closed_last_grade", "grades", "最后一个等次不应有条件");
        }
        for veto in &rules.vetoes {
            let place = format!("grades/vetoes/{}", veto.code);
            self.column(&veto.column, &place);
            self.comparison(&veto.when, &place);
            let known = veto.grade.as_ref().is_none_or(|grade| codes.contains(grade));
            self.require(known, "unknown_grade", &place, "等次不存在，请更正");
        }
        self.tie_breaks(&rules.tie_breaks, "grades/tie_breaks");
    }

    fn select(&mut self, select: &SelectRules, grades: &GradeRules) {
        self.require(select.count >= 1, "out_of_range", "select/count", "名额应至少为 1");
        for quota in &select.quotas {
            self.attribute(&quota.attribute, "select/quotas");
            let good = quota.at_most.is_none_or(|most| quota.at_least <= most);
            self.require(good, "out_of_range", "select/quotas", "最少名额不能多于最多名额");
        }
        for code in &select.grades {
            let known = grades.grades.iter().any(|grade| grade.code == *code);
            self.require(known, "unknown_grade", "select/grades", "等次不存在，请更正");
        }
        self.conditions(&select.floors, "select/floors");
        self.tie_breaks(&select.tie_breaks, "select/tie_breaks");
    }

    fn conditions(&mut self, conditions: &[Condition], place: &str) {
        for condition in conditions {
            let node = condition.node.as_str();
            let known = self.codes.contains(node) || ["bonus", "deduction"].contains(&node);
            self.require(known, "unknown_node", place, "条件引用的指标不存在，请更正");
            self.decimal(Some(condition.at_least), place);
        }
    }

    fn decimal(&mut self, value: Option<Decimal>, place: &str) {
        let limit = Decimal::from(1_000_000_000);
        let good = value.is_none_or(|value| value.abs() <= limit);
        self.require(good, "out_of_range", place, "数值过大，请更正");
    }

    fn tie_breaks(&mut self, breaks: &[TieBreak], place: &str) {
        for one in breaks {
            match one {
                TieBreak::Node(node) => {
                    let known = self.codes.contains(node);
                    self.require(known, "unknown_node", place, "引用的指标不存在，请更正");
                }
                TieBreak::Column(column) => self.column(column, place),
            }
        }
    }
}

/// Whether a rule without a column of its own says what it reads.
fn names_columns(shape: &Shape) -> bool {
    match shape {
        Shape::Checklist { .. } => true,
        Shape::Any { of } | Shape::All { of } | Shape::Sum { of, .. } => {
            of.iter().all(|inner| inner.column.is_some() || names_columns(&inner.shape))
        }
        Shape::Threshold { .. }
        | Shape::Bands { .. }
        | Shape::Piecewise { .. }
        | Shape::Steps { .. }
        | Shape::Categories { .. }
        | Shape::Judged { .. } => false,
    }
}
