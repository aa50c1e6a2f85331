//! The task that owns the writing connection: begins groups, lends the connection, commits.

use std::{
    error::Error,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot, watch};

use super::{Call, Ended, GROUP_MAX, Returned, Shared, Turn};
use crate::{
    error::StoreError,
    head::{self, BEGIN_GROUP, GroupRow},
    link::{Link, Opening},
    lock::Lock,
    tx::Tx,
};

/// A use case that holds the writer for longer is named in the log.
const TURN_SLOW: Duration = Duration::from_millis(500);

/// How long undoing one use case may take before the connection is given up.
const UNDO_MAX: Duration = Duration::from_secs(10);

type CallUp = oneshot::Sender<Result<Turn, StoreError>>;

/// Serves the line until somebody stops it or nobody can join it any more.
pub(super) async fn serve(
    line: mpsc::Receiver<Call>,
    link: Link,
    opening: Opening,
    shared: Arc<Shared>,
    lock: Option<Arc<Lock>>,
) {
    let mut task = Task { line, opening, shared, link: Some(link), stop: None };
    while task.stop.is_none()
        && let Some(call) = task.line.recv().await
    {
        match call {
            Call::Turn(name, call_up) => task.group(name, call_up).await,
            Call::Stop(stopped) => task.stop = Some(stopped),
        }
    }
    task.finish(lock).await;
}

struct Task {
    line: mpsc::Receiver<Call>,
    opening: Opening,
    shared: Arc<Shared>,
    /// The connection, when no group has it.
    link: Option<Link>,
    /// Who wants to know when this task has stopped.
    stop: Option<oneshot::Sender<()>>,
}

/// A group that has begun.
struct Group {
    shared: Arc<Shared>,
    ended: watch::Sender<Ended>,
    savepoint: Savepoint,
    kept: u64,
}

/// What the next use case of a group finds.
enum Savepoint {
    /// None is set: the first needs none, for if it fails there is no group.
    None,
    /// One is set, and something has been done since.
    Set,
    /// One is set, and nothing has been done since.
    Clean,
}

/// Why a group ends early.
enum Early {
    /// Nothing was kept, so nothing needs a commit.
    Empty(Link),
    /// It failed as a whole, and its connection with it.
    Failed(StoreError),
}

impl Task {
    /// One group, from its first use case to the answer to all.
    async fn group(&mut self, name: &'static str, call_up: CallUp) {
        let mut tx = match self.begin().await {
            Ok(tx) => tx,
            Err(error) => return self.turn_away(call_up, error),
        };
        let mut group = Group {
            shared: Arc::clone(&self.shared),
            ended: watch::Sender::new(None),
            savepoint: Savepoint::None,
            kept: 0,
        };
        let mut next = Some((name, call_up));
        let mut served = 0;
        while let Some((name, call_up)) = next.take() {
            tx = match group.serve(tx, name, call_up).await {
                Ok(tx) => tx,
                Err(early) => return self.end_early(&group, early),
            };
            served += 1;
            if served < GROUP_MAX {
                next = self.next();
            }
        }
        self.end(&group, tx).await;
    }

    /// Takes the head row.
    async fn begin(&mut self) -> Result<Tx, StoreError> {
        let (link, row) = match self.begin_again().await? {
            Some(begun) => begun,
            None => {
                let mut link = self.opening.open().await?;
                let row = link.first::<GroupRow>(BEGIN_GROUP).await?;
                (link, row)
            }
        };
        let row = row.ok_or(StoreError::Corrupt { what: "log head" })?;
        let (head, moment) = head::parse(row, &self.shared.time)?;
        let version = head.directory_version;
        let node = Arc::clone(&self.shared.node);
        Ok(Tx::new(link, Some(head), moment, version, node))
    }

