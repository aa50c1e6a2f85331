//! Grants: a user holds an entitlement, from when to when, and why. A grant lives on its own once access is in place.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::app::Connector;
use crate::id::{AppId, EntitlementId, GrantId, OperationId, RequestId, TaskId, UserId};
use crate::policy::Quorum;
use crate::refusal::Refusal;
use crate::request::{Commitment, Decision, Given, PersonFact, Request, StepFact, Verdict};
use crate::task::TaskKind;
use crate::time::Time;
use crate::user::{Actor, Role};

/// A user holds an entitlement.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The holder.
    pub user: UserId,
    /// The app.
    pub app: AppId,
    /// What is held.
    pub entitlement: EntitlementId,
    /// Hash of the entitlement's definition that was approved.
    pub definition: String,
    /// Whether access is there.
    pub state: GrantState,
    /// Why it is held.
    pub source: Source,
    /// The request that led to it.
    pub request: RequestId,
    /// Since when access is in place.
    pub starts_at: Time,
    /// When it ends; absent = unlimited.
    pub ends_at: Option<Time>,
    /// How removal stands, once it has begun.
    pub removal: Option<Removal>,
    /// Counts events.
    pub version: i64,
}

/// Whether access is there.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// It is.
    Active,
    /// It is being removed.
    Ending,
    /// It is gone, and was seen to be.
    Revoked,
    /// A person says that it is gone.
    RevokedUnverified,
}

/// Why something is held.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Somebody asked.
    Request,
}

/// How the removal of a grant stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Removal {
    /// Why it ends.
    pub cause: Cause,
    /// When removal was ordered.
    pub since: Time,
    /// When it was due; later than that is late.
    pub due: Time,
    /// The request to end it, if a person asked.
    pub request: Option<RequestId>,
    /// The operation that takes it away; absent when a person does, or nothing is to be taken.
    pub operation: Option<OperationId>,
    /// Whether a person has to do it.
    pub by_hand: bool,
    /// Why it is not gone yet.
    pub problem: Option<String>,
    /// Who confirmed that it is gone.
    pub confirmed: Option<Decision>,
}

/// Why a grant ends.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its time is over (S1-27).
    Expired,
    /// The holder gives it back.
    GivenBack,
    /// Somebody responsible takes it away (S1-26).
    Revoked,
}

impl GrantState {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ending => "ending",
            Self::Revoked => "revoked",
            Self::RevokedUnverified => "revoked_unverified",
        }
    }
}

impl Source {
    /// Its name in bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
        }
    }
}

/// One thing that happened to a grant. These forms are in the audit log for ever.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "kind")]
pub enum Event {
    /// It ends.
    #[serde(rename = "grant.ending")]
    Ending {
        /// Why.
        cause: Cause,
        /// When it was due.
        due: Time,
        /// The request to end it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        /// The operation that takes it away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operation: Option<OperationId>,
    },
    /// The app's admins are to take it away.
    #[serde(rename = "grant.removal_assigned")]
    RemovalAssigned {
        /// Why the connector did not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
    },
    /// The connector could not take it away yet; it is tried again for as long as it takes (I30).
    #[serde(rename = "grant.removal_failed")]
    RemovalFailed {
        /// How.
        problem: String,
    },
    /// It is gone.
    #[serde(rename = "grant.revoked")]
    Revoked {
        /// Whether it was seen to be gone (I29).
        verified: bool,
        /// Other active grants give the same, so nothing was taken (I28).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        covered_by: Vec<GrantId>,
        /// A note of who took it away by hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Commitment>,
        /// What was taken by hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        given: Option<Given>,
    },
}

impl Event {
    /// Its kind in the log.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ending { .. } => "grant.ending",
            Self::RemovalAssigned { .. } => "grant.removal_assigned",
            Self::RemovalFailed { .. } => "grant.removal_failed",
            Self::Revoked { .. } => "grant.revoked",
        }
    }
}

/// What a decision on a grant looks at.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Facts {
    /// Effective now.
    pub now: Time,
    /// Version of the directory.
    pub directory: i64,
    /// The actor, when it is a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<PersonFact>,
    /// Whether the actor owns or administers the app.
    pub responsible: bool,
    /// Who can take access away by hand.
    pub provisioning: StepFact,
    /// How access gets out of the app today.
    pub connector: Connector,
    /// Other active grants of the same entitlement to the same user (I28).
    pub others: BTreeSet<GrantId>,
    /// Whether confirming needs a comment.
    pub comment_required: bool,
}

