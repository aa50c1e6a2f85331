//! Use cases: one function each. The only code that holds the writer.
//!
//! A use case runs in one transaction: find, decide, apply, record with its leaf and jobs. Doors call it and render
//! what it answers.

pub mod caller;
pub mod catalog;
pub mod directory;
pub mod doctor;
pub mod error;
pub mod events;
mod facts;
pub mod grants;
pub mod parse;
mod record;
pub mod requests;
pub mod sessions;
mod show;
pub mod submissions;
pub mod tasks;
pub mod work;

use std::sync::Arc;

pub use caller::Caller;
pub use error::{AppError, Field, Outcome};
use sessions::SessionLimits;
use store::{Reader, Tx, Verdict, Writer};
use tokio::sync::{broadcast, watch};

/// The use cases, with what they need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    writer: Writer,
    reader: Reader,
    nudge: Arc<watch::Sender<u64>>,
    topics: broadcast::Sender<String>,
    session_limits: SessionLimits,
}

/// How many changes a page that listens may lag behind before it is told to look at everything again.
const TOPICS_MAX: usize = 1_024;

impl App {
    /// The use cases over a database.
    #[must_use]
    pub fn new(writer: Writer, reader: Reader) -> Self {
        let (topics, _) = broadcast::channel(TOPICS_MAX);
        Self {
            writer,
            reader,
            nudge: Arc::new(watch::Sender::new(0)),
            topics,
            session_limits: SessionLimits::default(),
        }
    }

    /// The same, with other limits on sessions.
    #[must_use]
    pub fn with_session_limits(self, session_limits: SessionLimits) -> Self {
        Self { session_limits, ..self }
    }

    /// Changes when there may be work.
    #[must_use]
    pub fn nudges(&self) -> watch::Receiver<u64> {
        self.nudge.subscribe()
    }

    /// Says that there may be work, such as after a clock was set.
    pub fn nudge(&self) {
        self.nudge.send_modify(|nudges| *nudges = nudges.wrapping_add(1));
    }

    /// What changed, as topics of live pages: `request:KF-1042`, `tasks`, `user:usr_…`.
    #[must_use]
    pub fn topics(&self) -> broadcast::Receiver<String> {
        self.topics.subscribe()
    }

    /// Runs a use case that changes something, under a name for the log.
    ///
    /// When the caller vanishes before its verdict it leaves nothing; doors run it in a task of its own.
    async fn change<T>(
        &self,
        name: &'static str,
        work: impl AsyncFnOnce(&mut Tx) -> Result<Verdict<T, AppError>, AppError>,
    ) -> Outcome<T> {
        let verdict = self.writer.write(name, work).await?;
        self.nudge();
        match verdict {
            Verdict::Done(answer) => Ok(answer),
            Verdict::Refused(refused) => Err(refused),
        }
    }

    /// Tells live pages what changed; nobody listening is fine.
    fn announce(&self, topics: impl IntoIterator<Item = String>) {
        for topic in topics {
            let _nobody_listens = self.topics.send(topic);
        }
    }
}
