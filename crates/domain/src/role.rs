//! The roles of the glossary, with their words. What a role may do is data (`access.toml`).

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $words:literal),* $(,)?) => {
        /// What a person acts as; one at a time, chosen, never a union.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Role { $($(#[$doc])* $name),* }

        impl Role {
            /// Every role, in the order of the glossary.
            pub const ALL: &'static [Role] = &[$(Role::$name),*];

            /// The official words.
            pub fn words(self) -> &'static str {
                match self { $(Role::$name => $words),* }
            }

            /// The name used in code, data and the record.
            pub fn code(self) -> &'static str {
                match self { $(Role::$name => stringify!($name)),* }
            }
        }
    };
}

roles! {
    /// Fills in for a town or platform.
    Clerk = "填报员",
    /// Answers for a town or platform.
    TownHead = "镇（平台）负责人",
    /// Checks for the county government.
    CountyReviewer = "县审核员",
    /// Decides for the county government.
    CountyApprover = "县审定人",
    /// Signs for one of the city's three bureaus.
    CityBureau = "市局会签人",
    /// Decides for the city government.
    CityApprover = "市政府审定人",
    /// Acts for a member department of the conference.
    Department = "成员单位经办人",
    /// Works in the conference's office.
    Office = "省办经办人",
    /// Publishes for the province.
    OfficeApprover = "省审定人",
    /// Scores assigned cases.
    Expert = "专家",
    /// Reads everything, writes nothing.
    Auditor = "审计",
    /// Keeps accounts and backups; no business role beside it.
    SystemAdmin = "系统管理员",
    /// Approves grants and keeps security policy.
    SecurityAdmin = "安全管理员",
    /// Reads and verifies the whole log.
    AuditAdmin = "审计管理员",
    /// Anybody, not signed in.
    Public = "公众",
}

impl Role {
    /// Whether the role is one of the three administrators.
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin)
    }

    /// Whether the role decides for its organisation, and so needs a second factor.
    pub fn is_approver(self) -> bool {
        matches!(
            self,
            Role::TownHead
                | Role::CountyApprover
                | Role::CityBureau
                | Role::CityApprover
                | Role::OfficeApprover
        )
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Role, String> {
        Role::ALL.iter().copied().find(|role| role.code() == text).ok_or_else(|| "不是角色".to_owned())
    }
}
