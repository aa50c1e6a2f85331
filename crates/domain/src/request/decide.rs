//! The decision: what a command would change, or why it may not happen.

use super::act::{Action, may};
use super::event::{Commitment, Edited, Edition, Event, Given};
use super::facts::{Facts, StepFact};
use super::{Approval, Fulfilment, Kind, Pin, PlanStep, Request, StepState, Verdict};
use crate::app::Connector;
use crate::id::{AppId, EntitlementId, OperationId, TaskId};
use crate::length::Length;
use crate::policy::StepSpec;
use crate::refusal::Refusal;
use crate::user::Actor;

/// What somebody, or Keyfob itself, wants to happen to a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// Say yes.
    Approve {
        /// The task that is answered.
        task: TaskId,
        /// The digest that was shown.
        digest: String,
        /// Why.
        comment: Option<Commitment>,
    },
    /// Say no: to the request, or to setting it up.
    Deny {
        /// The task that is answered.
        task: TaskId,
        /// The digest that was shown.
        digest: String,
        /// Why.
        comment: Option<Commitment>,
        /// Whether the app was checked (S1-9).
        checked: bool,
    },
    /// Confirm that access was set up by hand.
    Confirm {
        /// The task that is answered.
        task: TaskId,
        /// A note.
        comment: Option<Commitment>,
        /// What was really given.
        given: Option<Given>,
    },
    /// Say something.
    Comment {
        /// What.
        text: Commitment,
    },
    /// Withdraw it.
    Cancel {
        /// Why.
        comment: Option<Commitment>,
    },
    /// Change what is asked for.
    Edit(Box<EditAsk>),
    /// Its start has come (system).
    Start,
    /// Its time is over (system).
    Expire,
    /// The connector has put access in place and seen it there (system).
    Provisioned {
        /// By which operation.
        operation: OperationId,
    },
    /// The connector has failed (system).
    NotProvisioned {
        /// Which operation.
        operation: OperationId,
        /// How.
        problem: String,
        /// Whether it may have done its work all the same.
        unknown: bool,
        /// Whether it is not tried again, so that a person has to do it.
        gives_up: bool,
    },
}

/// What an edit asks for, checked against the catalog by [`super::problems`] before.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EditAsk {
    /// The app of the wanted entitlement.
    pub app: AppId,
    /// The wanted entitlement.
    pub entitlement: EntitlementId,
    /// Hash of its definition.
    pub definition: String,
    /// The wanted length.
    pub length: Length,
    /// The policy version that now decides.
    pub policy: Option<Pin>,
    /// Its steps.
    pub plan: Vec<StepSpec>,
    /// Why.
    pub comment: Option<Commitment>,
    /// What stands in its way.
    pub problems: Vec<Refusal>,
}

/// What `actor` asking for `command` would change, or why it may not happen.
///
/// # Errors
/// Why not, and what can be done about it.
pub fn decide(request: &Request, facts: &Facts, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Approve { task, digest, comment } => approve(request, facts, actor, (&task, digest), comment),
        Command::Deny { task, digest, comment, checked } => {
            deny(request, facts, actor, (&task, digest), (comment, checked))
        }
        Command::Confirm { task, comment, given } => confirm(request, facts, actor, &task, (comment, given)),
        Command::Comment { text } => {
            may(request, facts, actor, Action::Comment)?;
            Ok(vec![Event::Commented { text }])
        }
        Command::Cancel { comment } => {
            may(request, facts, actor, Action::Cancel)?;
            Ok(vec![Event::Cancelled { comment }])
        }
        Command::Edit(ask) => edit(request, facts, actor, *ask),
        Command::Start | Command::Expire | Command::Provisioned { .. } | Command::NotProvisioned { .. } => {
            if actor.user().is_some() {
                return Err(Refusal::NotAllowed);
            }
            by_system(request, facts, command)
        }
    }
}

/// Whether the shown task and digest are still what is to be answered (I2, I8). Those who answered the same thing
/// the same way are told `Ok(false)`: nothing is left to do.
fn is_current(request: &Request, actor: &Actor, shown: (&TaskId, &str), verdict: Verdict) -> Result<bool, Refusal> {
    let (task, digest) = shown;
    let decided = request
        .plan
        .iter()
        .enumerate()
        .filter(|(place, step)| request.step_task(*place) == *task && step.state != StepState::Next)
        .find_map(|(_, step)| {
            let own = step.decisions.iter().find(|d| Some(&d.by) == actor.user());
            own.or(if step.state == StepState::Done { step.decisions.last() } else { None })
        })
        .or_else(|| request.provisioning.as_ref().filter(|_| request.provisioning_task() == *task));
    if let Some(decision) = decided {
        return if Some(&decision.by) == actor.user() && decision.verdict == verdict {
            Ok(false)
        } else {
            Err(Refusal::AlreadyDecided { by: decision.by.clone(), verdict: decision.verdict })
        };
    }
    match request.open_task() {
        Some((open, _)) if open == *task && digest == request.digest() => Ok(true),
        Some(_) => Err(Refusal::StaleDigest),
        None => Err(Refusal::Closed),
    }
}

