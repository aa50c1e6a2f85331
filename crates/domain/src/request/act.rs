//! The one list of actions: what an actor may do to a request now. Every door renders it and none computes its own.

use super::decide::{counted, is_over};
use super::facts::{Facts, PersonFact};
use super::{Approval, Fulfilment, Kind, Request, StepState};
use crate::id::UserId;
use crate::refusal::Refusal;
use crate::user::{Actor, Role};

/// What a person can do to a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Say yes.
    Approve,
    /// Say no.
    Deny,
    /// Confirm that access was set up by hand.
    Confirm,
    /// Refuse to set access up.
    DenyProvisioning,
    /// Change the entitlement or the length.
    Edit,
    /// Say something.
    Comment,
    /// Withdraw it.
    Cancel,
}

impl Action {
    /// In the order in which they are offered: the usual act first, the refusing one second.
    pub const ALL: [Self; 7] =
        [Self::Approve, Self::Deny, Self::Confirm, Self::DenyProvisioning, Self::Edit, Self::Comment, Self::Cancel];

    /// Its name in bodies and in the permission table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Confirm => "confirm",
            Self::DenyProvisioning => "deny_provisioning",
            Self::Edit => "edit",
            Self::Comment => "comment",
            Self::Cancel => "cancel",
        }
    }
}

/// What `actor` may do to the request now.
#[must_use]
pub fn actions(request: &Request, facts: &Facts, actor: &Actor) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| may(request, facts, actor, *action).is_ok()).collect()
}

/// Roles that may withdraw and change any request.
const ADMINS: [Role; 2] = [Role::AccessRequestAdmin, Role::SuperAdmin];

/// Whether `actor` may do this now.
///
/// # Errors
/// Why not.
pub fn may(request: &Request, facts: &Facts, actor: &Actor, action: Action) -> Result<(), Refusal> {
    let Some(id) = actor.user() else { return Err(Refusal::NotAllowed) };
    let person = facts.people.get(id).ok_or(Refusal::NotAllowed)?;
    if !person.active {
        return Err(Refusal::Inactive);
    }
    match action {
        Action::Approve => may_approve(request, facts, id, person),
        Action::Deny => may_answer(request, facts, id, person),
        Action::Confirm => may_confirm(request, facts, id),
        Action::DenyProvisioning => may_provision(request, facts, id),
        Action::Edit => may_edit(request, facts, id, person),
        Action::Cancel => may_cancel(request, facts, id, person),
        Action::Comment => may_comment(request, facts, id, person),
    }
}

fn may_answer(request: &Request, facts: &Facts, id: &UserId, person: &PersonFact) -> Result<(), Refusal> {
    if request.approval != Approval::Pending {
        return Err(Refusal::Closed);
    }
    let (place, step) = request.active().ok_or(Refusal::Closed)?;
    if request.barred().contains(&id) {
        return Err(Refusal::OwnRequest);
    }
    let fact = facts.steps.get(&place).ok_or(Refusal::NotAnApprover)?;
    if !person.can_answer() || !fact.includes(step.spec.quorum, id) {
        return Err(Refusal::NotAnApprover);
    }
    if step.decisions.iter().any(|decision| decision.by == *id) {
        return Err(Refusal::AlreadyDecided { by: id.clone(), verdict: super::Verdict::Approved });
    }
    Ok(())
}

fn may_approve(request: &Request, facts: &Facts, id: &UserId, person: &PersonFact) -> Result<(), Refusal> {
    match may_answer(request, facts, id, person) {
        Err(Refusal::AlreadyDecided { .. }) if is_enough(request, facts) => {}
        answer => answer?,
    }
    if facts.definition != request.definition {
        return Err(Refusal::Redefined);
    }
    if facts.policy_missing { Err(Refusal::NoPolicy) } else { Ok(()) }
}

/// Whether those who said yes on the active step have become enough, because fewer are needed than when they answered.
/// One of them has to say it again: neither time nor a change of the directory approves (I11).
fn is_enough(request: &Request, facts: &Facts) -> bool {
    request.active().is_some_and(|(place, step)| {
        let fact = facts.steps.get(&place);
        fact.is_some_and(|fact| counted(step, fact, facts) >= fact.need(step.spec.quorum))
    })
}

fn may_confirm(request: &Request, facts: &Facts, id: &UserId) -> Result<(), Refusal> {
    may_provision(request, facts, id)?;
    if is_over(request, facts) { Err(Refusal::WindowOver) } else { Ok(()) }
}

fn may_provision(request: &Request, facts: &Facts, id: &UserId) -> Result<(), Refusal> {
    if (request.approval, request.fulfilment) != (Approval::Approved, Some(Fulfilment::Manual)) {
        return Err(Refusal::Closed);
    }
    let mine = facts.provisioning.includes(crate::policy::Quorum::Any, id);
    if mine { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// Whether what is asked for can still change: until access is in place, and not while the connector is being called.
fn is_open_to_change(request: &Request, facts: &Facts) -> Result<(), Refusal> {
    if request.kind != Kind::Grant || !request.is_open() {
        return Err(Refusal::Closed);
    }
    if facts.in_flight { Err(Refusal::Busy) } else { Ok(()) }
}

fn may_edit(request: &Request, facts: &Facts, id: &UserId, person: &PersonFact) -> Result<(), Refusal> {
    is_open_to_change(request, facts)?;
    let own = request.barred().contains(&id);
    let turn = may_answer(request, facts, id, person).is_ok() || may_provision(request, facts, id).is_ok();
    if own || turn || person.holds_any(&ADMINS) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

fn may_cancel(request: &Request, facts: &Facts, id: &UserId, person: &PersonFact) -> Result<(), Refusal> {
    is_open_to_change(request, facts)?;
    if request.barred().contains(&id) || person.holds_any(&ADMINS) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// Requester, subject, those who answer or answered, those responsible for the app, and the help desk (S1-34).
fn may_comment(request: &Request, facts: &Facts, id: &UserId, person: &PersonFact) -> Result<(), Refusal> {
    let asked = request.plan.iter().enumerate().any(|(place, step)| {
        step.decisions.iter().any(|decision| decision.by == *id)
            || (step.state == StepState::Active
                && facts.steps.get(&place).is_some_and(|fact| fact.includes(step.spec.quorum, id)))
    });
    let helps = person.holds_any(&[Role::Helpdesk, Role::AccessRequestAdmin, Role::SuperAdmin]);
    let part = request.barred().contains(&id) || facts.responsible.contains(id);
    if asked || helps || part { Ok(()) } else { Err(Refusal::NotAllowed) }
}
