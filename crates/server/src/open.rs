//! Opens an installation: its folder, its database, its log lines.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::{Clock, Database, Location, Settings, StoreError};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, Log, LogFormat};

/// Where the installation is.
#[derive(Clone, Debug)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// The URL of a PostgreSQL server, when it is not SQLite in the folder.
    pub url: Option<String>,
}

impl Place {
    /// The place that the command line names, else the configuration.
    #[must_use]
    pub fn of(data: &Path, url: Option<&str>, config: &Config) -> Self {
        let url = url.map(str::to_owned).or_else(|| config.database_url().map(str::to_owned));
        Self { data: data.to_owned(), url }
    }

    /// As the store wants it.
    #[must_use]
    pub fn location(&self) -> Location {
        match &self.url {
            Some(url) => Location::Server(url.clone()),
            None => Location::Folder(self.data.clone()),
        }
    }

    /// The socket on which the owner of the folder listens for its operator.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.data.join("admin.sock")
    }
}

/// Settings of the database for this process.
fn settings(config: &Config, clock: Option<Arc<dyn Clock>>) -> Settings {
    let mut settings = Settings { clock, ..Settings::default() };
    if let Some(readers_max) = config.database.readers_max {
        settings.readers_max = readers_max.max(1);
    }
    settings
}

/// Opens a database that is there.
///
/// # Errors
/// When there is none, it cannot be reached, is in use, or has another schema.
pub async fn existing(place: &Place, config: &Config) -> Result<Database, StoreError> {
    Database::open(&place.location(), settings(config, None)).await
}

/// Opens a database, and makes it or brings it up to date first.
///
/// # Errors
/// When it cannot be made or reached, is in use, or has a newer schema.
pub async fn created(place: &Place, config: &Config, clock: Option<Arc<dyn Clock>>) -> Result<Database, StoreError> {
    Database::create(&place.location(), settings(config, clock)).await
}

/// Starts log lines on standard error.
///
/// # Errors
/// When the level is not understood.
pub fn log(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.level)
        .map_err(|error| anyhow::anyhow!("log.level is not understood: {error}; give a level such as info"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}
