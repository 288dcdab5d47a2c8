//! Checks a plan as a whole against the columns and attributes it will read.
//! Each finding has a path; nothing is computed while there is one.

mod choices;
mod leaf;
mod rules;
mod weights;

pub(crate) use weights::given_total;

use std::collections::{HashMap, HashSet};

use super::{Aggregation, Node, Plan, Preference, Steps};
use crate::error::{EvalError, Finding};
use crate::json::fault;
use crate::table::{MAGNITUDE_LIMIT, Table};

/// Deepest tree allowed.
pub const DEPTH_LIMIT: usize = 16;

/// Columns and attributes a plan may read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// Codes of the columns.
    pub columns: HashSet<String>,
    /// Names of the attributes.
    pub attributes: HashSet<String>,
}

impl Table {
    /// Columns and attributes of this table.
    pub fn schema(&self) -> Schema {
        Schema {
            columns: self.leaves().iter().map(|leaf| leaf.0.clone()).collect(),
            attributes: self.attribute_names().map(str::to_owned).collect(),
        }
    }
}

impl Plan {
    /// Parses the JSON form.
    ///
    /// # Errors
    /// [`EvalError::Plan`] naming the line and column.
    pub fn from_json(text: &str) -> Result<Plan, EvalError> {
        serde_json::from_str(text).map_err(|error| {
            EvalError::plan(
                "json",
                format!("{}:{}", error.line(), error.column()),
                format!("方案文件无法读取：{}", fault(&error)),
            )
        })
    }

    /// Every finding against the plan, in tree order; empty if it can be used.
    pub fn check(&self, schema: &Schema) -> Vec<Finding> {
        self.checked(schema).findings
    }

    /// How many places of the plan read each column.
    pub(crate) fn reads(&self, schema: &Schema) -> HashMap<String, usize> {
        self.checked(schema).reads
    }

    fn checked<'a>(&'a self, schema: &'a Schema) -> Checker<'a> {
        let mut checker = Checker::new(schema, &self.steps);
        checker.steps();
        checker.node(&self.tree.root, "tree", 0);
        checker.rules(self);
        checker
    }
}

