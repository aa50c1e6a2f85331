//! What is recorded is applied, whatever it is and whenever it comes: no event makes the fold fail.

use domain::grant::{self, Cause, GrantState};
use domain::id::{GrantId, OperationId, RequestId, UserId};
use domain::length::Length;
use domain::policy::{Approver, Quorum};
use domain::request::{self, Edited, Edition, Event, Request, StepState};
use domain::user::Actor;
use domain::{Span, Time};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::digest;
use crate::world::{said, step};

fn place() -> impl Strategy<Value = usize> {
    prop_oneof![9 => 0..3_usize, 1 => Just(usize::MAX)]
}

fn user() -> impl Strategy<Value = UserId> {
    (0..3_u128).prop_map(UserId::from_bits)
}

fn edited() -> impl Strategy<Value = Event> {
    vec(proptest::bool::ANY, 0..3).prop_map(|disabled| {
        let edition =
            |length| Edition { entitlement: digest::request().entitlement, definition: "d0".repeat(32), length };
        let spec = |disabled| domain::policy::StepSpec { disabled, ..step(vec![Approver::AppOwners], Quorum::Any) };
        Event::Edited(Box::new(Edited {
            before: edition(Length::Unlimited),
            after: edition(Length::For(Span::from_days(1))),
            policy: None,
            plan: disabled.into_iter().map(spec).collect(),
            comment: None,
        }))
    })
}

fn event() -> impl Strategy<Value = Event> {
    let text = || "d0".repeat(32);
    prop_oneof![
        edited(),
        Just(Event::Commented { text: said() }),
        (place(), any::<bool>()).prop_map(move |(step, completes)| Event::Approved {
            step,
            digest: text(),
            comment: None,
            completes
        }),
        place().prop_map(move |step| Event::Denied { step, digest: text(), comment: None }),
        (place(), vec(user(), 0..3)).prop_map(|(step, lost)| Event::StepReopened { step, lost }),
        any::<bool>().prop_map(|disabled| Event::StepAdded {
            spec: domain::policy::StepSpec { disabled, ..step(Vec::new(), Quorum::All) },
            policy: digest::request().policy.unwrap(),
        }),
        Just(Event::Cancelled { comment: None }),
        Just(Event::Expired),
        Just(Event::Authorised { digest: text() }),
        Just(Event::Scheduled { starts: Time::default() }),
        Just(Event::Queued { operation: OperationId::from_bits(1) }),
        any::<bool>().prop_map(|told| Event::Assigned { problem: told.then(|| "down".to_owned()) }),
        Just(Event::Confirmed { comment: None, given: None }),
        Just(Event::Granted { grant: GrantId::from_bits(1), starts_at: Time::default(), ends_at: None }),
        any::<bool>().prop_map(|unknown| Event::Failed { problem: "down".to_owned(), unknown }),
        Just(Event::DeniedAtProvisioning { digest: text(), comment: None, checked: true }),
        Just(Event::Revoking),
        any::<bool>().prop_map(|verified| Event::Revoked { verified }),
    ]
}

fn grant_event() -> impl Strategy<Value = grant::Event> {
    use grant::Event as E;
    let operation = proptest::option::of(Just(OperationId::from_bits(1)));
    prop_oneof![
        operation.prop_map(|operation| E::Ending {
            cause: Cause::Revoked,
            due: Time::default(),
            request: Some(RequestId::from_bits(2)),
            operation
        }),
        Just(E::RemovalAssigned { problem: None }),
        Just(E::RemovalFailed { problem: "down".to_owned() }),
        any::<bool>().prop_map(|verified| E::Revoked { verified, covered_by: Vec::new(), comment: None, given: None }),
    ]
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![Just(Actor::System), user().prop_map(Actor::User)]
}

/// What must hold of any request whatever was recorded about it.
fn sane(before: &Request, after: &Request) {
    assert_eq!(after.version, before.version.saturating_add(1), "every event counts");
    assert!(after.revision >= before.revision);
    let active = after.plan.iter().filter(|step| step.state == StepState::Active).count();
    assert!(active <= 1, "at most one step is active");
    for step in &after.plan {
        let mut people: Vec<_> = step.decisions.iter().map(|decision| &decision.by).collect();
        let all = people.len();
        people.sort();
        people.dedup();
        assert_eq!(people.len(), all, "one answer each");
    }
    assert_eq!(after.id, before.id);
    assert_eq!((&after.requester, &after.subject), (&before.requester, &before.subject));
    let _ = (after.digest(), after.open_task(), after.is_open(), after.active());
}

proptest! {
    #![proptest_config(super::config(200))]

    /// I21: any event fits on any state of a request.
    #[test]
    fn every_event_applies_to_every_request(
        events in vec((event(), actor(), 0..1_000_i64), 0..30),
        last in any::<bool>(),
    ) {
        let mut request = digest::request();
        if last {
            (request.version, request.revision) = (i64::MAX, u32::MAX);
        }
        for (event, actor, at) in events {
            let after = request::apply(request.clone(), &event, &actor, Time::from_micros(at));
            sane(&request, &after);
            let _ = domain::job::of_request(Some(&request), &event, &after);
            request = after;
        }
    }

    /// I21: any event fits on any state of a grant.
    #[test]
    fn every_event_applies_to_every_grant(events in vec((grant_event(), actor(), 0..1_000_i64), 0..20)) {
        let mut grant = grant::begin(&digest::request(), GrantId::from_bits(1), Time::default(), None);
        for (event, actor, at) in events {
            let after = grant::apply(grant.clone(), &event, &actor, Time::from_micros(at));
            prop_assert_eq!(after.version, grant.version + 1);
            prop_assert!(after.open_task().is_none() || after.state == GrantState::Ending);
            let _ = domain::job::of_grant(&event, &after);
            grant = after;
        }
    }
}

/// Only the filing of a request begins one; filing again changes nothing.
#[test]
fn only_filing_begins_a_request() {
    assert_eq!(request::fold(&Event::Expired), None);
    assert_eq!(request::fold(&Event::Revoking), None);
}
