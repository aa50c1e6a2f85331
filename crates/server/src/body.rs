//! The bodies of the JSON API (`/api/v1`), shared by the API, the pages and the command line.
//!
//! Instants are RFC 3339 in UTC, durations ISO 8601 (`PT8H`, `P7D`), ids are text with a prefix.
//! Inputs refuse unknown fields; outputs may grow.

mod directory;
pub(crate) mod object;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use directory::{
    App, Catalog, Group, NewApp, NewCatalog, NewEntitlement, NewGroup, NewPolicy, NewUser, Person, Policy,
};

/// One page of a list.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last one.
    pub next: Option<String>,
}

/// A person, as others see them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct User {
    /// `usr_…`
    pub id: String,
    /// Mail address.
    pub email: String,
    /// Display name.
    pub name: String,
}

/// The caller.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Me {
    /// `usr_…`
    pub id: String,
    /// Mail address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Role names, `requester` always among them.
    pub roles: Vec<String>,
    /// Whom the caller reports to.
    pub manager: Option<User>,
    /// Who answers while the caller is away.
    pub delegate: Option<User>,
}

/// A user or a group that owns or administers an app.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Principal {
    /// A person.
    User(User),
    /// A group by id and name.
    Group(NamedRef),
}

/// An id with its name.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct NamedRef {
    /// Id with prefix.
    pub id: String,
    /// Name to show.
    pub name: String,
}

/// The app an entitlement belongs to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct AppRef {
    /// `app_…`
    pub id: String,
    /// Key in addresses.
    pub slug: String,
    /// Name to show.
    pub name: String,
}

/// What can be held in an app, as the caller sees it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Entitlement {
    /// `ent_…`
    pub id: String,
    /// Key inside its app.
    pub slug: String,
    /// Name to show.
    pub name: String,
    /// What it gives.
    pub description: String,
    /// `access`, `role`, `group`, `resource` or `permission`.
    pub kind: String,
    /// Its app.
    pub app: AppRef,
    /// For the caller: `requestable`, `held`, `pending` or `held_expiring`; null when not offered to the caller.
    pub state: Option<String>,
    /// Longest allowed length; null = unlimited.
    pub max_duration: Option<String>,
    /// Offered lengths; a null entry means unlimited.
    pub presets: Vec<Option<String>>,
    /// The preset chosen at first; null = unlimited.
    pub default_duration: Option<String>,
    /// Whether only the offered lengths may be chosen. Pages need it; it is not part of the API.
    #[serde(skip)]
    pub only_presets: bool,
    /// Whether a reason must be given.
    pub justification_required: bool,
    /// Whether emergency access may be asked for.
    pub emergency: bool,
    /// The open request when pending.
    pub request: Option<String>,
}

/// One item of a submission.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Id or `app-slug/entitlement-slug`.
    pub entitlement: String,
    /// `PT8H`, `P7D`, `8h`, `7d`; null = unlimited where allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// The instant at which access ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Not before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<String>,
}

/// `POST /submissions` and `POST /preview`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubmission {
    /// Whom the access is for: id or mail address; absent = the caller.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// `grant` (default).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// One or several entitlements.
    #[serde(default, deserialize_with = "object::list")]
    pub items: Vec<Item>,
    /// Length for the items that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// End for the items that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Start for the items that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<String>,
    /// Why; required unless the entitlement's settings say otherwise.
    #[serde(default)]
    pub justification: String,
}

/// The answer to `POST /submissions`.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Submission {
    /// `sub_…`
    pub id: String,
    /// One request per entitlement.
    pub requests: Vec<Request>,
}

/// The answer to `POST /preview`.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Preview {
    /// One per item, in order.
    pub items: Vec<PreviewItem>,
}

/// What would happen to one item.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct PreviewItem {
    /// The entitlement, when the caller may see it.
    pub entitlement: Option<Entitlement>,
    /// Who would be asked, in order.
    pub steps: Vec<Step>,
    /// What stands in the way; empty = it would be accepted.
    pub problems: Vec<Problem>,
}

