//! A sample of every row.

use std::collections::BTreeMap;

use domain::app::{App, AppState, Connector, Principal};
use domain::catalog::{Audience, Catalog, CatalogState, Clause};
use domain::entitlement::{Entitlement, EntitlementKind};
use domain::grant::{Cause, Grant, GrantState, Removal, Source};
use domain::group::Group;
use domain::id::{AppId, CatalogId, EntitlementId, GrantId, GroupId, OperationId, PolicyId, RequestId, TaskId, UserId};
use domain::job::{Act, Operation};
use domain::length::Stay;
use domain::policy::{Policy, Rule, Rules};
use domain::request::{Approval, Decision, Request, Verdict};
use domain::settings::Settings;
use domain::task::{Task, TaskKind, TaskState};
use domain::user::{Role, User, UserKind, UserStatus};
use domain::{Span, Time};

use super::samples::{at, full_step, small_steps};
use crate::digest;

pub(super) fn requests() -> Vec<Request> {
    let full = digest::request();
    let bare = Request {
        starts: None,
        justification: None,
        policy: None,
        plan: Vec::new(),
        approval: Approval::Pending,
        fulfilment: None,
        operation: None,
        problem: None,
        provisioning: None,
        grant: None,
        ..full.clone()
    };
    vec![full, bare]
}

pub(super) fn grants() -> Vec<Grant> {
    let removal = Removal {
        cause: Cause::GivenBack,
        since: at(),
        due: at(),
        request: Some(RequestId::from_bits(2)),
        operation: Some(OperationId::from_bits(1)),
        by_hand: true,
        problem: Some("down".to_owned()),
        confirmed: Some(Decision { by: UserId::from_bits(3), verdict: Verdict::Confirmed, at: at() }),
    };
    let full = Grant {
        id: GrantId::from_bits(1),
        user: UserId::from_bits(2),
        app: AppId::from_bits(1),
        entitlement: EntitlementId::from_bits(1),
        definition: "d0".repeat(32),
        state: GrantState::Ending,
        source: Source::Request,
        request: RequestId::from_bits(1),
        starts_at: at(),
        ends_at: Some(Time::parse("2026-01-12T09:00:00Z").unwrap()),
        removal: Some(removal.clone()),
        version: 2,
    };
    let bare = Removal { request: None, operation: None, by_hand: false, problem: None, confirmed: None, ..removal };
    let ending = Grant { removal: Some(bare), ..full.clone() };
    let active = Grant { state: GrantState::Active, ends_at: None, removal: None, version: 1, ..full.clone() };
    vec![full, ending, active]
}

pub(super) fn tasks() -> Vec<Task> {
    let approval = Task {
        id: TaskId::from_bits(1),
        kind: TaskKind::Approval,
        state: TaskState::Done,
        request: RequestId::from_bits(1),
        revision: 1,
        step: Some(0),
        created_at: at(),
        closed_at: Some(at()),
    };
    let of = |kind, state| Task { kind, state, step: None, closed_at: None, ..approval.clone() };
    let others = [of(TaskKind::Provisioning, TaskState::Open), of(TaskKind::Deprovisioning, TaskState::Void)];
    [approval.clone()].into_iter().chain(others).collect()
}

pub(super) fn operations() -> Vec<Operation> {
    let give = Operation {
        id: OperationId::from_bits(1),
        act: Act::Give,
        app: AppId::from_bits(1),
        user: UserId::from_bits(2),
        entitlement: EntitlementId::from_bits(1),
        request: RequestId::from_bits(1),
        grant: None,
    };
    vec![give.clone(), Operation { act: Act::Take, grant: Some(GrantId::from_bits(1)), ..give }]
}

pub(super) fn settings() -> Vec<Settings> {
    let full = Settings {
        presets: Some(vec![Stay::For(Span::from_days(1)), Stay::Unlimited]),
        default_length: Some(Stay::For(Span::from_days(1))),
        max_length: Some(Stay::Unlimited),
        custom_length: Some(false),
        justification_required: Some(true),
        approve_comment_required: Some(true),
        deny_comment_required: Some(true),
        confirm_comment_required: Some(false),
        policy: Some(PolicyId::from_bits(1)),
    };
    vec![full, Settings::default()]
}

pub(super) fn policy() -> Policy {
    let mut steps = vec![full_step()];
    steps.extend(small_steps());
    let rules = Rules(vec![
        Rule { name: "Large".to_owned(), when: Some("true".to_owned()), steps },
        Rule { name: "Default".to_owned(), when: None, steps: Vec::new() },
    ]);
    Policy { id: PolicyId::from_bits(1), name: "Manager".to_owned(), version: 3, hash: rules.hash(), rules }
}

pub(super) fn catalogs() -> Vec<Catalog> {
    let everyone = Catalog {
        id: CatalogId::from_bits(1),
        slug: "engineering".to_owned(),
        name: "Engineering".to_owned(),
        audience: Audience::Everyone,
        entitlements: vec![EntitlementId::from_bits(1)],
        bundle: true,
        state: CatalogState::Published,
        version: 2,
    };
    let department =
        Clause::Attribute { name: "department".to_owned(), is: vec!["R&D".to_owned(), "Security".to_owned()] };
    let some = Audience::Any(vec![Clause::Group(GroupId::from_bits(1)), department]);
    vec![everyone.clone(), Catalog { audience: some, bundle: false, state: CatalogState::Draft, ..everyone }]
}

pub(super) fn user() -> User {
    User {
        id: UserId::from_bits(1),
        email: "ann@example.com".to_owned(),
        name: "Ann".to_owned(),
        kind: UserKind::Person,
        status: UserStatus::Active,
        manager: Some(UserId::from_bits(2)),
        attributes: BTreeMap::from([("department".to_owned(), "R&D".to_owned())]),
        roles: Role::ALL.to_vec(),
        version: 2,
    }
}

pub(super) fn group() -> Group {
    Group { id: GroupId::from_bits(1), name: "Security".to_owned(), version: 2 }
}

pub(super) fn app() -> App {
    App {
        id: AppId::from_bits(1),
        slug: "github".to_owned(),
        name: "GitHub".to_owned(),
        description: "Code".to_owned(),
        category: "Engineering".to_owned(),
        owners: vec![Principal::User(UserId::from_bits(1))],
        admins: vec![Principal::Group(GroupId::from_bits(1))],
        connector: Connector::Sim,
        instructions: "Add to the team".to_owned(),
        url: Some("https://github.example/admin".to_owned()),
        state: AppState::Hidden,
        settings: Settings::default(),
        version: 2,
    }
}

pub(super) fn entitlement() -> Entitlement {
    Entitlement {
        id: EntitlementId::from_bits(1),
        app: AppId::from_bits(1),
        slug: "write".to_owned(),
        name: "GitHub Write Access".to_owned(),
        kind: EntitlementKind::Permission,
        description: "Push to repositories".to_owned(),
        instructions: String::new(),
        settings: settings().remove(0),
        version: 2,
    }
}
