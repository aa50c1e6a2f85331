//! Loading facts as a store does: the stand-ins in order and no further than needed, eligible people counted and not
//! named, and of the people only those whom the decision consults.

use std::collections::{BTreeMap, BTreeSet};

use domain::grant::{self, Grant, GrantState};
use domain::id::UserId;
use domain::policy::{self, MANAGER_LEVELS_MAX, Quorum, Scope, Standby, StepSpec};
use domain::request::{
    self, Approval, Current, Facts, Fulfilment, Kind, PersonFact, PlanStep, Request, Required, StandbyFact, StepFact,
    StepState, SubmitFacts,
};
use domain::user::{Actor, User, UserKind, key};

use super::{Wish, World, github};

/// What is loaded once for all steps of a request.
struct Asked<'a> {
    world: &'a World,
    line: Vec<UserId>,
    /// Those whose answers the decision looks at.
    consulted: BTreeSet<UserId>,
    keys: BTreeMap<&'a UserId, BTreeSet<String>>,
}

impl<'a> Asked<'a> {
    fn new(world: &'a World, request: &Request, actor: &Actor) -> Self {
        let answered = request.plan.iter().flat_map(|step| &step.decisions).map(|decision| decision.by.clone());
        let consulted = answered.chain(actor.user().cloned()).filter(|id| world.people.contains_key(id)).collect();
        let keys = world.people.values().map(|person| (&person.id, world.keys(person))).collect();
        Self { world, line: world.line(&request.subject), consulted, keys }
    }

    fn fits(&self, id: &UserId, wanted: &[String]) -> bool {
        wanted.iter().any(|key| self.keys[id].contains(key))
    }

    fn standby(&self, standby: Standby, keys: Vec<String>, most: usize, barred: &[&UserId]) -> StandbyFact {
        let eligible = self.world.people.values().filter(|person| self.fits(&person.id, &keys));
        let eligible = eligible.filter(|person| person.is_active() && person.kind == UserKind::Person);
        let eligible = eligible.filter(|person| !barred.contains(&&person.id)).take(most).count();
        let members = self.consulted.iter().filter(|id| self.fits(id, &keys)).cloned().collect();
        StandbyFact { standby, keys, eligible: u32::try_from(eligible).unwrap(), members }
    }

    /// Who can answer a step.
    fn step(&self, spec: &StepSpec, request: &Request) -> StepFact {
        let (enough, most) = match spec.quorum {
            Quorum::Any => (1, 1),
            Quorum::Of(n) => (n, n as usize),
            Quorum::All => (1, usize::MAX),
        };
        let mut found = Vec::new();
        for standby in Standby::ORDER {
            let keys = policy::keys(spec, standby, Scope { app: &github(), line: &self.line });
            let fact = self.standby(standby, keys, most, &request.barred());
            let found_enough = fact.eligible >= enough;
            found.push(fact);
            if found_enough {
                break;
            }
        }
        StepFact(found)
    }

    /// Who can do by hand what no connector does: the app's admins, or the organisation's when there are none.
    fn by_hand(&self) -> StepFact {
        let own = self.standby(Standby::None, vec![key::admins(&github())], 1, &[]);
        if own.eligible > 0 {
            return StepFact(vec![own]);
        }
        StepFact(vec![own, self.standby(Standby::Admins, policy::admin_keys(), 1, &[])])
    }
}

impl World {
    /// The subject, the subject's manager, …, until nobody is above, somebody comes again, or the walk is long enough.
    fn line(&self, subject: &UserId) -> Vec<UserId> {
        let mut line = vec![subject.clone()];
        while let Some(manager) = line.last().and_then(|id| self.people.get(id)?.manager.clone()) {
            if line.contains(&manager) || line.len() > MANAGER_LEVELS_MAX {
                break;
            }
            line.push(manager);
        }
        line
    }

    /// Every key by which this person is found.
    fn keys(&self, person: &User) -> BTreeSet<String> {
        let mut keys: BTreeSet<_> = person.keys().into_iter().collect();
        let groups = self.groups.iter().filter(|(_, members)| members.contains(&person.id));
        keys.extend(groups.map(|(id, _)| key::group(id)));
        let reports = self.people.values().filter(|report| report.manager.as_ref() == Some(&person.id));
        keys.extend(reports.map(|report| key::manages(&report.id)));
        if self.owners.iter().any(|owner| keys.contains(&owner.key())) {
            keys.insert(key::owners(&github()));
        }
        if self.admins.iter().any(|admin| keys.contains(&admin.key())) {
            keys.insert(key::admins(&github()));
        }
        keys
    }

