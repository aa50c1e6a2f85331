//! Why a command did not succeed: the sentence for people and the exit code for scripts.

use serde::Deserialize;

/// The result of everything a command does.
pub(super) type Result<T> = std::result::Result<T, Failure>;

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server said no, in its own words.
    Refused(Box<Refusal>),
    /// Something else went wrong, or the person said no.
    Failed(String),
    /// The command line was not complete or not sensible.
    Usage(String),
    /// No token, or one that the server does not take.
    NotSignedIn(String),
    /// The server did not answer.
    Unreachable(String),
    /// Whoever read our output went away, as `head` does; nothing to complain about.
    OutputClosed,
}

/// A problem as the API states it (`application/problem+json`), with its status.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusal {
    title: String,
    detail: Option<String>,
    /// Which fields are wrong.
    pub(super) errors: Vec<FieldError>,
    /// The request that stands in the way: its number, or the whole of it.
    request: Option<serde_json::Value>,
    decided_by: Option<serde_json::Value>,
    decision: Option<String>,
    /// Seconds to wait, from the header `Retry-After`.
    #[serde(skip)]
    pub(super) retry_after: Option<String>,
}

/// What is wrong with one field.
#[derive(Debug, Deserialize)]
pub(super) struct FieldError {
    /// Such as `items[0].duration`.
    pub(super) field: String,
    /// A sentence that says what to do.
    pub(super) message: String,
}

impl Failure {
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::OutputClosed => 0,
            Self::Refused(_) | Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::NotSignedIn(_) => 3,
            Self::Unreachable(_) => 4,
        }
    }

    /// What to print: the sentence, then one line for each further fact.
    pub(super) fn lines(&self) -> Vec<String> {
        match self {
            Self::OutputClosed => Vec::new(),
            Self::Refused(refusal) => refusal.lines(),
            Self::Failed(why) | Self::Usage(why) | Self::NotSignedIn(why) | Self::Unreachable(why) => {
                vec![why.clone()]
            }
        }
    }
}

impl Refusal {
    /// Whether the server asks for this field.
    pub(super) fn names_field(&self, field: &str) -> bool {
        self.errors.iter().any(|error| error.field == field)
    }

    fn lines(&self) -> Vec<String> {
        let sentence = match &self.detail {
            Some(detail) if !detail.is_empty() => detail.clone(),
            _ => self.title.to_lowercase(),
        };
        let mut lines = vec![sentence];
        for error in &self.errors {
            lines.push(format!("  {}: {}", error.field, error.message));
        }
        let facts = [
            ("request", self.request.as_ref().and_then(|value| text_in(value, &["number", "id"]))),
            ("decided by", self.decided_by.as_ref().and_then(|value| text_in(value, &["name", "email", "id"]))),
            ("decision", self.decision.clone()),
            ("try again in", self.retry_after.as_ref().map(|seconds| format!("{seconds} s"))),
        ];
        for (name, fact) in facts {
            if let Some(fact) = fact {
                lines.push(format!("  {name}: {fact}"));
            }
        }
        lines
    }
}

/// A text, or the first of these members of an object.
fn text_in(value: &serde_json::Value, members: &[&str]) -> Option<String> {
    let text = value.as_str().or_else(|| {
        let mut found = members.iter().filter_map(|member| value.get(member)?.as_str());
        found.next()
    });
    text.map(str::to_owned)
}
