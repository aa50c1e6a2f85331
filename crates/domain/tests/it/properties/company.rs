//! Random companies and random things that happen in them.

use domain::app::{Connector, Principal};
use domain::length::Length;
use domain::policy::{Approver, Quorum, StepSpec};
use domain::user::{Role, UserKind, UserStatus};
use domain::{Span, Time};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::world::{World, group, step, user};

/// How many people work there.
pub(super) const PEOPLE: usize = 6;
/// How many groups there are.
const GROUPS: usize = 2;

/// The name of a person.
pub(super) fn name(n: usize) -> String {
    format!("p{n}")
}

/// A company, before anything happens in it.
#[derive(Clone, Debug)]
pub(super) struct Company {
    people: Vec<Employee>,
    groups: Vec<Vec<usize>>,
    owners: Vec<Principal>,
    admins: Vec<Principal>,
    plan: Vec<StepSpec>,
    sim: bool,
}

#[derive(Clone, Debug)]
struct Employee {
    manager: Option<usize>,
    kind: UserKind,
    active: bool,
    roles: Vec<Role>,
}

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    /// Whoever this is.
    Person(usize),
    /// Somebody who is offered it, if there is one.
    Offered,
}

/// What somebody shows when answering.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    /// What is there now.
    Now,
    /// What was there some events ago.
    Before(usize),
    /// A task made up.
    NoTask,
    /// A digest made up.
    NoDigest,
}

/// What somebody wants of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Approve,
    Deny,
    Confirm,
    Comment,
    Cancel,
    Edit { entitlement: usize, length: Length },
}

/// What the connector or the clock reports.
#[derive(Clone, Copy, Debug)]
pub(super) enum Report {
    Start,
    Expire,
    Provisioned,
    NotProvisioned { unknown: bool, gives_up: bool },
}

/// What happens to a grant.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// By the holder, unless somebody else is named.
    Revoke(Option<usize>),
    Confirm(usize),
    Expire,
    Removed {
        verified: bool,
    },
    NotRemoved {
        gives_up: bool,
    },
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Move {
    Ask {
        requester: usize,
        subject: usize,
        entitlement: usize,
        length: Length,
        starts: Option<Span>,
    },
    Act {
        on: usize,
        who: Who,
        act: Act,
        shown: Shown,
    },
    /// Everybody who is asked says yes, until access is in place or nobody is left.
    Through {
        on: usize,
    },
    Report {
        on: usize,
        report: Report,
        late: bool,
        forger: Option<usize>,
    },
    End {
        on: usize,
        end: End,
    },
    Pass(Span),
    Calls(bool),
    Connector(bool),
    Policy(Option<Vec<StepSpec>>),
    Redefine(usize),
    Active(usize, bool),
    Manager(usize, Option<usize>),
    Member(usize, usize, bool),
}

fn person() -> impl Strategy<Value = usize> {
    0..PEOPLE
}

fn principal() -> impl Strategy<Value = Principal> {
    prop_oneof![
        person().prop_map(|n| Principal::User(user(&name(n)))),
        (0..GROUPS).prop_map(|n| Principal::Group(group(&format!("@{n}")))),
    ]
}

fn approver() -> impl Strategy<Value = Approver> {
    prop_oneof![
        3 => (1..=3_u8).prop_map(Approver::Manager),
        1 => Just(Approver::AppOwners),
        1 => Just(Approver::AppAdmins),
        2 => person().prop_map(|n| Approver::User(user(&name(n)))),
        2 => (0..GROUPS).prop_map(|n| Approver::Group(group(&format!("@{n}")))),
    ]
}

fn spec() -> impl Strategy<Value = StepSpec> {
    let quorum = prop_oneof![3 => Just(Quorum::Any), 2 => Just(Quorum::All), 2 => (1..=3_u32).prop_map(Quorum::Of)];
    (vec(approver(), 0..3), quorum, vec(approver(), 0..2), proptest::bool::weighted(0.1))
        .prop_map(|(approvers, quorum, fallback, disabled)| StepSpec { fallback, disabled, ..step(approvers, quorum) })
}

fn plan() -> impl Strategy<Value = Vec<StepSpec>> {
    vec(spec(), 0..4)
}

fn employee() -> impl Strategy<Value = Employee> {
    let kind = prop_oneof![6 => Just(UserKind::Person), 1 => Just(UserKind::Service), 1 => Just(UserKind::Agent)];
    let role = proptest::sample::select(Role::GIVEN.to_vec());
    let roles = prop_oneof![2 => Just(Vec::new()), 1 => vec(role, 1..3)];
    let manager = proptest::option::weighted(0.8, person());
    (manager, kind, proptest::bool::weighted(0.9), roles).prop_map(|(manager, kind, active, roles)| Employee {
        manager,
        kind,
        active,
        roles,
    })
}

/// Managers in circles, nobody above, inactive people, programs, owners who are the requester: all of it.
pub(super) fn company() -> impl Strategy<Value = Company> {
    let groups = vec(vec(person(), 0..4), GROUPS);
    let (owners, admins) = (vec(principal(), 0..3), vec(principal(), 0..3));
    (vec(employee(), PEOPLE), groups, owners, admins, plan(), any::<bool>())
        .prop_map(|(people, groups, owners, admins, plan, sim)| Company { people, groups, owners, admins, plan, sim })
}

