//! Uncertain inputs checked against plan and table and made ready to draw.

use super::distribution::Distribution;
use super::layout::Layout;
use crate::error::{EvalError, Finding};
use crate::plan::{Node, Plan, Schema, WeightMethod};
use crate::stage::Choices;
use crate::table::{MAGNITUDE_LIMIT, Table};
use crate::uncertainty::{UncertainInput, Uncertainty};

/// Everything that varies in a run.
pub(crate) struct Inputs<'a> {
    pub(crate) layout: Layout<'a>,
    /// Distribution of each group of the layout, if its weights vary.
    pub(crate) weights: Vec<Option<Distribution>>,
    pub(crate) choices: Vec<Choice<'a>>,
    pub(crate) data: Vec<DataInput>,
}

/// A choice among alternatives, each equally likely.
pub(crate) struct Choice<'a> {
    pub(crate) name: String,
    pub(crate) options: usize,
    input: &'a UncertainInput,
}

/// A column whose figures vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DataInput {
    pub(crate) column: usize,
    pub(crate) kind: DataKind,
}

/// How the figures of a column vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum DataKind {
    /// x + sd·z, or x·(1 + sd·z).
    Measurement { sd: f64, relative: bool },
    /// Missing or imputed cells take an observed figure of the column.
    Imputation,
}

impl Choice<'_> {
    /// Applies the option to the choices of a draw.
    pub(crate) fn apply(&self, option: usize, choices: &mut Choices) {
        match self.input {
            UncertainInput::Normalisation { options } => {
                choices.normalisation = Some(options[option].clone());
            }
            UncertainInput::Treatment { options } => {
                choices.treatment = Some(options[option].clone());
            }
            UncertainInput::Missing { options } => choices.missing = Some(options[option]),
            UncertainInput::Weighting { node, options } => {
                choices.weighting.push((node.clone(), options[option].clone()));
            }
            UncertainInput::Aggregation { node, options } => {
                choices.aggregation.push((node.clone(), options[option].clone()));
            }
            UncertainInput::LeaveOut { nodes } => {
                choices.without.extend(option.checked_sub(1).map(|node| nodes[node].clone()));
            }
            _ => {}
        }
    }
}

impl<'a> Inputs<'a> {
    /// # Errors
    /// [`EvalError::Plan`] with every finding about the inputs.
    pub(crate) fn new(
        table: &Table,
        plan: &'a Plan,
        uncertainty: &'a Uncertainty,
    ) -> Result<Inputs<'a>, EvalError> {
        let layout = Layout::new(plan);
        let inputs = Inputs {
            weights: layout.groups.iter().map(|_| None).collect(),
            layout,
            choices: Vec::new(),
            data: Vec::new(),
        };
        let schema = table.schema();
        let place = "uncertainty/inputs".to_owned();
        let mut reader = Reader { table, schema: &schema, plan, inputs, findings: Vec::new(), place };
        if uncertainty.inputs.is_empty() {
            reader.find("no_inputs", "没有不确定因素，请至少选择一项");
        }
        for (index, input) in uncertainty.inputs.iter().enumerate() {
            reader.place = format!("uncertainty/inputs/{index}");
            reader.read(input);
        }
        if reader.findings.is_empty() {
            Ok(reader.inputs)
        } else {
            Err(EvalError::Plan { findings: reader.findings })
        }
    }

    /// Number of combinations of the choices, saturating.
    pub(crate) fn combinations(&self) -> u64 {
        self.choices.iter().fold(1, |product, choice| product.saturating_mul(choice.options as u64))
    }

    /// The choices of one combination; the first choice is the last digit.
    pub(crate) fn choices(&self, mut combination: u64) -> Choices {
        let mut choices = Choices::default();
        for choice in &self.choices {
            let options = choice.options as u64;
            choice.apply((combination % options) as usize, &mut choices);
            combination /= options;
        }
        choices
    }
}

