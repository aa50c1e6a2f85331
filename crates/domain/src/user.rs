//! Users: people, service accounts and agents of the directory, and the roles they hold in Keyfob.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// A user of the directory.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Mail address, unique without regard to case.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Person, service account or agent.
    pub kind: UserKind,
    /// Whether the user may act and hold access.
    pub status: UserStatus,
    /// Whom the user reports to.
    pub manager: Option<UserId>,
    /// Free attributes such as department.
    pub attributes: BTreeMap<String, String>,
    /// Roles besides Requester, sorted.
    pub roles: Vec<Role>,
    /// Row version.
    pub version: i64,
}

/// What kind of user.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// A human.
    #[default]
    Person,
    /// A program with an accountable owner; cannot approve (I53).
    Service,
    /// A program that acts for a named human; cannot approve.
    Agent,
}

/// Whether a user may act.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// May act and hold access.
    #[default]
    Active,
    /// May not.
    Inactive,
}

/// The seven fixed roles. Everybody is a Requester; App Admins are so by the apps they own or administer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everybody.
    Requester,
    /// May request for anyone and see all requests.
    Helpdesk,
    /// May request for anyone, see all requests and answer when nobody else can.
    AccessRequestAdmin,
    /// Owns or administers at least one app.
    AppAdmin,
    /// Configures connectors.
    ConnectorAdmin,
    /// Reads everything, changes nothing.
    Auditor,
    /// May configure everything.
    SuperAdmin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Requester,
        Self::Helpdesk,
        Self::AccessRequestAdmin,
        Self::AppAdmin,
        Self::ConnectorAdmin,
        Self::Auditor,
        Self::SuperAdmin,
    ];

    /// Those that a Super Admin gives by hand; the other two follow from what one is.
    pub const GIVEN: [Self; 5] =
        [Self::Helpdesk, Self::AccessRequestAdmin, Self::ConnectorAdmin, Self::Auditor, Self::SuperAdmin];

    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Helpdesk => "helpdesk",
            Self::AccessRequestAdmin => "access_request_admin",
            Self::AppAdmin => "app_admin",
            Self::ConnectorAdmin => "connector_admin",
            Self::Auditor => "auditor",
            Self::SuperAdmin => "super_admin",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl UserKind {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Service => "service",
            Self::Agent => "agent",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Person, Self::Service, Self::Agent].into_iter().find(|kind| kind.name() == name)
    }
}

impl UserStatus {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}

impl User {
    /// Whether the user may act and hold access.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Whether the user holds one of `roles`.
    #[must_use]
    pub fn holds_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| *role == Role::Requester || self.roles.contains(role))
    }

    /// The keys by which audiences, approver rules and task routes find this user, those of groups and reports aside.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let mut keys = vec![key::EVERYONE.to_owned(), key::user(&self.id)];
        keys.extend(self.attributes.iter().map(|(name, value)| key::attribute(name, value)));
        keys.extend(self.roles.iter().map(|role| key::role(*role)));
        keys
    }
}

/// Keys: short texts that name a set of users. A user has keys, a rule asks for one, and a join finds who fits.
pub mod key {
    use super::Role;
    use crate::id::{AppId, GroupId, UserId};

    /// The key of every user.
    pub const EVERYONE: &str = "everyone";

    /// The one user.
    #[must_use]
    pub fn user(id: &UserId) -> String {
        format!("user:{id}")
    }

    /// The members of a group.
    #[must_use]
    pub fn group(id: &GroupId) -> String {
        format!("group:{id}")
    }

    /// Those whose attribute has this value, without regard to case.
    #[must_use]
    pub fn attribute(name: &str, value: &str) -> String {
        format!("attribute:{}={}", crate::text::fold(name), crate::text::fold(value))
    }

    /// The holders of a role.
    #[must_use]
    pub fn role(role: Role) -> String {
        format!("role:{}", role.name())
    }

    /// The manager of a user.
    #[must_use]
    pub fn manages(report: &UserId) -> String {
        format!("manages:{report}")
    }

    /// The owners of an app.
    #[must_use]
    pub fn owners(app: &AppId) -> String {
        format!("owners:{app}")
    }

    /// The admins of an app.
    #[must_use]
    pub fn admins(app: &AppId) -> String {
        format!("admins:{app}")
    }
}

/// Who acts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Actor {
    /// A user of the directory.
    User(UserId),
    /// Keyfob itself.
    System,
}

impl Actor {
    /// The user, if it is one.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::System => None,
        }
    }
}
