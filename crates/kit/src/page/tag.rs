//! A state in one word: icon, word and colour together, since colour alone tells nothing.

use super::assets;
use askama::Template;
use domain::day::Day;

/// One drawing of the sprite; always beside a word, so it is hidden from a screen reader.
#[derive(Clone, Copy, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<svg class="icon" aria-hidden="true" focusable="false"><use href="{{ self.sprite() }}#{{ name }}"/></svg>"#
)]
pub struct Icon {
    name: &'static str,
}

impl Icon {
    fn sprite(self) -> &'static str {
        assets::url("icons.svg")
    }
}

/// The drawing of that name: `{{ icon("print") }}`.
pub fn icon(name: &'static str) -> Icon {
    Icon { name }
}

/// What a state means for the person who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Finished: plain ink, so that colour means "needs you".
    Done,
    /// Waits for somebody, or is due soon.
    Waiting,
    /// Refused, wrong or late.
    Bad,
    /// On its way.
    Busy,
    /// Not begun, or put away.
    Quiet,
    /// On the watch list.
    Watch,
}

impl Tone {
    /// The class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Done => "tone-done",
            Tone::Waiting => "tone-waiting",
            Tone::Bad => "tone-bad",
            Tone::Busy => "tone-busy",
            Tone::Quiet => "tone-quiet",
            Tone::Watch => "tone-watch",
        }
    }

    /// The drawing that goes with it.
    pub fn icon(self) -> Icon {
        icon(match self {
            Tone::Done => "check",
            Tone::Waiting => "clock",
            Tone::Bad => "alert",
            Tone::Busy => "dot",
            Tone::Quiet => "circle",
            Tone::Watch => "diamond",
        })
    }
}

/// A state word with its tone.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<span class="tag {{ tone.class() }}">{{ tone.icon() }}{{ words }}</span>"#
)]
pub struct Tag {
    /// What it means for the reader.
    pub tone: Tone,
    /// The state's own word, from beside its enum.
    pub words: String,
}

impl Tag {
    /// A state word with its tone.
    pub fn new(tone: Tone, words: impl Into<String>) -> Tag {
        Tag { tone, words: words.into() }
    }
}

/// A due day and how much of the time is left.
#[derive(Clone, Debug, Template)]
#[template(path = "page/light.html")]
pub struct Light {
    due: Day,
    left: Left,
    rule: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Left {
    WorkingDays(i32),
    Today,
    LateDays(i32),
}

/// From here on the light is amber.
const SOON_WORKING_DAYS: i32 = 5;

impl Light {
    /// The light of a deadline: working days after today up to it, or days since it.
    pub fn new(due: Day, today: Day, working_days_left: i32) -> Light {
        let left = match today.days_until(due) {
            0 => Left::Today,
            days if days < 0 => Left::LateDays(-days),
            _ => Left::WorkingDays(working_days_left),
        };
        Light { due, left, rule: None }
    }

    /// The same light with the rule behind the day, shown on request.
    #[must_use]
    pub fn because(self, rule: impl Into<String>) -> Light {
        Light { rule: Some(rule.into()), ..self }
    }

    fn tag(&self) -> Option<Tag> {
        match self.left {
            Left::Today => Some(Tag::new(Tone::Bad, "今天24:00截止")),
            Left::LateDays(days) => Some(Tag::new(Tone::Bad, format!("逾期{days}天"))),
            Left::WorkingDays(days) if days <= SOON_WORKING_DAYS => {
                Some(Tag::new(Tone::Waiting, format!("剩{days}个工作日")))
            }
            Left::WorkingDays(_) => None,
        }
    }

    fn plain(&self) -> String {
        match self.left {
            Left::WorkingDays(days) => format!("剩{days}个工作日"),
            Left::Today | Left::LateDays(_) => String::new(),
        }
    }
}
