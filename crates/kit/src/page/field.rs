//! One question of a form: label, hint, what is wrong, the input and its unit.
//!
//! The browser's own checking is left off: the server says all that is wrong at once, in the same
//! words above the form and at the field.

use askama::Template;
use domain::clause::Clause;
use domain::problem::Problem;

/// One question with what the person has answered so far.
#[derive(Clone, Debug, Template)]
#[template(path = "page/field.html")]
pub struct Field {
    /// The input's name; its id is `f-` and this.
    pub name: String,
    /// The question.
    pub label: String,
    /// How it is answered.
    pub kind: Kind,
    /// The answer as typed; for checkboxes see `chosen`.
    pub value: String,
    /// What the answers are to choose from.
    pub choices: Vec<Choice>,
    hint: String,
    unit: String,
    clause: Option<Clause>,
    optional: bool,
    /// What a folded list says while nothing is chosen.
    nothing: &'static str,
    locked: bool,
    width: &'static str,
    rows: u8,
    complete: &'static str,
    accept: String,
    source: String,
    before: String,
    problem: Option<Problem>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Text,
    /// A number, with the figures' keypad on a telephone.
    Number,
    /// A day.
    Day,
    /// A secret.
    Password,
    /// Several lines.
    Paragraph,
    /// One of many, folded.
    Select,
    /// One of a few, all shown.
    Radios,
    /// Any of a few.
    Checkboxes,
    /// A file to send.
    File,
}

/// One answer to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub words: String,
    /// A line below the words.
    pub hint: String,
    /// It is chosen.
    pub chosen: bool,
}

impl Choice {
    /// An answer to choose.
    pub fn new(value: impl Into<String>, words: impl Into<String>) -> Choice {
        Choice { value: value.into(), words: words.into(), hint: String::new(), chosen: false }
    }

    /// The same with a line below its words.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Choice {
        Choice { hint: hint.into(), ..self }
    }
}

impl Field {
    /// A question of that kind.
    pub fn new(kind: Kind, name: impl Into<String>, label: impl Into<String>) -> Field {
        Field {
            name: name.into(),
            label: label.into(),
            kind,
            value: String::new(),
            choices: Vec::new(),
            hint: String::new(),
            unit: String::new(),
            clause: None,
            optional: false,
            nothing: "请选择",
            locked: false,
            width: kind.usual_width(),
            rows: 4,
            complete: "off",
            accept: String::new(),
            source: String::new(),
            before: String::new(),
            problem: None,
        }
    }

