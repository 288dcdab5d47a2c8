//! Short lists: what is known of a thing, what is left to do, and nothing at all.

use super::Tag;
use askama::Template;

/// Names and values; with links to change them it is the page to check one's answers.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "page/pairs.html")]
pub struct Pairs {
    /// The lines in order.
    pub pairs: Vec<Pair>,
}

/// One line of [`Pairs`].
#[derive(Clone, Debug, Default)]
pub struct Pair {
    /// 镇域面积.
    pub name: String,
    /// 8.2平方千米; empty shows as 未填写.
    pub value: String,
    /// Where to change it.
    pub change_href: Option<String>,
    /// A note below the value: its source, or what is wrong with it.
    pub note: String,
}

impl Pairs {
    /// An empty list.
    pub fn new() -> Pairs {
        Pairs::default()
    }

    /// The list with one more line.
    #[must_use]
    pub fn and(mut self, name: impl Into<String>, value: impl Into<String>) -> Pairs {
        self.pairs.push(Pair { name: name.into(), value: value.into(), ..Pair::default() });
        self
    }

    /// The list with one more line that can be changed.
    #[must_use]
    pub fn and_change(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
        href: impl Into<String>,
    ) -> Pairs {
        let change_href = Some(href.into());
        self.pairs.push(Pair { name: name.into(), value: value.into(), change_href, note: String::new() });
        self
    }
}

/// What is left to do before a thing can be sent, in groups.
#[derive(Clone, Debug, Template)]
#[template(path = "page/task_list.html")]
pub struct TaskList {
    /// The groups in order.
    pub groups: Vec<TaskGroup>,
}

/// Tasks that belong together.
#[derive(Clone, Debug)]
pub struct TaskGroup {
    /// 基本情况.
    pub title: String,
    /// The tasks in order.
    pub tasks: Vec<Task>,
}

/// One task: the whole row is the link.
#[derive(Clone, Debug)]
pub struct Task {
    /// 主导产业.
    pub words: String,
    /// What it takes, or what is missing.
    pub hint: String,
    /// Where to do it; absent while it cannot be done yet.
    pub href: Option<String>,
    /// How far it is.
    pub tag: Tag,
}

impl TaskList {
    /// A task's number in the page, to tie its hint and state to its link.
    fn id(group: &usize, task: &usize) -> String {
        format!("task-{group}-{task}")
    }
}

/// Why there is nothing, and the one next thing to do.
#[derive(Clone, Debug, Template)]
#[template(path = "page/empty.html")]
pub struct Empty {
    says: String,
    action: Option<(String, String)>,
}

impl Empty {
    /// Why there is nothing.
    pub fn new(says: impl Into<String>) -> Empty {
        Empty { says: says.into(), action: None }
    }

    /// The same with a way on.
    #[must_use]
    pub fn leading_to(self, words: impl Into<String>, href: impl Into<String>) -> Empty {
        Empty { action: Some((words.into(), href.into())), ..self }
    }
}
