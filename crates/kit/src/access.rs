//! Who may do what: one table of actions, deny by default, and the reach a role has in each.
//!
//! A list query takes a `Reach`, and only this file makes one: no reach, no query.

use crate::actor::Actor;
use crate::db::Value;
use domain::clause::Clause;
use domain::id::{OrganisationId, PersonId};
use domain::role::Role;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The table of actions, read from `access.toml`.
#[derive(Debug)]
pub struct Access {
    rules: BTreeMap<String, Rule>,
}

/// One action: who may take it, on what.
#[derive(Debug, Deserialize)]
pub struct Rule {
    pub name: String,
    /// What the action is called on pages.
    pub words: String,
    pub clause: Option<Clause>,
    /// Whether it needs a second factor no older than five minutes.
    #[serde(default)]
    pub factor: bool,
    #[serde(flatten)]
    reaches: BTreeMap<Role, Extent>,
}

/// How far a role reaches in an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Extent {
    /// The town or platform the actor's organisation runs.
    Own,
    /// What belongs to the actor's organisation.
    Organisation,
    /// What lies in the actor's division.
    Subtree,
    /// What is assigned to the person.
    Assigned,
    /// The person himself.
    Person,
    /// What is published.
    Published,
    All,
}

/// What an actor may touch in one action. Only `Rule::reach` makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach(Bounds);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Bounds {
    All,
    Division(String),
    Place(String),
    Organisation(OrganisationId),
    Person(PersonId),
    Published,
}

/// Greater than every character of a code or an id.
const LAST: &str = "~";

impl Access {
    /// Reads the table, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Access, String> {
        #[derive(Deserialize)]
        struct File {
            action: Vec<Rule>,
        }
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut rules = BTreeMap::new();
        for rule in file.action {
            if rule.reaches.is_empty() {
                return Err(format!("access: nobody may {}", rule.name));
            }
            if let Some(twice) = rules.insert(rule.name.clone(), rule) {
                return Err(format!("access: {} stands there twice", twice.name));
            }
        }
        Ok(Access { rules })
    }

    pub fn rule(&self, action: &str) -> Option<&Rule> {
        self.rules.get(action)
    }

    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// Whether a role may take an action at all.
    pub fn allows(&self, role: Role, action: &str) -> bool {
        self.rule(action).is_some_and(|rule| rule.reaches.contains_key(&role))
    }
}

impl Rule {
    /// What the actor may touch in this action; `None` where his role has no such function.
    pub fn reach(&self, actor: &Actor) -> Option<Reach> {
        let bounds = match self.reaches.get(&actor.role)? {
            Extent::All => Bounds::All,
            Extent::Subtree => Bounds::Division(actor.division.clone()),
            Extent::Own => Bounds::Place(actor.place?.to_string()),
            Extent::Organisation => Bounds::Organisation(actor.organisation),
            Extent::Assigned | Extent::Person => Bounds::Person(actor.person),
            Extent::Published => Bounds::Published,
        };
        Some(Reach(bounds))
    }

    /// What anybody may touch, signed in or not.
    pub fn public_reach(&self) -> Option<Reach> {
        self.reaches.contains_key(&Role::Public).then_some(Reach(Bounds::Published))
    }

    pub fn roles(&self) -> impl Iterator<Item = Role> {
        self.reaches.keys().copied()
    }
}

impl Reach {
    /// Bounds for `p.county_code || …` style filters over places: division from, division until,
    /// place id or ''. Use as
    /// `p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3)`.
    /// A reach that is not over places gives bounds that hold nothing.
    pub fn places(&self) -> [Value; 3] {
        let (from, until, place) = match &self.0 {
            Bounds::All => (String::new(), LAST.to_owned(), String::new()),
            Bounds::Division(prefix) => (prefix.clone(), format!("{prefix}{LAST}"), String::new()),
            Bounds::Place(id) => (String::new(), LAST.to_owned(), id.clone()),
            Bounds::Organisation(_) | Bounds::Person(_) | Bounds::Published => {
                (LAST.to_owned(), String::new(), String::new())
            }
        };
        [Value::Text(from), Value::Text(until), Value::Text(place)]
    }

    /// Whether these are the things of one place: its own.
    pub fn is_one_place(&self) -> bool {
        matches!(self.0, Bounds::Place(_))
    }

    /// Whether a division's code lies within.
    pub fn holds_division(&self, code: &str) -> bool {
        match &self.0 {
            Bounds::All => true,
            Bounds::Division(prefix) => code.starts_with(prefix.as_str()),
            Bounds::Place(_) | Bounds::Organisation(_) | Bounds::Person(_) | Bounds::Published => false,
        }
    }

    /// The organisation whose things these are, where the reach is one organisation's.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match &self.0 {
            Bounds::Organisation(id) => Some(*id),
            Bounds::All | Bounds::Division(_) | Bounds::Place(_) | Bounds::Person(_) | Bounds::Published => {
                None
            }
        }
    }

    /// The person whose things these are, where the reach is one person's.
    pub fn person(&self) -> Option<PersonId> {
        match &self.0 {
            Bounds::Person(id) => Some(*id),
            Bounds::All
            | Bounds::Division(_)
            | Bounds::Place(_)
            | Bounds::Organisation(_)
            | Bounds::Published => None,
        }
    }

    pub fn is_all(&self) -> bool {
        self.0 == Bounds::All
    }

    pub fn is_published(&self) -> bool {
        self.0 == Bounds::Published
    }
}

#[cfg(test)]
mod tests {
    use super::Access;
    use domain::role::Role;

    #[test]
    fn what_is_not_written_is_refused() {
        let access = Access::parse(
            "[[action]]\nname = \"a.read\"\nwords = \"查看\"\nClerk = \"own\"\nOffice = \"all\"\n",
        )
        .expect("a good table");
        assert!(access.allows(Role::Clerk, "a.read"));
        assert!(!access.allows(Role::TownHead, "a.read"));
        assert!(!access.allows(Role::Clerk, "a.write"));
    }

    #[test]
    fn a_bad_table_is_refused() {
        assert!(Access::parse("[[action]]\nname = \"a\"\nwords = \"\"\n").is_err());
        assert!(Access::parse("[[action]]\nname = \"a\"\nwords = \"\"\nKing = \"all\"\n").is_err());
        assert!(Access::parse("[[action]]\nname = \"a\"\nwords = \"\"\nClerk = \"everything\"\n").is_err());
    }
}
