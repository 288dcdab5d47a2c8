//! Where the local weights of every sibling group stand in one flat row of numbers.

use crate::plan::{Node, Plan, WeightMethod};

/// Sibling groups of a plan's tree, parents before children, with all children of the plan.
#[derive(Clone, Debug)]
pub(crate) struct Layout<'a> {
    pub(crate) groups: Vec<LayoutGroup<'a>>,
    /// Length of a row of local weights.
    pub(crate) length: usize,
}

/// One sibling group.
#[derive(Clone, Debug)]
pub(crate) struct LayoutGroup<'a> {
    /// Code of the parent.
    pub(crate) code: &'a str,
    /// Codes of the children, in the plan's order.
    pub(crate) children: Vec<&'a str>,
    /// How the plan weighs the children.
    pub(crate) method: &'a WeightMethod,
    /// Place of the first child's weight in the row.
    pub(crate) start: usize,
}

impl<'a> Layout<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Layout<'a> {
        let mut layout = Layout { groups: Vec::new(), length: 0 };
        layout.add(&plan.tree.root, plan);
        layout
    }

    fn add(&mut self, node: &'a Node, plan: &'a Plan) {
        if node.children.is_empty() {
            return;
        }
        self.groups.push(LayoutGroup {
            code: &node.code,
            children: node.children.iter().map(|child| child.code.as_str()).collect(),
            method: node.weights.as_ref().unwrap_or(&plan.steps.weights),
            start: self.length,
        });
        self.length += node.children.len();
        node.children.iter().for_each(|child| self.add(child, plan));
    }

    /// Position of the group under the node `code`.
    pub(crate) fn position(&self, code: &str) -> Option<usize> {
        self.groups.iter().position(|group| group.code == code)
    }
}

impl LayoutGroup<'_> {
    /// The group's part of a row of local weights.
    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.children.len()
    }
}
