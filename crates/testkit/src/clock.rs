//! A clock that stands still until a test moves it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

use domain::{Span, Time};

/// Shows what it was set to, on every node that has a clone of it.
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<AtomicI64>);

impl Default for FakeClock {
    /// Monday, 5 January 2026, nine in the morning.
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(1_767_603_600_000_000)))
    }
}

impl FakeClock {
    /// Shows `time` from now on, which may lie in the past.
    pub fn set(&self, time: Time) {
        self.0.store(time.micros(), SeqCst);
    }

    /// Goes forward.
    pub fn advance(&self, span: Span) {
        self.0.fetch_add(span.micros(), SeqCst);
    }
}

impl store::Clock for FakeClock {
    fn now(&self) -> Time {
        Time::from_micros(self.0.load(SeqCst))
    }
}
