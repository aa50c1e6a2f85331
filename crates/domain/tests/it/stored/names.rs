//! Names in tables, bodies and log: the name of a value is its stored form, and the lists are complete.

use std::collections::BTreeSet;
use std::fmt::Debug;

use domain::app::{AppState, Connector};
use domain::catalog::CatalogState;
use domain::door::Door;
use domain::entitlement::EntitlementKind;
use domain::grant::{Cause, GrantState, Source};
use domain::job::{Act, Lane};
use domain::length::BadLength;
use domain::policy::Standby;
use domain::request::{Action, Approval, Fulfilment, Kind, StepState, Verdict};
use domain::task::{TaskKind, TaskState};
use domain::user::{Role, UserKind, UserStatus};
use domain::{Refusal, Span};
use insta::assert_snapshot;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Every, all_shown, every_variant};

every_variant!(Approval: Pending Approved Denied Cancelled Expired);
every_variant!(Fulfilment:
    Scheduled Queued Manual Granted Failed Unknown DeniedAtProvisioning Revoking Revoked RevokedUnverified);
every_variant!(Kind: Grant Revoke);
every_variant!(StepState: Done Active Next Skipped);
every_variant!(Verdict: Approved Denied Confirmed DeniedAtProvisioning Cancelled);
every_variant!(GrantState: Active Ending Revoked RevokedUnverified);
every_variant!(Source: Request);
every_variant!(Cause: Expired GivenBack Revoked);
every_variant!(TaskKind: Approval Provisioning Deprovisioning);
every_variant!(TaskState: Open Done Void);
every_variant!(Standby: None Fallback Owners Admins);
every_variant!(Door: Web Api Cli System);
every_variant!(Act: Give Take);
every_variant!(Lane: Revoke Provision);
every_variant!(Connector: Manual Sim);
every_variant!(AppState: Listed Hidden);
every_variant!(CatalogState: Draft Published);
every_variant!(EntitlementKind: Access Role Group Resource Permission);
every_variant!(Role: Requester Helpdesk AccessRequestAdmin AppAdmin ConnectorAdmin Auditor SuperAdmin);
every_variant!(UserKind: Person Service Agent);
every_variant!(UserStatus: Active Inactive);
every_variant!(Action: Approve Deny Confirm DenyProvisioning Edit Comment Cancel);
every_variant!(BadLength: TooLong NotUnlimited NotPreset EndsTooSoon BadStart);
every_variant!(Refusal:
    Closed AlreadyDecided StaleDigest Redefined OwnRequest NotAnApprover NotAllowed Inactive CommentRequired
    JustificationRequired NotRequestable NotForOthers SubjectInactive DuplicateRequest BadLength NoPolicy Busy NothingChanged
    OtherApp WindowOver Overtaken AlreadyEnding);

/// All values, by their stored names; each reads back, and `name` says the same.
fn stored<T: Every + Serialize + DeserializeOwned + Debug + PartialEq + Copy>(
    all: &[T],
    name: impl Fn(T) -> Option<&'static str>,
) -> String {
    all_shown(all);
    let each = all.iter().map(|value| {
        let stored = serde_json::to_value(value).unwrap();
        assert_eq!(serde_json::from_value::<T>(stored.clone()).unwrap(), *value);
        let stored = stored.as_str().unwrap().to_owned();
        assert!(name(*value).is_none_or(|name| name == stored), "{value:?} is stored as {stored}");
        stored
    });
    each.collect::<Vec<_>>().join(" ")
}

