//! Task Center and the page of one task.

use askama::Template;
use jiff::Timestamp;

use crate::body;
use crate::web::elements::{AppIcon, Avatar, Pill, Size};
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::status;
use crate::web::times::{self, Stamp};
use crate::words::{say, tell};

use super::home::{task_kind, title_of};
use super::request::{self, facts::Facts};

pub mod answer;
pub mod page;

/// Kinds of task that the Task Center can be narrowed to.
const KINDS: [&str; 3] = ["approval", "provisioning", "deprovisioning"];

/// `GET /tasks`
#[derive(Template)]
#[template(path = "tasks/list.html")]
pub struct List {
    shell: Shell,
    lead: String,
    kinds: Vec<KindLink>,
    cards: Vec<Card>,
    next: Option<String>,
}

impl List {
    /// The open tasks of the visitor, those of one `kind` when it is given.
    pub fn new(visit: &Visit, tasks: &body::Page<body::Task>, kind: Option<&str>) -> Self {
        let open = visit.counts.tasks.to_string();
        let next = tasks.next.as_ref().map(|cursor| {
            super::address::with_query("/tasks", &[("kind", kind.unwrap_or_default()), ("cursor", cursor)])
        });
        Self {
            shell: Shell::new(visit, say("tasks-title"), Place::Tasks),
            lead: tell("tasks-lead", &[("n", &open)]),
            kinds: kinds(kind),
            cards: tasks.items.iter().map(|task| Card::new(task, visit.now)).collect(),
            next,
        }
    }
}

/// A link that narrows the list to one kind.
pub struct KindLink {
    /// Where it goes.
    pub href: String,
    /// Its words.
    pub label: String,
    /// Whether this page shows that kind.
    pub current: bool,
}

/// A task with everything that is needed to decide it.
pub struct Card {
    /// `tsk_…`
    pub id: String,
    /// `KF-1042`
    pub number: String,
    /// Name of the Requester, the head line.
    pub name: String,
    /// Face of the Requester.
    pub avatar: Avatar,
    /// The level that is asked for, under the name (S1-14).
    pub level: String,
    /// For whom, when that is somebody else; may be empty.
    pub beneficiary: String,
    /// Kind in a word.
    pub kind: String,
    /// Tone of the kind.
    pub tone: &'static str,
    /// Icon of the app.
    pub app: AppIcon,
    /// Approval status of the request.
    pub approval: Pill,
    /// Fulfilment status of the request.
    pub fulfilment: Pill,
    /// Everything that is asked for.
    pub facts: Facts,
    /// When the task was opened.
    pub opened: Stamp,
    /// When it is due.
    pub due: Option<Stamp>,
    /// What an answer must send back.
    pub digest: String,
    /// Buttons and links.
    pub acts: Acts,
}

/// What may be done from a card; the words for those who do not see the card name the object.
pub struct Acts {
    /// Approve at once.
    pub approve: bool,
    /// Confirm at once: the words on the button.
    pub confirm: Option<String>,
    /// Deny, on a page that asks why.
    pub deny: bool,
    /// Edit, on a page of its own.
    pub edit: bool,
    /// `Write Access for Ines Duarte, KF-1042`
    pub object: String,
}

impl Card {
    /// The card in the list: a long comment is cut.
    pub fn new(task: &body::Task, now: Timestamp) -> Self {
        let request = &task.request;
        let same = request.requester.id == request.subject.id;
        let (kind, tone) = kind(&task.kind);
        Self {
            id: task.id.clone(),
            number: request.number.clone(),
            name: request.requester.name.clone(),
            avatar: Avatar::new(&request.requester.name, Size::Large),
            level: request.entitlement.name.clone(),
            beneficiary: if same { String::new() } else { tell("task-for", &[("who", &request.subject.name)]) },
            kind,
            tone,
            app: AppIcon::new(&request.entitlement.app.name, Size::Normal),
            approval: status::approval(request),
            fulfilment: request::fulfilment(request),
            facts: Facts::on_card(request),
            opened: Stamp::relative(&task.created_at, now),
            due: task.due.as_deref().map(|due| Stamp::relative(due, now)),
            digest: task.digest.clone(),
            acts: Acts::new(task),
        }
    }
}

impl Acts {
    fn new(task: &body::Task) -> Self {
        let may = |action: &str| task.state == "open" && task.actions.iter().any(|may| may == action);
        // An act that needs a comment is done on the task's page, where there is room to write one.
        let at_once = |action: &str| may(action) && !task.comment_required.iter().any(|needs| needs == action);
        let request = &task.request;
        let object = [
            ("what", request.entitlement.name.as_str()),
            ("who", request.subject.name.as_str()),
            ("number", request.number.as_str()),
        ];
        Self {
            approve: at_once("approve"),
            confirm: at_once("confirm").then(|| confirm_label(task)),
            deny: may("deny") || may("deny_provisioning"),
            edit: may("edit"),
            object: tell("task-object", &object),
        }
    }
}

/// What the button says that closes a task by hand.
pub fn confirm_label(task: &body::Task) -> String {
    if task.kind == "deprovisioning" { say("act-confirm-removal") } else { say("act-confirm") }
}

/// A kind of task in a word, with its tone.
pub fn kind(kind: &str) -> (String, &'static str) {
    let tone = match kind {
        "approval" => "accent",
        "provisioning" => "violet",
        "deprovisioning" => "danger",
        _ => "",
    };
    (task_kind(kind), tone)
}

/// How long a task has been open, in words.
pub fn age(created_at: &str, now: Timestamp) -> String {
    times::parse(created_at).map_or_else(String::new, |at| request::between(at, now))
}

/// `GitHub: Write Access for Ines Duarte`, or what has to be done by hand.
pub fn title(task: &body::Task) -> String {
    let request = &task.request;
    let access = title_of(&request.entitlement);
    let words = [
        ("access", access.as_str()),
        ("app", request.entitlement.app.name.as_str()),
        ("who", request.subject.name.as_str()),
    ];
    match task.kind.as_str() {
        "provisioning" if request.holds.is_empty() => tell("task-title-set-up", &words),
        "provisioning" => tell("task-title-change", &words),
        "deprovisioning" => tell("task-title-remove", &words),
        _ => tell("task-title", &words),
    }
}

fn kinds(current: Option<&str>) -> Vec<KindLink> {
    let all = KindLink { href: "/tasks".to_owned(), label: say("tasks-all"), current: current.is_none() };
    let one = |name: &&str| KindLink {
        href: format!("/tasks?kind={name}"),
        label: kind(name).0,
        current: current == Some(*name),
    };
    std::iter::once(all).chain(KINDS.iter().map(one)).collect()
}

#[cfg(test)]
mod tests;
