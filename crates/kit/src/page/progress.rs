//! Where a thing stands in its life, and what has happened to it.

use super::{Icon, Tone, icon};
use askama::Template;

/// The stages of one life in order, the present one in words as well.
#[derive(Clone, Debug, Template)]
#[template(path = "page/life_line.html")]
pub struct LifeLine {
    /// What the line belongs to; empty where the page says it already.
    pub label: String,
    /// The stages in order.
    pub steps: Vec<Step>,
}

/// One stage of a life line.
#[derive(Clone, Debug)]
pub struct Step {
    /// 市初审.
    pub words: String,
    /// Whether it is behind, here or ahead.
    pub state: StepState,
    /// When it was or is: a day, 第2年, or empty.
    pub when: String,
}

/// Where a stage lies from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// Here.
    Current,
    /// Ahead.
    Coming,
    /// Left out, or ended before it.
    Skipped,
}

impl LifeLine {
    /// A line of stages.
    pub fn new(label: impl Into<String>, steps: Vec<Step>) -> LifeLine {
        LifeLine { label: label.into(), steps }
    }

    /// 第3步，共9步.
    fn position(&self) -> Option<String> {
        let at = self.steps.iter().position(|step| step.state == StepState::Current)?;
        Some(format!("第{}步，共{}步", at + 1, self.steps.len()))
    }
}

impl Step {
    /// One stage.
    pub fn new(words: impl Into<String>, state: StepState, when: impl Into<String>) -> Step {
        Step { words: words.into(), state, when: when.into() }
    }

    fn class(&self) -> &'static str {
        match self.state {
            StepState::Done => "step-done",
            StepState::Current => "step-current",
            StepState::Coming => "step-coming",
            StepState::Skipped => "step-skipped",
        }
    }

    fn state_words(&self) -> &'static str {
        match self.state {
            StepState::Done => "已完成",
            StepState::Current => "当前",
            StepState::Coming => "未开始",
            StepState::Skipped => "未经过",
        }
    }

    fn icon(&self) -> Icon {
        icon(match self.state {
            StepState::Done => "check",
            StepState::Current => "dot",
            StepState::Coming => "circle",
            StepState::Skipped => "minus",
        })
    }
}

/// 流转记录: who did what when, the newest first.
#[derive(Clone, Debug, Template)]
#[template(path = "page/timeline.html")]
pub struct Timeline {
    /// The happenings, in the order they are shown.
    pub happenings: Vec<Happening>,
}

/// One line of the timeline.
#[derive(Clone, Debug)]
pub struct Happening {
    /// 2018-04-20 14:03.
    pub when: String,
    /// 省联席会议办公室·王明.
    pub who: String,
    /// 退回补正.
    pub did: String,
    /// What it means for the reader.
    pub tone: Tone,
    /// The opinion or reason given; empty where there is none.
    pub note: String,
    /// 用时1.2个工作日; empty where it is not known.
    pub took: String,
}

impl Happening {
    /// Something done by somebody.
    pub fn new(
        when: impl Into<String>,
        who: impl Into<String>,
        did: impl Into<String>,
        tone: Tone,
    ) -> Happening {
        let empty = String::new;
        Happening { when: when.into(), who: who.into(), did: did.into(), tone, note: empty(), took: empty() }
    }

    /// The same with the opinion given.
    #[must_use]
    pub fn saying(self, note: impl Into<String>) -> Happening {
        Happening { note: note.into(), ..self }
    }

    /// The same with the time it took.
    #[must_use]
    pub fn taking(self, took: impl Into<String>) -> Happening {
        Happening { took: took.into(), ..self }
    }
}
