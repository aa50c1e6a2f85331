//! The page of one request, the pages behind its dialogs, and its audit trail.

use askama::Template;
use askama::filters::HtmlSafe;
use jiff::Timestamp;

use crate::body;
use crate::web::elements::{AppIcon, Avatar, Pill, Size};
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::status;
use crate::web::times::{self, Stamp};
use crate::words::{say, tell};

use super::field::{Draft, Problems, TextField};
use super::home::title_of;
use super::quote::Quote;

pub mod acts;
pub mod edit;
pub mod facts;
pub mod plan;
pub mod trail;

use acts::CancelForm;
use facts::Facts;
use plan::PlanStep;

/// `GET /requests/{id}`
#[derive(Template)]
#[template(path = "requests/show.html")]
pub struct Show {
    shell: Shell,
    head: Head,
    problem: Option<Trouble>,
    stats: Stats,
    plan: Vec<PlanStep>,
    facts: Facts,
    door: String,
    comments: Vec<Talk>,
    comment: Option<CommentForm>,
    cancel: Option<CancelForm>,
}

impl Show {
    /// The page of `request`; `draft` is a comment that was not accepted.
    pub fn new(visit: &Visit, request: &body::Request, draft: &Draft) -> Self {
        let may = |action: &str| request.actions.iter().any(|may| may == action);
        let head = Head::new(visit, request, Tab::Details);
        Self {
            shell: Shell::new(visit, head.page_title(), head.place),
            problem: Trouble::new(request, visit.now),
            stats: Stats::new(request),
            plan: plan::plan(request, visit.now),
            facts: Facts::new(request),
            door: door(&request.door),
            comments: request.comments.iter().map(|comment| Talk::new(request, comment, visit.now)).collect(),
            comment: may("comment").then(|| CommentForm::new(request, draft)),
            cancel: may("cancel").then(|| CancelForm::new(request, "dialog-cancel", &Draft::default())),
            head,
        }
    }
}

/// Which view of the request is open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tab {
    /// What it is and how it stands.
    Details,
    /// Every step, for auditors.
    Audit,
}

/// The top of every view of a request: what it is, both statuses, and what may be done.
pub struct Head {
    /// `KF-1042`
    pub number: String,
    /// `GitHub: Write Access`
    pub title: String,
    /// Icon of the app.
    pub app: AppIcon,
    /// Approval status.
    pub approval: Pill,
    /// Fulfilment status.
    pub fulfilment: Pill,
    /// The sentence shown to people.
    pub sentence: String,
    /// Target User and length.
    pub summary: String,
    /// When it was filed.
    pub filed: Stamp,
    /// What may be done, the usual act first.
    pub acts: Vec<acts::Act>,
    /// Where the page hangs: address and words.
    pub above: (&'static str, String),
    /// Its tickets, for those who may see the list.
    pub tickets: Option<String>,
    /// Which view is open.
    pub tab: Tab,
    place: Place,
}

impl Head {
    fn new(visit: &Visit, request: &body::Request, tab: Tab) -> Self {
        let (place, href, above) = above(visit, request);
        let length = facts::access_length(request);
        let summary = [("who", request.subject.name.as_str()), ("length", length.as_str())];
        Self {
            number: request.number.clone(),
            title: title_of(&request.entitlement),
            app: AppIcon::new(&request.entitlement.app.name, Size::Large),
            approval: status::approval(request),
            fulfilment: fulfilment(request),
            sentence: request.status.clone(),
            summary: tell("show-summary", &summary),
            filed: Stamp::relative(&request.created_at, visit.now),
            acts: acts::acts(visit, request),
            above: (href, above),
            tickets: visit.counts.tickets.map(|_| format!("/admin/tickets?request={}", request.number)),
            tab,
            place,
        }
    }

    fn is_details(&self) -> bool {
        self.tab == Tab::Details
    }