fn approve(
    request: &Request,
    facts: &Facts,
    actor: &Actor,
    shown: (&TaskId, String),
    comment: Option<Commitment>,
) -> Result<Vec<Event>, Refusal> {
    let allowed = may(request, facts, actor, Action::Approve);
    if !is_current(request, actor, (shown.0, &shown.1), Verdict::Approved)? {
        let open = request.open_task().is_some_and(|(open, _)| open == *shown.0) && shown.1 == request.digest();
        if !open || allowed.is_err() {
            return Ok(Vec::new());
        }
    }
    allowed?;
    if facts.required.approve && comment.is_none() {
        return Err(Refusal::CommentRequired);
    }
    let (place, step) = request.active().ok_or(Refusal::Closed)?;
    let fact = facts.steps.get(&place).ok_or(Refusal::NotAnApprover)?;
    let by = actor.user().ok_or(Refusal::NotAllowed)?;
    let mut said_yes = valid_approvers(step, fact, facts);
    said_yes.insert(by);
    let completes = said_yes.len() >= fact.need(step.spec.quorum) as usize;
    let mut events = vec![Event::Approved { step: place, digest: shown.1, comment, completes }];
    if completes && !request.plan.iter().any(|step| step.state == StepState::Next) {
        events.extend(complete(request, facts, (place, by))?);
    }
    Ok(events)
}

/// How many of those who said yes on a step still count: active and still among its approvers (I3, I5).
pub(super) fn counted(step: &PlanStep, fact: &StepFact, facts: &Facts) -> u32 {
    let valid = valid_approvers(step, fact, facts);
    u32::try_from(valid.len()).unwrap_or(u32::MAX)
}

fn valid_approvers<'a>(
    step: &'a PlanStep,
    fact: &StepFact,
    facts: &Facts,
) -> std::collections::BTreeSet<&'a crate::id::UserId> {
    step.decisions
        .iter()
        .filter(|decision| decision.verdict == Verdict::Approved)
        .map(|decision| &decision.by)
        .filter(|by| facts.people.get(by).is_some_and(super::PersonFact::can_answer))
        .filter(|by| fact.includes(step.spec.quorum, by))
        .collect()
}

/// What follows once the last open step is answered: every earlier answer is checked again (I3), today's policy has
/// to agree (I9), and then access is put in place.
fn complete(request: &Request, facts: &Facts, last: (usize, &crate::id::UserId)) -> Result<Vec<Event>, Refusal> {
    let mut reopened = Vec::new();
    for (place, step) in request.plan.iter().enumerate().filter(|(_, step)| step.state == StepState::Done) {
        let Some(fact) = facts.steps.get(&place) else { return Err(Refusal::Busy) };
        let valid = valid_approvers(step, fact, facts);
        if counted(step, fact, facts) < fact.need(step.spec.quorum) {
            let lost = step.decisions.iter().map(|d| &d.by).filter(|by| !valid.contains(by)).cloned().collect();
            reopened.push(Event::StepReopened { step: place, lost });
        }
    }
    if !reopened.is_empty() {
        return Ok(reopened);
    }
    let added = added_steps(request, facts, last);
    if !added.is_empty() {
        return Ok(added);
    }
    let mut events = vec![Event::Authorised { digest: request.digest() }];
    events.extend(begin(request, facts));
    Ok(events)
}

/// The steps of today's policy version that the answers so far do not satisfy.
fn added_steps(request: &Request, facts: &Facts, last: (usize, &crate::id::UserId)) -> Vec<Event> {
    let Some(current) = facts.current.as_ref() else { return Vec::new() };
    let approved: std::collections::BTreeSet<_> = request
        .plan
        .iter()
        .flat_map(|step| &step.decisions)
        .filter(|decision| decision.verdict == Verdict::Approved)
        .map(|decision| &decision.by)
        .chain([last.1])
        .filter(|by| facts.people.get(by).is_some_and(super::PersonFact::can_answer))
        .collect();
    let asked_before = |spec: &StepSpec| request.plan.iter().any(|step| step.spec == *spec);
    current
        .steps
        .iter()
        .filter(|(spec, fact)| {
            let have = approved.iter().filter(|by| fact.includes(spec.quorum, by)).count();
            !spec.is_skipped() && !asked_before(spec) && have < fact.need(spec.quorum) as usize
        })
        .map(|(spec, _)| Event::StepAdded { spec: spec.clone(), policy: current.pin.clone() })
        .collect()
}

