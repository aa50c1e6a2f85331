//! Filing a request. The form's "who will be asked", `--dry-run` and submitting are the same functions.

use super::event::{Commitment, Event, Submitted};
use super::facts::PersonFact;
use super::{Kind, Pin};
use crate::door::Door;
use crate::grant::Grant;
use crate::id::{AppId, EntitlementId, RequestId, SubmissionId, UserId};
use crate::length::{self, Length};
use crate::policy::{Policy, Rules, StepSpec};
use crate::refusal::Refusal;
use crate::settings::Effective;
use crate::time::Time;
use crate::user::Role;

/// What somebody asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ask {
    /// The id of the request to be.
    pub request: RequestId,
    /// Its number.
    pub number: i64,
    /// The press of the button.
    pub submission: SubmissionId,
    /// Who files it.
    pub requester: UserId,
    /// Who gets the access.
    pub subject: UserId,
    /// How long.
    pub length: Length,
    /// Not before.
    pub starts: Option<Time>,
    /// Commitment to the reason, when one was given.
    pub justification: Option<Commitment>,
    /// Door it comes through.
    pub door: Door,
}

/// What filing looks at.
#[derive(Clone, Debug)]
pub struct SubmitFacts {
    /// Effective now.
    pub now: Time,
    /// Version of the directory.
    pub directory: i64,
    /// Who files it.
    pub requester: PersonFact,
    /// Who gets the access.
    pub subject: PersonFact,
    /// The subject, the subject's manager, that manager's manager, …
    pub line: Vec<UserId>,
    /// The app.
    pub app: AppId,
    /// The entitlement.
    pub entitlement: EntitlementId,
    /// Hash of its definition.
    pub definition: String,
    /// Whether a published catalog offers it to the subject, in a listed app (S3-3, S3-7, S0-8).
    pub offered: bool,
    /// What holds for it.
    pub settings: Effective,
    /// The policy that decides.
    pub policy: Option<Policy>,
    /// An open request for the same thing.
    pub open: Option<(RequestId, i64)>,
}

/// Roles that may request for anyone (S3-11).
const FOR_ANYONE: [Role; 3] = [Role::Helpdesk, Role::AccessRequestAdmin, Role::SuperAdmin];

/// Whether a person with these roles may request for anyone at all.
#[must_use]
pub fn may_request_for_anyone(person: &PersonFact) -> bool {
    person.holds_any(&FOR_ANYONE)
}

/// Everything that stands in the way, the most basic first; empty = it would be accepted.
#[must_use]
pub fn problems(ask: &Ask, facts: &SubmitFacts) -> Vec<Refusal> {
    let mut found = Vec::new();
    if !facts.requester.active {
        found.push(Refusal::Inactive);
    }
    let own = ask.requester == ask.subject;
    let reports = facts.line.get(1) == Some(&ask.requester);
    if !own && !reports && !may_request_for_anyone(&facts.requester) {
        found.push(Refusal::NotForOthers);
    }
    if !facts.subject.active {
        found.push(Refusal::SubjectInactive);
    }
    if !facts.offered {
        found.push(Refusal::NotRequestable);
    }
    if facts.policy.as_ref().and_then(|policy| policy.rules.matching()).is_none() {
        found.push(Refusal::NoPolicy);
    }
    if let Err(bad) = length::check(ask.length, ask.starts, &facts.settings, facts.now) {
        found.push(Refusal::BadLength(bad));
    }
    if facts.settings.justification_required && ask.justification.is_none() {
        found.push(Refusal::JustificationRequired);
    }
    if let Some((request, number)) = facts.open.clone() {
        found.push(Refusal::DuplicateRequest { request, number });
    }
    found
}

/// The pin and the steps that a policy gives.
#[must_use]
pub fn plan_of(policy: &Policy) -> Option<(Pin, Vec<StepSpec>)> {
    let rule = Rules::matching(&policy.rules)?;
    let pin =
        Pin { policy: policy.id.clone(), version: policy.version, hash: policy.hash.clone(), rule: rule.name.clone() };
    Some((pin, rule.steps.clone()))
}

/// Files a request for access.
///
/// # Errors
/// The most basic thing that stands in the way.
pub fn submit(ask: Ask, facts: &SubmitFacts) -> Result<Vec<Event>, Refusal> {
    if let Some(problem) = problems(&ask, facts).into_iter().next() {
        return Err(problem);
    }
    let (pin, plan) = facts.policy.as_ref().and_then(plan_of).ok_or(Refusal::NoPolicy)?;
    Ok(vec![Event::Submitted(Box::new(Submitted {
        request: ask.request,
        number: ask.number,
        submission: ask.submission,
        ask: Kind::Grant,
        requester: ask.requester,
        subject: ask.subject,
        app: facts.app.clone(),
        entitlement: facts.entitlement.clone(),
        definition: facts.definition.clone(),
        length: ask.length,
        starts: ask.starts,
        emergency: false,
        justification: ask.justification,
        policy: Some(pin),
        plan,
        grant: None,
        door: ask.door,
        at: facts.now,
    }))])
}

/// Files a request to end a grant, which needs nobody's approval: whoever may end it has been checked by
/// [`crate::grant::decide`].
#[must_use]
pub fn submit_removal(ask: Ask, grant: &Grant, now: Time) -> Vec<Event> {
    let begun = Submitted {
        request: ask.request,
        number: ask.number,
        submission: ask.submission,
        ask: Kind::Revoke,
        requester: ask.requester,
        subject: grant.user.clone(),
        app: grant.app.clone(),
        entitlement: grant.entitlement.clone(),
        definition: grant.definition.clone(),
        length: Length::Unlimited,
        starts: None,
        emergency: false,
        justification: ask.justification,
        policy: None,
        plan: Vec::new(),
        grant: Some(grant.id.clone()),
        door: ask.door,
        at: now,
    };
    let digest = super::fold(&Event::Submitted(Box::new(begun.clone()))).map(|r| r.digest()).unwrap_or_default();
    vec![Event::Submitted(Box::new(begun)), Event::Authorised { digest }, Event::Revoking]
}
