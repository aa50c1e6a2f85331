//! What a decision looks at, and no more. Kept in the leaf, so that the decision can be made again (I1).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Pin;
use crate::app::Connector;
use crate::id::UserId;
use crate::policy::{Quorum, Standby, StepSpec};
use crate::time::Time;
use crate::user::{Role, User, UserKind};

/// What a decision on a request looks at.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Facts {
    /// Effective now.
    pub now: Time,
    /// Version of the directory: every change of people, groups, roles or responsibilities counts it up.
    pub directory: i64,
    /// Those consulted: the actor, and those whose approvals count.
    pub people: BTreeMap<UserId, PersonFact>,
    /// Hash of the entitlement's definition today.
    pub definition: String,
    /// How access gets into the app today.
    pub connector: Connector,
    /// Who can answer each step of the plan, by place; those not looked at are left out.
    pub steps: BTreeMap<usize, StepFact>,
    /// Who can set access up by hand.
    pub provisioning: StepFact,
    /// Consulted people who own or administer the app.
    pub responsible: BTreeSet<UserId>,
    /// The steps of the policy in force today, where it is another version than the pinned one (I9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Current>,
    /// Whether today's settings allow the request no longer to be fulfilled: no policy is in force.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub policy_missing: bool,
    /// Where a comment is required.
    pub required: Required,
    /// Whether the connector is being called at this moment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_flight: bool,
}

/// One person consulted.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PersonFact {
    /// Version of the row.
    pub version: i64,
    /// Whether active.
    pub active: bool,
    /// Person, service account or agent.
    pub kind: UserKind,
    /// Roles besides Requester.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
}

/// Who can answer one step: the step's own approvers first, then those who stand in, as far as it was needed to look.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct StepFact(pub Vec<StandbyFact>);

/// Who can answer at one place of the order.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct StandbyFact {
    /// Which place.
    pub standby: Standby,
    /// The keys that find them.
    pub keys: Vec<String>,
    /// How many active persons besides requester and subject fit, counted no further than the quorum needs.
    pub eligible: u32,
    /// Those of the consulted people who fit.
    pub members: BTreeSet<UserId>,
}

/// The policy in force today.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Current {
    /// Which version.
    pub pin: Pin,
    /// Its steps, with who can answer them.
    pub steps: Vec<(StepSpec, StepFact)>,
}

/// Where a comment is required (S2-23).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Required {
    /// On approval.
    pub approve: bool,
    /// On denial.
    pub deny: bool,
    /// On confirming.
    pub confirm: bool,
}

impl From<&User> for PersonFact {
    fn from(user: &User) -> Self {
        Self { version: user.version, active: user.is_active(), kind: user.kind, roles: user.roles.clone() }
    }
}

impl PersonFact {
    /// Whether this may be a counted approver: an active human (I3, I53).
    #[must_use]
    pub fn can_answer(&self) -> bool {
        self.active && self.kind == UserKind::Person
    }

    /// Whether one of `roles` is held.
    #[must_use]
    pub fn holds_any(&self, roles: &[Role]) -> bool {
        self.active && roles.iter().any(|role| self.roles.contains(role))
    }
}

/// How many have to say yes, given how many can.
#[must_use]
pub(super) fn need(quorum: Quorum, eligible: u32) -> u32 {
    match quorum {
        Quorum::Any => 1,
        Quorum::All => eligible.max(1),
        Quorum::Of(n) => n.max(1),
    }
}

impl StepFact {
    /// The place in the order whose turn it is: the first where enough can answer, else the last.
    #[must_use]
    pub fn turn(&self, quorum: Quorum) -> Option<&StandbyFact> {
        self.0.iter().find(|fact| fact.eligible >= need(quorum, fact.eligible)).or(self.0.last())
    }

    /// How many have to say yes.
    #[must_use]
    pub fn need(&self, quorum: Quorum) -> u32 {
        need(quorum, self.turn(quorum).map_or(0, |fact| fact.eligible))
    }

    /// Whether it is this person's turn: at the place whose turn it is, or before.
    #[must_use]
    pub fn includes(&self, quorum: Quorum, user: &UserId) -> bool {
        let last = self.turn(quorum).map(|fact| fact.standby);
        self.0.iter().filter(|fact| Some(fact.standby) <= last).any(|fact| fact.members.contains(user))
    }
}
