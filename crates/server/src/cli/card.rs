//! A request as people read it: its fields, its plan, who is waited for.

use jiff::tz::TimeZone;

use super::{
    phrase::{access_length, asked, instant, instant_or, key, people, person, words},
    table::Table,
};
use crate::body::{Decision, Given, Grant, Request, Step, Task};

/// The whole card: fields, plan, comments.
pub(super) fn card(request: &Request, zone: &TimeZone) -> Vec<Table> {
    let title = format!("{}  {}", request.number, request.status);
    let parts =
        [fields(request, zone).titled(&title), plan(&request.steps, zone).titled("Plan"), comments(request, zone)];
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// The card with what the task says about work by hand; an approver does none.
pub(super) fn task_card(task: &Task, zone: &TimeZone) -> Vec<Table> {
    let mut parts = card(&task.request, zone);
    let mut work = Table::of_facts();
    if is_by_hand(task) {
        work.fact("Instructions", task.instructions.clone());
        work.fact("Where", task.url.clone());
    }
    if !work.is_empty() {
        parts.push(work.titled("Task"));
    }
    parts
}

/// Whether somebody has to do something in the app.
pub(super) fn is_by_hand(task: &Task) -> bool {
    matches!(task.kind.as_str(), "provisioning" | "deprovisioning")
}

fn fields(request: &Request, zone: &TimeZone) -> Table {
    let mut facts = Table::of_facts();
    let entitlement = &request.entitlement;
    facts.fact("App", entitlement.app.name.clone());
    facts.fact("Target User", person(&request.subject));
    facts.fact("Requester", person(&request.requester));
    facts.fact("Permissions", format!("{} ({})", entitlement.name, key(entitlement)));
    facts.fact("Kind", (request.kind != "grant").then(|| words(&request.kind)));
    facts.fact("Access Length", access_length(request, zone));
    facts.fact("Starts", request.starts.as_deref().map(|starts| instant(starts, zone)));
    facts.fact("Comment", request.justification.clone());
    facts.fact("Groups", request.holds.join(", "));
    facts.fact("App Admins", people(&request.app_admins, request.app_admins_total));
    facts.fact("Revision", (request.revision > 1).then(|| request.revision.to_string()));
    facts.fact("Approval", words(&request.approval));
    facts.fact("Fulfilment", request.fulfilment.as_deref().map(words).unwrap_or_else(|| "not begun".to_owned()));
    facts.fact("Problem", request.problem.clone());
    facts.fact("Next try", request.retry_at.as_deref().map(|at| instant(at, zone)));
    facts.fact("Access", request.grant.as_ref().map(|grant| access(grant, zone)));
    facts.fact("Waiting for", waiting_for(request));
    facts
}

/// Who has to act next; nothing when nobody has to.
pub(super) fn waiting_for(request: &Request) -> Option<String> {
    let step = request.steps.iter().find(|step| step.state == "active")?;
    (!step.approvers.is_empty()).then(|| asked_at(step)).flatten()
}

/// Who has the say at a step that is not over.
fn asked_at(step: &Step) -> Option<String> {
    match (step.approvers.as_slice(), step.kind.as_str()) {
        ([], "provision") => Some("by itself".to_owned()),
        ([], _) => None,
        (asked, _) => Some(format!("{}{}{}", people(asked, step.approvers_total), quorum(step), rerouted(step))),
    }
}

fn quorum(step: &Step) -> String {
    match (step.approvers_total, step.need) {
        (0 | 1, _) => String::new(),
        (_, 0 | 1) => " (any of them)".to_owned(),
        (_, need) => format!(" ({} of {need} so far)", step.have),
    }
}

fn rerouted(step: &Step) -> String {
    match step.rerouted.as_deref() {
        Some("fallback") => ", in place of the usual approvers".to_owned(),
        Some(whose) => format!(", the {}, because nobody else may", words(whose)),
        None => String::new(),
    }
}

fn access(grant: &Grant, zone: &TimeZone) -> String {
    let from = instant(&grant.starts_at, zone);
    let to =
        grant.ends_at.as_deref().map_or_else(|| "without end".to_owned(), |end| format!("to {}", instant(end, zone)));
    format!("{} from {from} {to}", words(&grant.state))
}

/// The plan: past, now and next.
pub(super) fn plan(steps: &[Step], zone: &TimeZone) -> Table {
    let mut plan = Table::new(&["Step", "State", "Who", "Since", "Due"]);
    for step in steps {
        let decided = step.decisions.iter().map(|decision| decided(decision, zone));
        let mut who: Vec<String> = decided.collect();
        if matches!(step.state.as_str(), "active" | "next") {
            who.extend(asked_at(step));
        }
        plan.row([
            step.name.clone(),
            words(&step.state),
            who.join("\n"),
            instant_or(step.since.as_deref(), zone, ""),
            instant_or(step.due.as_deref(), zone, ""),
        ]);
    }
    plan
}

fn decided(decision: &Decision, zone: &TimeZone) -> String {
    let at = instant(&decision.at, zone);
    let comment = decision.comment.as_deref().filter(|comment| !comment.is_empty());
    let comment = comment.map(|comment| format!(": {comment}")).unwrap_or_default();
    let given = decision.given.as_ref().map(given).unwrap_or_default();
    let unchecked = if decision.checked == Some(false) { " (the app was not checked)" } else { "" };
    format!("{} by {}, {at}{comment}{given}{unchecked}", words(&decision.decision), decision.by.name)
}

fn given(given: &Given) -> String {
    let parts = [("license", &given.license), ("role", &given.role), ("group", &given.group), ("level", &given.level)];
    let said = parts.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_deref()?)));
    let said: Vec<String> = said.collect();
    if said.is_empty() { String::new() } else { format!(" (given: {})", said.join(", ")) }
}

fn comments(request: &Request, zone: &TimeZone) -> Table {
    let mut comments = Table::of_facts().titled("Comments");
    for comment in &request.comments {
        comments.row([instant(&comment.at, zone), comment.by.name.clone(), comment.text.clone()]);
    }
    comments
}

/// One line about a request after something happened to it.
pub(super) fn line(request: &Request) -> String {
    let waiting = waiting_for(request).map(|who| format!("; waiting for {who}")).unwrap_or_default();
    let subject = &request.subject.name;
    format!("{}  {} for {subject}: {}{waiting}", request.number, asked(request), request.status)
}