    /// A question answered in one line.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(Kind::Text, name, label)
    }

    /// A question answered by a number.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(Kind::Number, name, label)
    }

    /// A question answered by a day.
    pub fn day(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(Kind::Day, name, label)
    }

    /// A question answered by a secret.
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(Kind::Password, name, label)
    }

    /// A question answered in several lines.
    pub fn paragraph(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(Kind::Paragraph, name, label)
    }

    /// A question answered by one of many.
    pub fn select(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field { choices, ..Field::new(Kind::Select, name, label) }
    }

    /// A filter by one of many; without a choice it lets all through.
    pub fn filter(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field { nothing: "全部", ..Field::select(name, label, choices) }
    }

    /// A question answered by one of a few.
    pub fn radios(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field { choices, ..Field::new(Kind::Radios, name, label) }
    }

    /// A question answered by any of a few.
    pub fn checkboxes(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field { choices, ..Field::new(Kind::Checkboxes, name, label) }
    }

    /// A question answered by a file; `accept` as the browser wants it: `.pdf,.jpg,.png`.
    pub fn file(name: impl Into<String>, label: impl Into<String>, accept: impl Into<String>) -> Field {
        Field { accept: accept.into(), ..Field::new(Kind::File, name, label) }
    }

    /// With what was answered.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Field {
        self.value = value.into();
        for choice in &mut self.choices {
            choice.chosen = choice.value == self.value;
        }
        self
    }

    /// With the several answers that were chosen.
    #[must_use]
    pub fn chosen(mut self, values: &[String]) -> Field {
        for choice in &mut self.choices {
            choice.chosen = values.contains(&choice.value);
        }
        self
    }

    /// With a line that helps to answer.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Field {
        Field { hint: hint.into(), ..self }
    }

    /// With the unit, printed inside the input.
    #[must_use]
    pub fn unit(self, unit: impl Into<String>) -> Field {
        Field { unit: unit.into(), ..self }
    }

    /// With the clause that asks it.
    #[must_use]
    pub fn clause(self, clause: Clause) -> Field {
        Field { clause: Some(clause), ..self }
    }

    /// It may stay empty, and says so.
    #[must_use]
    pub fn optional(self) -> Field {
        Field { optional: true, ..self }
    }

    /// It can be read, not changed.
    #[must_use]
    pub fn locked(self) -> Field {
        Field { locked: true, ..self }
    }

    /// As narrow as a number or a day.
    #[must_use]
    pub fn narrow(self) -> Field {
        Field { width: "narrow", ..self }
    }

    /// As wide as the form.
    #[must_use]
    pub fn wide(self) -> Field {
        Field { width: "wide", ..self }
    }

    /// In a cell of a table, whose heads are its label on the page; read out it keeps its own.
    #[must_use]
    pub fn bare(self) -> Field {
        Field { width: "bare", ..self }
    }

    /// How many lines are shown.
    #[must_use]
    pub fn rows(self, rows: u8) -> Field {
        Field { rows, ..self }
    }

    /// What the browser may fill in: `username`, `current-password`, `one-time-code`.
    #[must_use]
    pub fn complete(self, complete: &'static str) -> Field {
        Field { complete, ..self }
    }

    /// Where the answer shown comes from: 上期数, 部门确认, 项目库.
    #[must_use]
    pub fn source(self, source: impl Into<String>) -> Field {
        Field { source: source.into(), ..self }
    }

    /// What stood here before: last period's figure, or the edition that came back.
    #[must_use]
    pub fn before(self, before: impl Into<String>) -> Field {
        Field { before: before.into(), ..self }
    }

    /// With what is wrong with it, looked up among the faults of the form.
    #[must_use]
    pub fn told(self, problems: &[Problem]) -> Field {
        let problem = problems.iter().find(|problem| problem.field == self.name).cloned();
        Field { problem, ..self }
    }

    fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// The first choice carries the field's own id, so that a link to the field finds it.
    fn choice_id(&self, index: &usize) -> String {
        match index {
            0 => self.id(),
            n => format!("{}-{n}", self.id()),
        }
    }

    /// The ids of what is read out after the label.
    fn described_by(&self) -> String {
        let parts = [
            (!self.hint.is_empty(), "hint"),
            (self.problem.is_some(), "error"),
            (!self.source.is_empty() || !self.before.is_empty(), "note"),
        ];
        let ids = parts.iter().filter(|(shown, _)| *shown).map(|(_, part)| format!("{}-{part}", self.id()));
        ids.collect::<Vec<_>>().join(" ")
    }

    fn is_group(&self) -> bool {
        matches!(self.kind, Kind::Radios | Kind::Checkboxes)
    }
}

impl Kind {
    fn usual_width(self) -> &'static str {
        match self {
            Kind::Number | Kind::Day => "narrow",
            Kind::Paragraph => "wide",
            Kind::Text | Kind::Password | Kind::Select | Kind::File => "middle",
            Kind::Radios | Kind::Checkboxes => "wide",
        }
    }

    fn input_type(self) -> &'static str {
        match self {
            Kind::Password => "password",
            Kind::Day => "date",
            Kind::File => "file",
            Kind::Radios => "radio",
            Kind::Checkboxes => "checkbox",
            Kind::Text | Kind::Number | Kind::Paragraph | Kind::Select => "text",
        }
    }
}
