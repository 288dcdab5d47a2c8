//! Who does something, under which key, and how far he reaches. Acts take a `Deed` instead of a
//! visit, so that the demo and the tests do exactly what the pages do.

use super::store;
use crate::app::App;
use crate::web::Acting;
use domain::day::Day;
use domain::declaration::Who;
use domain::pack::Pack;
use domain::problem::{Problem, Refusal};
use kit::access::Reach;
use kit::actor::Actor;
use kit::db::Read;
use kit::record::{Act, Event};
use kit::{Error, Result};

/// Somebody about to do something.
#[derive(Clone)]
pub struct Deed<'a> {
    pub app: &'a App,
    pub actor: &'a Actor,
    key: String,
    request: Option<String>,
    seen: Option<String>,
}

impl<'a> Deed<'a> {
    /// Somebody acting without a page: in the demo, in a test.
    pub fn new(app: &'a App, actor: &'a Actor) -> Deed<'a> {
        Deed { app, actor, key: String::new(), request: None, seen: None }
    }

    /// The visitor of a page, under the key of the form he sent.
    pub fn of(acting: &'a Acting, key: &str) -> Deed<'a> {
        Deed {
            app: &acting.app,
            actor: &acting.actor,
            key: key.to_owned(),
            request: Some(acting.request.clone()),
            seen: None,
        }
    }

    /// What the visitor had before him when he decided: a content hash, a version.
    pub fn seeing(mut self, seen: impl ToString) -> Deed<'a> {
        self.seen = Some(seen.to_string());
        self
    }

    /// Stops where it is no longer what he saw.
    pub fn need_seen(&self, now: impl ToString) -> Result<()> {
        match &self.seen {
            Some(seen) if *seen != now.to_string() => {
                let says = "您打开页面之后，内容有改动。";
                let remedy = "本页已换成最新内容，请核对后再办理。";
                Err(Refusal::by_conduct("content_changed", says, remedy).into())
            }
            _ => Ok(()),
        }
    }

    pub fn pack(&self) -> &'a Pack {
        self.app.pack()
    }

    pub fn today(&self) -> Day {
        self.app.store().today()
    }

    /// What he may touch in an action; a role without it may do nothing.
    pub fn reach(&self, action: &str) -> Result<Reach> {
        self.app.access().rule(action).and_then(|rule| rule.reach(self.actor)).ok_or(Error::Forbidden)
    }

    /// Opens the act, once for each key.
    pub async fn begin(&self) -> Result<Act> {
        let who = self.actor.who(self.request.clone());
        match self.key.as_str() {
            "" => self.app.store().act(&who).await,
            key => self.app.store().act_once(&who, key).await,
        }
    }

    /// An approval that the separation of duties forbids leaves its trace: a small act of its own.
    pub async fn traced<T>(&self, kind: &'static str, id: impl ToString, done: Result<T>) -> Result<T> {
        if let Err(Error::Refused(refusal)) = &done
            && refusal.separates_duties()
        {
            let act = self.app.store().act(&self.actor.who(self.request.clone())).await?;
            act.commit(Event::new("approval.denied", kind, id).reason(&refusal.says)).await?;
        }
        done
    }

    /// How the rules see him.
    pub async fn who(&self, read: Read<'_>) -> Result<Who> {
        Ok(Who {
            person: self.actor.person,
            for_person: self.actor.for_person.as_ref().map(|(id, _)| *id),
            role: self.actor.role,
            organisation: self.actor.organisation,
            bureau: store::department_of(read, self.actor.organisation).await?,
        })
    }
}

/// Stops with all problems at once, where there are any.
pub fn need_none(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}
