//! One entry of the log: who did what to what, by which clause. Its body is hashed as it is stored.

use domain::clause::Clause;
use domain::id::{OrganisationId, PersonId, PlaceId};
use domain::role::Role;
use serde_json::{Map, Value, json};

/// Who acts, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    pub person: Hand,
    /// The person acted for, under a delegation.
    pub for_person: Option<PersonId>,
    pub organisation: Option<OrganisationId>,
    pub role: Option<Role>,
    /// The first 16 hex digits of the session's hash.
    pub session: Option<String>,
    pub from: Option<String>,
    pub request: Option<String>,
}

/// The hand that acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hand {
    Person(PersonId),
    /// A command of the program, run by whoever holds the machine.
    Console,
    /// The program itself: start, stop, checkpoint.
    #[default]
    System,
    /// Somebody not signed in: a locked-out sign-in, a public objection.
    Public,
}

impl Hand {
    pub fn text(self) -> String {
        match self {
            Hand::Person(id) => id.to_string(),
            Hand::Console => "console".to_owned(),
            Hand::System => "system".to_owned(),
            Hand::Public => "public".to_owned(),
        }
    }
}

impl Who {
    pub fn console() -> Who {
        Who { person: Hand::Console, ..Who::default() }
    }

    pub fn system() -> Who {
        Who::default()
    }

    pub fn public(from: Option<String>) -> Who {
        Who { person: Hand::Public, from, ..Who::default() }
    }

    /// The person who acts, where a person does.
    pub fn person_id(&self) -> Option<PersonId> {
        match self.person {
            Hand::Person(id) => Some(id),
            Hand::Console | Hand::System | Hand::Public => None,
        }
    }
}

/// What happened, named as a past fact: `declaration.sent`.
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) act: &'static str,
    pub(crate) subject: (&'static str, String),
    pub(crate) place: Option<PlaceId>,
    pub(crate) clause: Option<Clause>,
    pub(crate) reason: Option<String>,
    pub(crate) notes: Vec<(&'static str, String)>,
    pub(crate) policy: Option<String>,
}

impl Event {
    pub fn new(act: &'static str, kind: &'static str, id: impl ToString) -> Event {
        Event {
            act,
            subject: (kind, id.to_string()),
            place: None,
            clause: None,
            reason: None,
            notes: Vec::new(),
            policy: None,
        }
    }

    /// The town or platform concerned, so that its life can be read from the log.
    pub fn place(self, place: PlaceId) -> Event {
        Event { place: Some(place), ..self }
    }

    pub fn clause(self, clause: Clause) -> Event {
        Event { clause: Some(clause), ..self }
    }

    pub fn reason(self, reason: impl Into<String>) -> Event {
        let reason = reason.into();
        Event { reason: (!reason.is_empty()).then_some(reason), ..self }
    }

    /// A fact worth keeping: a document number, a version, a hash.
    pub fn note(mut self, name: &'static str, value: impl ToString) -> Event {
        self.notes.push((name, value.to_string()));
        self
    }

    /// The digest of the pack the decision was taken by.
    pub fn policy(self, digest: &str) -> Event {
        Event { policy: Some(digest.to_owned()), ..self }
    }
}

/// What only the writer knows of an entry.
pub(crate) struct Place<'a> {
    pub seq: i64,
    pub at_ms: i64,
    pub rows_root: &'a [u8; 32],
    pub row_count: usize,
    pub salt: &'a [u8],
}

/// The text that is stored and hashed: the keys of `docs/record-format.md`, in that order.
pub(crate) fn body(who: &Who, event: &Event, place: &Place<'_>) -> String {
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let text = |value: Option<String>| value.map_or(Value::Null, Value::String);
    let notes: Map<String, Value> =
        event.notes.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let mut body = Map::new();
    let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
    put("v", json!(1));
    put("seq", json!(place.seq));
    put("at", json!(place.at_ms));
    put("person", json!(who.person.text()));
    put("for", text(who.for_person.map(|id| id.to_string())));
    put("organisation", text(who.organisation.map(|id| id.to_string())));
    put("role", text(who.role.map(|role| role.code().to_owned())));
    put("session", text(who.session.clone()));
    put("from", text(who.from.clone()));
    put("request", text(who.request.clone()));
    put("act", json!(event.act));
    put("subject", json!([event.subject.0, event.subject.1]));
    put("place", text(event.place.map(|id| id.to_string())));
    put("clause", text(event.clause.map(|clause| clause.to_string())));
    put("reason", text(event.reason.clone()));
    put("notes", Value::Object(notes));
    put("policy", text(event.policy.clone()));
    put("rows", json!(hex(place.rows_root)));
    put("row_count", json!(place.row_count));
    put("salt", json!(hex(place.salt)));
    Value::Object(body).to_string()
}
