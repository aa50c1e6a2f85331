//! When something is tried again, and what the target is told.

use domain::id::{AppId, EntitlementId, OperationId, RequestId, UserId};
use domain::job::{Act, Lane, Operation, PROVISION_TRIES_FOR, next_try};
use domain::{Span, Time};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000_000;

fn start() -> Time {
    Time::parse("2026-01-05T09:00:00Z").unwrap()
}

fn lane() -> impl Strategy<Value = Lane> {
    proptest::sample::select(Lane::ALL.to_vec())
}

/// The pause before the next try in microseconds, after so many attempts within so many seconds.
fn pause(lane: Lane, attempts: u32, tried_for: i64, asked: Option<Span>, dice: u32) -> Option<i64> {
    let now = start().plus(Span::from_seconds(tried_for));
    next_try(lane, start(), attempts, asked, (now, dice)).map(|at| at.micros() - now.micros())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Between a tenth of a second and five minutes, for the first day of anything.
    #[test]
    fn pauses_are_bounded(lane in lane(), attempts: u32, tried_for in 0..43_200_i64, dice: u32) {
        let pause = pause(lane, attempts, tried_for, None, dice).unwrap();
        prop_assert!((100_000..=300_000_000).contains(&pause), "{pause}");
    }

    /// I30: revocation never gives up: for a day as often as anything, then hourly, for ever.
    #[test]
    fn revocation_never_gives_up(attempts: u32, tried_for in 0..3_000_000_000_i64, asked: Option<u32>, dice: u32) {
        let asked = asked.map(|seconds| Span::from_seconds(i64::from(seconds)));
        let pause = pause(Lane::Revoke, attempts, tried_for, asked, dice);
        prop_assert!(pause.is_some_and(|pause| pause > 0));
        if asked.is_none() {
            prop_assert!(pause.unwrap() <= HOUR);
            prop_assert_eq!(tried_for >= 86_400, pause == Some(HOUR));
        }
    }

    /// Provisioning is tried for twelve hours, then people take over.
    #[test]
    fn provisioning_gives_up_after_its_time(attempts: u32, tried_for in 0..1_000_000_i64, asked: Option<u16>, dice: u32) {
        let asked = asked.map(|seconds| Span::from_seconds(i64::from(seconds)));
        let pause = pause(Lane::Provision, attempts, tried_for, asked, dice);
        prop_assert_eq!(pause.is_none(), tried_for >= PROVISION_TRIES_FOR.seconds());
    }

    /// The longest possible pause grows with the attempts and never shrinks again; more luck is never a shorter pause.
    #[test]
    fn the_longest_pause_only_grows(lane in lane(), attempts in 0..u32::MAX, one in 0..=999_u32, other in 0..=999_u32) {
        let longest = |attempts| pause(lane, attempts, 0, None, 999).unwrap();
        prop_assert!(longest(attempts) <= longest(attempts + 1));
        let with = |dice| pause(lane, attempts, 0, None, dice).unwrap();
        prop_assert!(with(one.min(other)) <= with(one.max(other)));
    }

    /// F8: a target that names a pause gets it, and never an earlier call, however absurd the pause.
    #[test]
    fn a_named_pause_is_kept(lane in lane(), attempts: u32, seconds in 0..i64::MAX, dice: u32) {
        let asked = Span::from_seconds(seconds);
        let now = start();
        let at = next_try(lane, start(), attempts, Some(asked), (now, dice)).unwrap();
        prop_assert!(at.micros() >= now.micros().saturating_add(asked.micros()));
        prop_assert!(at.micros() - now.micros() <= asked.micros().saturating_add(150_000_000));
    }
}

/// The exact schedule without luck: 1 s, 2 s, 4 s, … 5 min.
#[test]
fn the_schedule_doubles_up_to_five_minutes() {
    let seconds = |attempts| pause(Lane::Provision, attempts, 0, None, 999).unwrap() / 1_000_000;
    let schedule: Vec<_> = (0..=11).map(seconds).collect();
    assert_eq!(schedule, [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    assert_eq!(pause(Lane::Provision, 20, 0, None, 0), Some(100_000));
}

/// I27, I34: what gives and what takes the same thing stands in one order and in different lanes.
#[test]
fn giving_and_taking_stand_in_one_order_and_in_two_lanes() {
    let give = Operation {
        id: OperationId::from_bits(1),
        act: Act::Give,
        app: AppId::from_bits(1),
        user: UserId::from_bits(1),
        entitlement: EntitlementId::from_bits(1),
        request: RequestId::from_bits(1),
        grant: None,
    };
    let take =
        Operation { id: OperationId::from_bits(2), act: Act::Take, request: RequestId::from_bits(2), ..give.clone() };
    let other = Operation { entitlement: EntitlementId::from_bits(2), ..give.clone() };
    assert_eq!(give.order_key(), take.order_key());
    assert_ne!(give.order_key(), other.order_key());
    assert_eq!((give.lane(), take.lane()), (Lane::Provision, Lane::Revoke));
    assert_eq!(Lane::ALL[0], Lane::Revoke);
}
