//! A small company in memory, and everything that happens in it.

mod load;

use std::collections::{BTreeMap, BTreeSet};

use domain::app::{Connector, Principal};
use domain::canonical;
use domain::door::Door;
use domain::grant::{self, Grant};
use domain::id::{AppId, EntitlementId, GroupId, PolicyId, RequestId, SubmissionId, UserId};
use domain::job::{self, Act, Operation};
use domain::length::Length;
use domain::policy::{Approver, Policy, Quorum, Rule, Rules, StepKind, StepSpec};
use domain::request::{self, Ask, Command, Commitment, Event, Request};
use domain::settings::{self, Effective, Settings};
use domain::user::{Actor, User, UserKind, UserStatus};
use domain::{Refusal, Time};

/// Everything that is known.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) now: Time,
    pub(crate) directory: i64,
    pub(crate) people: BTreeMap<UserId, User>,
    pub(crate) groups: BTreeMap<GroupId, BTreeSet<UserId>>,
    pub(crate) owners: Vec<Principal>,
    pub(crate) admins: Vec<Principal>,
    pub(crate) connector: Connector,
    pub(crate) settings: Settings,
    pub(crate) policy: Option<Policy>,
    /// How many versions of it there were.
    versions: i64,
    /// How often each entitlement was redefined.
    pub(crate) redefined: BTreeMap<EntitlementId, u32>,
    /// Entitlements that no published catalog offers.
    pub(crate) unlisted: BTreeSet<EntitlementId>,
    /// Whether the connector is being called at this moment.
    pub(crate) in_flight: bool,
    pub(crate) requests: Vec<Filed>,
    pub(crate) grants: Vec<Held>,
    /// Every operation that was ever wanted, in order.
    pub(crate) operations: Vec<Operation>,
}

/// A request and everything that happened to it.
#[derive(Clone, Debug)]
pub(crate) struct Filed {
    pub(crate) state: Request,
    pub(crate) log: Vec<(Event, Actor, Time)>,
}

/// A grant and everything that happened to it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) state: Grant,
    pub(crate) first: Grant,
    pub(crate) log: Vec<(grant::Event, Actor, Time)>,
}

/// What somebody asks for.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) requester: UserId,
    pub(crate) subject: UserId,
    pub(crate) entitlement: EntitlementId,
    pub(crate) length: Length,
    pub(crate) starts: Option<Time>,
    pub(crate) reason: bool,
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::derive(&[name])
}

pub(crate) fn group(name: &str) -> GroupId {
    GroupId::derive(&[name])
}

pub(crate) fn entitlement(name: &str) -> EntitlementId {
    EntitlementId::derive(&[name])
}

/// The one app whose people are known.
pub(crate) fn github() -> AppId {
    AppId::derive(&["github"])
}

pub(crate) fn said() -> Commitment {
    Commitment { commitment: "c0".repeat(32) }
}

pub(crate) fn step(approvers: Vec<Approver>, quorum: Quorum) -> StepSpec {
    StepSpec {
        kind: StepKind::Approval,
        name: "Step".to_owned(),
        approvers,
        quorum,
        fallback: Vec::new(),
        disabled: false,
    }
}

