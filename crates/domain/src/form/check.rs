//! Runs a form's checks: what is missing, what is wrong, what needs an explanation.

use super::answers::{Answers, FileFact, SectionAnswers};
use super::evaluate::{Ground, Verdict};
use super::expression::Rule;
use super::{Form, Item, ItemKind, Section};
use crate::clause::Clause;
use crate::problem::Problem;

/// What a verify check asks for, for a page.
pub const VERIFY_WORDS: &str = "请核实；如数据无误，请填写说明";

/// A check between items.
#[derive(Clone, Debug)]
pub struct Check {
    /// The code, such as `H-01`.
    pub code: String,
    /// The rule as the file writes it.
    pub text: String,
    /// The rule, parsed.
    pub rule: Rule,
    /// What is wrong and what to do, in Chinese.
    pub says: String,
    /// The clause behind it, where not the form's own.
    pub clause: Option<Clause>,
    /// Whether it asks for an explanation (核实性) instead of blocking (强制性).
    pub verify: bool,
    /// Who says so, where the rule sets a number of its own.
    pub source: String,
    /// The line of the rule in the form's file.
    pub line: usize,
}

impl Check {
    /// The item a problem of this check is shown at.
    pub fn first_item(&self) -> &str {
        self.rule.subject()
    }
}

impl Form {
    /// Everything that keeps the form from being sent: wrong answers, missing answers, checks.
    pub fn check(&self, answers: &Answers, files: &[FileFact]) -> Vec<Problem> {
        self.check_against(answers, None, files)
    }

    /// The same, with the prior edition or period that `change(…)` compares with.
    pub fn check_against(
        &self,
        answers: &Answers,
        prior: Option<&Answers>,
        files: &[FileFact],
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut sound = std::borrow::Cow::Borrowed(answers);
        let blank = SectionAnswers::default();
        for section in &self.sections {
            let given = answers.section(&section.code).unwrap_or(&blank);
            let wrong = super::input::stored_problems(self, section, given);
            if !wrong.is_empty()
                && let Some(section) = sound.to_mut().0.get_mut(&section.code)
            {
                wrong.iter().for_each(|problem| section.remove(&problem.field));
            }
            problems.extend(wrong);
            problems.extend(self.missing(section, given, files));
        }
        // What is no answer yet is held against nothing.
        let ground = Ground { form: self, answers: &sound, prior, files, row: None };
        for check in &self.checks {
            problems.extend(ground.run(check));
        }
        problems
    }

    /// What one check says of some answers; `None` where the form has no such check.
    pub fn verdict(&self, check: &str, answers: &Answers, prior: Option<&Answers>) -> Option<Verdict> {
        let check = self.checks.iter().find(|one| one.code == check)?;
        Some(Ground { form: self, answers, prior, files: &[], row: None }.verdict(check))
    }

    /// What is required in a section and not there.
    pub(super) fn missing(
        &self,
        section: &Section,
        given: &SectionAnswers,
        files: &[FileFact],
    ) -> Vec<Problem> {
        let required = || section.questions().filter(|item| item.required);
        let mut problems = Vec::new();
        match &section.repeat {
            None => {
                let blank = required().filter(|item| !given.items.contains_key(&item.code));
                problems.extend(blank.map(|item| self.required_problem(item, item.code.clone())));
            }
            Some(repeat) => {
                for (index, row) in given.rows.iter().enumerate() {
                    let blank = required().filter(|item| !row.contains_key(&item.code));
                    let field = |item: &Item| format!("row.{}.{}", index + 1, item.code);
                    problems.extend(blank.map(|item| self.required_problem(item, field(item))));
                }
                if given.rows.len() < repeat.min {
                    let says = format!("“{}”至少填写 {} 个{}。", section.title, repeat.min, repeat.row);
                    problems.push(Problem::new(&section.code, "too_few_rows", says).citing(self.clause));
                }
            }
        }
        problems.extend(section.attachments().filter_map(|item| self.attachment_problem(item, files)));
        problems
    }

    fn required_problem(&self, item: &Item, field: String) -> Problem {
        let verb = match item.kind {
            ItemKind::Choice | ItemKind::Choices | ItemKind::YesNo => "选择",
            _ => "填写",
        };
        let says = format!("请{verb}“{}”。", item.label);
        Problem::new(field, "required", says).citing(item.clause.unwrap_or(self.clause))
    }

    fn attachment_problem(&self, item: &Item, files: &[FileFact]) -> Option<Problem> {
        let accept = item.accept.as_ref()?;
        let here = files.iter().filter(|file| file.item == item.code).count();
        let least = accept.min.max(usize::from(item.required));
        let (code, says) = if here < least && here == 0 {
            ("required", format!("请上传“{}”。", item.label))
        } else if here < least {
            ("too_few_files", format!("“{}”至少上传 {least} 个文件，现有 {here} 个。", item.label))
        } else if here > accept.max {
            (
                "too_many_files",
                format!("“{}”最多上传 {} 个文件，现有 {here} 个，请删除多余的。", item.label, accept.max),
            )
        } else {
            return None;
        };
        Some(Problem::new(&item.code, code, says).citing(item.clause.unwrap_or(self.clause)))
    }
}