/// I16: the words of the two statuses and of all that belongs to requests.
#[test]
fn words_of_requests_stay() {
    use Fulfilment as F;
    let approval = [Approval::Pending, Approval::Approved, Approval::Denied, Approval::Cancelled, Approval::Expired];
    let fulfilment = [
        F::Scheduled,
        F::Queued,
        F::Manual,
        F::Granted,
        F::Failed,
        F::Unknown,
        F::DeniedAtProvisioning,
        F::Revoking,
        F::Revoked,
        F::RevokedUnverified,
    ];
    let verdict =
        [Verdict::Approved, Verdict::Denied, Verdict::Confirmed, Verdict::DeniedAtProvisioning, Verdict::Cancelled];
    let words = [
        stored(&approval, |value| Some(value.name())),
        stored(&fulfilment, |value| Some(value.name())),
        stored(&[Kind::Grant, Kind::Revoke], |value| Some(value.name())),
        stored(&[StepState::Done, StepState::Active, StepState::Next, StepState::Skipped], |_| None),
        stored(&verdict, |value| Some(value.name())),
        stored(&[Door::Web, Door::Api, Door::Cli, Door::System], |value| Some(value.name())),
        stored(&Standby::ORDER, |value| Some(value.name())),
    ];
    assert_snapshot!(words.join("\n"), @r"
    pending approved denied cancelled expired
    scheduled queued manual granted failed unknown denied_at_provisioning revoking revoked revoked_unverified
    grant revoke
    done active next skipped
    approved denied confirmed denied_at_provisioning cancelled
    web api cli system
    none fallback owners admins
    ");
}

/// The words of grants, tasks and operations.
#[test]
fn words_of_grants_tasks_and_operations_stay() {
    use GrantState as G;
    let kinds = [TaskKind::Approval, TaskKind::Provisioning, TaskKind::Deprovisioning];
    let states = [TaskState::Open, TaskState::Done, TaskState::Void];
    let words = [
        stored(&[G::Active, G::Ending, G::Revoked, G::RevokedUnverified], |value| Some(value.name())),
        stored(&[Source::Request], |value| Some(value.name())),
        stored(&[Cause::Expired, Cause::GivenBack, Cause::Revoked], |_| None),
        stored(&kinds, |value| Some(value.name())),
        stored(&states, |value| Some(value.name())),
        stored(&[Act::Give, Act::Take], |_| None),
        stored(&Lane::ALL, |value| Some(value.name())),
    ];
    assert_snapshot!(words.join("\n"), @r"
    active ending revoked revoked_unverified
    request
    expired given_back revoked
    approval provisioning deprovisioning
    open done void
    give take
    revoke provision
    ");
    assert!(kinds.iter().all(|kind| TaskKind::parse(kind.name()) == Some(*kind)));
    assert!(states.iter().all(|state| TaskState::parse(state.name()) == Some(*state)));
}

/// The words of people, apps and catalogs; what is parsed is what is written.
#[test]
fn words_of_people_apps_and_catalogs_stay() {
    let (connectors, apps) = ([Connector::Manual, Connector::Sim], [AppState::Listed, AppState::Hidden]);
    let (catalogs, kinds) =
        ([CatalogState::Draft, CatalogState::Published], [UserKind::Person, UserKind::Service, UserKind::Agent]);
    let words = [
        stored(&Role::ALL, |value| Some(value.name())),
        stored(&kinds, |value| Some(value.name())),
        stored(&[UserStatus::Active, UserStatus::Inactive], |value| Some(value.name())),
        stored(&connectors, |value| Some(value.name())),
        stored(&apps, |value| Some(value.name())),
        stored(&catalogs, |value| Some(value.name())),
        stored(&EntitlementKind::ALL, |value| Some(value.name())),
    ];
    assert_snapshot!(words.join("\n"), @r"
    requester helpdesk access_request_admin app_admin connector_admin auditor super_admin
    person service agent
    active inactive
    manual sim
    listed hidden
    draft published
    access role group resource permission
    ");
    assert!(Role::ALL.iter().all(|role| Role::parse(role.name()) == Some(*role)));
    assert!(kinds.iter().all(|kind| UserKind::parse(kind.name()) == Some(*kind)));
    assert!(connectors.iter().all(|connector| Connector::parse(connector.name()) == Some(*connector)));
    assert!(apps.iter().all(|state| AppState::parse(state.name()) == Some(*state)));
    assert!(catalogs.iter().all(|state| CatalogState::parse(state.name()) == Some(*state)));
    assert!(EntitlementKind::ALL.iter().all(|kind| EntitlementKind::parse(kind.name()) == Some(*kind)));
    assert_eq!((Role::parse("root"), TaskKind::parse(""), Connector::parse("Sim")), (None, None, None));
}

/// The lists by which pages offer things leave nothing out, and the order of stand-ins is the order of their places.
#[test]
fn lists_are_complete() {
    all_shown(&Action::ALL);
    all_shown(&Role::ALL);
    let given: BTreeSet<_> = Role::GIVEN.into_iter().chain([Role::Requester, Role::AppAdmin]).collect();
    assert_eq!(given, Role::ALL.into_iter().collect());
    let places: Vec<_> = Standby::ORDER.iter().map(|standby| standby.place()).collect();
    assert_eq!(places, [0, 1, 2, 3]);
    assert!(Standby::ORDER.is_sorted());
}

/// Every refusal has a sentence of its own in the locale files, found by its name.
#[test]
fn every_refusal_has_a_name_of_its_own() {
    use Refusal as R;
    use domain::id::{RequestId, UserId};
    let long = Span::from_days(1);
    let mut all = vec![
        R::Closed,
        R::StaleDigest,
        R::Redefined,
        R::OwnRequest,
        R::NotAnApprover,
        R::NotAllowed,
        R::Inactive,
        R::CommentRequired,
        R::JustificationRequired,
        R::NotRequestable,
        R::NotForOthers,
        R::SubjectInactive,
        R::NoPolicy,
        R::Busy,
        R::NothingChanged,
        R::OtherApp,
        R::WindowOver,
        R::Overtaken,
        R::AlreadyEnding,
        R::AlreadyDecided { by: UserId::from_bits(1), verdict: Verdict::Approved },
        R::DuplicateRequest { request: RequestId::from_bits(1), number: 1 },
    ];
    let lengths = [
        BadLength::TooLong(long),
        BadLength::NotUnlimited(long),
        BadLength::NotPreset,
        BadLength::EndsTooSoon,
        BadLength::BadStart,
    ];
    all_shown(&lengths);
    all.extend(lengths.map(R::BadLength));
    all_shown(&all);
    let names: BTreeSet<_> = all.iter().map(Refusal::name).collect();
    assert_eq!(names.len(), all.len());
    assert!(all.iter().all(|refusal| refusal.to_string() == refusal.name()));
}
