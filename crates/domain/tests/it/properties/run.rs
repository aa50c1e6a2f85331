//! Lets things happen one after the other, and after each looks whether every rule still holds.

use std::collections::{BTreeMap, BTreeSet};

use domain::app::Connector;
use domain::grant::{self, GrantState};
use domain::id::{EntitlementId, OperationId, RequestId, TaskId, UserId};
use domain::length::Length;
use domain::request::{Action, Approval, Command, Event, Kind, Request, actions, decide};
use domain::user::{Actor, UserKind, UserStatus};
use domain::{Refusal, Span};

use super::company::{Act, End, Move, PEOPLE, Report, Shown, Who, name};
use crate::oracle;
use crate::table::{self, Step};
use crate::world::{Filed, Wish, World, entitlement, group, said, user};

/// A company, what holds of it, and what its target holds.
pub(super) struct Run {
    world: World,
    allowed: BTreeSet<Step>,
    /// How often each revision was decided.
    decided: BTreeMap<(RequestId, u32), u32>,
    /// Who has what in the target.
    target: BTreeSet<(UserId, EntitlementId)>,
    /// Every digest that was ever shown, with its task, and at which version of the request.
    cards: BTreeMap<usize, Vec<(i64, TaskId, String)>>,
}

impl Run {
    pub(super) fn new(world: World) -> Self {
        let allowed = table::steps().into_iter().collect();
        Self { world, allowed, decided: BTreeMap::new(), target: BTreeSet::new(), cards: BTreeMap::new() }
    }

    /// One thing happens.
    pub(super) fn step(&mut self, step: &Move) {
        let world = &mut self.world;
        match step {
            Move::Ask { requester, subject, entitlement: n, length, starts } => {
                let wish = Wish {
                    requester: user(&name(*requester)),
                    subject: user(&name(*subject)),
                    entitlement: thing(*n),
                    length: *length,
                    starts: starts.map(|span| world.now.plus(span)),
                    reason: true,
                };
                if let Ok(place) = world.file(&wish) {
                    let request = world.requests[place].state.clone();
                    self.in_order(&request);
                }
            }
            Move::Act { on, who, act, shown } => self.act(*on, *who, *act, *shown),
            Move::Through { on } => self.through(*on),
            Move::Report { on, report, late, forger } => self.report(*on, *report, *late, *forger),
            Move::End { on, end } => self.end(*on, *end),
            Move::Pass(span) => world.now = world.now.plus(*span),
            Move::Calls(now) => world.in_flight = *now,
            Move::Connector(sim) => world.connector = if *sim { Connector::Sim } else { Connector::Manual },
            Move::Policy(None) => world.policy = None,
            Move::Policy(Some(plan)) => world.put_policy(plan.clone()),
            Move::Redefine(n) => *world.redefined.entry(thing(*n)).or_default() += 1,
            Move::Active(who, active) => {
                world.person(&name(*who)).status = if *active { UserStatus::Active } else { UserStatus::Inactive };
            }
            Move::Manager(who, manager) => world.person(&name(*who)).manager = manager.map(|n| user(&name(n))),
            Move::Member(n, who, joins) => {
                let members = world.groups.entry(group(&format!("@{n}"))).or_default();
                if *joins {
                    members.insert(user(&name(*who)))
                } else {
                    members.remove(&user(&name(*who)))
                };
            }
        }
        self.deal();
    }

    fn pick(&self, on: usize) -> Option<usize> {
        self.world.requests.len().checked_sub(on + 1)
    }

    fn through(&mut self, on: usize) {
        let version = |run: &Self| run.pick(on).map(|on| run.world.requests[on].state.version);
        for _ in 0..8 {
            let before = version(self);
            self.act(on, Who::Offered, Act::Approve, Shown::Now);
            if version(self) == before {
                break;
            }
        }
        self.report(on, Report::Start, false, None);
        self.report(on, Report::Provisioned, false, None);
        self.act(on, Who::Offered, Act::Confirm, Shown::Now);
    }