/// What somebody, or Keyfob itself, wants to happen to a grant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// End it early.
    Revoke {
        /// The request to end it.
        request: RequestId,
    },
    /// Its time is over (system).
    Expire,
    /// A person took it away.
    Confirm {
        /// A note.
        comment: Option<Commitment>,
        /// What was taken.
        given: Option<Given>,
    },
    /// Another active grant gives the same by now, so nothing is to be taken (system): said before the connector is
    /// called, and when a grant begins while people are still to take this one away (I28).
    Covered,
    /// The connector took it away and saw it gone, or could not look (system).
    Removed {
        /// By which operation.
        operation: OperationId,
        /// Whether it was seen to be gone.
        verified: bool,
    },
    /// The connector could not take it away (system).
    NotRemoved {
        /// Which operation.
        operation: OperationId,
        /// How.
        problem: String,
        /// Whether only a person can do it.
        gives_up: bool,
    },
}

/// The grant that a request led to.
#[must_use]
pub fn begin(request: &Request, id: GrantId, starts_at: Time, ends_at: Option<Time>) -> Grant {
    Grant {
        id,
        user: request.subject.clone(),
        app: request.app.clone(),
        entitlement: request.entitlement.clone(),
        definition: request.definition.clone(),
        state: GrantState::Active,
        source: Source::Request,
        request: request.id.clone(),
        starts_at,
        ends_at,
        removal: None,
        version: 1,
    }
}

/// Whether `actor` may end the grant: its holder, those responsible for the app, and the admins (S1-26).
///
/// # Errors
/// Why not.
pub fn may_revoke(grant: &Grant, facts: &Facts, actor: &Actor) -> Result<(), Refusal> {
    let (Some(id), Some(person)) = (actor.user(), facts.actor.as_ref()) else { return Err(Refusal::NotAllowed) };
    if !person.active {
        return Err(Refusal::Inactive);
    }
    let admin = person.holds_any(&[Role::AccessRequestAdmin, Role::SuperAdmin]);
    if grant.user != *id && !facts.responsible && !admin {
        return Err(Refusal::NotAllowed);
    }
    if grant.state == GrantState::Active { Ok(()) } else { Err(Refusal::AlreadyEnding) }
}

/// Whether `actor` may confirm that access was taken away by hand.
///
/// # Errors
/// Why not.
pub fn may_confirm(grant: &Grant, facts: &Facts, actor: &Actor) -> Result<(), Refusal> {
    let (Some(id), Some(person)) = (actor.user(), facts.actor.as_ref()) else { return Err(Refusal::NotAllowed) };
    if !person.active {
        return Err(Refusal::Inactive);
    }
    if grant.open_task().is_none() {
        return Err(match grant.removal.as_ref().and_then(|removal| removal.confirmed.as_ref()) {
            Some(done) => Refusal::AlreadyDecided { by: done.by.clone(), verdict: done.verdict },
            None => Refusal::Closed,
        });
    }
    if facts.provisioning.includes(Quorum::Any, id) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// What `command` would change, or why it may not happen.
///
/// # Errors
/// Why not.
pub fn decide(grant: &Grant, facts: &Facts, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Revoke { request } => {
            may_revoke(grant, facts, actor)?;
            let own = actor.user() == Some(&grant.user);
            let cause = if own { Cause::GivenBack } else { Cause::Revoked };
            Ok(end(grant, facts, (cause, facts.now), Some(request)))
        }
        Command::Confirm { comment, given } => {
            let done = grant.removal.as_ref().and_then(|removal| removal.confirmed.as_ref());
            if done.is_some_and(|decision| Some(&decision.by) == actor.user()) {
                return Ok(Vec::new());
            }
            may_confirm(grant, facts, actor)?;
            if facts.comment_required && comment.is_none() {
                return Err(Refusal::CommentRequired);
            }
            Ok(vec![Event::Revoked { verified: false, covered_by: Vec::new(), comment, given }])
        }
        _ if actor.user().is_some() => Err(Refusal::NotAllowed),
        Command::Expire => match grant.ends_at {
            Some(due) if due <= facts.now && grant.state == GrantState::Active => {
                Ok(end(grant, facts, (Cause::Expired, due), None))
            }
            _ => Err(Refusal::Overtaken),
        },
        Command::Covered if grant.state == GrantState::Ending && !facts.others.is_empty() => Ok(vec![covered(facts)]),
        Command::Covered => Err(Refusal::Overtaken),
        Command::Removed { operation, verified } => {
            is_wanted(grant, &operation)?;
            Ok(vec![Event::Revoked { verified, covered_by: Vec::new(), comment: None, given: None }])
        }
        Command::NotRemoved { operation, problem, gives_up } => {
            is_wanted(grant, &operation)?;
            if gives_up {
                return Ok(vec![Event::RemovalAssigned { problem: Some(problem) }]);
            }
            let told = grant.removal.as_ref().and_then(|removal| removal.problem.as_ref()) == Some(&problem);
            Ok(if told { Vec::new() } else { vec![Event::RemovalFailed { problem }] })
        }
    }
}

