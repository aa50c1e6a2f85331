//! Requests: one subject × one entitlement. Read [`decide()`] first, then [`apply()`].

mod act;
mod apply;
mod decide;
mod event;
mod facts;
mod submit;

use serde::{Deserialize, Serialize};

pub use act::{Action, actions, may};
pub use apply::{apply, fold};
pub use decide::{Command, EditAsk, decide};
pub use event::{Commitment, Edited, Edition, Event, Given, Submitted};
pub use facts::{Current, Facts, PersonFact, Required, StandbyFact, StepFact};
pub use submit::{Ask, SubmitFacts, may_request_for_anyone, plan_of, problems, submit, submit_removal};

use crate::canonical;
use crate::door::Door;
use crate::id::{AppId, EntitlementId, GrantId, OperationId, PolicyId, RequestId, SubmissionId, TaskId, UserId};
use crate::length::Length;
use crate::policy::StepSpec;
use crate::task::TaskKind;
use crate::time::Time;

/// A request: its whole state.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Its short number, shown as `KF-1042`.
    pub number: i64,
    /// The press of the button that made it.
    pub submission: SubmissionId,
    /// What is asked for.
    pub kind: Kind,
    /// Who filed it.
    pub requester: UserId,
    /// Who gets the access.
    pub subject: UserId,
    /// The app.
    pub app: AppId,
    /// The entitlement.
    pub entitlement: EntitlementId,
    /// Hash of the entitlement's definition when it was filed or edited.
    pub definition: String,
    /// How long.
    pub length: Length,
    /// Not before.
    pub starts: Option<Time>,
    /// Whether it is an emergency.
    pub emergency: bool,
    /// Commitment to the reason.
    pub justification: Option<Commitment>,
    /// Counts edits, from 1.
    pub revision: u32,
    /// Counts events.
    pub version: i64,
    /// The policy version that gave the plan; absent where none decides, as when access is given back.
    pub policy: Option<Pin>,
    /// The steps.
    pub plan: Vec<PlanStep>,
    /// Where approval stands.
    pub approval: Approval,
    /// Where fulfilment stands; absent until approved.
    pub fulfilment: Option<Fulfilment>,
    /// The operation that is to put access in place.
    pub operation: Option<OperationId>,
    /// Why access is not in place.
    pub problem: Option<String>,
    /// What the app admin said at the end.
    pub provisioning: Option<Decision>,
    /// The grant it led to; for a removal, the grant it ends.
    pub grant: Option<GrantId>,
    /// Door it came through.
    pub door: Door,
    /// When it was filed.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// To hold an entitlement.
    #[default]
    Grant,
    /// To hold it no longer.
    Revoke,
}

/// Where approval stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// Somebody has to answer.
    Pending,
    /// Everybody needed said yes.
    Approved,
    /// Somebody said no.
    Denied,
    /// Withdrawn.
    Cancelled,
    /// Its time is over.
    Expired,
}

/// Where fulfilment stands. Approval is no proof of access (S2-28).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fulfilment {
    /// Waits for its start.
    Scheduled,
    /// The connector will be called.
    Queued,
    /// The app's admins have a task.
    Manual,
    /// Access is in place.
    Granted,
    /// The connector failed; it is tried again.
    Failed,
    /// The connector's answer was lost.
    Unknown,
    /// The app's admin refused.
    DeniedAtProvisioning,
    /// Access is being removed.
    Revoking,
    /// Access is gone.
    Revoked,
    /// A person says that access is gone.
    RevokedUnverified,
}

/// The policy version that gave a plan.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Pin {
    /// Which policy.
    pub policy: PolicyId,
    /// Which version.
    pub version: i64,
    /// Its hash.
    pub hash: String,
    /// Which rule matched.
    pub rule: String,
}

/// One step of a plan.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PlanStep {
    /// What the policy says.
    pub spec: StepSpec,
    /// Where it stands.
    pub state: StepState,
    /// Since when it is active.
    pub since: Option<Time>,
    /// Answers on the present revision.
    pub decisions: Vec<Decision>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Answered.
    Done,
    /// Somebody's turn.
    Active,
    /// Not yet.
    Next,
    /// Left out.
    Skipped,
}