    fn act(&mut self, on: usize, who: Who, act: Act, shown: Shown) {
        let Some(on) = self.pick(on) else { return };
        let request = self.world.requests[on].state.clone();
        let actor = match who {
            Who::Person(n) => Actor::User(user(&name(n))),
            Who::Offered => match self.offered(&request, action_of(act, &request)) {
                Some(actor) => actor,
                None => return,
            },
        };
        let (task, digest) = match shown {
            Shown::Now => card(&request),
            Shown::Before(n) => {
                let then = self.cards[&on].iter().rev().nth(n).cloned();
                then.map_or_else(|| card(&request), |(_, task, digest)| (task, digest))
            }
            Shown::NoTask => (TaskId::from_bits(1), request.digest()),
            Shown::NoDigest => (card(&request).0, "00".repeat(32)),
        };
        let comment = Some(said());
        let command = match act {
            Act::Approve => Command::Approve { task, digest, comment },
            Act::Deny => Command::Deny { task, digest, comment, checked: true },
            Act::Confirm => Command::Confirm { task, comment, given: None },
            Act::Comment => Command::Comment { text: said() },
            Act::Cancel => Command::Cancel { comment },
            Act::Edit { entitlement: n, length } => self.world.edit(&request, &thing(n), length),
        };
        let _ = self.tell(on, &actor, command);
        let after = &self.world.requests[on].state;
        let made_up = match shown {
            Shown::NoTask => matches!(act, Act::Approve | Act::Deny | Act::Confirm),
            Shown::NoDigest => matches!(act, Act::Approve | Act::Deny),
            Shown::Now | Shown::Before(_) => false,
        };
        assert!(!made_up || *after == request, "I2: answered what was never shown");
    }

    /// Somebody to whom the action is offered.
    fn offered(&self, request: &Request, action: Action) -> Option<Actor> {
        let mut people = (0..PEOPLE).map(|n| Actor::User(user(&name(n))));
        people.find(|actor| actions(request, &self.world.facts(request, actor), actor).contains(&action))
    }

    fn report(&mut self, on: usize, report: Report, late: bool, forger: Option<usize>) {
        let Some(on) = self.pick(on) else { return };
        let request = &self.world.requests[on].state;
        let wanted = request.operation.clone().unwrap_or_else(|| request.next_operation());
        let operation = if late { OperationId::from_bits(7) } else { wanted };
        let command = match report {
            Report::Start => Command::Start,
            Report::Expire => Command::Expire,
            Report::Provisioned => Command::Provisioned { operation },
            Report::NotProvisioned { unknown, gives_up } => {
                Command::NotProvisioned { operation, problem: "down".to_owned(), unknown, gives_up }
            }
        };
        if let Some(forger) = forger {
            let told = self.tell(on, &Actor::User(user(&name(forger))), command);
            assert_eq!(told, Err(Refusal::NotAllowed), "only Keyfob itself reports");
        } else if self.tell(on, &Actor::System, command).is_ok() {
            assert!(!late || matches!(report, Report::Start | Report::Expire), "I25: nobody wanted this operation");
        }
    }

    /// Decides, applies, and looks.
    fn tell(&mut self, on: usize, actor: &Actor, command: Command) -> Result<(), Refusal> {
        let before = self.world.requests[on].clone();
        let by = table::name(&command);
        let told = self.world.act(on, actor, command);
        let after = self.world.requests[on].clone();
        let events = match told {
            Err(refusal) => {
                assert_eq!(before.state, after.state, "a refusal changes nothing");
                return Err(refusal);
            }
            Ok(events) => events,
        };
        let tried = self.world.facts(&before.state, actor);
        assert_eq!(tried.now, self.world.now);
        if events.is_empty() {
            assert_eq!(before.state, after.state);
            return Ok(());
        }
        let step = (table::standing(&before.state), by, table::standing(&after.state));
        assert!(self.allowed.contains(&step), "I16: {step:?} is not in the table");
        self.one_decision(&before.state, &after.state);
        self.in_order(&after.state);
        for event in &events {
            self.look(&before, event, actor, by);
        }
        Ok(())
    }