struct Checker<'a> {
    schema: &'a Schema,
    steps: &'a Steps,
    codes: HashSet<String>,
    reads: HashMap<String, usize>,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn new(schema: &'a Schema, steps: &'a Steps) -> Checker<'a> {
        Checker { schema, steps, codes: HashSet::new(), reads: HashMap::new(), findings: Vec::new() }
    }

    fn find(&mut self, code: &str, place: &str, message: &str) {
        self.findings.push(Finding::new(code, place, message));
    }

    fn require(&mut self, holds: bool, code: &str, place: &str, message: &str) {
        if !holds {
            self.find(code, place, message);
        }
    }

    /// Refuses NaN, infinities and magnitudes that would overflow.
    fn finite(&mut self, values: &[f64], place: &str) {
        let good = values.iter().all(|x| x.abs() <= MAGNITUDE_LIMIT);
        self.require(good, "not_finite", place, "数值过大或不是有限数，请更正");
    }

    fn within(&mut self, value: f64, low: f64, high: f64, place: &str) {
        let message = format!("数值应在 {low} 与 {high} 之间，请更正");
        self.require((low..=high).contains(&value), "out_of_range", place, &message);
    }

    fn column(&mut self, code: &str, place: &str) {
        *self.reads.entry(code.to_owned()).or_default() += 1;
        if !self.schema.columns.contains(code) {
            let message = format!("数据表没有“{code}”一列，请补充或改正列名");
            self.find("unknown_column", place, &message);
        }
    }

    fn attribute(&mut self, name: &str, place: &str) {
        if !self.schema.attributes.contains(name) {
            let message = format!("数据表没有“{name}”这项属性，请补充或改正名称");
            self.find("unknown_attribute", place, &message);
        }
    }

    fn steps(&mut self) {
        let [low, high] = self.steps.scale;
        self.finite(&[low, high], "steps/scale");
        let good = high - low >= 1e-6 && low.abs().max(high.abs()) <= 1e9;
        self.require(good, "bad_scale", "steps/scale", "分值范围应由小到大，且不超过十亿");
        if let Some(screen) = &self.steps.screen {
            self.within(screen.town_coverage, 0.0, 1.0, "steps/screen/town_coverage");
            self.within(screen.leaf_coverage, 0.0, 1.0, "steps/screen/leaf_coverage");
        }
        self.imputation(&self.steps.imputation, "steps/imputation");
        self.treatment(&self.steps.treatment, "steps/treatment");
        self.normalisation(&self.steps.normalisation, "steps/normalisation");
    }

    fn node(&mut self, node: &Node, above: &str, depth: usize) {
        let place = format!("{above}/{}", node.code);
        if depth > DEPTH_LIMIT {
            self.find("too_deep", &place, "指标体系层级过多，最多十六级");
            return;
        }
        let named = !node.code.trim().is_empty() && !["bonus", "deduction"].contains(&&*node.code);
        self.require(named, "bad_code", &place, "编码不能为空，也不能用 bonus、deduction");
        if !self.codes.insert(node.code.clone()) {
            self.find("repeated_code", &place, "编码重复，请改为不同的编码");
        }
        if let Some(weight) = node.weight {
            self.within(weight, 0.0, 1e9, &format!("{place}/weight"));
        }
        match (&node.leaf, node.children.is_empty()) {
            (Some(leaf), true) => self.leaf(node, leaf, &place),
            (None, false) => self.group(node, &place, depth),
            (Some(_), false) => self.find("leaf_with_children", &place, "指标不能再有下级"),
            (None, true) => self.find("empty_group", &place, "没有下级，也没有指标，请补充"),
        }
    }

    fn group(&mut self, node: &Node, place: &str, depth: usize) {
        self.aggregation(&node.aggregation, node.children.len(), place);
        let method = node.weights.as_ref().unwrap_or(&self.steps.weights);
        let given: Vec<Option<f64>> = node.children.iter().map(|child| child.weight).collect();
        self.weight_method(method, &given, &format!("{place}/weights"), 0);
        for child in &node.children {
            self.node(child, place, depth + 1);
        }
    }

    fn aggregation(&mut self, aggregation: &Aggregation, children: usize, place: &str) {
        let place = format!("{place}/aggregation");
        match aggregation {
            Aggregation::Geometric { floor: Some(floor) } | Aggregation::Harmonic { floor: Some(floor) } => {
                let good = *floor > 0.0 && *floor <= 1e9;
                self.require(good, "out_of_range", &place, "下限应大于零");
            }
            Aggregation::Power { p } => {
                self.within(*p, -20.0, 20.0, &place);
                self.require(p.abs() >= 1e-6, "out_of_range", &place, "指数不能为零，请改用几何平均");
            }
            Aggregation::Owa { order } => self.order_weights(order, children, &place),
            Aggregation::Vikor { v } => self.within(*v, 0.0, 1.0, &place),
            Aggregation::Waspas { lambda } => self.within(*lambda, 0.0, 1.0, &place),
            Aggregation::Promethee { preference: Preference::Linear { q, p } } => {
                let good = *q >= 0.0 && p > q && *p <= 1e9;
                self.require(good, "out_of_range", &place, "阈值应满足 0 ≤ q < p");
            }
            Aggregation::Median { of } => {
                let good = !of.is_empty() && !of.iter().any(|a| matches!(a, Aggregation::Median { .. }));
                self.require(good, "bad_median", &place, "请列出一种以上方法，且不再嵌套中位数");
                for inner in of.iter().filter(|a| !matches!(a, Aggregation::Median { .. })) {
                    self.aggregation(inner, children, &place);
                }
            }
            Aggregation::Arithmetic
            | Aggregation::Geometric { floor: None }
            | Aggregation::Harmonic { floor: None }
            | Aggregation::Minimum
            | Aggregation::Topsis
            | Aggregation::Promethee { preference: Preference::Usual }
            | Aggregation::Copeland
            | Aggregation::Borda => {}
        }
    }

    fn order_weights(&mut self, order: &[f64], children: usize, place: &str) {
        let sum: f64 = order.iter().sum();
        let good = order.len() == children
            && order.iter().all(|w| (0.0..=1.0).contains(w))
            && (sum - 1.0).abs() <= 1e-9;
        self.require(good, "bad_order_weights", place, "次序权数应与下级个数相同，合计为 1");
    }
}
