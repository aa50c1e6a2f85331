//! The simulated target app: accounts and memberships in a file of its own, with mishaps by setting.
//!
//! It stands for a system that we do not own. Its file is independent of our database and is written without
//! fsync, so it survives SIGKILL of the process but promises nothing about a power cut. It remembers which calls it
//! received, so that tests can count effects per operation (I23).

mod file;
mod socket;
mod target;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

pub use file::OpenFailed;
pub use socket::{Remote, RemoteFailed, serve};
pub use target::{Answered, CALLS_KEPT_MAX, CallHeard, Heard, Holding};

use crate::contract::{Act, Call, Connector, EffectClass, Operation, Outcome, ReadBackFailed, Seen};
use file::TargetFile;
use target::Target;

/// How long a throttled caller is told to stay away.
const THROTTLED_FOR: Duration = Duration::from_secs(1);

/// The mishaps. Every setting is off at zero; `every: 3` means the third, sixth, ninth… change heard since the
/// target was opened. When several are due at once, the order is refuse, throttle, fail, lose the reply.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimSettings {
    /// How long each call takes, in milliseconds; a change takes effect half-way.
    pub delay_ms: u64,
    /// This change fails before it has an effect and may be repeated.
    pub fail_every: u64,
    /// This change has its effect, but the reply is lost.
    pub lose_reply_every: u64,
    /// Each change arrives twice and is answered twice.
    pub answer_twice: bool,
    /// This change is put off with a time to come back.
    pub throttle_every: u64,
    /// This change is refused for good.
    pub refuse_every: u64,
}

/// The simulated target inside our own process. See [`serve`] for one in a process of its own.
#[derive(Debug)]
pub struct Sim {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: SimSettings,
    target: Target,
    file: TargetFile,
    changes_heard: u64,
}

impl Sim {
    /// Opens the target kept in `path` and creates it when it is missing.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds a whole line that is not ours.
    pub fn open(path: &Path, settings: SimSettings) -> Result<Self, OpenFailed> {
        let (file, target) = TargetFile::open(path)?;
        let inner = Inner { settings, target, file, changes_heard: 0 };
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// The mishaps in force.
    #[must_use]
    pub fn settings(&self) -> SimSettings {
        self.lock().settings.clone()
    }

    /// Changes the mishaps, from the next call on.
    pub fn tune(&self, settings: SimSettings) {
        self.lock().settings = settings;
    }

    /// Who holds what, ordered by app, account and entitlement.
    #[must_use]
    pub fn holdings(&self) -> Vec<Holding> {
        self.lock().target.holdings().cloned().collect()
    }

    /// The newest [`CALLS_KEPT_MAX`] calls, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<CallHeard> {
        self.lock().target.calls().cloned().collect()
    }

    // Nothing panics while it holds the lock; if that ever changes, the state is still whole, because the file is
    // written before the memory.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn change(&self, operation: &Operation) -> Outcome {
        let settings = self.settings();
        let half = Duration::from_millis(settings.delay_ms) / 2;
        pause(half).await;
        let outcome = {
            let mut inner = self.lock();
            let mishap = inner.next_mishap();
            let outcome = inner.hear_change(operation, mishap);
            if settings.answer_twice {
                inner.hear_change(operation, Mishap::None);
            }
            outcome
        };
        pause(half).await;
        outcome
    }

    async fn look(&self, operation: &Operation) -> Result<Seen, ReadBackFailed> {
        pause(Duration::from_millis(self.settings().delay_ms)).await;
        let mut inner = self.lock();
        let call = inner.target.read(operation);
        inner.keep(call).map_err(|why| ReadBackFailed { why })?;
        Ok(inner.target.seen(operation))
    }
}

impl Connector for Sim {
    fn effect_class(&self, _act: Act) -> EffectClass {
        EffectClass::E1
    }

    fn apply<'a>(&'a self, operation: &'a Operation) -> Call<'a, Outcome> {
        Box::pin(self.change(operation))
    }

    fn read_back<'a>(&'a self, operation: &'a Operation) -> Call<'a, Result<Seen, ReadBackFailed>> {
        Box::pin(self.look(operation))
    }
}

/// What goes wrong with one change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mishap {
    None,
    Refuse,
    Throttle,
    Fail,
    LoseReply,
}

impl Inner {
    fn next_mishap(&mut self) -> Mishap {
        self.changes_heard += 1;
        let heard = self.changes_heard;
        let due = |every: u64| every > 0 && heard.is_multiple_of(every);
        match &self.settings {
            s if due(s.refuse_every) => Mishap::Refuse,
            s if due(s.throttle_every) => Mishap::Throttle,
            s if due(s.fail_every) => Mishap::Fail,
            s if due(s.lose_reply_every) => Mishap::LoseReply,
            _ => Mishap::None,
        }
    }

    fn hear_change(&mut self, operation: &Operation, mishap: Mishap) -> Outcome {
        let outcome = match mishap {
            Mishap::Refuse => refused("the simulated target was told to refuse this"),
            Mishap::Throttle => {
                Outcome::Later { why: "the simulated target is busy".to_owned(), after: Some(THROTTLED_FOR) }
            }
            Mishap::Fail => later("the simulated target was told to fail this time".to_owned()),
            Mishap::LoseReply => Outcome::Unknown { why: "the simulated target lost its reply".to_owned() },
            Mishap::None => Outcome::Done,
        };
        let (outcome, takes_effect) = match outcome {
            Outcome::Done | Outcome::Unknown { .. } => match self.target.would_change(operation) {
                Ok(changes) => (outcome, changes),
                Err(why) => (refused(why), false),
            },
            nothing_done => (nothing_done, false),
        };
        let call = self.target.change(operation, &outcome, takes_effect);
        match self.keep(call) {
            Ok(()) => outcome,
            Err(why) => later(why),
        }
    }

    /// Writes the call down, and only then lets it have its effect.
    fn keep(&mut self, call: CallHeard) -> Result<(), String> {
        self.file.append(&call).map_err(|error| format!("the simulated target cannot write its file: {error}"))?;
        self.target.hear(call);
        self.file.compact_when_long(&self.target);
        Ok(())
    }
}

fn refused(why: &str) -> Outcome {
    Outcome::Refused { why: why.to_owned() }
}

fn later(why: String) -> Outcome {
    Outcome::Later { why, after: None }
}

#[expect(clippy::disallowed_methods, reason = "being slow is what this setting is for")]
async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

#[cfg(test)]
mod tests;
