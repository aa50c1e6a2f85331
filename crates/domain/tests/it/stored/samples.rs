//! A sample of everything that is in the log, each optional field once set and once absent.

use std::collections::{BTreeMap, BTreeSet};

use domain::app::Connector;
use domain::door::Door;
use domain::grant::{self, Cause};
use domain::id::{AppId, EntitlementId, GrantId, GroupId, OperationId, PolicyId, RequestId, SubmissionId, UserId};
use domain::length::Length;
use domain::policy::{Approver, Quorum, Standby, StepKind, StepSpec};
use domain::request::{
    Commitment, Current, Edited, Edition, Event, Facts, Given, Kind, PersonFact, Pin, Required, StandbyFact, StepFact,
    Submitted,
};
use domain::user::{Role, UserKind};
use domain::{Span, Time};

pub(super) fn at() -> Time {
    Time::parse("2026-01-05T09:00:00.000001Z").unwrap()
}

fn later() -> Time {
    Time::parse("2026-01-12T09:00:00Z").unwrap()
}

pub(super) fn said() -> Option<Commitment> {
    Some(Commitment { commitment: "c0".repeat(32) })
}

fn digest() -> String {
    "d1".repeat(32)
}

pub(super) fn pin() -> Pin {
    Pin { policy: PolicyId::from_bits(1), version: 3, hash: "a0".repeat(32), rule: "Default".to_owned() }
}

/// A step with every kind of approver.
pub(super) fn full_step() -> StepSpec {
    StepSpec {
        kind: StepKind::Approval,
        name: "Manager".to_owned(),
        approvers: vec![
            Approver::Manager(2),
            Approver::AppOwners,
            Approver::AppAdmins,
            Approver::User(UserId::from_bits(1)),
            Approver::Group(GroupId::from_bits(1)),
        ],
        quorum: Quorum::Of(2),
        fallback: vec![Approver::AppOwners],
        disabled: true,
    }
}

pub(super) fn small_steps() -> Vec<StepSpec> {
    let step = |quorum| StepSpec {
        kind: StepKind::Approval,
        name: "Owner".to_owned(),
        approvers: Vec::new(),
        quorum,
        fallback: Vec::new(),
        disabled: false,
    };
    vec![step(Quorum::Any), step(Quorum::All)]
}

pub(super) fn given() -> Option<Given> {
    Some(Given {
        license: Some("Team".to_owned()),
        role: Some("Member".to_owned()),
        group: Some("core".to_owned()),
        level: Some("write".to_owned()),
    })
}

fn submitted() -> Submitted {
    Submitted {
        request: RequestId::from_bits(1),
        number: 1042,
        submission: SubmissionId::from_bits(1),
        ask: Kind::Grant,
        requester: UserId::from_bits(1),
        subject: UserId::from_bits(2),
        app: AppId::from_bits(1),
        entitlement: EntitlementId::from_bits(1),
        definition: "d0".repeat(32),
        length: Length::For(Span::from_hours(8)),
        starts: Some(at()),
        emergency: false,
        justification: said(),
        policy: Some(pin()),
        plan: vec![full_step()],
        grant: None,
        door: Door::Web,
        at: at(),
    }
}

fn removal() -> Submitted {
    Submitted {
        ask: Kind::Revoke,
        length: Length::Unlimited,
        starts: None,
        justification: None,
        policy: None,
        plan: Vec::new(),
        grant: Some(GrantId::from_bits(1)),
        door: Door::Cli,
        ..submitted()
    }
}

fn edition(length: Length) -> Edition {
    Edition { entitlement: EntitlementId::from_bits(1), definition: "d0".repeat(32), length }
}

/// Everything that can happen to a request.
pub(super) fn request_events() -> Vec<Event> {
    let mut events = filing();
    events.extend(answering());
    events.extend(fulfilling());
    events
}

fn filing() -> Vec<Event> {
    let edited = Edited {
        before: edition(Length::Unlimited),
        after: edition(Length::Until(later())),
        policy: Some(pin()),
        plan: small_steps(),
        comment: said(),
    };
    let bare = Edited { policy: None, plan: Vec::new(), comment: None, ..edited.clone() };
    vec![
        Event::Submitted(Box::new(submitted())),
        Event::Submitted(Box::new(removal())),
        Event::Edited(Box::new(edited)),
        Event::Edited(Box::new(bare)),
        Event::Commented { text: said().unwrap() },
        Event::Cancelled { comment: said() },
        Event::Cancelled { comment: None },
        Event::Expired,
    ]
}

