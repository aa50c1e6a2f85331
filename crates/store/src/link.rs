//! Connections: how they are opened, told what to do outside use cases, and shared.

use std::{
    io,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, SqliteConnection, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    error::StoreError,
    sql::{Dialect, Row},
};

/// How long a use case waits for a connection before it is told that all are busy.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// How long opening a connection may take.
const OPEN_MAX: Duration = Duration::from_secs(10);

/// How long a server may take to answer a statement. Longer than it waits for a lock, so what this ends is a server that is
/// no longer there.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// What the server answers, or that the connection to it is lost. SQLite is in this process and needs no such limit.
pub(crate) async fn answer<T>(statement: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    within(ANSWER_MAX, statement).await
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let timed_out = |_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()));
    tokio::time::timeout(limit, work).await.unwrap_or_else(timed_out)
}

/// One connection.
#[derive(Debug)]
pub(crate) enum Link {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Link {
    /// Statements without values or rows.
    pub(crate) async fn command(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(link) => sqlx::query(sql).execute(link).await.map(drop),
            // PostgreSQL takes several statements at once only as plain text.
            Self::Postgres(link) => answer(sqlx::raw_sql(sql).execute(link)).await.map(drop),
        }
        .map_err(StoreError::from)
    }

    /// Statements without values, the first row of which is wanted.
    pub(crate) async fn first<T: Row>(&mut self, sql: Dialect) -> Result<Option<T>, StoreError> {
        // All rows are fetched, not just the first, so that a later statement that fails is noticed.
        match self {
            Self::Sqlite(link) => {
                let rows: Vec<T> = sqlx::query_as(sql.sqlite).fetch_all(link).await?;
                Ok(rows.into_iter().next())
            }
            Self::Postgres(link) => {
                let rows = answer(sqlx::raw_sql(sql.postgres).fetch_all(link)).await?;
                Ok(rows.first().map(T::from_row).transpose()?)
            }
        }
    }

    /// Says good-bye, so that the other end need not find out.
    pub(crate) async fn close(self) {
        let closed = match self {
            Self::Sqlite(link) => link.close().await,
            Self::Postgres(link) => link.close().await,
        };
        if let Err(error) = closed {
            tracing::debug!(%error, "a connection to the database was not closed cleanly");
        }
    }
}

/// How to open a connection.
#[derive(Clone, Debug)]
pub(crate) enum Opening {
    Sqlite(SqliteConnectOptions),
    /// The options and what each new session is told first.
    Postgres(PgConnectOptions, &'static str),
}

impl Opening {
    pub(crate) async fn open(&self) -> Result<Link, sqlx::Error> {
        match self {
            Self::Sqlite(options) => options.connect().await.map(Link::Sqlite),
            Self::Postgres(options, session) => {
                let opened = within(OPEN_MAX, async {
                    let mut link = options.connect().await?;
                    sqlx::raw_sql(*session).execute(&mut link).await?;
                    Ok(link)
                });
                opened.await.map(Link::Postgres)
            }
        }
    }
}

/// A few connections of one kind, opened when they are needed and kept.
///
/// Simpler than a general pool because a connection comes back only when it is known to be clean: whoever is cut short
/// drops it.
#[derive(Debug)]
pub(crate) struct Pool {
    opening: Opening,
    idle: Mutex<Vec<Link>>,
    permits: Semaphore,
    connections_max: usize,
}

impl Pool {
    pub(crate) fn new(opening: Opening, connections_max: usize) -> Self {
        Self { opening, idle: Mutex::default(), permits: Semaphore::new(connections_max), connections_max }
    }

    /// Waits for the right to use one connection.
    pub(crate) async fn permit(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        match tokio::time::timeout(WAIT_MAX, self.permits.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(StoreError::Stopped),
            Err(_) => Err(StoreError::Busy { connections_max: self.connections_max }),
        }
    }

    /// A connection on which `sql` has just begun a transaction, and its first row.
    pub(crate) async fn begin<T: Row>(&self, sql: Dialect) -> Result<(Link, Option<T>), StoreError> {
        // The other end may have dropped a connection that lay idle; only a fresh one's failure is an answer.
        while let Some(mut link) = self.pop() {
            match link.first(sql).await {
                Ok(row) => return Ok((link, row)),
                Err(error) if error.is_connection() => drop(link),
                Err(error) => return Err(error),
            }
        }
        let mut link = self.opening.open().await?;
        let row = link.first(sql).await?;
        Ok((link, row))
    }

    /// Ends the transaction by `sql` (`commit` or `rollback`) and keeps the connection.
    pub(crate) async fn end(&self, mut link: Link, sql: &'static str) -> Result<(), StoreError> {
        link.command(sql).await?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(link);
        Ok(())
    }

    /// Lets nobody in any more and closes what lies idle.
    pub(crate) async fn close(&self) {
        self.permits.close();
        while let Some(link) = self.pop() {
            link.close().await;
        }
    }

    fn pop(&self) -> Option<Link> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}
