//! Doors: the ways in.

use serde::{Deserialize, Serialize};

/// A way in.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// The pages.
    Web,
    /// The JSON API.
    Api,
    /// The command line, which speaks to the JSON API and says so.
    Cli,
    /// Keyfob itself and its operator.
    System,
}

impl Door {
    /// Its name in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Api => "api",
            Self::Cli => "cli",
            Self::System => "system",
        }
    }
}
