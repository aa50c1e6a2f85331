//! A second opinion: who can answer a step and how many have to, read off the company itself, without keys and facts.

use std::collections::BTreeSet;

use domain::app::Principal;
use domain::id::UserId;
use domain::policy::{Approver, Quorum, StepSpec};
use domain::request::{Event, Request, StepState};
use domain::user::{Role, UserKind};

use crate::world::{Filed, World};

/// Those who can answer and how many of them have to.
struct Asked {
    people: BTreeSet<UserId>,
    need: usize,
}

/// Why what the answers so far say does not add up to an approval; `None` when it does (I2, I3, I4, I5, I9, I10).
pub(crate) fn objection(world: &World, filed: &Filed) -> Option<String> {
    let request = &filed.state;
    let answers = answers(filed);
    for (place, step) in request.plan.iter().enumerate().filter(|(_, step)| step.state != StepState::Skipped) {
        let asked = asked(world, request, &step.spec);
        let yes = answers.iter().filter(|(at, who)| *at == place && asked.people.contains(who)).count();
        if yes < asked.need {
            return Some(format!("step {place} has {yes} of {} and would do with {:?}", asked.need, asked.people));
        }
    }
    if request.plan.iter().all(|step| step.state == StepState::Skipped) {
        return Some("nobody was asked".to_owned());
    }
    let Some(policy) = world.policy.as_ref() else { return Some("no policy is in force".to_owned()) };
    let today = policy.rules.matching()?.steps.iter().filter(|spec| !spec.disabled && !spec.approvers.is_empty());
    for spec in today.filter(|spec| !request.plan.iter().any(|step| step.spec == **spec)) {
        let asked = asked(world, request, spec);
        let yes: BTreeSet<_> = answers.iter().map(|(_, who)| who).filter(|who| asked.people.contains(who)).collect();
        if yes.len() < asked.need {
            return Some(format!("today's policy asks for {spec:?}"));
        }
    }
    (world.definition(&request.entitlement) != request.definition).then(|| "redefined".to_owned())
}

/// Who said yes on which step of the present revision, to exactly the present digest.
fn answers(filed: &Filed) -> BTreeSet<(usize, UserId)> {
    let since = filed.log.iter().rposition(|(event, ..)| matches!(event, Event::Edited(_))).unwrap_or(0);
    let present = filed.state.digest();
    let mut answers = BTreeSet::new();
    for (event, actor, _) in &filed.log[since..] {
        match event {
            Event::Approved { step, digest, .. } if *digest == present => {
                answers.insert((*step, actor.user().expect("nobody but people approve").clone()));
            }
            Event::StepReopened { step, lost } => answers.retain(|(at, who)| at != step || !lost.contains(who)),
            _ => {}
        }
    }
    answers
}

fn asked(world: &World, request: &Request, spec: &StepSpec) -> Asked {
    let admins = [Role::AccessRequestAdmin, Role::SuperAdmin];
    let mut people = BTreeSet::new();
    let mut need = 1;
    for place in 0..4 {
        let found: BTreeSet<UserId> = match place {
            0 => spec.approvers.iter().flat_map(|rule| named(world, request, rule)).collect(),
            1 => spec.fallback.iter().flat_map(|rule| named(world, request, rule)).collect(),
            2 => principals(world, &world.owners),
            _ => world.people.values().filter(|p| p.holds_any(&admins)).map(|p| p.id.clone()).collect(),
        };
        let can: BTreeSet<_> = found.into_iter().filter(|id| can_answer(world, request, id)).collect();
        need = match spec.quorum {
            Quorum::Any => 1,
            Quorum::All => can.len().max(1),
            Quorum::Of(n) => n as usize,
        };
        let enough = can.len() >= need;
        people.extend(can);
        if enough {
            break;
        }
    }
    Asked { people, need }
}

fn can_answer(world: &World, request: &Request, id: &UserId) -> bool {
    let person = &world.people[id];
    person.is_active() && person.kind == UserKind::Person && *id != request.requester && *id != request.subject
}

fn named(world: &World, request: &Request, rule: &Approver) -> BTreeSet<UserId> {
    match rule {
        Approver::Manager(level) => manager(world, &request.subject, *level).into_iter().collect(),
        Approver::AppOwners => principals(world, &world.owners),
        Approver::AppAdmins => principals(world, &world.admins),
        Approver::User(id) => BTreeSet::from([id.clone()]),
        Approver::Group(id) => world.groups.get(id).cloned().unwrap_or_default(),
    }
}

fn principals(world: &World, who: &[Principal]) -> BTreeSet<UserId> {
    let each = |who: &Principal| match who {
        Principal::User(id) => BTreeSet::from([id.clone()]),
        Principal::Group(id) => world.groups.get(id).cloned().unwrap_or_default(),
    };
    who.iter().flat_map(each).collect()
}

/// The manager so many levels up; nobody once the line goes in a circle.
fn manager(world: &World, subject: &UserId, level: u8) -> Option<UserId> {
    let mut met = BTreeSet::from([subject.clone()]);
    let mut above = subject.clone();
    for _ in 1..level {
        above = world.people[&above].manager.clone()?;
        if !met.insert(above.clone()) {
            return None;
        }
    }
    world.people[&above].manager.clone()
}
