//! Every state that a request of a small company can reach, visited: the table says what happens, no more and no less.

use std::collections::BTreeSet;

use domain::app::Connector;
use domain::length::Length;
use domain::request::{Command, Request};
use domain::user::Actor;
use domain::{Span, Time, grant};

use crate::story::plan;
use crate::table::{self, Step};
use crate::world::{Wish, World, entitlement, group, said, user};

/// How many commands deep the search goes.
const DEPTH: usize = 6;

/// I8, I16: only steps of the table happen, and every one of them can.
#[test]
fn the_table_is_what_happens() {
    let allowed: BTreeSet<Step> = table::steps().into_iter().collect();
    let mut seen = BTreeSet::new();
    for connector in [Connector::Manual, Connector::Sim] {
        for starts in [None, Some(Span::from_days(5))] {
            visit(company(connector, starts), &mut seen);
        }
    }
    seen.extend(removals());
    let forbidden: Vec<_> = seen.difference(&allowed).collect();
    assert!(forbidden.is_empty(), "not in the table: {forbidden:?}");
    let unreached: Vec<_> = allowed.difference(&seen).collect();
    assert!(unreached.is_empty(), "never happened: {unreached:?}");
}

/// Ann asks; Bob, then Eve may say yes; Dan administers the app.
fn company(connector: Connector, starts: Option<Span>) -> World {
    let mut world = World::new();
    for name in ["ann", "bob", "dan", "eve"] {
        world.person(name);
    }
    world.person("ann").manager = Some(user("bob"));
    world.groups.entry(group("@sec")).or_default().insert(user("eve"));
    world.admins.push(domain::app::Principal::User(user("dan")));
    world.connector = connector;
    world.put_policy(plan("manager, then @sec"));
    let wish = Wish {
        requester: user("ann"),
        subject: user("ann"),
        entitlement: entitlement("github/write"),
        length: Length::Until(world.now.plus(Span::from_days(8))),
        starts: starts.map(|span| world.now.plus(span)),
        reason: true,
    };
    world.file(&wish).unwrap();
    world
}

/// Breadth first; states that differ only in versions and times of change are one.
fn visit(first: World, seen: &mut BTreeSet<Step>) {
    let mut known = BTreeSet::from([fingerprint(&first)]);
    let mut front = vec![first];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for world in &front {
            let before = world.requests[0].state.clone();
            for (actor, command) in commands(world, &before) {
                let (mut world, by) = (world.clone(), table::name(&command));
                if world.act(0, &actor, command).is_ok_and(|events| !events.is_empty()) {
                    seen.insert((table::standing(&before), by, table::standing(&world.requests[0].state)));
                    next.push(world);
                }
            }
            let mut later = world.clone();
            later.now = later.now.plus(Span::from_days(6));
            next.push(later);
        }
        next.retain(|world| known.insert(fingerprint(world)));
        front = next;
    }
}

fn fingerprint(world: &World) -> (Time, String) {
    let mut request = world.requests[0].state.clone();
    request.version = 0;
    request.updated_at = Time::default();
    let mut plan = serde_json::to_value(&request.plan).unwrap();
    for step in plan.as_array_mut().unwrap() {
        step["since"].take();
        step["decisions"].as_array_mut().unwrap().iter_mut().for_each(|decision| drop(decision["at"].take()));
    }
    request.plan.clear();
    request.provisioning = None;
    (world.now.min(Time::parse("2026-02-01T00:00:00Z").unwrap()), format!("{request:?} {plan}"))
}

/// Everything anybody could do, whether allowed or not.
fn commands(world: &World, request: &Request) -> Vec<(Actor, Command)> {
    let (task, digest) = (request.open_task().map_or_else(|| request.step_task(0), |(task, _)| task), request.digest());
    let operation = request.operation.clone().unwrap_or_else(|| request.next_operation());
    let report = |unknown, gives_up| Command::NotProvisioned {
        operation: operation.clone(),
        problem: if unknown { "lost" } else { "down" }.to_owned(),
        unknown,
        gives_up,
    };
    let mut all = vec![
        (Actor::System, Command::Start),
        (Actor::System, Command::Expire),
        (Actor::System, Command::Provisioned { operation: operation.clone() }),
        (Actor::System, report(false, false)),
        (Actor::System, report(true, false)),
        (Actor::System, report(false, true)),
    ];
    // Another problem of the same kind is a step from `failed` to `failed`.
    let again = |unknown| Command::NotProvisioned {
        operation: operation.clone(),
        problem: "worse".to_owned(),
        unknown,
        gives_up: false,
    };
    all.extend([(Actor::System, again(false)), (Actor::System, again(true))]);
    let length = Length::Until(world.now.plus(Span::from_days(9)));
    for name in ["ann", "bob", "dan", "eve"] {
        let comment = Some(said());
        let by = |command| (Actor::User(user(name)), command);
        all.push(by(Command::Approve { task: task.clone(), digest: digest.clone(), comment: comment.clone() }));
        all.push(by(Command::Deny {
            task: task.clone(),
            digest: digest.clone(),
            comment: comment.clone(),
            checked: false,
        }));
        all.push(by(Command::Confirm { task: task.clone(), comment: comment.clone(), given: None }));
        all.push(by(Command::Comment { text: said() }));
        all.push(by(Command::Cancel { comment }));
        if request.revision == 1 {
            all.push(by(world.edit(request, &request.entitlement, length)));
        }
    }
    all
}

/// A request to end a grant needs nobody's approval and takes nothing but comments.
fn removals() -> BTreeSet<Step> {
    let mut seen = BTreeSet::new();
    for (connector, end) in [(Connector::Sim, "taken"), (Connector::Sim, "unseen"), (Connector::Manual, "by hand")] {
        let mut world = company(connector, None);
        let ann = Actor::User(user("ann"));
        for (who, n) in [("bob", 0), ("eve", 1)] {
            let request = &world.requests[0].state;
            let (task, digest) = (request.step_task(n), request.digest());
            world.act(0, &Actor::User(user(who)), Command::Approve { task, digest, comment: None }).unwrap();
        }
        let request = world.requests[0].state.clone();
        let done = match request.operation.clone() {
            Some(operation) => world.act(0, &Actor::System, Command::Provisioned { operation }),
            None => {
                let task = request.provisioning_task();
                world.act(0, &Actor::User(user("dan")), Command::Confirm { task, comment: None, given: None })
            }
        };
        done.unwrap();
        world.act_on_grant(0, &ann, world.revoke()).unwrap();
        try_all(&mut world, &mut seen);
        let operation = world.grants[0].state.removal_operation();
        let (actor, command) = match end {
            "by hand" => (Actor::User(user("dan")), grant::Command::Confirm { comment: None, given: None }),
            end => (Actor::System, grant::Command::Removed { operation, verified: end == "taken" }),
        };
        world.act_on_grant(0, &actor, command).unwrap();
        try_all(&mut world, &mut seen);
    }
    seen
}

fn try_all(world: &mut World, seen: &mut BTreeSet<Step>) {
    let before = world.requests[1].state.clone();
    for (actor, command) in commands(world, &before) {
        let by = table::name(&command);
        if world.act(1, &actor, command).is_ok_and(|events| !events.is_empty()) {
            seen.insert((table::standing(&before), by, table::standing(&world.requests[1].state)));
        }
    }
}
