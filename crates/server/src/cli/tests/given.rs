//! The little world of the fake: Ann asks for GitHub, Mia is her manager, Gus and Gil run the app.

use serde_json::{Value, json};

pub(super) const DIGEST: &str = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

pub(super) fn user(name: &str) -> Value {
    let first = name.split(' ').next().unwrap().to_lowercase();
    json!({"id": format!("usr_{first}"), "email": format!("{first}@example.com"), "name": name})
}

pub(super) fn me() -> Value {
    let mut me = user("Ann Arbor");
    me["roles"] = json!(["requester"]);
    me["manager"] = user("Mia Moss");
    me["delegate"] = json!(null);
    me
}

pub(super) fn entitlement(app: &str, slug: &str) -> Value {
    let name = |key: &str| match key {
        "github" => "GitHub".to_owned(),
        "slack" => "Slack".to_owned(),
        "write" => "GitHub Write Access".to_owned(),
        "guest" => "Guest accounts".to_owned(),
        other => other.to_owned(),
    };
    json!({
        "id": format!("ent_{slug}"), "slug": slug, "name": name(slug), "description": "", "kind": "permission",
        "app": {"id": format!("app_{app}"), "slug": app, "name": name(app)},
        "state": "requestable", "max_duration": "P30D", "presets": ["PT8H", "P7D", "P30D"],
        "default_duration": "PT8H", "justification_required": true, "emergency": false, "request": null,
        "an output may grow": true,
    })
}

pub(super) fn catalog() -> Vec<Value> {
    let mut held = entitlement("slack", "guest");
    held["state"] = json!("held_expiring");
    held["max_duration"] = json!(null);
    let mut hidden = entitlement("github", "audit");
    hidden["state"] = json!(null);
    vec![entitlement("github", "write"), held, hidden]
}

fn step(name: &str, state: &str, approvers: &[&str]) -> Value {
    let approvers: Vec<Value> = approvers.iter().map(|name| user(name)).collect();
    json!({
        "id": "0", "kind": "approval", "name": name, "state": state, "need": 1, "have": 0,
        "approvers_total": approvers.len(), "approvers": approvers, "rerouted": null, "decisions": [],
        "since": null, "due": null,
    })
}

pub(super) fn coming_steps() -> Value {
    json!([step("Manager", "next", &["Mia Moss"]), step("Set up", "next", &["Gus Grün", "Gil Gray"])])
}

fn plan_with(approval: &str, provision: &str) -> Value {
    let mut manager = step("Manager", approval, &["Mia Moss"]);
    manager["since"] = json!("2030-01-31T08:00:00Z");
    manager["due"] = json!("2030-02-02T08:00:00Z");
    if approval == "done" {
        manager["have"] = json!(1);
        manager["decisions"] = json!([{
            "by": user("Mia Moss"), "decision": "approved", "comment": "fine for the release",
            "at": "2030-01-31T09:30:00Z",
        }]);
    }
    let mut set_up = step("Set up", provision, &["Gus Grün", "Gil Gray"]);
    set_up["kind"] = json!("provision");
    if provision == "done" {
        set_up["decisions"] = json!([{
            "by": user("Gus Grün"), "decision": "confirmed", "comment": null, "at": "2030-01-31T10:00:00Z",
            "given": {"license": "Enterprise"},
        }]);
    }
    json!([manager, set_up])
}