fn answering() -> Vec<Event> {
    vec![
        Event::Approved { step: 0, digest: digest(), comment: said(), completes: true },
        Event::Approved { step: 1, digest: digest(), comment: None, completes: false },
        Event::Denied { step: 0, digest: digest(), comment: said() },
        Event::Denied { step: 0, digest: digest(), comment: None },
        Event::StepReopened { step: 0, lost: vec![UserId::from_bits(3)] },
        Event::StepReopened { step: 0, lost: Vec::new() },
        Event::StepAdded { spec: full_step(), policy: pin() },
        Event::Authorised { digest: digest() },
    ]
}

fn fulfilling() -> Vec<Event> {
    let grant = || GrantId::from_bits(1);
    vec![
        Event::Scheduled { starts: at() },
        Event::Queued { operation: OperationId::from_bits(1) },
        Event::Assigned { problem: Some("no such account".to_owned()) },
        Event::Assigned { problem: None },
        Event::Confirmed { comment: said(), given: given() },
        Event::Confirmed { comment: None, given: Some(Given::default()) },
        Event::Confirmed { comment: None, given: None },
        Event::Granted { grant: grant(), starts_at: at(), ends_at: Some(later()) },
        Event::Granted { grant: grant(), starts_at: at(), ends_at: None },
        Event::Failed { problem: "timeout".to_owned(), unknown: true },
        Event::DeniedAtProvisioning { digest: digest(), comment: said(), checked: true },
        Event::DeniedAtProvisioning { digest: digest(), comment: None, checked: false },
        Event::Revoking,
        Event::Revoked { verified: true },
    ]
}

/// Everything that can happen to a grant.
pub(super) fn grant_events() -> Vec<grant::Event> {
    use grant::Event;
    let ending = |cause, request, operation| Event::Ending { cause, due: later(), request, operation };
    vec![
        ending(Cause::Expired, None, Some(OperationId::from_bits(1))),
        ending(Cause::GivenBack, Some(RequestId::from_bits(2)), None),
        ending(Cause::Revoked, None, None),
        Event::RemovalAssigned { problem: Some("no right".to_owned()) },
        Event::RemovalAssigned { problem: None },
        Event::RemovalFailed { problem: "down".to_owned() },
        Event::Revoked { verified: false, covered_by: Vec::new(), comment: said(), given: given() },
        Event::Revoked { verified: true, covered_by: vec![GrantId::from_bits(2)], comment: None, given: None },
    ]
}

fn step_fact() -> StepFact {
    let of = |standby, eligible| StandbyFact {
        standby,
        keys: vec!["manages:usr_00000000000000000000000002".to_owned()],
        eligible,
        members: BTreeSet::from([UserId::from_bits(3)]),
    };
    StepFact(vec![of(Standby::None, 0), of(Standby::Fallback, 0), of(Standby::Owners, 0), of(Standby::Admins, 1)])
}

/// What a decision on a request looked at.
pub(super) fn facts() -> Vec<Facts> {
    let person = |kind, roles| PersonFact { version: 2, active: true, kind, roles };
    let full = Facts {
        now: at(),
        directory: 7,
        people: BTreeMap::from([
            (UserId::from_bits(3), person(UserKind::Person, vec![Role::Helpdesk])),
            (UserId::from_bits(4), person(UserKind::Service, Vec::new())),
        ]),
        definition: "d0".repeat(32),
        connector: Connector::Sim,
        steps: BTreeMap::from([(0, step_fact()), (10, StepFact(Vec::new()))]),
        provisioning: step_fact(),
        responsible: BTreeSet::from([UserId::from_bits(3)]),
        current: Some(Current { pin: pin(), steps: vec![(full_step(), step_fact())] }),
        policy_missing: true,
        required: Required { approve: true, deny: false, confirm: true },
        in_flight: true,
    };
    let bare = Facts {
        people: BTreeMap::new(),
        connector: Connector::Manual,
        steps: BTreeMap::new(),
        provisioning: StepFact(Vec::new()),
        responsible: BTreeSet::new(),
        current: None,
        policy_missing: false,
        in_flight: false,
        ..full.clone()
    };
    vec![full, bare]
}

/// What a decision on a grant looked at.
pub(super) fn grant_facts() -> Vec<grant::Facts> {
    let actor = PersonFact { version: 2, active: false, kind: UserKind::Agent, roles: vec![Role::SuperAdmin] };
    let full = grant::Facts {
        now: at(),
        directory: 7,
        actor: Some(actor),
        responsible: true,
        provisioning: step_fact(),
        connector: Connector::Sim,
        others: BTreeSet::from([GrantId::from_bits(2)]),
        comment_required: true,
    };
    vec![full.clone(), grant::Facts { actor: None, others: BTreeSet::new(), ..full }]
}
