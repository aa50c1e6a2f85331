//! The simulated target in a process of its own: JSON lines over a Unix socket.
//!
//! One line asks, one line answers, each with the number of the call. A target that answers twice writes its
//! answer twice, and the caller drops what belongs to an earlier number.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinSet,
};

use super::{CallHeard, Holding, Sim, SimSettings};
use crate::contract::{Act, Call, Connector, EffectClass, Operation, Outcome, ReadBackFailed, Seen};

/// The longest question, in bytes.
const ASK_BYTES_MAX: u64 = 64 * 1024;
/// The longest answer, in bytes: all calls that are kept.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Ask {
    Apply(Operation),
    ReadBack(Operation),
    Holdings,
    Calls,
    Tune(SimSettings),
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Outcome(Outcome),
    Seen(Result<Seen, ReadBackFailed>),
    Holdings(Vec<Holding>),
    Calls(Vec<CallHeard>),
    Tuned,
}

/// A question or an answer with the number of its call.
#[derive(Deserialize, Serialize)]
struct Numbered<T> {
    n: u64,
    body: T,
}

/// Answers callers until the listener fails.
///
/// # Errors
/// When no further connection can be accepted.
pub async fn serve(listener: UnixListener, sim: Arc<Sim>) -> io::Result<()> {
    let mut callers = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                callers.spawn(answer_all(stream, Arc::clone(&sim)));
            }
            Some(_) = callers.join_next() => {}
        }
    }
}

/// Answers one caller; what is not understood, or too long, ends the connection.
async fn answer_all(stream: UnixStream, sim: Arc<Sim>) -> Option<()> {
    let mut line = Line::new(stream, ASK_BYTES_MAX);
    loop {
        let asked: Numbered<Ask> = line.read().await.ok()?;
        let body = match asked.body {
            Ask::Apply(operation) => Answer::Outcome(sim.apply(&operation).await),
            Ask::ReadBack(operation) => Answer::Seen(sim.read_back(&operation).await),
            Ask::Holdings => Answer::Holdings(sim.holdings()),
            Ask::Calls => Answer::Calls(sim.calls()),
            Ask::Tune(settings) => {
                sim.tune(settings);
                Answer::Tuned
            }
        };
        // A lost reply is lost for good: the caller sees the connection end.
        if matches!(body, Answer::Outcome(Outcome::Unknown { .. })) {
            return None;
        }
        let twice = matches!(body, Answer::Outcome(_)) && sim.settings().answer_twice;
        let answer = Numbered { n: asked.n, body };
        line.write(&answer).await.ok()?;
        if twice {
            line.write(&answer).await.ok()?;
        }
    }
}

/// A client of a simulated target in another process. Calls may run side by side; each has a connection of its own.
#[derive(Debug)]
pub struct Remote {
    socket: PathBuf,
    idle: Mutex<Vec<Line>>,
    calls: AtomicU64,
}

/// A conversation with the target that did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum RemoteFailed {
    /// The target cannot have acted on the call.
    #[error("cannot reach the simulated target: {0}")]
    Before(io::Error),
    /// The whole call went out, and no answer came back.
    #[error("the simulated target did not answer: {0}")]
    After(io::Error),
}

impl Remote {
    /// A client of the target that listens on `socket`. It connects at the first call.
    #[must_use]
    pub fn new(socket: &Path) -> Self {
        Self { socket: socket.to_owned(), idle: Mutex::new(Vec::new()), calls: AtomicU64::new(0) }
    }

    /// Changes the mishaps, from the next call on.
    ///
    /// # Errors
    /// When the target does not answer.
    pub async fn tune(&self, settings: SimSettings) -> Result<(), RemoteFailed> {
        match self.ask(Ask::Tune(settings)).await? {
            Answer::Tuned => Ok(()),
            _ => Err(other_answer()),
        }
    }