/// One answer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Decision {
    /// Who.
    pub by: UserId,
    /// What.
    pub verdict: Verdict,
    /// When.
    pub at: Time,
}

/// What somebody answered.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Yes.
    Approved,
    /// No.
    Denied,
    /// Access was set up by hand.
    Confirmed,
    /// No, when access was to be set up.
    DeniedAtProvisioning,
    /// Withdrawn by the requester.
    Cancelled,
}

impl Verdict {
    /// Its name in bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Confirmed => "confirmed",
            Self::DeniedAtProvisioning => "denied_at_provisioning",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Kind {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Revoke => "revoke",
        }
    }
}

impl Approval {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

impl Fulfilment {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Manual => "manual",
            Self::Granted => "granted",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::DeniedAtProvisioning => "denied_at_provisioning",
            Self::Revoking => "revoking",
            Self::Revoked => "revoked",
            Self::RevokedUnverified => "revoked_unverified",
        }
    }
}

impl Request {
    /// Whether anything can still happen to it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.approval {
            Approval::Pending => true,
            Approval::Approved => !matches!(
                self.fulfilment,
                Some(
                    Fulfilment::Granted
                        | Fulfilment::DeniedAtProvisioning
                        | Fulfilment::Revoked
                        | Fulfilment::RevokedUnverified
                )
            ),
            Approval::Denied | Approval::Cancelled | Approval::Expired => false,
        }
    }

    /// The step whose turn it is, with its place in the plan.
    #[must_use]
    pub fn active(&self) -> Option<(usize, &PlanStep)> {
        self.plan.iter().enumerate().find(|(_, step)| step.state == StepState::Active)
    }

    /// The digest of exactly what is decided: 64 lower-case hex digits (I2, I55).
    #[must_use]
    pub fn digest(&self) -> String {
        let (duration, until) = match self.length {
            Length::Unlimited => (None, None),
            Length::For(span) => (Some(span), None),
            Length::Until(end) => (None, Some(end)),
        };
        canonical::hash(&serde_json::json!({
            "request": self.id, "revision": self.revision, "kind": self.kind,
            "requester": self.requester, "subject": self.subject, "app": self.app,
            "entitlement": self.entitlement, "definition": self.definition,
            "starts": self.starts, "duration": duration, "until": until,
            "emergency": self.emergency, "answers": null, "justification": self.justification,
            "policy": self.policy.as_ref().map(|pin| (&pin.policy, pin.version, &pin.hash)),
        }))
    }

    /// The id of the approval task of one step in one revision.
    #[must_use]
    pub fn step_task(&self, step: usize) -> TaskId {
        TaskId::derive(&[self.id.as_str(), "approval", &self.revision.to_string(), &step.to_string()])
    }

    /// The id of the provisioning task of this revision.
    #[must_use]
    pub fn provisioning_task(&self) -> TaskId {
        TaskId::derive(&[self.id.as_str(), "provisioning", &self.revision.to_string()])
    }

    /// The task that is open now.
    #[must_use]
    pub fn open_task(&self) -> Option<(TaskId, TaskKind)> {
        match (self.approval, self.fulfilment) {
            (Approval::Pending, _) => self.active().map(|(step, _)| (self.step_task(step), TaskKind::Approval)),
            (Approval::Approved, Some(Fulfilment::Manual)) => Some((self.provisioning_task(), TaskKind::Provisioning)),
            _ => None,
        }
    }

    /// The id of the operation that puts access of this revision in place.
    #[must_use]
    pub fn next_operation(&self) -> OperationId {
        OperationId::derive(&[self.id.as_str(), "give", &self.revision.to_string()])
    }

    /// The id of the grant that this revision leads to.
    #[must_use]
    pub fn next_grant(&self) -> GrantId {
        GrantId::derive(&[self.id.as_str(), "grant", &self.revision.to_string()])
    }

    /// Those who can never answer it, whatever groups or roles they have (I4).
    #[must_use]
    pub fn barred(&self) -> [&UserId; 2] {
        [&self.requester, &self.subject]
    }
}
