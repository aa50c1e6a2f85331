//! The execution plan: what happened, who is asked now, what comes next and when it ends.

use jiff::Timestamp;

use crate::body;
use crate::web::elements::{Icon, Person, Pill};
use crate::web::times::{self, Stamp};
use crate::web::views::quote::Quote;
use crate::words::{say, tell};

use super::facts::more;

/// One line of the plan.
#[derive(Clone, Debug, Default)]
pub struct PlanStep {
    /// `done`, `current`, `upcoming`, `skipped` or `failed`.
    pub state: &'static str,
    /// What it is.
    pub title: String,
    /// How it stands.
    pub meta: String,
    /// When that was, or will be.
    pub at: Option<Stamp>,
    /// The status beside it, while people are asked.
    pub pill: Option<Pill>,
    /// What people answered.
    pub answers: Vec<PlanAnswer>,
    /// Who may answer, by name.
    pub asked: Vec<Person>,
    /// How many more may; may be empty.
    pub asked_more: String,
    /// What else there is to know.
    pub notes: Vec<String>,
}

/// One answer in the plan.
#[derive(Clone, Debug)]
pub struct PlanAnswer {
    /// Who.
    pub person: Person,
    /// What they did.
    pub word: String,
    /// When.
    pub at: Stamp,
    /// Why; may be empty.
    pub comment: Quote,
    /// What they really gave, and whether they checked; may be empty.
    pub notes: Vec<String>,
}

impl PlanStep {
    /// The symbol of a finished step.
    pub fn icon(&self) -> Option<Icon> {
        match self.state {
            "done" => Some(Icon("check")),
            "failed" => Some(Icon("x")),
            _ => None,
        }
    }

    /// The word behind the symbol, for those who cannot see it.
    pub fn word(&self) -> String {
        match self.state {
            "done" => say("plan-word-done"),
            "failed" => say("plan-word-failed"),
            _ => String::new(),
        }
    }
}

/// The whole plan of a request.
pub fn plan(request: &body::Request, now: Timestamp) -> Vec<PlanStep> {
    let mut plan = vec![submitted(request, now)];
    plan.extend(request.steps.iter().map(|step| match step.kind.as_str() {
        "approval" => approval(request, step, now),
        "provision" => provision(request, step, now),
        _ => other(request, step),
    }));
    if request.kind == "revoke" && request.steps.iter().all(|step| step.kind != "provision") {
        plan.push(removal(request, now));
    }
    plan.extend(closed(request, now));
    plan.extend(ending(request, now));
    plan
}

fn submitted(request: &body::Request, now: Timestamp) -> PlanStep {
    let who = request.requester.name.as_str();
    let meta = tell("plan-submitted-by", &[("who", who), ("door", &super::door(&request.door))]);
    let mut notes = Vec::new();
    if request.revision > 1 {
        notes.push(tell("plan-revision", &[("n", &(request.revision - 1).to_string())]));
    }
    PlanStep {
        state: "done",
        title: say("plan-submitted"),
        meta,
        at: Some(Stamp::relative(&request.created_at, now)),
        notes,
        ..PlanStep::default()
    }
}

fn approval(request: &body::Request, step: &body::Step, now: Timestamp) -> PlanStep {
    let state = state_of(request, step);
    let asking = matches!(state, "current" | "upcoming");
    let last = step.decisions.last().map(|decision| decision.at.as_str());
    let mut line = PlanStep {
        state,
        title: step.name.clone(),
        meta: match state {
            "skipped" => not_reached(request, step),
            "done" | "failed" => took(step.since.as_deref(), last, state, now),
            _ => joined(&[quorum(step), took(step.since.as_deref(), None, state, now)]),
        },
        pill: (state == "current").then(waiting),
        answers: answers(step, now),
        ..PlanStep::default()
    };
    if asking {
        ask(&mut line, step);
        line.notes.extend(rerouted(step));
        line.notes.extend(due(step));
    }
    line
}