/// The next version of the policy.
pub(crate) fn policy_version(version: i64, steps: Vec<StepSpec>) -> Policy {
    let rules = Rules(vec![Rule { name: "Rule".to_owned(), when: None, steps }]);
    Policy { id: PolicyId::derive(&["policy"]), name: "Policy".to_owned(), version, hash: rules.hash(), rules }
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            now: Time::parse("2026-01-05T09:00:00Z").unwrap(),
            directory: 1,
            people: BTreeMap::new(),
            groups: BTreeMap::new(),
            owners: Vec::new(),
            admins: Vec::new(),
            connector: Connector::Manual,
            settings: Settings::default(),
            policy: None,
            versions: 0,
            redefined: BTreeMap::new(),
            unlisted: BTreeSet::new(),
            in_flight: false,
            requests: Vec::new(),
            grants: Vec::new(),
            operations: Vec::new(),
        }
    }

    /// The person with this name, who is hired when unknown.
    pub(crate) fn person(&mut self, name: &str) -> &mut User {
        self.directory += 1;
        let id = user(name);
        let person = self.people.entry(id.clone()).or_insert_with(|| User {
            id,
            email: format!("{name}@example.com"),
            name: name.to_owned(),
            kind: UserKind::Person,
            status: UserStatus::Active,
            manager: None,
            attributes: BTreeMap::new(),
            roles: Vec::new(),
            version: 0,
        });
        person.version += 1;
        person
    }

    pub(crate) fn name(&self, id: &UserId) -> String {
        self.people.get(id).map_or_else(|| "nobody".to_owned(), |person| person.name.clone())
    }

    /// Puts a policy in force, as a version after the last.
    pub(crate) fn put_policy(&mut self, steps: Vec<StepSpec>) {
        self.versions += 1;
        self.policy = Some(policy_version(self.versions, steps));
    }

    pub(crate) fn definition(&self, id: &EntitlementId) -> String {
        canonical::hash(&(id, self.redefined.get(id)))
    }

    pub(crate) fn settings(&self) -> Effective {
        settings::effective(&self.settings, &Settings::default(), &Settings::default())
    }

    fn ask(&self, wish: &Wish) -> Ask {
        let number = i64::try_from(self.requests.len()).unwrap() + 1;
        Ask {
            request: RequestId::from_bits(number.unsigned_abs().into()),
            number,
            submission: SubmissionId::from_bits(number.unsigned_abs().into()),
            requester: wish.requester.clone(),
            subject: wish.subject.clone(),
            length: wish.length,
            starts: wish.starts,
            justification: wish.reason.then(said),
            door: Door::Web,
        }
    }

    /// Files a request and gives its place.
    pub(crate) fn file(&mut self, wish: &Wish) -> Result<usize, Refusal> {
        let (ask, facts) = (self.ask(wish), self.submit_facts(wish));
        let first = request::problems(&ask, &facts).into_iter().next();
        let events = request::submit(ask, &facts);
        assert_eq!(first, events.as_ref().err().cloned(), "what is shown beforehand is what happens");
        let begun = self.begin(events?, &Actor::User(wish.requester.clone()));
        Ok(begun)
    }

    fn begin(&mut self, events: Vec<Event>, actor: &Actor) -> usize {
        let state = request::fold(&events[0]).unwrap();
        let first = (events[0].clone(), actor.clone(), self.now);
        self.requests.push(Filed { state, log: vec![first] });
        let place = self.requests.len() - 1;
        for event in events.into_iter().skip(1) {
            self.happen(place, event, actor);
        }
        place
    }

    /// What an edit asks for, checked as a new request would be.
    pub(crate) fn edit(&self, request: &Request, entitlement: &EntitlementId, length: Length) -> Command {
        let wish = Wish {
            requester: request.requester.clone(),
            subject: request.subject.clone(),
            entitlement: entitlement.clone(),
            length,
            starts: request.starts.filter(|starts| *starts > self.now),
            reason: true,
        };
        let mut facts = self.submit_facts(&wish);
        facts.open = facts.open.filter(|(id, _)| *id != request.id);
        let (policy, plan) = self.policy.as_ref().and_then(request::plan_of).unzip();
        Command::Edit(Box::new(request::EditAsk {
            app: github(),
            entitlement: entitlement.clone(),
            definition: self.definition(entitlement),
            length,
            policy,
            plan: plan.unwrap_or_default(),
            comment: Some(said()),
            problems: request::problems(&self.ask(&wish), &facts),
        }))
    }

    /// Decides and applies; the log folds to the state after each (I21).
    pub(crate) fn act(&mut self, place: usize, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let request = &self.requests[place].state;
        let events = request::decide(request, &self.facts(request, actor), actor, command)?;
        for event in &events {
            self.happen(place, event.clone(), actor);
        }
        Ok(events)
    }

    fn happen(&mut self, place: usize, event: Event, actor: &Actor) {
        let before = self.requests[place].state.clone();
        let after = request::apply(before.clone(), &event, actor, self.now);
        self.want(job::of_request(Some(&before), &event, &after));
        if let Event::Granted { grant, starts_at, ends_at } = &event {
            let first = grant::begin(&after, grant.clone(), *starts_at, *ends_at);
            self.grants.push(Held { state: first.clone(), first, log: Vec::new() });
        }
        self.requests[place].state = after;
        self.requests[place].log.push((event, actor.clone(), self.now));
        assert_eq!(self.requests[place].folded(), self.requests[place].state, "folding the log gives the state");
    }

    /// Decides and applies; where a person ends it, a request to end it is filed beside it.
    pub(crate) fn act_on_grant(
        &mut self,
        place: usize,
        actor: &Actor,
        command: grant::Command,
    ) -> Result<Vec<grant::Event>, Refusal> {
        let grant = self.grants[place].state.clone();
        let events = grant::decide(&grant, &self.grant_facts(&grant, actor), actor, command.clone())?;
        if let (grant::Command::Revoke { .. }, Some(by)) = (command, actor.user()) {
            let wish = Wish {
                requester: by.clone(),
                subject: grant.user.clone(),
                entitlement: grant.entitlement.clone(),
                length: Length::Unlimited,
                starts: None,
                reason: true,
            };
            self.begin(request::submit_removal(self.ask(&wish), &grant, self.now), actor);
        }
        for event in &events {
            self.happen_to_grant(place, event.clone(), actor);
        }
        Ok(events)
    }

    /// The command that ends a grant early.
    pub(crate) fn revoke(&self) -> grant::Command {
        grant::Command::Revoke { request: RequestId::from_bits(self.requests.len() as u128 + 1) }
    }

    fn happen_to_grant(&mut self, place: usize, event: grant::Event, actor: &Actor) {
        let held = &mut self.grants[place];
        held.state = grant::apply(held.state.clone(), &event, actor, self.now);
        held.log.push((event.clone(), actor.clone(), self.now));
        assert_eq!(held.folded(), held.state, "folding the log gives the state");
        let wanted = job::of_grant(&event, &held.state);
        let asked = held.state.removal.as_ref().and_then(|removal| removal.request.clone());
        self.want(wanted);
        if let (grant::Event::Revoked { verified, .. }, Some(asked)) = (event, asked) {
            let place = self.requests.iter().position(|filed| filed.state.id == asked).unwrap();
            self.happen(place, Event::Revoked { verified }, &Actor::System);
        }
    }

    fn want(&mut self, operations: Vec<Operation>) {
        for operation in operations {
            assert!(
                self.operations.iter().all(|other| other.id != operation.id),
                "no operation is wanted twice (S0-5)"
            );
            self.operations.push(operation);
        }
    }

    /// The last operation of this kind.
    pub(crate) fn last_operation(&self, act: Act) -> Option<&Operation> {
        self.operations.iter().rev().find(|operation| operation.act == act)
    }
}

impl Filed {
    fn folded(&self) -> Request {
        let first = request::fold(&self.log[0].0).unwrap();
        self.log.iter().skip(1).fold(first, |state, (event, actor, at)| request::apply(state, event, actor, *at))
    }
}

impl Held {
    fn folded(&self) -> Grant {
        self.log.iter().fold(self.first.clone(), |state, (event, actor, at)| grant::apply(state, event, actor, *at))
    }
}
