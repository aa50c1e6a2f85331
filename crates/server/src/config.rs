//! Configuration: `keyfob.toml`, then `KEYFOB__SECTION__KEY`, then the command line. Unknown keys are refused.

use std::path::{Path, PathBuf};
use std::time::Duration;

use connect::sim::SimSettings;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::worker::Limits;

/// Where the data folder is when nobody says.
pub const DATA_DEFAULT: &str = "./keyfob-data";

/// Everything that can be configured.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where it listens.
    pub server: Server,
    /// Where it keeps its data.
    pub database: DatabaseConfig,
    /// What it says.
    pub log: Log,
    /// How much it does at once.
    pub worker: WorkerConfig,
    /// How the simulated target misbehaves.
    pub sim: SimSettings,
}

/// Where it listens.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address to bind to.
    pub bind: std::net::IpAddr,
    /// Port to bind to.
    pub port: u16,
    /// The address under which people reach it, such as `https://access.example.com`.
    pub public_url: Option<String>,
}

/// Where it keeps its data.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `postgres://…`; absent = SQLite in the data folder.
    #[serde(serialize_with = "hidden")]
    pub url: Option<SecretString>,
    /// How many readings may run at once.
    pub readers_max: Option<usize>,
}

/// What it says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
    /// Such as `info` or `server=debug,info`.
    pub level: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// How much it does at once.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkerConfig {
    /// Operations of one lane in flight.
    pub in_flight_max: usize,
    /// One call to a target, in seconds.
    pub call_seconds_max: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self { bind: std::net::Ipv4Addr::LOCALHOST.into(), port: 8080, public_url: None }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

impl Default for WorkerConfig {
    fn default() -> Self {
        Self { in_flight_max: 16, call_seconds_max: 30 }
    }
}

impl WorkerConfig {
    /// The limits of the worker.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            in_flight_max: self.in_flight_max.max(1),
            call: Duration::from_secs(self.call_seconds_max.max(1)),
            poll: Duration::from_secs(1),
        }
    }
}

/// A secret is never printed, only whether it is set.
fn hidden<S: serde::Serializer>(secret: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    match secret {
        Some(_) => to.serialize_some("(set)"),
        None => to.serialize_none(),
    }
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Something in a file or the environment is not taken.
    #[error("the configuration is not taken: {0}")]
    NotTaken(String),
    /// A file that was named is not there.
    #[error("there is no configuration file {}", .0.display())]
    Missing(PathBuf),
}

/// Reads the configuration: the named file, or `keyfob.toml` in the data folder or here if there is one.
///
/// # Errors
/// When a named file is missing, or anything in it or the environment is not taken.
pub fn read(file: Option<&Path>, data: Option<&Path>) -> Result<Config, ConfigError> {
    let in_data = data.map(|data| data.join("keyfob.toml")).filter(|path| path.exists());
    let path = match file {
        Some(file) if !file.exists() => return Err(ConfigError::Missing(file.to_owned())),
        Some(file) => file.to_owned(),
        None => in_data.unwrap_or_else(|| PathBuf::from("keyfob.toml")),
    };
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if path.exists() {
        figment = figment.merge(Toml::file_exact(path));
    }
    let figment = figment.merge(Env::prefixed("KEYFOB__").split("__"));
    figment.extract().map_err(|error| ConfigError::NotTaken(one_line(&error)))
}

/// Every problem with its place, on one line.
fn one_line(error: &figment::Error) -> String {
    let all: Vec<_> = error.clone().into_iter().map(|error| error.to_string().replace('\n', " ")).collect();
    all.join("; ")
}

impl Config {
    /// The database's address with its password, for whoever connects.
    #[must_use]
    pub fn database_url(&self) -> Option<&str> {
        self.database.url.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The effective values as TOML, secrets left out.
    ///
    /// # Errors
    /// Never for values that were read.
    pub fn shown(&self) -> Result<String, ConfigError> {
        let value = figment::value::Value::serialize(self).map_err(|error| ConfigError::NotTaken(error.to_string()))?;
        let mut text = String::new();
        if let Some(sections) = value.as_dict() {
            for (section, values) in sections {
                text.push_str(&format!("[{section}]\n"));
                for (key, value) in values.as_dict().into_iter().flatten() {
                    if let Some(value) = toml_value(value) {
                        text.push_str(&format!("{key} = {value}\n"));
                    }
                }
                text.push('\n');
            }
        }
        Ok(text)
    }
}

/// A plain value as TOML writes it; absent ones are left out.
fn toml_value(value: &figment::value::Value) -> Option<String> {
    use figment::value::Value;
    match value {
        Value::String(_, text) => Some(format!("{text:?}")),
        Value::Bool(_, flag) => Some(flag.to_string()),
        Value::Num(_, number) => {
            number.to_u128().map(|n| n.to_string()).or_else(|| number.to_i128().map(|n| n.to_string()))
        }
        _ => None,
    }
}
