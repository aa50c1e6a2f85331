//! The list of tickets for administrators: every task, and every request that moves without one.

use askama::Template;
use jiff::Timestamp;
use serde::Deserialize;

use crate::body;
use crate::web::elements::{AppIcon, Pill, Size};
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit, may_request_for_anybody};
use crate::web::status;
use crate::web::times::{self, Stamp};
use crate::words::{say, tell};

use super::request::{self, facts, plan};
use super::task;

/// A ticket older than this is marked.
const OLD_HOURS: i64 = 24;

/// A ticket older than this is marked in red.
const VERY_OLD_HOURS: i64 = 72;

/// One ticket: a request, with its task when a person has to act.
#[derive(Clone, Copy, Debug)]
pub struct Ticket<'a> {
    /// What it is about.
    pub request: &'a body::Request,
    /// Who has to act, and since when.
    pub task: Option<&'a body::Task>,
}

impl<'a> From<&'a body::Task> for Ticket<'a> {
    fn from(task: &'a body::Task) -> Self {
        Self { request: &task.request, task: Some(task) }
    }
}

impl<'a> From<&'a body::Request> for Ticket<'a> {
    fn from(request: &'a body::Request) -> Self {
        Self { request, task: None }
    }
}

/// The query of the list; absent and empty mean any.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    /// `open` (when absent), `done` or `all`.
    #[serde(default)]
    pub state: String,
    /// `approval`, `provisioning` or `deprovisioning`.
    #[serde(default)]
    pub kind: String,
    /// Slug of an app.
    #[serde(default)]
    pub app: String,
    /// Number of a request.
    #[serde(default)]
    pub request: String,
    /// Where the page begins.
    #[serde(default)]
    pub cursor: String,
}

/// `GET /admin/tickets`
#[derive(Template)]
#[template(path = "tickets/list.html")]
pub struct List {
    shell: Shell,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    apps: Vec<Choice>,
    request: String,
    filtered: bool,
    rows: Vec<Row>,
    next: Option<String>,
    for_anybody: bool,
}

/// One choice of a filter.
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One line of the table.
pub struct Row {
    /// `KF-1042`
    pub number: String,
    /// The task's page, or the request's.
    pub href: String,
    /// Icon of the app.
    pub icon: AppIcon,
    /// Name of the app.
    pub app: String,
    /// What is asked for in it.
    pub level: String,
    /// Target User.
    pub target: String,
    /// Kind in a word.
    pub kind: String,
    /// Tone of the kind.
    pub tone: &'static str,
    /// Whose turn it is.
    pub waiting_on: String,
    /// Approval status.
    pub approval: Pill,
    /// Fulfilment status.
    pub fulfilment: Pill,
    /// How old it is.
    pub age: String,
    /// `warn` or `danger` when it is old.
    pub age_tone: &'static str,
    /// Since when.
    pub since: Stamp,
}