/// How a grant ends: at once where another one gives the same, by the connector, or by hand.
fn end(grant: &Grant, facts: &Facts, why: (Cause, Time), request: Option<RequestId>) -> Vec<Event> {
    let (cause, due) = why;
    let ending = |operation| Event::Ending { cause, due, request, operation };
    if !facts.others.is_empty() {
        return vec![ending(None), covered(facts)];
    }
    match facts.connector {
        Connector::Manual => vec![ending(None), Event::RemovalAssigned { problem: None }],
        Connector::Sim => vec![ending(Some(grant.removal_operation()))],
    }
}

/// The end of a grant whose access stays, because others give the same (I28).
fn covered(facts: &Facts) -> Event {
    let covered_by = facts.others.iter().cloned().collect();
    Event::Revoked { verified: true, covered_by, comment: None, given: None }
}

fn is_wanted(grant: &Grant, operation: &OperationId) -> Result<(), Refusal> {
    let removal = grant.removal.as_ref().filter(|removal| !removal.by_hand);
    let wanted = removal.and_then(|removal| removal.operation.as_ref()) == Some(operation);
    if grant.state == GrantState::Ending && wanted { Ok(()) } else { Err(Refusal::Overtaken) }
}

/// The grant after `event`, which `actor` caused at `now`. Total.
#[must_use]
pub fn apply(mut grant: Grant, event: &Event, actor: &Actor, now: Time) -> Grant {
    grant.version = grant.version.saturating_add(1);
    match event {
        Event::Ending { cause, due, request, operation } => {
            grant.state = GrantState::Ending;
            grant.removal = Some(Removal {
                cause: *cause,
                since: now,
                due: *due,
                request: request.clone(),
                operation: operation.clone(),
                by_hand: false,
                problem: None,
                confirmed: None,
            });
        }
        Event::RemovalAssigned { problem } => {
            if let Some(removal) = grant.removal.as_mut() {
                removal.by_hand = true;
                removal.problem.clone_from(problem);
            }
        }
        Event::RemovalFailed { problem } => {
            if let Some(removal) = grant.removal.as_mut() {
                removal.problem = Some(problem.clone());
            }
        }
        Event::Revoked { verified, .. } => {
            grant.state = if *verified { GrantState::Revoked } else { GrantState::RevokedUnverified };
            if let Some(removal) = grant.removal.as_mut() {
                removal.problem = None;
                removal.confirmed = actor.user().filter(|_| removal.by_hand).map(|by| Decision {
                    by: by.clone(),
                    verdict: Verdict::Confirmed,
                    at: now,
                });
            }
        }
    }
    grant
}

impl Grant {
    /// The operation that takes this access away.
    #[must_use]
    pub fn removal_operation(&self) -> OperationId {
        OperationId::derive(&[self.id.as_str(), "take"])
    }

    /// The id of the task to take this access away by hand.
    #[must_use]
    pub fn removal_task(&self) -> TaskId {
        TaskId::derive(&[self.id.as_str(), "deprovisioning"])
    }

    /// The task that is open now.
    #[must_use]
    pub fn open_task(&self) -> Option<(TaskId, TaskKind)> {
        let by_hand = self.state == GrantState::Ending && self.removal.as_ref().is_some_and(|removal| removal.by_hand);
        by_hand.then(|| (self.removal_task(), TaskKind::Deprovisioning))
    }
}
