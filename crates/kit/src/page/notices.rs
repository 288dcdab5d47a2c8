//! What stands above a form: what is wrong with it, or what to know before beginning.

use super::{Icon, Tone};
use askama::Template;
use domain::problem::{Problem, Refusal};

/// Every fault of a form at once, each a link to its field.
#[derive(Clone, Debug, Template)]
#[template(path = "page/error_summary.html")]
pub struct ErrorSummary {
    problems: Vec<Problem>,
}

impl ErrorSummary {
    /// The summary of these faults; prints nothing where there are none.
    pub fn new(problems: &[Problem]) -> ErrorSummary {
        ErrorSummary { problems: problems.to_vec() }
    }
}

/// One message with its tone: a refusal, a warning, a piece of news.
#[derive(Clone, Debug, Template)]
#[template(path = "page/notice.html")]
pub struct Notice {
    tone: Tone,
    title: String,
    says: String,
    clause: Option<String>,
    link: Option<(String, String)>,
}

impl Notice {
    /// A message; the title may be empty.
    pub fn new(tone: Tone, title: impl Into<String>, says: impl Into<String>) -> Notice {
        Notice { tone, title: title.into(), says: says.into(), clause: None, link: None }
    }

    /// Why the policy says no, by which clause, and what would make it pass.
    pub fn refused(refusal: &Refusal) -> Notice {
        let clause = refusal.clause.map(|clause| clause.words());
        Notice { clause, ..Notice::new(Tone::Bad, refusal.says.clone(), refusal.remedy.clone()) }
    }

    /// The same message with a way on.
    #[must_use]
    pub fn leading_to(self, words: impl Into<String>, href: impl Into<String>) -> Notice {
        Notice { link: Some((words.into(), href.into())), ..self }
    }

    fn icon(&self) -> Icon {
        match self.tone {
            Tone::Busy | Tone::Quiet => super::icon("info"),
            other => other.icon(),
        }
    }
}
