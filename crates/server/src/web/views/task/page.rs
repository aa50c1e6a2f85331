//! The page of one task: everything that is decided, and the forms that decide it.

use askama::Template;

use crate::body;
use crate::web::filters;
use crate::web::render;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::views::field::{Draft, Problems, TextField};
use crate::web::views::quote::Quote;
use crate::web::views::request::facts::{self, Facts};
use crate::web::views::request::plan::{self, PlanAnswer, PlanStep};
use crate::words::{say, tell};

use super::answer::{ConfirmForm, DenyForm};
use super::{Card, age, title};

/// `GET /tasks/{id}`
pub fn page(visit: &Visit, task: &body::Task, draft: &Draft) -> askama::Result<String> {
    match task.kind.as_str() {
        "provisioning" | "deprovisioning" => render(&Provision::new(visit, task, draft)),
        _ => render(&Approval::new(visit, task, draft)),
    }
}

/// What both pages show.
struct Frame {
    title: String,
    card: Card,
    asked: String,
    waiting: String,
    plan: Vec<PlanStep>,
    finished: Option<Finished>,
    may_comment: bool,
}

impl Frame {
    fn new(visit: &Visit, task: &body::Task) -> Self {
        let request = &task.request;
        let card = Card { facts: Facts::new(request), ..Card::new(task, visit.now) };
        let names = facts::names(&task.assignees, task.assignees_total);
        let open = task.state == "open";
        Self {
            title: title(task),
            asked: if open { tell("task-asked", &[("names", &names)]) } else { String::new() },
            waiting: if open {
                tell("plan-waiting-for", &[("length", &age(&task.created_at, visit.now))])
            } else {
                String::new()
            },
            plan: plan::plan(request, visit.now),
            finished: Finished::new(visit, task),
            may_comment: request.actions.iter().any(|may| may == "comment"),
            card,
        }
    }
}

/// What stands in place of the forms once nobody can answer any more (S1-10).
struct Finished {
    title: String,
    lead: String,
    answer: Option<PlanAnswer>,
}

impl Finished {
    fn new(visit: &Visit, task: &body::Task) -> Option<Self> {
        let lead = match task.state.as_str() {
            "open" => return None,
            "void" => say("task-void-lead"),
            _ => String::new(),
        };
        let title = if task.state == "void" { say("task-void") } else { say("task-done") };
        let answer = task.finished.as_ref().map(|decision| plan::answer(decision, visit.now));
        Some(Self { title, lead, answer })
    }
}

/// An approval task.
#[derive(Template)]
#[template(path = "tasks/show.html")]
struct Approval {
    shell: Shell,
    frame: Frame,
    problems: Problems,
    approve: Option<TextField>,
    deny: Option<DenyForm>,
}

impl Approval {
    fn new(visit: &Visit, task: &body::Task, draft: &Draft) -> Self {
        let may = |action: &str| task.state == "open" && task.actions.iter().any(|may| may == action);
        let needed = task.comment_required.iter().any(|action| action == "approve");
        let comment = || {
            let hint = say("task-comment-hint");
            TextField::new("approve", "comment", say("task-comment"), draft).required(needed).hint(hint)
        };
        Self {
            shell: Shell::new(visit, title(task), Place::Tasks),
            frame: Frame::new(visit, task),
            problems: draft.summary("approve"),
            approve: may("approve").then(comment),
            deny: may("deny").then(|| DenyForm::new(task, "dialog-deny", &Draft::default())),
        }
    }
}

/// A task that is done by hand in the app.
#[derive(Template)]
#[template(path = "tasks/provision.html")]
struct Provision {
    shell: Shell,
    frame: Frame,
    problems: Problems,
    app: String,
    url: Option<String>,
    instructions: Quote,
    removes: bool,
    lead: String,
    trouble: String,
    confirm: Option<ConfirmForm>,
    deny: Option<DenyForm>,
}

impl Provision {
    fn new(visit: &Visit, task: &body::Task, draft: &Draft) -> Self {
        let may = |action: &str| task.state == "open" && task.actions.iter().any(|may| may == action);
        let deny = may("deny") || may("deny_provisioning");
        Self {
            shell: Shell::new(visit, title(task), Place::Tasks),
            frame: Frame::new(visit, task),
            problems: draft.summary("confirm"),
            app: task.request.entitlement.app.name.clone(),
            url: task.url.clone().filter(|url| is_web_address(url)),
            instructions: Quote::whole(&task.instructions),
            removes: task.kind == "deprovisioning",
            lead: lead(task),
            trouble: task.request.problem.clone().unwrap_or_default(),
            confirm: may("confirm").then(|| ConfirmForm::new(task, draft)),
            deny: deny.then(|| DenyForm::new(task, "dialog-deny", &Draft::default())),
        }
    }
}

/// Fits a new account and a change of an existing one (S1-15).
fn lead(task: &body::Task) -> String {
    let request = &task.request;
    let holds = request.holds.join(", ");
    let words = [
        ("who", request.subject.name.as_str()),
        ("app", request.entitlement.app.name.as_str()),
        ("level", request.entitlement.name.as_str()),
        ("holds", holds.as_str()),
    ];
    match task.kind.as_str() {
        "deprovisioning" => tell("provision-lead-remove", &words),
        _ if request.holds.is_empty() => tell("provision-lead-new", &words),
        _ => tell("provision-lead-change", &words),
    }
}

/// Only addresses that a browser opens as a page become links.
fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
