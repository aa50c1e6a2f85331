//! What can go wrong between the product and its database.

use std::{io, path::PathBuf, sync::Arc};

use audit::leaf::EncodeError;

/// Why the store could not do what it was asked.
///
/// It can be cloned, because one failed commit is the answer to everybody in the group.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The row is no longer the one the decision was made on.
    #[error("somebody else changed this meanwhile, read it again")]
    Stale,
    /// A row holds what no release has ever written.
    #[error("the database holds an unreadable {what}, run `keyfob doctor`")]
    Corrupt {
        /// What cannot be read.
        what: &'static str,
    },
    /// A statement failed.
    #[error("the database refused a statement")]
    Database(#[source] Arc<sqlx::Error>),
    /// The connection was lost; what was not committed is undone, and the next use opens a new one.
    #[error("the connection to the database was lost, try again")]
    Connection(#[source] Arc<sqlx::Error>),
    /// The group could not be committed, so nothing of it is to be relied on.
    #[error("the change could not be committed, try again")]
    Commit(#[source] Arc<StoreError>),
    /// A use case went on although one of its statements had failed. PostgreSQL would have undone it anyway.
    #[error("a use case went on after a failed statement, so it was undone")]
    WentOn,
    /// The leaf cannot be written, so neither can the change (I45).
    #[error("the audit log cannot hold this event")]
    Leaf(#[source] Arc<EncodeError>),
    /// A text's field does not exist in the body of its event.
    #[error("the body of the event has no place for the text {field:?}")]
    NoPlace {
        /// The field, as `audit::commitment::field` writes it.
        field: String,
    },
    /// Something that belongs to the log was wanted outside a group.
    #[error("only a use case of the writer may change the log and its head")]
    NotInGroup,
    /// The writer has stopped. Whether a change it had begun was committed is not known.
    #[error("the writer has stopped, the outcome of the change is unknown")]
    Stopped,
    /// A statement of a caller that vanished did not end.
    #[error("a statement of the database did not end")]
    Stuck,
    /// Every connection is in use and stayed so for longer than anybody should wait.
    #[error("all {connections_max} connections to the database are busy, try again later")]
    Busy {
        /// How many there are.
        connections_max: usize,
    },
    /// There is no database where one was expected.
    #[error("there is no Keyfob database in {place}, run `keyfob migrate` to make one")]
    Missing {
        /// The folder or server.
        place: String,
    },
    /// The database was last used by an older release.
    #[error("the database in {place} has schema {found} and this release needs {known}, run `keyfob migrate`")]
    OlderSchema {
        /// The folder or server.
        place: String,
        /// The schema of the database.
        found: i64,
        /// The schema of this release.
        known: i64,
    },
    /// The database was last used by a newer release.
    #[error("the database in {place} has schema {found} and this release knows {known} at most, use a newer release")]
    NewerSchema {
        /// The folder or server.
        place: String,
        /// The schema of the database.
        found: i64,
        /// The schema of this release.
        known: i64,
    },
    /// Another process owns the data folder.
    #[error("the data folder {} is in use by another keyfob process, stop that one first", folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// The data folder cannot be made, read or written.
    #[error("the data folder {} cannot be used: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// The database cannot be opened.
    #[error("the database in {place} cannot be opened: {source}")]
    Unreachable {
        /// The folder or server.
        place: String,
        /// What the driver says.
        source: Arc<sqlx::Error>,
    },
    /// The address of the PostgreSQL server cannot be read. It is not shown, since it may hold a password.
    #[error("the database URL is not understood, give postgres://user@host:5432/name")]
    Address,
    /// A schema change failed; it is undone.
    #[error("the database in {place} could not be brought to the schema of this release: {source}")]
    Migration {
        /// The folder or server.
        place: String,
        /// What failed.
        source: Arc<sqlx::migrate::MigrateError>,
    },
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    Random(#[source] getrandom::Error),
}

impl StoreError {
    /// Whether the connection it happened on is of no more use.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self, Self::Connection(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if breaks_connection(&error) { Self::Connection(Arc::new(error)) } else { Self::Database(Arc::new(error)) }
    }
}

/// Whether the connection that gave this error must not be used again.
fn breaks_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::PoolClosed
        | sqlx::Error::PoolTimedOut => true,
        // SQLSTATE 08 is a lost connection, 57P a server that ends sessions, 25P03 a session that idled in a transaction.
        sqlx::Error::Database(refusal) => {
            refusal.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P") || code == "25P03")
        }
        _ => false,
    }
}

/// An id or other checked text as it was stored.
pub(crate) fn decoded<T: TryFrom<String>>(text: String) -> Result<T, StoreError> {
    T::try_from(text).map_err(|_| StoreError::Corrupt { what: "id" })
}

/// A name that must be one of a few.
pub(crate) fn known<T>(what: &'static str, name: Option<T>) -> Result<T, StoreError> {
    name.ok_or(StoreError::Corrupt { what })
}