fn length() -> impl Strategy<Value = Length> {
    let until =
        (-2..20_i64).prop_map(|days| Time::parse("2026-01-05T09:00:00Z").unwrap().micros() + days * 86_400_000_000);
    prop_oneof![
        Just(Length::Unlimited),
        (1..10_i64).prop_map(|days| Length::For(Span::from_days(days))),
        until.prop_map(|at| Length::Until(Time::from_micros(at))),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        24 => Just(Act::Approve),
        1 => Just(Act::Deny),
        4 => Just(Act::Confirm),
        1 => Just(Act::Comment),
        1 => Just(Act::Cancel),
        3 => (0..2_usize, length()).prop_map(|(entitlement, length)| Act::Edit { entitlement, length }),
    ]
}

fn report() -> impl Strategy<Value = Report> {
    prop_oneof![
        1 => Just(Report::Start),
        1 => Just(Report::Expire),
        2 => Just(Report::Provisioned),
        3 => (any::<bool>(), any::<bool>()).prop_map(|(unknown, gives_up)| Report::NotProvisioned { unknown, gives_up }),
    ]
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        3 => proptest::option::weighted(0.3, person()).prop_map(End::Revoke),
        2 => person().prop_map(End::Confirm),
        1 => Just(End::Expire),
        2 => any::<bool>().prop_map(|verified| End::Removed { verified }),
        1 => any::<bool>().prop_map(|gives_up| End::NotRemoved { gives_up }),
    ]
}

fn one() -> impl Strategy<Value = Move> {
    // Counted from the latest.
    let on = || prop_oneof![3 => Just(0_usize), 2 => 1..4_usize];
    let who = prop_oneof![2 => Just(Who::Offered), 1 => person().prop_map(Who::Person)];
    let shown = prop_oneof![8 => Just(Shown::Now), 1 => (1..6_usize).prop_map(Shown::Before), 1 => Just(Shown::NoTask), 1 => Just(Shown::NoDigest)];
    let starts = proptest::option::weighted(0.2, (0..8_i64).prop_map(Span::from_days));
    let subject = prop_oneof![3 => Just(None), 1 => person().prop_map(Some)];
    let requester = prop_oneof![2 => Just(0_usize), 1 => person()];
    prop_oneof![
        6 => (requester, subject, 0..2_usize, length(), starts).prop_map(|(requester, subject, entitlement, length, starts)| {
            Move::Ask { requester, subject: subject.unwrap_or(requester), entitlement, length, starts }
        }),
        20 => (on(), who, act(), shown).prop_map(|(on, who, act, shown)| Move::Act { on, who, act, shown }),
        3 => on().prop_map(|on| Move::Through { on }),
        8 => (on(), report(), proptest::bool::weighted(0.1), proptest::option::weighted(0.1, person()))
            .prop_map(|(on, report, late, forger)| Move::Report { on, report, late, forger }),
        6 => (on(), end()).prop_map(|(on, end)| Move::End { on, end }),
        3 => (1..400_000_i64).prop_map(|seconds| Move::Pass(Span::from_seconds(seconds))),
        1 => any::<bool>().prop_map(Move::Calls),
        1 => any::<bool>().prop_map(Move::Connector),
        1 => proptest::option::weighted(0.9, plan()).prop_map(Move::Policy),
        1 => (0..2_usize).prop_map(Move::Redefine),
        2 => (person(), any::<bool>()).prop_map(|(who, active)| Move::Active(who, active)),
        1 => (person(), proptest::option::of(person())).prop_map(|(who, manager)| Move::Manager(who, manager)),
        2 => (0..GROUPS, person(), any::<bool>()).prop_map(|(group, who, joins)| Move::Member(group, who, joins)),
    ]
}

/// What happens, in order.
pub(super) fn moves(most: usize) -> impl Strategy<Value = Vec<Move>> {
    vec(one(), most / 4..most)
}

/// People come and go while a few requests are being answered.
pub(super) fn churn(most: usize) -> impl Strategy<Value = Vec<Move>> {
    let ask = |entitlement| {
        let length = Length::Unlimited;
        Move::Ask { requester: 0, subject: 0, entitlement, length, starts: None }
    };
    let approve = |on, who| Move::Act { on, who, act: Act::Approve, shown: Shown::Now };
    let on = 0..3_usize;
    let one = prop_oneof![
        5 => on.clone().prop_map(move |on| approve(on, Who::Offered)),
        2 => (on, person()).prop_map(move |(on, n)| approve(on, Who::Person(n))),
        3 => (person(), proptest::bool::weighted(0.7)).prop_map(|(who, active)| Move::Active(who, active)),
        3 => (0..GROUPS, person(), any::<bool>()).prop_map(|(group, who, joins)| Move::Member(group, who, joins)),
        1 => (person(), proptest::option::of(person())).prop_map(|(who, manager)| Move::Manager(who, manager)),
        1 => plan().prop_map(|plan| Move::Policy(Some(plan))),
        2 => (1..9_usize).prop_map(ask),
    ];
    (vec(spec(), 2..4), vec(one, most / 4..most)).prop_map(move |(plan, mut moves)| {
        moves.splice(0..0, [Move::Policy(Some(plan)), ask(0)]);
        moves
    })
}

impl Company {
    /// The company on its first day.
    pub(super) fn build(self) -> World {
        let mut world = World::new();
        for (n, employee) in self.people.into_iter().enumerate() {
            let person = world.person(&name(n));
            person.manager = employee.manager.map(|n| user(&name(n)));
            person.kind = employee.kind;
            person.roles = employee.roles;
            person.status = if employee.active { UserStatus::Active } else { UserStatus::Inactive };
        }
        for (n, members) in self.groups.into_iter().enumerate() {
            world.groups.insert(group(&format!("@{n}")), members.into_iter().map(|n| user(&name(n))).collect());
        }
        world.owners = self.owners;
        world.admins = self.admins;
        world.connector = if self.sim { Connector::Sim } else { Connector::Manual };
        world.put_policy(self.plan);
        world
    }
}
