//! The demo's clock: this machine's, and as far ahead of it as somebody has moved it.

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use domain::{Span, Time};
use store::SystemClock;

/// A clock that can be moved on. At first it shows the time of this machine.
#[derive(Debug, Default)]
pub struct Clock {
    /// How far ahead of this machine it is, in microseconds; behind it only while the company's past is made.
    offset: AtomicI64,
}

impl Clock {
    /// Moves it on. It stops at the last instant that can be named.
    pub fn advance(&self, span: Span) {
        self.set(|shown| shown.plus(span));
    }

    /// Goes on from where the database stood, so that no time is lived through twice after a restart.
    pub fn resume(&self, high_water: Time) {
        self.set(|shown| shown.max(high_water));
    }

    /// Shows a time before that of this machine.
    pub(super) fn turn_back(&self, span: Span) {
        let machine = store::Clock::now(&SystemClock);
        self.set(|_| Time::from_micros(machine.micros().saturating_sub(span.micros())));
    }

    fn set(&self, next: impl Fn(Time) -> Time) {
        let machine = store::Clock::now(&SystemClock).micros();
        let moved =
            |offset: i64| next(Time::from_micros(machine.saturating_add(offset))).micros().saturating_sub(machine);
        // The closure always gives a value, so this cannot fail.
        let _before = self.offset.fetch_update(SeqCst, SeqCst, |offset| Some(moved(offset)));
    }
}

impl store::Clock for Clock {
    fn now(&self) -> Time {
        let machine = store::Clock::now(&SystemClock);
        let shown = Time::from_micros(machine.micros().saturating_add(self.offset.load(SeqCst)));
        // Nothing is added, but the sum stays within the instants that can be named.
        shown.plus(Span::default())
    }
}

#[cfg(test)]
mod tests {
    use domain::{Span, Time};
    use store::Clock as _;

    use super::Clock;

    /// How far ahead of a clock that nobody moved.
    fn ahead(clock: &Clock) -> Span {
        clock.now().since(Clock::default().now())
    }

    #[test]
    fn it_goes_on_as_far_as_it_is_moved() {
        let clock = Clock::default();
        clock.advance(Span::from_days(7));
        clock.advance(Span::from_hours(1));
        let moved = ahead(&clock).seconds() - Span::from_hours(7 * 24 + 1).seconds();
        assert!((-2..=0).contains(&moved), "{moved}");
    }

    #[test]
    fn after_a_restart_it_never_shows_an_earlier_time() {
        let stood = Time::from_micros(Clock::default().now().plus(Span::from_days(30)).micros() + 1);
        let clock = Clock::default();
        clock.resume(stood);
        assert!(clock.now() >= stood);
        let before = clock.now();
        clock.resume(Time::from_micros(0));
        assert!(clock.now() >= before);
    }

    #[test]
    fn it_never_leaves_the_instants_that_can_be_named() {
        let clock = Clock::default();
        for _ in 0..10 {
            clock.advance(Span::from_days(36_500));
        }
        assert!(Time::parse(&clock.now().to_string()).is_ok());
    }
}
