//! Sample data for the tests of the views: one request at Brightwater in every state it can have.

use crate::body;
use crate::web::shell::{Counts, Visit};

/// Every pair of approval and fulfilment that a request can show.
pub const STATES: [(&str, Option<&str>); 16] = [
    ("needs_form", None),
    ("pending", None),
    ("approved", Some("scheduled")),
    ("approved", Some("queued")),
    ("approved", Some("provisioning")),
    ("approved", Some("manual")),
    ("approved", Some("failed")),
    ("approved", Some("unknown")),
    ("approved", Some("granted")),
    ("approved", Some("denied_at_provisioning")),
    ("denied", None),
    ("cancelled", None),
    ("expired", None),
    ("approved", Some("revoking")),
    ("approved", Some("revoked")),
    ("approved", Some("revoked_unverified")),
];

/// Every kind of event that has a sentence.
pub const KINDS: [&str; 24] = [
    "request.submitted",
    "request.edited",
    "request.commented",
    "request.approved",
    "request.denied",
    "request.cancelled",
    "request.expired",
    "request.authorised",
    "request.step_added",
    "request.step_reopened",
    "request.revoking",
    "request.revoked",
    "request.scheduled",
    "request.queued",
    "request.assigned",
    "request.granted",
    "request.failed",
    "request.confirmed",
    "request.denied_at_provisioning",
    "request.refused",
    "grant.ending",
    "grant.revoked",
    "grant.removal_assigned",
    "grant.removal_failed",
];

/// Somebody with this name.
pub fn user(name: &str) -> body::User {
    let key = name.to_lowercase().replace(' ', ".");
    body::User { id: format!("usr_{key}"), email: format!("{key}@example.com"), name: name.to_owned() }
}

/// A visit by `name`; `admin` sees tickets.
pub fn visit(name: &str, admin: bool) -> Visit {
    let user = user(name);
    let roles = if admin { vec!["requester".to_owned(), "access_request_admin".to_owned()] } else { Vec::new() };
    let tickets = admin.then_some(42);
    Visit {
        me: body::Me { id: user.id, email: user.email, name: user.name, roles, manager: None, delegate: None },
        now: "2025-11-18T14:00:00Z".parse().unwrap(),
        path: "/".to_owned(),
        counts: Counts { requests: 3, tasks: 4, tickets, apps: 12 },
        demo: false,
        flash: None,
    }
}

/// Something that can be held in GitHub.
pub fn entitlement(name: &str, kind: &str) -> body::Entitlement {
    body::Entitlement {
        id: format!("ent_{}", name.to_lowercase().replace(' ', "_")),
        slug: name.to_lowercase().replace(' ', "-"),
        name: name.to_owned(),
        description: "Push to every repository of the team.".to_owned(),
        kind: kind.to_owned(),
        app: body::AppRef { id: "app_github".to_owned(), slug: "github".to_owned(), name: "GitHub".to_owned() },
        state: None,
        max_duration: Some("P90D".to_owned()),
        presets: vec![Some("PT8H".to_owned()), Some("P7D".to_owned()), Some("P30D".to_owned()), None],
        default_duration: Some("P30D".to_owned()),
        only_presets: false,
        justification_required: true,
        emergency: false,
        request: None,
    }
}

/// An answer without a comment.
pub fn decision(by: &str, decision: &str, at: &str) -> body::Decision {
    body::Decision {
        by: user(by),
        decision: decision.to_owned(),
        comment: None,
        at: at.to_owned(),
        given: None,
        checked: None,
    }
}

/// A step that comes later.
pub fn step(id: &str, kind: &str, name: &str, approvers: &[&str]) -> body::Step {
    body::Step {
        id: id.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        state: "next".to_owned(),
        need: 1,
        have: 0,
        approvers: approvers.iter().map(|name| user(name)).collect(),
        approvers_total: approvers.len() as u64,
        rerouted: None,
        decisions: Vec::new(),
        since: None,
        due: None,
    }
}

