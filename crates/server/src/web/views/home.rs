//! Home: what I hold, what I asked for, what waits for me.

use askama::Template;
use jiff::Timestamp;

use crate::body;
use crate::web::elements::{AppIcon, Avatar, Pill, Size};
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::status;
use crate::web::times::{self, Stamp};
use crate::words::{say, tell};

use super::request::{facts, plan};

/// Rows of each kind on the overview; the sections show all.
const OVERVIEW_MAX: usize = 6;

/// So many of those whom a request waits for are named in its row.
const NAMED_MAX: usize = 3;

/// Access that ends within so many days is named on the overview.
const SOON_DAYS: i64 = 7;

/// Which part of home is shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Section {
    /// The most important of each.
    #[default]
    Overview,
    /// `?section=access`
    Access,
    /// `?section=requests`
    Requests,
    /// `?section=tickets`
    Tickets,
}

impl Section {
    /// Reads the parameter; what it does not know is the overview.
    pub fn parse(section: Option<&str>) -> Self {
        match section {
            Some("access") => Self::Access,
            Some("requests") => Self::Requests,
            Some("tickets") => Self::Tickets,
            _ => Self::Overview,
        }
    }
}

/// `GET /`
#[derive(Debug, Template)]
#[template(path = "home/home.html")]
pub struct HomePage {
    shell: Shell,
    section: Section,
    first_name: String,
    tabs: Vec<Tab>,
    access: Vec<AccessRow>,
    ending: Vec<AccessRow>,
    open: Vec<RequestRow>,
    closed: Vec<RequestRow>,
    tasks: Vec<TaskRow>,
}

/// One of the sections.
#[derive(Debug)]
struct Tab {
    href: &'static str,
    label: String,
    count: Option<usize>,
    current: bool,
}

/// Access that the visitor holds.
#[derive(Clone, Debug)]
pub struct AccessRow {
    icon: AppIcon,
    title: String,
    app_href: String,
    since: Stamp,
    ends: Option<Stamp>,
    soon: bool,
    status: Pill,
    give_back: Option<String>,
    request_href: Option<String>,
}

/// A request of the visitor.
#[derive(Clone, Debug)]
pub struct RequestRow {
    icon: AppIcon,
    href: String,
    title: String,
    number: String,
    line: String,
    others: String,
    pending: bool,
    steps: Vec<&'static str>,
    approval: Pill,
    fulfilment: Option<Pill>,
    filed: Stamp,
}

/// An open task of the visitor.
#[derive(Clone, Debug)]
pub struct TaskRow {
    href: String,
    avatar: Avatar,
    person: String,
    title: String,
    kind: String,
    quote: String,
    app_icon: AppIcon,
    since: Stamp,
    due: Option<Stamp>,
    action: String,
    action_label: String,
}

impl HomePage {
    /// `grants` are those of the visitor, `requests` those filed by or for the visitor,
    /// `tasks` the visitor's open ones.
    pub fn new(
        visit: &Visit,
        section: Section,
        grants: &[body::Grant],
        requests: &[body::Request],
        tasks: &[body::Task],
    ) -> Self {
        let mut newest = requests.iter().collect::<Vec<_>>();
        newest.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| b.number.cmp(&a.number)));
        let (open, closed): (Vec<_>, Vec<_>) = newest.into_iter().partition(|request| status::is_open(request));
        let held = grants.iter().filter(|grant| grant.state != "revoked");
        let mut access = held.map(|grant| AccessRow::new(grant, visit.now)).collect::<Vec<_>>();
        access.sort_by_key(|row| (row.ends.is_none(), row.ends.as_ref().map(|ends| ends.iso.clone())));
        let (title, place) = match section {
            Section::Overview => (say("nav-home"), Place::Home),
            Section::Access => (say("home-access"), Place::Home),
            Section::Requests => (say("home-requests"), Place::Requests),
            Section::Tickets => (say("home-tasks"), Place::Home),
        };
        Self {
            shell: Shell::new(visit, title, place),
            section,
            first_name: visit.me.name.split_whitespace().next().unwrap_or_default().to_owned(),
            tabs: tabs(section, [access.len(), open.len(), tasks.len()]),
            ending: access.iter().filter(|row| row.soon).cloned().collect(),
            access,
            open: open.into_iter().map(|request| RequestRow::new(request, visit)).collect(),
            closed: closed.into_iter().map(|request| RequestRow::new(request, visit)).collect(),
            tasks: tasks.iter().map(|task| TaskRow::new(task, visit.now)).collect(),
        }
    }
}

