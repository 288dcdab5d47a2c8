//! What is wrong, in words a person can act on: `Problem` for input, `Refusal` for policy.

use crate::clause::Clause;
use serde::{Deserialize, Serialize};

/// One fault in what a person typed; a page shows all of them at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The name of the input the fault is in; empty where it concerns the whole form.
    pub field: String,
    /// A short stable code: `required`, `not_a_number`, `check:H-02`.
    pub code: String,
    /// The clause the requirement comes from.
    pub clause: Option<Clause>,
    /// What is wrong and what to do, in one Chinese sentence.
    pub says: String,
}

impl Problem {
    /// A fault in one field.
    pub fn new(field: impl Into<String>, code: impl Into<String>, says: impl Into<String>) -> Problem {
        Problem { field: field.into(), code: code.into(), clause: None, says: says.into() }
    }

    /// The same fault with the clause it breaks.
    #[must_use]
    pub fn citing(self, clause: Clause) -> Problem {
        Problem { clause: Some(clause), ..self }
    }
}

/// Policy says no to a well-formed request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// A short stable code, such as `county_seat`.
    pub code: String,
    /// The clause that says no; `None` where our own rule of conduct does (filler ≠ approver).
    pub clause: Option<Clause>,
    /// Why, in one Chinese sentence.
    pub says: String,
    /// What would make it pass, in one Chinese sentence.
    pub remedy: String,
}

impl Refusal {
    /// A refusal by a clause of the plan.
    pub fn by(clause: Clause, code: &str, says: impl Into<String>, remedy: impl Into<String>) -> Refusal {
        Refusal::under(Some(clause), code, says, remedy)
    }

    /// A refusal by the programme's own rules of conduct.
    pub fn by_conduct(code: &str, says: impl Into<String>, remedy: impl Into<String>) -> Refusal {
        Refusal::under(None, code, says, remedy)
    }

    /// A refusal by a value of the pack, under the clause the value stands under.
    pub fn under(
        clause: Option<Clause>,
        code: &str,
        says: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Refusal {
        Refusal { code: code.to_owned(), clause, says: says.into(), remedy: remedy.into() }
    }

    /// The same, told at the input it is about.
    pub fn at(self, field: impl Into<String>) -> Problem {
        Problem { clause: self.clause, ..Problem::new(field, self.code, self.says + &self.remedy) }
    }
}

/// Codes by which one person is kept from deciding over what he himself filled in, signed or asked for.
const SEPARATIONS: [&str; 5] = [
    "filler_is_approver",
    "proposer_is_publisher",
    "reviewer_is_approver",
    "same_person",
    "signer_is_sender",
];

impl Refusal {
    /// Whether it keeps apart two duties of one matter.
    pub fn separates_duties(&self) -> bool {
        SEPARATIONS.contains(&self.code.as_str())
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.clause {
            Some(clause) => write!(f, "{}（依据{}）{}", self.says, clause.words(), self.remedy),
            None => write!(f, "{} {}", self.says, self.remedy),
        }
    }
}

impl std::error::Error for Refusal {}
