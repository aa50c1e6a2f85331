//! Stories: sentences that change a small company or let somebody act, and one line about each act.
//!
//! Sentences end with a semicolon or a line. Names of groups begin with `@`. People act on the latest request or grant,
//! unless the sentence ends with `on KF-1` or `on grant 1`, and on what is shown now, unless they opened it before, answer
//! `again` what they answered before, or `blindly` something that was never shown. Without a comment they act `silently`.

use std::collections::BTreeMap;

use domain::app::{Connector, Principal};
use domain::id::{AppId, EntitlementId, OperationId, TaskId, UserId};
use domain::job::{Act, Operation};
use domain::length::{Length, Stay};
use domain::policy::{Approver, Quorum, StepSpec};
use domain::request::{Action, Command, Request, actions};
use domain::user::{Actor, Role, UserKind, UserStatus};
use domain::{Refusal, Span, Time, grant};

use crate::tell;
use crate::world::{Wish, World, entitlement, group, said, step, user};

/// Tells what happens.
pub(crate) fn story(text: &str) -> String {
    let mut story = Story {
        world: World::new(),
        seen: BTreeMap::new(),
        answered: BTreeMap::new(),
        cards: BTreeMap::new(),
        names: BTreeMap::new(),
        wanted: 0,
        lines: Vec::new(),
    };
    for sentence in text.split([';', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty()) {
        story.tell(sentence);
    }
    story.lines.join("\n")
}

struct Story {
    world: World,
    /// What those who opened the request were shown.
    seen: BTreeMap<UserId, (TaskId, String)>,
    /// What they answered last.
    answered: BTreeMap<UserId, (TaskId, String)>,
    /// The task of each request that was open last.
    cards: BTreeMap<usize, TaskId>,
    /// What entitlements are called.
    names: BTreeMap<EntitlementId, String>,
    /// How many operations were told of.
    wanted: usize,
    lines: Vec<String>,
}

impl Story {
    fn tell(&mut self, sentence: &str) {
        let words: Vec<_> = sentence.split_whitespace().collect();
        if self.set(&words) {
            if !self.lines.is_empty() {
                self.lines.push(format!("({sentence})"));
            }
            return;
        }
        let (words, at) = match words.as_slice() {
            [words @ .., "on", number] => (words, number.strip_prefix("KF-").unwrap().parse::<usize>().ok()),
            [words @ .., "on", "grant", number] => (words, number.parse().ok()),
            words => (words, None),
        };
        let told = self
            .files(words)
            .or_else(|| self.passes(words))
            .or_else(|| self.opens(words))
            .or_else(|| self.ends(words, at))
            .or_else(|| self.answers(words, at))
            .unwrap_or_else(|| panic!("no such sentence: {sentence}"));
        self.deal();
        let orders = self.orders();
        self.lines.push(format!("{sentence}: {told}{orders}"));
    }

    /// Sentences about the company.
    fn set(&mut self, words: &[&str]) -> bool {
        let world = &mut self.world;
        world.directory += 1;
        match words {
            ["nobody", "manages", whom] => world.person(whom).manager = None,
            [who, "manages", whom] => {
                let manager = world.person(who).id.clone();
                world.person(whom).manager = Some(manager);
            }
            [who, "owns", "github"] => world.owners.push(principal(who)),
            [who, "no", "longer", "owns", "github"] => world.owners.retain(|owner| *owner != principal(who)),
            [who, "administers", "github"] => world.admins.push(principal(who)),
            [who, "joins", whom] => {
                world.groups.entry(group(whom)).or_default().insert(user(who));
            }
            [who, "leaves", whom] => {
                world.groups.entry(group(whom)).or_default().remove(&user(who));
            }
            [who, "works", "here"] => world.person(who).status = UserStatus::Active,
            [who, "is", "deactivated"] => world.person(who).status = UserStatus::Inactive,
            [who, "is", "reactivated"] => world.person(who).status = UserStatus::Active,
            [who, "is", "a", "service"] => world.person(who).kind = UserKind::Service,
            [who, "is", role] if Role::parse(role).is_some() => world.person(who).roles.extend(Role::parse(role)),
            ["policy:", steps @ ..] => world.put_policy(plan(&steps.join(" "))),
            ["policy", "is", "gone"] => world.policy = None,
            ["connector:", name] => world.connector = Connector::parse(name).unwrap(),
            ["the", "target", "is", "being", "called"] => world.in_flight = true,
            ["the", "call", "is", "over"] => world.in_flight = false,
            [thing, "is", "redefined"] => *world.redefined.entry(entitlement(thing)).or_default() += 1,
            [thing, "is", "unlisted"] => {
                world.unlisted.insert(entitlement(thing));
            }
            ["settings:", settings @ ..] => self.settings(settings),
            _ => return false,
        }
        // Those who join, own or administer something work here.
        if let [who, "joins" | "owns" | "administers", _] = words
            && !who.starts_with('@')
        {
            self.world.person(who);
        }
        true
    }

    /// What the target is told since the last line.
    fn orders(&mut self) -> String {
        let new = &self.world.operations[self.wanted..];
        self.wanted = self.world.operations.len();
        let order = |operation: &Operation| {
            let act = if operation.act == Act::Give { "give" } else { "take" };
            format!(", target: {act} {}", self.names[&operation.entitlement])
        };
        new.iter().map(order).collect()
    }

    fn settings(&mut self, words: &[&str]) {
        let settings = &mut self.world.settings;
        match words {
            ["at", "most", length] => settings.max_length = Some(Stay::parse(length).unwrap()),
            ["only", lengths @ ..] => {
                settings.presets = Some(lengths.iter().map(|length| Stay::parse(length).unwrap()).collect());
                settings.custom_length = Some(false);
            }
            ["no", "reason"] => settings.justification_required = Some(false),
            ["comments"] => {
                settings.approve_comment_required = Some(true);
                settings.deny_comment_required = Some(true);
                settings.confirm_comment_required = Some(true);
            }
            _ => panic!("no such setting: {words:?}"),
        }
    }

    /// `ann asks THING [on behalf of bob] [for 7d | until DAY] [from DAY] [without a reason]`
    fn files(&mut self, words: &[&str]) -> Option<String> {
        let [who, "asks", thing, rest @ ..] = words else { return None };
        self.names.insert(entitlement(thing), (*thing).to_owned());
        let requester = self.world.person(who).id.clone();
        let mut wish = Wish {
            subject: requester.clone(),
            requester,
            entitlement: entitlement(thing),
            length: Length::Unlimited,
            starts: None,
            reason: true,
        };
        let mut rest = rest;
        while !rest.is_empty() {
            rest = match rest {
                ["on", "behalf", "of", whom, rest @ ..] => {
                    wish.subject = self.world.person(whom).id.clone();
                    rest
                }
                ["for", span, rest @ ..] => {
                    wish.length = Length::For(Span::parse(span).unwrap());
                    rest
                }
                ["until", day, rest @ ..] => {
                    wish.length = Length::Until(noon(day));
                    rest
                }
                ["from", day, rest @ ..] => {
                    wish.starts = Some(noon(day));
                    rest
                }
                ["without", "a", "reason", rest @ ..] => {
                    wish.reason = false;
                    rest
                }
                _ => panic!("no such wish: {rest:?}"),
            };
        }
        Some(match self.world.file(&wish) {
            Ok(place) => format!("filed → {}", tell::standing(&self.world.requests[place].state)),
            Err(refusal) => self.no(&refusal),
        })
    }

    /// `7d pass`: the clock goes on, and Keyfob does what is due, unless they pass `unnoticed`.
    fn passes(&mut self, words: &[&str]) -> Option<String> {
        let [span, "pass", noticed @ ..] = words else { return None };
        self.world.now = self.world.now.plus(Span::parse(span).unwrap());
        let mut told = Vec::new();
        if *noticed == ["unnoticed"] {
            return Some("nobody looks".to_owned());
        }
        for place in 0..self.world.requests.len() {
            for command in [Command::Expire, Command::Start] {
                if let Ok(events) = self.world.act(place, &Actor::System, command) {
                    told.push(self.happened(place, &events));
                }
            }
        }
        for place in 0..self.world.grants.len() {
            if let Ok(events) = self.world.act_on_grant(place, &Actor::System, grant::Command::Expire) {
                told.push(self.happened_to_grant(place, &events));
            }
        }
        Some(if told.is_empty() { "nothing is due".to_owned() } else { told.join("; ") })
    }

    fn opens(&mut self, words: &[&str]) -> Option<String> {
        match words {
            [who, "opens", "it"] => {
                let request = self.request(None).1.clone();
                let id = self.world.person(who).id.clone();
                let shown = self.shown(None);
                self.seen.insert(id, shown);
                Some(tell::standing(&request))
            }
            ["who", "may?"] => {
                let request = self.request(None).1.clone();
                let mut people: Vec<_> = self.world.people.values().collect();
                people.sort_by_key(|person| &person.name);
                let each = people.iter().filter_map(|person| {
                    let actor = Actor::User(person.id.clone());
                    let may = actions(&request, &self.world.facts(&request, &actor), &actor);
                    let names: Vec<_> = may.into_iter().map(Action::name).collect();
                    (!names.is_empty()).then(|| format!("{} {}", person.name, names.join("/")))
                });
                Some(each.collect::<Vec<_>>().join(", "))
            }
            _ => None,
        }
    }

    /// Sentences about grants.
    fn ends(&mut self, words: &[&str], at: Option<usize>) -> Option<String> {
        let problem = |words: &[&str]| words.join(" ");
        let take = || self.world.last_operation(Act::Take).map(|operation| operation.id.clone());
        let by = |who: &&str| Actor::User(user(who));
        let (actor, command) = match words {
            [who, "gives", "it", "back"] | [who, "revokes", "it"] => (by(who), self.world.revoke()),
            ["target", "removes", "it"] => {
                (Actor::System, grant::Command::Removed { operation: take()?, verified: true })
            }
            [who, "removes", "it"] => (by(who), grant::Command::Confirm { comment: Some(said()), given: None }),
            [who, "removes", "it", "silently"] => (by(who), grant::Command::Confirm { comment: None, given: None }),
            ["target", "removes", "it", "unseen"] => {
                (Actor::System, grant::Command::Removed { operation: take()?, verified: false })
            }
            ["target", "keeps", "it:", words @ ..] => {
                let problem = problem(words);
                (Actor::System, grant::Command::NotRemoved { operation: take()?, problem, gives_up: false })
            }
            ["target", "cannot", "remove", "it:", words @ ..] => {
                let problem = problem(words);
                (Actor::System, grant::Command::NotRemoved { operation: take()?, problem, gives_up: true })
            }
            ["worker", "looks", "first"] => (Actor::System, grant::Command::Covered),
            _ => return None,
        };
        let place = at.unwrap_or(self.world.grants.len()) - 1;
        Some(match self.world.act_on_grant(place, &actor, command) {
            Ok(events) => self.happened_to_grant(place, &events),
            Err(refusal) => self.no(&refusal),
        })
    }

    /// Sentences about requests.
    fn answers(&mut self, words: &[&str], at: Option<usize>) -> Option<String> {
        let (place, request) = self.request(at);
        let request = request.clone();
        let shown = self.shown(at);
        let (actor, command) = self.command(words, &request, shown)?;
        Some(match self.world.act(place, &actor, command) {
            Ok(events) => self.happened(place, &events),
            Err(refusal) => self.no(&refusal),
        })
    }

    fn command(&mut self, words: &[&str], request: &Request, shown: (TaskId, String)) -> Option<(Actor, Command)> {
        let by = |who: &str| Actor::User(user(who));
        let comment = (!words.ends_with(&["silently"])).then(said);
        let (words, how) = match words {
            [words @ .., how @ ("silently" | "again" | "blindly")] => (words, *how),
            words => (words, ""),
        };
        let id = user(words[0]);
        let (task, digest) = match how {
            "again" => self.answered[&id].clone(),
            "blindly" => (shown.0, "00".repeat(32)),
            _ => self.seen.remove(&id).unwrap_or(shown),
        };
        self.answered.insert(id, (task.clone(), digest.clone()));
        Some(match words {
            [who, "approves"] => (by(who), Command::Approve { task, digest, comment }),
            [who, "denies"] => (by(who), Command::Deny { task, digest, comment, checked: true }),
            [who, "confirms"] => (by(who), Command::Confirm { task, comment, given: None }),
            [who, "comments"] => (by(who), Command::Comment { text: said() }),
            [who, "cancels"] => (by(who), Command::Cancel { comment }),
            [who, "edits", "to", thing] => (by(who), self.edit(request, thing)),
            ["target", rest @ ..] => (Actor::System, self.report(request, rest)?),
            _ => return None,
        })
    }

    /// `edits to 3d` or `edits to github/read`
    fn edit(&mut self, request: &Request, wanted: &str) -> Command {
        let Some((app, _)) = wanted.split_once('/') else {
            let length = Length::For(Span::parse(wanted).unwrap());
            return self.world.edit(request, &request.entitlement, length);
        };
        self.names.insert(entitlement(wanted), wanted.to_owned());
        let mut command = self.world.edit(request, &entitlement(wanted), request.length);
        if let Command::Edit(ask) = &mut command {
            ask.app = AppId::derive(&[app]);
        }
        command
    }

    /// What the connector says about the latest operation, or with `late` about the first one.
    fn report(&self, request: &Request, words: &[&str]) -> Option<Command> {
        let gives: Vec<_> = self.world.operations.iter().filter(|operation| operation.act == Act::Give).collect();
        let latest = |words: &[&str]| -> OperationId {
            let chosen = if words.ends_with(&["late"]) { gives.first() } else { gives.last() };
            chosen.map_or_else(|| request.next_operation(), |operation| operation.id.clone())
        };
        let failed = |problem: &[&str], unknown, gives_up| Command::NotProvisioned {
            operation: latest(&[]),
            problem: problem.join(" "),
            unknown,
            gives_up,
        };
        Some(match words {
            ["gives"] | ["gives", "late"] => Command::Provisioned { operation: latest(words) },
            ["fails:", problem @ ..] => failed(problem, false, false),
            ["hangs:", problem @ ..] => failed(problem, true, false),
            ["gives", "up:", problem @ ..] => failed(problem, false, true),
            _ => return None,
        })
    }

    fn request(&self, at: Option<usize>) -> (usize, &Request) {
        let place = at.unwrap_or(self.world.requests.len()) - 1;
        (place, &self.world.requests[place].state)
    }

    /// The task that is open, or was open last, with the digest of today.
    fn shown(&self, at: Option<usize>) -> (TaskId, String) {
        let (place, request) = self.request(at);
        let card = self.cards.get(&place).cloned();
        (card.unwrap_or_else(|| request.step_task(0)), request.digest())
    }

    fn deal(&mut self) {
        for (place, filed) in self.world.requests.iter().enumerate() {
            if let Some((task, _)) = filed.state.open_task() {
                self.cards.insert(place, task);
            }
        }
    }

    fn happened(&self, place: usize, events: &[domain::request::Event]) -> String {
        let told: Vec<_> = events.iter().map(|event| tell::event(event, |id| self.world.name(id))).collect();
        let told = if told.is_empty() { "nothing".to_owned() } else { told.join(", ") };
        format!("{told} → {}", tell::standing(&self.world.requests[place].state))
    }

    fn happened_to_grant(&self, place: usize, events: &[grant::Event]) -> String {
        let told: Vec<_> = events.iter().map(tell::grant_event).collect();
        let told = if told.is_empty() { "nothing".to_owned() } else { told.join(", ") };
        format!("{told} → {}", self.world.grants[place].state.state.name())
    }

    fn no(&self, refusal: &Refusal) -> String {
        tell::refusal(refusal, |id| self.world.name(id))
    }
}

fn noon(day: &str) -> Time {
    Time::parse(&format!("{day}T12:00:00Z")).unwrap()
}

fn principal(name: &str) -> Principal {
    if name.starts_with('@') { Principal::Group(group(name)) } else { Principal::User(user(name)) }
}

/// `manager, then 2 of @sec or bob, else admins, then off owners`
pub(crate) fn plan(text: &str) -> Vec<StepSpec> {
    text.split(", then ")
        .map(|name| {
            let (enabled, disabled) = name.strip_prefix("off ").map_or((name, false), |rest| (rest, true));
            let (main, fallback) = enabled.split_once(", else ").unwrap_or((enabled, ""));
            let (quorum, approvers) = match main.split_once(" of ") {
                Some(("all", rest)) => (Quorum::All, rest),
                Some((n, rest)) => (Quorum::Of(n.parse().unwrap()), rest),
                None => (Quorum::Any, main),
            };
            let step = step(people(approvers), quorum);
            StepSpec { name: name.to_owned(), fallback: people(fallback), disabled, ..step }
        })
        .collect()
}

fn people(text: &str) -> Vec<Approver> {
    let named = text.split(" or ").filter(|name| !name.is_empty() && *name != "nobody");
    named
        .map(|name| match name {
            "manager" => Approver::Manager(1),
            "manager's-manager" => Approver::Manager(2),
            "owners" => Approver::AppOwners,
            "admins" => Approver::AppAdmins,
            _ if name.starts_with('@') => Approver::Group(group(name)),
            _ => Approver::User(user(name)),
        })
        .collect()
}
