//! Entitlements: what can be held in an app.

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::id::{AppId, EntitlementId};
use crate::settings::Settings;

/// Something that can be held in an app.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Entitlement {
    /// Its id.
    pub id: EntitlementId,
    /// Its app.
    pub app: AppId,
    /// Key inside its app, unique there.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// What kind of thing it is.
    pub kind: EntitlementKind,
    /// What it gives.
    pub description: String,
    /// What the app's admin has to do by hand; empty = the app's instructions.
    pub instructions: String,
    /// Settings that it overrides.
    pub settings: Settings,
    /// Row version.
    pub version: i64,
}

/// What kind of thing an entitlement is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntitlementKind {
    /// An account in the app: "Basic app access" (S3-42).
    Access,
    /// A role.
    Role,
    /// A group.
    Group,
    /// A resource such as a repository.
    Resource,
    /// A permission.
    Permission,
}

impl EntitlementKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Access, Self::Role, Self::Group, Self::Resource, Self::Permission];

    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Role => "role",
            Self::Group => "group",
            Self::Resource => "resource",
            Self::Permission => "permission",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Entitlement {
    /// SHA-256 of what an approver relies on: which thing in which app, and what it is called (T6).
    #[must_use]
    pub fn definition(&self) -> String {
        canonical::hash(&serde_json::json!({
            "id": self.id, "app": self.app, "slug": self.slug, "name": self.name,
            "kind": self.kind, "description": self.description,
        }))
    }
}
