//! Catalogs: entitlements offered to an audience. What no published catalog offers cannot be requested (S3-3).

use serde::{Deserialize, Serialize};

use crate::id::{CatalogId, EntitlementId, GroupId};
use crate::user::key;

/// Entitlements offered to an audience.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Catalog {
    /// Its id.
    pub id: CatalogId,
    /// Key in addresses, unique.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// To whom it is offered.
    pub audience: Audience,
    /// What it offers.
    pub entitlements: Vec<EntitlementId>,
    /// Whether it can be requested whole.
    pub bundle: bool,
    /// Whether it counts yet.
    pub state: CatalogState,
    /// Row version.
    pub version: i64,
}

/// To whom a catalog is offered.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every active user (S3-5).
    Everyone,
    /// Those for whom one of these holds (S3-6); nobody when empty.
    Any(Vec<Clause>),
}

/// One way to belong to an audience.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Clause {
    /// Being in a group.
    Group(GroupId),
    /// Having an attribute with one of these values, without regard to case.
    Attribute {
        /// Which attribute.
        name: String,
        /// Its values.
        is: Vec<String>,
    },
}

impl Audience {
    /// The keys of which a member of the audience has at least one.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let clauses = match self {
            Self::Everyone => return vec![key::EVERYONE.to_owned()],
            Self::Any(clauses) => clauses,
        };
        let mut keys = Vec::new();
        for clause in clauses {
            match clause {
                Clause::Group(id) => keys.push(key::group(id)),
                Clause::Attribute { name, is } => keys.extend(is.iter().map(|value| key::attribute(name, value))),
            }
        }
        keys.sort();
        keys.dedup();
        keys
    }
}

/// Whether a catalog counts yet.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CatalogState {
    /// Being filled; offers nothing.
    #[default]
    Draft,
    /// Offers what it holds.
    Published,
}

impl CatalogState {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Draft, Self::Published].into_iter().find(|state| state.name() == name)
    }
}
