//! How far each section of a form has got, for the task list.

use super::answers::{Answers, FileFact, SectionAnswers};
use super::{Form, Section};

/// How far a section has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing has been answered.
    NotStarted,
    /// So many required answers are missing or wrong.
    Partial(usize),
    /// Everything required is there.
    Done,
}

impl Progress {
    /// The words for the task list.
    pub fn words(self) -> String {
        match self {
            Progress::NotStarted => "未填写".to_owned(),
            Progress::Partial(missing) => format!("还差 {missing} 项"),
            Progress::Done => "已填完".to_owned(),
        }
    }
}

impl Form {
    /// The state of every section, in order.
    pub fn progress(&self, answers: &Answers, files: &[FileFact]) -> Vec<(&Section, Progress)> {
        let blank = SectionAnswers::default();
        let state = |section: &Section| {
            let given = answers.section(&section.code).unwrap_or(&blank);
            self.section_progress(section, given, files)
        };
        self.sections.iter().map(|section| (section, state(section))).collect()
    }

    /// The state of one section.
    pub fn section_progress(
        &self,
        section: &Section,
        given: &SectionAnswers,
        files: &[FileFact],
    ) -> Progress {
        let has_file = section.attachments().any(|item| files.iter().any(|file| file.item == item.code));
        if given.is_empty() && !has_file {
            return Progress::NotStarted;
        }
        let wrong = super::input::stored_problems(self, section, given).len();
        match wrong + self.missing(section, given, files).len() {
            0 => Progress::Done,
            missing => Progress::Partial(missing),
        }
    }
}