/// How access gets in place once everybody has agreed.
fn begin(request: &Request, facts: &Facts) -> Vec<Event> {
    if is_over(request, facts) {
        return vec![Event::Expired];
    }
    if let Some(starts) = request.starts.filter(|starts| *starts > facts.now) {
        return vec![Event::Scheduled { starts }];
    }
    match facts.connector {
        Connector::Manual => vec![Event::Assigned { problem: None }],
        Connector::Sim => vec![Event::Queued { operation: request.next_operation() }],
    }
}

pub(super) fn is_over(request: &Request, facts: &Facts) -> bool {
    matches!(request.length, Length::Until(end) if end <= facts.now)
}

fn deny(
    request: &Request,
    facts: &Facts,
    actor: &Actor,
    shown: (&TaskId, String),
    said: (Option<Commitment>, bool),
) -> Result<Vec<Event>, Refusal> {
    let provisioning = request.provisioning_task() == *shown.0;
    let (verdict, action) = if provisioning {
        (Verdict::DeniedAtProvisioning, Action::DenyProvisioning)
    } else {
        (Verdict::Denied, Action::Deny)
    };
    if !is_current(request, actor, (shown.0, &shown.1), verdict)? {
        return Ok(Vec::new());
    }
    may(request, facts, actor, action)?;
    if facts.required.deny && said.0.is_none() {
        return Err(Refusal::CommentRequired);
    }
    if provisioning {
        return Ok(vec![Event::DeniedAtProvisioning { digest: shown.1, comment: said.0, checked: said.1 }]);
    }
    let (step, _) = request.active().ok_or(Refusal::Closed)?;
    Ok(vec![Event::Denied { step, digest: shown.1, comment: said.0 }])
}

fn confirm(
    request: &Request,
    facts: &Facts,
    actor: &Actor,
    task: &TaskId,
    said: (Option<Commitment>, Option<Given>),
) -> Result<Vec<Event>, Refusal> {
    if !is_current(request, actor, (task, &request.digest()), Verdict::Confirmed)? {
        return Ok(Vec::new());
    }
    may(request, facts, actor, Action::Confirm)?;
    if facts.required.confirm && said.0.is_none() {
        return Err(Refusal::CommentRequired);
    }
    Ok(vec![Event::Confirmed { comment: said.0, given: said.1 }, granted(request, facts)])
}

fn granted(request: &Request, facts: &Facts) -> Event {
    let starts_at = facts.now;
    Event::Granted { grant: request.next_grant(), starts_at, ends_at: request.length.ends_at(starts_at) }
}

fn edit(request: &Request, facts: &Facts, actor: &Actor, ask: EditAsk) -> Result<Vec<Event>, Refusal> {
    may(request, facts, actor, Action::Edit)?;
    if ask.app != request.app {
        return Err(Refusal::OtherApp);
    }
    if let Some(problem) = ask.problems.into_iter().next() {
        return Err(problem);
    }
    let before = Edition {
        entitlement: request.entitlement.clone(),
        definition: request.definition.clone(),
        length: request.length,
    };
    let after = Edition { entitlement: ask.entitlement, definition: ask.definition, length: ask.length };
    if before == after {
        return Err(Refusal::NothingChanged);
    }
    Ok(vec![Event::Edited(Box::new(Edited {
        before,
        after,
        policy: ask.policy,
        plan: ask.plan,
        comment: ask.comment,
    }))])
}

fn by_system(request: &Request, facts: &Facts, command: Command) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Start => match (request.fulfilment, request.starts) {
            (Some(Fulfilment::Scheduled), Some(starts)) if starts <= facts.now => Ok(begin(request, facts)),
            _ => Err(Refusal::Overtaken),
        },
        Command::Expire => {
            let waiting = request.kind == Kind::Grant && request.is_open() && !facts.in_flight;
            if waiting && is_over(request, facts) { Ok(vec![Event::Expired]) } else { Err(Refusal::Overtaken) }
        }
        Command::Provisioned { operation } => {
            is_wanted(request, &operation)?;
            Ok(vec![granted(request, facts)])
        }
        Command::NotProvisioned { operation, problem, unknown, gives_up } => {
            is_wanted(request, &operation)?;
            if gives_up {
                return Ok(vec![Event::Assigned { problem: Some(problem) }]);
            }
            let state = if unknown { Fulfilment::Unknown } else { Fulfilment::Failed };
            let told = request.fulfilment == Some(state) && request.problem.as_ref() == Some(&problem);
            Ok(if told { Vec::new() } else { vec![Event::Failed { problem, unknown }] })
        }
        _ => Err(Refusal::NotAllowed),
    }
}

/// Whether the report is about the operation that is still wanted (I25).
fn is_wanted(request: &Request, operation: &OperationId) -> Result<(), Refusal> {
    let waiting = matches!(request.fulfilment, Some(Fulfilment::Queued | Fulfilment::Failed | Fulfilment::Unknown));
    if request.approval == Approval::Approved && waiting && request.operation.as_ref() == Some(operation) {
        Ok(())
    } else {
        Err(Refusal::Overtaken)
    }
}
