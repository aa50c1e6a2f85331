//! Apps: target systems, with the people responsible for them.

use serde::{Deserialize, Serialize};

use crate::id::{AppId, GroupId, UserId};
use crate::settings::Settings;
use crate::user::key;

/// A target system.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// Key in addresses, unique.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Word to group by.
    pub category: String,
    /// Who is responsible for it; at least one (S0-3).
    pub owners: Vec<Principal>,
    /// Who sets access up; at least one (S1-24).
    pub admins: Vec<Principal>,
    /// What reads and changes it.
    pub connector: Connector,
    /// What its admin has to do by hand (S0-30).
    pub instructions: String,
    /// Its own admin page.
    pub url: Option<String>,
    /// Whether it can be found (S0-8).
    pub state: AppState,
    /// Settings that it overrides.
    pub settings: Settings,
    /// Row version.
    pub version: i64,
}

/// A user or a group.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Principal {
    /// One user.
    User(UserId),
    /// Every member of a group.
    Group(GroupId),
}

impl Principal {
    /// The key that finds the people meant.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::User(id) => key::user(id),
            Self::Group(id) => key::group(id),
        }
    }

    /// The id as text.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Group(id) => id.as_str(),
        }
    }
}

/// How access gets into an app.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Connector {
    /// A task for the app's admins.
    #[default]
    Manual,
    /// The simulated target.
    Sim,
}

impl Connector {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Sim => "sim",
        }
    }

    /// The connector with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Manual, Self::Sim].into_iter().find(|connector| connector.name() == name)
    }
}

/// Whether an app can be found.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AppState {
    /// In lists, search and API.
    #[default]
    Listed,
    /// Nowhere, for those who do not administer it.
    Hidden,
}

impl AppState {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Hidden => "hidden",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Listed, Self::Hidden].into_iter().find(|state| state.name() == name)
    }
}