    fn page_title(&self) -> String {
        format!("{} · {}", self.number, self.title)
    }
}

/// The fulfilment status, also while there is nothing to fulfil yet or any more.
pub fn fulfilment(request: &body::Request) -> Pill {
    status::fulfilment(request).unwrap_or_else(|| {
        if plan::is_closed(request) {
            Pill { state: "paused", word: say("fulfilment-never") }
        } else {
            Pill { state: "waiting", word: say("fulfilment-not-started") }
        }
    })
}

/// The two statuses and the access, each in a few more words than its pill.
pub struct Stats {
    /// How far the approval is.
    pub approval: String,
    /// How it is put in place.
    pub fulfilment: String,
    /// How long the access lasts, or what became of it.
    pub access: String,
    /// The status of the grant, once there is one.
    pub grant: Option<Pill>,
}

impl Stats {
    fn new(request: &body::Request) -> Self {
        let steps = request.steps.iter().filter(|step| step.kind == "approval").collect::<Vec<_>>();
        let said_no = |step: &body::Step| step.decisions.iter().any(|decision| decision.decision == "denied");
        let done = steps.iter().filter(|step| step.state == "done" && !said_no(step)).count();
        let counted = [("done", done.to_string()), ("total", steps.len().to_string())];
        let counted = counted.each_ref().map(|(name, n)| (*name, n.as_str()));
        let by_hand = request.connector.as_deref() == Some("manual");
        Self {
            approval: if steps.is_empty() { say("stat-no-approval") } else { tell("stat-approval", &counted) },
            fulfilment: match request.connector {
                None => String::new(),
                Some(_) if plan::is_closed(request) => String::new(),
                Some(_) if by_hand => say("stat-by-hand"),
                Some(_) => say("stat-automatic"),
            },
            access: access(request),
            grant: request.grant.as_ref().map(status::grant),
        }
    }
}

fn access(request: &body::Request) -> String {
    match &request.grant {
        Some(grant) => match (grant.state.as_str(), &grant.ends_at) {
            ("active" | "ending", Some(ends)) => tell("stat-until", &[("when", &times::absolute(ends))]),
            ("active", None) => say("stat-no-end"),
            _ => String::new(),
        },
        None if plan::is_closed(request) => say("stat-no-access"),
        None if request.kind == "revoke" => say("stat-taken-away"),
        None if request.until.is_none() && request.duration.is_some() => {
            tell("stat-once-in-place", &[("length", &times::length(request.duration.as_deref()))])
        }
        None => facts::access_length(request),
    }
}

/// Why access is not in place although it was approved, and who acts next.
pub struct Trouble {
    /// `danger`, or `warn` when it is not known.
    pub tone: &'static str,
    /// What is wrong.
    pub title: String,
    /// Why.
    pub reason: String,
    /// When Keyfob tries again by itself.
    pub retry: String,
    /// Who acts.
    pub who: String,
}

impl Trouble {
    fn new(request: &body::Request, now: Timestamp) -> Option<Self> {
        let (tone, title) = match request.fulfilment.as_deref() {
            Some("failed") => ("danger", say("trouble-failed")),
            Some("unknown") => ("warn", say("trouble-unknown")),
            Some("revoked_unverified") => ("danger", say("trouble-unverified")),
            _ if request.problem.is_some() => ("warn", say("trouble-other")),
            _ => return None,
        };
        let retry = request.retry_at.as_deref().map_or_else(
            || say("trouble-no-retry"),
            |at| match times::parse(at).filter(|at| *at > now) {
                Some(_) => tell("trouble-retry", &[("when", &times::absolute(at))]),
                None => say("trouble-retry-now"),
            },
        );
        let admins = facts::names(&request.app_admins, request.app_admins_total);
        let who = if admins.is_empty() { String::new() } else { tell("trouble-who", &[("names", &admins)]) };
        Some(Self { tone, title, reason: request.problem.clone().unwrap_or_default(), retry, who })
    }
}

/// One comment of the thread.
pub struct Talk {
    /// `evt_…`, to link to.
    pub id: String,
    /// Face of the writer.
    pub avatar: Avatar,
    /// Name of the writer.
    pub name: String,
    /// What the writer is to the request; may be empty.
    pub part: String,
    /// What was said.
    pub text: Quote,
    /// When.
    pub at: Stamp,
    /// Where.
    pub door: String,
}

impl Talk {
    fn new(request: &body::Request, comment: &body::Comment, now: Timestamp) -> Self {
        Self {
            id: comment.id.clone(),
            avatar: Avatar::new(&comment.by.name, Size::Normal),
            name: comment.by.name.clone(),
            part: part(request, &comment.by),
            text: Quote::whole(&comment.text),
            at: Stamp::relative(&comment.at, now),
            door: door(&comment.door),
        }
    }
}

fn part(request: &body::Request, user: &body::User) -> String {
    let is_in = |people: &[body::User]| people.iter().any(|one| one.id == user.id);
    if user.id == request.requester.id {
        return say("fact-requester");
    }
    if user.id == request.subject.id {
        return say("fact-target-user");
    }
    let step = request.steps.iter().find(|step| step.kind == "approval" && is_in(&step.approvers));
    match step {
        Some(step) => step.name.clone(),
        None if is_in(&request.app_admins) => say("part-app-admin"),
        None => String::new(),
    }
}

/// The form under the thread.
#[derive(Template)]
#[template(path = "requests/_comment_form.html")]
pub struct CommentForm {
    number: String,
    text: TextField,
    problems: Problems,
}

impl HtmlSafe for CommentForm {}

impl CommentForm {
    fn new(request: &body::Request, draft: &Draft) -> Self {
        Self {
            number: request.number.clone(),
            text: TextField::new("comment", "text", say("talk-add"), draft).required(true).hint(say("talk-hint")),
            problems: draft.summary("comment"),
        }
    }
}

/// Where somebody comes from who looks at this request.
fn above(visit: &Visit, request: &body::Request) -> (Place, &'static str, String) {
    let mine = [&request.requester.id, &request.subject.id].contains(&&visit.me.id);
    if mine {
        (Place::Requests, "/?section=requests", say("nav-requests"))
    } else if request.task.is_some() {
        (Place::Tasks, "/tasks", say("nav-tasks"))
    } else if visit.counts.tickets.is_some() {
        (Place::Tickets, "/admin/tickets", say("nav-tickets"))
    } else {
        (Place::Elsewhere, "/", say("nav-home"))
    }
}

/// `on the web`; an unknown door is shown by its name.
pub fn door(door: &str) -> String {
    match door {
        "web" => say("door-web"),
        "api" => say("door-api"),
        "cli" => say("door-cli"),
        "system" => say("door-system"),
        other => tell("door-other", &[("door", other)]),
    }
}

/// The time between two instants in words, as exact as is useful: minutes, then hours, then days.
pub fn between(from: Timestamp, to: Timestamp) -> String {
    let minutes = to.duration_since(from).as_secs().max(0) / 60;
    let rounded = match minutes {
        0 => return say("time-under-a-minute"),
        1..1_440 => minutes,
        1_440..4_320 => minutes - minutes % 60,
        _ => minutes - minutes % 1_440,
    };
    times::length(Some(&format!("PT{rounded}M")))
}

#[cfg(test)]
mod tests;
