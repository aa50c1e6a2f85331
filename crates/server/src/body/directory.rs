//! The directory and the catalog as administrators see and create them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Principal, User};

/// A user as administrators see and create them.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Person {
    /// `usr_…`
    pub id: String,
    /// Mail address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// `person`, `service` or `agent`.
    pub kind: String,
    /// `active` or `inactive`.
    pub status: String,
    /// Whom they report to.
    pub manager: Option<User>,
    /// Free attributes such as department or title.
    pub attributes: std::collections::BTreeMap<String, String>,
    /// Role names.
    pub roles: Vec<String>,
    /// Row version, for `If-Match`.
    pub version: i64,
}

/// `POST /users`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Mail address; unique without regard to case.
    pub email: String,
    /// Display name.
    pub name: String,
    /// `person` (default), `service` or `agent`.
    #[serde(default)]
    pub kind: Option<String>,
    /// Id or mail address of the manager.
    #[serde(default)]
    pub manager: Option<String>,
    /// Free attributes.
    #[serde(default)]
    pub attributes: std::collections::BTreeMap<String, String>,
    /// Role names besides `requester`; only a Super Admin may give them.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// A group.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Group {
    /// `grp_…`
    pub id: String,
    /// Unique name.
    pub name: String,
    /// How many people are in it.
    pub members_total: u64,
    /// Row version.
    pub version: i64,
}

/// `POST /groups`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// Unique name.
    pub name: String,
    /// Ids or mail addresses.
    #[serde(default)]
    pub members: Vec<String>,
}

/// An app: a target system.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct App {
    /// `app_…`
    pub id: String,
    /// Key in addresses.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Word to group by, such as `Engineering`.
    pub category: String,
    /// Who is responsible for it; at least one.
    pub owners: Vec<Principal>,
    /// Who sets access up; at least one.
    pub admins: Vec<Principal>,
    /// `manual` (people do it) or the name of a connector such as `sim`.
    pub connector: String,
    /// What its admin has to do by hand.
    pub instructions: String,
    /// Its own admin page or home page.
    pub url: Option<String>,
    /// `listed` or `hidden`.
    pub state: String,
    /// Settings that this app overrides.
    pub settings: serde_json::Value,
    /// Row version.
    pub version: i64,
}

/// `POST /apps`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApp {
    /// Key in addresses: lower-case letters, digits and hyphens.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Word to group by.
    #[serde(default)]
    pub category: String,
    /// User ids, mail addresses or group ids; at least one.
    pub owners: Vec<String>,
    /// User ids, mail addresses or group ids; at least one.
    pub admins: Vec<String>,
    /// `manual` (default) or `sim`.
    #[serde(default)]
    pub connector: Option<String>,
    /// What its admin has to do by hand.
    #[serde(default)]
    pub instructions: String,
    /// Its own admin page or home page.
    #[serde(default)]
    pub url: Option<String>,
    /// `listed` (default) or `hidden`.
    #[serde(default)]
    pub state: Option<String>,
    /// Settings to override; absent ones are inherited.
    #[serde(default)]
    pub settings: Option<serde_json::Value>,
}

/// `POST /entitlements`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEntitlement {
    /// Id or slug of the app.
    pub app: String,
    /// Key inside the app.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// `access`, `role`, `group`, `resource` or `permission`.
    pub kind: String,
    /// What it gives.
    #[serde(default)]
    pub description: String,
    /// What the app admin has to do by hand; empty = the app's.
    #[serde(default)]
    pub instructions: String,
    /// Settings to override; absent ones are inherited.
    #[serde(default)]
    pub settings: Option<serde_json::Value>,
}

/// A catalog: entitlements offered to an audience.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Catalog {
    /// `cat_…`
    pub id: String,
    /// Key in addresses.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// Whom it is offered to.
    pub audience: serde_json::Value,
    /// What it offers, by id.
    pub entitlements: Vec<String>,
    /// Whether it can be asked for whole.
    pub bundle: bool,
    /// `draft` or `published`.
    pub state: String,
    /// Row version.
    pub version: i64,
}

/// `POST /catalogs`
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCatalog {
    /// Key in addresses.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// `"everyone"` or `{"any":[{"group":"grp_…"},{"attribute":{"name":"department","is":["Sales"]}}]}`.
    pub audience: serde_json::Value,
    /// Ids or `app-slug/entitlement-slug` keys.
    #[serde(default)]
    pub entitlements: Vec<String>,
    /// Whether it can be asked for whole.
    #[serde(default)]
    pub bundle: bool,
    /// `draft` (default) or `published`.
    #[serde(default)]
    pub state: Option<String>,
}

/// One version of a policy.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Policy {
    /// `pol_…`
    pub id: String,
    /// Unique name.
    pub name: String,
    /// Counts from 1.
    pub version: i64,
    /// SHA-256 of the rules in canonical JSON, lower-case hex.
    pub hash: String,
    /// `[{name, when?, steps}]`
    pub rules: serde_json::Value,
}

/// `POST /policies`: a new policy, or a new version of the one with this name.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicy {
    /// Unique name.
    pub name: String,
    /// `[{name, steps}]`
    pub rules: serde_json::Value,
}