/// Ines Duarte asks for Write Access in GitHub; her manager has approved, an App Admin is asked.
pub fn request() -> body::Request {
    let mut manager = step("0", "approval", "Manager", &["Tomasz Wilk"]);
    manager.state = "done".to_owned();
    manager.have = 1;
    manager.since = Some("2025-11-18T08:41:07Z".to_owned());
    manager.decisions.push(body::Decision {
        comment: Some("Fine for the loader migration.\nPlease give it back when DATA-2210 closes.".to_owned()),
        ..decision("Tomasz Wilk", "approved", "2025-11-18T09:20:31Z")
    });
    let mut owners = step("1", "approval", "App owners", &["Priya Raman", "Leo Bergström"]);
    owners.state = "active".to_owned();
    owners.since = Some("2025-11-18T09:20:31Z".to_owned());
    owners.due = Some("2025-11-19T09:20:31Z".to_owned());
    let provision = step("provision", "provision", "Provisioning", &[]);
    body::Request {
        id: "req_1".to_owned(),
        number: "KF-1042".to_owned(),
        submission: "sub_1".to_owned(),
        kind: "grant".to_owned(),
        subject: user("Ines Duarte"),
        requester: user("Ines Duarte"),
        entitlement: entitlement("Write Access", "permission"),
        duration: Some("P30D".to_owned()),
        until: None,
        starts: None,
        justification:
            "I am moving the nightly loaders to the shared modules (DATA-2210).\nI have to open pull requests."
                .to_owned(),
        emergency: false,
        revision: 1,
        approval: "pending".to_owned(),
        fulfilment: None,
        status: "Waiting for approval (step 2 of 2)".to_owned(),
        digest: "ab".repeat(32),
        version: 3,
        steps: vec![manager, owners, provision],
        actions: ["comment", "cancel", "edit"].map(str::to_owned).into(),
        grant: None,
        comments: vec![comment("Priya Raman", "Do you need to merge as well?\nRead Access would do for the rest.")],
        task: None,
        problem: None,
        retry_at: None,
        connector: Some("sim".to_owned()),
        closed: None,
        app_admins: vec![user("Priya Raman"), user("Leo Bergström")],
        app_admins_total: 2,
        holds: Vec::new(),
        door: "web".to_owned(),
        created_at: "2025-11-18T08:41:07Z".to_owned(),
        updated_at: "2025-11-18T09:20:31Z".to_owned(),
    }
}

fn comment(by: &str, text: &str) -> body::Comment {
    body::Comment {
        id: "evt_c1".to_owned(),
        by: user(by),
        text: text.to_owned(),
        at: "2025-11-18T10:02:44Z".to_owned(),
        door: "web".to_owned(),
    }
}

/// The same request in another state, as the server would tell it.
pub fn request_in(approval: &str, fulfilment: Option<&str>) -> body::Request {
    let mut request = request();
    request.approval = approval.to_owned();
    request.fulfilment = fulfilment.map(str::to_owned);
    request.status = format!("{approval} / {}", fulfilment.unwrap_or("none"));
    request.actions = vec!["comment".to_owned()];
    match approval {
        "approved" => approved(&mut request, fulfilment.unwrap_or_default()),
        "denied" => {
            let mut no = decision("Priya Raman", "denied", "2025-11-18T10:30:00Z");
            no.comment = Some("Read Access is enough for this.".to_owned());
            answer(&mut request, 1, no);
        }
        "cancelled" => {
            request.closed = Some(body::Closing {
                by: Some(user("Ines Duarte")),
                reason: Some("Not needed any more.".to_owned()),
                at: "2025-11-18T11:00:00Z".to_owned(),
            });
        }
        "expired" => {
            let at = "2025-11-18T13:00:00Z".to_owned();
            request.closed = Some(body::Closing { by: None, reason: None, at });
        }
        _ => {}
    }
    request
}