/// One thing that stands in the way.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Problem {
    /// Which field, such as `items[0].duration`.
    pub field: String,
    /// A sentence that says what to do.
    pub message: String,
}

/// A request: one subject × one entitlement.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Request {
    /// `req_…`
    pub id: String,
    /// `KF-1042`
    pub number: String,
    /// `sub_…`
    pub submission: String,
    /// `grant`, `change`, `extend` or `revoke`.
    pub kind: String,
    /// Who gets the access (label: Target User).
    pub subject: User,
    /// Who filed it.
    pub requester: User,
    /// What was asked for.
    pub entitlement: Entitlement,
    /// Length; null = unlimited.
    pub duration: Option<String>,
    /// End instant, when one was named instead of a length.
    pub until: Option<String>,
    /// Not before this instant.
    pub starts: Option<String>,
    /// Why (label: Comment on cards, Justification on forms).
    pub justification: String,
    /// Whether it is an emergency.
    pub emergency: bool,
    /// Counts edits and escalations, from 1.
    pub revision: i64,
    /// `needs_form`, `pending`, `approved`, `denied`, `cancelled` or `expired`.
    pub approval: String,
    /// Null until approved; then `scheduled`, `queued`, `provisioning`, `manual`, `granted`, `failed`, `unknown`,
    /// `denied_at_provisioning`, `revoking`, `revoked` or `revoked_unverified`.
    pub fulfilment: Option<String>,
    /// The sentence shown to people.
    pub status: String,
    /// SHA-256 of exactly what is decided, lower-case hex.
    pub digest: String,
    /// Counts every event.
    pub version: i64,
    /// The plan: past, now, next.
    pub steps: Vec<Step>,
    /// What the caller may do now: `approve`, `deny`, `comment`, `cancel`, `edit`, `confirm`,
    /// `deny_provisioning`, `revoke`.
    pub actions: Vec<String>,
    /// The grant it led to.
    pub grant: Option<Grant>,
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
    /// The caller's open task on it.
    pub task: Option<String>,
    /// Why access is not in place, when fulfilment failed.
    pub problem: Option<String>,
    /// When the next automatic try happens.
    pub retry_at: Option<String>,
    /// `manual` or the name of the connector that sets it up; null when the caller may not know.
    #[serde(default)]
    pub connector: Option<String>,
    /// How it ended when no step's answer ended it: cancelled or expired.
    #[serde(default)]
    pub closed: Option<Closing>,
    /// Who owns and administers the app (label: App Admins).
    pub app_admins: Vec<User>,
    /// How many there are in all.
    pub app_admins_total: u64,
    /// The subject's permission level and groups in the app now, by entitlement name (label: Groups).
    pub holds: Vec<String>,
    /// Door it came through.
    pub door: String,
    /// When it was filed.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
}

/// One step of the plan.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Step {
    /// Position in the plan, from 0; `provision` for the last.
    pub id: String,
    /// `approval`, `form`, `wait`, `accept`, `reject` or `provision`.
    pub kind: String,
    /// Name from the policy.
    pub name: String,
    /// `done`, `active`, `next` or `skipped`.
    pub state: String,
    /// How many approvals are needed.
    pub need: u32,
    /// How many there are.
    pub have: u32,
    /// Who may answer, at most 20.
    pub approvers: Vec<User>,
    /// How many there are in all.
    pub approvers_total: u64,
    /// Whose turn it is in words when it is not the step's own approvers:
    /// `fallback`, `owners` or `admins`; null normally.
    pub rerouted: Option<String>,
    /// Answers so far.
    pub decisions: Vec<Decision>,
    /// Since when it is active.
    pub since: Option<String>,
    /// When it is due.
    pub due: Option<String>,
}

/// The end of a request that was not decided.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Closing {
    /// Who; null = Keyfob itself.
    pub by: Option<User>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: String,
}