    /// I8: a revision is decided once, and what is closed stays closed.
    fn one_decision(&mut self, before: &Request, after: &Request) {
        if before.approval == Approval::Pending && after.approval != Approval::Pending {
            let times = self.decided.entry((before.id.clone(), before.revision)).or_default();
            *times += 1;
            assert_eq!(*times, 1, "I8: decided twice");
        }
        if !before.is_open() {
            assert_eq!(table::standing(before), table::standing(after), "I8: closed stays closed");
            assert_eq!(before.revision, after.revision);
        }
    }

    /// What is shown of a request fits together.
    fn in_order(&self, request: &Request) {
        use domain::request::{Fulfilment as F, StepState};
        let waiting = |state| matches!(state, StepState::Active | StepState::Next);
        let pending = request.approval == Approval::Pending;
        assert_eq!(pending, request.active().is_some(), "I10: somebody is asked as long as it is pending");
        assert!(pending || !request.plan.iter().any(|step| waiting(step.state)), "nobody is asked afterwards");
        let called = matches!(request.fulfilment, Some(F::Queued | F::Failed | F::Unknown));
        assert_eq!(called, request.operation.is_some(), "I25: an operation is wanted exactly while it is waited for");
    }

    fn look(&mut self, before: &Filed, event: &Event, actor: &Actor, by: &str) {
        let request = &before.state;
        match event {
            Event::Approved { digest, .. } | Event::Denied { digest, .. } => {
                let who = actor.user().expect("I11: only people answer");
                assert!(![&request.requester, &request.subject].contains(&who), "I4: nobody answers his own request");
                let person = &self.world.people[who];
                assert!(person.is_active() && person.kind == UserKind::Person, "I3, I53: only active people answer");
                assert_eq!(*digest, request.digest(), "I2: exactly what is there now");
            }
            Event::Authorised { digest } => {
                assert_eq!(by, "approve", "I11: nothing else approves");
                assert_eq!(*digest, request.digest());
                let place = self.world.requests.iter().position(|filed| filed.state.id == request.id).unwrap();
                assert_eq!(oracle::objection(&self.world, &self.world.requests[place]), None);
            }
            Event::Granted { starts_at, ends_at, .. } => {
                assert_eq!(*starts_at, self.world.now);
                assert!(request.starts.is_none_or(|starts| starts <= *starts_at), "I36: not before its start");
                let late = ends_at.is_some_and(|end| end <= *starts_at);
                assert!(!late || by == "provisioned", "only a target that was too slow gives access after its time");
                assert_eq!(*ends_at, request.length.ends_at(*starts_at));
                self.target.insert((request.subject.clone(), request.entitlement.clone()));
            }
            _ => {}
        }
    }

    /// Remembers what is shown now.
    fn deal(&mut self) {
        for (place, filed) in self.world.requests.iter().enumerate() {
            let cards = self.cards.entry(place).or_default();
            if cards.last().is_none_or(|(version, ..)| *version != filed.state.version) {
                let (task, digest) = card(&filed.state);
                cards.push((filed.state.version, task, digest));
            }
        }
    }