fn tabs(section: Section, [access, open, tasks]: [usize; 3]) -> Vec<Tab> {
    let tab = |href, label, count, at| Tab { href, label, count, current: section == at };
    vec![
        tab("/", say("home-overview"), None, Section::Overview),
        tab("/?section=access", say("home-access"), Some(access), Section::Access),
        tab("/?section=requests", say("home-requests"), Some(open), Section::Requests),
        tab("/?section=tickets", say("home-tasks"), Some(tasks), Section::Tickets),
    ]
}

impl AccessRow {
    fn new(grant: &body::Grant, now: Timestamp) -> Self {
        let app = &grant.entitlement.app;
        let may_give_back = grant.actions.iter().any(|action| action == "revoke");
        Self {
            icon: AppIcon::new(&app.name, Size::Normal),
            title: title_of(&grant.entitlement),
            app_href: format!("/apps/{}", app.slug),
            since: Stamp::absolute(&grant.starts_at),
            ends: grant.ends_at.as_deref().map(|ends| Stamp::relative(ends, now)),
            soon: grant.ends_at.as_deref().is_some_and(|ends| times::is_within_days(ends, now, SOON_DAYS)),
            status: status::grant(grant),
            give_back: may_give_back.then(|| format!("/grants/{}/revoke", grant.id)),
            request_href: (!grant.request.is_empty()).then(|| format!("/requests/{}", grant.request)),
        }
    }
}

impl RequestRow {
    fn new(request: &body::Request, visit: &Visit) -> Self {
        let mine = request.subject.id == visit.me.id;
        let by_me = request.requester.id == visit.me.id;
        let others = match (mine, by_me) {
            (false, _) => tell("request-for-person", &[("name", &request.subject.name)]),
            (true, false) => tell("request-by-person", &[("name", &request.requester.name)]),
            (true, true) => String::new(),
        };
        Self {
            icon: AppIcon::new(&request.entitlement.app.name, Size::Normal),
            href: format!("/requests/{}", request.id),
            title: title_of(&request.entitlement),
            number: request.number.clone(),
            line: line(request),
            others,
            pending: status::is_open(request),
            steps: request.steps.iter().map(|step| step_shape(request, step)).collect(),
            approval: status::approval(request),
            fulfilment: status::fulfilment(request).map(|_| status::overall(request)),
            filed: Stamp::relative(&request.created_at, visit.now),
        }
    }
}

/// Whom it waits for, else how it stands.
fn line(request: &body::Request) -> String {
    let (asked, total) = match (plan::asked(request), request.fulfilment.as_deref()) {
        (_, Some("manual")) => (request.app_admins.as_slice(), request.app_admins_total),
        (Some(step), None) => (step.approvers.as_slice(), step.approvers_total),
        _ => (&[][..], 0),
    };
    let named = asked.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>();
    if named.is_empty() {
        return request.status.clone();
    }
    tell("home-waiting-for", &[("names", &facts::names(&named, total))])
}

impl TaskRow {
    fn new(task: &body::Task, now: Timestamp) -> Self {
        let request = &task.request;
        let person = request.subject.name.clone();
        let decides = task.kind == "approval";
        let name = [("name", person.as_str())];
        let (action, action_label) = if decides {
            (say("task-review"), tell("task-review-person", &name))
        } else {
            (say("task-open"), tell("task-open-person", &name))
        };
        Self {
            href: format!("/tasks/{}", task.id),
            avatar: Avatar::new(&person, Size::Normal),
            title: title_of(&request.entitlement),
            kind: task_kind(&task.kind),
            quote: request.justification.clone(),
            app_icon: AppIcon::new(&request.entitlement.app.name, Size::Small),
            since: Stamp::relative(&task.created_at, now),
            due: task.due.as_deref().map(|due| Stamp::relative(due, now)),
            action,
            action_label,
            person,
        }
    }
}

/// `GitHub: Owner`, or the name alone when it already begins with the app's.
pub fn title_of(entitlement: &body::Entitlement) -> String {
    if entitlement.name.starts_with(&entitlement.app.name) {
        return entitlement.name.clone();
    }
    tell("entitlement-in-app", &[("app", &entitlement.app.name), ("name", &entitlement.name)])
}

/// What kind of work a task is.
pub fn task_kind(kind: &str) -> String {
    match kind {
        "approval" => say("task-kind-approval"),
        "form" => say("task-kind-form"),
        "provisioning" => say("task-kind-provisioning"),
        "deprovisioning" => say("task-kind-deprovisioning"),
        _ => say("task-kind-review"),
    }
}

/// The shape of a step in the small plan of a row.
fn step_shape(request: &body::Request, step: &body::Step) -> &'static str {
    let refused = step.decisions.iter().any(|decision| decision.decision.starts_with("denied"));
    match step.state.as_str() {
        _ if refused => "failed",
        "done" => "done",
        _ if !status::is_open(request) => "skipped",
        "active" => "current",
        "skipped" => "skipped",
        _ => "upcoming",
    }
}
