//! One visit: who came, for which action, how far he reaches. Made by the guard, read by handlers.

use crate::app::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::day::Day;
use domain::form::Form;
use domain::pack::Pack;
use domain::problem::Refusal;
use kit::access::Reach;
use kit::actor::Actor;
use kit::record::{Act, Event, Who};
use kit::{Error, Result, Store};

/// A visit, signed in or not. Handlers of public pages take this.
#[derive(Clone)]
pub struct Visit {
    pub app: App,
    pub actor: Option<Actor>,
    /// The action of the route.
    pub action: &'static str,
    /// What may be touched in this action.
    pub reach: Reach,
    /// The path and query asked for.
    pub here: String,
    pub request: String,
    pub from: Option<String>,
    /// What the act before this page did, said once.
    pub flash: Option<String>,
    /// The size of letters a visitor chose; a person's own is kept with him.
    pub text_size: u8,
}

/// A visit by somebody signed in. Handlers of the work side take this.
#[derive(Clone)]
pub struct Acting {
    pub actor: Actor,
    visit: Visit,
}

impl Visit {
    pub fn store(&self) -> &Store {
        self.app.store()
    }

    pub fn pack(&self) -> &Pack {
        self.app.pack()
    }

    /// A form as it was under the pack of a digest, to read what was sent in it.
    pub fn form_under(&self, digest: &str, code: &str) -> Result<&Form> {
        let form = self.app.pack_under(digest).and_then(|pack| pack.form(code));
        form.ok_or_else(|| Error::internal(format!("no form {code} in a pack {digest}")))
    }

    pub fn today(&self) -> Day {
        self.store().today()
    }

    /// How the record names the visitor.
    pub fn who(&self) -> Who {
        match &self.actor {
            Some(actor) => actor.who(Some(self.request.clone())),
            None => Who { request: Some(self.request.clone()), ..Who::public(self.from.clone()) },
        }
    }

    /// Opens an act under the idempotency key of the form that was sent.
    pub async fn act(&self, key: &str) -> Result<Act> {
        match key {
            "" => self.store().act(&self.who()).await,
            key => self.store().act_once(&self.who(), key).await,
        }
    }

    /// An approval that the rules forbid leaves its trace: a small act of its own.
    pub async fn denied(&self, event: Event, refusal: Refusal) -> Error {
        let done = match self.store().act(&self.who()).await {
            Ok(act) => act.commit(event.reason(&refusal.says)).await,
            Err(error) => Err(error),
        };
        done.map_or_else(|error| error, |_| refusal.into())
    }

    /// What the visitor may touch in another action than the route's, for links and buttons.
    pub fn reach_in(&self, action: &str) -> Option<Reach> {
        let rule = self.app.access().rule(action)?;
        match &self.actor {
            Some(actor) => rule.reach(actor),
            None => rule.public_reach(),
        }
    }

    /// Whether the visitor's role has an action at all.
    pub fn may(&self, action: &str) -> bool {
        self.reach_in(action).is_some()
    }
}

impl std::ops::Deref for Acting {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit> {
        parts.extensions.get::<Visit>().cloned().ok_or_else(|| Error::internal("a route without its guard"))
    }
}

impl<S: Sync> FromRequestParts<S> for Acting {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Acting> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let actor = visit.actor.clone().ok_or(Error::Unauthenticated)?;
        Ok(Acting { actor, visit })
    }
}