    fn end(&mut self, on: usize, end: End) {
        let Some(on) = self.world.grants.len().checked_sub(on + 1) else { return };
        let grant = self.world.grants[on].state.clone();
        let operation = grant.removal_operation();
        let by = |n| Actor::User(user(&name(n)));
        let (actor, command) = match end {
            End::Revoke(who) => (who.map_or_else(|| Actor::User(grant.user.clone()), by), self.world.revoke()),
            End::Confirm(who) => (by(who), grant::Command::Confirm { comment: Some(said()), given: None }),
            End::Expire => (Actor::System, grant::Command::Expire),
            End::Removed { verified } => {
                (Actor::System, grant::Command::Removed { operation: operation.clone(), verified })
            }
            End::NotRemoved { gives_up } => {
                let (problem, operation) = ("down".to_owned(), operation.clone());
                (Actor::System, grant::Command::NotRemoved { operation, problem, gives_up })
            }
        };
        let forger = Actor::User(user(&name(on)));
        for forged in [
            grant::Command::Expire,
            grant::Command::Covered,
            grant::Command::Removed { operation: operation.clone(), verified: true },
        ] {
            let told = grant::decide(&grant, &self.world.grant_facts(&grant, &forger), &forger, forged);
            assert_eq!(told, Err(Refusal::NotAllowed), "only Keyfob itself reports");
        }
        // Whoever takes something away looks first whether another grant gives it by now.
        if matches!(end, End::Confirm(_) | End::Removed { .. }) {
            self.tell_grant(on, &Actor::System, grant::Command::Covered);
        }
        self.tell_grant(on, &actor, command);
        self.union_holds();
    }

    fn tell_grant(&mut self, on: usize, actor: &Actor, command: grant::Command) {
        let before = self.world.grants[on].state.clone();
        let others = self.world.grant_facts(&before, actor).others;
        let asked = self.world.operations.len();
        let Ok(events) = self.world.act_on_grant(on, actor, command.clone()) else {
            assert_eq!(before, self.world.grants[on].state, "a refusal changes nothing");
            return;
        };
        let after = &self.world.grants[on].state;
        let confirmed = after.removal.as_ref().is_some_and(|removal| removal.confirmed.is_some() && !removal.by_hand);
        assert!(!confirmed, "only what is done by hand is confirmed by a person");
        let done = matches!(before.state, GrantState::Revoked | GrantState::RevokedUnverified);
        assert!(!done || events.is_empty(), "what has ended stays ended");
        for event in &events {
            match event {
                grant::Event::Ending { operation, due, .. } => {
                    assert_eq!(before.state, GrantState::Active);
                    assert!(*due <= self.world.now, "I36: not before its end");
                    assert!(others.is_empty() || operation.is_none(), "I28: another grant gives the same");
                }
                grant::Event::Revoked { covered_by, .. } if !covered_by.is_empty() => {
                    assert_eq!(covered_by.iter().cloned().collect::<BTreeSet<_>>(), others, "I28");
                    assert_eq!(self.world.operations.len(), asked, "I28: nothing is taken");
                }
                grant::Event::Revoked { .. } => {
                    assert!(others.is_empty(), "I28: taken although another grant gives the same");
                    self.target.remove(&(after.user.clone(), after.entitlement.clone()));
                }
                grant::Event::RemovalAssigned { .. } | grant::Event::RemovalFailed { .. } => {}
            }
        }
    }

    /// I28: who holds an active grant has access.
    fn union_holds(&self) {
        for held in self.world.grants.iter().filter(|held| held.state.state == GrantState::Active) {
            let access = (held.state.user.clone(), held.state.entitlement.clone());
            assert!(self.target.contains(&access), "I28: an active grant without access");
        }
    }

