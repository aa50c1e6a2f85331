//! What the process was started with, and the sign-in that was saved.

use std::{
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::failure::{Failure, Result};

/// The file in the configuration folder that holds the address and the token.
const LOGIN_FILE: &str = "login.json";

/// The environment of a command.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// `KEYFOB_URL`
    pub(super) url: Option<String>,
    /// `KEYFOB_TOKEN`
    pub(super) token: Option<SecretString>,
    /// `$XDG_CONFIG_HOME/keyfob` or `~/.config/keyfob`.
    pub(super) folder: Option<PathBuf>,
    /// Whether a terminal may be written to in colour.
    pub(super) color: bool,
}

/// Where to call, as whom.
pub(super) struct Login {
    pub(super) url: String,
    pub(super) token: SecretString,
    /// Something to tell the person about it.
    pub(super) warning: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Saved {
    url: String,
    token: String,
}

impl Surroundings {
    /// Those of this process.
    #[expect(clippy::disallowed_methods, reason = "the one place where the command line reads its environment")]
    pub(super) fn of_this_process() -> Self {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let absolute = |name: &str| text(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let folder = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")));
        Self {
            url: text("KEYFOB_URL"),
            token: text("KEYFOB_TOKEN").map(SecretString::from),
            folder: folder.map(|folder| folder.join("keyfob")),
            color: text("NO_COLOR").is_none() && text("TERM").as_deref() != Some("dumb"),
        }
    }

    /// The environment first, then what was saved. A saved token is only ever sent to the address it was saved for.
    pub(super) fn login(&self) -> Result<Login> {
        let complete = self.url.is_some() && self.token.is_some();
        let saved = if complete { None } else { self.saved()? };
        let saved_url = saved.as_ref().map(|(saved, _)| saved.url.clone());
        let Some(url) = self.url.clone().or(saved_url) else {
            return Err(Failure::NotSignedIn(
                "not signed in: run `keyfob login URL`, or set KEYFOB_URL and KEYFOB_TOKEN".to_owned(),
            ));
        };
        let fitting = saved.filter(|(saved, _)| same_address(&url, &saved.url));
        match (self.token.clone(), fitting) {
            (Some(token), _) => Ok(Login { url, token, warning: None }),
            (None, Some((saved, warning))) => Ok(Login { url, token: saved.token.into(), warning }),
            (None, None) => Err(Failure::NotSignedIn(format!(
                "not signed in to {url}: run `keyfob login {url}`, or set KEYFOB_TOKEN"
            ))),
        }
    }

    /// Keeps address and token for later commands, readable by this user only, and says where.
    pub(super) fn save(&self, url: &str, token: &SecretString) -> Result<PathBuf> {
        let Some(folder) = &self.folder else {
            return Err(Failure::Failed("no place to save the sign-in: set HOME or XDG_CONFIG_HOME".to_owned()));
        };
        let path = folder.join(LOGIN_FILE);
        let saved = Saved { url: url.to_owned(), token: token.expose_secret().to_owned() };
        write_private(folder, &path, &saved)
            .map_err(|error| Failure::Failed(format!("cannot save the sign-in in {}: {error}", path.display())))?;
        Ok(path)
    }

    fn saved(&self) -> Result<Option<(Saved, Option<String>)>> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let path = folder.join(LOGIN_FILE);
        let unreadable = |why: String| {
            Failure::Failed(format!("cannot read {}: {why}; run `keyfob login URL` again", path.display()))
        };
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        // The parser's own words could repeat the token.
        let saved = serde_json::from_slice(&text).map_err(|_| unreadable("it is damaged".to_owned()))?;
        let mode = std::fs::metadata(&path).map(|meta| meta.permissions().mode());
        let warning = mode
            .is_ok_and(|mode| mode & 0o077 != 0)
            .then(|| format!("keyfob: others can read your token in {0}; run: chmod 600 {0}", path.display()));
        Ok(Some((saved, warning)))
    }
}

/// Written beside the file and renamed, so that it is never half there and never readable by others.
fn write_private(folder: &Path, path: &Path, saved: &Saved) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut fresh = tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o600)).tempfile_in(folder)?;
    serde_json::to_writer(&mut fresh, saved)?;
    fresh.flush()?;
    fresh.persist(path)?;
    Ok(())
}

fn same_address(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}
