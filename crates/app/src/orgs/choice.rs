//! The roles a person may act in today: his own grants and those delegated to him. Never a union.

use super::store::{self, ChoiceRow};
use crate::app::App;
use domain::day::Day;
use domain::id::{OrganisationId, PersonId};
use domain::role::Role;
use kit::record::{Hand, Who};
use kit::{Error, Result};

/// One role to act in.
#[derive(Clone, Debug)]
pub struct Choice {
    pub grant: String,
    pub delegation: Option<String>,
    pub role: Role,
    pub organisation: OrganisationId,
    pub organisation_name: String,
    /// Under a delegation: for whom, and until when.
    pub for_person: Option<(PersonId, String)>,
    pub last_day: Option<Day>,
}

/// Every role a person may act in today, his own first.
pub async fn choices(app: &App, person: PersonId) -> Result<Vec<Choice>> {
    let today = app.store().today();
    let rows = store::choices(app.store().read(), person, today).await?;
    rows.into_iter().map(|row| row.into_choice().map_err(Error::Internal)).collect()
}

impl ChoiceRow {
    fn into_choice(self) -> std::result::Result<Choice, String> {
        let for_person = match (self.for_id, self.for_name) {
            (Some(id), Some(name)) => Some((id.parse()?, name)),
            _ => None,
        };
        Ok(Choice {
            grant: self.grant_id,
            delegation: self.delegation_id,
            role: self.role.parse()?,
            organisation: self.organisation_id.parse()?,
            organisation_name: self.organisation_name,
            for_person,
            last_day: self.last_day.map(|day| day.parse()).transpose()?,
        })
    }
}

impl Choice {
    /// How a form names it: the delegation's id, or the grant's.
    pub fn value(&self) -> &str {
        self.delegation.as_deref().unwrap_or(&self.grant)
    }

    /// 李某, or 李某 代 王某.
    pub fn signature(&self, name: &str) -> String {
        match &self.for_person {
            Some((_, giver)) => format!("{name} 代 {giver}"),
            None => name.to_owned(),
        }
    }

    pub fn needs_factor(&self) -> bool {
        needs_factor(self.role)
    }

    /// How the record names the person in this role.
    pub fn who(&self, person: PersonId, session: &str, from: Option<String>, request: &str) -> Who {
        Who {
            person: Hand::Person(person),
            for_person: self.for_person.as_ref().map(|(id, _)| *id),
            organisation: Some(self.organisation),
            role: Some(self.role),
            session: Some(session.to_owned()),
            from,
            request: Some(request.to_owned()),
        }
    }
}

/// Those who decide and those who administer prove themselves twice.
pub fn needs_factor(role: Role) -> bool {
    role.is_approver() || role.is_administrator()
}