/// Waits for the manager.
pub(super) fn request() -> Value {
    json!({
        "id": "req_1042", "number": "KF-1042", "submission": "sub_1", "kind": "grant",
        "subject": user("Ann Arbor"), "requester": user("Ann Arbor"), "entitlement": entitlement("github", "write"),
        "duration": "PT8H", "until": null, "starts": null,
        "justification": "fix the release\nand tell everybody", "emergency": false, "revision": 1,
        "approval": "pending", "fulfilment": null, "status": "Waiting for approval", "digest": DIGEST, "version": 1,
        "steps": plan_with("active", "next"), "actions": ["comment", "cancel", "edit"], "grant": null,
        "comments": [{"id": "evt_1", "by": user("Mia Moss"), "text": "which repository?", "at": "2030-01-31T08:10:00Z", "door": "web"}],
        "task": null, "problem": null, "retry_at": null,
        "app_admins": [user("Gus Grün"), user("Gil Gray")], "app_admins_total": 23, "holds": ["Read"],
        "door": "cli", "created_at": "2030-01-31T08:00:00Z", "updated_at": "2030-01-31T08:10:00Z",
    })
}

/// In place.
pub(super) fn granted() -> Value {
    let mut request = request();
    request["id"] = json!("req_1041");
    request["number"] = json!("KF-1041");
    request["revision"] = json!(2);
    request["approval"] = json!("approved");
    request["fulfilment"] = json!("granted");
    request["status"] = json!("Granted until 31 January 2030, 18:00");
    request["steps"] = plan_with("done", "done");
    request["grant"] = grant("grt_1");
    request["comments"] = json!([]);
    request
}

/// Approved, but the target does not answer (S2-28).
pub(super) fn failed() -> Value {
    let mut request = request();
    request["number"] = json!("KF-1043");
    request["approval"] = json!("approved");
    request["fulfilment"] = json!("failed");
    request["status"] = json!("Approved, not in place");
    request["problem"] = json!("the app does not answer");
    request["retry_at"] = json!("2030-01-31T10:05:00Z");
    let mut steps = plan_with("done", "active");
    steps[1]["rerouted"] = json!("fallback");
    request["steps"] = steps;
    request["comments"] = json!([]);
    request
}

/// Being given back.
pub(super) fn revoking() -> Value {
    let mut request = granted();
    request["number"] = json!("KF-1050");
    request["kind"] = json!("revoke");
    request["fulfilment"] = json!("revoking");
    request["status"] = json!("Approved, being taken away");
    request["duration"] = json!(null);
    let mut taking = step("Take away", "active", &[]);
    taking["kind"] = json!("provision");
    request["steps"] = json!([taking]);
    request
}

pub(super) fn approval_task() -> Value {
    let mut request = request();
    request["task"] = json!("tsk_approve");
    json!({
        "id": "tsk_approve", "kind": "approval", "state": "open", "request": request,
        "assignees": [user("Mia Moss")], "assignees_total": 1, "digest": DIGEST, "actions": ["approve", "deny", "comment"],
        "instructions": "", "url": null, "created_at": "2030-01-31T08:00:00Z", "due": "2030-02-02T08:00:00Z",
    })
}

pub(super) fn provisioning_task() -> Value {
    let mut task = approval_task();
    task["id"] = json!("tsk_provision");
    task["kind"] = json!("provisioning");
    task["actions"] = json!(["confirm", "deny_provisioning", "edit"]);
    task["instructions"] = json!("Add the account to the team writers.");
    task["url"] = json!("https://github.example.com/teams");
    task["due"] = json!(null);
    let mut request = request();
    request["number"] = json!("KF-1040");
    request["id"] = json!("req_1040");
    request["approval"] = json!("approved");
    request["fulfilment"] = json!("manual");
    request["status"] = json!("Approved, waiting for the app admin");
    request["steps"] = plan_with("done", "active");
    task["request"] = request;
    task
}

pub(super) fn grant(id: &str) -> Value {
    json!({
        "id": id, "user": user("Ann Arbor"), "entitlement": entitlement("github", "write"), "state": "active",
        "source": "request", "request": "req_1041", "starts_at": "2030-01-31T10:00:00Z",
        "ends_at": "2030-01-31T18:00:00Z", "actions": ["revoke"],
    })
}

pub(super) fn unlimited_grant(id: &str) -> Value {
    let mut grant = grant(id);
    grant["ends_at"] = json!(null);
    grant
}