struct Reader<'a, 'b> {
    table: &'b Table,
    schema: &'b Schema,
    plan: &'a Plan,
    inputs: Inputs<'a>,
    findings: Vec<Finding>,
    place: String,
}

impl<'a> Reader<'a, '_> {
    fn find(&mut self, code: &str, message: &str) {
        self.findings.push(Finding::new(code, self.place.clone(), message));
    }

    fn require(&mut self, holds: bool, code: &str, message: &str) {
        if !holds {
            self.find(code, message);
        }
    }

    fn read(&mut self, input: &'a UncertainInput) {
        use UncertainInput as Input;
        match input {
            Input::WeightsUniform { node } => self.spread(node.as_deref(), Distribution::Uniform),
            Input::WeightsDirichlet { node, concentration } => {
                let positive = *concentration > 0.0 && concentration.is_finite();
                self.require(positive, "concentration", "集中度须为正数，请更正");
                let concentration = *concentration;
                self.spread(node.as_deref(), Distribution::Dirichlet { concentration });
            }
            Input::WeightsRelative { node, delta } => {
                let inside = *delta > 0.0 && *delta <= 1.0;
                self.require(inside, "delta", "权重浮动幅度须大于 0 且不超过 1，请更正");
                self.spread(node.as_deref(), Distribution::Relative { delta: *delta });
            }
            Input::WeightsOrdinal { node, order } => self.ordinal(node, order),
            Input::WeightsInterval { node, bounds } => self.interval(node, bounds),
            Input::WeightsBootstrap { node, rows } => self.bootstrap(node, rows),
            Input::AhpNoise { node, sd } => self.judgement(node, *sd),
            Input::Normalisation { options } => {
                self.choice("normalisation".into(), options.len(), input);
            }
            Input::Treatment { options } => self.choice("treatment".into(), options.len(), input),
            Input::Missing { options } => self.choice("missing".into(), options.len(), input),
            Input::Weighting { node, options } => {
                self.choice_at("weighting", node.as_deref(), options.len(), input);
            }
            Input::Aggregation { node, options } => {
                self.choice_at("aggregation", node.as_deref(), options.len(), input);
            }
            Input::LeaveOut { nodes } => self.leave_out(nodes, input),
            Input::Measurement { column, sd, relative } => {
                let bounded = *sd > 0.0 && *sd <= MAGNITUDE_LIMIT;
                self.require(bounded, "sd", "标准差须为正数，也不能过大，请更正");
                let kind = DataKind::Measurement { sd: *sd, relative: *relative };
                self.data(column, kind);
            }
            Input::ImputationDraw { column } => self.data(column, DataKind::Imputation),
        }
    }

    fn group(&mut self, code: &str) -> Option<usize> {
        let found = self.inputs.layout.position(code);
        self.require(found.is_some(), "unknown_node", "指标体系中没有这个分组，请核对编码");
        found
    }

    fn spread(&mut self, node: Option<&str>, distribution: Distribution) {
        match node {
            Some(code) => {
                if let Some(group) = self.group(code) {
                    self.vary(group, distribution);
                }
            }
            None => {
                for group in 0..self.inputs.weights.len() {
                    self.vary(group, distribution.clone());
                }
            }
        }
    }

    fn vary(&mut self, group: usize, distribution: Distribution) {
        let free = self.inputs.weights[group].is_none();
        self.require(free, "weights_twice", "同一分组的权重重复设定，请保留一项");
        self.inputs.weights[group] = Some(distribution);
    }

    fn ordinal(&mut self, node: &str, order: &[String]) {
        let Some(group) = self.group(node) else {
            return;
        };
        let children = &self.inputs.layout.groups[group].children;
        let places: Vec<usize> =
            order.iter().filter_map(|code| children.iter().position(|child| child == code)).collect();
        let mut sorted = places.clone();
        sorted.sort_unstable();
        let each_once = sorted.into_iter().eq(0..children.len()) && order.len() == children.len();
        self.require(each_once, "order", "重要性顺序须把每个下级指标各列一次，请更正");
        if each_once {
            self.vary(group, Distribution::Ordinal { order: places });
        }
    }

    fn interval(&mut self, node: &str, bounds: &[[f64; 2]]) {
        let Some(group) = self.group(node) else {
            return;
        };
        let count = self.inputs.layout.groups[group].children.len();
        let ordered = bounds.iter().all(|[low, high]| 0.0 <= *low && low <= high && *high <= 1.0);
        let low: f64 = bounds.iter().map(|bound| bound[0]).sum();
        let high: f64 = bounds.iter().map(|bound| bound[1]).sum();
        let possible = low <= 1.0 + 1e-9 && high >= 1.0 - 1e-9;
        let fine = bounds.len() == count && ordered && possible;
        self.require(fine, "bounds", "权重区间与下级指标不符或无法合计为 1，请更正");
        if fine {
            self.vary(group, Distribution::Interval { bounds: bounds.to_vec() });
        }
    }

    fn bootstrap(&mut self, node: &str, rows: &[Vec<f64>]) {
        let Some(group) = self.group(node) else {
            return;
        };
        let count = self.inputs.layout.groups[group].children.len();
        let good = |row: &Vec<f64>| {
            let sum: f64 = row.iter().sum();
            row.len() == count && row.iter().all(|share| *share >= 0.0) && sum > 0.0 && sum < 1e12
        };
        let fine = !rows.is_empty() && rows.iter().all(good);
        self.require(fine, "rows", "每位专家须为每个下级指标给出非负权重，请更正");
        if fine {
            self.vary(group, Distribution::Bootstrap { rows: rows.to_vec() });
        }
    }

    fn judgement(&mut self, node: &str, sd: f64) {
        self.require(sd > 0.0 && sd <= 10.0, "sd", "标准差须为正数且不超过 10，请更正");
        let Some(group) = self.group(node) else {
            return;
        };
        match self.inputs.layout.groups[group].method {
            WeightMethod::Ahp(ahp) => {
                let ahp = Box::new(ahp.clone());
                self.vary(group, Distribution::Judgement { ahp, sd });
            }
            _ => self.find("not_ahp", "该分组的权重不是层次分析法，请更正"),
        }
    }

    fn choice(&mut self, name: String, options: usize, input: &'a UncertainInput) {
        self.require(options > 0, "no_options", "请至少给出一个备选方案");
        let wrong = self.plan.check_options(self.schema, input, &self.place);
        self.findings.extend(wrong);
        let free = self.inputs.choices.iter().all(|choice| choice.name != name);
        self.require(free, "choice_twice", "同一选择重复设定，请保留一项");
        self.inputs.choices.push(Choice { name, options: options.max(1), input });
    }

    fn choice_at(&mut self, name: &str, node: Option<&str>, options: usize, input: &'a UncertainInput) {
        if let Some(code) = node {
            self.group(code);
        }
        self.choice(format!("{name}:{}", node.unwrap_or("*")), options, input);
    }

    fn leave_out(&mut self, nodes: &[String], input: &'a UncertainInput) {
        let root = &self.plan.tree.root;
        for code in nodes {
            let known = *code != root.code && holds(root, code);
            self.require(known, "unknown_node", "指标体系中没有这个指标，请核对编码");
        }
        self.require(!nodes.is_empty(), "no_options", "请至少给出一个备选方案");
        self.choice("leave_out".into(), nodes.len() + 1, input);
    }

    fn data(&mut self, code: &str, kind: DataKind) {
        match self.table.column_index(code) {
            Some(column) => self.inputs.data.push(DataInput { column, kind }),
            None => self.find("unknown_column", "数据表中没有这一列，请核对编码"),
        }
    }
}

fn holds(node: &Node, code: &str) -> bool {
    node.code == code || node.children.iter().any(|child| holds(child, code))
}
