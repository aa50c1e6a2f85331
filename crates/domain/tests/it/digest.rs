//! The digest: whoever approves, approves exactly this.

use domain::canonical;
use domain::door::Door;
use domain::id::{AppId, EntitlementId, GrantId, OperationId, PolicyId, RequestId, SubmissionId, UserId};
use domain::length::Length;
use domain::policy::{Approver, Quorum};
use domain::request::{Approval, Commitment, Decision, Fulfilment, Kind, Pin, PlanStep, Request, StepState, Verdict};
use domain::{Span, Time};
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::world::step;

type Change = (&'static str, fn(&mut Request));

/// A request with every field set.
pub(crate) fn request() -> Request {
    let at = Time::parse("2026-01-05T09:00:00Z").unwrap();
    let decision = |verdict| Decision { by: UserId::from_bits(3), verdict, at };
    let step = PlanStep {
        spec: step(vec![Approver::Manager(1)], Quorum::Any),
        state: StepState::Done,
        since: Some(at),
        decisions: vec![decision(Verdict::Approved)],
    };
    Request {
        id: RequestId::from_bits(1),
        number: 1042,
        submission: SubmissionId::from_bits(2),
        kind: Kind::Grant,
        requester: UserId::from_bits(1),
        subject: UserId::from_bits(2),
        app: AppId::from_bits(1),
        entitlement: EntitlementId::from_bits(1),
        definition: "d0".repeat(32),
        length: Length::For(Span::from_days(7)),
        starts: Some(at),
        emergency: false,
        justification: Some(Commitment { commitment: "c0".repeat(32) }),
        revision: 1,
        version: 5,
        policy: Some(Pin {
            policy: PolicyId::from_bits(1),
            version: 3,
            hash: "a0".repeat(32),
            rule: "Default".to_owned(),
        }),
        plan: vec![step],
        approval: Approval::Approved,
        fulfilment: Some(Fulfilment::Granted),
        operation: Some(OperationId::from_bits(1)),
        problem: Some("no such account".to_owned()),
        provisioning: Some(decision(Verdict::Confirmed)),
        grant: Some(GrantId::from_bits(1)),
        door: Door::Web,
        created_at: at,
        updated_at: at,
    }
}

/// Everything an approver relies on ("Digest" of the invariants).
const COVERED: &[Change] = &[
    ("id", |r| r.id = RequestId::from_bits(9)),
    ("revision", |r| r.revision = 2),
    ("kind", |r| r.kind = Kind::Revoke),
    ("requester", |r| r.requester = UserId::from_bits(9)),
    ("subject", |r| r.subject = UserId::from_bits(9)),
    ("app", |r| r.app = AppId::from_bits(9)),
    ("entitlement", |r| r.entitlement = EntitlementId::from_bits(9)),
    ("definition", |r| r.definition = "d1".repeat(32)),
    ("starts", |r| r.starts = None),
    ("a later start", |r| r.starts = r.starts.map(|at| Time::from_micros(at.micros() + 1))),
    ("no end", |r| r.length = Length::Unlimited),
    ("longer", |r| r.length = Length::For(Span::from_seconds(7 * 86_400 + 1))),
    ("until", |r| r.length = Length::Until(Time::parse("2026-01-12T09:00:00Z").unwrap())),
    ("emergency", |r| r.emergency = true),
    ("justification", |r| r.justification = None),
    ("another justification", |r| r.justification = Some(Commitment { commitment: "c1".repeat(32) })),
    ("no policy", |r| r.policy = None),
    ("policy", |r| r.policy.as_mut().unwrap().policy = PolicyId::from_bits(9)),
    ("policy version", |r| r.policy.as_mut().unwrap().version = 4),
    ("policy hash", |r| r.policy.as_mut().unwrap().hash = "a1".repeat(32)),
];

/// What changes while it is decided and fulfilled.
const NOT_COVERED: &[Change] = &[
    ("number", |r| r.number = 9),
    ("submission", |r| r.submission = SubmissionId::from_bits(9)),
    ("version", |r| r.version = 9),
    ("rule", |r| r.policy.as_mut().unwrap().rule = "Other".to_owned()),
    ("plan", |r| r.plan.clear()),
    ("approval", |r| r.approval = Approval::Pending),
    ("fulfilment", |r| r.fulfilment = None),
    ("operation", |r| r.operation = None),
    ("problem", |r| r.problem = None),
    ("provisioning", |r| r.provisioning = None),
    ("grant", |r| r.grant = None),
    ("door", |r| r.door = Door::Api),
    ("created_at", |r| r.created_at = Time::default()),
    ("updated_at", |r| r.updated_at = Time::default()),
];

/// I2: changing any field of the digest changes the digest, and no two changes look the same.
#[test]
fn every_field_that_is_approved_changes_the_digest() {
    let mut seen = vec![("nothing", request().digest())];
    for (what, change) in COVERED {
        let mut changed = request();
        change(&mut changed);
        let digest = changed.digest();
        let same = seen.iter().find(|(_, earlier)| *earlier == digest);
        assert_eq!(same, None, "{what}");
        seen.push((what, digest));
    }
}

/// I2: answering and fulfilling leave the digest as it is.
#[test]
fn what_happens_later_leaves_the_digest_alone() {
    for (what, change) in NOT_COVERED {
        let mut changed = request();
        change(&mut changed);
        assert_eq!(changed.digest(), request().digest(), "{what}");
    }
}

/// Digests are in the log for ever: the way they are made never changes.
#[test]
fn a_digest_stays_what_it_was() {
    assert_snapshot!(request().digest(), @"3851f68501209e854ae6540f05e560f2ec3513035f04980dca6ee2cd6e3bc57c");
    assert_snapshot!(canonical::hash(&serde_json::json!({"b": 1, "a": [true, null, "é"]})), @"17c8c6f7f948ee1c9b93b1bc35f6edc29cbaf3022bff7d076d1c4831dd8a44a2");
}

/// An instant that somebody may name.
fn instant() -> impl Strategy<Value = Time> {
    let last = Time::from_micros(i64::MAX).plus(Span::default()).micros();
    prop_oneof![0..=last, last - 3..=last].prop_map(Time::from_micros)
}

fn length() -> impl Strategy<Value = Length> {
    prop_oneof![
        Just(Length::Unlimited),
        (1..100_000_i64).prop_map(|seconds| Length::For(Span::from_seconds(seconds))),
        instant().prop_map(Length::Until),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// I2: two lengths or starts give the same digest only when they are the same, up to the last instant there is.
    #[test]
    fn different_times_have_different_digests(
        one in (length(), proptest::option::of(instant())),
        other in (length(), proptest::option::of(instant())),
    ) {
        let digest = |(length, starts)| Request { length, starts, ..request() }.digest();
        prop_assert_eq!(digest(one) == digest(other), one == other);
        if let Some(at) = one.1 {
            let later = (one.0, Some(Time::from_micros(at.micros() - 1)));
            prop_assert_ne!(digest(one), digest(later));
        }
    }
}
