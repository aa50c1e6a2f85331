//! What went wrong, in a sentence, and what to do about it.

use askama::Template;

use crate::web::elements::Icon;
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::words::{say, tell};

/// What a page says about a failure.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// What happened, when there is more to say than the status does; may be empty.
    pub detail: String,
    /// What to look for in the logs; may be empty.
    pub reference: String,
    /// For 429: when to try again.
    pub retry_seconds: u64,
}

/// A failure for somebody who is signed in.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    shell: Shell,
    message: Message,
}

/// A failure for somebody who is not.
#[derive(Debug, Template)]
#[template(path = "error_bare.html")]
pub struct BareErrorPage {
    message: Message,
}

#[derive(Clone, Debug)]
struct Message {
    icon: Icon,
    title: String,
    sentence: String,
    todo: String,
    reference: Option<String>,
}

impl ErrorPage {
    /// The page with navigation around it.
    pub fn new(visit: &Visit, fault: &Fault) -> Self {
        let message = Message::new(fault);
        Self { shell: Shell::new(visit, message.title.clone(), Place::Elsewhere), message }
    }
}

impl BareErrorPage {
    /// The page alone.
    pub fn new(fault: &Fault) -> Self {
        Self { message: Message::new(fault) }
    }
}

impl Message {
    fn new(fault: &Fault) -> Self {
        let n = fault.retry_seconds.to_string();
        let (title, sentence, todo) = match fault.status {
            401 | 403 => (say("error-403-title"), say("error-403"), say("error-403-todo")),
            404 => (say("error-404-title"), say("error-404"), say("error-404-todo")),
            409 | 412 => (say("error-409-title"), say("error-409"), say("error-409-todo")),
            413 => (say("error-413-title"), say("error-413"), say("error-413-todo")),
            429 => (say("error-429-title"), say("error-429"), tell("error-429-todo", &[("n", &n)])),
            503 => (say("error-503-title"), say("error-503"), say("error-503-todo")),
            500.. => (say("error-500-title"), say("error-500"), say("error-500-todo")),
            _ => (say("error-bad-title"), say("error-bad"), say("error-bad-todo")),
        };
        Self {
            icon: if fault.status >= 500 { Icon("alert") } else { Icon("info") },
            title,
            sentence: if fault.detail.is_empty() { sentence } else { sentence_case(&fault.detail) },
            todo,
            reference: (!fault.reference.is_empty()).then(|| tell("error-reference", &[("id", &fault.reference)])),
        }
    }
}

/// Error texts are written in lower case without a full stop; on a page they stand alone.
fn sentence_case(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    let sentence = first.chain(rest).collect::<String>();
    if sentence.ends_with(['.', '!', '?']) { sentence } else { sentence + "." }
}
