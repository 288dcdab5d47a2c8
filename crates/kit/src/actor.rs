//! Who is signed in and what he acts as: one person, one organisation, one role at a time.

use crate::record::{Hand, Who};
use domain::id::{DelegationId, GrantId, OrganisationId, PersonId, PlaceId};
use domain::role::Role;

/// A signed-in person in the role he chose. Several roles are never added up.
#[derive(Clone, Debug)]
pub struct Actor {
    pub person: PersonId,
    pub person_name: String,
    /// Under a delegation, the person acted for.
    pub for_person: Option<(PersonId, String)>,
    pub delegation: Option<DelegationId>,
    pub grant: GrantId,
    pub role: Role,
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub organisation_kind: String,
    /// The significant digits of the organisation's division: `36`, `3602`, `360222`, nine for a town.
    pub division: String,
    /// The town or platform the organisation runs.
    pub place: Option<PlaceId>,
    /// The first 16 hex digits of the session's hash.
    pub session: String,
    /// When the second factor was last given.
    pub factor_ms: Option<i64>,
    pub from: Option<String>,
    /// Open steps that wait for this organisation and role.
    pub todo_count: i64,
    /// The size of everything on his pages: 14, 16 or 18.
    pub text_size: u8,
}

impl Actor {
    /// How the record names him.
    pub fn who(&self, request: Option<String>) -> Who {
        Who {
            person: Hand::Person(self.person),
            for_person: self.for_person.as_ref().map(|(id, _)| *id),
            organisation: Some(self.organisation),
            role: Some(self.role),
            session: Some(self.session.clone()),
            from: self.from.clone(),
            request,
        }
    }

    /// `李某`, or `李某 代 王某` under a delegation.
    pub fn signature(&self) -> String {
        match &self.for_person {
            Some((_, name)) => format!("{} 代 {name}", self.person_name),
            None => self.person_name.clone(),
        }
    }
}

/// The significant digits of a division code: `360000` → `36`, `360200` → `3602`.
pub fn division_prefix(code: &str) -> &str {
    match code.len() {
        6 if code.ends_with("0000") => &code[..2],
        6 if code.ends_with("00") => &code[..4],
        _ => code,
    }
}

#[cfg(test)]
mod tests {
    use super::division_prefix;

    #[test]
    fn a_prefix_holds_what_lies_below() {
        assert_eq!(division_prefix("360000"), "36");
        assert_eq!(division_prefix("360200"), "3602");
        assert_eq!(division_prefix("360222"), "360222");
        assert_eq!(division_prefix("360222100"), "360222100");
    }
}
