//! Opening a database: a data folder with SQLite in it, or a PostgreSQL server.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    ConnectOptions as _,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{
    clock::Clock,
    error::StoreError,
    head::TimeSource,
    link::{Link, Opening, Pool},
    lock::Lock,
    reader::Reader,
    schema,
    writer::Writer,
};

/// The database file in a data folder.
const FILE: &str = "keyfob.db";

/// Statements a connection keeps prepared: more than the product has.
const STATEMENTS_MAX: usize = 512;

/// A node that freezes in a group holds up all others, so the server ends its session; and nobody waits for ever. A server
/// set to lose commits is overruled.
const WRITING_SESSION: &str = "set idle_in_transaction_session_timeout = '10s'; set lock_timeout = '30s';
    select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

const READING_SESSION: &str = "set idle_in_transaction_session_timeout = '60s'; set default_transaction_read_only = on";

/// Where the database is.
#[derive(Clone, Eq, PartialEq)]
pub enum Location {
    /// A data folder, which this process owns while the database is open.
    Folder(PathBuf),
    /// The URL of a PostgreSQL server.
    Server(String),
}

/// What does not follow from the location.
#[derive(Clone)]
pub struct Settings {
    /// The name of this node in the log.
    pub node: String,
    /// Replaces the clock of the database or machine, in tests and in the demo.
    pub clock: Option<Arc<dyn Clock>>,
    /// How many readings may run at once.
    pub readers_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { node: "node-1".to_owned(), clock: None, readers_max: (2 * cores).clamp(4, 16) }
    }
}

/// An open database. Its reader and writer are the only ways in.
#[derive(Debug)]
pub struct Database {
    reader: Reader,
    writer: Writer,
}

impl Database {
    /// Opens a database that is there and has the schema of this release.
    ///
    /// # Errors
    /// When there is none, it cannot be reached, another process owns the folder, or its schema is older or newer.
    pub async fn open(location: &Location, settings: Settings) -> Result<Self, StoreError> {
        Self::begin(location, settings, false).await
    }

    /// Opens a database, makes it if there is none, and brings it to the schema of this release.
    ///
    /// # Errors
    /// When it cannot be made or reached, another process owns the folder, or its schema is newer.
    pub async fn create(location: &Location, settings: Settings) -> Result<Self, StoreError> {
        Self::begin(location, settings, true).await
    }

    async fn begin(location: &Location, settings: Settings, create: bool) -> Result<Self, StoreError> {
        let place = location.place()?;
        let lock = match location {
            Location::Folder(folder) => Some(Arc::new(take(folder, create, &place)?)),
            Location::Server(_) => None,
        };
        let (writing, reading) = location.openings(create)?;
        let link = prepare(&writing, create, &place).await?;
        let time = TimeSource(settings.clock);
        let node: Arc<str> = settings.node.into();
        let readers = Pool::new(reading, settings.readers_max);
        Ok(Self {
            reader: Reader::new(readers, time.clone(), Arc::clone(&node), lock.clone()),
            writer: Writer::start(link, writing, time, node, lock),
        })
    }

    /// The way to read.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// The way to write. Only use cases hold it.
    #[must_use]
    pub fn writer(&self) -> Writer {
        self.writer.clone()
    }

    /// Lets use cases that have begun come to their end, turns others away and closes all connections.
    pub async fn close(self) {
        self.writer.close().await;
        self.reader.close().await;
    }
}

/// Takes the folder, but makes neither it nor a lock in it when there is no database to open.
fn take(folder: &Path, create: bool, place: &str) -> Result<Lock, StoreError> {
    if !create && !folder.join(FILE).exists() {
        return Err(StoreError::Missing { place: place.to_owned() });
    }
    Lock::take(folder, create)
}

/// Sees to the schema, and thereby that the database can be reached.
async fn prepare(writing: &Opening, create: bool, place: &str) -> Result<Link, StoreError> {
    let unreachable = |source| StoreError::Unreachable { place: place.to_owned(), source: Arc::new(source) };
    let mut link = writing.open().await.map_err(unreachable)?;
    let prepared = if create { schema::migrate(&mut link, place).await } else { schema::check(&mut link, place).await };
    match prepared {
        Ok(()) => Ok(link),
        Err(error) => {
            link.close().await;
            Err(error)
        }
    }
}

impl Location {
    /// What people call it; never shows a password.
    fn place(&self) -> Result<String, StoreError> {
        match self {
            Self::Folder(folder) => Ok(folder.display().to_string()),
            Self::Server(url) => {
                let options = server(url)?;
                let name = options.get_database().unwrap_or_default();
                Ok(format!("postgres://{}:{}/{name}", options.get_host(), options.get_port()))
            }
        }
    }

    /// How the writer and the readers open it.
    fn openings(&self, create: bool) -> Result<(Opening, Opening), StoreError> {
        match self {
            Self::Folder(folder) => {
                let options = SqliteConnectOptions::new()
                    .filename(folder.join(FILE))
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(5))
                    .statement_cache_capacity(STATEMENTS_MAX)
                    .disable_statement_logging();
                let writing = options
                    .clone()
                    .create_if_missing(create)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    // A log that once grew in a storm gives its space back.
                    .pragma("journal_size_limit", "67108864");
                let reading = options.read_only(true).pragma("query_only", "on");
                Ok((Opening::Sqlite(writing), Opening::Sqlite(reading)))
            }
            Self::Server(url) => {
                let options = server(url)?
                    .application_name("keyfob")
                    .statement_cache_capacity(STATEMENTS_MAX)
                    .disable_statement_logging();
                Ok((Opening::Postgres(options.clone(), WRITING_SESSION), Opening::Postgres(options, READING_SESSION)))
            }
        }
    }
}

/// Reads the URL; the driver itself would take that of any other server for one without a host.
fn server(url: &str) -> Result<PgConnectOptions, StoreError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(StoreError::Address);
    }
    url.parse().map_err(|_| StoreError::Address)
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place().unwrap_or_else(|error| error.to_string()))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("node", &self.node)
            .field("has_clock", &self.clock.is_some())
            .field("readers_max", &self.readers_max)
            .finish()
    }
}
