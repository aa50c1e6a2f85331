//! What surrounds every signed-in page: who is signed in, where they can go, what waits for them.

use jiff::Timestamp;

use super::elements::{Avatar, Banner, Size};
use super::times;
use crate::body;
use crate::words::{say, tell};

/// Roles that see everybody's tickets, or those of their own apps.
const SEES_TICKETS: [&str; 5] = ["helpdesk", "access_request_admin", "app_admin", "auditor", "super_admin"];

/// Roles that may file a request for anybody.
const REQUESTS_FOR_ANYBODY: [&str; 3] = ["helpdesk", "access_request_admin", "super_admin"];

/// What a page needs to know about the visit, whatever it shows.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who is signed in.
    pub me: body::Me,
    /// Now, as the database tells it.
    pub now: Timestamp,
    /// Path and query of this page, to return to.
    pub path: String,
    /// What waits, for the counts beside the links.
    pub counts: Counts,
    /// Whether this is the demo, whose clock can be moved.
    pub demo: bool,
    /// What the last act did.
    pub flash: Option<Banner>,
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Own requests that are not settled.
    pub requests: u64,
    /// Own open tasks.
    pub tasks: u64,
    /// Open requests of everybody the visitor may see; `None` without a role.
    pub tickets: Option<u64>,
    /// Apps the visitor may see in the directory.
    pub apps: u64,
}

/// Which entry of the navigation the page belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// `/`
    Home,
    /// `/browse` and the app pages
    Browse,
    /// The request form
    Request,
    /// Own requests
    Requests,
    /// Task Center and tasks
    Tasks,
    /// `/admin/tickets`
    Tickets,
    /// `/admin/requests/new`
    RequestForSomebody,
    /// None of them
    Elsewhere,
}

/// The frame of a page, as `layout.html` prints it.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Name of the page.
    pub title: String,
    /// Display name of the visitor.
    pub name: String,
    /// Mail address of the visitor.
    pub email: String,
    /// Face of the visitor.
    pub avatar: Avatar,
    /// Open tasks, for the button in the top bar.
    pub tasks: u64,
    /// The links for everybody.
    pub links: Vec<Link>,
    /// The links that need a role; empty without one.
    pub admin_links: Vec<Link>,
    /// The demo's clock.
    pub clock: Option<Clock>,
    /// What the last act did.
    pub flash: Option<Banner>,
    /// Now in RFC 3339, so that the script counts from our clock and not from its own.
    pub now: String,
    /// Version of the program.
    pub version: &'static str,
}

/// One entry of the navigation.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it goes.
    pub href: &'static str,
    /// Its words.
    pub label: String,
    /// Its words where there is little room.
    pub short: String,
    /// Its symbol.
    pub icon: super::elements::Icon,
    /// Whether this page belongs to it.
    pub current: bool,
    /// How much waits there.
    pub count: Option<Count>,
}

/// A number beside a link.
#[derive(Clone, Debug)]
pub struct Count {
    /// How many.
    pub n: u64,
    /// Whether somebody waits for the visitor.
    pub hot: bool,
    /// What is counted, for those who do not see the place of the number.
    pub what: String,
}

/// The demo's clock and where to return to after moving it.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Now in words.
    pub text: String,
    /// Path and query of this page.
    pub next: String,
}

impl Shell {
    /// The frame of the page `title` at `place`.
    pub fn new(visit: &Visit, title: String, place: Place) -> Self {
        Self {
            title,
            name: visit.me.name.clone(),
            email: visit.me.email.clone(),
            avatar: Avatar::new(&visit.me.name, Size::Normal),
            tasks: visit.counts.tasks,
            links: links(visit.counts, place),
            admin_links: admin_links(visit, place),
            clock: visit.demo.then(|| Clock { text: times::absolute_of(visit.now), next: visit.path.clone() }),
            flash: visit.flash.clone(),
            now: visit.now.to_string(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// The words for the button to the Task Center.
    pub fn tasks_label(&self) -> String {
        tell("shell-tasks-open", &[("n", &self.tasks.to_string())])
    }
}

/// Whether the visitor may file a request for anybody.
pub fn may_request_for_anybody(me: &body::Me) -> bool {
    me.roles.iter().any(|role| REQUESTS_FOR_ANYBODY.contains(&role.as_str()))
}

fn links(counts: Counts, place: Place) -> Vec<Link> {
    let waiting = |n, hot| (n > 0).then(|| Count { n, hot, what: say("shell-count-open") });
    let apps = (counts.apps > 0).then(|| Count { n: counts.apps, hot: false, what: say("shell-count-apps") });
    vec![
        link("/", say("nav-home"), "home", place == Place::Home),
        Link {
            count: apps,
            short: say("nav-browse-short"),
            ..link("/browse", say("nav-browse"), "grid", place == Place::Browse)
        },
        Link {
            count: waiting(counts.requests, false),
            short: say("nav-requests-short"),
            ..link("/?section=requests", say("nav-requests"), "inbox", place == Place::Requests)
        },
        Link { count: waiting(counts.tasks, true), ..link("/tasks", say("nav-tasks"), "tasks", place == Place::Tasks) },
    ]
}

fn admin_links(visit: &Visit, place: Place) -> Vec<Link> {
    let mut links = Vec::new();
    if visit.me.roles.iter().any(|role| SEES_TICKETS.contains(&role.as_str())) {
        let count = visit.counts.tickets.map(|n| Count { n, hot: false, what: say("shell-count-open") });
        links.push(Link { count, ..link("/admin/tickets", say("nav-tickets"), "list", place == Place::Tickets) });
    }
    if may_request_for_anybody(&visit.me) {
        let current = place == Place::RequestForSomebody;
        links.push(link("/admin/requests/new", say("nav-request-for"), "users", current));
    }
    links
}

fn link(href: &'static str, label: String, icon: &'static str, current: bool) -> Link {
    Link { href, short: label.clone(), label, icon: super::elements::Icon(icon), current, count: None }
}
