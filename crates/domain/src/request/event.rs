//! What can happen to a request. These forms are in the audit log for ever: kinds and fields only ever grow.

use serde::{Deserialize, Serialize};

use super::{Kind, Pin};
use crate::door::Door;
use crate::id::{AppId, EntitlementId, GrantId, OperationId, RequestId, SubmissionId, UserId};
use crate::length::Length;
use crate::policy::StepSpec;
use crate::time::Time;

/// A salted commitment to a text that is kept beside the log (I47): lower-case hex of its SHA-256.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Commitment {
    /// Lower-case hex.
    pub commitment: String,
}

/// One thing that happened to a request.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "kind")]
pub enum Event {
    /// It was filed.
    #[serde(rename = "request.submitted")]
    Submitted(Box<Submitted>),
    /// What is asked for was changed: a new revision, earlier approvals are void.
    #[serde(rename = "request.edited")]
    Edited(Box<Edited>),
    /// Somebody said something.
    #[serde(rename = "request.commented")]
    Commented {
        /// What.
        text: Commitment,
    },
    /// Somebody said yes.
    #[serde(rename = "request.approved")]
    Approved {
        /// On which step.
        step: usize,
        /// To exactly what.
        digest: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Commitment>,
        /// Whether the step needs nobody else.
        completes: bool,
    },
    /// Somebody said no.
    #[serde(rename = "request.denied")]
    Denied {
        /// On which step.
        step: usize,
        /// To exactly what.
        digest: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Commitment>,
    },
    /// Somebody who had said yes no longer counts, so the step is open again (I3).
    #[serde(rename = "request.step_reopened")]
    StepReopened {
        /// Which.
        step: usize,
        /// Whose answers no longer count.
        lost: Vec<UserId>,
    },
    /// The policy in force today asks for one more step than the pinned one (I9).
    #[serde(rename = "request.step_added")]
    StepAdded {
        /// What it asks for.
        spec: StepSpec,
        /// Which version asks for it.
        policy: Pin,
    },
    /// It was withdrawn.
    #[serde(rename = "request.cancelled")]
    Cancelled {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Commitment>,
    },
    /// Its time was over before access was in place.
    #[serde(rename = "request.expired")]
    Expired,
    /// Everybody needed said yes.
    #[serde(rename = "request.authorised")]
    Authorised {
        /// To exactly what.
        digest: String,
    },
    /// Access waits for its start.
    #[serde(rename = "request.scheduled")]
    Scheduled {
        /// When it starts.
        starts: Time,
    },
    /// The connector is to put access in place.
    #[serde(rename = "request.queued")]
    Queued {
        /// By which operation.
        operation: OperationId,
    },
    /// The app's admins are to put access in place.
    #[serde(rename = "request.assigned")]
    Assigned {
        /// Why the connector did not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
    },
    /// The app's admin says that access is in place.
    #[serde(rename = "request.confirmed")]
    Confirmed {
        /// A note.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Commitment>,
        /// What was really given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        given: Option<Given>,
    },
    /// Access is in place.
    #[serde(rename = "request.granted")]
    Granted {
        /// The grant.
        grant: GrantId,
        /// Since when.
        starts_at: Time,
        /// Until when; absent = unlimited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Time>,
    },
    /// The connector failed.
    #[serde(rename = "request.failed")]
    Failed {
        /// How.
        problem: String,
        /// Whether it may have done its work all the same.
        unknown: bool,
    },
    /// The app's admin refused.
    #[serde(rename = "request.denied_at_provisioning")]
    DeniedAtProvisioning {
        /// To exactly what.
        digest: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Commitment>,
        /// Whether the admin says to have checked that the app holds no such access (S1-9).
        checked: bool,
    },
    /// Access is being removed.
    #[serde(rename = "request.revoking")]
    Revoking,
    /// Access is gone.
    #[serde(rename = "request.revoked")]
    Revoked {
        /// Whether it was seen to be gone (I29).
        verified: bool,
    },
}

/// How a request began.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Submitted {
    /// The request.
    pub request: RequestId,
    /// Its short number.
    pub number: i64,
    /// The press of the button.
    pub submission: SubmissionId,
    /// What is asked for (the event's own kind is named `kind`).
    pub ask: Kind,
    /// Who filed it.
    pub requester: UserId,
    /// Who gets the access.
    pub subject: UserId,
    /// The app.
    pub app: AppId,
    /// The entitlement.
    pub entitlement: EntitlementId,
    /// Hash of its definition.
    pub definition: String,
    /// How long.
    pub length: Length,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Time>,
    /// Whether it is an emergency.
    pub emergency: bool,
    /// Commitment to the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<Commitment>,
    /// The policy version that gave the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Pin>,
    /// The plan.
    pub plan: Vec<StepSpec>,
    /// For a removal: the grant to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantId>,
    /// Door it came through.
    pub door: Door,
    /// When.
    pub at: Time,
}

/// What was changed, before and after (S1-17).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Edited {
    /// What was asked for until now.
    pub before: Edition,
    /// What is asked for from now on.
    pub after: Edition,
    /// The policy version that gives the new plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Pin>,
    /// The new plan.
    pub plan: Vec<StepSpec>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Commitment>,
}

/// The part of a request that an edit can change.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Edition {
    /// The entitlement.
    pub entitlement: EntitlementId,
    /// Hash of its definition.
    pub definition: String,
    /// How long.
    pub length: Length,
}

/// What an app admin really gave (S4-14).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
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

impl Event {
    /// Its kind in the log.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Submitted(_) => "request.submitted",
            Self::Edited(_) => "request.edited",
            Self::Commented { .. } => "request.commented",
            Self::Approved { .. } => "request.approved",
            Self::Denied { .. } => "request.denied",
            Self::StepReopened { .. } => "request.step_reopened",
            Self::StepAdded { .. } => "request.step_added",
            Self::Cancelled { .. } => "request.cancelled",
            Self::Expired => "request.expired",
            Self::Authorised { .. } => "request.authorised",
            Self::Scheduled { .. } => "request.scheduled",
            Self::Queued { .. } => "request.queued",
            Self::Assigned { .. } => "request.assigned",
            Self::Confirmed { .. } => "request.confirmed",
            Self::Granted { .. } => "request.granted",
            Self::Failed { .. } => "request.failed",
            Self::DeniedAtProvisioning { .. } => "request.denied_at_provisioning",
            Self::Revoking => "request.revoking",
            Self::Revoked { .. } => "request.revoked",
        }
    }
}
