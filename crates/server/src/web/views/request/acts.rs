//! What may be done with a request, and the pages that ask before it is done.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::body;
use crate::web::elements::Icon;
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::views::field::{Draft, Problems, TextField};
use crate::web::views::home::title_of;
use crate::words::{say, tell};

/// A link to something that may be done.
#[derive(Clone, Debug)]
pub struct Act {
    /// Where it is done.
    pub href: String,
    /// Its words.
    pub label: String,
    /// How loud it is: `btn-primary`, `btn-deny` or nothing.
    pub class: &'static str,
    /// Its symbol.
    pub icon: Option<Icon>,
    /// The dialog on the same page; empty without one.
    pub dialog: &'static str,
}

/// Exactly the actions that the answer names, the usual one first; approving and denying share one link
/// because both are done on the task's page.
pub fn acts(visit: &Visit, request: &body::Request) -> Vec<Act> {
    let may = |action: &str| request.actions.iter().any(|may| may == action);
    let task = request.task.as_ref().map(|task| format!("/tasks/{task}"));
    let number = &request.number;
    let mut acts = Vec::new();
    if let Some(href) = &task {
        let decide = (may("approve") || may("deny")).then(|| say("act-decide"));
        let confirm = (may("confirm") || may("deny_provisioning")).then(|| confirm_label(request));
        acts.extend(decide.or(confirm).map(|label| Act {
            class: "btn-primary",
            icon: Some(Icon("check")),
            ..act(href.clone(), label)
        }));
    }
    if may("edit") {
        acts.push(Act { icon: Some(Icon("edit")), ..act(format!("/requests/{number}/edit"), say("act-edit")) });
    }
    let may_revoke = |grant: &&body::Grant| grant.actions.iter().any(|may| may == "revoke");
    if let Some(grant) = request.grant.as_ref().filter(may_revoke) {
        let label = if grant.user.id == visit.me.id { say("act-give-back") } else { say("act-take-away") };
        acts.push(Act { icon: Some(Icon("undo")), ..act(format!("/grants/{}/revoke", grant.id), label) });
    }
    if may("cancel") {
        let cancel = act(format!("/requests/{number}/cancel"), say("act-cancel"));
        acts.push(Act { class: "btn-deny", dialog: "dlg-cancel", ..cancel });
    }
    acts
}

/// What the forms for cancelling and for giving back say.
pub fn reason(draft: &Draft) -> body::Reason {
    body::Reason { reason: draft.said("reason") }
}

fn act(href: String, label: String) -> Act {
    Act { href, label, class: "", icon: None, dialog: "" }
}

fn confirm_label(request: &body::Request) -> String {
    if request.kind == "revoke" { say("act-confirm-removal") } else { say("act-confirm") }
}

/// `GET /requests/{id}/cancel`
#[derive(Template)]
#[template(path = "requests/cancel.html")]
pub struct Cancel {
    shell: Shell,
    number: String,
    title: String,
    form: CancelForm,
    problems: Problems,
}

impl Cancel {
    /// The page that asks before `request` is cancelled.
    pub fn new(visit: &Visit, request: &body::Request, draft: &Draft) -> Self {
        Self {
            shell: Shell::new(visit, say("cancel-title"), Place::Requests),
            number: request.number.clone(),
            title: title_of(&request.entitlement),
            form: CancelForm::new(request, "cancel", draft),
            problems: draft.summary("cancel"),
        }
    }
}

/// The form of that page and of the dialog.
#[derive(Template)]
#[template(path = "requests/_cancel_form.html")]
pub struct CancelForm {
    number: String,
    reason: TextField,
    dialog: bool,
}

impl HtmlSafe for CancelForm {}

impl CancelForm {
    /// A form whose ids begin with `form`.
    pub fn new(request: &body::Request, form: &str, draft: &Draft) -> Self {
        Self {
            number: request.number.clone(),
            reason: TextField::new(form, "reason", say("field-reason"), draft),
            dialog: form.starts_with("dialog"),
        }
    }
}

/// `GET /grants/{id}/revoke`
#[derive(Template)]
#[template(path = "requests/give_back.html")]
pub struct GiveBack {
    shell: Shell,
    id: String,
    request: String,
    title: String,
    lead: String,
    button: String,
    reason: TextField,
    problems: Problems,
}

impl GiveBack {
    /// The page that asks before access ends early.
    pub fn new(visit: &Visit, grant: &body::Grant, draft: &Draft) -> Self {
        let access = title_of(&grant.entitlement);
        let words = [("access", access.as_str()), ("who", grant.user.name.as_str())];
        let own = grant.user.id == visit.me.id;
        let (title, lead, button) = if own {
            (tell("give-back-title", &words), say("give-back-lead"), say("act-give-back"))
        } else {
            (tell("take-away-title", &words), tell("take-away-lead", &words), say("act-take-away"))
        };
        Self {
            shell: Shell::new(visit, title.clone(), Place::Elsewhere),
            id: grant.id.clone(),
            request: grant.request.clone(),
            title,
            lead,
            button,
            reason: TextField::new("revoke", "reason", say("field-reason"), draft),
            problems: draft.summary("revoke"),
        }
    }
}
