//! What happened, in a few words.

use domain::Refusal;
use domain::grant::{self, Cause};
use domain::id::UserId;
use domain::request::{Approval, Event, PlanStep, Request, StepState, Verdict};

/// Where a request stands.
pub(crate) fn standing(request: &Request) -> String {
    if request.approval != Approval::Pending {
        let fulfilment = request.fulfilment.map(|state| format!(", {}", state.name())).unwrap_or_default();
        return format!("{}{fulfilment}", request.approval.name());
    }
    let Some((place, step)) = request.active() else { return "pending, nobody's turn".to_owned() };
    let yes = step.decisions.iter().filter(|decision| decision.verdict == Verdict::Approved).count();
    let asked = |steps: &[PlanStep]| steps.iter().filter(|step| step.state != StepState::Skipped).count();
    let (nth, all) = (asked(&request.plan[..=place]), asked(&request.plan));
    let so_far = if yes == 0 { String::new() } else { format!(", {yes} so far") };
    format!("pending {nth}/{all} [{}{so_far}]", step.spec.name)
}

/// One event of a request.
pub(crate) fn event(event: &Event, name: impl Fn(&UserId) -> String) -> String {
    match event {
        Event::Submitted(_) => "filed".to_owned(),
        Event::Edited(_) => "edited".to_owned(),
        Event::Commented { .. } => "commented".to_owned(),
        Event::Approved { completes: false, .. } => "approved".to_owned(),
        Event::Approved { step, .. } => format!("approved, step {} done", step + 1),
        Event::Denied { step, .. } => format!("step {} denied", step + 1),
        Event::StepReopened { step, lost } => {
            let lost: Vec<_> = lost.iter().map(name).collect();
            format!("step {} open again, without [{}]", step + 1, lost.join(" "))
        }
        Event::StepAdded { spec, policy } => format!("step [{}] added by version {}", spec.name, policy.version),
        Event::Cancelled { .. } => "cancelled".to_owned(),
        Event::Expired => "expired".to_owned(),
        Event::Authorised { .. } => "authorised".to_owned(),
        Event::Scheduled { starts } => format!("scheduled for {starts}"),
        Event::Queued { .. } => "queued".to_owned(),
        Event::Assigned { problem: None } => "assigned to people".to_owned(),
        Event::Assigned { problem: Some(problem) } => format!("assigned to people because of {problem}"),
        Event::Confirmed { .. } => "confirmed".to_owned(),
        Event::Granted { ends_at: None, .. } => "granted without end".to_owned(),
        Event::Granted { ends_at: Some(end), .. } => format!("granted until {end}"),
        Event::Failed { problem, unknown: false } => format!("failed for {problem}"),
        Event::Failed { problem, unknown: true } => format!("unknown for {problem}"),
        Event::DeniedAtProvisioning { .. } => "denied at provisioning".to_owned(),
        Event::Revoking => "revoking".to_owned(),
        Event::Revoked { verified: true } => "revoked".to_owned(),
        Event::Revoked { verified: false } => "revoked, unseen".to_owned(),
    }
}

/// One event of a grant.
pub(crate) fn grant_event(event: &grant::Event) -> String {
    match event {
        grant::Event::Ending { cause: Cause::Expired, due, .. } => format!("time is over since {due}"),
        grant::Event::Ending { cause: Cause::GivenBack, .. } => "given back".to_owned(),
        grant::Event::Ending { cause: Cause::Revoked, .. } => "taken away".to_owned(),
        grant::Event::RemovalAssigned { problem: None } => "removal assigned to people".to_owned(),
        grant::Event::RemovalAssigned { problem: Some(problem) } => {
            format!("removal assigned to people because of {problem}")
        }
        grant::Event::RemovalFailed { problem } => format!("still there because of {problem}"),
        grant::Event::Revoked { covered_by, .. } if !covered_by.is_empty() => {
            "nothing taken, another gives it".to_owned()
        }
        grant::Event::Revoked { .. } => "removed".to_owned(),
    }
}

/// Why not.
pub(crate) fn refusal(refusal: &Refusal, name: impl Fn(&UserId) -> String) -> String {
    match refusal {
        Refusal::AlreadyDecided { by, verdict } => {
            format!("no, {}: {} by {}", refusal.name(), verdict.name(), name(by))
        }
        Refusal::DuplicateRequest { number, .. } => format!("no, {}: KF-{number}", refusal.name()),
        _ => format!("no, {}", refusal.name()),
    }
}
