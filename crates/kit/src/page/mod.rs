//! What every page is made of: the frame around it and the pieces inside it.
//!
//! A piece is a small struct with a small template; a page's template prints it as
//! `{{ piece }}`, already escaped. Which pieces a page shows is the slice's affair.

pub mod assets;
mod field;
mod frame;
mod lists;
mod notices;
mod pager;
mod progress;
mod samples;
mod tag;

pub use field::{Choice, Field, Kind};
pub use frame::{Frame, MenuGroup, MenuItem, PublicFoot};
pub use lists::{Empty, Pair, Pairs, Task, TaskGroup, TaskList};
pub use notices::{ErrorSummary, Notice};
pub use pager::Pager;
pub use progress::{Happening, LifeLine, Step, StepState, Timeline};
pub use tag::{Icon, Light, Tag, Tone, icon};

/// Marks a piece as finished HTML: its own template has escaped what it shows.
macro_rules! finished_html {
    ($($piece:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $piece {})+ };
}

finished_html!(
    Empty,
    ErrorSummary,
    Field,
    Icon,
    LifeLine,
    Light,
    Notice,
    Pager,
    Pairs,
    Tag,
    TaskList,
    Timeline,
);

#[cfg(test)]
mod look;
#[cfg(test)]
mod tests;