    /// What a decision of `actor` on the request looks at.
    pub(crate) fn facts(&self, request: &Request, actor: &Actor) -> Facts {
        let asked = Asked::new(self, request, actor);
        let pending = request.approval == Approval::Pending;
        let looked_at = |step: &PlanStep| pending && matches!(step.state, StepState::Active | StepState::Done);
        let steps = request.plan.iter().enumerate().filter(|(_, step)| looked_at(step));
        let by_hand = request.fulfilment == Some(Fulfilment::Manual);
        let (current, policy_missing) = self.current(request, &asked);
        let calls = matches!(request.fulfilment, Some(Fulfilment::Queued | Fulfilment::Failed | Fulfilment::Unknown));
        let settings = self.settings();
        Facts {
            now: self.now,
            directory: self.directory,
            people: asked.consulted.iter().map(|id| (id.clone(), PersonFact::from(&self.people[id]))).collect(),
            definition: self.definition(&request.entitlement),
            connector: self.connector,
            steps: steps.map(|(place, step)| (place, asked.step(&step.spec, request))).collect(),
            provisioning: if by_hand { asked.by_hand() } else { StepFact::default() },
            responsible: actor.user().filter(|id| self.is_responsible(id)).cloned().into_iter().collect(),
            current,
            policy_missing,
            required: Required {
                approve: settings.approve_comment_required,
                deny: settings.deny_comment_required,
                confirm: settings.confirm_comment_required,
            },
            in_flight: calls && self.in_flight,
        }
    }

    /// Whether somebody owns or administers the app.
    fn is_responsible(&self, id: &UserId) -> bool {
        let keys = self.people.get(id).map(|person| self.keys(person)).unwrap_or_default();
        keys.contains(&key::owners(&github())) || keys.contains(&key::admins(&github()))
    }

    /// The policy in force, where it is another version than the pinned one, and whether there is none.
    fn current(&self, request: &Request, asked: &Asked<'_>) -> (Option<Current>, bool) {
        let Some(pin) = request.policy.as_ref().filter(|_| request.approval == Approval::Pending) else {
            return (None, false);
        };
        let Some((today, specs)) = self.policy.as_ref().and_then(request::plan_of) else { return (None, true) };
        if (&today.policy, today.version) == (&pin.policy, pin.version) {
            return (None, false);
        }
        let steps = specs.into_iter().map(|spec| (spec.clone(), asked.step(&spec, request))).collect();
        (Some(Current { pin: today, steps }), false)
    }

    /// What filing a request looks at.
    pub(super) fn submit_facts(&self, wish: &Wish) -> SubmitFacts {
        let person = |id| self.people.get(id).map(PersonFact::from).unwrap();
        let open = self.requests.iter().map(|filed| &filed.state).find(|request| {
            request.is_open()
                && request.kind == Kind::Grant
                && (&request.subject, &request.entitlement) == (&wish.subject, &wish.entitlement)
        });
        SubmitFacts {
            now: self.now,
            directory: self.directory,
            requester: person(&wish.requester),
            subject: person(&wish.subject),
            line: self.line(&wish.subject),
            app: github(),
            entitlement: wish.entitlement.clone(),
            definition: self.definition(&wish.entitlement),
            offered: !self.unlisted.contains(&wish.entitlement),
            settings: self.settings(),
            policy: self.policy.clone(),
            open: open.map(|request| (request.id.clone(), request.number)),
        }
    }

    /// What a decision of `actor` on the grant looks at.
    pub(crate) fn grant_facts(&self, grant: &Grant, actor: &Actor) -> grant::Facts {
        let request = &self.requests.iter().find(|filed| filed.state.id == grant.request).unwrap().state;
        let same = |other: &Grant| (&other.user, &other.entitlement) == (&grant.user, &grant.entitlement);
        let others = self.grants.iter().map(|held| &held.state);
        let others = others.filter(|other| other.state == GrantState::Active && other.id != grant.id && same(other));
        let by_hand = || Asked::new(self, request, actor).by_hand();
        grant::Facts {
            now: self.now,
            directory: self.directory,
            actor: actor.user().and_then(|id| self.people.get(id)).map(PersonFact::from),
            responsible: actor.user().is_some_and(|id| self.is_responsible(id)),
            provisioning: grant.open_task().map(|_| by_hand()).unwrap_or_default(),
            connector: self.connector,
            others: others.map(|other| other.id.clone()).collect(),
            comment_required: self.settings().confirm_comment_required,
        }
    }
}