impl List {
    /// The tickets that `filter` leaves; `apps` are those that may be chosen.
    pub fn new(
        visit: &Visit,
        tickets: &[Ticket<'_>],
        filter: &Filter,
        apps: &[body::AppRef],
        next: Option<&str>,
    ) -> Self {
        let state = if filter.state.is_empty() { "open" } else { &filter.state };
        Self {
            shell: Shell::new(visit, say("nav-tickets"), Place::Tickets),
            states: ["open", "done", "all"].map(|name| choice(name, state_word(name), state)).into(),
            kinds: kinds(&filter.kind),
            apps: app_choices(apps, &filter.app),
            request: filter.request.clone(),
            filtered: [&filter.kind, &filter.app, &filter.request].iter().any(|one| !one.is_empty()) || state != "open",
            rows: tickets.iter().map(|ticket| Row::new(ticket, visit.now)).collect(),
            next: next.map(|cursor| filter.address(cursor)),
            for_anybody: may_request_for_anybody(&visit.me),
        }
    }
}

impl Filter {
    fn address(&self, cursor: &str) -> String {
        let pairs = [
            ("state", self.state.as_str()),
            ("kind", &self.kind),
            ("app", &self.app),
            ("request", &self.request),
            ("cursor", cursor),
        ];
        super::address::with_query("/admin/tickets", &pairs)
    }
}

impl Row {
    fn new(ticket: &Ticket<'_>, now: Timestamp) -> Self {
        let request = ticket.request;
        let since = ticket.task.map_or(&request.created_at, |task| &task.created_at);
        let (kind, tone) = match ticket.task {
            Some(task) => task::kind(&task.kind),
            None => (say("ticket-kind-automatic"), ""),
        };
        Self {
            number: request.number.clone(),
            href: match ticket.task {
                Some(task) => format!("/tasks/{}", task.id),
                None => format!("/requests/{}", request.number),
            },
            icon: AppIcon::new(&request.entitlement.app.name, Size::Small),
            app: request.entitlement.app.name.clone(),
            level: request.entitlement.name.clone(),
            target: request.subject.name.clone(),
            kind,
            tone,
            waiting_on: waiting_on(ticket),
            approval: status::approval(request),
            fulfilment: status::ticket(request).unwrap_or_else(|| request::fulfilment(request)),
            age: age(since, now),
            age_tone: if is_open(ticket) { age_tone(since, now) } else { "" },
            since: Stamp::absolute(since),
        }
    }
}

/// The largest unit only: a column is compared, not read.
fn age(since: &str, now: Timestamp) -> String {
    let Some(since) = times::parse(since) else { return String::new() };
    let minutes = now.duration_since(since).as_secs().max(0) / 60;
    let rounded = match minutes {
        0..60 => minutes,
        60..1_440 => minutes - minutes % 60,
        _ => minutes - minutes % 1_440,
    };
    times::length(Some(&format!("PT{rounded}M")))
}

/// The first of them by name, the others by number.
fn first_of(people: &[body::User], total: u64) -> String {
    let Some(first) = people.first() else { return String::new() };
    match facts::more(1, total) {
        0 => first.name.clone(),
        more => tell("ticket-first-of", &[("name", &first.name), ("n", &more.to_string())]),
    }
}

fn is_open(ticket: &Ticket<'_>) -> bool {
    ticket.task.map_or_else(|| status::is_open(ticket.request), |task| task.state == "open")
}

fn waiting_on(ticket: &Ticket<'_>) -> String {
    if !is_open(ticket) {
        return String::new();
    }
    let named = match ticket.task {
        Some(task) => first_of(&task.assignees, task.assignees_total),
        None => {
            plan::asked(ticket.request).map_or_else(String::new, |step| first_of(&step.approvers, step.approvers_total))
        }
    };
    match (named.is_empty(), ticket.request.connector.as_deref()) {
        (false, _) => named,
        (true, Some(connector)) if connector != "manual" => {
            tell("ticket-waiting-connector", &[("app", &ticket.request.entitlement.app.name)])
        }
        _ => say("fact-nobody"),
    }
}

fn age_tone(since: &str, now: Timestamp) -> &'static str {
    match times::parse(since).map(|at| now.duration_since(at).as_hours()) {
        Some(VERY_OLD_HOURS..) => "danger",
        Some(OLD_HOURS..) => "warn",
        _ => "",
    }
}

fn kinds(current: &str) -> Vec<Choice> {
    let any = choice("", say("ticket-any-kind"), current);
    let one = |name: &str| choice(name, task::kind(name).0, current);
    std::iter::once(any).chain(["approval", "provisioning", "deprovisioning"].map(one)).collect()
}

fn app_choices(apps: &[body::AppRef], current: &str) -> Vec<Choice> {
    let any = choice("", say("ticket-any-app"), current);
    std::iter::once(any).chain(apps.iter().map(|app| choice(&app.slug, app.name.clone(), current))).collect()
}

fn state_word(state: &str) -> String {
    match state {
        "open" => say("ticket-open"),
        "done" => say("ticket-done"),
        _ => say("ticket-all"),
    }
}

fn choice(value: &str, label: String, current: &str) -> Choice {
    Choice { value: value.to_owned(), label, chosen: value == current }
}

#[cfg(test)]
mod tests;
