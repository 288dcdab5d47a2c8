//! What is wrong with a pack, and where: file, line, reason.

use std::cell::RefCell;
use std::fmt;

/// One fault of a pack, with the line to open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the pack's folder.
    pub file: String,
    /// The line, counted from 1; 0 where the file itself is missing or should not be there.
    pub line: usize,
    /// What is wrong, in one Chinese sentence.
    pub reason: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// Collects findings while a pack is read, so that all of them are reported at once.
#[derive(Default)]
pub(crate) struct Findings(RefCell<Vec<Finding>>);

impl Findings {
    /// Note a fault.
    pub(crate) fn add(&self, file: &str, line: usize, reason: impl Into<String>) {
        self.0.borrow_mut().push(Finding { file: file.to_owned(), line, reason: reason.into() });
    }

    /// Every fault, by file and line, each once.
    pub(crate) fn into_sorted(self) -> Vec<Finding> {
        let mut findings = self.0.into_inner();
        findings.sort();
        findings.dedup();
        findings
    }
}
