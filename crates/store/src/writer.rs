//! Writing: use cases one after another in one total order, committed in groups.
//!
//! A caller waits in line for the one connection, which `group`'s task lends it for as long as its use case runs. The
//! task ends the group when nobody is waiting or [`GROUP_MAX`] have been served, and only then are its callers answered.
//! A caller that vanishes gives the connection back by being dropped, so it can neither lose nor hang a group.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    error::StoreError,
    head::{BEGIN_ASIDE, ReadRow, TimeSource},
    link::{Link, Opening, Pool},
    lock::Lock,
    tx::Tx,
};

mod group;

/// How many use cases share one commit at most.
pub const GROUP_MAX: usize = 64;

/// How many may wait in line; whoever comes later waits to get into it.
pub const LINE_MAX: usize = 1_024;

/// How many connections PostgreSQL gets for work beside the groups.
const ASIDE_MAX: usize = 4;

/// What a use case comes to. Both are kept; only an error undoes what it did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict<T, R> {
    /// It happened.
    Done(T),
    /// It may not happen, and what was recorded about that is kept.
    Refused(R),
}

/// Runs use cases that change something. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    line: mpsc::Sender<Call>,
    shared: Arc<Shared>,
}

struct Shared {
    counts: Counters,
    aside: Option<Pool>,
    time: TimeSource,
    node: Arc<str>,
}

/// What the writer has done since it was opened.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Use cases that were kept.
    pub kept: u64,
    /// Use cases that were undone because they failed or their caller vanished.
    pub undone: u64,
    /// Groups that were committed.
    pub commits: u64,
    /// Groups that failed as a whole.
    pub failures: u64,
}

#[derive(Debug, Default)]
struct Counters {
    kept: AtomicU64,
    undone: AtomicU64,
    commits: AtomicU64,
    failures: AtomicU64,
}

/// Somebody in line.
enum Call {
    /// A use case by its name and the way to call it up.
    Turn(&'static str, oneshot::Sender<Result<Turn, StoreError>>),
    /// End what has begun and then stop.
    Stop(oneshot::Sender<()>),
}

/// How a group ended; nothing until then.
type Ended = Option<Result<(), StoreError>>;

/// The connection, lent to one caller.
struct Turn {
    tx: Option<Tx>,
    back: Option<oneshot::Sender<Returned>>,
    ended: watch::Receiver<Ended>,
}

/// The connection, given back.
struct Returned {
    tx: Tx,
    keep: bool,
}

impl Turn {
    fn give_back(&mut self, keep: bool) {
        if let (Some(tx), Some(back)) = (self.tx.take(), self.back.take()) {
            // If the group's task is gone, so is the runtime; dropping the connection undoes everything.
            let _ = back.send(Returned { tx, keep });
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.give_back(false);
    }
}

impl Writer {
    /// Starts the task that owns the connection `link` and, when it is lost, opens another.
    pub(crate) fn start(
        link: Link,
        opening: Opening,
        time: TimeSource,
        node: Arc<str>,
        lock: Option<Arc<Lock>>,
    ) -> Self {
        let aside = match &opening {
            Opening::Postgres(..) => Some(Pool::new(opening.clone(), ASIDE_MAX)),
            Opening::Sqlite(_) => None,
        };
        let (line, waiting) = mpsc::channel(LINE_MAX);
        let shared = Arc::new(Shared { counts: Counters::default(), aside, time, node });
        #[expect(clippy::disallowed_methods, reason = "`Database::close` waits for it")]
        tokio::spawn(group::serve(waiting, link, opening, Arc::clone(&shared), lock));
        Self { line, shared }
    }

    /// Runs a use case in its turn and answers once what it did is durable. `name` is for the log, such as
    /// `request.submit`.
    ///
    /// Inside runs database work and pure code only, well under a millisecond: everybody else is waiting. A use case must
    /// not call the writer again. If this future is dropped before the use case has come to a verdict, the use case leaves
    /// nothing; later it no longer matters.
    ///
    /// # Errors
    /// What the use case answers, in which case what it did is undone; or that the group could not be committed.
    pub async fn write<T, R, E, F>(&self, name: &'static str, work: F) -> Result<Verdict<T, R>, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<Verdict<T, R>, E>,
        E: From<StoreError>,
    {
        let mut turn = self.turn(name).await?;
        let Some(tx) = &mut turn.tx else {
            return Err(StoreError::Stopped.into());
        };
        let verdict = work(tx).await?;
        if tx.has_failed {
            return Err(StoreError::WentOn.into());
        }
        turn.give_back(true);
        match turn.ended.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Err(error))) => Err(error.clone().into()),
            Ok(_) => Ok(verdict),
            Err(_) => Err(StoreError::Stopped.into()),
        }
    }

    /// Runs work that needs neither the log nor a place in the order of changes, such as claiming jobs. On PostgreSQL that
    /// is a transaction of its own beside the groups; SQLite has one writer, so it takes its turn.
    ///
    /// # Errors
    /// What the work answers, in which case what it did is undone; or that it could not be committed.
    pub async fn write_aside<T, E, F>(&self, name: &'static str, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let Some(pool) = &self.shared.aside else {
            return self.write_without_log(name, work).await;
        };
        let _permit = pool.permit().await?;
        let (link, row) = pool.begin::<ReadRow>(BEGIN_ASIDE).await?;
        let (high_water, version, clock) = row.ok_or(StoreError::Corrupt { what: "log head" })?;
        let moment = self.shared.time.moment(high_water, clock);
        let node = Arc::clone(&self.shared.node);
        let mut tx = Tx::new(link, None, moment, version, node);
        match work(&mut tx).await {
            Ok(_) if tx.has_failed => Err(StoreError::WentOn.into()),
            Ok(done) => {
                pool.end(tx.link, "commit").await?;
                Ok(done)
            }
            Err(error) => {
                if !tx.is_broken
                    && let Err(error) = pool.end(tx.link, "rollback").await
                {
                    tracing::debug!(%error, "work beside the groups was not undone cleanly");
                }
                Err(error)
            }
        }
    }

    async fn write_without_log<T, E, F>(&self, name: &'static str, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let verdict = self
            .write(name, async |tx| {
                tx.directory_version = tx.directory_version();
                let head = tx.head.take();
                let done = work(tx).await;
                tx.head = head;
                done.map(Verdict::<T, T>::Done)
            })
            .await?;
        match verdict {
            Verdict::Done(done) | Verdict::Refused(done) => Ok(done),
        }
    }

    /// How many are in line.
    #[must_use]
    pub fn waiting(&self) -> usize {
        LINE_MAX - self.line.capacity()
    }

    /// What has been done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let Counters { kept, undone, commits, failures } = &self.shared.counts;
        Counts {
            kept: kept.load(Relaxed),
            undone: undone.load(Relaxed),
            commits: commits.load(Relaxed),
            failures: failures.load(Relaxed),
        }
    }

    /// Ends what has begun, lets nobody else begin and closes the connection.
    pub(crate) async fn close(&self) {
        let (stopped, when) = oneshot::channel();
        if self.line.send(Call::Stop(stopped)).await.is_ok() {
            // An error means that the task has ended, which is what is wanted.
            let _ = when.await;
        }
        if let Some(pool) = &self.shared.aside {
            pool.close().await;
        }
    }

    async fn turn(&self, name: &'static str) -> Result<Turn, StoreError> {
        let (call_up, called) = oneshot::channel();
        self.line.send(Call::Turn(name, call_up)).await.map_err(|_| StoreError::Stopped)?;
        called.await.map_err(|_| StoreError::Stopped)?
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("waiting", &self.waiting())
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}
