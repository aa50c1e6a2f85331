//! The file of the simulated target: one JSON document per line, one write per line, no fsync.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::target::{CALLS_KEPT_MAX, CallHeard, Holding, Target};

/// How many lines may be appended before the file is written anew, beside one per membership.
const LINES_APPENDED_MAX: usize = 4 * CALLS_KEPT_MAX;

/// Why the target's file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// The file system said no.
    #[error("cannot open the simulated target {path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// A whole line, not the torn end, cannot be read: this is not our file, or somebody edited it.
    #[error(
        "line {line} of the simulated target {path} cannot be read; move the file away to start with an empty target: {source}"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// What a line can say.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// A membership at the time of the last compaction.
    Held(Holding),
    /// A call from before the last compaction: its effect, if any, is in the memberships already.
    Past(CallHeard),
    /// A call since then.
    Call(CallHeard),
}

/// The open file, positioned by `O_APPEND` at its end.
#[derive(Debug)]
pub(super) struct TargetFile {
    path: PathBuf,
    file: File,
    /// Length of the whole lines, in bytes.
    length: u64,
    lines_appended: usize,
    /// A line was cut short and could not be taken back: nothing may follow it.
    torn: bool,
}

impl TargetFile {
    /// Replays the file and writes it anew in its shortest form.
    pub(super) fn open(path: &Path) -> Result<(Self, Target), OpenFailed> {
        let io_failed = |source| OpenFailed::Io { path: path.to_owned(), source };
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(io_failed(error)),
        };
        let target =
            replay(&text).map_err(|(line, source)| OpenFailed::Damaged { path: path.to_owned(), line, source })?;
        let (file, length) = write_anew(path, &target).map_err(io_failed)?;
        let opened = Self { path: path.to_owned(), file, length, lines_appended: 0, torn: false };
        Ok((opened, target))
    }

    /// Appends one call. An error means that the file is as it was before.
    pub(super) fn append(&mut self, call: &CallHeard) -> io::Result<()> {
        if self.torn {
            return Err(io::Error::other("an earlier line was cut short"));
        }
        let line = line(&Line::Call(call.clone()))?;
        match self.file.write(&line) {
            Ok(written) if written == line.len() => {
                self.length += written as u64;
                self.lines_appended += 1;
                Ok(())
            }
            // A full disk takes part of a line; the rest must not follow later as a line of its own.
            short => {
                self.torn = self.file.set_len(self.length).is_err();
                short.and(Err(io::Error::from(io::ErrorKind::WriteZero)))
            }
        }
    }

    #[cfg(test)]
    pub(super) fn replace_with_full_disk(&mut self) {
        self.file = OpenOptions::new().append(true).open("/dev/full").unwrap();
    }

    /// Writes the file anew when its history has grown long. A failure only leaves the long file in place.
    pub(super) fn compact_when_long(&mut self, target: &Target) {
        if self.lines_appended < LINES_APPENDED_MAX + target.held_total() {
            return;
        }
        self.lines_appended = 0;
        if let Ok((file, length)) = write_anew(&self.path, target) {
            self.file = file;
            self.length = length;
        }
    }
}

/// The state that the lines tell. The last line counts only when its line end was written too.
fn replay(text: &[u8]) -> Result<Target, (usize, serde_json::Error)> {
    let mut target = Target::default();
    let whole = text.iter().rposition(|byte| *byte == b'\n').unwrap_or_default();
    let lines = text.get(..whole).unwrap_or_default();
    for (at, line) in lines.split(|byte| *byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice(line).map_err(|error| (at + 1, error))? {
            Line::Held(holding) => target.hold(holding),
            Line::Past(call) => target.remember(call),
            Line::Call(call) => target.hear(call),
        }
    }
    Ok(target)
}

/// Replaces the file in one step, so that a kill at any moment leaves either the old or the new one.
fn write_anew(path: &Path, target: &Target) -> io::Result<(File, u64)> {
    let mut text = Vec::new();
    for holding in target.holdings() {
        text.extend(line(&Line::Held(holding.clone()))?);
    }
    for call in target.calls() {
        text.extend(line(&Line::Past(call.clone()))?);
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut fresh = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    fresh.write_all(&text)?;
    std::fs::rename(&beside, path)?;
    let file = OpenOptions::new().append(true).open(path)?;
    Ok((file, text.len() as u64))
}

fn line(line: &Line) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    Ok(text)
}
