//! The audit trail of a request: every step with who, when, through which door, and its place in the log.

use askama::Template;
use jiff::tz::TimeZone;

use crate::body;
use crate::web::elements::Icon;
use crate::web::filters;
use crate::web::shell::{Shell, Visit};
use crate::web::times::{self, Stamp};
use crate::web::views::home::title_of;
use crate::web::views::quote::Quote;
use crate::words::{say, tell};

use super::{Head, Tab};

/// `GET /requests/{id}?tab=audit`
#[derive(Template)]
#[template(path = "requests/audit.html")]
pub struct Audit {
    shell: Shell,
    head: Head,
    printed: String,
    entries: Vec<Entry>,
    proof: Option<Proof>,
}

impl Audit {
    /// The trail of `request`; `events` are all of its events in the order of the log.
    pub fn new(visit: &Visit, request: &body::Request, events: &[body::Event]) -> Self {
        let head = Head::new(visit, request, Tab::Audit);
        let now = times::absolute_of(visit.now);
        Self {
            shell: Shell::new(visit, tell("trail-title", &[("number", &head.number)]), head.place),
            printed: tell("trail-printed", &[("who", &visit.me.name), ("when", &now)]),
            entries: events.iter().map(|event| Entry::new(request, event)).collect(),
            proof: Proof::new(events),
            head,
        }
    }
}

/// One event as a person reads it.
pub struct Entry {
    /// Its symbol.
    pub icon: Icon,
    /// `accent`, `ok`, `warn`, `danger` or nothing.
    pub tone: &'static str,
    /// What happened.
    pub sentence: String,
    /// Door, revision and whom it is about.
    pub line: String,
    /// What the record says besides, such as why a connector failed.
    pub notes: Vec<String>,
    /// What was written, with its label.
    pub texts: Vec<(String, Quote)>,
    /// When, to the second.
    pub at: Stamp,
    /// Place in the log.
    pub index: i64,
    /// Leaf hash.
    pub leaf: String,
    /// Its beginning, where there is little room.
    pub leaf_short: String,
    /// The body of the leaf.
    pub detail: String,
}

impl Entry {
    fn new(request: &body::Request, event: &body::Event) -> Self {
        let (icon, tone) = look(&event.kind);
        Self {
            icon,
            tone,
            sentence: sentence(request, event),
            line: line(event),
            notes: notes(event),
            texts: event.texts.iter().map(|(field, text)| (label(field), Quote::whole(text))).collect(),
            at: to_the_second(&event.at),
            index: event.index,
            leaf: event.leaf.clone(),
            leaf_short: event.leaf.chars().take(12).chain(['…']).collect(),
            detail: serde_json::to_string_pretty(&event.detail).unwrap_or_default(),
        }
    }
}

/// Where these events stand in the log.
pub struct Proof {
    /// The first of them.
    pub first: i64,
    /// The last of them.
    pub last: i64,
    /// Leaf hash of the last.
    pub leaf: String,
}

impl Proof {
    fn new(events: &[body::Event]) -> Option<Self> {
        let (first, last) = (events.first()?, events.last()?);
        Some(Self { first: first.index, last: last.index, leaf: last.leaf.clone() })
    }
}

/// The sentence of a kind; a kind that nobody wrote one for is shown by its name.
pub fn sentence(request: &body::Request, event: &body::Event) -> String {
    let who = event.actor.as_ref().map_or_else(|| say("trail-keyfob"), |actor| actor.name.clone());
    let whom = event.subject.as_ref().unwrap_or(&request.subject).name.clone();
    let key = key_of(request, event);
    let access = title_of(&request.entitlement);
    let said = tell(&key, &[("who", &who), ("whom", &whom), ("access", &access)]);
    if said == key { tell("trail-unknown", &[("who", &who), ("kind", &event.kind)]) } else { said }
}

/// The key of the sentence that fits: some say it otherwise when a person did it, or did it for themselves.
fn key_of(request: &body::Request, event: &body::Event) -> String {
    let whom = &event.subject.as_ref().unwrap_or(&request.subject).id;
    let own = event.actor.as_ref().map(|actor| actor.id == *whom);
    match (event.kind.as_str(), own) {
        ("request.submitted", Some(true)) => "event-request-submitted-own".to_owned(),
        ("grant.ending", Some(true)) => "event-grant-ending-own".to_owned(),
        ("grant.ending", Some(false)) => "event-grant-ending-by".to_owned(),
        ("grant.revoked", Some(false)) => "event-grant-revoked-by".to_owned(),
        (kind, _) => key(kind),
    }
}

/// `request.step_added` has its sentence under `event-request-step-added`.
pub fn key(kind: &str) -> String {
    format!("event-{}", kind.replace(['.', '_'], "-"))
}

fn line(event: &body::Event) -> String {
    let mut parts = vec![super::door(&event.door)];
    if let Some(revision) = event.revision.filter(|revision| *revision > 1) {
        parts.push(tell("trail-revision", &[("n", &revision.to_string())]));
    }
    parts.join(" · ")
}

fn notes(event: &body::Event) -> Vec<String> {
    let told = |field: &str| event.detail.get(field).and_then(serde_json::Value::as_str);
    let attempt = told("attempt").zip(told("reason"));
    let refused = attempt.map(|(what, why)| tell("trail-attempt", &[("what", what), ("why", why)]));
    let checked = event.detail.get("checked") == Some(&serde_json::Value::Bool(true));
    let checked = checked.then(|| say("answer-checked"));
    told("problem").map(str::to_owned).into_iter().chain(refused).chain(checked).collect()
}

fn label(field: &str) -> String {
    match field {
        "justification" | "comment" | "text" => say("fact-comment"),
        "reason" => say("field-reason"),
        "note" => say("trail-note"),
        other => other.to_owned(),
    }
}

fn to_the_second(instant: &str) -> Stamp {
    let text = times::parse(instant).map_or_else(
        || instant.to_owned(),
        |at| at.to_zoned(TimeZone::UTC).strftime("%-d %b %Y, %H:%M:%S UTC").to_string(),
    );
    Stamp { text, ..Stamp::absolute(instant) }
}

fn look(kind: &str) -> (Icon, &'static str) {
    match kind {
        "request.submitted" => (Icon("doc"), "accent"),
        "request.edited" => (Icon("edit"), "warn"),
        "request.commented" => (Icon("comment"), ""),
        "request.approved" | "request.authorised" | "request.confirmed" => (Icon("check"), "ok"),
        "request.granted" => (Icon("key"), "ok"),
        "request.denied" | "request.denied_at_provisioning" => (Icon("x"), "danger"),
        "request.step_reopened" => (Icon("refresh"), "warn"),
        "request.cancelled" => (Icon("x"), ""),
        "request.expired" => (Icon("hourglass"), ""),
        "request.step_added" => (Icon("branch"), ""),
        "request.scheduled" => (Icon("calendar"), ""),
        "request.queued" => (Icon("plug"), ""),
        "request.assigned" | "grant.removal_assigned" => (Icon("wrench"), ""),
        "request.failed" | "grant.removal_failed" => (Icon("alert"), "danger"),
        "request.refused" => (Icon("lock"), "warn"),
        "grant.ending" | "request.revoking" => (Icon("clock"), "warn"),
        "grant.revoked" | "request.revoked" => (Icon("undo"), ""),
        _ => (Icon("log"), ""),
    }
}