fn provision(request: &body::Request, step: &body::Step, now: Timestamp) -> PlanStep {
    let by_hand = request.connector.as_deref() == Some("manual") || !step.approvers.is_empty();
    let how = if by_hand { say("plan-by-hand") } else { say("plan-automatic") };
    let mut line = PlanStep { title: step.name.clone(), answers: answers(step, now), ..PlanStep::default() };
    (line.state, line.meta) = match request.fulfilment.as_deref() {
        None if is_closed(request) => ("skipped", say("plan-not-reached")),
        None => ("upcoming", how),
        Some("scheduled") => ("current", scheduled(request)),
        Some("queued") => ("current", say("plan-queued")),
        Some("provisioning") => ("current", say("plan-provisioning")),
        Some("manual") => {
            let waiting = took(step.since.as_deref(), None, "current", now);
            ("current", joined(&[quorum_by_hand(step), waiting]))
        }
        Some("granted") if step.decisions.is_empty() => ("done", say("plan-was-automatic")),
        Some("granted") => ("done", String::new()),
        Some("denied_at_provisioning") => ("failed", say("plan-denied-at-provisioning")),
        Some("revoking") if by_hand => {
            let waiting = took(step.since.as_deref(), None, "current", now);
            ("current", joined(&[quorum_by_hand(step), waiting]))
        }
        Some("revoking") => ("current", say("plan-removing")),
        Some("revoked") => ("done", say("plan-removed")),
        Some("revoked_unverified") => ("failed", say("plan-removed-unverified")),
        Some("failed") => ("failed", say("plan-not-in-place")),
        Some(_) => ("failed", say("plan-unknown")),
    };
    if request.fulfilment.as_deref() == Some("granted") && step.decisions.is_empty() {
        line.at = request.grant.as_ref().map(|grant| Stamp::relative(&grant.starts_at, now));
    }
    if by_hand && matches!(request.fulfilment.as_deref(), Some("manual" | "revoking")) {
        line.pill = Some(waiting());
    }
    if matches!(line.state, "current" | "upcoming") {
        ask(&mut line, step);
        line.notes.extend(due(step));
    }
    line
}

/// The end of a request that takes access away.
fn removal(request: &body::Request, now: Timestamp) -> PlanStep {
    let asks = request.connector.as_deref() == Some("manual") && request.fulfilment.as_deref() == Some("revoking");
    let step = body::Step {
        id: "provision".to_owned(),
        kind: "provision".to_owned(),
        name: say("plan-removal"),
        state: "next".to_owned(),
        need: 0,
        have: 0,
        approvers: if asks { request.app_admins.clone() } else { Vec::new() },
        approvers_total: if asks { request.app_admins_total } else { 0 },
        rerouted: None,
        decisions: Vec::new(),
        since: Some(request.created_at.clone()),
        due: None,
    };
    provision(request, &step, now)
}

/// Kinds of step that ask nobody; shown by their name and state.
fn other(request: &body::Request, step: &body::Step) -> PlanStep {
    let state = state_of(request, step);
    let meta = if state == "skipped" { not_reached(request, step) } else { String::new() };
    let notes = if state == "current" { due(step).into_iter().collect() } else { Vec::new() };
    PlanStep { state, title: step.name.clone(), meta, notes, ..PlanStep::default() }
}

/// The line that says why nothing follows, when nobody's answer says it.
fn closed(request: &body::Request, now: Timestamp) -> Option<PlanStep> {
    let title = match request.approval.as_str() {
        "cancelled" => say("status-cancelled"),
        "expired" => say("status-expired"),
        _ => return None,
    };
    let closing = request.closed.as_ref();
    let by = closing.and_then(|closing| closing.by.as_ref());
    let reason = closing.and_then(|closing| closing.reason.clone());
    let at = closing.map_or(&request.updated_at, |closing| &closing.at);
    let meta = match (by, request.approval.as_str()) {
        (Some(user), _) => tell("plan-closed-by", &[("who", &user.name)]),
        (None, "expired") => say("plan-expired"),
        (None, _) => String::new(),
    };
    let notes = reason.into_iter().filter(|reason| !reason.is_empty()).collect();
    Some(PlanStep { state: "failed", title, meta, at: Some(Stamp::relative(at, now)), notes, ..PlanStep::default() })
}