    /// Everything that can end does: then nobody has access left, and each operation was wanted once (S0-5, I28).
    pub(super) fn settle(&mut self) {
        self.union_holds();
        self.world.in_flight = false;
        self.world.now = self.world.now.plus(Span::from_days(40));
        self.world.person("root").roles.push(domain::user::Role::SuperAdmin);
        let root = Actor::User(user("root"));
        for on in 0..self.world.grants.len() {
            self.tell_grant(on, &Actor::System, grant::Command::Expire);
            let revoke = self.world.revoke();
            self.tell_grant(on, &root, revoke);
            self.tell_grant(on, &Actor::System, grant::Command::Covered);
            let operation = self.world.grants[on].state.removal_operation();
            if on % 2 == 0 {
                self.tell_grant(on, &Actor::System, grant::Command::Removed { operation, verified: true });
            } else {
                let problem = "down".to_owned();
                self.tell_grant(on, &Actor::System, grant::Command::NotRemoved { operation, problem, gives_up: true });
            }
            self.by_hand(on);
            assert!(!matches!(self.world.grants[on].state.state, GrantState::Active), "everything can be ended");
        }
        let ending = self.world.grants.iter().filter(|held| held.state.state == GrantState::Ending);
        assert_eq!(ending.count(), 0, "and removal comes to an end");
        assert_eq!(self.target, BTreeSet::new(), "I28: the last grant takes the access along");
    }

    /// Whoever can, confirms the removal.
    fn by_hand(&mut self, on: usize) {
        let people: Vec<_> = self.world.people.keys().cloned().collect();
        for id in people {
            let confirm = grant::Command::Confirm { comment: Some(said()), given: None };
            self.tell_grant(on, &Actor::User(id), confirm);
        }
    }

    /// What is offered is accepted when sent properly, and the rest is refused or changes nothing.
    pub(super) fn offers_agree(&self) {
        for filed in &self.world.requests {
            let request = &filed.state;
            for n in 0..PEOPLE {
                let actor = Actor::User(user(&name(n)));
                let facts = self.world.facts(request, &actor);
                let offered = actions(request, &facts, &actor);
                for action in Action::ALL {
                    let told = decide(request, &facts, &actor, self.proper(request, action));
                    let accepted = told.as_ref().is_ok_and(|events| !events.is_empty());
                    assert_eq!(offered.contains(&action), accepted, "{action:?} by {actor:?}: {told:?} on {request:?}");
                }
            }
            let facts = self.world.facts(request, &Actor::System);
            assert_eq!(actions(request, &facts, &Actor::System), [], "Keyfob itself presses no buttons");
        }
    }

    /// The command that a page would send for an action.
    fn proper(&self, request: &Request, action: Action) -> Command {
        let (digest, comment) = (request.digest(), Some(said()));
        let approval = request.step_task(request.active().map_or(0, |(place, _)| place));
        let provisioning = request.provisioning_task();
        match action {
            Action::Approve => Command::Approve { task: approval, digest, comment },
            Action::Deny => Command::Deny { task: approval, digest, comment, checked: true },
            Action::Confirm => Command::Confirm { task: provisioning, comment, given: None },
            Action::DenyProvisioning => Command::Deny { task: provisioning, digest, comment, checked: true },
            Action::Comment => Command::Comment { text: said() },
            Action::Cancel => Command::Cancel { comment },
            Action::Edit => {
                let other = Length::For(Span::from_hours(i64::from(request.revision) + 1));
                let mut edit = self.world.edit(request, &request.entitlement, other);
                if let Command::Edit(ask) = &mut edit {
                    ask.problems.clear();
                }
                edit
            }
        }
    }
}

/// The task that is open, or the last one, and the digest.
fn card(request: &Request) -> (TaskId, String) {
    let last = || if request.kind == Kind::Grant { request.provisioning_task() } else { request.step_task(0) };
    (request.open_task().map_or_else(last, |(task, _)| task), request.digest())
}

fn action_of(act: Act, request: &Request) -> Action {
    match act {
        Act::Approve => Action::Approve,
        Act::Deny if request.approval == Approval::Approved => Action::DenyProvisioning,
        Act::Deny => Action::Deny,
        Act::Confirm => Action::Confirm,
        Act::Comment => Action::Comment,
        Act::Cancel => Action::Cancel,
        Act::Edit { .. } => Action::Edit,
    }
}

fn thing(n: usize) -> EntitlementId {
    entitlement(&format!("github/{n}"))
}