    /// The same on the connection of the group before. The server may have dropped it since; only a fresh one's failure is
    /// an answer.
    async fn begin_again(&mut self) -> Result<Option<(Link, Option<GroupRow>)>, StoreError> {
        let Some(mut link) = self.link.take() else {
            return Ok(None);
        };
        match link.first(BEGIN_GROUP).await {
            Ok(row) => Ok(Some((link, row))),
            Err(error) if error.is_connection() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whose turn is next, if anybody is in line.
    fn next(&mut self) -> Option<(&'static str, CallUp)> {
        match self.line.try_recv().ok()? {
            Call::Turn(name, call_up) => Some((name, call_up)),
            Call::Stop(stopped) => {
                self.stop = Some(stopped);
                None
            }
        }
    }

    /// No group can begin: everybody in line is told now, rather than one after another.
    fn turn_away(&mut self, first: CallUp, error: StoreError) {
        tracing::error!(error = &error as &dyn Error, "no group can begin");
        let mut call_up = Some(first);
        while let Some(waiting) = call_up.take() {
            // Whoever is not waiting any more needs no answer.
            let _ = waiting.send(Err(error.clone()));
            call_up = self.next().map(|(_, call_up)| call_up);
        }
    }

    /// Commits and answers everybody.
    async fn end(&mut self, group: &Group, mut tx: Tx) {
        match commit(&mut tx).await {
            Ok(()) => {
                self.link = Some(tx.link);
                self.shared.counts.kept.fetch_add(group.kept, Relaxed);
                if group.kept > 0 {
                    self.shared.counts.commits.fetch_add(1, Relaxed);
                }
                group.ended.send_replace(Some(Ok(())));
            }
            // The connection is dropped: what state it is in, nobody knows.
            Err(error) => self.end_early(group, Early::Failed(error)),
        }
    }

    fn end_early(&mut self, group: &Group, early: Early) {
        match early {
            Early::Empty(link) => self.link = Some(link),
            Early::Failed(error) => {
                tracing::error!(error = &error as &dyn Error, "a group failed");
                self.shared.counts.failures.fetch_add(1, Relaxed);
                let error = StoreError::Commit(Arc::new(error));
                group.ended.send_replace(Some(Err(error)));
            }
        }
    }

    /// Lets nobody join the line, turns away who is in it, closes the connection and gives up the folder.
    async fn finish(mut self, lock: Option<Arc<Lock>>) {
        self.line.close();
        let mut stopped: Vec<_> = self.stop.take().into_iter().collect();
        while let Some(call) = self.line.recv().await {
            match call {
                Call::Turn(_, call_up) => drop(call_up.send(Err(StoreError::Stopped))),
                Call::Stop(another) => stopped.push(another),
            }
        }
        if let Some(link) = self.link {
            link.close().await;
        }
        drop(lock);
        for stopped in stopped {
            // Whoever asked may not be waiting any more.
            let _ = stopped.send(());
        }
    }
}

impl Group {
    /// One use case: lends the connection, then keeps or undoes what was done with it.
    async fn serve(&mut self, mut tx: Tx, name: &'static str, call_up: CallUp) -> Result<Tx, Early> {
        if call_up.is_closed() {
            return Ok(tx);
        }
        if let Err(error) = self.prepare(&mut tx).await {
            let _ = call_up.send(Err(error.clone()));
            return Err(Early::Failed(error));
        }
        let (head, has_written) = (tx.head.clone(), tx.has_written);
        let Some(Returned { mut tx, keep }) = self.lend(tx, name, call_up).await else {
            return Err(Early::Failed(StoreError::Stopped));
        };
        if keep {
            self.kept += 1;
            return Ok(tx);
        }
        self.shared.counts.undone.fetch_add(1, Relaxed);
        tx.head = head;
        tx.has_written = has_written;
        tx.has_failed = false;
        self.undo(tx).await
    }

    /// Makes sure that what the next use case does can be undone alone.
    async fn prepare(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let sql = match self.savepoint {
            Savepoint::None if self.kept == 0 => return Ok(()),
            Savepoint::None => "savepoint use_case",
            Savepoint::Set => "release savepoint use_case; savepoint use_case",
            Savepoint::Clean => {
                self.savepoint = Savepoint::Set;
                return Ok(());
            }
        };
        tx.link.command(sql).await?;
        self.savepoint = Savepoint::Set;
        Ok(())
    }

    /// Lends the connection and waits until it is given back, which is also what dropping it does.
    async fn lend(&self, tx: Tx, name: &'static str, call_up: CallUp) -> Option<Returned> {
        let (back, mut returned) = oneshot::channel();
        let turn = Turn { tx: Some(tx), back: Some(back), ended: self.ended.subscribe() };
        // If the caller has just gone, this drops the turn.
        let _ = call_up.send(Ok(turn));
        match tokio::time::timeout(TURN_SLOW, &mut returned).await {
            Ok(returned) => returned.ok(),
            Err(_) => {
                tracing::warn!(use_case = name, "a use case keeps everybody waiting");
                returned.await.ok()
            }
        }
    }

    /// Undoes the last use case and nothing else.
    async fn undo(&mut self, mut tx: Tx) -> Result<Tx, Early> {
        let is_first = self.kept == 0;
        let sql = if is_first { "rollback" } else { "rollback to savepoint use_case" };
        // A statement that was cut short may still be running; if it does not end, the connection must.
        let undone = tokio::time::timeout(UNDO_MAX, tx.link.command(sql)).await;
        match undone {
            Ok(Ok(())) if is_first => Err(Early::Empty(tx.link)),
            Ok(Ok(())) => {
                self.savepoint = Savepoint::Clean;
                Ok(tx)
            }
            Ok(Err(error)) => Err(Early::Failed(error)),
            Err(_) => Err(Early::Failed(StoreError::Stuck)),
        }
    }
}

/// Writes the head row back and commits, unless nothing has changed.
async fn commit(tx: &mut Tx) -> Result<(), StoreError> {
    if !tx.has_written {
        return tx.link.command("rollback").await;
    }
    let head = tx.head.take().ok_or(StoreError::NotInGroup)?;
    head::save(tx, &head).await?;
    tx.link.command("commit").await
}
