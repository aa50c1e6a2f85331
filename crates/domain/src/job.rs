//! Jobs: what the world must be told, and how often it is tried again.

use serde::{Deserialize, Serialize};

use crate::grant::{self, Grant};
use crate::id::{AppId, EntitlementId, GrantId, OperationId, RequestId, UserId};
use crate::request::{self, Fulfilment, Request};
use crate::time::{Span, Time};

/// One intended change in a target system.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Operation {
    /// Its id, the same at every try.
    pub id: OperationId,
    /// Give or take.
    pub act: Act,
    /// The app.
    pub app: AppId,
    /// Whose account.
    pub user: UserId,
    /// What.
    pub entitlement: EntitlementId,
    /// The request it is about.
    pub request: RequestId,
    /// The grant it ends, when it takes.
    pub grant: Option<GrantId>,
}

/// Give or take.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Put access in place.
    Give,
    /// Take access away.
    Take,
}

/// Lanes, so that a storm in one never delays another (I34).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Taking access away.
    Revoke,
    /// Putting access in place.
    Provision,
}

impl Lane {
    /// All of them, the urgent one first.
    pub const ALL: [Self; 2] = [Self::Revoke, Self::Provision];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revoke => "revoke",
            Self::Provision => "provision",
        }
    }
}

impl Operation {
    /// Its lane.
    #[must_use]
    pub fn lane(&self) -> Lane {
        match self.act {
            Act::Give => Lane::Provision,
            Act::Take => Lane::Revoke,
        }
    }

    /// Operations with the same key run in the order in which they were written (I27).
    #[must_use]
    pub fn order_key(&self) -> String {
        format!("{}/{}", self.user, self.entitlement)
    }
}

/// What the world must be told after `event` on a request.
///
/// An operation that failed or whose answer was lost may have done its work all the same: when the request ends, what
/// it may have given is taken away.
#[must_use]
pub fn of_request(before: Option<&Request>, event: &request::Event, after: &Request) -> Vec<Operation> {
    let give = |id: &OperationId, of: &Request| Operation {
        id: id.clone(),
        act: Act::Give,
        app: of.app.clone(),
        user: of.subject.clone(),
        entitlement: of.entitlement.clone(),
        request: of.id.clone(),
        grant: None,
    };
    match event {
        request::Event::Queued { operation } => vec![give(operation, after)],
        request::Event::Cancelled { .. }
        | request::Event::Expired
        | request::Event::Edited(_)
        | request::Event::DeniedAtProvisioning { .. } => before
            .filter(|request| is_uncertain(request))
            .map(|request| {
                let id = OperationId::derive(&[request.id.as_str(), "undo", &request.revision.to_string()]);
                Operation { act: Act::Take, ..give(&id, request) }
            })
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether an operation may have left something behind: also one that is queued, for a worker may have died between its
/// call and its report.
fn is_uncertain(request: &Request) -> bool {
    matches!(request.fulfilment, Some(Fulfilment::Queued | Fulfilment::Failed | Fulfilment::Unknown))
        || (request.fulfilment == Some(Fulfilment::Manual) && request.problem.is_some())
}

/// What the world must be told after `event` on a grant.
#[must_use]
pub fn of_grant(event: &grant::Event, after: &Grant) -> Vec<Operation> {
    let grant::Event::Ending { operation: Some(operation), .. } = event else { return Vec::new() };
    vec![Operation {
        id: operation.clone(),
        act: Act::Take,
        app: after.app.clone(),
        user: after.user.clone(),
        entitlement: after.entitlement.clone(),
        request: after.request.clone(),
        grant: Some(after.id.clone()),
    }]
}

/// How long provisioning is tried before a person has to do it.
pub const PROVISION_TRIES_FOR: Span = Span::from_hours(12);
const PAUSE_SECONDS_MAX: i64 = 300;

/// When the next try is due, `None` = not tried again by itself.
///
/// Exponential from 1 s to 5 min with full jitter; `dice` is anything in 0..=999 (Effect classes, "Retry defaults").
/// Revocation is never given up (I30): after 24 hours it is tried hourly.
#[must_use]
pub fn next_try(lane: Lane, first: Time, attempts: u32, asked: Option<Span>, (now, dice): (Time, u32)) -> Option<Time> {
    let tried_for = now.since(first);
    if lane == Lane::Provision && tried_for >= PROVISION_TRIES_FOR {
        return None;
    }
    let ceiling =
        1_i64.checked_shl(attempts.saturating_sub(1).min(20)).unwrap_or(PAUSE_SECONDS_MAX).min(PAUSE_SECONDS_MAX);
    let jittered = (ceiling * 1_000 * i64::from(dice.min(999)) / 999).max(100);
    let micros = match asked {
        // A target that names a pause is obeyed, with equal jitter on top.
        Some(pause) => pause.micros().saturating_add(jittered * 500),
        None if lane == Lane::Revoke && tried_for >= Span::from_days(1) => Span::from_hours(1).micros(),
        None => jittered * 1_000,
    };
    Some(Time::from_micros(now.micros().saturating_add(micros)))
}
