//! Applying what happened: total, because a recorded fact cannot be refused.

use super::event::{Edited, Event, Submitted};
use super::{Approval, Decision, Fulfilment, Kind, PlanStep, Request, StepState, Verdict};
use crate::policy::StepSpec;
use crate::time::Time;
use crate::user::Actor;

/// The request that an event begins; `None` when the event is not a beginning.
#[must_use]
pub fn fold(event: &Event) -> Option<Request> {
    let Event::Submitted(begun) = event else { return None };
    Some(begin(begun))
}

fn begin(begun: &Submitted) -> Request {
    Request {
        id: begun.request.clone(),
        number: begun.number,
        submission: begun.submission.clone(),
        kind: begun.ask,
        requester: begun.requester.clone(),
        subject: begun.subject.clone(),
        app: begun.app.clone(),
        entitlement: begun.entitlement.clone(),
        definition: begun.definition.clone(),
        length: begun.length,
        starts: begun.starts,
        emergency: begun.emergency,
        justification: begun.justification.clone(),
        revision: 1,
        version: 1,
        policy: begun.policy.clone(),
        plan: planned(begun.ask, &begun.plan, begun.at),
        approval: Approval::Pending,
        fulfilment: None,
        operation: None,
        problem: None,
        provisioning: None,
        grant: begun.grant.clone(),
        door: begun.door,
        created_at: begun.at,
        updated_at: begun.at,
    }
}

/// The steps at the beginning of a revision: the first that is not skipped is active. Where none is left to ask for
/// access, the stand-ins are asked (I10); a removal needs nobody.
fn planned(kind: Kind, specs: &[StepSpec], now: Time) -> Vec<PlanStep> {
    let state = |spec: &StepSpec| if spec.is_skipped() { StepState::Skipped } else { StepState::Next };
    let mut plan: Vec<_> = specs
        .iter()
        .map(|spec| PlanStep { spec: spec.clone(), state: state(spec), since: None, decisions: Vec::new() })
        .collect();
    if kind == Kind::Grant && plan.iter().all(|step| step.state == StepState::Skipped) {
        let spec = StepSpec::of_stand_ins();
        plan.push(PlanStep { spec, state: StepState::Next, since: None, decisions: Vec::new() });
    }
    activate(&mut plan, now);
    plan
}

fn activate(plan: &mut [PlanStep], now: Time) {
    if let Some(step) = plan.iter_mut().find(|step| step.state == StepState::Next) {
        step.state = StepState::Active;
        step.since = Some(now);
    }
}

/// The request after `event`, which `actor` caused at `now`.
#[must_use]
pub fn apply(mut request: Request, event: &Event, actor: &Actor, now: Time) -> Request {
    if matches!(event, Event::Submitted(_)) {
        return request;
    }
    request.version = request.version.saturating_add(1);
    request.updated_at = now;
    match event {
        Event::Submitted(_) | Event::Commented { .. } => {}
        Event::Edited(edited) => edit(&mut request, edited, now),
        Event::Approved { step, completes, .. } => approve(&mut request, *step, *completes, actor, now),
        Event::Denied { step, .. } => {
            answer(&mut request, *step, actor, Verdict::Denied, now);
            close(&mut request, Approval::Denied);
        }
        Event::StepReopened { step, lost } => {
            if let Some(step) = request.plan.get_mut(*step) {
                step.decisions.retain(|decision| !lost.contains(&decision.by));
                step.state = StepState::Next;
            }
            reactivate(&mut request.plan, now);
        }
        Event::StepAdded { spec, .. } => {
            let step = PlanStep { spec: spec.clone(), state: StepState::Next, since: None, decisions: Vec::new() };
            request.plan.push(step);
            reactivate(&mut request.plan, now);
        }
        Event::Cancelled { .. } => close(&mut request, Approval::Cancelled),
        Event::Expired => close(&mut request, Approval::Expired),
        Event::Authorised { .. } => request.approval = Approval::Approved,
        _ => fulfil(&mut request, event, actor, now),
    }
    request
}

/// At most one step is active, the earliest that is not answered.
fn reactivate(plan: &mut [PlanStep], now: Time) {
    for step in plan.iter_mut().filter(|step| step.state == StepState::Active) {
        step.state = StepState::Next;
    }
    activate(plan, now);
}

fn fulfil(request: &mut Request, event: &Event, actor: &Actor, now: Time) {
    match event {
        Event::Scheduled { .. } => request.fulfilment = Some(Fulfilment::Scheduled),
        Event::Queued { operation } => {
            request.fulfilment = Some(Fulfilment::Queued);
            request.operation = Some(operation.clone());
        }
        Event::Assigned { problem } => {
            request.fulfilment = Some(Fulfilment::Manual);
            request.operation = None;
            request.problem.clone_from(problem);
        }
        Event::Confirmed { .. } => request.provisioning = decision(actor, Verdict::Confirmed, now),
        Event::Granted { grant, .. } => {
            request.fulfilment = Some(Fulfilment::Granted);
            request.grant = Some(grant.clone());
            request.operation = None;
            request.problem = None;
        }
        Event::Failed { problem, unknown } => {
            request.fulfilment = Some(if *unknown { Fulfilment::Unknown } else { Fulfilment::Failed });
            request.problem = Some(problem.clone());
        }
        Event::DeniedAtProvisioning { .. } => {
            request.provisioning = decision(actor, Verdict::DeniedAtProvisioning, now);
            request.fulfilment = Some(Fulfilment::DeniedAtProvisioning);
        }
        Event::Revoking => request.fulfilment = Some(Fulfilment::Revoking),
        Event::Revoked { verified } => {
            let state = if *verified { Fulfilment::Revoked } else { Fulfilment::RevokedUnverified };
            request.fulfilment = Some(state);
        }
        _ => {}
    }
}

fn edit(request: &mut Request, edited: &Edited, now: Time) {
    request.revision = request.revision.saturating_add(1);
    request.entitlement = edited.after.entitlement.clone();
    request.definition.clone_from(&edited.after.definition);
    request.length = edited.after.length;
    request.policy.clone_from(&edited.policy);
    request.plan = planned(request.kind, &edited.plan, now);
    request.approval = Approval::Pending;
    request.fulfilment = None;
    request.operation = None;
    request.problem = None;
    request.provisioning = None;
}

fn approve(request: &mut Request, place: usize, completes: bool, actor: &Actor, now: Time) {
    answer(request, place, actor, Verdict::Approved, now);
    if let Some(step) = request.plan.get_mut(place).filter(|_| completes) {
        step.state = StepState::Done;
        reactivate(&mut request.plan, now);
    }
}

fn answer(request: &mut Request, place: usize, actor: &Actor, verdict: Verdict, now: Time) {
    if let (Some(step), Some(decision)) = (request.plan.get_mut(place), decision(actor, verdict, now)) {
        step.decisions.retain(|earlier| earlier.by != decision.by);
        step.decisions.push(decision);
        if verdict == Verdict::Denied {
            step.state = StepState::Done;
        }
    }
}

fn decision(actor: &Actor, verdict: Verdict, now: Time) -> Option<Decision> {
    actor.user().map(|by| Decision { by: by.clone(), verdict, at: now })
}

/// Ends the request: what nobody answered is skipped, and nothing is put in place.
fn close(request: &mut Request, approval: Approval) {
    request.approval = approval;
    request.fulfilment = None;
    request.operation = None;
    for step in request.plan.iter_mut().filter(|step| matches!(step.state, StepState::Active | StepState::Next)) {
        step.state = StepState::Skipped;
    }
}