    /// Who holds what, ordered by app, account and entitlement.
    ///
    /// # Errors
    /// When the target does not answer.
    pub async fn holdings(&self) -> Result<Vec<Holding>, RemoteFailed> {
        match self.ask(Ask::Holdings).await? {
            Answer::Holdings(holdings) => Ok(holdings),
            _ => Err(other_answer()),
        }
    }

    /// The newest calls that the target received, oldest first.
    ///
    /// # Errors
    /// When the target does not answer.
    pub async fn calls(&self) -> Result<Vec<CallHeard>, RemoteFailed> {
        match self.ask(Ask::Calls).await? {
            Answer::Calls(calls) => Ok(calls),
            _ => Err(other_answer()),
        }
    }

    async fn ask(&self, body: Ask) -> Result<Answer, RemoteFailed> {
        let n = self.calls.fetch_add(1, Ordering::Relaxed);
        let asked = Numbered { n, body };
        let mut line = self.send(&asked).await.map_err(RemoteFailed::Before)?;
        loop {
            let answer: Numbered<Answer> = line.read().await.map_err(RemoteFailed::After)?;
            if answer.n == n {
                // Only a conversation that came to its end is used again; a dropped call closes its connection.
                self.idle().push(line);
                return Ok(answer.body);
            }
        }
    }

    /// Sends a question over an idle connection, or a new one when those have been closed meanwhile. The target acts
    /// only on a whole line, so a failure here had no effect.
    async fn send(&self, asked: &Numbered<Ask>) -> io::Result<Line> {
        loop {
            let idle = self.idle().pop();
            let Some(mut line) = idle else { break };
            if line.write(asked).await.is_ok() {
                return Ok(line);
            }
        }
        let stream = UnixStream::connect(&self.socket).await?;
        let mut line = Line::new(stream, ANSWER_BYTES_MAX);
        line.write(asked).await?;
        Ok(line)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Line>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connector for Remote {
    fn effect_class(&self, _act: Act) -> EffectClass {
        EffectClass::E1
    }

    fn apply<'a>(&'a self, operation: &'a Operation) -> Call<'a, Outcome> {
        Box::pin(async move {
            match self.ask(Ask::Apply(operation.clone())).await {
                Ok(Answer::Outcome(outcome)) => outcome,
                Ok(_) => unknown(&other_answer()),
                Err(error @ RemoteFailed::After(_)) => unknown(&error),
                Err(error @ RemoteFailed::Before(_)) => Outcome::Later { why: error.to_string(), after: None },
            }
        })
    }

    fn read_back<'a>(&'a self, operation: &'a Operation) -> Call<'a, Result<Seen, ReadBackFailed>> {
        Box::pin(async move {
            match self.ask(Ask::ReadBack(operation.clone())).await {
                Ok(Answer::Seen(seen)) => seen,
                Ok(_) => Err(unread(&other_answer())),
                Err(error) => Err(unread(&error)),
            }
        })
    }
}

fn unknown(error: &RemoteFailed) -> Outcome {
    Outcome::Unknown { why: error.to_string() }
}

fn unread(error: &RemoteFailed) -> ReadBackFailed {
    ReadBackFailed { why: error.to_string() }
}

fn other_answer() -> RemoteFailed {
    RemoteFailed::After(io::Error::other("it answered something else"))
}

/// One connection, read and written in JSON lines of bounded length.
#[derive(Debug)]
struct Line {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    bytes_max: u64,
}

impl Line {
    fn new(stream: UnixStream, bytes_max: u64) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader: BufReader::new(reader), writer, bytes_max }
    }

    async fn read<T: for<'de> Deserialize<'de>>(&mut self) -> io::Result<T> {
        let mut text = Vec::new();
        let mut bounded = (&mut self.reader).take(self.bytes_max);
        bounded.read_until(b'\n', &mut text).await?;
        if text.last() != Some(&b'\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(serde_json::from_slice(&text)?)
    }

    async fn write<T: Serialize>(&mut self, body: &T) -> io::Result<()> {
        let mut text = serde_json::to_vec(body)?;
        text.push(b'\n');
        self.writer.write_all(&text).await
    }
}