/// When the access ends, from the grant once there is one.
fn ending(request: &body::Request, now: Timestamp) -> Option<PlanStep> {
    if request.kind == "revoke" || is_closed(request) {
        return None;
    }
    let title = say("plan-ends");
    let line = match (&request.grant, request.duration.as_deref()) {
        (Some(grant), _) => PlanStep { asked: removing_by_hand(request, grant), ..held(grant, now) },
        (None, _) if request.until.is_some() => PlanStep {
            meta: say("plan-ends-by-itself"),
            at: request.until.as_deref().map(|until| Stamp::relative(until, now)),
            ..PlanStep::default()
        },
        (None, Some(length)) => PlanStep {
            meta: tell("plan-ends-after", &[("length", &times::length(Some(length)))]),
            ..PlanStep::default()
        },
        (None, None) => PlanStep { meta: say("plan-ends-never"), ..PlanStep::default() },
    };
    let state = if line.state.is_empty() { "upcoming" } else { line.state };
    Some(PlanStep { title, state, ..line })
}

fn held(grant: &body::Grant, now: Timestamp) -> PlanStep {
    let ends = grant.ends_at.as_deref().map(|at| Stamp::relative(at, now));
    let (state, meta, at) = match (grant.state.as_str(), ends) {
        ("ending", at) => ("current", say("plan-removing"), at),
        ("revoked", at) => ("done", say("plan-removed"), at.filter(|_| is_past(grant, now))),
        ("revoked_unverified", _) => ("failed", say("plan-removed-unverified"), None),
        (_, Some(at)) => ("upcoming", say("plan-ends-by-itself"), Some(at)),
        (_, None) => ("upcoming", say("plan-ends-never"), None),
    };
    PlanStep { state, meta, at, ..PlanStep::default() }
}

/// Who takes away by hand what has ended.
fn removing_by_hand(request: &body::Request, grant: &body::Grant) -> Vec<Person> {
    let by_hand = request.connector.as_deref() == Some("manual") && grant.state == "ending";
    if by_hand { request.app_admins.iter().map(Person::small).collect() } else { Vec::new() }
}

/// Access that was given back early did not end when it would have.
fn is_past(grant: &body::Grant, now: Timestamp) -> bool {
    grant.ends_at.as_deref().and_then(times::parse).is_some_and(|at| at <= now)
}

fn answers(step: &body::Step, now: Timestamp) -> Vec<PlanAnswer> {
    step.decisions.iter().map(|decision| answer(decision, now)).collect()
}

/// One answer as the plan and a finished card show it.
pub fn answer(decision: &body::Decision, now: Timestamp) -> PlanAnswer {
    let given = decision.given.as_ref().map(given).unwrap_or_default();
    let checked = decision.checked.filter(|checked| *checked).map(|_| say("answer-checked"));
    PlanAnswer {
        person: Person::small(&decision.by),
        word: word(&decision.decision),
        at: Stamp::relative(&decision.at, now),
        comment: Quote::whole(decision.comment.as_deref().unwrap_or_default()),
        notes: given.into_iter().chain(checked).collect(),
    }
}

fn given(given: &body::Given) -> Vec<String> {
    let parts = [
        (say("given-license"), &given.license),
        (say("given-role"), &given.role),
        (say("given-group"), &given.group),
        (say("given-level"), &given.level),
    ];
    let told = parts.into_iter().filter_map(|(what, value)| value.as_ref().map(|value| (what, value)));
    told.map(|(what, value)| tell("given-line", &[("what", &what), ("value", value)])).collect()
}