/// One answer.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Decision {
    /// Who.
    pub by: User,
    /// `approved`, `denied`, `confirmed` or `denied_at_provisioning`.
    pub decision: String,
    /// Why.
    pub comment: Option<String>,
    /// When.
    pub at: String,
    /// What was really given, when `confirmed` said so.
    #[serde(default)]
    pub given: Option<Given>,
    /// On a denial at provisioning: whether the access in the app was checked.
    #[serde(default)]
    pub checked: Option<bool>,
}

/// Work for a human.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Task {
    /// `tsk_…`
    pub id: String,
    /// `approval`, `form`, `provisioning`, `deprovisioning` or `review`.
    pub kind: String,
    /// `open`, `done` or `void`.
    pub state: String,
    /// What it is about.
    pub request: Request,
    /// Who may do it, at most 20.
    pub assignees: Vec<User>,
    /// How many there are in all.
    pub assignees_total: u64,
    /// The digest to send back with an answer.
    pub digest: String,
    /// What the caller may do now.
    pub actions: Vec<String>,
    /// Those of the actions that need a comment.
    #[serde(default)]
    pub comment_required: Vec<String>,
    /// The answer that closed it; null while open, and when it became void without one.
    #[serde(default)]
    pub finished: Option<Decision>,
    /// What to do by hand.
    pub instructions: String,
    /// The app's own page.
    pub url: Option<String>,
    /// When it was opened.
    pub created_at: String,
    /// When it is due.
    pub due: Option<String>,
}

/// A user holds an entitlement.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Grant {
    /// `grt_…`
    pub id: String,
    /// The holder.
    pub user: User,
    /// What is held.
    pub entitlement: Entitlement,
    /// `active`, `ending`, `revoked` or `revoked_unverified`.
    pub state: String,
    /// `request`, `birthright`, `sync` or `emergency`.
    pub source: String,
    /// The request that led to it.
    pub request: String,
    /// When access was in place.
    pub starts_at: String,
    /// When it ends; null = unlimited.
    pub ends_at: Option<String>,
    /// What the caller may do now: `revoke`.
    pub actions: Vec<String>,
}

/// A comment.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Comment {
    /// `evt_…` of the event that holds it.
    pub id: String,
    /// Who.
    pub by: User,
    /// What was said.
    pub text: String,
    /// When.
    pub at: String,
    /// Door it came through.
    pub door: String,
}

/// One entry of the audit log.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Event {
    /// Position in the log, from 0.
    pub index: i64,
    /// `evt_…`
    pub id: String,
    /// Such as `request.approved`.
    pub kind: String,
    /// When.
    pub at: String,
    /// Who; null = Keyfob itself.
    pub actor: Option<User>,
    /// Door it came through.
    pub door: String,
    /// Whom it is about.
    pub subject: Option<User>,
    /// `req_…`
    pub request: Option<String>,
    /// Revision of the request.
    pub revision: Option<i64>,
    /// Ids it touches.
    pub resources: Vec<String>,
    /// The body of the leaf.
    pub detail: serde_json::Value,
    /// Texts beside the log, by field; absent when erased.
    pub texts: std::collections::BTreeMap<String, String>,
    /// Leaf hash, lower-case hex.
    pub leaf: String,
}

/// `POST /requests/{id}/comments`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// What to say, at most 8 KiB.
    pub text: String,
}

/// `POST /requests/{id}/cancel` and `POST /grants/{id}/revoke`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /requests/{id}/edit`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Another entitlement of the same app.
    #[serde(default)]
    pub entitlement: Option<String>,
    /// Another length; `unlimited` for no end.
    #[serde(default)]
    pub duration: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /tasks/{id}/approve` and `…/deny`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The digest that was shown.
    pub digest: String,
    /// Why.
    #[serde(default)]
    pub comment: Option<String>,
    /// On a denial at provisioning: that the access in the app was looked at and is removed or proper.
    #[serde(default)]
    pub checked: Option<bool>,
}

/// `POST /tasks/{id}/confirm`
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// A note.
    #[serde(default)]
    pub comment: Option<String>,
    /// What was really given, when it matters.
    #[serde(default, deserialize_with = "object::option")]
    pub given: Option<Given>,
}

/// What an app admin gave by hand.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// License type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Role in the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Group in the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Level in the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}
