//! The forms that answer a task, and what is shown when somebody else was quicker.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::body;
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::views::field::{Draft, Problems, TextField};
use crate::words::{say, tell};

use super::title;

/// What the forms for approving and denying say.
pub fn answer(draft: &Draft) -> body::Answer {
    body::Answer {
        digest: draft.said("digest").unwrap_or_default(),
        comment: draft.said("comment"),
        checked: draft.said("checked").map(|_| true),
    }
}

/// What the form of work by hand says.
pub fn confirm(draft: &Draft) -> body::Confirm {
    let given = body::Given {
        license: draft.said("license"),
        role: draft.said("role"),
        group: draft.said("group"),
        level: draft.said("level"),
    };
    let given = Some(given).filter(|given| *given != body::Given::default());
    body::Confirm { comment: draft.said("comment"), given }
}

/// `GET /tasks/{id}/deny`
#[derive(Template)]
#[template(path = "requests/deny.html")]
pub struct Deny {
    shell: Shell,
    id: String,
    number: String,
    title: String,
    form: DenyForm,
    problems: Problems,
}

impl Deny {
    /// The page that asks why before `task` is denied.
    pub fn new(visit: &Visit, task: &body::Task, draft: &Draft) -> Self {
        let form = DenyForm::new(task, "deny", draft);
        Self {
            shell: Shell::new(visit, form.title.clone(), Place::Tasks),
            id: task.id.clone(),
            number: task.request.number.clone(),
            title: title(task),
            problems: draft.summary("deny"),
            form,
        }
    }
}

/// The form of that page and of the dialog; at provisioning it also asks to look into the app (S1-9).
#[derive(Template)]
#[template(path = "requests/_deny_form.html")]
pub struct DenyForm {
    id: String,
    digest: String,
    title: String,
    lead: String,
    comment: TextField,
    reminder: String,
    check: String,
    checked: bool,
    dialog: bool,
}

impl HtmlSafe for DenyForm {}

impl DenyForm {
    /// A form whose ids begin with `form`.
    pub fn new(task: &body::Task, form: &str, draft: &Draft) -> Self {
        let by_hand = task.kind == "provisioning";
        let words =
            [("who", task.request.requester.name.as_str()), ("app", task.request.entitlement.app.name.as_str())];
        let needs = |action: &str| task.comment_required.iter().any(|needs| needs == action);
        let needed = if by_hand { needs("deny") || needs("deny_provisioning") } else { needs("deny") };
        let told = tell("deny-reason-hint", &words);
        Self {
            id: task.id.clone(),
            digest: task.digest.clone(),
            title: if by_hand { say("deny-title-provisioning") } else { say("deny-title") },
            lead: if by_hand { tell("deny-lead-provisioning", &words) } else { tell("deny-lead", &words) },
            comment: TextField::new(form, "comment", say("field-reason"), draft).required(needed).hint(told),
            reminder: if by_hand { tell("deny-reminder", &words) } else { String::new() },
            check: tell("deny-check", &words),
            checked: draft.typed("checked").is_some(),
            dialog: form.starts_with("dialog"),
        }
    }
}

/// The form that says that a task is done in the app.
#[derive(Template)]
#[template(path = "tasks/_confirm_form.html")]
pub struct ConfirmForm {
    id: String,
    object: String,
    label: String,
    given: Vec<TextField>,
    comment: TextField,
    deny: bool,
    edit: Option<String>,
}

impl HtmlSafe for ConfirmForm {}

impl ConfirmForm {
    /// The form with what was typed before.
    pub fn new(task: &body::Task, draft: &Draft) -> Self {
        let may = |action: &str| task.actions.iter().any(|may| may == action);
        let needed = task.comment_required.iter().any(|needs| needs == "confirm");
        let field = |name, label| TextField::new("confirm", name, label, draft).short();
        let given = match task.kind.as_str() {
            "provisioning" => vec![
                field("license", say("given-license")),
                field("role", say("given-role")),
                field("group", say("given-group")),
                field("level", say("given-level")),
            ],
            _ => Vec::new(),
        };
        let note = TextField::new("confirm", "comment", say("confirm-note"), draft);
        Self {
            id: task.id.clone(),
            object: super::Acts::new(task).object,
            label: super::confirm_label(task),
            given,
            comment: note.required(needed).hint(say("confirm-note-hint")),
            deny: may("deny") || may("deny_provisioning"),
            edit: may("edit").then(|| format!("/requests/{}/edit", task.request.number)),
        }
    }
}

/// Shown with 409 when an answer came too late.
#[derive(Template)]
#[template(path = "tasks/overtaken.html")]
pub struct Overtaken {
    shell: Shell,
    title: String,
    lead: String,
    again: Option<String>,
    number: String,
}

impl Overtaken {
    /// Somebody else has answered already.
    pub fn decided(visit: &Visit, number: &str, by: Option<&body::User>, decision: &str) -> Self {
        let who = by.map_or_else(|| say("overtaken-somebody"), |user| user.name.clone());
        let who = [("who", who.as_str())];
        let title = match decision {
            "approved" => tell("overtaken-approved", &who),
            "denied" | "denied_at_provisioning" => tell("overtaken-denied", &who),
            "confirmed" => tell("overtaken-confirmed", &who),
            _ => say("overtaken-closed"),
        };
        Self::new(visit, title, say("overtaken-lead"), None, number)
    }

    /// The request was changed while the page was open; `task` is what is to be decided now.
    pub fn changed(visit: &Visit, number: &str, task: Option<&str>) -> Self {
        let again = task.map(|task| format!("/tasks/{task}"));
        Self::new(visit, say("overtaken-changed"), say("overtaken-changed-lead"), again, number)
    }

    fn new(visit: &Visit, title: String, lead: String, again: Option<String>, number: &str) -> Self {
        let shell = Shell::new(visit, title.clone(), Place::Tasks);
        Self { shell, title, lead, again, number: number.to_owned() }
    }
}