fn word(decision: &str) -> String {
    match decision {
        "approved" => say("answer-approved"),
        "denied" => say("answer-denied"),
        "confirmed" => say("answer-confirmed"),
        "denied_at_provisioning" => say("answer-denied-at-provisioning"),
        other => other.to_owned(),
    }
}

fn ask(line: &mut PlanStep, step: &body::Step) {
    let asked = step.approvers.iter().filter(|user| step.decisions.iter().all(|decision| decision.by.id != user.id));
    line.asked = asked.map(Person::small).collect();
    let more = more(step.approvers.len(), step.approvers_total);
    if more > 0 {
        line.asked_more = tell("people-more", &[("n", &more.to_string())]);
    }
}

fn quorum(step: &body::Step) -> String {
    let total = step.approvers_total.to_string();
    match (step.need, step.approvers_total) {
        (_, 0) => say("plan-nobody"),
        (0 | 1, 1) => String::new(),
        (0 | 1, _) => say("plan-any-one"),
        (need, _) => {
            tell("plan-some", &[("need", &need.to_string()), ("total", &total), ("have", &step.have.to_string())])
        }
    }
}

/// A step that was skipped was not needed; one that the end of the request cut off was not.
fn not_reached(request: &body::Request, step: &body::Step) -> String {
    match step.state.as_str() {
        "active" | "skipped" if is_closed(request) && step.since.is_some() => say("plan-not-answered"),
        "skipped" if !is_closed(request) => say("plan-not-needed"),
        _ => say("plan-not-reached"),
    }
}

fn joined(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" · ")
}

fn quorum_by_hand(step: &body::Step) -> String {
    if step.approvers_total > 1 { say("plan-by-hand-any-one") } else { say("plan-by-hand") }
}

fn rerouted(step: &body::Step) -> Option<String> {
    match step.rerouted.as_deref()? {
        "fallback" => Some(say("plan-rerouted-fallback")),
        "owners" => Some(say("plan-rerouted-owners")),
        _ => Some(say("plan-rerouted-admins")),
    }
}

fn due(step: &body::Step) -> Option<String> {
    step.due.as_deref().map(|due| tell("plan-due", &[("when", &times::absolute(due))]))
}

fn scheduled(request: &body::Request) -> String {
    match &request.starts {
        Some(starts) => tell("plan-scheduled", &[("when", &times::absolute(starts))]),
        None => say("status-scheduled"),
    }
}

fn waiting() -> Pill {
    Pill { state: "awaiting-approval", word: say("plan-waiting") }
}

fn took(since: Option<&str>, last: Option<&str>, state: &str, now: Timestamp) -> String {
    let Some(since) = since.and_then(times::parse) else { return String::new() };
    match (state, last.and_then(times::parse)) {
        ("done" | "failed", Some(last)) => tell("plan-took", &[("length", &super::between(since, last))]),
        ("current", _) => tell("plan-waiting-for", &[("length", &super::between(since, now))]),
        _ => String::new(),
    }
}

fn state_of(request: &body::Request, step: &body::Step) -> &'static str {
    if step.decisions.iter().any(|decision| decision.decision == "denied") {
        return "failed";
    }
    match step.state.as_str() {
        "done" => "done",
        "skipped" => "skipped",
        _ if is_closed(request) => "skipped",
        "active" => "current",
        _ => "upcoming",
    }
}

/// Whether nothing can follow any more, because somebody said no or the time was up.
pub fn is_closed(request: &body::Request) -> bool {
    matches!(request.approval.as_str(), "denied" | "cancelled" | "expired")
        || request.fulfilment.as_deref() == Some("denied_at_provisioning")
}

/// The step in which people are asked now.
pub fn asked(request: &body::Request) -> Option<&body::Step> {
    request.steps.iter().find(|step| step.state == "active").filter(|_| !is_closed(request))
}