fn approved(request: &mut body::Request, fulfilment: &str) {
    answer(request, 1, decision("Priya Raman", "approved", "2025-11-18T10:30:00Z"));
    let provision = request.steps.last_mut().unwrap();
    provision.state = "active".to_owned();
    provision.since = Some("2025-11-18T10:30:00Z".to_owned());
    match fulfilment {
        "scheduled" => request.starts = Some("2025-12-01T08:00:00Z".to_owned()),
        "manual" => {
            request.connector = Some("manual".to_owned());
            provision.approvers = request.app_admins.clone();
            provision.approvers_total = 2;
        }
        "failed" | "unknown" => {
            request.problem = Some("GitHub answered: no seat is free".to_owned());
            request.retry_at = (fulfilment == "failed").then(|| "2025-11-18T14:15:00Z".to_owned());
        }
        "granted" => {
            provision.state = "done".to_owned();
            request.grant = Some(grant("active", request));
        }
        "denied_at_provisioning" => {
            let mut no = decision("Leo Bergström", "denied_at_provisioning", "2025-11-18T12:00:00Z");
            no.comment = Some("The team has no seat left.".to_owned());
            no.checked = Some(true);
            answer(request, 2, no);
        }
        _ if fulfilment.starts_with("revok") => {
            request.kind = "revoke".to_owned();
            request.steps.pop();
        }
        _ => {}
    }
}

fn answer(request: &mut body::Request, step: usize, decision: body::Decision) {
    let step = &mut request.steps[step];
    step.state = "done".to_owned();
    step.have = 1;
    step.due = None;
    step.decisions.push(decision);
}

/// The access that `request` led to.
pub fn grant(state: &str, request: &body::Request) -> body::Grant {
    body::Grant {
        id: "grt_1".to_owned(),
        user: request.subject.clone(),
        entitlement: request.entitlement.clone(),
        state: state.to_owned(),
        source: "request".to_owned(),
        request: request.id.clone(),
        starts_at: "2025-11-18T10:31:00Z".to_owned(),
        ends_at: Some("2025-12-18T10:31:00Z".to_owned()),
        actions: if state == "active" { vec!["revoke".to_owned()] } else { Vec::new() },
    }
}

/// An open task on `request` that the visitor may do.
pub fn task(kind: &str, request: body::Request) -> body::Task {
    let actions: &[&str] = match kind {
        "approval" => &["approve", "deny", "edit"],
        "provisioning" => &["confirm", "deny_provisioning", "edit"],
        _ => &["confirm"],
    };
    body::Task {
        id: format!("tsk_{kind}"),
        kind: kind.to_owned(),
        state: "open".to_owned(),
        digest: request.digest.clone(),
        request,
        assignees: vec![user("Priya Raman"), user("Leo Bergström")],
        assignees_total: 2,
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        comment_required: vec!["deny".to_owned()],
        finished: None,
        instructions: "Invite the address above.\nLeave the billing group alone.".to_owned(),
        url: Some("https://github.example/admin".to_owned()),
        created_at: "2025-11-18T09:20:31Z".to_owned(),
        due: Some("2025-11-19T09:20:31Z".to_owned()),
    }
}

/// A task by hand on a request that was approved.
pub fn manual_task(kind: &str) -> body::Task {
    task(kind, request_in("approved", Some("manual")))
}

/// One event of the sample request.
pub fn event(index: i64, kind: &str) -> body::Event {
    let by_keyfob = ["queued", "granted", "failed", "expired", "authorised", "scheduled"];
    let actor = (!by_keyfob.iter().any(|end| kind.ends_with(end))).then(|| user("Tomasz Wilk"));
    let texts = match kind {
        "request.submitted" => vec![("justification", "I have to open pull requests.\nSoon.")],
        "request.commented" => vec![("comment", "Do you <b>need</b> to merge?")],
        _ => Vec::new(),
    };
    body::Event {
        index,
        id: format!("evt_{index}"),
        kind: kind.to_owned(),
        at: format!("2025-11-18T08:41:{:02}Z", index % 60),
        door: if actor.is_some() { "web" } else { "system" }.to_owned(),
        actor,
        subject: Some(user("Ines Duarte")),
        request: Some("req_1".to_owned()),
        revision: Some(1),
        resources: Vec::new(),
        detail: match kind {
            "request.refused" => serde_json::json!({ "kind": kind, "attempt": "approve", "reason": "own_request" }),
            "request.failed" => serde_json::json!({ "kind": kind, "problem": "no seat is free", "unknown": false }),
            _ => serde_json::json!({ "kind": kind }),
        },
        texts: texts.into_iter().map(|(field, text)| (field.to_owned(), text.to_owned())).collect(),
        leaf: format!("{index:02x}").repeat(32),
    }
}
