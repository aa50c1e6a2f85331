//! Where "now" comes from.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::Time;

/// A source of the current time. Nothing but the store asks one, and it asks once per group or read.
pub trait Clock: Send + Sync {
    /// The time as this source sees it. It may go back; the store's effective now never does (I37).
    fn now(&self) -> Time;
}

/// The clock of this process's machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        // Both limits lie outside what a clock can show; a clock set to before 1970 counts as 1970.
        #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}
