//! Domain values with everything filled in: a test changes what it is about and takes the rest as it comes.
//!
//! Ids follow from names and numbers, so that a test can name a thing twice and mean the same one.

use std::collections::BTreeMap;

use domain::app::{App, AppState, Connector, Principal};
use domain::catalog::{Audience, Catalog, CatalogState};
use domain::door::Door;
use domain::entitlement::{Entitlement, EntitlementKind};
use domain::group::Group;
use domain::id::{AppId, CatalogId, EntitlementId, GroupId, PolicyId, RequestId, SubmissionId, UserId};
use domain::length::Length;
use domain::policy::{Approver, Policy, Quorum, Rule, Rules, StepKind, StepSpec};
use domain::request::{self, Kind, Request, Submitted};
use domain::settings::Settings;
use domain::user::{User, UserKind, UserStatus};
use domain::{Span, Time};

/// Monday, 5 January 2026, nine in the morning: when the clock of a test begins.
pub const MORNING: Time = Time::from_micros(1_767_603_600_000_000);

/// An active person without manager, attributes or roles.
#[must_use]
pub fn person(name: &str) -> User {
    User {
        id: UserId::derive(&[name]),
        email: format!("{}@example.com", slug(name)),
        name: name.to_owned(),
        kind: UserKind::Person,
        status: UserStatus::Active,
        manager: None,
        attributes: BTreeMap::new(),
        roles: Vec::new(),
        version: 1,
    }
}

/// A group.
#[must_use]
pub fn group(name: &str) -> Group {
    Group { id: GroupId::derive(&[name]), name: name.to_owned(), version: 1 }
}

/// A listed app whose access people set up by hand.
#[must_use]
pub fn app(name: &str, owners: Vec<Principal>, admins: Vec<Principal>) -> App {
    App {
        id: AppId::derive(&[name]),
        slug: slug(name),
        name: name.to_owned(),
        description: format!("What {name} is for."),
        category: "Tools".to_owned(),
        owners,
        admins,
        connector: Connector::Manual,
        instructions: "Invite them on the members page.".to_owned(),
        url: None,
        state: AppState::Listed,
        settings: Settings::default(),
        version: 1,
    }
}

/// A role in an app.
#[must_use]
pub fn entitlement(app: &App, name: &str) -> Entitlement {
    Entitlement {
        id: EntitlementId::derive(&[app.id.as_str(), name]),
        app: app.id.clone(),
        slug: slug(name),
        name: name.to_owned(),
        kind: EntitlementKind::Role,
        description: format!("What {name} gives."),
        instructions: String::new(),
        settings: Settings::default(),
        version: 1,
    }
}

/// A published catalog.
#[must_use]
pub fn catalog(name: &str, audience: Audience, entitlements: &[&Entitlement]) -> Catalog {
    let mut entitlements: Vec<_> = entitlements.iter().map(|entitlement| entitlement.id.clone()).collect();
    entitlements.sort();
    Catalog {
        id: CatalogId::derive(&[name]),
        slug: slug(name),
        name: name.to_owned(),
        audience,
        entitlements,
        bundle: false,
        state: CatalogState::Published,
        version: 1,
    }
}

/// A step that any one of these can answer.
#[must_use]
pub fn step(approvers: Vec<Approver>) -> StepSpec {
    StepSpec {
        kind: StepKind::Approval,
        name: "Approval".to_owned(),
        approvers,
        quorum: Quorum::Any,
        fallback: Vec::new(),
        disabled: false,
    }
}

/// A version of a policy with one rule.
#[must_use]
pub fn policy(name: &str, version: i64, steps: Vec<StepSpec>) -> Policy {
    let rules = Rules(vec![Rule { name: "Always".to_owned(), when: None, steps }]);
    Policy { id: PolicyId::derive(&[name]), name: name.to_owned(), version, hash: rules.hash(), rules }
}

/// How request `number` begins: its subject asks for an entitlement for thirty days, and the manager is to answer.
#[must_use]
pub fn submitted(number: i64, subject: &User, entitlement: &Entitlement) -> Submitted {
    let bits = u128::from(number.unsigned_abs());
    Submitted {
        request: RequestId::from_bits(bits),
        number,
        submission: SubmissionId::from_bits(bits),
        ask: Kind::Grant,
        requester: subject.id.clone(),
        subject: subject.id.clone(),
        app: entitlement.app.clone(),
        entitlement: entitlement.id.clone(),
        definition: entitlement.definition(),
        length: Length::For(Span::from_days(30)),
        starts: None,
        emergency: false,
        justification: None,
        policy: None,
        plan: vec![step(vec![Approver::Manager(1)])],
        grant: None,
        door: Door::Web,
        at: MORNING,
    }
}

/// The same as a request.
#[must_use]
pub fn request(number: i64, subject: &User, entitlement: &Entitlement) -> Request {
    let begun = request::Event::Submitted(Box::new(submitted(number, subject, entitlement)));
    request::fold(&begun).expect("a submission begins a request")
}

/// A name as a slug.
fn slug(name: &str) -> String {
    name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}
